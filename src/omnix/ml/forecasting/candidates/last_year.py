"""The same time of last year, moved by half of the growth since."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from omnix.ml.forecasting.candidates._costs import Costs
from omnix.ml.forecasting.candidates._paths import PathModel
from omnix.ml.forecasting.candidates._tails import RECENT, Floats, Tails, last_season

if TYPE_CHECKING:
    from collections.abc import Mapping

    from omnix.ml.folds import Grain

#: Periods of a year; 364 days, so that weekdays stay where they are.
_YEAR: Mapping[Grain, int] = MappingProxyType({"day": 364, "week": 52, "month": 12})
#: The quarter whose sales are held against those of the year before.
_QUARTER: Mapping[Grain, int] = MappingProxyType({"day": 91, "week": 13, "month": 3})
#: Growth seldom lasts a year: half of it is taken, and no more than doubling or halving is believed.
_HALF, _MOST = 0.5, 2.0


class LastYear(PathModel):
    """What was sold a year before, times the square root of the growth from year to year.

    The growth is that of the last quarter. A series younger than a year is given the mean of its
    last four weeks where it has no value.
    """

    name = "last_year"
    family = "statistical"
    costs = Costs(0.0003, 0.0015, 0.003)

    def __init__(self, grain: Grain = "day") -> None:
        super().__init__(grain)
        self.season = _YEAR[grain]
        self.needs = self.season + RECENT[grain]

    @property
    def tail(self) -> int:
        """Two years."""
        return 2 * self.season

    def paths(self, tails: Tails) -> Floats:
        """One year, which is repeated."""
        year = last_season(tails.values, self.season, RECENT[self.grain])
        return year * self._growth(tails.values)[:, None]

    def _growth(self, values: Floats) -> Floats:
        """By what each series is moved; one where nothing was sold in either year, or is not known."""
        new = values[:, self.season :][:, -_QUARTER[self.grain] :]
        old = values[:, : values.shape[1] - self.season][:, -_QUARTER[self.grain] :]
        both = ~np.isnan(new) & ~np.isnan(old)
        now, then = (np.where(both, each, 0.0).sum(axis=1) for each in (new, old))
        told = (now > 0) & (then > 0)
        share = np.divide(now, then, out=np.ones(len(values)), where=told)
        return np.asarray(np.clip(share, 1 / _MOST, _MOST) ** _HALF)
