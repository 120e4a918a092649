"""ARIMA of small orders, chosen by AICc."""

from __future__ import annotations

from typing import Any

import numpy as np

from omnix.ml.forecasting.candidates._costs import Costs
from omnix.ml.forecasting.candidates._statsforecast import STEPS, StatisticalModel
from omnix.ml.forecasting.candidates._tails import Floats

#: The search of Hyndman & Khandakar (2008), kept short: the unrestricted one costs 40 times as much.
_SEARCH: dict[str, Any] = {
    "max_p": 2,
    "max_q": 2,
    "max_P": 1,
    "max_Q": 1,
    "max_d": 1,
    "max_D": 1,
    "start_p": 0,
    "start_q": 1,
    "start_P": 0,
    "start_Q": 1,
    "nmodels": 12,
    "approximation": True,
}
#: Sine waves that stand for the year where its 52 weeks are too many for a seasonal ARIMA.
_WAVES = 2


class AutoArima(StatisticalModel):
    """Seasonal ARIMA: weekdays by seasonal differences, the year of weekly series by two waves."""

    name = "auto_arima"
    costs = Costs(0.175, 0.45, 0.9)

    def one(self, y: Floats) -> tuple[Floats, str]:
        """The path, and the orders that were chosen."""
        from statsforecast.models import AutoARIMA

        season = self.seasonal(y, 4 if self.grain == "day" else 2)
        if season > 24:
            waves = _waves(np.arange(len(y) + STEPS), season)
            model = AutoARIMA(season_length=1, **_SEARCH).fit(y, X=waves[: len(y)])
            return model.predict(STEPS, X=waves[len(y) :])["mean"], f"{_orders(model)} + waves"
        # Shops have weekdays: the test for seasonal differences is too shy where sales are noisy.
        differences = 1 if self.grain == "day" and season > 1 else None
        model = AutoARIMA(season_length=season, D=differences, **_SEARCH).fit(y)
        return model.predict(STEPS)["mean"], _orders(model)


def _waves(at: np.ndarray[Any, np.dtype[np.int64]], season: int) -> Floats:
    angles = 2 * np.pi * at[:, None] * np.arange(1, _WAVES + 1) / season
    return np.hstack([np.sin(angles), np.cos(angles)])


def _orders(model: Any) -> str:
    p, q, P, Q, season, d, D = model.model_["arma"]  # noqa: N806 - their names in the literature
    seasonal = f"({P},{D},{Q})[{season}]" if season > 1 else ""
    return f"ARIMA({p},{d},{q}){seasonal}"
