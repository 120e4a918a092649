"""What past episodes (promotions, new prices, closings) went with, and how far that is known.

Each episode is held against what the same weekdays around it sold without it. The spread of such
comparisons where nothing happened tells what chance alone does; it is measured on the same series.
The mean over the episodes gets the interval of one more episode of the kind (Higgins, Thompson and
Spiegelhalter 2009): how far the mean is known, and how much episodes differ beyond chance (DerSimonian
and Laird 1986); Student's t for few. What went with an episode was not always caused by it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Iterator

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Spans = list[tuple[int, int]]

#: Ordinary days of the same weekday that a day is held against, and how many weeks away they may be.
_NEAREST, _FAR = 4, 8
#: Comparisons without an episode below which nothing is known of chance.
LEAST_CHANCE = 8
#: Days before and after a closing on which customers may make up for it.
AROUND = 3
#: Days on both sides of a new price that are compared, and the prices that each side needs.
SIDE, _PRICES = 28, 5
#: A change of the price that is smaller is none, or less clear: in medians' distances from their days'.
LEAST_CHANGE, _CLEAR = 0.03, 8.0
_LEVEL = 0.8


@dataclass(frozen=True)
class Episode:
    """The days from place `first` to `last`, both included.

    gain:   what was sold beyond the ordinary, as a share of it; of a price the log of the ratio.
    weight: how much it counts in the mean. size: of a price, the log of new over old; else 1.
    """

    first: int
    last: int
    gain: float
    weight: float
    size: float = 1.0


@dataclass(frozen=True)
class Effect:
    """The mean gain for an episode of size 1, and the 80 % interval of the next one's.

    Of a single episode the ends are None: how much such episodes differ cannot be told from it.
    """

    mean: float
    lower: float | None
    upper: float | None


def effect(episodes: Sequence[Episode], chance: Sequence[Episode]) -> Effect | None:
    """What the next episode will go with, from past ones; None where there are none.

    chance: comparable stretches in which nothing happened. Their mean gain is taken off. Without
    enough of them all differences between episodes are held for real.
    """
    if not episodes:
        return None
    known = len(chance) >= LEAST_CHANCE
    drift, noise = _by_chance(chance) if known else (0.0, 0.0)
    size = np.array([each.size for each in episodes])
    gains = (np.array([each.gain for each in episodes]) - drift) / size
    weight = np.array([each.weight for each in episodes]) * size**2
    weight /= weight.sum()
    mean, free = float(weight @ gains), len(episodes) - 1
    if not free:
        return Effect(mean, None, None)
    by_chance, away = noise / size**2, (gains - mean) ** 2
    of_mean = len(episodes) / free * float(weight**2 @ away)
    uneven = max(1 - float(weight @ weight), 1e-9)
    apart = float(weight @ away - (weight - weight**2) @ by_chance) / uneven
    square = _quantile(free) ** 2 * of_mean
    if known:  # a few episodes may be alike by luck; chance alone does not make them so
        shift = noise / len(chance) * float((weight / size).sum()) ** 2
        least = _quantile(len(chance) - 1) ** 2 * (float(weight**2 @ by_chance) + shift)
        square = max(square, least)
    half = math.sqrt(square + _quantile(free) ** 2 * max(apart, 0.0))
    return Effect(mean, mean - half, mean + half)


def _by_chance(chance: Sequence[Episode]) -> tuple[float, float]:
    """Mean and variance of gains where nothing happened, by weight: sums, not ratios, are unbiased."""
    gains = np.array([each.gain for each in chance])
    weight = np.array([each.weight for each in chance])
    weight /= weight.sum()
    drift = float(weight @ gains)
    return drift, float(weight @ (gains - drift) ** 2) / max(1 - float(weight @ weight), 1e-9)


def _quantile(free: int) -> float:
    from scipy.stats import t

    return float(t.ppf(0.5 + _LEVEL / 2, free))


def raised(y: Floats, days: Spans, ordinary: Flags) -> tuple[list[Episode], list[Episode]]:
    """Spans of days such as promotions, and stretches of ordinary days of the usual length.

    y: NaN on closed days and others that must not count. ordinary: days on which nothing happened.
    """
    found = [each for first, last in days if (each := _raised(y, first, last, ordinary))]
    length = round(float(np.median([last - first + 1 for first, last in days]))) if days else 1
    chance = [
        each
        for first, last in _stretches(ordinary | np.isnan(y), length)
        if (each := _raised(y, first, last, _without(ordinary, first, last)))
    ]
    return found, chance


def _raised(y: Floats, first: int, last: int, ordinary: Flags) -> Episode | None:
    at = np.arange(first, last + 1)
    usual = expected(y, ordinary, at)
    told = np.isfinite(usual) & ~np.isnan(y[at])
    base = float(usual[told].sum())
    if base <= 0:
        return None
    return Episode(first, last, float(y[at][told].sum()) / base - 1, base)


def closings(y: Floats, days: Spans, ordinary: Flags) -> tuple[list[Episode], list[Episode]]:
    """Closed spans: what the days around one gained, as a share of what it would have sold, less 1."""
    found = [each for first, last in days if (each := _closed(y, first, last, ordinary))]
    length = round(float(np.median([last - first + 1 for first, last in days]))) if days else 1
    chance = [
        replace(each, gain=each.gain + 1)
        for first, last in _stretches(ordinary | np.isnan(y), length + 2 * AROUND)
        if (each := _closed(y, first + AROUND, last - AROUND, _without(ordinary, first, last)))
    ]
    return found, chance


def _closed(y: Floats, first: int, last: int, ordinary: Flags) -> Episode | None:
    own = np.arange(first, last + 1)
    near = [*range(first - AROUND, first), *range(last + 1, last + 1 + AROUND)]
    around = np.array(
        [at for at in near if 0 <= at < len(y) and not np.isnan(y[at])], dtype=np.int64
    )
    apart = _without(ordinary, first - AROUND, last + AROUND)
    lost, usual = (expected(y, apart, at) for at in (own, around))
    base = float(np.nansum(lost))
    if base <= 0 or not np.isfinite(usual).any():
        return None
    told = np.isfinite(usual)
    gained = float((y[around][told] - usual[told]).sum())
    return Episode(first, last, gained / base - 1, base)


def prices(y: Floats, price: Floats, ordinary: Flags) -> tuple[list[Episode], list[Episode]]:
    """Days on which a price changed for good, and comparable days on which it did not.

    price: what a piece cost, NaN where that is not known. Up to four weeks on both sides are
    compared, by the weekdays that both have.
    """
    logs = np.log(np.where(ordinary & (price > 0), price, np.nan))
    edges = [0, *_changes(logs), len(y)]
    found = []
    for before, at, after in zip(edges, edges[1:], edges[2:], strict=False):
        first, last = max(before, at - SIDE), min(after, at + SIDE)
        size = _apart(logs[first:at], logs[at:last], clear=0.0)
        gain = _ratio(y, ordinary, first, at, last)
        if gain is not None and size is not None and abs(size) >= LEAST_CHANGE:
            found.append(Episode(at, last - 1, gain, 1.0, size))
    quiet = (
        at for begin, end in pairwise(edges) for at in range(begin + SIDE, end - SIDE + 1, SIDE)
    )
    chance = [
        Episode(at - SIDE, at + SIDE - 1, gain, 1.0)
        for at in quiet
        if (gain := _ratio(y, ordinary, at - SIDE, at, at + SIDE)) is not None
    ]
    return found, chance


def _apart(before: Floats, after: Floats, clear: float = _CLEAR) -> float | None:
    """The log of the median price after over that before, if it is clear of the days' own spread."""
    sides = [each[np.isfinite(each)] for each in (before, after)]
    if min(map(len, sides)) < _PRICES:
        return None
    middles = [float(np.median(each)) for each in sides]
    rest = np.abs(
        np.concatenate([each - middle for each, middle in zip(sides, middles, strict=True)])
    )
    error = float(np.median(rest)) * math.sqrt(sum(1 / len(each) for each in sides))
    step = middles[1] - middles[0]
    return step if abs(step) > clear * error else None


