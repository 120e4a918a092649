"""Our prices against competitors': every column by example, odd feeds, a real one where it is there."""

from __future__ import annotations

import csv
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from omnix.systems.market_intelligence.competitive_pricing import competitive_pricing
from systems.building import build
from systems.shops import CUT

REAL = Path(__file__).parents[4] / "shared" / "data" / "competitor_prices" / "retail_price.csv"


def product(price=1_000, cost=500, **given):
    return {"product_id": "p1", "product_name": "Milk", "category_id": "k1", "price_cents": price, "cost_cents": cost, "is_active": True, **given}  # fmt: skip


def seen(name="Rival", price=1_000, ago=2.0, **given):
    moment = CUT - timedelta(days=ago)
    return {"product_id": "p1", "competitor_name": name, "price_cents": price, "observed_at": moment, **given}  # fmt: skip


def ours(price, ago, **given):
    return {"product_id": "p1", "price_cents": price, "valid_from": CUT - timedelta(days=ago), **given}  # fmt: skip


def pricing(products, feed, history=()):
    return build(
        competitive_pricing, products=products, competitor_prices=feed, price_history=history
    )


def one(products, feed, history=()):
    (row,) = pricing(products, feed, history)
    return row


def test_every_column_of_a_row():
    feed = [seen("A", 800, ago=1), seen("B", 1_000), seen("A", 1_500, ago=40), seen("B", 990, 100)]
    history = [ours(900, 200), ours(1_200, 10)]
    rows = pricing([product(cost=700)], feed, history)
    assert list(rows[0].values()) == [
        "p1", "Milk", "k1", "A", "EUR", 800, CUT - timedelta(days=1), 1, False, 1_200, 400, 0.5, 2,
        900, 800, pytest.approx(133.333, abs=0.001), 3, "luxury", "budget", "value", 700, 0.1, 770,
        "lower", 960, "33 % above the market; a fifth less is the most for one step.",
    ]  # fmt: skip
    assert rows[1]["gap_cents"] == 200
    assert rows[1]["suggested_price_cents"] == 960


def test_without_a_feed_it_is_empty():
    assert pricing([product()], []) == []


@pytest.mark.parametrize(
    ("price", "position", "rank"),
    [(899, "budget", 1), (900, "value", 1), (949, "value", 1), (950, "market", 1), (1_000, "market", 1),
     (1_049, "market", 2), (1_050, "premium", 2), (1_099, "premium", 2), (1_100, "luxury", 2)],
)  # fmt: skip
def test_positions_follow_the_mean_of_the_market(price, position, rank):
    row = one([product(price)], [seen(price=1_000)])
    assert (row["position"], row["rank"]) == (position, rank)


@pytest.mark.parametrize(
    ("price", "cost", "theirs", "action", "suggested", "said"),
    [
        (1_100, 500, [1_000], "lower", 1_000, "10 % above the market: down to its mean."),
        (1_100, 950, [1_000], "lower", 1_045, "cost + 10 % stops the way down"),
        (1_100, 1_000, [1_000], "hold", 1_100, "as low as cost + 10 % allows"),
        (1_000, 950, [1_000], "raise", 1_045, "below cost + 10 %, which is 10.45"),
        (1_000, 500, [1_020], "hold", 1_000, "Within 5 % of the market"),
        (1_000, 500, [1_100], "raise", 1_100, "up to the cheapest competitor"),
        (1_000, 500, [2_000], "raise", 1_200, "up by a fifth"),
        (1_000, 500, [900, 1_400], "hold", 1_000, "not the cheapest"),
        (
            1_000,
            500,
            [1_000, 1_400],
            "hold",
            1_000,
            "nobody is cheaper, but another asks as little",
        ),
        (1_000, None, [900], None, None, "Its cost is not known, so nothing"),
        (0, 500, [900], None, None, "nought"),
        (None, 500, [900], None, None, "no price in EUR"),
    ],
)
def test_what_is_suggested(price, cost, theirs, action, suggested, said):
    feed = [seen(f"R{n}", each) for n, each in enumerate(theirs)]
    row = pricing([product(price, cost)], feed)[0]
    assert (row["action"], row["suggested_price_cents"]) == (action, suggested)
    assert said in row["reason"]


