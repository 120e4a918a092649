"""Cuts: how many a history allows, and that nothing of a report is seen by the choice."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from omnix.ml.errors import TooLittleData
from omnix.ml.folds import shift
from omnix.ml.forecasting.origins import origins

START = date(2022, 1, 3)


@pytest.mark.parametrize(
    ("grain", "length", "folds", "reported"),
    [
        ("day", 730, 8, 3), ("day", 140, 3, 1), ("day", 100, 4, 2), ("day", 28, 2, 0),
        ("week", 104, 6, 2), ("week", 8, 3, 1), ("month", 30, 6, 2), ("month", 6, 3, 1),
    ],
)  # fmt: skip
def test_as_many_cuts_as_the_history_allows(grain, length, folds, reported) -> None:
    first = date(2022, 1, 1) if grain == "month" else START
    found = origins(first, shift(first, length - 1, grain), 90, grain)
    assert (len(found.folds), len(found.report)) == (folds, reported)


@pytest.mark.parametrize(("grain", "length"), [("day", 14), ("day", 27), ("week", 7), ("month", 5)])
def test_too_little_says_what_is_needed(grain, length) -> None:
    first = date(2022, 1, 1) if grain == "month" else START
    with pytest.raises(TooLittleData) as told:
        origins(first, shift(first, length - 1, grain), 30, grain)
    assert str(length) in told.value.what
    assert grain in told.value.needed


@settings(deadline=None)
@given(length=st.integers(28, 1500), horizon=st.integers(1, 365))
def test_no_fold_reaches_beyond_the_end_and_the_choice_sees_no_report(length, horizon) -> None:
    last = START + timedelta(days=length - 1)
    found = origins(START, last, horizon, "day")
    assert all(
        fold.end <= last and fold.horizon <= horizon and fold.cut >= START for fold in found.folds
    )
    assert [fold.cut for fold in found.folds] == sorted({fold.cut for fold in found.folds})
    assert all(fold.cut >= found.seen for fold in found.report)
