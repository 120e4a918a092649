"""The Theta method, dynamic and optimised."""

from __future__ import annotations

from omnix.ml.forecasting.candidates._statsforecast import STEPS, StatisticalModel
from omnix.ml.forecasting.candidates._tails import Floats


class Theta(StatisticalModel):
    """The dynamic optimised Theta model (Fiorucci et al. 2016) on the deseasonalised series.

    The choice among four Theta models costs three times as much and is no better on noisy sales.
    """

    name = "theta"
    cost = 0.04

    def one(self, y: Floats) -> tuple[Floats, str]:
        """The path; there is one model only."""
        from statsforecast.models import DynamicOptimizedTheta

        season = self.seasonal(y)
        path = DynamicOptimizedTheta(season).forecast(y, STEPS)["mean"]
        return path, "theta" if season == 1 else f"theta after a season of {season}"
