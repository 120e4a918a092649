"""Money that goes back: refunds of items, cancellations, chargebacks; each on its own date."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from .assortment import TREE
from .catalogue import Catalogue, product_ids
from .columns import counts, ids, money, times, words
from .countries import CODES, CURRENCIES
from .customers import customer_ids
from .orders import Items, Orders, item_ids, order_ids
from .period import DAY, LAST, NEVER, Ints, stream
from .timeline import Timeline

KINDS = ("refund", "cancellation", "chargeback")
REASONS = (
    "defective", "wrong size", "not as described", "arrived too late", "changed mind",
    "order cancelled", "payment disputed", "undeliverable",
)  # fmt: skip
_CANCELLED, _DISPUTED, _UNDELIVERABLE = 5, 6, 7


@dataclass(frozen=True)
class Refunds:
    """One element per refund, in the order of time. `item` is -1 where all of an order goes back.

    Amounts in cents of the order's currency.
    """

    order: Ints
    item: Ints
    kind: Ints
    quantity: Ints
    amount: Ints
    reason: Ints
    refunded: Ints


def make_refunds(
    orders: Orders, items: Items, timeline: Timeline, catalogue: Catalogue, seed: int
) -> Refunds:
    """Draw the refunds of items; write down cancellations and chargebacks."""
    random = stream(seed, "refunds")
    parts = [
        _of_items(orders, items, timeline, catalogue, random),
        _of_orders(orders, timeline.cancelled, 1, _CANCELLED),
        _of_orders(orders, timeline.chargeback, 2, _DISPUTED),
    ]
    whole = {name: np.concatenate([vars(part)[name] for part in parts]) for name in vars(parts[0])}
    order = np.argsort(whole["refunded"], kind="stable")
    return Refunds(**{name: values[order] for name, values in whole.items()})


def _of_items(
    orders: Orders,
    items: Items,
    timeline: Timeline,
    catalogue: Catalogue,
    random: np.random.Generator,
) -> Refunds:
    order = items.order
    share = np.array([top.refund_share for top in TREE])[catalogue.top[items.product]]
    back = random.random(items.count) < share
    returned = timeline.returned[order]
    part = random.integers(0, 1_000_000, items.count) % items.quantity + 1
    quantity = np.where(returned, items.quantity, part)
    wait = random.integers(2 * DAY, 30 * DAY, items.count)
    together = random.integers(5 * DAY, 20 * DAY, orders.count)[order]
    when = timeline.delivered[order] + np.where(returned, together, wait)
    reason = np.where(returned, _UNDELIVERABLE, random.integers(0, 5, items.count))
    amount = _paid_for(orders, items) * quantity // items.quantity
    keep = (back | returned) & (timeline.scenario[order] == 0) & (when <= LAST) & (amount > 0)
    rows = np.flatnonzero(keep)
    zeros = np.zeros(len(rows), np.int64)
    return Refunds(order[rows], rows, zeros, quantity[rows], amount[rows], reason[rows], when[rows])


def _paid_for(orders: Orders, items: Items) -> Ints:
    """What was paid for each item: with tax, less its part of the order's discount."""
    before = (orders.subtotal + orders.tax)[items.order]
    after = before - orders.discount[items.order]
    paid: Ints = (items.total + items.tax) * after // np.maximum(before, 1)
    return paid


def _of_orders(orders: Orders, when: Ints, kind: int, reason: int) -> Refunds:
    rows = np.flatnonzero(when < NEVER)
    count = len(rows)
    return Refunds(
        order=rows,
        item=np.full(count, -1),
        kind=np.full(count, kind),
        quantity=np.zeros(count, np.int64),
        amount=orders.total[rows],
        reason=np.full(count, reason),
        refunded=when[rows],
    )


def latest_per(rows: Ints, moments: Ints, count: int) -> Ints:
    """The latest moment for each of `count` rows; 0 where there is none."""
    latest = np.zeros(count, np.int64)
    np.maximum.at(latest, rows, moments)
    return latest


def refunds_table(refunds: Refunds, orders: Orders, items: Items) -> pa.Table:
    """One row per refund. A cancellation or chargeback names no item and no quantity."""
    whole = refunds.item < 0
    order, when = refunds.order, times(refunds.refunded)
    customer = orders.customer[order]
    return pa.table(
        {
            "refund_id": ids("F", np.arange(len(order)) + 1, width=7),
            "order_id": order_ids(order),
            "order_item_id": item_ids(refunds.item, missing=whole),
            "customer_id": customer_ids(customer, missing=customer < 0),
            "product_id": product_ids(items.product[refunds.item], missing=whole),
            "kind": words(refunds.kind, KINDS),
            "quantity": counts(refunds.quantity, missing=whole),
            "amount": money(refunds.amount),
            "currency": words(orders.currency[order], CURRENCIES),
            "country": words(orders.country[order], CODES),
            "reason": words(refunds.reason, REASONS),
            "refunded_at": when,
            "created_at": when,
            "updated_at": when,
        }
    )
