"""Several seasons taken off by LOESS, the rest by exponential smoothing."""

from __future__ import annotations

from omnix.ml.forecasting.candidates._costs import Costs
from omnix.ml.forecasting.candidates._seasons import laid_out, lengths, profiles
from omnix.ml.forecasting.candidates._statsforecast import STEPS, StatisticalModel
from omnix.ml.forecasting.candidates._tails import Floats


class Mstl(StatisticalModel):
    """Weekdays and the year as profiles, the rest by exponential smoothing.

    The year is there only where two of them are known.
    """

    name = "mstl"
    costs = Costs(0.06, 0.055, 0.06)

    def one(self, y: Floats) -> tuple[Floats, str]:
        """The path, and the seasons that were taken off."""
        from statsforecast.models import AutoETS

        season = laid_out(profiles(y, self.grain), len(y), STEPS)
        rest = AutoETS(1, model="ZZN").fit(y - season[: len(y)])
        path = rest.predict(STEPS)["mean"] + season[len(y) :]
        seasons = " and ".join(map(str, lengths(len(y), self.grain)))
        return path, f"seasons of {seasons}" if seasons else "no season"
