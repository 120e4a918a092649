"""Sales per day: every column by example, odd shops, and a slow twin in plain Python."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from omnix.systems.market_intelligence.sales_daily import sales_daily
from systems.building import AS_OF, build
from systems.shops import (
    CUT,
    Shop,
    as_it_was,
    counted_orders,
    order_undone,
    refunds_before,
    rounded,
    shops,
    shuffled,
)

FEB_3 = datetime(2026, 2, 3, 10)
PRODUCTS = [{"product_id": "p1", "category_id": "k1"}, {"product_id": "p2", "category_id": "k2"}]
CATEGORIES = [
    {"category_id": "k1", "category_name": "Milk"},
    {"category_id": "k2", "category_name": "Tea"},
]


def order(order_id="o1", at=FEB_3, **given):
    return {
        "order_id": order_id, "customer_id": "c1", "ordered_at": at, "ordered_on": at.date(),
        "currency": "EUR", "country": "FR", "total_cents": 0, **given,
    }  # fmt: skip


def line(number=1, order_id="o1", product="p1", quantity=1, price=1_000, discount=0, **given):
    gross = quantity * price
    return {
        "order_item_id": f"i{number}", "order_id": order_id, "product_id": product, "quantity": quantity,
        "unit_price_cents": price, "gross_cents": gross, "discount_cents": discount,
        "total_cents": gross - discount, **given,
    }  # fmt: skip


def refund(number=1, at=FEB_3, amount=1_000, **given):
    return {
        "refund_id": f"r{number}", "refunded_at": at, "refunded_on": at.date(),
        "amount_cents": amount, "currency": "EUR", **given,
    }  # fmt: skip


def sales(orders=(), lines=(), refunds=(), as_of=AS_OF):
    return build(
        sales_daily, as_of, orders=orders, order_items=lines, refunds=refunds,
        products=PRODUCTS, categories=CATEGORIES,
    )  # fmt: skip


def column(rows, name):
    return {row["category_id"]: row[name] for row in rows}


def test_every_column_of_a_day():
    orders = [
        order("o1", total_cents=2_500, discount_cents=200, tax_cents=100),
        order("o2", at=FEB_3 + timedelta(hours=3)),
        order("o3", customer_id=None),
    ]
    lines = [
        line(1, "o1", quantity=3, discount=300, tax_cents=100),
        line(2, "o2", quantity=1),
        line(3, "o3", quantity=2, price=999),
    ]
    back = [refund(amount=450, order_id="o1", order_item_id="i1")]
    (row,) = sales(orders, lines, back)
    assert row == {
        "sold_on": date(2026, 2, 3),
        "country": "FR",
        "category_id": "k1",
        "category_name": "Milk",
        "currency": "EUR",
        "gross_cents": 3_000 + 1_000 + 1_998,
        "discount_cents": 300 + 200,
        "refund_cents": 450,
        "net_cents": 5_998 - 500 - 450,
        "tax_cents": 100,
        "quantity": 6,
        "orders": 3,
        "customers": 1,  # o1 and o2 are one person's, o3 is a guest's
        "aov_cents": 1_833,  # (5,998 − 500) / 3 = 1,832.67
    }


def test_a_shop_without_anything_has_no_sales():
    assert sales() == []


def test_days_countries_categories_and_currencies_are_kept_apart():
    orders = [
        order("o1"),
        order("o2", at=FEB_3 + timedelta(days=1)),
        order("o3", country="DE"),
        order("o4", currency="USD"),
    ]
    lines = [line(n, f"o{n}") for n in (1, 2, 3, 4)] + [line(5, "o1", product="p2", price=50)]
    rows = sales(orders, lines)
    assert [
        (r["sold_on"].day, r["country"], r["category_id"], r["currency"], r["gross_cents"])
        for r in rows
    ] == [
        (3, "DE", "k1", "EUR", 1_000),
        (3, "FR", "k1", "EUR", 1_000),
        (3, "FR", "k1", "USD", 1_000),
        (3, "FR", "k2", "EUR", 50),
        (4, "FR", "k1", "EUR", 1_000),
    ]


def test_an_order_over_two_categories_is_an_order_in_both():
    rows = sales([order()], [line(1), line(2), line(3, product="p2")])
    assert column(rows, "orders") == {"k1": 1, "k2": 1}
    assert column(rows, "quantity") == {"k1": 2, "k2": 1}


def test_what_the_shop_does_not_say_is_named_unknown_or_none():
    (row,) = sales([order(country=None)], [line(product="never heard of")])
    assert (row["country"], row["category_id"], row["category_name"]) == (
        "(unknown)",
        "(none)",
        None,
    )


def test_a_category_that_is_not_among_the_categories_keeps_its_id():
    (row,) = build(
        sales_daily, orders=[order()], order_items=[line(product="p9")],
        products=[{"product_id": "p9", "category_id": "k9"}],
    )  # fmt: skip
    assert (row["category_id"], row["category_name"]) == ("k9", None)


def test_the_as_of_date_is_the_first_day_that_does_not_count():
    orders = [order("o1", at=CUT - timedelta(microseconds=1)), order("o2", at=CUT)]
    lines = [line(1, "o1"), line(2, "o2")]
    back = [
        refund(1, at=CUT - timedelta(microseconds=1), amount=7, country="FR", product_id="p1"),
        refund(2, at=CUT),
    ]
    (row,) = sales(orders, lines, back)
    assert (row["sold_on"], row["orders"], row["refund_cents"]) == (AS_OF - timedelta(days=1), 1, 7)


# Discounts and taxes of a whole order


@pytest.mark.parametrize(
    ("prices", "discount", "shares"),
    [
        ((1_000, 1_000), 1, (0, 1)),
        ((1_000, 500), 100, (66, 34)),
        ((1, 1), 999, (499, 500)),
        ((0, 700), 50, (0, 50)),
        ((0, 0), 50, (25, 25)),  # nothing has a value, so the pieces count
    ],
)
def test_an_order_discount_is_spread_by_value_to_the_cent(prices, discount, shares):
    lines = [line(1, price=prices[0]), line(2, product="p2", price=prices[1])]
    rows = sales([order(discount_cents=discount)], lines)
    assert column(rows, "discount_cents") == dict(zip(("k1", "k2"), shares, strict=True))


def test_a_line_whose_total_is_below_nought_takes_no_share_and_gives_none():
    lines = [line(1, price=0, total_cents=-1), line(2, product="p2", price=100)]
    rows = sales([order(discount_cents=1_000)], lines)
    assert column(rows, "discount_cents") == {"k1": 0, "k2": 1_000}


def test_shares_are_exact_where_a_float_is_not():
    discount, price = 9_007_199_254_740_993, 3_002_399_751_580_331
    lines = [line(1, price=price), line(2, product="p2", price=2 * price)]
    rows = sales([order(discount_cents=discount)], lines)
    assert column(rows, "discount_cents") == {"k1": discount // 3, "k2": discount - discount // 3}


def test_tax_of_the_order_beyond_its_lines_is_not_lost():
    lines = [line(1, tax_cents=10), line(2, product="p2", price=3_000)]
    rows = sales([order(tax_cents=90)], lines)
    assert column(rows, "tax_cents") == {"k1": 10 + 20, "k2": 60}


def test_tax_of_lines_stays_when_the_order_knows_of_less():
    (row,) = sales([order(tax_cents=5)], [line(tax_cents=10)])
    assert row["tax_cents"] == 10


def test_an_order_without_lines_counts_with_what_its_total_leaves_for_goods():
    bare = order(total_cents=1_500, tax_cents=200, shipping_cents=490, discount_cents=90)
    (row,) = sales([bare])
    assert (row["category_id"], row["gross_cents"], row["discount_cents"]) == ("(none)", 900, 90)
    assert (row["tax_cents"], row["quantity"], row["orders"], row["customers"]) == (200, 0, 1, 1)


def test_a_customer_with_and_without_lines_on_one_day_is_one_customer():
    orders = [order("o1", total_cents=100), order("o2")]
    (row,) = sales(orders, [line(1, "o2", product="unknown")])
    assert (row["orders"], row["customers"], row["gross_cents"]) == (2, 1, 1_100)


# Cancellations, refunds, chargebacks


def test_a_cancelled_order_without_money_back_was_never_a_sale():
    assert sales([order(status="cancelled")], [line()]) == []
    assert sales([order(status="failed")], [line()]) == []


@pytest.mark.parametrize("kind", ["cancellation", "refund", "chargeback"])
def test_a_cancelled_order_with_money_back_is_a_sale_and_a_refund(kind):
    back = refund(at=FEB_3 + timedelta(days=2), kind=kind, order_id="o1", amount=1_000)
    sold, undone = sales([order(status="cancelled")], [line()], [back])
    assert (sold["sold_on"].day, sold["gross_cents"], sold["refund_cents"]) == (3, 1_000, 0)
    assert (undone["sold_on"].day, undone["gross_cents"], undone["refund_cents"]) == (5, 0, 1_000)
    assert (undone["country"], undone["category_id"], undone["orders"]) == ("FR", "(none)", 0)
    assert undone["aov_cents"] is None
    assert sold["net_cents"] + undone["net_cents"] == 0


def test_a_cancellation_of_nothing_gives_nothing_back():
    (row,) = sales(
        [order(status="cancelled")],
        [line()],
        [refund(kind="cancellation", order_id="o1", amount=0)],
    )
    assert (row["gross_cents"], row["refund_cents"], row["orders"]) == (0, 0, 0)


def test_a_later_cancellation_does_not_change_the_day_of_the_sale():
    orders, lines = [order(status="cancelled")], [line()]
    back = [refund(at=CUT + timedelta(days=9), kind="cancellation", order_id="o1")]
    assert sales(orders, lines, back) == sales([order(status="delivered")], lines)


def test_partial_refunds_count_each_on_its_day_in_the_category_of_their_line():
    lines = [line(1, quantity=3), line(2, product="p2")]
    back = [
        refund(1, amount=300, order_id="o1", order_item_id="i1"),
        refund(2, amount=200, order_id="o1", order_item_id="i1", at=FEB_3 + timedelta(days=1)),
        refund(3, amount=50, order_id="o1", product_id="p2"),
    ]
    rows = sales([order()], lines, back)
    assert [(r["sold_on"].day, r["category_id"], r["refund_cents"]) for r in rows] == [
        (3, "k1", 300),
        (3, "k2", 50),
        (4, "k1", 200),
    ]


def test_a_refund_that_names_only_a_line_belongs_to_the_lines_order():
    rows = sales([order(status="cancelled")], [line()], [refund(order_item_id="i1")])
    assert [(r["country"], r["category_id"], r["gross_cents"], r["net_cents"]) for r in rows] == [
        ("FR", "k1", 1_000, 0)
    ]


def test_a_refund_without_an_order_counts_where_it_says():
    rows = sales(refunds=[refund(1, amount=5, country="DE", product_id="p2"), refund(2, amount=6)])
    assert [(r["country"], r["category_id"], r["refund_cents"], r["net_cents"]) for r in rows] == [
        ("(unknown)", "(none)", 6, -6),
        ("DE", "k2", 5, -5),
    ]


def test_the_country_of_a_refund_is_its_own_before_that_of_the_order():
    rows = sales([order()], [line()], [refund(order_id="o1", order_item_id="i1", country="BE")])
    assert {row["country"]: row["refund_cents"] for row in rows} == {"FR": 0, "BE": 1_000}


def test_a_refund_in_another_currency_has_a_row_of_its_own():
    rows = sales([order()], [line()], [refund(order_id="o1", product_id="p1", currency="USD")])
    assert {row["currency"]: row["net_cents"] for row in rows} == {"EUR": 1_000, "USD": -1_000}


def test_a_refund_and_a_chargeback_of_one_order_are_two_losses():
    back = [
        refund(1, order_id="o1", product_id="p1"),
        refund(2, order_id="o1", product_id="p1", kind="chargeback"),
    ]
    (row,) = sales([order()], [line()], back)
    assert row["net_cents"] == 1_000 - 2_000


# For any shop


@given(shops())
@settings(max_examples=50)
@example({"orders": [], "order_items": [], "refunds": [], "products": [], "categories": []})
def test_it_is_what_the_slow_twin_says(shop: Shop):
    assert build(sales_daily, **shop) == twin(shop)


@given(shops())
@settings(max_examples=30)
def test_what_happened_later_changes_nothing(shop: Shop):
    assert build(sales_daily, **shop) == build(sales_daily, **as_it_was(shop))


@given(shops(), st.integers())
@settings(max_examples=20)
def test_the_order_of_the_rows_does_not_matter(shop: Shop, seed: int):
    assert build(sales_daily, **shop) == build(sales_daily, **shuffled(shop, seed))


@given(shops())
@settings(max_examples=30)
def test_sums_are_those_of_the_shop_to_the_cent(shop: Shop):
    rows = build(sales_daily, **shop)
    counted = {o["order_id"]: o for o in counted_orders(shop)}
    lines = [i for i in shop["order_items"] if i["order_id"] in counted]
    bare = counted.keys() - {i["order_id"] for i in lines}

    def total(name):
        return sum(row[name] for row in rows)

    assert total("gross_cents") == sum(i["gross_cents"] for i in lines) + sum(
        goods(counted[o]) for o in bare
    )
    assert total("discount_cents") == sum(
        each["discount_cents"] for each in (*lines, *counted.values())
    )
    assert total("refund_cents") == sum(r["amount_cents"] for r in refunds_before(shop))
    assert total("quantity") == sum(i["quantity"] for i in lines)
    assert total("tax_cents") == sum(
        max(o["tax_cents"], sum(i["tax_cents"] for i in lines if i["order_id"] == o["order_id"]))
        for o in counted.values()
    )


def goods(order):
    return max(
        0,
        order["total_cents"]
        - order["tax_cents"]
        - order["shipping_cents"]
        + order["discount_cents"],
    )


def twin(shop: Shop):
    """The same table, order by order and refund by refund."""
    category_of = {p["product_id"]: p["category_id"] for p in shop["products"]}
    names = {c["category_id"]: c["category_name"] for c in shop["categories"]}
    cells = defaultdict(
        lambda: {
            **dict.fromkeys(("gross", "discount", "refund", "tax", "pieces"), 0),
            "orders": set(),
            "people": set(),
        }
    )

    def category(product):
        return category_of.get(product) or "(none)"

    for o in counted_orders(shop):
        lines = [i for i in shop["order_items"] if i["order_id"] == o["order_id"]]
        values, pieces = defaultdict(int), defaultdict(int)
        place = (o["ordered_on"], o["country"] or "(unknown)", o["currency"])
        for i in lines:
            kind = category(i["product_id"])
            cell = cells[*place, kind]
            cell["gross"] += i["gross_cents"]
            cell["discount"] += i["discount_cents"]
            cell["tax"] += i["tax_cents"]
            cell["pieces"] += i["quantity"]
            values[kind] += max(0, i["total_cents"])
            pieces[kind] += i["quantity"]
        if not lines:
            cells[*place, "(none)"]["gross"] += goods(o)
            pieces["(none)"] = 1
        rest = max(0, o["tax_cents"] - sum(i["tax_cents"] for i in lines))
        weights = values if any(values.values()) else pieces
        for name, amount in (("discount", o["discount_cents"]), ("tax", rest)):
            for kind, share in spread(amount, weights).items():
                cells[*place, kind][name] += share
        for kind in pieces:
            cells[*place, kind]["orders"].add(o["order_id"])
            cells[*place, kind]["people"] |= {o["customer_id"]} - {None}
    known = {o["order_id"]: o for o in shop["orders"] if o["ordered_at"] < CUT}
    for r in refunds_before(shop):
        undone = known.get(order_undone(shop, r), {})
        named = [i for i in shop["order_items"] if i["order_item_id"] == r["order_item_id"]]
        of_line = [i["product_id"] for i in named if i["order_id"] == undone.get("order_id")]
        country = r["country"] or undone.get("country") or "(unknown)"
        kind = category(r["product_id"] or (of_line[0] if of_line else None))
        cells[r["refunded_on"], country, r["currency"], kind]["refund"] += r["amount_cents"]
    return [
        {
            "sold_on": day,
            "country": country,
            "category_id": kind,
            "category_name": names.get(kind),
            "currency": currency,
            "gross_cents": c["gross"],
            "discount_cents": c["discount"],
            "refund_cents": c["refund"],
            "net_cents": c["gross"] - c["discount"] - c["refund"],
            "tax_cents": c["tax"],
            "quantity": c["pieces"],
            "orders": len(c["orders"]),
            "customers": len(c["people"]),
            "aov_cents": rounded(c["gross"] - c["discount"], len(c["orders"]))
            if c["orders"]
            else None,
        }
        for (day, country, currency, kind), c in sorted(
            cells.items(), key=lambda kv: (*kv[0][:2], kv[0][3], kv[0][2])
        )
    ]


def spread(amount, weights):
    """`amount` over the keys by weight, in whole cents, none lost: each gets what its end has more than its begin."""
    whole, upto, shares = sum(weights.values()), 0, {}
    for name in sorted(weights):
        before, upto = upto, upto + weights[name]
        shares[name] = amount * upto // whole - amount * before // whole
    return shares
