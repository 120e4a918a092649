"""What was planted can be found again in the data, by plain statistics."""

from __future__ import annotations

import json

import duckdb
import numpy as np
import pytest

from omnix.sources.sample import SampleShop

Db = duckdb.DuckDBPyConnection

LINES = """
    select order_id, order_date::date as day, customer_id, shipping_country as country,
           order_items.*, products.top_category, products.consumption_days, products.intermittent
    from order_items join orders using (order_id) join truth.products using (product_id)
"""
DAYS = 912


def one(db: Db, query: str) -> tuple[float, ...]:
    row = db.execute(query).fetchone()
    assert row is not None
    return row


def pooled_elasticity(db: Db) -> tuple[float, float]:
    """Fit one own-price elasticity with product effects (Poisson, Newton); and the planted one.

    What others of the category sell on the day stands for seasons, trends and the customers.
    """
    names = [
        row[0] for row in db.execute("select product_id from truth.products order by 1").fetchall()
    ]
    number = {name: n for n, name in enumerate(names)}
    sold = np.zeros((DAYS, len(names)))
    rows = db.execute(f"""select date_diff('day', date '2024-01-01', day), product_id, sum(quantity)
        from ({LINES}) group by all""").fetchall()
    for day, name, quantity in rows:
        sold[day, number[name]] += quantity
    price = np.zeros((DAYS, len(names)))
    for name, day, value in db.execute("""
        select product_id, greatest(date_diff('day', date '2024-01-01', valid_from::date), 0), price
        from price_history where currency = 'EUR' order by valid_from""").fetchall():
        price[day:, number[name]] = float(value)
    live = np.ones((DAYS, len(names)), bool)
    for name, start, end in db.execute("""
        select product_id, date_diff('day', date '2024-01-01', a::date),
               date_diff('day', date '2024-01-01', b::date)
        from (select product_id, from_at as a, until_at as b from truth.stockouts
              union all select product_id, timestamp '2024-01-01', launched_at from truth.products
              union all select product_id, discontinued_at, timestamp '2026-07-01'
              from truth.products where discontinued_at is not null)
        where b > a""").fetchall():
        live[start:end, number[name]] = False
    top, truth, odd = (
        np.array(column)
        for column in zip(
            *db.execute("""select top_category, elasticity, intermittent
            from truth.products order by product_id""").fetchall(),
            strict=True,
        )
    )
    others = np.zeros_like(sold)
    for name in np.unique(top):
        block = top == name
        others[:, block] = sold[:, block].sum(axis=1, keepdims=True) - sold[:, block]
    keep = ~odd & (sold.sum(axis=0) > 20)
    sold, exposure, log_price = sold[:, keep], (others * live)[:, keep], np.log(price[:, keep])
    slope = 0.0
    for _ in range(30):
        mean = exposure * np.exp(slope * (log_price - log_price[0]))
        mean *= sold.sum(axis=0) / mean.sum(axis=0)
        centre = (mean * log_price).sum(axis=0) / mean.sum(axis=0)
        information = (mean * (log_price - centre) ** 2).sum(axis=0)
        slope += ((sold - mean) * log_price).sum() / information.sum()
    return slope, float((truth[keep] * information).sum() / information.sum())


def test_own_price_elasticity(db: Db) -> None:
    found, planted = pooled_elasticity(db)
    assert planted < -1
    assert found == pytest.approx(planted, abs=0.25)


@pytest.mark.slow
def test_own_price_elasticity_of_the_medium_shop(medium: Db) -> None:
    found, planted = pooled_elasticity(medium)
    assert found == pytest.approx(planted, abs=0.08)


def weekday_shares(db: Db, category: str) -> list[float]:
    rows = db.execute(f"""select isodow(day), count(*) * 7.0 / sum(count(*)) over () from ({LINES})
        where top_category = '{category}' group by 1 order by 1""").fetchall()
    return [row[1] for row in rows]


def constants(shop: SampleShop) -> dict[str, list[dict[str, object]]]:
    loaded: dict[str, list[dict[str, object]]] = json.loads(
        (shop.truth / "constants.json").read_text(encoding="utf-8")
    )
    return loaded


def test_the_week_of_the_largest_category(db: Db, shop: SampleShop) -> None:
    planted = constants(shop)["categories"][0]
    found = weekday_shares(db, str(planted["name"]))
    assert np.corrcoef(found, planted["weekday_factors"])[0, 1] > 0.8  # type: ignore[arg-type]


