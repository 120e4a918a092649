"""What is known of customers: every column by example, odd shops, a slow twin in plain Python."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from omnix.systems.customer_intelligence.customer_features import customer_features
from systems.building import AS_OF, build
from systems.shops import (
    CUT,
    Shop,
    as_it_was,
    counted_orders,
    only,
    order_undone,
    refunds_before,
    rounded,
    shops,
    shuffled,
)

JAN_10 = datetime(2026, 1, 10, 22, 30)
READS = ("orders", "order_items", "refunds")


def order(order_id="o1", at=JAN_10, total=1_000, **given):
    return {
        "order_id": order_id, "customer_id": "c1", "ordered_at": at, "ordered_on": at.date(),
        "total_cents": total, "currency": "EUR", **given,
    }  # fmt: skip


def line(number=1, order_id="o1", product="p1", quantity=1):
    return {
        "order_item_id": f"i{number}",
        "order_id": order_id,
        "product_id": product,
        "quantity": quantity,
    }


def refund(number=1, at=JAN_10, amount=400, **given):
    return {
        "refund_id": f"r{number}",
        "refunded_at": at,
        "amount_cents": amount,
        "currency": "EUR",
        **given,
    }


def features(orders=(), lines=(), refunds=(), as_of=AS_OF):
    return build(customer_features, as_of, orders=orders, order_items=lines, refunds=refunds)


def test_every_column_of_a_customer():
    orders = [
        order(
            "o1",
            datetime(2025, 8, 1, 23, 59),
            1_000,
            channel="web",
            country="FR",
            coupon_code="TEN",
        ),
        order("o2", datetime(2025, 12, 1), 2_000, channel="app", country="FR"),
        order("o3", datetime(2026, 2, 27, 0, 1), 501, channel="app", country="DE"),
    ]
    lines = [line(1, "o1", "p1", 2), line(2, "o1", "p2"), line(3, "o3", "p1")]
    (row,) = features(orders, lines, [refund(order_id="o2")])
    assert row == {
        "customer_id": "c1",
        "currency": "EUR",
        "first_ordered_at": datetime(2025, 8, 1, 23, 59),
        "last_ordered_at": datetime(2026, 2, 27, 0, 1),
        "recency_days": 2,  # the 27th to the 1st
        "tenure_days": 212,
        "frequency": 3,
        "monetary_cents": 3_501 - 400,
        "paid_cents": 3_501,
        "refund_cents": 400,
        "aov_cents": 1_167,
        "items": 4,
        "distinct_products": 2,
        "mean_gap_days": 105.0,  # 210 days in two gaps
        "orders_90d": 2,  # 1 December is 90 days before 1 March
        "paid_90d_cents": 2_501,
        "coupon_orders": 1,
        "favourite_channel": "app",
        "country": "DE",
    }


def test_a_shop_without_anything_knows_nobody():
    assert features() == []


def test_guests_are_nobody():
    assert features([order(customer_id=None)], [line()]) == []


def test_one_order_has_no_gap():
    (row,) = features([order()])
    assert (row["frequency"], row["mean_gap_days"], row["items"], row["distinct_products"]) == (
        1,
        None,
        0,
        0,
    )


def test_two_orders_on_one_day_lie_no_days_apart():
    (row,) = features([order("o1"), order("o2", JAN_10 - timedelta(hours=20))])
    assert row["mean_gap_days"] == 0.0


def test_who_pays_in_two_currencies_has_two_rows():
    orders = [order("o1"), order("o2", currency="USD", total=70)]
    lines = [line(1, "o1"), line(2, "o2", quantity=5)]
    back = [refund(1, order_id="o1"), refund(2, order_id="o2", currency="USD", amount=1)]
    euros, dollars = features(orders, lines, back)
    assert (euros["currency"], euros["paid_cents"], euros["refund_cents"], euros["items"]) == (
        "EUR",
        1_000,
        400,
        1,
    )
    assert (
        dollars["currency"],
        dollars["paid_cents"],
        dollars["refund_cents"],
        dollars["items"],
    ) == ("USD", 70, 1, 5)


def test_the_as_of_date_is_the_first_day_that_does_not_count():
    orders = [order("o1", CUT - timedelta(microseconds=1)), order("o2", CUT)]
    back = [
        refund(1, CUT - timedelta(microseconds=1), 1, order_id="o1"),
        refund(2, CUT, 2, order_id="o1"),
    ]
    (row,) = features(orders, [line(1, "o1"), line(2, "o2")], back)
    assert (row["frequency"], row["recency_days"], row["items"], row["refund_cents"]) == (
        1,
        1,
        1,
        1,
    )


@pytest.mark.parametrize(
    ("before", "counted"), [(timedelta(days=90), 1), (timedelta(days=90, microseconds=1), 0)]
)
def test_ninety_days_reach_back_to_the_same_hour(before, counted):
    (row,) = features([order(at=CUT - before)])
    assert (row["orders_90d"], row["paid_90d_cents"]) == (counted, 1_000 * counted)


def test_a_cancelled_order_counts_only_with_its_money_back():
    assert features([order(status="cancelled")]) == []
    (row,) = features(
        [order(status="cancelled")],
        refunds=[refund(order_id="o1", amount=1_000, kind="cancellation")],
    )
    assert (row["frequency"], row["paid_cents"], row["refund_cents"], row["monetary_cents"]) == (
        1,
        1_000,
        1_000,
        0,
    )


def test_a_cancellation_to_come_leaves_the_order_as_it_was():
    back = [refund(order_id="o1", at=CUT, amount=1_000, kind="cancellation")]
    (row,) = features([order(status="cancelled")], refunds=back)
    assert (row["frequency"], row["refund_cents"]) == (1, 0)


def test_a_refund_without_an_order_counts_for_whom_it_names():
    (row,) = features(
        [order()], refunds=[refund(customer_id="c1"), refund(2, customer_id="c9"), refund(3)]
    )
    assert row["refund_cents"] == 400


def test_a_refund_that_names_only_a_line_counts_for_who_ordered_it():
    (row,) = features([order()], [line()], [refund(order_item_id="i1")])
    assert row["refund_cents"] == 400


def test_more_can_be_given_back_than_was_paid():
    (row,) = features(
        [order()],
        refunds=[
            refund(1, amount=1_000, order_id="o1"),
            refund(2, amount=900, order_id="o1", kind="chargeback"),
        ],
    )
    assert row["monetary_cents"] == -900


def test_of_equally_used_channels_the_first_by_name_is_the_favourite():
    (row,) = features([order("o1", channel="web"), order("o2", channel="app"), order("o3")])
    assert row["favourite_channel"] == "app"


@pytest.mark.parametrize("numbers", [(1, 2, 3), (3, 2, 1), (2, 3, 1)])
def test_of_orders_at_one_moment_the_last_by_id_tells_the_country(numbers):
    countries = {1: "FR", 2: "DE", 3: None}
    (row,) = features([order(f"o{n}", country=countries[n]) for n in numbers])
    assert row["country"] == "DE"


@given(shops())
@settings(max_examples=50)
def test_it_is_what_the_slow_twin_says(shop: Shop):
    assert build(customer_features, **only(shop, *READS)) == twin(shop)


@given(shops())
@settings(max_examples=30)
def test_what_happened_later_changes_nothing(shop: Shop):
    then = as_it_was(shop)
    assert build(customer_features, **only(shop, *READS)) == build(
        customer_features, **only(then, *READS)
    )


@given(shops(), st.integers())
@settings(max_examples=20)
def test_the_order_of_the_rows_does_not_matter(shop: Shop, seed: int):
    mixed = shuffled(shop, seed)
    assert build(customer_features, **only(shop, *READS)) == build(
        customer_features, **only(mixed, *READS)
    )


@given(shops())
@settings(max_examples=30)
def test_sums_are_those_of_the_shop_to_the_cent(shop: Shop):
    rows = build(customer_features, **only(shop, *READS))
    counted = [o for o in counted_orders(shop) if o["customer_id"]]
    known = {(row["customer_id"], row["currency"]) for row in rows}
    assert known == {(o["customer_id"], o["currency"]) for o in counted}
    assert sum(row["paid_cents"] for row in rows) == sum(o["total_cents"] for o in counted)
    assert sum(row["frequency"] for row in rows) == len(counted)
    assert sum(row["refund_cents"] for row in rows) == sum(
        r["amount_cents"]
        for r in refunds_before(shop)
        if (receiver(shop, r), r["currency"]) in known
    )


def receiver(shop, refund):
    known = {o["order_id"]: o["customer_id"] for o in shop["orders"] if o["ordered_at"] < CUT}
    return refund["customer_id"] or known.get(order_undone(shop, refund))


def twin(shop: Shop):
    """The same table, customer by customer."""
    bought = defaultdict(list)
    for o in counted_orders(shop):
        if o["customer_id"]:
            bought[o["customer_id"], o["currency"]].append(o)
    return [
        _features(shop, who, currency, orders) for (who, currency), orders in sorted(bought.items())
    ]


def _features(shop, who, currency, orders):
    orders = sorted(orders, key=lambda o: (o["ordered_at"], o["order_id"]))
    numbers = {o["order_id"] for o in orders}
    lines = [i for i in shop["order_items"] if i["order_id"] in numbers]
    recent = [o for o in orders if CUT - o["ordered_at"] <= timedelta(days=90)]
    back = sum(
        r["amount_cents"]
        for r in refunds_before(shop)
        if (receiver(shop, r), r["currency"]) == (who, currency)
    )
    paid = sum(o["total_cents"] for o in orders)
    gaps = [(b["ordered_on"] - a["ordered_on"]).days for a, b in pairwise(orders)]
    channels = Counter(o["channel"] for o in orders if o["channel"])
    countries = [o["country"] for o in orders if o["country"]]
    return {
        "customer_id": who,
        "currency": currency,
        "first_ordered_at": orders[0]["ordered_at"],
        "last_ordered_at": orders[-1]["ordered_at"],
        "recency_days": (AS_OF - orders[-1]["ordered_on"]).days,
        "tenure_days": (AS_OF - orders[0]["ordered_on"]).days,
        "frequency": len(orders),
        "monetary_cents": paid - back,
        "paid_cents": paid,
        "refund_cents": back,
        "aov_cents": rounded(paid, len(orders)),
        "items": sum(i["quantity"] for i in lines),
        "distinct_products": len({i["product_id"] for i in lines}),
        "mean_gap_days": sum(gaps) / len(gaps) if gaps else None,
        "orders_90d": len(recent),
        "paid_90d_cents": sum(o["total_cents"] for o in recent),
        "coupon_orders": sum(o["coupon_code"] is not None for o in orders),
        "favourite_channel": min(channels, key=lambda c: (-channels[c], c)) if channels else None,
        "country": countries[-1] if countries else None,
    }
