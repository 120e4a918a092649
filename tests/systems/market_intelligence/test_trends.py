"""Trends: every figure by example, names that stand the test, words where nothing can be told."""

from __future__ import annotations

import random
from datetime import timedelta

import numpy as np
import pytest

from omnix.systems.market_intelligence.trends import trends
from systems.building import AS_OF
from systems.market_intelligence.series import days, made, noisy


def one(values, metric="units", **given):
    (row,) = [row for row in made(trends, days(values, **given)) if row["metric"] == metric]
    return row


def grown(count, yearly, **given):
    return noisy(count, **given) * (1 + yearly) ** (np.arange(count) / 365.25)


def test_growth_against_the_weeks_before_and_a_year_ago():
    values = np.full(1_000, 10)
    values[-28:], values[-56:-28], values[-392:-364] = 30, 20, 15
    row = one(values)
    assert (row["value_28d"], row["value_before"], row["value_year_ago"]) == (840, 560, 420)
    assert (row["growth_28d"], row["growth_year"]) == (0.5, 1.0)
    assert (row["since"], row["until"]) == (
        AS_OF - timedelta(days=1_000),
        AS_OF - timedelta(days=1),
    )


def test_a_year_ago_is_on_the_same_weekdays():
    values = np.zeros(800)
    values[np.arange(799, 0, -7)] = 100  # one weekday alone
    row = one(values)
    assert row["value_year_ago"] == row["value_28d"] == 400


def test_money_is_in_hundredths():
    assert one(np.full(100, 3), "net_sales")["value_28d"] == 28 * 300


@pytest.mark.parametrize("years", [2, 3])
def test_compound_growth_is_that_of_whole_years(years):
    values = np.concatenate([np.full(364, 100 * 2**n) for n in range(years)])
    assert one(values)["cagr"] == pytest.approx(1.0)


def test_compound_growth_needs_two_years():
    row = one(np.full(727, 5))
    assert row["cagr"] is None
    assert "Yearly growth needs 728 days; there are 727." in row["reason"]


def test_a_rise_is_growth_and_a_fall_decline():
    up, down = one(grown(900, 0.5)), one(grown(900, -0.4))
    assert (up["trend_type"], down["trend_type"]) == ("growth", "decline")
    assert up["momentum_lower"] > 0 > down["momentum_upper"]
    assert up["q"] <= 0.05
    assert up["momentum"] * 52 == pytest.approx(0.405, abs=0.12)
    assert up["reason"].startswith("Growth of ")
    assert down["reason"].startswith("Decline of ")


def test_what_stays_is_stable():
    row = one(noisy(900, noise=0.05, year=0))
    assert (row["trend_type"], row["reason"][:7]) == ("stable", "Within ")


def test_too_much_chance_is_unknown():
    row = one(noisy(900, noise=2.0))
    assert row["trend_type"] == "unknown"
    assert "too much chance" in row["reason"]


def test_a_strong_season_is_seasonal():
    at = np.arange(1_100)
    row = one(400 * np.exp(0.6 * np.cos(2 * np.pi * at / 365.25)) * noisy(1_100, noise=0.05) / 400)
    assert row["trend_type"] == "seasonal"
    assert row["season_yearly"] > 0.9


def test_the_season_of_the_year_is_no_trend():
    at = np.arange(1_100)
    rows = [
        row
        for n in range(6)
        for row in days(
            noisy(1_100, seed=n) * np.exp(0.4 * np.cos(2 * np.pi * (at / 365.25 + n / 6))), "country", f"C{n}"
        )
    ]  # fmt: skip
    found = [row["trend_type"] for row in made(trends, rows) if row["metric"] == "units"]
    assert sum(each in {"growth", "decline"} for each in found) <= 1


def test_trends_in_noise_are_rare():
    rows = [row for n in range(15) for row in days(noisy(400, seed=n), "country", f"C{n:02}")]
    found = [row["trend_type"] for row in made(trends, rows) if row["metric"] == "units"]
    assert sum(each in {"growth", "decline"} for each in found) <= 1


def test_weekdays_are_strong_where_they_are():
    assert one(noisy(300, noise=0.01))["season_weekly"] > 0.9
    assert one(np.random.default_rng(1).poisson(50, 300))["season_weekly"] < 0.3


def test_stationarity_is_told_of_steady_and_of_growing_sales():
    assert one(noisy(900, seed=5))["stationary"] is True
    assert one(grown(900, 1.0))["stationary"] is False


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (10, "A trend needs 12 weeks; there are 1."),
        (100, "Stationarity needs 26 weeks."),
        (300, "The year before needs 392 days."),
    ],
)
def test_what_is_lacking_is_said(count, said):
    assert said in one(np.full(count, 5))["reason"]


def test_a_product_born_yesterday_has_a_row_without_figures():
    row = one([7])
    figures = ("value_28d", "growth_28d", "growth_year", "cagr", "momentum", "stationary", "p", "q")
    assert {row[name] for name in figures} == {None}
    assert row["trend_type"] == "unknown"


def test_what_sold_out_says_so():
    row = one(np.r_[np.full(200, 5), np.zeros(400)])
    assert "Nothing is left of the last 26 weeks." in row["reason"]
    assert row["growth_28d"] is None


@pytest.mark.parametrize(
    "values", [[-5] * 500, [5] * 500, [1] + [0] * 499, [0] * 400 + [-900] + [4] * 400]
)
def test_odd_series_are_answered(values):
    assert {row["metric"] for row in made(trends, days(values))} == {
        "net_sales", "orders", "units", "customers",
    }  # fmt: skip


def test_only_the_largest_products_are_looked_at():
    rows = [row for n in range(60) for row in days([n + 1] * 30, "product", f"p{n:02}")]
    assert {row["item"] for row in made(trends, rows)} == {f"p{n:02}" for n in range(10, 60)}


def test_what_names_no_product_is_left_out():
    assert made(trends, days([5] * 50, "product", "(none)")) == []


def test_later_days_change_nothing():
    rows = days(grown(500, 0.3))
    later = days([5_000] * 100, as_of=AS_OF + timedelta(days=100))
    assert made(trends, rows) == made(trends, [*rows, *later])


def test_the_order_of_the_rows_does_not_matter():
    rows = days(grown(500, 0.3)) + days(noisy(300), "country", "FR")
    assert made(trends, rows) == made(trends, random.Random(1).sample(rows, len(rows)))


def test_without_rows_it_is_empty():
    assert made(trends, []) == []
