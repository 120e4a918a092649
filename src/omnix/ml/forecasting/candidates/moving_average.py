"""The mean of the last four weeks: the baseline for series without a season."""

from __future__ import annotations

from omnix.ml.forecasting.candidates._costs import Costs
from omnix.ml.forecasting.candidates._paths import PathModel
from omnix.ml.forecasting.candidates._tails import RECENT, Floats, Tails, recent_mean


class MovingAverage(PathModel):
    """The mean of the last 28 days, 4 weeks or 3 months for every day to come."""

    name = "moving_average"
    family = "baseline"
    costs = Costs(0.0003, 0.0015, 0.003)

    @property
    def tail(self) -> int:
        """What the mean is taken over."""
        return RECENT[self.grain]

    def paths(self, tails: Tails) -> Floats:
        """One value, which stays."""
        return recent_mean(tails.values, self.tail)[:, None]
