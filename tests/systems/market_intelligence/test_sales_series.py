"""Series of days: it agrees with `sales_daily` to the cent, converts, counts, tells promotions."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from omnix.systems.market_intelligence.sales_daily import sales_daily
from omnix.systems.market_intelligence.sales_series import sales_series
from systems.building import AS_OF, build
from systems.shops import (
    CUT,
    Shop,
    as_it_was,
    counted_orders,
    only,
    order_undone,
    refunds_before,
    shops,
    shuffled,
)

FEB_3 = datetime(2026, 2, 3, 10)
PRODUCTS = [
    {"product_id": "p1", "category_id": "k1", "product_name": "Whole milk"},
    {"product_id": "p2", "category_id": "k2", "product_name": "Green tea"},
]
CATEGORIES = [
    {"category_id": "k1", "category_name": "Milk"},
    {"category_id": "k2", "category_name": "Tea", "parent_category_id": "k3"},
    {"category_id": "k3", "category_name": "Hot drinks"},
]
RATES = [
    {"rate_date": date(2026, 1, 1), "currency": "USD", "base_currency": "EUR", "rate": 0.5},
    {"rate_date": date(2026, 2, 3), "currency": "USD", "base_currency": "EUR", "rate": 0.9},
    {"rate_date": date(2026, 2, 4), "currency": "USD", "base_currency": "EUR", "rate": 7.0},
]
READ_BY_DAILY = ("orders", "order_items", "products", "categories", "refunds")


def order(order_id="o1", at=FEB_3, **given):
    return {
        "order_id": order_id, "customer_id": "c1", "ordered_at": at, "ordered_on": at.date(),
        "currency": "EUR", "country": "FR", "total_cents": 0, **given,
    }  # fmt: skip


def line(number=1, order_id="o1", product="p1", quantity=1, price=1_000, discount=0):
    gross = quantity * price
    return {
        "order_item_id": f"i{number}", "order_id": order_id, "product_id": product, "quantity": quantity,
        "unit_price_cents": price, "gross_cents": gross, "discount_cents": discount, "total_cents": gross - discount,
    }  # fmt: skip


def refund(number=1, at=FEB_3, amount=1_000, **given):
    return {
        "refund_id": f"r{number}", "refunded_at": at, "refunded_on": at.date(),
        "amount_cents": amount, "currency": "EUR", **given,
    }  # fmt: skip


def promotion(name, since=datetime(2026, 2, 1), until=datetime(2026, 2, 28), **given):
    return {
        "promotion_id": name, "promotion_name": name, "starts_at": since, "ends_at": until,
        "discount_type": "percentage", "discount_value": 10.0, **given,
    }  # fmt: skip


def series_of(shop: Shop, as_of=AS_OF):
    daily = build(sales_daily, as_of, **only(shop, *READ_BY_DAILY))
    return build(sales_series, as_of, **{**shop, "sales_daily": daily}), daily


def series(orders=(), lines=(), refunds=(), as_of=AS_OF, **more):
    shop = {
        "orders": list(orders), "order_items": list(lines), "refunds": list(refunds),
        "products": PRODUCTS, "categories": CATEGORIES, **more,
    }  # fmt: skip
    return series_of(shop, as_of)[0]


def of(rows, name):
    return {(row["level"], row["item"]): row[name] for row in rows}


def test_every_column_of_a_day():
    orders = [order("o1", total_cents=3_000, discount_cents=300), order("o2", customer_id=None)]
    lines = [
        line(1, "o1", "p1", quantity=3, price=1_000),
        line(2, "o1", "p2", quantity=1, price=1_000, discount=100),
        line(3, "o2", "p1", quantity=1, price=500),
    ]
    rows = series(orders, lines, [refund(amount=450, order_id="o1", order_item_id="i1")])
    assert [list(row.values()) for row in rows] == [
        ["category", "k1", "Milk", None, FEB_3.date(), 2_820, "EUR", 2, 4, 1, 818, False, 0],
        ["category", "k2", "Tea", None, FEB_3.date(), 830, "EUR", 1, 1, 1, 830, False, 0],
        ["country", "FR", None, None, FEB_3.date(), 3_650, "EUR", 2, 5, 1, 820, False, 0],
        ["product", "p1", "Whole milk", "k1", FEB_3.date(), 2_820, "EUR", 2, 4, 1, 818, False, 0],
        ["product", "p2", "Green tea", "k2", FEB_3.date(), 830, "EUR", 1, 1, 1, 830, False, 0],
        ["shop", "", None, None, FEB_3.date(), 3_650, "EUR", 2, 5, 1, 820, False, 0],
    ]


def test_an_order_of_two_products_of_one_category_counts_there_once():
    products = [*PRODUCTS, {"product_id": "p9", "category_id": "k1"}]
    rows = series([order()], [line(1), line(2, product="p9")], products=products)
    assert of(rows, "orders") == dict.fromkeys(
        [("category", "k1"), ("country", "FR"), ("product", "p1"), ("product", "p9"), ("shop", "")], 1
    )  # fmt: skip


def test_a_customer_with_two_orders_is_one_customer_on_every_level():
    rows = series([order("o1"), order("o2", country="DE")], [line(1, "o1"), line(2, "o2")])
    assert of(rows, "customers") == {
        ("category", "k1"): 1, ("country", "DE"): 1, ("country", "FR"): 1, ("product", "p1"): 1, ("shop", ""): 1,
    }  # fmt: skip
    assert of(rows, "orders")["shop", ""] == 2


def test_what_names_no_product_is_the_product_none():
    rows = series([order(total_cents=700)], refunds=[refund(amount=50)])
    assert of(rows, "net_cents")["product", "(none)"] == 650
    assert of(rows, "parent")["product", "(none)"] == "(none)"


def test_refunds_that_name_nothing_are_kept_however_old_sales_are():
    rows = series([order()], [line()], refunds=[refund(amount=50, order_id="o1")])
    assert of(rows, "net_cents")["product", "(none)"] == -50


def test_products_without_a_sale_in_two_years_are_left_out_but_their_money_is_not():
    old = datetime(2023, 6, 1)
    rows = series([order("o1", at=old), order("o2")], [line(1, "o1", "p1"), line(2, "o2", "p2")])
    assert {row["item"] for row in rows if row["level"] == "product"} == {"p2"}
    assert [row["net_cents"] for row in rows if row["level"] == "shop"] == [1_000, 1_000]


# Stores


def stores(rows):
    return {
        (r["item"], r["sold_on"]): (r["net_cents"], r["orders"], r["units"], r["customers"])
        for r in rows
        if r["level"] == "store"
    }


def test_each_store_has_its_orders_and_their_refunds():
    orders = [
        order("o1", store_id="s1", discount_cents=100),
        order("o2", store_id="s2", customer_id=None, country="DE"),
        order("o3", store_id="s2"),
    ]
    lines = [line(1, "o1"), line(2, "o1", "p2", 2, 500), line(3, "o2"), line(4, "o3", quantity=3, price=300)]  # fmt: skip
    later = FEB_3 + timedelta(days=2)
    rows = series(orders, lines, [refund(at=later, amount=250, order_item_id="i3")])
    assert [list(row.values()) for row in rows if row["level"] == "store"] == [
        ["store", "s1", None, None, FEB_3.date(), 1_900, "EUR", 1, 3, 1, 633, False, 0],
        ["store", "s2", None, None, FEB_3.date(), 1_900, "EUR", 2, 4, 1, 475, False, 0],
        ["store", "s2", None, None, later.date(), -250, "EUR", 0, 0, 0, None, False, 0],
    ]


@pytest.mark.parametrize("others", [[], [order("o2")], [order("o2", store_id="s1")]])
def test_one_store_is_the_shop_itself(others):
    orders = [order("o1", store_id="s1"), *others]
    lines = [line(n, each["order_id"]) for n, each in enumerate(orders)]
    assert stores(series(orders, lines)) == {}


@pytest.mark.parametrize(
    "second", [order("o2", store_id="s2", at=datetime(2026, 3, 1)), order("o2", store_id="s2", status="cancelled")]
)  # fmt: skip
def test_a_store_without_a_sale_before_the_cut_is_none(second):
    rows = series([order("o1", store_id="s1"), second], [line(1, "o1"), line(2, "o2")])
    assert stores(rows) == {}


def test_a_cancelled_order_counts_for_its_store_once_money_was_given_back():
    orders = [order("o1", store_id="s1"), order("o2", store_id="s2", status="cancelled")]
    later = FEB_3 + timedelta(days=1)
    rows = series(orders, [line(1, "o1"), line(2, "o2")], [refund(at=later, order_id="o2")])
    assert stores(rows) == {
        ("s1", FEB_3.date()): (1_000, 1, 1, 1),
        ("s2", FEB_3.date()): (1_000, 1, 1, 1),
        ("s2", later.date()): (-1_000, 0, 0, 0),
    }


def test_what_names_no_store_is_the_store_none():
    orders = [order("o1", store_id="s1"), order("o2", store_id="s2"), order("o3")]
    lines = [line(n, each["order_id"]) for n, each in enumerate(orders)]
    unknown = [refund(1, amount=30, order_id="o3"), refund(2, amount=5), refund(3, amount=7, order_id="gone")]  # fmt: skip
    found = stores(series(orders, lines, unknown))
    assert found["(none)", FEB_3.date()] == (958, 1, 1, 1)


def test_a_promotion_of_the_shop_concerns_each_store():
    orders = [order("o1", store_id="s1"), order("o2", store_id="s2")]
    lines = [line(1, "o1"), line(2, "o2")]
    of_shop = of(series(orders, lines, promotions=[promotion("Summer days")]), "promoted")
    of_milk = of(series(orders, lines, promotions=[promotion("Milk")]), "promoted")
    assert (of_shop["store", "s1"], of_milk["store", "s1"]) == (True, False)


def test_stores_share_the_whole_cents_of_other_currencies():
    names = ["s1", "s2", "s3"]
    orders = [order(n) for n in ("e1", "e2", "e3", "e4")]
    orders += [usd(n, store_id=name) for n, name in enumerate(names)]
    lines = [line(n, each["order_id"], price=104) for n, each in enumerate(orders)]
    net = of(series(orders, lines, exchange_rates=RATES), "net_cents")
    # 3 × 104 × 0.9 = 280.8 cents, and 93.6 of them each.
    assert [net["store", name] for name in names] == [94, 93, 94]
    assert net["store", "(none)"] + sum(net["store", n] for n in names) == net["shop", ""] == 697
    without = of(series(orders, lines), "unconverted_orders")
    assert [without["store", name] for name in (*names, "(none)")] == [1, 1, 1, 0]


# Currencies


def usd(number, at=FEB_3, **given):
    return order(f"u{number}", at=at, currency="USD", **given)


def test_other_currencies_count_at_the_newest_rate_on_or_before_the_day():
    orders = [order("o1"), order("o2"), usd(1), usd(2, at=FEB_3 - timedelta(days=1))]
    lines = [line(n, each["order_id"]) for n, each in enumerate(orders)]
    rows = [r for r in series(orders, lines, exchange_rates=RATES) if r["level"] == "shop"]
    assert [(r["net_cents"], r["price_cents"], r["currency"]) for r in rows] == [
        (500, 500, "EUR"),
        (2_900, 967, "EUR"),
    ]


def test_without_a_rate_money_is_left_out_and_told():
    orders = [order("o1"), order("o2"), usd(1, at=datetime(2025, 12, 31))]
    lines = [line(n, each["order_id"]) for n, each in enumerate(orders)]
    first = next(r for r in series(orders, lines, exchange_rates=RATES) if r["level"] == "shop")
    wanted = {"net_cents": 0, "price_cents": None, "orders": 1, "units": 1, "unconverted_orders": 1}
    assert {name: first[name] for name in wanted} == wanted


def test_rates_told_in_another_currency_are_crossed():
    rates = [
        {"rate_date": date(2026, 1, 1), "currency": code, "base_currency": "GBP", "rate": rate}
        for code, rate in (("EUR", 0.8), ("USD", 0.4))
    ]
    orders = [order("o1"), order("o2"), usd(1)]
    lines = [line(n, each["order_id"]) for n, each in enumerate(orders)]
    assert of(series(orders, lines, exchange_rates=rates), "net_cents")["shop", ""] == 2_500


def test_a_currency_that_is_the_base_itself_is_worth_one():
    rates = [
        {"rate_date": date(2026, 1, 1), "currency": "EUR", "base_currency": "USD", "rate": 1.25}
    ]
    orders = [order("o1"), order("o2"), usd(1)]
    lines = [line(n, each["order_id"]) for n, each in enumerate(orders)]
    assert of(series(orders, lines, exchange_rates=rates), "net_cents")["shop", ""] == 2_800


# Promotions


def promoted(*promotions, at=FEB_3):
    lines = [line(1), line(2, product="p2")]
    rows = series([order(at=at)], lines, promotions=promotions)
    return {item or level for (level, item), there in of(rows, "promoted").items() if there}


EVERYTHING = {"shop", "FR", "k1", "k2", "p1", "p2"}


def test_a_promotion_that_names_no_category_concerns_everything():
    assert promoted(promotion("Summer days")) == EVERYTHING


def test_a_promotion_concerns_the_category_that_it_names():
    assert promoted(promotion("AUTO", description="10 % off everything in Milk.")) == {"k1", "p1"}


def test_it_concerns_what_lies_below_the_category():
    assert promoted(promotion("Hot drinks week")) == {"k2", "p2"}


def test_a_part_of_a_word_names_nothing():
    assert promoted(promotion("Teatime")) == EVERYTHING


def test_one_of_another_time_or_for_ever_promotes_nothing():
    past = promotion("Past", since=datetime(2026, 1, 1), until=datetime(2026, 2, 2, 23, 59))
    future = promotion("Future", since=datetime(2026, 2, 4))
    standing = promotion("Welcome", since=datetime(2025, 1, 1), until=datetime(2026, 12, 31))
    assert promoted(past, future, standing) == set()


@pytest.mark.parametrize("day", [date(2026, 2, 3), date(2026, 2, 5)])
def test_its_first_and_last_day_are_promoted(day):
    one = promotion("Days", since=datetime(2026, 2, 3, 18), until=datetime(2026, 2, 5, 6))
    assert promoted(one, at=datetime(day.year, day.month, day.day, 12)) == EVERYTHING


# For any shop

rate_cents = st.sampled_from([0.5, 0.9173, 1.13])


@st.composite
def shops_with_rates(draw: st.DrawFn) -> Shop:
    shop = draw(shops())
    days = [AS_OF - timedelta(days=n) for n in (200, 90, 2)]
    shop["exchange_rates"] = [
        {"rate_date": day, "currency": "USD", "base_currency": "EUR", "rate": draw(rate_cents)}
        for day in days
        if draw(st.booleans())
    ]
    return shop


@given(shops())
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@example({"orders": [], "order_items": [], "refunds": [], "products": [], "categories": []})
def test_it_agrees_with_sales_daily_to_the_cent(shop: Shop):
    one = in_euros(shop)
    rows, daily = series_of(one)
    for level, place in (("shop", None), ("country", "country"), ("category", "category_id")):
        wanted = defaultdict(int)
        for row in daily:
            wanted[row[place] if place else "", row["sold_on"]] += row["net_cents"]
        assert {
            (r["item"], r["sold_on"]): r["net_cents"] for r in rows if r["level"] == level
        } == wanted


@given(shops())
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_stores_have_what_a_slow_sum_of_their_orders_has(shop: Shop):
    one = in_euros(shop)
    rows, _ = series_of(one)
    counted = counted_orders(one)
    wanted = defaultdict(int)
    for each in counted:
        own = [i for i in one["order_items"] if i["order_id"] == each["order_id"]]
        goods = sum(i["gross_cents"] - i["discount_cents"] for i in own)
        if not own:
            paid = each["total_cents"] - each["tax_cents"] - each["shipping_cents"]
            goods = max(paid + each["discount_cents"], 0)
        place = each["store_id"] or "(none)", each["ordered_on"]
        wanted[place] += goods - each["discount_cents"]
    store = {o["order_id"]: o["store_id"] for o in one["orders"] if o["ordered_at"] < CUT}
    for each in refunds_before(one):
        place = store.get(order_undone(one, each)) or "(none)", each["refunded_on"]
        wanted[place] -= each["amount_cents"]
    found = {place: sums[0] for place, sums in stores(rows).items()}
    assert found == (wanted if several(counted) else {})


def several(orders) -> bool:
    return len({each["store_id"] for each in orders} - {None}) > 1


def in_euros(shop: Shop) -> Shop:
    return {
        name: [{**row, "currency": "EUR"} if "currency" in row else row for row in rows]
        for name, rows in shop.items()
    }


@given(shops_with_rates())
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_the_levels_add_up_to_the_cent(shop: Shop):
    counted = {each["order_id"] for each in counted_orders(shop)}
    sold = {i["product_id"] for i in shop["order_items"] if i["order_id"] in counted}
    whole = ("shop", "country", *(["store"] if several(counted_orders(shop)) else []))
    # A product that was never sold has no row, even where money was given back for it.
    for each in shop["refunds"]:
        each["product_id"] = each["product_id"] if each["product_id"] in sold else None
    rows, _ = series_of(shop)
    sums = defaultdict(int)
    for row in rows:
        for name in ("net_cents", "units"):
            sums[row["level"], row["sold_on"], name] += row[name]
            if row["level"] in ("category", "product"):
                place = row["parent"] or row["item"]
                sums[row["level"], row["sold_on"], name, place] += row[name]
    for (_, *place), value in list(sums.items()):
        levels = ("category", "product", *(whole if len(place) == 2 else ()))
        assert {sums[level, *place] for level in levels} == {value}, place


@given(shops_with_rates())
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_counts_are_those_of_a_slow_count(shop: Shop):
    rows, _ = series_of(shop)
    category = {p["product_id"]: p["category_id"] or "(none)" for p in shop["products"]}
    orders, people = defaultdict(set), defaultdict(set)
    for each in (counted := counted_orders(shop)):
        bought = {
            i["product_id"] for i in shop["order_items"] if i["order_id"] == each["order_id"]
        } or {"(none)"}
        places = {("shop", ""), ("country", each["country"] or "(unknown)")}
        places |= {("store", each["store_id"] or "(none)")} if several(counted) else set()
        places |= {("product", p) for p in bought}
        places |= {("category", category.get(p, "(none)")) for p in bought}
        for place in places:
            orders[*place, each["ordered_on"]].add(each["order_id"])
            people[*place, each["ordered_on"]] |= {each["customer_id"]} - {None}
    for row in rows:
        place = row["level"], row["item"], row["sold_on"]
        assert row["orders"] == len(orders[place]), place
        assert row["customers"] == len(people[place]), place
    assert set(orders) <= {(r["level"], r["item"], r["sold_on"]) for r in rows}


@given(shops_with_rates())
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_what_happened_later_changes_nothing(shop: Shop):
    assert series_of(shop)[0] == series_of(as_it_was(shop))[0]


@given(shops_with_rates(), st.integers())
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_the_order_of_the_rows_does_not_matter(shop: Shop, seed: int):
    assert series_of(shop)[0] == series_of(shuffled(shop, seed))[0]
