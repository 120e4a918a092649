"""Where a fitted global model answers from: the last period of its panel, and what it knew then."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from omnix.ml.errors import ModelError
from omnix.ml.forecasting._features import Asked, Table
from omnix.ml.forecasting._panel import Block, Panel, periods

if TYPE_CHECKING:
    import pandas as pd

_ARRAYS = "origin.npz"
_WORDS = "origin.json"
#: An answer is at most so many times what the series ever reached.
_MOST = 3.0


@dataclass(frozen=True)
class Origin:
    """All that answers need but the model itself.

    known:  the covariates that it has learnt from.
    low, high: what each series stays within; the sign that it always had is kept.
    """

    names: tuple[str, ...]
    known: tuple[str, ...]
    table: Table
    low: Block
    high: Block

    @classmethod
    def of(cls, panel: Panel, table: Table) -> Self:
        """The origin at the end of `panel`, whose `table` may be cut to its newest."""
        filled = np.nan_to_num(panel.y)
        most = np.abs(filled).max(axis=1) * _MOST
        low = np.where(filled.min(axis=1) >= 0, 0, -most).astype(np.float32)
        high = np.where(filled.max(axis=1) <= 0, 0, most).astype(np.float32)
        return cls(panel.names, tuple(panel.known), table, low, high)

    def asked(self, future: pd.DataFrame) -> Asked:
        """The rows of `future`, sorted, as what is asked; a covariate that is not told is NaN."""
        import pandas as pd

        period = periods(future["ds"], self.table.grain)
        series = pd.Index(self.names).get_indexer(pd.Index(future["unique_id"]))
        ahead = np.maximum(period - self.table.last, 1)
        known = {name: self._told(future, name) for name in self.known}
        return Asked(series.astype(np.int64), self.table.last + ahead, ahead, known)

    def scale(self, asked: Asked) -> NDArray[np.float64]:
        """The scale of each row's series; of one that is not known, or has not begun, the usual one."""
        own = self.table.scale[:, -1].astype(np.float64)
        usual = float(np.nanmedian(own)) if np.isfinite(own).any() else 1.0
        found = np.where(asked.series >= 0, own[asked.series], usual)
        return np.where(np.isfinite(found), found, usual)

    def bounded(self, values: NDArray[np.float64], asked: Asked) -> NDArray[np.float64]:
        """`values` within what their series ever were; within what any was for one that is unknown."""
        lows = np.where(asked.series >= 0, self.low[asked.series], self.low.min())
        highs = np.where(asked.series >= 0, self.high[asked.series], self.high.max())
        return np.clip(values, lows, highs)

    def save(self, folder: Path) -> None:
        """Write it into `folder`."""
        kept = {"scale": self.table.scale, "low": self.low, "high": self.high}
        for kind, blocks in self.table.blocks.items():
            kept |= {f"{kind}/{name}": block for name, block in blocks.items()}
        np.savez_compressed(folder / _ARRAYS, allow_pickle=False, **kept)
        said = {
            "grain": self.table.grain,
            "last": self.table.last,
            "lead": self.table.lead,
            "known": self.known,
            "blocks": {kind: list(blocks) for kind, blocks in self.table.blocks.items()},
            "names": self.names,
        }
        (folder / _WORDS).write_text(json.dumps(said, ensure_ascii=False) + "\n", "utf-8")

    @classmethod
    def load(cls, folder: Path) -> Self:
        """What `save` wrote.

        Raises:
            ModelError: it is not there, or damaged.

        """
        try:
            said = json.loads((folder / _WORDS).read_text("utf-8"))
            return cls._read(said, arrays(folder / _ARRAYS))
        except (OSError, ValueError, KeyError, TypeError, BadZipFile) as error:
            raise ModelError(
                f"{folder} holds no saved model: {error}.", "Train it again."
            ) from None

    @classmethod
    def _read(cls, said: dict[str, Any], held: dict[str, Block]) -> Self:
        blocks = {
            kind: {name: held[f"{kind}/{name}"] for name in names}
            for kind, names in said["blocks"].items()
        }
        table = Table(said["grain"], said["last"], said["lead"], held["scale"], blocks)
        names, known = tuple(said["names"]), tuple(said["known"])
        return cls(names, known, table, held["low"], held["high"])

    def _told(self, future: pd.DataFrame, name: str) -> Block:
        if name not in future or future[name].dtype.kind not in "biuf":
            return np.full(len(future), np.nan, dtype=np.float32)
        return np.asarray(future[name].to_numpy(np.float32, na_value=np.nan))


def arrays(path: Path) -> dict[str, Block]:
    """The arrays of a .npz; never a pickle."""
    # numpy.load leaves a file that is no archive open when it is handed its path.
    with path.open("rb") as file, np.load(file, allow_pickle=False) as found:
        return dict(found)
