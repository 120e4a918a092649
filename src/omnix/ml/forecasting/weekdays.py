"""The week of a shop: weekdays that are closed, and since when."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from omnix.ml.forecasting.opening import LEAST_WEEKS, Flags

Floats: TypeAlias = NDArray[np.float64]

#: Weeks that tell of the week to come, and the age at which one counts half.
WEEKS = 26
_HALF = 6.0
#: The share of its days on which a closed weekday may have sold all the same.
_EXCEPTIONS = 0.15
#: How unlikely it must be that an open weekday looks as if it were closed.
_WEEKDAY_CHANCE = 1e-3
#: An open weekday may sell less than the others: by this share of them it is judged.
_QUIET = 0.5


def runs(flags: Flags) -> Iterator[tuple[int, int]]:
    """Runs of true values: start, and end exclusive."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], flags, [False])).astype(np.int8)))
    return zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True)


@dataclass(frozen=True)
class Week:
    """Weeks x weekdays. sold: whether it sold; known: whether the day tells anything of its weekday."""

    sold: Flags
    known: Flags
    offset: int
    length: int

    @classmethod
    def of(cls, first: date, y: Floats, silent: Flags) -> Week:
        """From the sales of each day since `first`; `silent` days tell nothing of their weekday."""
        offset = first.weekday()
        length = len(y)
        weeks = -(-(offset + length) // 7)
        sold, known = (np.zeros(weeks * 7, dtype=bool) for _ in range(2))
        sold[offset : offset + length] = y != 0
        known[offset : offset + length] = ~silent
        return cls((sold & known).reshape(weeks, 7), known.reshape(weeks, 7), offset, length)

    def closed_now(self) -> tuple[int, ...]:
        """The weekdays that are closed from now on, as the newest weeks show them."""
        if self.length // 7 < LEAST_WEEKS:
            return ()
        sold, known = self.sold[-WEEKS:], self.known[-WEEKS:]
        counts, opened = known.sum(axis=0), sold.sum(axis=0)
        ages = np.arange(len(known))[::-1, None]
        weights = known * 0.5 ** (ages / _HALF)
        share = _shares((sold * weights).sum(axis=0), weights.sum(axis=0))
        rate = _rates(opened[None], counts[None])[0]
        steady = (share <= _EXCEPTIONS) & _implausible(opened, counts, rate)
        run = np.array([_trailing(sold[known[:, day], day]) for day in range(7)])
        changed = (run >= LEAST_WEEKS) & _implausible(np.zeros(7, dtype=np.int64), run, rate)
        return tuple(
            int(day) for day in np.flatnonzero((steady & (counts >= LEAST_WEEKS)) | changed)
        )

    def usual_closings(self) -> Flags:
        """By day whether its weekday was a closed one, in the half year around it."""
        counts, opened = _around(self.known), _around(self.sold)
        rate = _rates(opened, counts)
        found = (_shares(opened, counts) <= _EXCEPTIONS) & (counts >= LEAST_WEEKS)
        found &= _implausible(opened, counts, rate)
        for day in range(7):
            found[:, day] |= _long_empty(self.sold[:, day], self.known[:, day], rate[:, day])
        return np.asarray(found.ravel()[self.offset : self.offset + self.length])


def _around(flags: Flags) -> NDArray[np.int64]:
    """Sums over half a year around each week, by weekday."""
    total = np.concatenate([np.zeros((1, 7), dtype=np.int64), np.cumsum(flags, axis=0)])
    at = np.arange(len(flags))
    low = np.clip(at - WEEKS // 2, 0, None)
    high = np.clip(at + WEEKS // 2 + 1, None, len(flags))
    return np.asarray(total[high] - total[low])


def _rates(opened: NDArray[np.int64], counts: NDArray[np.int64]) -> Floats:
    """By weekday how often an open one, quieter than the others, would sell anything.

    Of the others only those count that sell at least half as often as the best of them.
    """
    share = _shares(opened, counts)
    found = np.zeros(share.shape)
    for day in range(7):
        others = np.arange(7) != day
        open_days = share[:, others] >= share[:, others].max(axis=1, keepdims=True) / 2
        sold = (opened[:, others] * open_days).sum(axis=1)
        known = (counts[:, others] * open_days).sum(axis=1)
        often = (sold + 0.5) / (known + 1)
        found[:, day] = 1 - (1 - often) ** _QUIET
    return found


def _implausible(opened: NDArray[np.int64], counts: NDArray[np.int64], rate: Floats) -> Flags:
    """Whether an open weekday would hardly ever sell on so few of its days."""
    from scipy.stats import binom

    return np.asarray(binom.cdf(opened, np.maximum(counts, 1), rate) < _WEEKDAY_CHANCE)


def _long_empty(sold: Flags, known: Flags, rate: Floats) -> Flags:
    """The weeks of one weekday that lie in a long row of empty ones: a week that was changed."""
    found = np.zeros(len(sold), dtype=bool)
    weeks = np.flatnonzero(known)
    for start, end in runs(~sold[weeks]):
        own = weeks[start:end]
        if len(own) >= LEAST_WEEKS and np.prod(1 - rate[own]) < _WEEKDAY_CHANCE:
            found[own] = True
    return found


def _trailing(sold: Flags) -> int:
    """How many of the newest days in a row sold nothing."""
    at = np.flatnonzero(sold)
    return len(sold) - 1 - int(at[-1]) if len(at) else len(sold)


def _shares(part: NDArray[np.generic], whole: NDArray[np.generic]) -> Floats:
    found = np.ones(np.shape(whole))
    there = np.asarray(whole) > 0
    found[there] = np.asarray(part)[there] / np.asarray(whole)[there]
    return found
