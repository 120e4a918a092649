"""The last season again: the honest baseline that every other model has to beat."""

from __future__ import annotations

from omnix.ml.forecasting.candidates._costs import Costs
from omnix.ml.forecasting.candidates._paths import PathModel
from omnix.ml.forecasting.candidates._tails import RECENT, Floats, Tails, last_season


class SeasonalNaive(PathModel):
    """What was sold on this weekday last week (in this week or month last year).

    A place in the season for which no value is known is given the mean of the last four weeks.
    """

    name = "seasonal_naive"
    family = "baseline"
    costs = Costs(0.0003, 0.0015, 0.003)

    @property
    def tail(self) -> int:
        """Eight weeks, or two years of weeks or months."""
        return 56 if self.grain == "day" else 2 * self.season

    def paths(self, tails: Tails) -> Floats:
        """One season, which is repeated."""
        return last_season(tails.values, self.season, RECENT[self.grain])
