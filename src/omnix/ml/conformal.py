"""Intervals from past misses: split conformal prediction, per group and distance ahead.

A group's misses on folds that took no part in fitting (actual - forecast) tell how far off the next
forecast may be. If past and next misses are exchangeable, an interval of level L covers at least L,
whatever the model and whatever the distribution (Vovk et al. 2005; Lei et al. 2018). Each tail has its
own quantile, as misses of sales are skewed (Romano et al. 2019).
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from omnix.ml._numbers import Floats
from omnix.ml.errors import MetricError

LEVELS = (0.5, 0.8, 0.95)
#: The farthest step of each horizon bucket: misses grow quickly at first, then slowly.
BUCKETS = (1, 3, 7, 14, 28, 56, 91, 182, 365)
#: Misses beyond the end of an interval, where there are as many: one wild day does not make it.
_BEYOND = 3
#: The group that stands in where another has too few misses, or is not known.
ALL = "*"


@dataclass(frozen=True)
class Band:
    """What is added to a forecast, per level: down to `lower`, up to `upper`; from `count` misses."""

    lower: tuple[float, ...]
    upper: tuple[float, ...]
    count: int


@dataclass(frozen=True)
class Bands:
    """Calibrated intervals. `floor`: no value can lie below it.

    bands: (group, bucket) → band; every group has its buckets, and so has `ALL`.
    """

    levels: tuple[float, ...]
    buckets: tuple[int, ...]
    bands: Mapping[tuple[str, int], Band]
    floor: float | None = None

    def apply(
        self,
        point: ArrayLike,
        group: str | Sequence[str],
        h: int | ArrayLike,
        scale: ArrayLike = 1.0,
    ) -> dict[float, tuple[Floats, Floats]]:
        """The ends of each level's interval around `point`, for its group and steps ahead `h`.

        All are arrays of one length, or one value for all. `scale`: the unit in which this series'
        misses were counted. Every interval holds its point, and the narrower intervals. Steps
        beyond the last calibrated bucket widen by the root of the distance.

        Raises:
            MetricError: lengths differ, or a step is below 1.

        """
        points, groups, steps, scales = self._asked(point, group, h, scale)
        keys = list(zip(groups, steps.tolist(), strict=True))
        known = {key: self._widths(*key) for key in set(keys)}
        lower = np.array([known[key][0] for key in keys]).reshape(len(keys), len(self.levels))
        upper = np.array([known[key][1] for key in keys]).reshape(len(keys), len(self.levels))
        low = points[:, None] + lower * scales[:, None]
        high = points[:, None] + upper * scales[:, None]
        if self.floor is not None:
            low, high = np.maximum(low, self.floor), np.maximum(high, self.floor)
        return {level: (low[:, at], high[:, at]) for at, level in enumerate(self.levels)}

    def count(self, group: str, h: int) -> int:
        """How many past misses the interval of that group and step rests on."""
        return self._band(group, h)[0].count

    def to_dict(self) -> dict[str, Any]:
        """All of it as JSON can hold it."""
        return {
            "levels": list(self.levels),
            "buckets": list(self.buckets),
            "floor": self.floor,
            "bands": [
                [group, bucket, list(band.lower), list(band.upper), band.count]
                for (group, bucket), band in sorted(self.bands.items())
            ],
        }

    @classmethod
    def from_dict(cls, told: Mapping[str, Any]) -> Bands:
        """What `to_dict` told."""
        return cls(
            levels=tuple(told["levels"]),
            buckets=tuple(told["buckets"]),
            floor=told["floor"],
            bands={
                (group, bucket): Band(tuple(lower), tuple(upper), count)
                for group, bucket, lower, upper, count in told["bands"]
            },
        )

    def _asked(
        self, point: ArrayLike, group: str | Sequence[str], h: int | ArrayLike, scale: ArrayLike
    ) -> tuple[Floats, list[str], np.ndarray[Any, np.dtype[np.int64]], Floats]:
        points = np.atleast_1d(np.asarray(point, dtype=np.float64))
        count = len(points)
        groups = [group] * count if isinstance(group, str) else list(group)
        try:
            steps = np.broadcast_to(np.asarray(h, dtype=np.int64), (count,))
            scales = np.broadcast_to(np.asarray(scale, dtype=np.float64), (count,))
        except ValueError:
            raise MetricError(
                f"{count} forecasts, but as many steps or scales there are not.",
                "Give one each, or one for all.",
            ) from None
        if len(groups) != count:
            raise MetricError(f"{count} forecasts, {len(groups)} groups.", "Give one each.")
        if count and steps.min() < 1:
            raise MetricError(f"A step ahead is {steps.min()}.", "The first is 1.")
        return points, groups, steps, scales

    def _widths(self, group: str, h: int) -> tuple[Floats, Floats]:
        band, farthest = self._band(group, h)
        grown = math.sqrt(h / farthest) if h > farthest else 1.0
        return np.array(band.lower) * grown, np.array(band.upper) * grown

    def _band(self, group: str, h: int) -> tuple[Band, int]:
        """The band of the step's bucket, else of the last one calibrated; and how far that reaches."""
        known = group if (group, self.buckets[0]) in self.bands else ALL
        bucket = self.buckets[min(bisect_left(self.buckets, h), len(self.buckets) - 1)]
        return self.bands[known, bucket], self.buckets[-1]


