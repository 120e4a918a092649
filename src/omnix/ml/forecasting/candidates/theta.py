"""The Theta method, dynamic and optimised."""

from __future__ import annotations

from omnix.ml.forecasting.candidates._costs import Costs
from omnix.ml.forecasting.candidates._seasons import laid_out, profiles
from omnix.ml.forecasting.candidates._statsforecast import STEPS, StatisticalModel
from omnix.ml.forecasting.candidates._tails import Floats


class Theta(StatisticalModel):
    """The dynamic optimised Theta model (Fiorucci et al. 2016) on the deseasonalised series.

    The choice among four Theta models costs three times as much and is no better on noisy sales.
    The year of a weekly series is taken off as a smoothed profile: its 52 means over two or three
    years would be mostly noise.
    """

    name = "theta"
    costs = Costs(0.036, 0.03, 0.025)

    def one(self, y: Floats) -> tuple[Floats, str]:
        """The path; there is one model only."""
        from statsforecast.models import DynamicOptimizedTheta

        season = self.seasonal(y)
        taken = laid_out(profiles(y, self.grain) if season > 24 else [], len(y), STEPS)
        model = DynamicOptimizedTheta(season if season <= 24 else 1)
        path = model.forecast(y - taken[: len(y)], STEPS)["mean"] + taken[len(y) :]
        return path, "theta" if season == 1 else f"theta after a season of {season}"