def _ratio(y: Floats, ordinary: Flags, first: int, at: int, last: int) -> float | None:
    """The log of sales after `at` over those before, weekday by weekday."""
    sums = [0.0, 0.0]
    days = np.arange(first, last)
    for weekday in range(7):
        own = days[(days % 7 == weekday) & ordinary[first:last]]
        before, after = own[own < at], own[own >= at]
        if len(before) and len(after):
            sums[0] += float(y[before].mean())
            sums[1] += float(y[after].mean())
    return math.log(sums[1] / sums[0]) if min(sums) > 0 else None


def _changes(logs: Floats) -> list[int]:
    """Where the price changed most, then where else, two weeks apart at least; in the order of time."""
    steps = {
        int(at): step
        for at in np.flatnonzero(np.isfinite(logs))
        if (step := _apart(logs[max(0, at - SIDE) : at], logs[at : at + SIDE])) is not None
    }
    taken: list[int] = []
    for at in sorted(steps, key=lambda each: -abs(steps[each])):
        if abs(steps[at]) >= LEAST_CHANGE and _free(at, taken, SIDE):
            dated = _dated(logs, at)
            if _free(dated, taken, SIDE // 2):
                taken.append(dated)
    return sorted(taken)


def _free(at: int, taken: Sequence[int], days: int) -> bool:
    return all(abs(at - other) >= days for other in taken)


def _dated(logs: Floats, at: int) -> int:
    """The day near `at` that parts the prices best: the least sum of distances from two medians."""
    low, high = max(0, at - SIDE), min(len(logs), at + SIDE)
    days = [day for day in range(low + 1, high) if np.isfinite(logs[day])]
    return min(days, key=lambda day: _spread(logs[low:day]) + _spread(logs[day:high]))


def _spread(logs: Floats) -> float:
    known = logs[np.isfinite(logs)]
    return float(np.abs(known - np.median(known)).sum()) if len(known) else 0.0


def expected(y: Floats, ordinary: Flags, at: NDArray[np.int64], turn: int = 7) -> Floats:
    """What periods like these sell ordinarily: the mean of the four nearest ordinary ones, whole turns away.

    y: one series, or several as rows. turn: periods after which the like comes again; weekdays by day.
    NaN where there are fewer than two known within eight turns.
    """
    turns = turn * np.array([side * step for step in range(1, _FAR + 1) for side in (-1, 1)])
    near = at[:, None] + turns
    fine = (near >= 0) & (near < y.shape[-1])
    fine &= ordinary[np.clip(near, 0, y.shape[-1] - 1)]
    fine &= np.cumsum(fine, axis=1) <= _NEAREST
    total, count = (np.zeros((*y.shape[:-1], len(at))) for _ in range(2))
    for column in range(near.shape[1]):  # all at once would hold many series many times
        here = np.flatnonzero(fine[:, column])
        one = y[..., near[here, column]]
        known = np.isfinite(one)
        total[..., here] += np.where(known, one, 0.0)
        count[..., here] += known
    return np.where(count >= 2, total / np.maximum(count, 1), np.nan)


def spans(flags: Flags, bridge: Flags | None = None) -> Spans:
    """First and last place of each run of `flags`; places of `bridge` between two do not part them."""
    places = np.flatnonzero(flags)
    found: Spans = []
    for at in map(int, places):
        gap = slice(found[-1][1] + 1, at) if found else slice(0)
        if found and (gap.start == at or (bridge is not None and bool(bridge[gap].all()))):
            found[-1] = (found[-1][0], at)
        else:
            found.append((at, at))
    return found


def _stretches(ordinary: Flags, length: int) -> Iterator[tuple[int, int]]:
    """Stretches of ordinary days, one after the other, none in two."""
    at = 0
    while at + length <= len(ordinary):
        broken = np.flatnonzero(~ordinary[at : at + length])
        if len(broken):
            at += int(broken[-1]) + 1
        else:
            yield at, at + length - 1
            at += length


def _without(ordinary: Flags, first: int, last: int) -> Flags:
    kept = ordinary.copy()
    kept[max(0, first) : last + 1] = False
    return kept
