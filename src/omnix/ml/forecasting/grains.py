"""The chosen models of a metric at every grain, as one model: series are named `grain|series`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Self

import numpy as np

from omnix.ml import frames
from omnix.ml.errors import ModelError, NotFittedError
from omnix.ml.forecasting.bundle import Chosen, Plan
from omnix.ml.model import Driver

if TYPE_CHECKING:
    import pandas as pd


class Grains:
    """What is registered for a metric: one `Chosen` per grain."""

    name = "grains"
    family = "chosen"
    needs = 1
    cost = 1.0

    def __init__(self, grains: Mapping[str, Chosen] | None = None) -> None:
        self._grains = dict(grains or {})

    @property
    def grains(self) -> tuple[str, ...]:
        """The grains that it has models for."""
        return tuple(sorted(self._grains))

    def of(self, grain: str) -> Chosen:
        """The models of one grain.

        Raises:
            ModelError: it has none.

        """
        if grain not in self._grains:
            raise ModelError(
                f"There is no model by {grain}; there are: {', '.join(self.grains) or 'none'}.",
                "More history is needed, or another grain.",
            )
        return self._grains[grain]

    def plan(self, grain: str) -> Plan | None:
        """What forecasts what at one grain; None when nothing does."""
        return self._grains[grain].plan if grain in self._grains else None

    def fit(self, history: pd.DataFrame, *, seed: int) -> Self:
        """Fit the models of every grain on their own series."""
        rows = frames.history(history)
        for grain, part in _by_grain(rows):
            self.of(grain).fit(part, seed=seed)
        return self

    def predict(self, future: pd.DataFrame) -> pd.DataFrame:
        """`unique_id, ds, yhat`; a series of no known grain is answered by the finest there is."""
        if not self._grains:
            raise NotFittedError(self.name)
        asked = frames.future(future)
        values = np.zeros(len(asked))
        first = self.grains[0]
        grains = asked["unique_id"].str.partition("|")[0]
        for grain in sorted(grains.unique()):
            here = np.asarray(grains == grain)
            known = grain in self._grains
            part = asked[here].reset_index(drop=True)
            if known:
                part["unique_id"] = part["unique_id"].str.partition("|")[2]
            answer = self._grains[grain if known else first].predict(part)
            values[here] = part.merge(answer, on=frames.KEY, how="left")["yhat"].to_numpy()
        return frames.answer(asked, list(values))

    def explain(self) -> Sequence[Driver]:
        """What was chosen, grain by grain."""
        found = [
            Driver(f"{grain}: {driver.name}", driver.effect, f"By {grain}: {driver.words}")
            for grain in self.grains
            for driver in self._grains[grain].explain()
        ]
        return found or [Driver("grains", 0.0, "Nothing was chosen yet.")]

    def save(self, folder: Path) -> None:
        """A folder for each grain."""
        for grain, chosen in self._grains.items():
            (folder / grain).mkdir(parents=True)
            chosen.save(folder / grain)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """What `save` wrote."""
        found = sorted(path for path in folder.iterdir() if path.is_dir())
        return cls({path.name: Chosen.load(path) for path in found})


def _by_grain(rows: pd.DataFrame) -> list[tuple[str, pd.DataFrame]]:
    names = rows["unique_id"].str.partition("|")
    return [
        (str(grain), part.assign(unique_id=names[2][part.index]).reset_index(drop=True))
        for grain, part in rows.groupby(names[0], sort=True)
    ]
