"""Days on which a series left its usual course, judged from nothing but the days before.

What a day should have brought is the median of the four weeks before it plus what its weekday
usually adds. How far off it may be is told by such misses over half a year: the largest of their
median (the MAD of Rousseeuw and Croux 1993), their 90 % and their 98 % quantile, each as a share of
what it is for a normal, so that neither rare nor heavy-tailed days pass for events, and single
events do not widen it. Money and counts are judged by their square roots, which keeps the spread
alike on busy and on quiet days. The line is Bonferroni's for the number of days and series looked
at together, so that in a year without any event a false alarm is the exception.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from statistics import NormalDist
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

#: Days of the level, same weekdays of the offset, days of the spread.
LEVEL, WEEKDAYS, SPREAD = 28, 26, 182
#: Days needed before the first one that can be judged.
NEEDED = LEVEL + 8 * 7
#: Quantiles of a standard normal's absolute value.
_NORMAL = {0.5: 0.6745, 0.9: 1.6449, 0.98: 2.3263}


@dataclass(frozen=True)
class Unusual:
    """One day: its value, what was expected, the band of the usual, and spreads beyond it."""

    day: date
    value: float
    expected: float
    lower: float
    upper: float
    score: float


def threshold(tests: int, chance: float = 0.05) -> float:
    """Spreads away from the expected beyond which one of `tests` days is called unusual.

    `chance`: that any of them is, although nothing happened.
    """
    return NormalDist().inv_cdf(1 - chance / (2 * max(tests, 1)))


def unusual(
    days: Sequence[date],
    values: Sequence[float | None],
    *,
    last: int,
    tests: int,
    rooted: bool = True,
) -> list[Unusual]:
    """The unusual ones among the `last` days of a series without gaps, oldest first.

    `tests`: how many days of how many series are looked at together. `rooted`: judge square roots.
    Days without a value, and those with less than `NEEDED` days before them, are not judged.
    """
    import numpy as np

    given = np.array([np.nan if v is None else v for v in values], dtype=np.float64)
    series = np.sign(given) * np.sqrt(np.abs(given)) if rooted else given
    expected, spread = _usual(series, rooted)
    line = threshold(tests)
    found = []
    for at in range(max(NEEDED, len(series) - last), len(series)):
        width = spread[at] * line
        if not (np.isfinite(series[at]) and np.isfinite(width) and width > 0):
            continue
        score = float((series[at] - expected[at]) / spread[at])
        if abs(score) > line:
            middle, low, high = (
                _back(x, rooted) for x in (expected[at], expected[at] - width, expected[at] + width)
            )
            found.append(Unusual(days[at], float(given[at]), middle, low, high, round(score, 2)))
    return found


def _usual(series: Floats, rooted: bool) -> tuple[Floats, Floats]:
    """What each day should have brought, and the spread around it; NaN where nobody can tell."""
    import numpy as np

    nothing = np.full(len(series), np.nan)
    level, expected, spread = nothing.copy(), nothing.copy(), nothing.copy()
    misses = nothing.copy()
    for at in range(LEVEL, len(series)):
        level[at] = _median(series[at - LEVEL : at])
        same = slice(
            max(LEVEL, at - 7 * WEEKDAYS) + (at - max(LEVEL, at - 7 * WEEKDAYS)) % 7, at, 7
        )
        offsets = series[same] - level[same]
        if np.isfinite(offsets).sum() < 4:
            continue
        expected[at] = level[at] + _median(offsets)
        past = misses[max(0, at - SPREAD) : at]
        if np.isfinite(past).sum() >= 28:
            spread[at] = _spread(past, 0.5 if rooted else 0.0)
        misses[at] = series[at] - expected[at]
    return expected, spread


def _spread(misses: Floats, least: float) -> float:
    """The spread of misses, in standard deviations of a normal; `least`: of a Poisson's root."""
    import numpy as np

    there = np.abs(misses[np.isfinite(misses)])
    return max(least, *(float(np.quantile(there, q)) / size for q, size in _NORMAL.items()))


def _median(values: Floats) -> float:
    """The median of what is there; NaN of nothing."""
    import numpy as np

    there = values[np.isfinite(values)]
    return float(np.median(there)) if len(there) else float("nan")


def _back(value: float, rooted: bool) -> float:
    return float(value * abs(value) if rooted else value)
