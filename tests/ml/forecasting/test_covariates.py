"""What models are told of the days, what they learn from, and what they may not say."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from omnix.ml.forecasting.calendar import Calendar, Feast, covariates, filled, holidays_of, shut

WEEKEND = Calendar(
    date(2024, 1, 1), date(2024, 6, 30), (5, 6), (Feast("Rest"),), ((date(2024, 5, 1), date(2024, 5, 3)),)
)  # fmt: skip
REST = {date(2024, 7, 4): "Rest", date(2024, 7, 9): "Fair", date(2024, 5, 9): "Rest"}


def test_days_and_their_neighbours() -> None:
    days = pd.Series(pd.date_range("2024-07-03", "2024-07-10"))
    told = covariates(days, REST, WEEKEND, "day")
    assert list(told) == ["ds", "closed", "holiday", "before_holiday", "after_holiday"]
    assert told["closed"].tolist() == [0, 1, 0, 1, 1, 0, 0, 0]
    assert told["holiday"].tolist() == [0, 1, 0, 0, 0, 0, 1, 0]
    assert told["before_holiday"].tolist() == [1, 0, 0, 0, 0, 1, 0, 0]
    assert told["after_holiday"].tolist() == [0, 0, 1, 0, 0, 0, 0, 1]
    mixed = covariates(days.iloc[::-1], REST, WEEKEND, "day")
    pd.testing.assert_frame_equal(mixed.iloc[::-1].reset_index(drop=True), told)


def test_the_past_is_what_happened() -> None:
    told = covariates(pd.date_range("2024-05-01", "2024-05-12"), REST, WEEKEND, "day")
    assert told["closed"].tolist() == [1, 1, 1, *[0] * 9]


def test_weeks_and_months_are_sums_of_their_days() -> None:
    for grain, starts, lengths in (
        ("week", ["2024-07-01", "2024-07-08"], [7, 7]),
        ("month", ["2024-07-01", "2024-08-01"], [31, 31]),
    ):
        told = covariates(pd.to_datetime(pd.Series(starts)), REST, WEEKEND, grain)
        for row, start, length in zip(told.itertuples(), starts, lengths, strict=True):
            days = covariates(pd.date_range(start, periods=length), REST, WEEKEND, "day")
            assert row.closed == pytest.approx(days["closed"].mean())
            assert row.holiday == days["holiday"].sum()
            assert row.before_holiday == days["before_holiday"].sum()
            assert row.after_holiday == days["after_holiday"].sum()


def test_no_days_have_no_covariates() -> None:
    assert len(covariates([], {}, Calendar(), "week")) == 0


def test_public_holidays() -> None:
    gb = holidays_of(["GB"], date(2024, 12, 20), date(2025, 1, 2))
    assert gb == {date(2024, 12, 25): "Christmas Day", date(2024, 12, 26): "Boxing Day", date(2025, 1, 1): "New Year's Day"}  # fmt: skip
    assert "Yom Kippur" in holidays_of(["il"], date(2024, 10, 1), date(2024, 10, 30)).values()
    both = holidays_of(["DE", "GB", "ZZ"], date(2024, 12, 25), date(2024, 12, 26))
    assert both[date(2024, 12, 26)] == "Second Day of Christmas; Boxing Day"
    assert holidays_of([], date(2024, 1, 1), date(2024, 12, 31)) == {}


def history(y: list[float], closed: list[float], first: str = "2024-01-01", freq: str = "D") -> pd.DataFrame:  # fmt: skip
    ds = pd.date_range(first, periods=len(y), freq=freq)
    return pd.DataFrame({"unique_id": "shop=", "ds": ds, "y": y, "closed": closed})


def test_a_closed_day_is_filled_from_its_weekday() -> None:
    y = [float(10 * week + day) for week in range(1, 7) for day in range(7)]
    closed = [0.0] * 42
    closed[7 * 2 + 3] = 1.0
    got = filled(history([0.0 if shut else value for value, shut in zip(y, closed, strict=True)], closed))  # fmt: skip
    assert got["y"].iloc[17] == np.mean([13, 23, 43, 53])
    assert got["y"].drop(17).tolist() == [value for at, value in enumerate(y) if at != 17]


def test_a_weekday_that_is_always_closed_is_filled_from_all_days() -> None:
    closed = [float(at % 7 == 5) for at in range(28)]
    got = filled(history([0.0 if shut else 6.0 for shut in closed], closed))
    assert (got["y"] == 6).all()


def test_months_are_filled_from_their_neighbours() -> None:
    got = filled(history([1.0, 2, 0, 4, 5, 90], [0, 0, 1, 0, 0.3, 0], freq="MS"))
    assert got["y"].iloc[2] == 3.0


def test_never_open_or_not_told_stays() -> None:
    rows = history([0.0, 0], [1, 1])
    pd.testing.assert_frame_equal(filled(rows), rows)
    plain = rows.drop(columns="closed")
    assert filled(plain) is plain


@settings(deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_filling_has_a_slow_twin_and_no_order(seed) -> None:
    rng = np.random.default_rng(seed)
    parts = []
    for name in "ab":
        closed = (rng.random(40) < 0.4).astype(float)
        y = np.where(closed > 0, 0.0, rng.integers(1, 9, 40))
        parts.append(history(y, closed).assign(unique_id=name))
    rows = pd.concat(parts, ignore_index=True).sample(frac=1, random_state=seed % 1000)
    got = filled(rows)
    assert (got.index == rows.index).all()
    for at, row in rows.iterrows():
        own = rows[(rows["unique_id"] == row["unique_id"]) & (rows["closed"] == 0)]
        same = own[own["ds"].dt.weekday == row["ds"].weekday()]
        if row["closed"] == 0:
            assert got["y"][at] == row["y"]
        elif len(same):
            away = (same["ds"] - row["ds"]).abs()
            order = np.lexsort((same["ds"], away))[:4]
            assert got["y"][at] == pytest.approx(same["y"].iloc[order].mean())
        else:
            assert got["y"][at] == pytest.approx(own["y"].mean())


def test_answers_are_nought_on_closed_days() -> None:
    future = history([0.0] * 4, [0, 1, 0.5, 0]).drop(columns="y")
    answer = future[["unique_id", "ds"]].assign(yhat=10.0).iloc[::-1]
    assert shut(answer, future)["yhat"].tolist() == [10, 10, 0, 10]
    assert shut(answer, future, usual=0.5)["yhat"].tolist() == [20, 10, 0, 20]
    plain = future.drop(columns="closed")
    assert shut(answer, plain) is answer
