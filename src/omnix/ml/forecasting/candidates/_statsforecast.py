"""Models of statsforecast, fitted to one series after another; what one stumbles over is caught."""

from __future__ import annotations

from abc import abstractmethod
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import ClassVar

import numpy as np

from omnix.ml._quiet import quiet
from omnix.ml.folds import Grain
from omnix.ml.forecasting.candidates._paths import PathModel
from omnix.ml.forecasting.candidates._tails import (
    RECENT,
    Floats,
    Tails,
    filled,
    last_season,
    recent_mean,
)

#: Periods that are forecast when the model learns: a year of days, and more of weeks and months.
STEPS = 366
#: Three years of days, five of weeks, ten of months: older values only cost time.
_TAIL: dict[Grain, int] = {"day": 1096, "week": 261, "month": 120}


class StatisticalModel(PathModel):
    """Fits a model to each series by itself.

    A series that is constant or has too few values beside others, or that the library stumbles
    over, is given the last season again. No answer leaves the range of what was seen by more than
    that range, nor changes its sign where history never did.
    """

    family = "statistical"
    needs = 10
    width: ClassVar[int] = STEPS

    @property
    def tail(self) -> int:
        """Periods of the past that are looked at."""
        return _TAIL[self.grain]

    @abstractmethod
    def one(self, y: Floats) -> tuple[Floats, str]:
        """The path of the series `y`, whose mean size is 1, and the model in a few words."""

    def paths(self, tails: Tails) -> Floats:
        """The path of each series, in their order."""
        paths, notes = self._baseline(tails), Counter[str]()
        known = (~np.isnan(tails.values)).sum(axis=1)
        with silent():
            for at, y in enumerate(filled(tails.values, self.season)):
                if known[at] >= self.needs and np.ptp(y):
                    path, note = self._tried(y)
                    notes[note] += 1
                    paths[at] = paths[at] if path is None else bounded(path, y)
        self._notes = dict(notes.most_common())
        return paths

    def seasonal(self, y: Floats, seasons: int = 2) -> int:
        """The length of the season, 1 where `y` has not lasted for that many."""
        return self.season if len(y) >= seasons * self.season else 1

    def _baseline(self, tails: Tails) -> Floats:
        """What stands where no model is fitted."""
        recent = RECENT[self.grain]
        if self.width == 1:
            return recent_mean(tails.values, recent)[:, None]
        season = last_season(tails.values, self.season, recent)
        return season[:, np.arange(self.width) % self.season]

    def _tried(self, y: Floats) -> tuple[Floats | None, str]:
        scale = float(np.abs(y).mean())
        try:
            path, note = self.one(y / scale)
        except Exception as error:  # whatever the library raises concerns this one series only
            return None, f"baseline ({type(error).__name__})"
        return (path * scale, note) if np.isfinite(path).all() else (None, "baseline (not finite)")


@contextmanager
def silent() -> Iterator[None]:
    """What the libraries warn of (a search that stops early, a division by 0) helps nobody here."""
    quiet()
    with np.errstate(all="ignore"):
        yield


def bounded(path: Floats, y: Floats) -> Floats:
    """`path` kept near what was seen in `y`: a trend does not go on for ever."""
    return np.clip(path, *bounds(y))


def bounds(y: Floats) -> tuple[float, float]:
    """The range of `y` with as much again on both sides, but not beyond 0 where `y` never was."""
    low, high = float(y.min()), float(y.max())
    span = high - low
    least = max(low - span, 0.0) if low >= 0 else low - span
    most = min(high + span, 0.0) if high <= 0 else high + span
    return least, most
