"""Rolling origins: the past moments from which every candidate forecasts, the same for all.

(Tashman 2000, "Out-of-sample tests of forecasting accuracy".) All of a fold's training lies on or
before its cut, all of its test after it.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Literal, NamedTuple

from omnix.ml.errors import FoldError
from omnix.ml.frames import KEY

if TYPE_CHECKING:
    import pandas as pd

Grain = Literal["day", "week", "month"]


class Split(NamedTuple):
    """What a candidate learns from, what it is asked (no `y`), and what then happened."""

    train: pd.DataFrame
    future: pd.DataFrame
    actual: pd.DataFrame


@dataclass(frozen=True, order=True)
class Fold:
    """One origin. `cut`: the last period that is known. `horizon`: how many periods are asked."""

    cut: date
    horizon: int
    grain: Grain = "day"

    @property
    def end(self) -> date:
        """The last period that is asked."""
        return shift(self.cut, self.horizon, self.grain)

    def split(self, frame: pd.DataFrame) -> Split:
        """`frame` (unique_id, ds, y, covariates) as this fold shows it."""
        cut, end = _moment(self.cut), _moment(self.end)
        test = frame[(frame["ds"] > cut) & (frame["ds"] <= end)]
        return Split(
            train=frame[frame["ds"] <= cut].reset_index(drop=True),
            future=test.drop(columns="y").reset_index(drop=True),
            actual=test[[*KEY, "y"]].reset_index(drop=True),
        )

    def ahead(self, frame: pd.DataFrame) -> pd.Series:
        """How many periods after the cut each row of `frame` lies; 1 is the first."""
        if self.grain == "month":
            months = frame["ds"].dt.year * 12 + frame["ds"].dt.month
            return months - (self.cut.year * 12 + self.cut.month)
        days = (frame["ds"] - _moment(self.cut)).dt.days
        return -(-days // 7) if self.grain == "week" else days


def rolling_origin(
    last_day: date,
    horizon: int,
    windows: int,
    step: int | None = None,
    *,
    grain: Grain = "day",
    first_day: date | None = None,
    least: int = 1,
) -> list[Fold]:
    """The newest `windows` folds that end on or before `last_day`, oldest first.

    step:      periods from one cut to the next; without it they do not overlap.
    first_day: the first period with data; a fold with fewer than `least` periods up to its cut is
        left out, so that there may be fewer folds than asked for, or none.

    Raises:
        FoldError: horizon, windows, step or least is below one.

    """
    step = horizon if step is None else step
    for name, value in {
        "horizon": horizon,
        "windows": windows,
        "step": step,
        "least": least,
    }.items():
        if value < 1:
            raise FoldError(f"{name} is {value}; it must be 1 or more.", f"Give {name} >= 1.")
    last = last_day.date() if isinstance(last_day, datetime) else last_day
    cuts = [shift(last, -(horizon + step * back), grain) for back in reversed(range(windows))]
    if first_day is not None:
        first = first_day.date() if isinstance(first_day, datetime) else first_day
        cuts = [cut for cut in cuts if shift(first, least - 1, grain) <= cut]
    return [Fold(cut, horizon, grain) for cut in cuts]


def shift(day: date, periods: int, grain: Grain = "day") -> date:
    """`day` moved by whole periods; a month's 31st becomes its last day where there is none.

    The last day of a month stays the last day of a month.
    """
    if grain != "month":
        return day + timedelta(days=periods * (7 if grain == "week" else 1))
    years, month = divmod(day.year * 12 + day.month - 1 + periods, 12)
    length = calendar.monthrange(years, month + 1)[1]
    ends = day.day == calendar.monthrange(day.year, day.month)[1]
    return date(years, month + 1, length if ends else min(day.day, length))


def _moment(day: date) -> datetime:
    return datetime(day.year, day.month, day.day)  # noqa: DTZ001 - frames have no zone