def test_a_cost_in_another_currency_is_none():
    history = [ours(1_100, 10, currency="USD")]
    row = one([product(currency="EUR")], [seen(currency="USD")], history)
    assert (row["our_price_cents"], row["cost_cents"], row["action"]) == (1_100, None, None)
    assert "not known in USD" in row["reason"]


def test_a_price_in_another_currency_is_not_compared():
    row = one([product(currency="EUR")], [seen(currency="USD")])
    assert (row["our_price_cents"], row["gap_cents"], row["position"]) == (None, None, None)
    assert row["reason"] == "We have no price in USD to compare."


def test_old_prices_are_shown_but_make_no_market():
    row = one([product()], [seen(ago=91)])
    assert (row["is_stale"], row["competitors"], row["price_index"]) == (True, 0, None)
    assert row["observed_days_ago"] == 91
    assert "more than 90 days ago" in row["reason"]


def test_what_is_no_longer_sold_gets_no_advice():
    assert (
        one([product(is_active=False)], [seen(price=500)])["reason"]
        == "We do not sell it any more."
    )


def test_the_past_needs_prices_of_the_past():
    row = one([product()], [seen(ago=1), seen(ago=50)], [ours(800, 35)])
    assert (row["position_30d"], row["position_90d"]) == ("budget", None)


def test_nothing_after_the_cut_counts():
    feed, history = [seen()], [ours(900, 5)]
    later = [seen(price=1, ago=-1)], [ours(1, 0)]
    assert pricing([product()], feed, history) == pricing(
        [product()], feed + later[0], history + later[1]
    )


prices = st.integers(1, 5_000)


@given(
    st.one_of(st.none(), st.integers(0, 5_000)), st.one_of(st.none(), st.integers(0, 5_000)), st.lists(prices, min_size=1, max_size=4)
)  # fmt: skip
@settings(max_examples=60, deadline=None)
def test_a_suggestion_keeps_the_floor_and_the_step(price, cost, theirs):
    rows = pricing([product(price, cost)], [seen(f"R{n}", each) for n, each in enumerate(theirs)])
    assert len(rows) == len(theirs)
    mean = sum(theirs) / len(theirs)
    for row in rows:
        if row["action"] is None:
            assert not price or cost is None
            continue
        assert row["suggested_price_cents"] * 10 >= cost * 11
        if price * 10 >= cost * 11:
            assert 0.8 * price <= row["suggested_price_cents"] <= 1.2 * price
        assert row["price_index"] == pytest.approx(100 * price / mean)


@pytest.mark.skipif(not REAL.exists(), reason=f"{REAL} is not there")
def test_a_real_feed_gives_the_gaps_of_its_own_file():
    with REAL.open(encoding="utf-8") as file:
        read = list(csv.DictReader(file))

    def when(row):
        return datetime.strptime(row["month_year"], "%d/%m/%Y")  # noqa: DTZ007 - a month

    def cents(text):
        return round(float(text) * 100)

    names = sorted({row["product_id"] for row in read})
    cut = max(map(when, read)) + timedelta(days=1)
    shift = CUT - cut
    products = [{"product_id": name, "is_active": True} for name in names]
    history = [{"product_id": r["product_id"], "price_cents": cents(r["unit_price"]), "valid_from": when(r) + shift} for r in read]  # fmt: skip
    feed = [
        {"product_id": r["product_id"], "competitor_name": f"competitor {n}", "price_cents": cents(r[f"comp_{n}"]), "observed_at": when(r) + shift}
        for r in read for n in (1, 2, 3)
    ]  # fmt: skip
    rows = pricing(products, feed, history)
    assert len(rows) == 3 * len(names)
    newest = {name: max((r for r in read if r["product_id"] == name), key=when) for name in names}
    for row in rows:
        last = newest[row["product_id"]]
        number = row["competitor_name"][-1]
        assert row["gap_cents"] == cents(last["unit_price"]) - cents(last[f"comp_{number}"])
    assert {row["reason"] for row in rows if not row["is_stale"]} == {
        "Its cost is not known, so nothing is suggested."
    }
