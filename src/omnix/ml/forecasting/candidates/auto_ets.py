"""Exponential smoothing, its form chosen by AICc."""

from __future__ import annotations

from omnix.ml.forecasting.candidates._costs import Costs
from omnix.ml.forecasting.candidates._statsforecast import STEPS, StatisticalModel
from omnix.ml.forecasting.candidates._tails import Floats


class AutoEts(StatisticalModel):
    """Level, trend and season, each additive, multiplicative or absent (Hyndman et al. 2008).

    The 52 weeks of a year are more than exponential smoothing can learn: weekly series have no
    season here.
    """

    name = "auto_ets"
    costs = Costs(0.29, 0.035, 0.5)

    def one(self, y: Floats) -> tuple[Floats, str]:
        """The path, and the form that was chosen."""
        from statsforecast.models import AutoETS

        season = self.seasonal(y, 3 if self.grain == "day" else 2)
        model = AutoETS(season if season <= 24 else 1).fit(y)
        return model.predict(STEPS)["mean"], str(model.model_["method"])
