"""Intervals: they grow with the forecast where misses do, and know nothing of what came later."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from omnix.ml.conformal import ALL
from omnix.ml.forecasting.intervals import ENDS, Intervals, coverage, foretold, learnt, unit

STEPS, CUTS = 14, 8


def said(
    power: float, *, group: str = "shop|smooth", series: int = 4, seed: int = 1
) -> pd.DataFrame:
    """Forecasts of very different sizes whose misses grow with that power of the size."""
    draws = np.random.default_rng(seed)
    cuts = pd.date_range("2024-01-01", periods=CUTS, freq=f"{STEPS}D")
    parts = []
    for name in range(series):
        for cut in cuts:
            value = np.exp(draws.uniform(2, 6, STEPS))
            own = 10.0
            miss = draws.normal(size=STEPS) * own ** (1 - power) * (value + own) ** power * 0.2
            parts.append(
                pd.DataFrame({
                    "unique_id": f"s{name}", "cut": cut, "ahead": np.arange(1, STEPS + 1),
                    "ds": pd.date_range(cut, periods=STEPS + 1)[1:], "predicted": value,
                    "actual": value + miss, "scale": own, "closed": False, "group": group,
                    "part": "choose" if cut < cuts[5] else "report",
                })
            )  # fmt: skip
    return pd.concat(parts, ignore_index=True)


@pytest.mark.parametrize("power", [0.0, 1.0])
def test_the_power_is_the_one_that_misses_follow(power: float) -> None:
    found = learnt(said(power), floor=False)
    assert found.powers == {"shop|smooth": power, ALL: power}


def test_each_group_has_its_own_power() -> None:
    rows = pd.concat([said(0.0), said(1.0, group="product|lumpy", seed=2)], ignore_index=True)
    found = learnt(rows, floor=False).powers
    assert (found["shop|smooth"], found["product|lumpy"]) == (0.0, 1.0)


def test_they_cover_what_they_promise_for_small_and_for_large_forecasts() -> None:
    rows = said(1.0, series=20)
    fresh = said(1.0, series=20, seed=9)
    told = learnt(rows, floor=False).around(fresh, "predicted")
    for level, lower, upper in ENDS:
        inside = fresh["actual"].between(told[lower], told[upper])
        for large in (True, False):
            part = inside[(fresh["predicted"] > 50) == large]
            assert part.mean() == pytest.approx(level, abs=0.05)


def test_intervals_nest_and_hold_their_forecast_and_a_closed_day_has_none() -> None:
    rows = said(0.5).assign(closed=lambda own: own["ahead"] == 3)
    told = learnt(rows, floor=True).around(rows, "predicted")
    assert (told["lower_95"] <= told["lower_80"]).all()
    assert (told["lower_80"] <= told["predicted"]).all()
    assert (told["predicted"] <= told["upper_80"]).all()
    assert (told["upper_80"] <= told["upper_95"]).all()
    shut = told[told["closed"]]
    assert (shut["lower_95"] == shut["predicted"]).all()
    assert (shut["upper_95"] == shut["predicted"]).all()


def test_nothing_after_a_cut_moves_the_intervals_of_that_cut() -> None:
    rows = said(0.5)
    first = rows.loc[rows["part"] == "report", "cut"].min()
    wild = rows.assign(actual=rows["actual"].where(rows["ds"] <= first, 1e6))
    one, other = (foretold(each, floor=False) for each in (rows, wild))
    names = [name for _, *ends in ENDS for name in ends]
    here = one["cut"] == first
    pd.testing.assert_frame_equal(one.loc[here, names], other.loc[here, names])
    later = one["cut"] > first
    assert not np.allclose(one.loc[later, names], other.loc[later, names])


def test_coverage_counts_open_report_days_only() -> None:
    rows = said(0.5)
    days = rows["part"] == "report"
    rows.loc[days, "actual"] = np.where(
        rows.loc[days, "ahead"] % 2, rows.loc[days, "predicted"], 1e9
    )
    rows["closed"] = rows["ahead"] % 2 == 0
    told = coverage(rows, floor=False)
    assert set(told.index) == {"s0", "s1", "s2", "s3"}
    assert (told == 1.0).all().all()


def test_without_a_report_there_is_nothing_to_tell() -> None:
    rows = said(0.5).assign(part="choose")
    assert not len(foretold(rows, floor=False))
    assert list(coverage(rows, floor=False).columns) == ["coverage_80", "coverage_95"]


def test_they_survive_json() -> None:
    found = learnt(pd.concat([said(0.0), said(1.0, group="other")]), floor=True)
    again = Intervals.from_dict(found.to_dict())
    rows = said(0.5).assign(group="unknown")
    pd.testing.assert_frame_equal(again.around(rows, "predicted"), found.around(rows, "predicted"))


def test_a_unit_lies_between_the_scale_and_the_size() -> None:
    assert unit(4.0, -12.0, 0.0) == 4.0
    assert unit(4.0, -12.0, 1.0) == 16.0
    assert unit(4.0, -12.0, 0.5) == 8.0
