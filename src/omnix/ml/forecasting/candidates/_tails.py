"""Many series as the rows of one matrix, so that baselines need no loop over series."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from omnix.ml.folds import Grain

if TYPE_CHECKING:
    import pandas as pd

Floats: TypeAlias = NDArray[np.float64]
Integers: TypeAlias = NDArray[np.int64]

#: Values that make up the last four weeks, or the last quarter where only months are known.
RECENT: dict[Grain, int] = {"day": 28, "week": 4, "month": 3}


@dataclass(frozen=True)
class Tails:
    """The newest values of many series.

    ids:    their names, in alphabetical order. last: when each ended, as `ordinals` count.
    counts: known values of each. values: one row a series, whose last column is its last value;
            NaN where nothing is known.
    """

    ids: list[str]
    last: Integers
    counts: Integers
    values: Floats

    @classmethod
    def of(cls, rows: pd.DataFrame, grain: Grain, tail: int) -> Tails:
        """The last `tail` periods of each series in `rows`, which `frames.history` has sorted."""
        import pandas as pd

        codes, ids = pd.factorize(rows["unique_id"])
        when = ordinals(rows["ds"], grain)
        counts = np.bincount(codes, minlength=len(ids))
        last = when[np.cumsum(counts) - 1]
        back = last[codes] - when
        kept = back < tail
        width = int(back[kept].max()) + 1
        values = np.full((len(ids), width), np.nan)
        values[codes[kept], width - 1 - back[kept]] = rows["y"].to_numpy()[kept]
        return cls([str(name) for name in ids], last, counts, values)


def ordinals(ds: pd.Series, grain: Grain) -> Integers:
    """How many days, weeks or months after the first of 1970 each of `ds` lies."""
    if grain == "month":
        return np.asarray(ds.to_numpy("datetime64[M]").astype(np.int64))
    days: Integers = ds.to_numpy("datetime64[D]").astype(np.int64)
    return days if grain == "day" else (days + 3) // 7  # 1970 began on a Thursday


def last_season(values: Floats, season: int, recent: int) -> Floats:
    """The newest known value at each place of the season, oldest place first.

    A place without any value is given the mean of the last `recent` periods.
    """
    rows, width = values.shape
    path = np.full((rows, season), np.nan)
    for end in range(width, 0, -season):
        part = values[:, max(end - season, 0) : end]
        place = path[:, season - part.shape[1] :]
        np.copyto(place, part, where=np.isnan(place))
        if not np.isnan(path).any():
            break
    return np.where(np.isnan(path), recent_mean(values, recent)[:, None], path)


def recent_mean(values: Floats, recent: int) -> Floats:
    """The mean of what is known of the last `recent` periods; each row's last value is known."""
    part = values[:, -recent:]
    known = ~np.isnan(part)
    return np.asarray(np.where(known, part, 0.0).sum(axis=1) / known.sum(axis=1))


def filled(values: Floats, season: int) -> list[Floats]:
    """Each series from its first known value on; a gap is given what was there a season before.

    A gap in the first season is given what was there a season after, else the mean.
    """
    known = ~np.isnan(values)
    starts = known.argmax(axis=1)
    return [
        row[start:] if fine[start:].all() else _without_gaps(row[start:], season)
        for row, start, fine in zip(values, starts, known, strict=True)
    ]


def _without_gaps(row: Floats, season: int) -> Floats:
    full = row.copy()
    ahead, behind = full[season:], full[:-season]
    for at in np.flatnonzero(np.isnan(ahead)):
        ahead[at] = behind[at]
    for at in np.flatnonzero(np.isnan(behind))[::-1]:
        behind[at] = ahead[at]
    return np.where(np.isnan(full), np.nanmean(row), full)
