"""How good probabilities and rankings are: plain functions over arrays of 0/1 and of scores.

Input errors raise `MetricError`, as in `metrics`. Ties among scores count as if they were broken at
random, so the order of the rows never matters.
"""

from __future__ import annotations

from math import ceil, nan

import numpy as np
from numpy.typing import ArrayLike

from omnix.ml._numbers import Floats, pair
from omnix.ml.errors import MetricError

_LEAST = 1e-15


def auc(y: ArrayLike, score: ArrayLike) -> float:
    """Chance that a one scores above a nought, ties counting half; NaN when one kind is missing.

    (Area under the ROC curve, as the statistic of Mann and Whitney.)
    """
    truth, scores = _labelled(y, score)
    ones = int(truth.sum())
    noughts = len(truth) - ones
    if not ones or not noughts:
        return nan
    _, place, count = np.unique(scores, return_inverse=True, return_counts=True)
    middle = np.cumsum(count) - (count - 1) / 2  # the mean rank of each tie
    ranks = float(middle[place][truth == 1].sum())
    return (ranks - ones * (ones + 1) / 2) / (ones * noughts)


def average_precision(y: ArrayLike, score: ArrayLike) -> float:
    """Precision at each score that occurs, weighted by the recall it adds; NaN without a one."""
    truth, scores = _labelled(y, score)
    if not truth.any():
        return nan
    levels, place = np.unique(-scores, return_inverse=True)
    ones = np.cumsum(np.bincount(place, weights=truth, minlength=len(levels)))
    asked = np.cumsum(np.bincount(place, minlength=len(levels)))
    gained = np.diff(ones, prepend=0.0) / ones[-1]
    return float(np.sum(gained * ones / asked))


def brier(y: ArrayLike, p: ArrayLike) -> float:
    """Mean squared difference between the probability and what happened."""
    truth, chance = _probable(y, p)
    return float(np.mean((chance - truth) ** 2))


def log_loss(y: ArrayLike, p: ArrayLike) -> float:
    """Mean negative logarithm of the probability given to what happened.

    Probabilities are kept 1e-15 away from 0 and 1, so that one sure mistake is not infinite.
    """
    truth, chance = _probable(y, p)
    happened = np.where(truth == 1, chance, 1 - chance)
    return float(-np.mean(np.log(np.clip(happened, _LEAST, 1 - _LEAST))))


def ece(y: ArrayLike, p: ArrayLike, bins: int = 10) -> float:
    """Expected calibration error: mean gap between probability and frequency over equal bins.

    Bins are weighted by their rows; one at an edge belongs to the upper bin, 1 to the last.
    (Guo et al. 2017, for the positive class.)

    Raises:
        MetricError: there is less than one bin.

    """
    if bins < 1:
        raise MetricError(f"There are {bins} bins.", "Give 1 or more.")
    truth, chance = _probable(y, p)
    place = np.minimum((chance * bins).astype(int), bins - 1)
    gaps = np.bincount(place, weights=chance - truth, minlength=bins)
    return float(np.sum(np.abs(gaps)) / len(truth))


def lift(y: ArrayLike, score: ArrayLike, share: float = 0.1) -> float:
    """How many times more ones the best-scored `share` holds than as many picked at random.

    The share is rounded up to whole rows. NaN without a one.

    Raises:
        MetricError: `share` is not above 0 and at most 1.

    """
    if not 0 < share <= 1:
        raise MetricError(
            f"share is {share}; it must be above 0 and at most 1.", "Give such as 0.1."
        )
    truth, scores = _labelled(y, score)
    if not truth.any():
        return nan
    taken = ceil(share * len(truth) - 1e-9)
    line = np.sort(scores)[-taken]
    above, at = scores > line, scores == line
    found = truth[above].sum() + truth[at].mean() * (taken - above.sum())
    return float(found / taken / truth.mean())


def _labelled(y: ArrayLike, score: ArrayLike) -> tuple[Floats, Floats]:
    truth, scores = pair(y, score, "y and score")
    if (other := (truth != 0) & (truth != 1)).any():
        at = int(np.argmax(other))
        raise MetricError(f"y is {truth[at]} at place {at}.", "Give 1 for what happened, else 0.")
    return truth, scores


def _probable(y: ArrayLike, p: ArrayLike) -> tuple[Floats, Floats]:
    truth, chance = _labelled(y, p)
    if (other := (chance < 0) | (chance > 1)).any():
        at = int(np.argmax(other))
        raise MetricError(f"The probability at place {at} is {chance[at]}.", "Give 0 to 1.")
    return truth, chance
