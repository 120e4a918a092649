"""Which way a short series goes: its median slope, the slope's interval, and whether it is chance."""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

#: Values below which no slope is told.
NEEDED = 8


@dataclass(frozen=True)
class Momentum:
    """What one step adds (`slope`), its interval, and the chance of so clear a trend in noise."""

    slope: float
    lower: float
    upper: float
    p: float


def momentum(values: Floats, level: float = 0.95) -> Momentum:
    """The median of all slopes between two values (Theil 1950, Sen 1968), tested by Mann and Kendall.

    The variance of Kendall's S allows for ties and for values that resemble the one before
    (first-order memory of the residuals, as in the trend-free form of Hamed and Rao 1998).

    Raises:
        ValueError: there are fewer than `NEEDED` values, or they are not finite.

    """
    import numpy as np

    given = np.asarray(values, dtype=np.float64)
    if len(given) < NEEDED or not np.isfinite(given).all():
        raise ValueError(f"{len(given)} values, {NEEDED} finite ones needed")
    first, second = np.triu_indices(len(given), 1)
    steps = given[second] - given[first]
    slopes = np.sort(steps / (second - first))
    slope = float(np.median(slopes))
    spread = math.sqrt(_variance(given) * _memory(given - slope * np.arange(len(given))))
    if spread == 0:
        return Momentum(slope, slope, slope, 1.0)
    total = float(np.sign(steps).sum())
    score = (abs(total) - 1) / spread if total else 0.0
    half = NormalDist().inv_cdf(0.5 + level / 2) * spread / 2
    low = max(math.floor(len(slopes) / 2 - half), 0)
    high = min(math.ceil(len(slopes) / 2 + half), len(slopes) - 1)
    chance = min(2 * (1 - NormalDist().cdf(max(score, 0.0))), 1.0)
    return Momentum(slope, float(slopes[low]), float(slopes[high]), chance)


def _variance(values: Floats) -> float:
    """That of Kendall's S without a trend, ties allowed for."""
    import numpy as np

    count = len(values)
    ties = np.unique(values, return_counts=True)[1]
    tied = (ties * (ties - 1) * (2 * ties + 5)).sum()
    return float((count * (count - 1) * (2 * count + 5) - tied) / 18)


def _memory(rest: Floats) -> float:
    """By how much values that resemble the one before widen S; 1 where they do not."""
    import numpy as np

    away = rest - rest.mean()
    square = float(away @ away)
    lag = float(away[1:] @ away[:-1]) / square if square else 0.0
    lag = float(np.clip(lag + 2 / len(rest), 0.0, 0.8))
    return (1 + lag) / (1 - lag)
