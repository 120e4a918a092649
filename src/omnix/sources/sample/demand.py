"""How much of each product is wanted on each day: everything planted comes together here."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .assortment import TASTES, TREE, TREND_BREAKS
from .catalogue import CATEGORY_NAMES, Catalogue
from .holidays import holiday_effect
from .period import DAYS, Bools, Floats, Ints, day_number, days_of_year, stream, weekdays
from .prices import Prices
from .promotions import sale_uplift, shop_uplift

CHRISTMAS_PEAK = 350
CHRISTMAS_WIDTH = 11.0
#: An intermittent product is asked for on about one day in twenty-five.
BURST_CHANCE = 0.04


@dataclass(frozen=True)
class Demand:
    """`rate` is day x product; `cumulative` its running sum over days and products.

    `response` is what the price of the day makes of demand at the first price: day x product.

    `taste` is taste x day x top category; `intensity` is taste x country x day, 1 on average.
    `stockouts` holds product, first and last day (inclusive) per row.
    """

    rate: Floats
    cumulative: Floats
    response: Floats
    available: Bools
    taste: Floats
    intensity: Floats
    stockouts: Ints


def make_demand(catalogue: Catalogue, prices: Prices, seed: int) -> Demand:
    """Multiply seasons, trends, prices, campaigns and stock into one rate per day and product."""
    random = stream(seed, "demand")
    stockouts = _stockouts(catalogue, random)
    available = _available(catalogue, stockouts)
    category = season() * trend() * sale_uplift() * shop_uplift()[:, None]
    rate = catalogue.popularity * category[:, catalogue.top]
    response = prices.ratio() ** catalogue.elasticity
    rate *= response
    rate *= np.where(catalogue.intermittent, _bursts(catalogue, random), 1.0)
    rate *= available
    taste = _taste(rate, catalogue)
    intensity = taste.sum(axis=2)[:, None, :] * holiday_effect()[None]
    intensity /= intensity.mean(axis=2, keepdims=True)
    return Demand(rate, np.cumsum(rate.ravel()), response, available, taste, intensity, stockouts)


def season() -> Floats:
    """The planted week, year and Christmas: day x top category."""
    year_day, week_day = days_of_year(), weekdays()
    bump = np.exp(-(((year_day - CHRISTMAS_PEAK) / CHRISTMAS_WIDTH) ** 2))
    bump[year_day > CHRISTMAS_PEAK + 8] = 0.0
    found = np.empty((DAYS, len(TREE)))
    for n, top in enumerate(TREE):
        wave = top.year[0] * np.cos(2 * np.pi * (year_day - top.year[1]) / 365.25)
        found[:, n] = np.array(top.week)[week_day] * np.exp(wave + top.christmas * bump)
    return found


def trend() -> Floats:
    """The planted growth and its breaks: day x top category."""
    years = np.arange(DAYS) / 365.25
    logs = np.array([top.growth_per_year for top in TREE]) * years[:, None]
    for each in TREND_BREAKS:
        number, start = CATEGORY_NAMES.index(each.category), day_number(each.day)
        logs[start:, number] += np.log(each.level)
        logs[start:, number] += each.growth_change * (years[start:] - years[start])
    level: Floats = np.exp(logs)
    return level


def _stockouts(catalogue: Catalogue, random: np.random.Generator) -> Ints:
    chosen = np.flatnonzero((random.random(catalogue.count) < 0.12) & (catalogue.period_days == 0))
    first = random.integers(60, DAYS, len(chosen))
    length = random.integers(5, 26, len(chosen))
    return np.stack([chosen, first, np.minimum(first + length, DAYS) - 1], axis=1)


def _available(catalogue: Catalogue, stockouts: Ints) -> Bools:
    days = np.arange(DAYS)[:, None]
    available = (days >= catalogue.launch) & (days < catalogue.gone)
    for product, first, last in stockouts:
        available[first : last + 1, product] = False
    return available


def _bursts(catalogue: Catalogue, random: np.random.Generator) -> Floats:
    struck = random.random((DAYS, catalogue.count)) < BURST_CHANCE
    return np.where(struck, 0.5 / BURST_CHANCE, 0.0)


def _taste(rate: Floats, catalogue: Catalogue) -> Floats:
    per_category = np.add.reduceat(rate, catalogue.first_of_top()[:-1], axis=1)
    return np.array(list(TASTES.values()))[:, None, :] * per_category[None]
