"""Random small shops: what curation lets through, however odd."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from omnix.core.clock import as_of_moment
from systems.building import AS_OF

Shop = dict[str, list[dict[str, Any]]]

CUT = as_of_moment(AS_OF)
#: Around everything that a cut or a window of 90 days can split.
MOMENTS = [
    CUT - timedelta(days=200),
    CUT - timedelta(days=90, microseconds=1),
    CUT - timedelta(days=90),
    CUT - timedelta(days=2),
    CUT - timedelta(hours=30),
    CUT - timedelta(hours=1),
    CUT - timedelta(microseconds=1),
    CUT,
    CUT + timedelta(days=3),
]
CATEGORIES = [
    {"category_id": "k1", "category_name": "Milk"},
    {"category_id": "k2", "category_name": "Tea"},
]
#: p3 stands in a category that nobody knows, p4 in none; p5 is sold but unknown itself.
PRODUCTS = [
    {"product_id": "p1", "category_id": "k1"},
    {"product_id": "p2", "category_id": "k2"},
    {"product_id": "p3", "category_id": "gone"},
    {"product_id": "p4", "category_id": None},
]

moments = st.sampled_from(MOMENTS)
cents = st.integers(0, 3_000)
maybe_country = st.sampled_from(["FR", "DE", None])
currencies = st.sampled_from(["EUR", "EUR", "USD"])
people = st.sampled_from(["c1", "c2", None])


@st.composite
def orders_of(draw: st.DrawFn, number: int) -> dict[str, Any]:
    ordered_at = draw(moments)
    return {
        "order_id": f"o{number}",
        "customer_id": draw(people),
        "ordered_at": ordered_at,
        "ordered_on": ordered_at.date(),
        "status": draw(st.sampled_from(["delivered", "pending", "cancelled", "failed"])),
        "total_cents": draw(cents),
        "tax_cents": draw(st.sampled_from([0, 0, 7, 500])),
        "shipping_cents": draw(st.sampled_from([0, 490])),
        "discount_cents": draw(st.sampled_from([0, 0, 1, 2, 99, 1_000])),
        "currency": draw(currencies),
        "country": draw(maybe_country),
        "channel": draw(st.sampled_from(["web", "app", "store", None])),
        "store_id": draw(st.sampled_from(["s1", "s2", None])),
        "coupon_code": draw(st.sampled_from([None, "TEN"])),
    }


@st.composite
def lines_of(draw: st.DrawFn, number: int, orders: list[str]) -> dict[str, Any]:
    quantity = draw(st.integers(1, 4))
    price = draw(st.sampled_from([0, 1, 333, 1_000]))
    discount = draw(st.sampled_from([0, 0, 1, price * quantity]))
    return {
        "order_item_id": f"i{number}",
        "order_id": draw(st.sampled_from(orders)),
        "product_id": draw(st.sampled_from(["p1", "p2", "p3", "p4", "p5"])),
        "quantity": quantity,
        "unit_price_cents": price,
        "gross_cents": price * quantity,
        "discount_cents": discount,
        "tax_cents": draw(st.sampled_from([0, 0, 5])),
        # Curation lets a line's total be off by a cent per piece, so it may be below zero.
        "total_cents": price * quantity - discount + draw(st.integers(-quantity, quantity)),
    }


@st.composite
def refunds_of(draw: st.DrawFn, number: int, orders: list[str], lines: list[str]) -> dict[str, Any]:
    refunded_at = draw(moments)
    return {
        "refund_id": f"r{number}",
        "order_id": draw(st.sampled_from([*orders, None])),
        "order_item_id": draw(st.sampled_from([*lines, None, "i-gone"])),
        "customer_id": draw(people),
        "product_id": draw(st.sampled_from(["p1", "p3", None])),
        "kind": draw(st.sampled_from(["refund", "cancellation", "chargeback"])),
        "amount_cents": draw(st.sampled_from([0, 1, 700])),
        "currency": draw(currencies),
        "country": draw(maybe_country),
        "refunded_at": refunded_at,
        "refunded_on": refunded_at.date(),
    }


@st.composite
def shops(draw: st.DrawFn) -> Shop:
    """Up to five orders, eight lines and four refunds."""
    orders = [draw(orders_of(n)) for n in range(draw(st.integers(0, 5)))]
    names = [order["order_id"] for order in orders]
    lines = [draw(lines_of(n, names)) for n in range(draw(st.integers(0, 8)) if names else 0)]
    numbers = [line["order_item_id"] for line in lines]
    refunds = [draw(refunds_of(n, names, numbers)) for n in range(draw(st.integers(0, 4)))]
    return {
        "orders": orders,
        "order_items": lines,
        "refunds": refunds,
        "products": [dict(row) for row in PRODUCTS],
        "categories": [dict(row) for row in CATEGORIES],
    }


def only(shop: Shop, *names: str) -> Shop:
    """The named tables of `shop`."""
    return {name: shop[name] for name in names}


def shuffled(shop: Shop, seed: int) -> Shop:
    """The same rows in another order."""
    chance = random.Random(seed)
    return {name: chance.sample(rows, len(rows)) for name, rows in shop.items()}


def as_it_was(shop: Shop, as_of: date = AS_OF) -> Shop:
    """What the shop's own database held at that moment: nothing of later had happened.

    Where money was given back only later, a cancelled order had not been cancelled yet.
    """
    moment = as_of_moment(as_of)
    orders = [dict(order) for order in shop["orders"] if order["ordered_at"] < moment]
    there = {order["order_id"] for order in orders}
    early = {order_id for order_id, when in _given_back(shop) if when < moment}
    late = {order_id for order_id, when in _given_back(shop) if when >= moment}
    for order in orders:
        if order["status"] in {"cancelled", "failed"} and order["order_id"] in late - early:
            order["status"] = "processing"
    return {
        **shop,
        "orders": orders,
        "order_items": [line for line in shop["order_items"] if line["order_id"] in there],
        "refunds": [refund for refund in shop["refunds"] if refund["refunded_at"] < moment],
    }


def _given_back(shop: Shop) -> list[tuple[str | None, datetime]]:
    return [
        (order_undone(shop, r), r["refunded_at"]) for r in shop["refunds"] if r["amount_cents"] > 0
    ]


def order_undone(shop: Shop, refund: dict[str, Any]) -> str | None:
    """The order that a refund names, itself or through a line."""
    for line in shop["order_items"]:
        if refund["order_id"] is None and line["order_item_id"] == refund["order_item_id"]:
            return str(line["order_id"])
    return refund["order_id"]


def counted_orders(shop: Shop) -> list[dict[str, Any]]:
    """The orders before the cut that were sales."""
    undone = {order_id for order_id, _ in _given_back(shop)}
    return [
        order
        for order in shop["orders"]
        if order["ordered_at"] < CUT
        and (order["status"] not in {"cancelled", "failed"} or order["order_id"] in undone)
    ]


def refunds_before(shop: Shop) -> list[dict[str, Any]]:
    """The refunds before the cut."""
    return [refund for refund in shop["refunds"] if refund["refunded_at"] < CUT]


def rounded(amount: int, by: int) -> int:
    """The quotient to the nearest whole number, halves away from nought."""
    whole = (2 * abs(amount) + by) // (2 * by)
    return whole if amount >= 0 else -whole
