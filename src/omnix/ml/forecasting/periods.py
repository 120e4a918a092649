"""Days, weeks that begin on Mondays, months: where one begins and how a series of days becomes one of them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from omnix.ml.folds import Grain, shift

if TYPE_CHECKING:
    import pandas as pd


def first_of(days: pd.Series, grain: Grain) -> pd.Series:
    """The first day of the period that each day lies in."""
    if grain == "day":
        return days
    return days.dt.to_period("W-SUN" if grain == "week" else "M").dt.start_time


def start(day: date, grain: Grain) -> date:
    """The first day of the period that `day` lies in."""
    if grain == "week":
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if grain == "month" else day


def whole(first: date, last: date, grain: Grain) -> tuple[date, date]:
    """The first days of the first and of the last period that lie wholly within `first` to `last`.

    The first comes after the last when there is none.
    """
    begin = start(first, grain)
    if begin < first:
        begin = shift(begin, 1, grain)
    end = start(last, grain)
    if shift(end, 1, grain) - timedelta(days=1) > last:
        end = shift(end, -1, grain)
    return begin, end
