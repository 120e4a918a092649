"""Payments: failed tries, the payment itself, and what became of it. No card number is kept."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from .columns import codes, digits, ids, money, take, text, times, words
from .countries import CURRENCIES
from .fraud import FARMED, STOLEN, TAKEOVER
from .orders import CARD, METHODS, Orders, order_ids
from .period import NEVER, Bools, Ints, stream
from .timeline import Timeline

STATUSES = ("pending", "completed", "failed", "refunded", "chargeback")
#: Issuer numbers from the published test cards of payment providers, by brand.
BINS = (
    ("visa", "411111"), ("visa", "424242"), ("visa", "453211"), ("visa", "492910"),
    ("mastercard", "555555"), ("mastercard", "222300"), ("mastercard", "520082"),
    ("mastercard", "272099"), ("amex", "378282"), ("amex", "371449"), ("discover", "601111"),
    ("jcb", "353011"),
)  # fmt: skip
_BIN_CHANCES = (0.2, 0.14, 0.1, 0.08, 0.16, 0.08, 0.08, 0.03, 0.05, 0.03, 0.03, 0.02)
FAILED_SHARE = 0.04
THIEF_FAILED_SHARE = 0.6


def payments_table(orders: Orders, timeline: Timeline, holders: int, seed: int) -> pa.Table:
    """One row per try to pay; the last one of each order is the payment."""
    random = stream(seed, "payments")
    failures = _failures(orders, random)
    order = np.repeat(np.arange(orders.count), failures + 1)
    last = np.append(order[1:] != order[:-1], True)
    attempt = np.arange(len(order)) - np.repeat(
        np.cumsum(failures + 1) - failures - 1, failures + 1
    )
    status, date, updated = _outcome(orders, timeline, order, last, attempt)
    card = _cards(orders, order, holders, random)
    used = orders.method[order] != CARD
    return pa.table(
        {
            "payment_id": ids("Y", np.arange(len(order)) + 1, width=8),
            "order_id": order_ids(order),
            "payment_method": words(orders.method[order], METHODS),
            "payment_status": words(status, STATUSES),
            "amount": money(orders.total[order]),
            "currency": words(orders.currency[order], CURRENCIES),
            "transaction_id": codes(random, "txn_", len(order), 14),
            **_card_columns(card, used, random),
            "payment_date": times(date),
            "created_at": times(np.where(last, orders.placed[order], date)),
            "updated_at": times(updated),
        }
    )  # fmt: skip


def _failures(orders: Orders, random: np.random.Generator) -> Ints:
    """How many tries failed before the payment; thieves try several cards."""
    thief = orders.kind == STOLEN
    chance = np.where(thief, THIEF_FAILED_SHARE, FAILED_SHARE) * (orders.method == CARD)
    many = np.where(thief, random.integers(1, 4, orders.count), 1)
    return np.where(random.random(orders.count) < chance, many, 0)


def _outcome(
    orders: Orders, timeline: Timeline, order: Ints, last: Bools, attempt: Ints
) -> tuple[Ints, Ints, Ints]:
    """Status, date and last change of each try."""
    paid, cancelled, dispute = (
        each[order] for each in (timeline.paid, timeline.cancelled, timeline.chargeback)
    )
    tried = orders.placed[order] + 5 + 15 * attempt
    status = np.where(paid < NEVER, 1, 0)
    status = np.where(cancelled < NEVER, 3, np.where(dispute < NEVER, 4, status))
    date = np.where(last & (paid < NEVER), paid, np.where(last, orders.placed[order], tried))
    changed = np.where(cancelled < NEVER, cancelled, np.where(dispute < NEVER, dispute, date))
    return np.where(last, status, 2), date, np.where(last, changed, date)


def _cards(orders: Orders, order: Ints, holders: int, random: np.random.Generator) -> Ints:
    """The number of the card: two per holder, a new one for each try of a thief."""
    own = 2 * orders.holder[order] + (random.random(orders.count)[order] < 0.15)
    stolen = np.isin(orders.kind[order], (STOLEN, TAKEOVER, FARMED))
    return np.where(stolen, 2 * holders + np.cumsum(stolen) - 1, own)


def _card_columns(card: Ints, unused: Bools, random: np.random.Generator) -> dict[str, pa.Array]:
    count = int(card.max()) + 1
    issuer = random.choice(len(BINS), count, p=_BIN_CHANCES)[card]
    last_four = random.integers(0, 10_000, count)[card]
    four = pc.if_else(pa.array(unused), pa.scalar(None, pa.string()), digits(last_four, 4))
    return {
        "card_brand": words(issuer, [brand for brand, _ in BINS], missing=unused),
        "card_bin": words(issuer, [number for _, number in BINS], missing=unused),
        "card_last_four": text(four),
        "card_token": take(codes(random, "tok_", count, 16), card, missing=unused),
    }
