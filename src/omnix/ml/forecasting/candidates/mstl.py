"""Several seasons taken off by LOESS, the rest by exponential smoothing."""

from __future__ import annotations

import numpy as np

from omnix.ml.folds import Grain
from omnix.ml.forecasting.candidates._statsforecast import STEPS, StatisticalModel
from omnix.ml.forecasting.candidates._tails import Floats

#: A year, and the periods of a month over which its profile is smoothed: two years hold only two
#: values for each day of the year, and their mean would be mostly noise.
_YEAR: dict[Grain, tuple[int, int]] = {"day": (365, 31), "week": (52, 5), "month": (12, 1)}
#: Rounds in which the seasons are taken off one after the other.
_ROUNDS = 2


class Mstl(StatisticalModel):
    """Weekdays and the year as profiles (Bandara et al. 2021), the rest by exponential smoothing.

    The year is there only where two of them are known.
    """

    name = "mstl"
    cost = 0.12

    def one(self, y: Floats) -> tuple[Floats, str]:
        """The path, and the seasons that were taken off."""
        from statsforecast.models import AutoETS

        seasons = [n for n in sorted({self.season, _YEAR[self.grain][0]}) if len(y) >= 2 * n]
        profiles = self._profiles(y, seasons)
        at = np.arange(len(y) + STEPS)
        season = sum((one[(at - len(y)) % len(one)] for one in profiles), np.zeros(len(at)))
        rest = AutoETS(1, model="ZZN").fit(y - season[: len(y)])
        path = rest.predict(STEPS)["mean"] + season[len(y) :]
        return path, f"seasons of {' and '.join(map(str, seasons))}" if seasons else "no season"

    def _profiles(self, y: Floats, seasons: list[int]) -> list[Floats]:
        """The last season of each length, given what the others explain."""
        year, month = _YEAR[self.grain]
        parts = [np.zeros(len(y)) for _ in seasons]
        for _ in range(_ROUNDS if len(seasons) > 1 else 1):
            for place, length in enumerate(seasons):
                others = sum((part for at, part in enumerate(parts) if at != place), np.zeros(1))
                parts[place] = _season(y - others, length, 7 + 4 * (place + 1))
        last = [part[-length:] for part, length in zip(parts, seasons, strict=True)]
        return [_smooth(one, month) if len(one) == year else one for one in last]


def _season(y: Floats, length: int, window: int) -> Floats:
    """The seasonal part of `y`; `window` seasons are averaged, as R's `mstl` does."""
    from statsmodels.tsa.seasonal import STL

    jump = length // 10 + 1  # LOESS at every tenth point, straight lines between, as in R
    stl = STL(
        y, length, seasonal=window, seasonal_deg=0, trend_jump=jump, low_pass_jump=jump
    )  # fmt: skip
    return np.asarray(stl.fit().seasonal)


def _smooth(profile: Floats, window: int) -> Floats:
    """The running mean over a profile whose end goes on at its beginning."""
    around = np.pad(profile, window // 2, mode="wrap")
    return np.convolve(around, np.full(window, 1 / window), mode="valid")