@pytest.mark.slow
def test_the_week_of_every_category(medium: Db, shop: SampleShop) -> None:
    for planted in constants(shop)["categories"]:
        wanted = np.array(planted["weekday_factors"])
        found = np.array(weekday_shares(medium, str(planted["name"])))
        assert np.abs(found - wanted).max() < 0.12, planted["name"]
        if wanted.std() > 0.07:
            assert np.corrcoef(found, wanted)[0, 1] > 0.85, planted["name"]


def test_the_garden_season_is_in_may_and_not_in_november(db: Db) -> None:
    may, november = one(
        db,
        f"""select count(*) filter (month(day) = 5),
        count(*) filter (month(day) = 11) from ({LINES}) where year(day) = 2025
        and top_category = 'Garden'""",
    )
    assert may > 1.5 * november


@pytest.mark.slow
def test_trend_breaks(medium: Db) -> None:
    """Sales of the category against all others, eight weeks before and after."""
    for category, day, level in (
        ("Electronics", "2025-03-10", 1.5),
        ("Fashion", "2025-09-01", 0.65),
    ):
        ours, rest = (
            one(medium, f"""select count(*) filter (day >= '{day}')
                / count(*) filter (day < '{day}') from ({LINES})
                where (top_category = '{category}') = {same}
                  and day between date '{day}' - 56 and date '{day}' + 55""")[0]
            for same in (True, False)
        )  # fmt: skip
        assert ours / rest == pytest.approx(level, rel=0.2), category


def test_black_week_lifts_orders(medium: Db) -> None:
    during, around = one(
        medium,
        """
        select count(*) filter (order_date::date between '2025-11-23' and '2025-11-30') / 8.0,
               count(*) filter (order_date::date not between '2025-11-23' and '2025-11-30') / 28.0
        from orders where order_date::date between '2025-11-09' and '2025-12-14'""",
    )
    assert during > 1.6 * around


def test_a_sale_takes_its_percentage_off(db: Db) -> None:
    low, high = one(
        db,
        f"""select min(discount_amount / (quantity * unit_price)),
        max(discount_amount / (quantity * unit_price)) from ({LINES})
        where top_category = 'Garden' and day between '2025-04-20' and '2025-04-26'""",
    )
    assert low == pytest.approx(0.15, abs=0.01)
    assert high == pytest.approx(0.15, abs=0.01)


@pytest.mark.slow
def test_fewer_order_on_a_public_holiday(medium: Db) -> None:
    on, other = one(
        medium,
        """
        select count(*) filter (holiday_name is not null)
                 / count(distinct order_date::date) filter (holiday_name is not null),
               count(*) filter (holiday_name is null)
                 / count(distinct order_date::date) filter (holiday_name is null)
        from orders left join holidays
          on holiday_date = order_date::date and country = shipping_country
        where shipping_country = 'DE'""",
    )
    assert on < 0.85 * other


def test_consumption_comes_back_after_its_period(db: Db) -> None:
    rows = db.execute(f"""
        select any_value(period_days), median(gap) from (
            select *, day - lag(day) over (partition by customer_id, product_id order by day) as gap
            from truth.cycles join (select distinct customer_id, product_id, day from ({LINES}))
              using (customer_id, product_id))
        where gap is not null group by customer_id, product_id having count(*) >= 6""").fetchall()
    assert len(rows) > 20
    off = [abs(found - planted) / planted for planted, found in rows]
    assert np.median(off) < 0.06
    assert np.mean(np.array(off) < 0.15) > 0.95


def test_things_that_go_together_are_bought_together(db: Db) -> None:
    rows = db.execute(f"""
        with lines as ({LINES}), together as (
            select a.product_id, b.product_id as bought_with, count(*) as pairs
            from lines a join lines b using (order_id) group by all),
        single as (select product_id, count(*) as orders from lines group by 1)
        select coalesce(pairs, 0) * (select count(distinct order_id) from lines)
                 / (f.orders * s.orders) as lift
        from truth.affinities left join together using (product_id, bought_with)
        join single f using (product_id) join single s on s.product_id = bought_with
        where f.orders > 30""").fetchall()
    assert len(rows) >= 3
    assert min(lift for (lift,) in rows) > 2


def test_nothing_is_sold_while_it_is_out_of_stock(db: Db) -> None:
    assert one(db, "select count(*) from truth.stockouts")[0] > 3
    assert one(
        db,
        f"""select count(*) from ({LINES}) join truth.stockouts using (product_id)
        where day >= from_at and day < until_at""",
    ) == (0,)


