"""How good forecasts are: plain functions over arrays.

Every function takes finite numbers of equal length, at least one, else it raises `MetricError`.
Where a number does not exist (a share of nought) the answer is NaN, never a guess; each says when.
Errors are `yhat - y`: positive where the forecast was too high. Shares are shares, not per cent.
"""

from __future__ import annotations

from collections.abc import Callable
from math import nan, sqrt
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from omnix.ml._numbers import Floats, numbers, pair
from omnix.ml.classification import (
    auc,
    average_precision,
    brier,
    ece,
    lift,
    log_loss,
)
from omnix.ml.errors import MetricError

__all__ = [
    "MetricError",
    "auc",
    "average_precision",
    "bias",
    "brier",
    "coverage",
    "ece",
    "interval_score",
    "interval_width",
    "lift",
    "log_loss",
    "mae",
    "mape",
    "mase",
    "pinball",
    "r2",
    "rmse",
    "rmsse",
    "smape",
    "wape",
]

Loss: TypeAlias = Callable[[Floats], NDArray[np.float64]]


def mae(y: ArrayLike, yhat: ArrayLike) -> float:
    """Mean absolute error, in the unit of `y`."""
    actual, made = pair(y, yhat)
    return float(np.mean(np.abs(made - actual)))


def rmse(y: ArrayLike, yhat: ArrayLike) -> float:
    """Root mean squared error, in the unit of `y`."""
    actual, made = pair(y, yhat)
    return _root_mean_square(made - actual)


def bias(y: ArrayLike, yhat: ArrayLike) -> float:
    """Mean error, in the unit of `y`; positive where forecasts are too high."""
    actual, made = pair(y, yhat)
    return float(np.mean(made - actual))


def mape(y: ArrayLike, yhat: ArrayLike) -> float:
    """Mean absolute error as a share of each value; values of nought are left out.

    NaN when all values are nought. It prefers forecasts that are too low: read it beside `wape`.
    """
    actual, made = pair(y, yhat)
    there = actual != 0
    return float(np.mean(np.abs((made - actual)[there] / actual[there]))) if there.any() else nan


def smape(y: ArrayLike, yhat: ArrayLike) -> float:
    """Symmetric MAPE of the M competitions: mean of 2·|error| / (|y| + |yhat|), from 0 to 2.

    Where both are nought there is no error: 0.
    """
    actual, made = pair(y, yhat)
    size = np.abs(actual) + np.abs(made)
    share = np.divide(2 * np.abs(made - actual), size, out=np.zeros_like(size), where=size > 0)
    return float(np.mean(share))


def wape(y: ArrayLike, yhat: ArrayLike) -> float:
    """Sum of absolute errors as a share of the sum of absolute values; NaN when that is nought."""
    actual, made = pair(y, yhat)
    return _share(np.sum(np.abs(made - actual)), np.sum(np.abs(actual)))


def mase(y: ArrayLike, yhat: ArrayLike, train: ArrayLike, season: int = 1) -> float:
    """Mean absolute error as a share of the seasonal naive forecast's in `train`.

    Below 1: better than that. NaN when the training repeats exactly, so that there is no scale.
    (Hyndman and Koehler 2006.)

    Raises:
        MetricError: `train` has no more values than a season.

    """
    return _share(mae(y, yhat), float(np.mean(np.abs(_seasonal_steps(train, season)))))


def rmsse(y: ArrayLike, yhat: ArrayLike, train: ArrayLike, season: int = 1) -> float:
    """The root mean squared twin of `mase`, as in the M5 competition; NaN when there is no scale.

    Raises:
        MetricError: `train` has no more values than a season.

    """
    return _share(rmse(y, yhat), _root_mean_square(_seasonal_steps(train, season)))


def r2(y: ArrayLike, yhat: ArrayLike) -> float:
    """Share of the variance that is explained; NaN when `y` does not vary. It can be negative."""
    actual, made = pair(y, yhat)
    # Compared as they are: the mean of equal numbers can differ from each in its last bit.
    if np.all(actual == actual[0]):
        return nan
    total = np.sum((actual - np.mean(actual)) ** 2)
    return 1.0 - float(np.sum((made - actual) ** 2) / total) if total > 0 else nan


def pinball(y: ArrayLike, q: ArrayLike, tau: float) -> float:
    """Mean pinball loss of `q` as the forecast of the quantile `tau` (0 to 1, exclusive).

    Raises:
        MetricError: `tau` is not between 0 and 1.

    """
    _between(tau, "tau")
    actual, made = pair(y, q)
    miss = actual - made
    return float(np.mean(np.maximum(tau * miss, (tau - 1) * miss)))


def coverage(y: ArrayLike, lower: ArrayLike, upper: ArrayLike) -> float:
    """Share of values in their interval, the ends included.

    Raises:
        MetricError: a lower end lies above its upper one.

    """
    actual, low, high = _interval(y, lower, upper)
    return float(np.mean((low <= actual) & (actual <= high)))


def interval_width(lower: ArrayLike, upper: ArrayLike) -> float:
    """Mean width of the intervals, in the unit of the values.

    Raises:
        MetricError: a lower end lies above its upper one.

    """
    _, low, high = _interval(lower, lower, upper)
    return float(np.mean(high - low))


def interval_score(y: ArrayLike, lower: ArrayLike, upper: ArrayLike, level: float) -> float:
    """Width plus 2/(1-level) times what lies outside: narrow intervals that cover score low.

    (Gneiting and Raftery 2007.)

    Raises:
        MetricError: `level` is not between 0 and 1, or a lower end lies above its upper one.

    """
    _between(level, "level")
    actual, low, high = _interval(y, lower, upper)
    outside = np.maximum(low - actual, 0) + np.maximum(actual - high, 0)
    return float(np.mean(high - low + 2 / (1 - level) * outside))


def _interval(y: ArrayLike, lower: ArrayLike, upper: ArrayLike) -> tuple[Floats, Floats, Floats]:
    actual, low = pair(y, lower)
    _, high = pair(y, upper)
    if (crossed := low > high).any():
        at = int(np.argmax(crossed))
        raise MetricError(
            f"Interval {at} runs from {low[at]} to {high[at]}.", "Give the lower end first."
        )
    return actual, low, high


def _seasonal_steps(train: ArrayLike, season: int) -> Floats:
    past = numbers(train, "train")
    if season < 1 or len(past) <= season:
        raise MetricError(
            f"The training has {len(past)} values, the season is {season}.",
            "Give a season of 1 or more and a longer training.",
        )
    return past[season:] - past[:-season]


def _root_mean_square(values: Floats) -> float:
    """Scaled first, so that huge values do not overflow when squared."""
    largest = float(np.max(np.abs(values)))
    return largest * sqrt(float(np.mean((values / largest) ** 2))) if largest > 0 else 0.0


def _share(part: float, whole: float) -> float:
    return float(part / whole) if whole > 0 else nan


def _between(share: float, name: str) -> None:
    if not 0 < share < 1:
        raise MetricError(f"{name} is {share}; it must lie between 0 and 1.", "Give such as 0.9.")
