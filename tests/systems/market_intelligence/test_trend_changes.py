"""Change points as a table: planted ones with their day and size, and none where nothing changed."""

from __future__ import annotations

import random
from datetime import timedelta

import numpy as np
import pytest

from omnix.systems.market_intelligence.trend_changes import trend_changes
from systems.building import AS_OF
from systems.market_intelligence.series import days, made, noisy


def stepped(count=800, at=500, by=1.5, **given):
    values = noisy(count, **given)
    values[at:] *= by
    return values


def test_a_planted_step_is_told_of_each_metric():
    found = made(trend_changes, days(stepped()))
    assert [row["metric"] for row in found] == ["customers", "net_sales", "orders", "units"]
    planted = AS_OF - timedelta(days=300)
    for row in found:
        assert abs((row["changed_on"] - planted).days) <= 7
        assert row["change"] == pytest.approx(0.5, abs=0.1)
        assert row["after"] / row["before"] - 1 == pytest.approx(row["change"])
        assert row["p"] <= row["q"] <= 0.05
        assert row["kind"] == "level"
        assert row["reason"].startswith("The level rose by ")


def test_the_change_is_that_from_before_to_after():
    values = stepped(800, 400, 3.0, noise=0.02)
    values[450:] *= 0.2
    rows = [row for row in made(trend_changes, days(values)) if row["metric"] == "units"]
    assert [row["kind"] for row in rows] == ["level", "level"]
    assert [row["change"] for row in rows] == pytest.approx([2.0, -0.8], rel=0.05)
    for row in rows:
        assert row["after"] / row["before"] - 1 == pytest.approx(row["change"])
    assert rows[0]["after"] == pytest.approx(rows[1]["before"], rel=0.05)


def test_what_rises_from_nearly_nought_has_levels_and_no_share():
    values = np.array(stepped(), dtype=float)
    values[:500] /= 100
    row = next(
        r
        for r in made(trend_changes, days(values))
        if (r["metric"], r["kind"]) == ("units", "level")
    )
    assert row["change"] is None
    assert 0 <= row["before"] < row["after"] / 20
    assert row["reason"] == "The level rose near nought, weekdays, season and promotions aside."


def test_nothing_is_told_where_nothing_changes():
    rows = [row for n in range(8) for row in days(noisy(500, seed=n), "country", f"C{n:02}")]
    assert made(trend_changes, rows) == []


def test_among_many_series_only_the_changed_ones_are_told():
    rows = [row for n in range(12) for row in days(noisy(500, seed=n), "category", f"k{n}")]
    rows += days(stepped(500, 250, 0.6, seed=50), "category", "fallen")
    found = made(trend_changes, rows)
    assert {row["item"] for row in found} >= {"fallen"}
    assert sum(row["item"] != "fallen" for row in found) <= 4


def test_promotions_explain_themselves():
    values = noisy(800)
    values[500:560] *= 1.6
    rows = days(values)
    for n, row in enumerate(rows):
        row["promoted"] = 500 <= n < 560
    assert made(trend_changes, rows) == []


def test_later_days_change_nothing():
    rows = days(stepped())
    later = days([5_000] * 100, as_of=AS_OF + timedelta(days=100))
    assert made(trend_changes, rows) == made(trend_changes, [*rows, *later])


def test_the_order_of_the_rows_does_not_matter():
    rows = days(stepped()) + days(stepped(seed=4), "country", "FR")
    assert made(trend_changes, rows) == made(
        trend_changes, random.Random(1).sample(rows, len(rows))
    )


@pytest.mark.parametrize("values", [[], [5], [5] * 111, [5] * 400, [-5] * 400, [0] * 300 + [-9]])
def test_too_little_or_odd_gives_nothing(values):
    assert made(trend_changes, days(values)) == []


def test_closed_days_and_a_gap_that_ends_are_no_change():
    values = np.array(noisy(800))
    values[200:290] = 0
    values[6::7] = 0
    assert made(trend_changes, days(values)) == []
