"""Many series as one dense block of numbers: a row a series, a column a period of the grain."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from omnix.ml import frames
from omnix.ml.errors import TooLittleData
from omnix.ml.folds import Grain

if TYPE_CHECKING:
    import pandas as pd

Block: TypeAlias = NDArray[np.float32]
Places: TypeAlias = NDArray[np.int64]
#: The covariate that says whether a day is closed: what was sold then teaches nothing.
CLOSED = "closed"
#: 1970-01-01 was a Thursday, the fourth day of its week.
_THURSDAY = 3


@dataclass(frozen=True)
class Panel:
    """Series side by side.

    first: the number of the first period (`periods`).
    y:     series x periods; NaN where nothing is known, and on closed days.
    known: the covariates that are known for the future, each of the shape of `y`, NaN where unknown.
    """

    grain: Grain
    names: tuple[str, ...]
    first: int
    y: Block
    known: dict[str, Block]

    @property
    def last(self) -> int:
        """The number of the last period."""
        return int(self.first + self.y.shape[1] - 1)

    def part(self, rows: slice) -> Panel:
        """Some of its series."""
        known = {name: block[rows] for name, block in self.known.items()}
        return replace(self, names=self.names[rows], y=self.y[rows], known=known)


def panel(history: pd.DataFrame, grain: Grain, needs: int) -> Panel:
    """`history` (unique_id, ds, y, covariates) as a panel; covariates that are no numbers stay out.

    Raises:
        TooLittleData: no series has `needs` values.
        FrameError: the rows are not what a model reads.

    """
    rows = frames.history(history)
    if (longest := int(rows["unique_id"].value_counts().max())) < needs:
        raise TooLittleData(
            f"The longest series has {longest} values.", f"{needs} values of at least one series"
        )
    known = numeric(rows)
    names, places = coded(rows["unique_id"])
    at = periods(rows["ds"], grain)
    first = int(at.min())
    shape = (len(names), int(at.max()) - first + 1)
    spots = (places, at - first)
    y = _filled(rows["y"].to_numpy(), spots, shape)
    blocks = {name: _filled(rows[name].to_numpy(), spots, shape) for name in known}
    if CLOSED in blocks:
        y = np.where(blocks[CLOSED] >= 1, np.float32(np.nan), y)
    return Panel(grain, tuple(names), first, y, blocks)


def numeric(rows: pd.DataFrame) -> list[str]:
    """The covariates that are numbers, in alphabetical order."""
    return [name for name in frames.covariates(rows) if rows[name].dtype.kind in "biuf"]


def coded(names: pd.Series) -> tuple[list[str], Places]:
    """The names in order, each once, and the place of each row's name among them."""
    import pandas as pd

    places, found = pd.factorize(names, sort=True)
    return [str(name) for name in found], places.astype(np.int64)


def periods(ds: pd.Series, grain: Grain) -> Places:
    """The number of the period that each moment lies in; periods of one grain follow each other."""
    if grain == "month":
        return np.asarray(ds.dt.year * 12 + ds.dt.month - 1, dtype=np.int64)
    days = ds.to_numpy("datetime64[D]").astype(np.int64)
    return np.asarray((days + _THURSDAY) // 7 if grain == "week" else days)


def moments(at: Places, grain: Grain) -> NDArray[np.datetime64]:
    """The first day of each period."""
    if grain == "month":
        return (at - 1970 * 12).astype("datetime64[M]").astype("datetime64[D]")
    return (at * 7 - _THURSDAY if grain == "week" else at).astype("datetime64[D]")


def _filled(
    values: NDArray[np.generic], spots: tuple[Places, Places], shape: tuple[int, int]
) -> Block:
    block = np.full(shape, np.nan, dtype=np.float32)
    block[spots] = values.astype(np.float32)
    return block
