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


def threshold(tests: int, chance: float = 0.01) -> float:
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

    if not len(values):
        return []
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

    level = _quantile(_before(series, LEVEL), 0.5, least=LEVEL // 2)
    level[:LEVEL] = np.nan
    expected = level + _quantile(_before(series - level, WEEKDAYS, step=7), 0.5, least=4)
    misses = _before(np.abs(series - expected), SPREAD)
    sizes = [_quantile(misses, q, least=28) / size for q, size in _NORMAL.items()]
    # The root of a Poisson count has a spread of a half, however rare the events.
    return expected, np.maximum(np.max(sizes, axis=0), 0.5 if rooted else 0.0)


def _before(values: Floats, count: int, step: int = 1) -> Floats:
    """For each place a row of the `count` values before it, every `step`-th; NaN before the first."""
    import numpy as np

    at = np.arange(len(values))[:, None] - step * np.arange(1, count + 1)
    return np.where(at >= 0, values[np.maximum(at, 0)], np.nan)


def _quantile(rows: Floats, share: float, *, least: int) -> Floats:
    """That quantile of each row's values, NaN left out; NaN where there are fewer than `least`."""
    import numpy as np

    ordered = np.sort(rows, axis=1)  # NaN comes last
    count = np.isfinite(ordered).sum(axis=1)
    place = share * np.maximum(count - 1, 0)
    low, part = place.astype(int), place % 1
    high = np.minimum(low + 1, np.maximum(count - 1, 0))
    each = np.arange(len(rows))
    found = ordered[each, low] * (1 - part) + ordered[each, high] * part
    return np.where(count >= least, found, np.nan)


def _back(value: float, rooted: bool) -> float:
    return float(value * abs(value) if rooted else value)
