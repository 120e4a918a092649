"""One LightGBM for all series and all distances: every period is seen from an origin some periods before.

It is never fed its own answers. The distance is one of its features; lags and means are those of the
origin, so that whatever is asked lies on known ground. Covariates that are known for the future enter
as they are; sales are relative to the recent size of their own series.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Self

import numpy as np
from numpy.typing import NDArray

from omnix.ml import frames
from omnix.ml.errors import ModelError, NotFittedError
from omnix.ml.folds import Grain
from omnix.ml.forecasting import _boosted, _features, _training
from omnix.ml.forecasting._origin import Origin
from omnix.ml.forecasting._panel import Block, panel
from omnix.ml.forecasting._words import WORDS
from omnix.ml.forecasting.candidates._costs import Costs
from omnix.ml.model import Driver

if TYPE_CHECKING:
    import pandas as pd
    from lightgbm import Booster

_TREES = {"busy": "busy.txt", "sparse": "sparse.txt"}
#: A series of which so many of the last values are nought is forecast by its mean, not its median:
#: the median of rare sales is nought.
_SPARSE = 0.3


class LightgbmDirect:
    """A global LightGBM that answers each horizon directly.

    grain: of the series. rows: most rows that it learns from. trees: how many.
    """

    name, family = "lightgbm_direct", "global"
    requires = ("lightgbm",)
    #: Of 1,000 series; what any fit costs at least is counted by the budget.
    costs = Costs(day=0.006, week=0.012, month=0.02)

    def __init__(self, grain: Grain = "day", *, rows: int = 200_000, trees: int = 200) -> None:
        self.grain: Grain = grain
        self.needs = {"day": 28, "week": 26, "month": 12}[grain]
        self.cost = self.costs.at(grain)
        self._rows, self._trees = rows, trees
        self._origin: Origin | None = None
        self._boosters: dict[str, Booster] = {}

    def fit(self, history: pd.DataFrame, *, seed: int) -> Self:
        """Learn from `history`, from days that are not closed."""
        _boosted.library()
        block = panel(history, self.grain, self.needs)
        lead = _features.leading(block)
        rows, newest = _training.rows(block, lead, self._rows, seed)
        self._origin = Origin.of(block, newest)
        self._boosters = {}
        sparse = self._sparse(rows.x)
        for name, own in (("busy", ~sparse), ("sparse", sparse)):
            objective = _boosted.MEAN if name == "sparse" else _boosted.MEDIAN
            trees = _boosted.boosted(rows.x[own], rows.target[own], objective, self._trees, seed)
            if trees is not None:
                self._boosters[name] = trees
        return self

    def predict(self, future: pd.DataFrame) -> pd.DataFrame:
        """`unique_id, ds, yhat` for each row of `future`."""
        origin = self._fitted()
        rows = frames.future(future)
        asked = origin.asked(rows)
        found = [
            self._relative(_features.features(origin.table, piece, origin.known)[0])
            for piece in asked.pieces()
        ]
        values = np.concatenate([np.empty(0), *found]) * origin.scale(asked)
        return frames.answer(rows, origin.bounded(values, asked).tolist())

    def save(self, folder: Path) -> None:
        """Trees as LightGBM's text, the rest as JSON and arrays."""
        self._fitted().save(folder)
        for name, booster in self._boosters.items():
            (folder / _TREES[name]).write_text(booster.model_to_string(), "utf-8")
        said = {"rows": self._rows, "trees": self._trees, "boosters": sorted(self._boosters)}
        (folder / "trees.json").write_text(json.dumps(said) + "\n", "utf-8")

    @classmethod
    def load(cls, folder: Path) -> Self:
        """The model that `save` wrote there."""
        origin = Origin.load(folder)
        try:
            said = json.loads((folder / "trees.json").read_text("utf-8"))
            texts = {name: (folder / _TREES[name]).read_text("utf-8") for name in said["boosters"]}
            model = cls(origin.table.grain, rows=said["rows"], trees=said["trees"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise ModelError(
                f"{folder} holds no saved trees: {error}.", "Train it again."
            ) from None
        model._origin = origin
        model._boosters = {name: _boosted.read(text) for name, text in texts.items()}
        return model

    def explain(self) -> list[Driver]:
        """The shares of what the trees gained by each kind of fact."""
        origin = self._fitted()
        names = _features.names(origin.table, origin.known)
        return _boosted.drivers(_boosted.gained(self._boosters.values(), names), WORDS)

    def _relative(self, x: Block) -> NDArray[np.float64]:
        """Answers relative to the scale: by the trees of their kind, else by what is usual."""
        found = self._usual(x)
        sparse = self._sparse(x)
        for name, own in (("busy", ~sparse), ("sparse", sparse)):
            trees = self._boosters.get(name) or next(iter(self._boosters.values()), None)
            if trees is not None and own.any():
                found[own] = _boosted.answers(trees, x[own])
        return found

    def _usual(self, x: Block) -> NDArray[np.float64]:
        """What such a period brings; as much as any where that is not known."""
        return np.nan_to_num(x[:, self._column("usual")], nan=1.0).astype(np.float64)

    def _sparse(self, x: Block) -> NDArray[np.bool_]:
        return np.asarray(x[:, self._column("noughts")] >= _SPARSE)

    def _column(self, name: str) -> int:
        origin = self._fitted()
        return _features.names(origin.table, origin.known).index(name)

    def _fitted(self) -> Origin:
        if self._origin is None:
            raise NotFittedError(self.name)
        return self._origin
