"""Weekdays and the year as profiles that are added to a level."""

from __future__ import annotations

import numpy as np

from omnix.ml.folds import Grain
from omnix.ml.forecasting import SEASONS
from omnix.ml.forecasting.candidates._tails import Floats

#: A year, and the periods of a month over which its profile is smoothed: two years hold only two
#: values for each day of the year, and their mean would be mostly noise.
_YEAR: dict[Grain, tuple[int, int]] = {"day": (365, 31), "week": (52, 5), "month": (12, 1)}
#: Rounds in which several seasons are taken off one after the other.
_ROUNDS = 2


def lengths(periods: int, grain: Grain) -> list[int]:
    """The seasons that a series of so many periods has gone through twice, shortest first."""
    return [each for each in sorted({SEASONS[grain], _YEAR[grain][0]}) if periods >= 2 * each]


def profiles(y: Floats, grain: Grain) -> list[Floats]:
    """The last season of each length, given what the others explain (Bandara et al. 2021)."""
    seasons = lengths(len(y), grain)
    parts = [np.zeros(len(y)) for _ in seasons]
    for _ in range(_ROUNDS if len(seasons) > 1 else 1):
        for place, length in enumerate(seasons):
            others = sum((part for at, part in enumerate(parts) if at != place), np.zeros(len(y)))
            parts[place] = _season(y - others, length, 7 + 4 * (place + 1))
    last = [part[-length:] for part, length in zip(parts, seasons, strict=True)]
    year, month = _YEAR[grain]
    return [_smooth(one, month) if len(one) == year else one for one in last]


def laid_out(last: list[Floats], periods: int, steps: int) -> Floats:
    """The sum of profiles over the last `periods`, at whose end they end, and the next `steps`."""
    at = np.arange(-periods, steps)
    return sum((one[at % len(one)] for one in last), np.zeros(len(at)))


def _season(y: Floats, length: int, window: int) -> Floats:
    """The seasonal part of `y`; `window` seasons are averaged, as R's `mstl` does."""
    from statsmodels.tsa.seasonal import STL

    jump = length // 10 + 1  # LOESS at every tenth point, straight lines between, as in R
    options = {"seasonal": window, "seasonal_deg": 0, "trend_jump": jump, "low_pass_jump": jump}
    return np.asarray(STL(y, length, **options).fit().seasonal)


def _smooth(profile: Floats, window: int) -> Floats:
    """The running mean over a profile whose end goes on at its beginning."""
    around = np.pad(profile, window // 2, mode="wrap")
    return np.convolve(around, np.full(window, 1 / window), mode="valid")
