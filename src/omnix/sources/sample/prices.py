"""Prices of every product over time, per currency, and what competitors ask."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from .catalogue import Catalogue, charming, product_ids
from .columns import money, text, times, words
from .countries import BASE_CURRENCY, CURRENCIES, LIST_FACTORS
from .period import DAY, DAYS, FIRST, HOUR, Floats, Ints, moment, stream

SLOTS = 9
#: The least and the most that a price becomes, over the first one.
LOWEST, HIGHEST = 0.72, 1.33
COMPETITORS = ("Valmart", "Kauf24", "Northgate")
COMPETITOR_LEVELS = (0.94, 1.02, 1.08)
#: How much of our own price change competitors follow, and after how many days.
FOLLOWED = 0.6
FOLLOWED_AFTER = 7
WATCH_EVERY = 14


@dataclass(frozen=True)
class Prices:
    """`version` is product's version per day x product; `cents` is currency x product x version.

    `changes` holds the day on which each version begins (DAYS where it never does).
    """

    version: Ints
    changes: Ints
    cents: Ints

    def at(self, currency: Ints, product: Ints, day: Ints) -> Ints:
        """The list price in cents of the currency."""
        return self.cents[currency, product, self.version[day, product]]

    def ratio(self) -> Floats:
        """The price of each day over the product's first one: day x product."""
        relative = self.cents[0] / self.cents[0][:, :1]
        daily: Floats = relative[np.arange(relative.shape[0]), self.version]
        return daily


def make_prices(catalogue: Catalogue, seed: int) -> Prices:
    """Draw about five price changes per product, each to somewhere around its first price."""
    random = stream(seed, "prices")
    shape = (catalogue.count, SLOTS)
    span = DAYS // (SLOTS + 1)
    begins = (np.arange(SLOTS) + 1) * span + random.integers(-span // 3, span // 3, shape)
    changes = np.sort(np.where(random.random(shape) < 0.6, begins, DAYS), axis=1)
    changes = np.hstack([np.zeros((catalogue.count, 1), np.int64), changes])
    factors = np.exp(random.uniform(np.log(LOWEST), np.log(HIGHEST), shape))
    factors = np.hstack([np.ones((catalogue.count, 1)), factors])
    list_prices = catalogue.base_price[None, :, None] * np.array(LIST_FACTORS)[:, None, None]
    cents = charming(np.rint(list_prices * factors).astype(np.int64))
    return Prices(_versions(changes), changes, cents)


def _versions(changes: Ints) -> Ints:
    days = np.arange(DAYS)[:, None]
    version = np.zeros((DAYS, changes.shape[0]), np.int64)
    for slot in range(1, changes.shape[1]):
        version += days >= changes[:, slot]
    return version


def price_history_table(prices: Prices, catalogue: Catalogue) -> pa.Table:
    """One row per product, currency and price change; the first one holds since the launch."""
    product, version = np.nonzero(prices.changes < DAYS)
    start = np.where(
        version == 0, np.minimum(catalogue.launch[product], 0), prices.changes[product, version]
    )
    currency = np.tile(np.arange(len(CURRENCIES)), len(product))
    product, version, start = (
        np.repeat(each, len(CURRENCIES)) for each in (product, version, start)
    )
    return pa.table(
        {
            "product_id": product_ids(product),
            "valid_from": times(moment(start)),
            "price": money(prices.cents[currency, product, version]),
            "currency": words(currency, CURRENCIES),
        }
    )  # fmt: skip


def last_change(prices: Prices) -> Ints:
    """The moment since which each product has its present price."""
    return moment(np.where(prices.changes < DAYS, prices.changes, 0).max(axis=1))


def competitor_prices_table(catalogue: Catalogue, prices: Prices, seed: int) -> pa.Table:
    """One row per watched product, competitor and fortnight, in euros."""
    random = stream(seed, "competitors")
    watched = np.sort(random.permutation(catalogue.count)[: max(30, catalogue.count * 3 // 10)])
    days = np.arange(3, DAYS, WATCH_EVERY)
    day, product, rival = (
        each.ravel()
        for each in np.meshgrid(days, watched, np.arange(len(COMPETITORS)), indexing="ij")
    )
    ours = prices.ratio()[np.maximum(day - FOLLOWED_AFTER, 0), product] ** FOLLOWED
    taste = random.normal(0, 0.06, (catalogue.count, len(COMPETITORS)))[product, rival]
    drift = np.cumsum(random.normal(0, 0.012, (len(days), len(watched), len(COMPETITORS))), axis=0)
    level = np.array(COMPETITOR_LEVELS)[rival] * np.exp(taste + drift.ravel())
    cents = charming(np.rint(catalogue.base_price[product] * ours * level).astype(np.int64))
    return pa.table(
        {
            "product_id": product_ids(product),
            "competitor_name": words(rival, COMPETITORS),
            "competitor_price": money(cents),
            "currency": text(pa.repeat(BASE_CURRENCY, len(product))),
            "observed_at": times(FIRST + day * DAY + 6 * HOUR + rival * 60),
        }
    )  # fmt: skip