def test_nothing_lies_in_the_warehouse_in_a_stockout_at_the_end(medium: Db) -> None:
    assert one(
        medium,
        """select max(quantity_available), count(*) > 0 from inventory
        join truth.stockouts using (product_id) where until_at > '2026-06-30'""",
    ) == (0, True)


def test_intermittent_products_sell_on_few_days_and_then_many(db: Db) -> None:
    days, pieces = one(
        db,
        f"""
        with p as (select product_id, any_value(intermittent) as odd, count(distinct day) as n,
                          avg(quantity) as q from ({LINES}) group by 1)
        select avg(n) filter (odd) / avg(n) filter (not odd),
               avg(q) filter (odd) / avg(q) filter (not odd) from p""",
    )
    assert days < 0.5
    assert pieces > 2


def test_departures_are_final_and_silent(db: Db) -> None:
    assert one(db, "select count(departed_at) from truth.customers")[0] > 100
    assert one(
        db,
        """select count(*) from orders join truth.customers using (customer_id)
        where order_date > departed_at""",
    ) == (0,)
    gone, there = one(
        db,
        """select avg(is_active::int) filter (departed_at is not null),
        avg(is_active::int) filter (departed_at is null)
        from customers join truth.customers using (customer_id)""",
    )
    assert gone == pytest.approx(there, abs=0.06)


def test_purchase_rates_differ_as_planted(db: Db) -> None:
    (found,) = one(
        db,
        """
        select corr(relative_rate, n) from (
            select relative_rate, count(order_id) as n from truth.customers
            left join orders using (customer_id)
            where departed_at is null and arrived_at < '2024-01-01' and account = 'ordinary'
              and customer_id not in (select customer_id from truth.cycles)
            group by customer_id, relative_rate)""",
    )
    assert found > 0.8


def test_a_few_orders_have_no_customer(db: Db) -> None:
    (share,) = one(db, "select avg((customer_id is null)::int) from orders")
    assert 0.02 < share < 0.07


def test_ratings_follow_quality(medium: Db) -> None:
    (found,) = one(
        medium,
        """select corr(rating, quality) from (
        select product_id, avg(rating) as rating from reviews group by 1 having count(*) > 15)
        join truth.products using (product_id)""",
    )
    assert found > 0.7


def test_rates_walk_and_do_not_jump(db: Db) -> None:
    rows = db.execute("""
        select currency, count(*), min(rate), max(rate), max(abs(step)) from (
            select *, ln(rate / lag(rate) over (partition by currency order by rate_date)) as step
            from exchange_rates) group by 1""").fetchall()
    assert {row[0] for row in rows} == {"EUR", "GBP", "USD", "PLN", "CHF"}
    for currency, days, low, high, step in rows:
        assert days == DAYS
        if currency == "EUR":
            assert (low, high) == (1, 1)
        else:
            assert step < 0.025
            assert 1.02 < high / low < 1.8


def test_competitors_follow_our_prices(medium: Db) -> None:
    (slope,) = one(
        medium,
        """
        with theirs as (
            select product_id, observed_at, avg(ln(competitor_price)) as theirs
            from competitor_prices group by 1, 2),
        both_ as (
            select t.product_id, theirs, ln(h.price) as ours from theirs t
            asof join (select *, valid_from + interval 7 day as seen from price_history
                       where currency = 'EUR') h
              on t.product_id = h.product_id and t.observed_at >= h.seen)
        select regr_slope(theirs - m, ours - n) from (
            select *, avg(theirs) over (partition by product_id) as m,
                   avg(ours) over (partition by product_id) as n from both_)""",
    )
    assert slope == pytest.approx(0.6, abs=0.1)


def test_shipments_are_late_in_a_strike(medium: Db) -> None:
    during, usual = one(
        medium,
        """
        with s as (select *, epoch(actual_delivery_date - shipped_date) / 86400 as days
                   from shipments where carrier = 'Hermes')
        select avg(days) filter (shipped_date between '2025-02-04' and '2025-02-21'),
               avg(days) filter (shipped_date < '2025-01-31') from s""",
    )
    assert during - usual == pytest.approx(4, abs=0.5)


def test_consents_are_given_and_withdrawn(db: Db) -> None:
    given, withdrawn, again = one(
        db,
        """
        with c as (select *, lag(granted) over w as before, row_number() over w as n from consents
                   window w as (partition by customer_id, purpose order by recorded_at))
        select count(*) filter (n = 1 and granted), count(*) filter (before and not granted),
               count(*) filter (n = 3 and granted) from c""",
    )
    assert given > withdrawn > again > 0
    assert one(db, "select max(recorded_at) < '2026-07-01' from consents") == (True,)
