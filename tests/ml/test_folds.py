"""Folds: training never reaches beyond the cut, the test never before it."""

from __future__ import annotations

import itertools
from datetime import date, datetime, timedelta

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from omnix.ml.errors import FoldError
from omnix.ml.folds import Fold, rolling_origin, shift

LAST = date(2024, 3, 31)
GRAINS = st.sampled_from(["day", "week", "month"])


@given(st.integers(1, 400), st.integers(1, 12), st.integers(1, 60), GRAINS)
def test_folds_end_at_the_last_day_and_are_a_step_apart(horizon, windows, step, grain) -> None:
    folds = rolling_origin(LAST, horizon, windows, step, grain=grain)
    assert len(folds) == windows
    assert folds == sorted(folds)
    assert folds[-1].end == LAST
    for one, next_one in itertools.pairwise(folds):
        assert shift(one.cut, step, grain) == next_one.cut
    assert {fold.horizon for fold in folds} == {horizon}


@given(st.dates(date(1990, 1, 1), date(2050, 1, 1)), st.integers(-200, 200))
def test_months_lead_back_where_they_came_from(day, months) -> None:
    moved = shift(day, months, "month")
    assert (moved.year * 12 + moved.month) - (day.year * 12 + day.month) == months
    if day.day <= 27:
        assert shift(moved, -months, "month") == day


def test_the_end_of_a_month_stays_one() -> None:
    assert shift(date(2024, 2, 29), 1, "month") == date(2024, 3, 31)
    assert shift(date(2024, 1, 31), 1, "month") == date(2024, 2, 29)
    assert shift(date(2024, 1, 30), 13, "month") == date(2025, 2, 28)


def test_without_a_step_folds_do_not_overlap() -> None:
    one, two = rolling_origin(LAST, 7, 2)
    assert two.cut == one.end


def test_folds_before_there_is_data_are_left_out() -> None:
    first = LAST - timedelta(days=29)
    folds = rolling_origin(LAST, 7, 10, first_day=first, least=14)
    assert [fold.cut for fold in folds] == [LAST - timedelta(days=14), LAST - timedelta(days=7)]
    assert rolling_origin(LAST, 28, 3, first_day=first, least=14) == []


def test_a_moment_counts_as_its_day() -> None:
    assert rolling_origin(datetime(2024, 3, 31, 12), 7, 3) == rolling_origin(LAST, 7, 3)


@pytest.mark.parametrize("wrong", [{"horizon": 0}, {"windows": -1}, {"step": 0}, {"least": 0}])
def test_what_makes_no_folds_is_told(wrong) -> None:
    with pytest.raises(FoldError, match=next(iter(wrong))):
        rolling_origin(LAST, **{"horizon": 7, "windows": 2, "step": 7, **wrong})


def frame(freq="D", count=60) -> pd.DataFrame:
    ds = pd.date_range("2024-01-01", periods=count, freq=freq)
    parts = [
        pd.DataFrame({"unique_id": i, "ds": ds, "y": range(count), "promo": 1.0}) for i in "ab"
    ]
    return pd.concat(parts).sample(frac=1, random_state=1)


def test_a_split_hides_what_then_happened() -> None:
    fold = Fold(date(2024, 2, 10), 7)
    train, future, actual = fold.split(frame())
    assert train["ds"].max() == pd.Timestamp("2024-02-10")
    assert (future["ds"].min(), future["ds"].max()) == (pd.Timestamp("2024-02-11"), pd.Timestamp("2024-02-17"))  # fmt: skip
    assert list(future) == ["unique_id", "ds", "promo"]
    assert list(actual) == ["unique_id", "ds", "y"]
    assert len(future) == len(actual) == 14
    assert sorted(set(fold.ahead(actual))) == list(range(1, 8))


def test_steps_ahead_count_periods() -> None:
    weekly = Fold(date(2024, 1, 29), 3, "week")
    assert sorted(set(weekly.ahead(weekly.split(frame("7D")).actual))) == [1, 2, 3]
    monthly = Fold(date(2024, 6, 1), 12, "month")
    assert sorted(set(monthly.ahead(monthly.split(frame("MS")).actual))) == list(range(1, 13))