def calibrate(
    errors: Mapping[tuple[str, int], ArrayLike],
    levels: Sequence[float] = LEVELS,
    *,
    floor: float | None = None,
    buckets: Sequence[int] = BUCKETS,
) -> Bands:
    """Intervals from past misses: (group, steps ahead) → misses, each actual - forecast.

    Misses of one bucket are taken together. Where a bucket has too few for a level, so that not three
    lie beyond an end, those of its neighbours are added, nearest first, then those of all groups; if
    even these are too few the end is the second largest miss or the largest, which covers n/(n+1).
    `floor`: what no value can lie below.

    Raises:
        MetricError: there are no misses, one is not finite, or a level is not between 0 and 1.

    """
    ordered = tuple(sorted(set(levels)))
    if not ordered or not 0 < ordered[0] <= ordered[-1] < 1:
        raise MetricError(f"The levels are {tuple(levels)}.", "Give shares such as 0.8.")
    pools = _pools(errors, tuple(buckets))
    used = tuple(b for b in buckets if any((group, b) in pools for group in _groups(pools)))
    bands = {
        (group, bucket): _band(list(_sources(pools, group, bucket, used)), ordered)
        for group in _groups(pools)
        for bucket in used
    }
    return Bands(ordered, used, bands, floor)


def _pools(
    errors: Mapping[tuple[str, int], ArrayLike], buckets: tuple[int, ...]
) -> dict[tuple[str, int], Floats]:
    """(group, bucket) → misses; those of all groups under `ALL`."""
    found: dict[tuple[str, int], list[Floats]] = defaultdict(list)
    for (group, h), misses in errors.items():
        given = np.asarray(misses, dtype=np.float64).ravel()
        if h < 1 or not np.isfinite(given).all():
            raise MetricError(
                f"The misses of {group!r} at step {h} hold what is not finite, or the step is not 1 or more.",
                "Leave out what is not known.",
            )
        if len(given):
            bucket = buckets[min(bisect_left(buckets, h), len(buckets) - 1)]
            for name in {group, ALL}:
                found[name, bucket].append(given)
    if not found:
        raise MetricError(
            "There are no misses to calibrate with.", "Backtest on at least one fold."
        )
    return {key: np.concatenate(parts) for key, parts in found.items()}


def _groups(pools: Iterable[tuple[str, int]]) -> list[str]:
    return sorted({group for group, _ in pools})


def _sources(
    pools: Mapping[tuple[str, int], Floats], group: str, bucket: int, used: tuple[int, ...]
) -> Iterable[Floats]:
    """Pools to draw on, the narrowest first: the bucket, with its neighbours, all groups likewise."""
    nearest = sorted(used, key=lambda other: abs(used.index(other) - used.index(bucket)))
    for name in (group, ALL):
        for reach in range(1, len(nearest) + 1):
            parts = [pools[name, b] for b in nearest[:reach] if (name, b) in pools]
            if parts:
                yield np.sort(np.concatenate(parts))


def _band(sources: Sequence[Floats], levels: Sequence[float]) -> Band:
    """Each level's tails from the narrowest pool that has enough misses for it."""
    lower, upper = [], []
    low = high = 0.0  # the interval holds its point, and each the narrower ones
    for level in levels:
        tail = (1 - level) / 2
        pool = next((s for s in sources if _rank(len(s), tail) >= _BEYOND), sources[-1])
        rank = max(_rank(len(pool), tail), 1)
        low, high = min(low, float(pool[rank - 1])), max(high, float(pool[-rank]))
        lower.append(low)
        upper.append(high)
    return Band(tuple(lower), tuple(upper), len(sources[0]))


def _rank(count: int, tail: float) -> int:
    """The place from either end of `count` sorted misses beyond which at most `tail` lie."""
    return math.floor((count + 1) * tail + 1e-9)
