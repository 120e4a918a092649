"""Trying every day of a series for a change at once, and how large chance alone gets there."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

YEAR = 365.25
#: Harmonics of the year, and how high the first of them may well be, in logs.
WAVES, _SMOOTH = 6, 0.4
_SIMULATED = 1_000


def season_columns(days: Floats) -> Floats:
    """One, the line, and harmonics of the year."""
    import numpy as np

    turns = 2 * np.pi * days[:, None] * np.arange(1, WAVES + 1) / YEAR
    return np.column_stack([np.ones(len(days)), days / YEAR, np.cos(turns), np.sin(turns)])


def penalties(columns: int, spread: float) -> Floats:
    """What each column is held back by: harmonics the more, the quicker and the more noise there is.

    A season is expected to be smooth: wave `k` of it some `_SMOOTH` / k^2.5 high, in logs. Without that
    a step up and the season of a step down a year later would explain the same days equally well.
    """
    import numpy as np

    held = np.zeros(columns)
    waves = spread * np.arange(1, WAVES + 1) ** 2.5 / _SMOOTH
    held[2 : 2 + 2 * WAVES] = np.concatenate([waves, waves])
    return held


def basis_of(known: Floats, held: Floats) -> Floats:
    """The part of an orthonormal basis that lies in the series' own places.

    Ridge regression as least squares with a row for each column that is held back.
    """
    import numpy as np

    return np.asarray(np.linalg.qr(np.vstack([known, np.diag(held)]))[0][: len(known)])


def fit(known: Floats, y: Floats, held: Floats) -> Floats:
    """The weight of each column."""
    import numpy as np

    rows, aim = np.vstack([known, np.diag(held)]), np.concatenate([y, np.zeros(len(held))])
    return np.asarray(np.linalg.lstsq(rows, aim, rcond=None)[0])


def spread_of(y: Floats, weekdays: Floats, width: int) -> float:
    """The noise around the running median, weekdays aside, rounded to a power of two."""
    import numpy as np
    from scipy.ndimage import median_filter

    away = y - _medians_of(y, weekdays)
    away = away - median_filter(away, width, mode="nearest")
    spread = 1.4826 * float(np.median(np.abs(away)))
    return 2.0 ** round(math.log2(min(max(spread, 1 / 64), 2.0)))


def unspiked(y: Floats, weekdays: Floats, width: int) -> Floats:
    """Values further than three spreads from the running median (weekdays aside) are clipped."""
    import numpy as np
    from scipy.ndimage import median_filter

    usual = _medians_of(y, weekdays)
    middle = median_filter(y - usual, width, mode="nearest")
    away = y - usual - middle
    spread = 1.4826 * np.median(np.abs(away))
    return np.asarray(usual + middle + np.clip(away, -3 * spread, 3 * spread) if spread else y)


def _medians_of(y: Floats, groups: Floats) -> Floats:
    """What belonging to a group (a column of noughts and ones) usually adds."""
    import numpy as np

    usual, rest = np.zeros(len(y)), groups.sum(axis=1) == 0
    for member in [rest, *(groups.T > 0)]:
        if member.any():
            usual[member] = np.median(y[member])
    return usual


@dataclass(frozen=True)
class Design:
    """What the size of the statistic depends on where nothing changes."""

    count: int
    columns: int
    last_day: int
    spread: float


class Scan:
    """All candidates of one design, tried at once: steps first, then bends."""

    def __init__(self, known: Floats, days: Floats, places: Ints, edge: int, spread: float) -> None:
        import numpy as np

        self.basis = basis_of(known, penalties(known.shape[1], spread))
        self.days, self.places = days, places
        steps = tails(self.basis)[places]
        bends = tails(self.basis * days[:, None])[places] - days[places, None] * steps
        after = len(days) - places
        left = days[places]
        squares = tails(np.column_stack([days, days**2]))[places]
        whole = squares[:, 1] - 2 * left * squares[:, 0] + left**2 * after
        own = np.concatenate([after.astype(np.float64), whole])
        lost = np.concatenate([steps, bends])
        self.free = own - (lost**2).sum(axis=1)  # what the known columns leave of each candidate
        self.free[self.free < 1e-6 * own] = np.inf
        short = (places < 3 * edge) | (places >= len(days) - 3 * edge)
        self.free[len(places) :][short] = np.inf  # a line needs a quarter of a year

    def residuals(self, y: Floats) -> Floats:
        """What the known columns do not explain; each column of `y` is a series."""
        import numpy as np

        return np.asarray(y - self.basis @ (self.basis.T @ y))

    def gains(self, y: Floats) -> Floats:
        """How much of the sum of squares each candidate explains: candidates × series."""
        import numpy as np

        return np.asarray(self._inner(self.residuals(y)) ** 2 / self.free[:, None])

    def _inner(self, rest: Floats) -> Floats:
        import numpy as np

        steps = tails(rest)[self.places]
        bends = tails(rest * self.days[:, None])[self.places]
        return np.concatenate([steps, bends - self.days[self.places, None] * steps])

    def sizes(self, y: Floats) -> tuple[Floats, Ints]:
        """For each series the statistic of its best candidate, and that candidate."""
        import numpy as np

        rest = self.residuals(y)
        inner = self._inner(rest)
        gains = inner**2 / self.free[:, None]
        chosen = np.argmax(gains, axis=0)
        each = np.arange(y.shape[1])
        gain = gains[chosen, each]
        noise = rest - self._fitted(chosen) * (inner[chosen, each] / self.free[chosen])
        variance = (noise**2).sum(axis=0) / max(len(y) - self.basis.shape[1] - 2, 1)
        sizes = gain / np.maximum(variance * memory(noise, self.basis.shape[1] + 2), 1e-12)
        return sizes, chosen

    def _fitted(self, chosen: Ints) -> Floats:
        """The chosen candidates with the known columns taken out: places × series."""
        import numpy as np

        count = len(self.places)
        starts = self.days[self.places[chosen % count]]
        since = self.days[:, None] - starts
        columns = np.where(chosen < count, since >= 0, np.maximum(since, 0))
        return self.residuals(columns.astype(np.float64))


def tails(columns: Floats) -> Floats:
    """For each place the sum from there to the end."""
    import numpy as np

    return np.asarray(np.cumsum(columns[::-1], axis=0)[::-1])


def memory(noise: Floats, fitted: int) -> Floats:
    """How much longer-lasting noise widens sums: of one day on the next, and of whole weeks."""
    import numpy as np

    count = len(noise)
    squares = np.maximum((noise**2).sum(axis=0), 1e-12)
    lag = (noise[1:] * noise[:-1]).sum(axis=0) / squares + fitted / count
    lag = np.clip(lag, 0, 0.9)
    width = 7 if count >= 300 else 4
    whole = noise[count % width :].reshape(-1, width, noise.shape[1]).sum(axis=1)
    weeks = (whole**2).sum(axis=0) / squares * (1 + fitted / count)
    return np.asarray(np.maximum(np.maximum((1 + lag) / (1 - lag), weeks), 1.0))


def chance(size: float, design: Design, edge: int) -> float:
    """How often chance alone gives so large a statistic."""
    import numpy as np

    drawn = _null(design, edge)
    above = int(np.sum(drawn >= size))
    if above >= 10:
        return (above + 1) / (len(drawn) + 1)
    # Beyond what was drawn the logarithm of the chance falls in line with the statistic.
    start = drawn[int(0.9 * len(drawn))]
    scale = float(np.mean(drawn[drawn > start] - start))
    return max(0.1 * math.exp(-max(size - start, 0.0) / scale), 1e-300)


@lru_cache(maxsize=256)
def _null(design: Design, edge: int) -> Floats:
    """Sorted statistics of series of mere noise with as many values and columns as the design."""
    import numpy as np

    count = design.count
    days = np.linspace(0, design.last_day, count)
    known = season_columns(days)
    kinds = design.columns - known.shape[1]
    if kinds > 0:
        weekday = np.arange(count) % (kinds + 1)
        known = np.column_stack([known, weekday[:, None] == np.arange(1, kinds + 1)])
    scan = Scan(known, days, np.arange(edge, count - edge), edge, design.spread)
    random = np.random.default_rng([count, design.columns, design.last_day])
    noise = random.standard_normal((count, _SIMULATED))
    parts = [scan.sizes(noise[:, at : at + 250])[0] for at in range(0, _SIMULATED, 250)]
    return np.sort(np.concatenate(parts))
