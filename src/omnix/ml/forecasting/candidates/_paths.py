"""Models whose answer is a path that begins after each series' last value, kept as they learn."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Self

import numpy as np

from omnix.ml import frames
from omnix.ml.errors import ModelError, NotFittedError, TooLittleData
from omnix.ml.folds import Grain
from omnix.ml.forecasting import SEASONS
from omnix.ml.forecasting.candidates._costs import Costs
from omnix.ml.forecasting.candidates._lifts import Lifts
from omnix.ml.forecasting.candidates._tails import Floats, Integers, Tails, ordinals
from omnix.ml.model import Driver

if TYPE_CHECKING:
    import pandas as pd

_VALUES, _SERIES = "paths.npy", "series.json"
#: Kinds of models that are told of, the most frequent first.
_KINDS = 3
_PLACE = {"day": "weekday", "week": "week of the year", "month": "month of the year"}


class PathModel(ABC):
    """Forecasts each series from its own past alone; of covariates only promotions are read.

    What promotions brought is taken out of the past and given back to the days that have one again;
    baselines do without.

    The path of every series is made by `fit` and is all that is saved, so that a loaded model
    answers to the last bit. Beyond its end the last season of the path is repeated. A series that
    was not there is answered by the median of those that were.
    """

    name: ClassVar[str]
    family: ClassVar[str]
    needs: int = 1
    costs: ClassVar[Costs]

    def __init__(self, grain: Grain = "day") -> None:
        self.grain = grain
        self.season = SEASONS[grain]
        self._series: tuple[list[str], Integers] | None = None
        self._path: Floats = np.empty((0, 1))
        self._notes: dict[str, int] = {}
        self._lifts = Lifts(grain)

    @property
    def cost(self) -> float:
        """CPU seconds per 1,000 values of history, for one fit and 30 days, 12 weeks or months."""
        return self.costs.at(self.grain)

    @property
    @abstractmethod
    def tail(self) -> int:
        """Periods of the past that are looked at."""

    @abstractmethod
    def paths(self, tails: Tails) -> Floats:
        """The answer for each series (rows) and each period after its last one (columns)."""

    def fit(self, history: pd.DataFrame, *, seed: int) -> Self:  # noqa: ARG002 - draws nothing
        """Make the path of each series.

        Raises:
            TooLittleData: not one series has the values that the model needs.

        """
        rows = frames.history(history)
        self._lifts = (
            Lifts(self.grain) if self.family == "baseline" else Lifts.learnt(rows, self.grain)
        )
        tails = Tails.of(self._lifts.without(rows), self.grain, self.tail)
        if (most := int(tails.counts.max())) < self.needs:
            raise TooLittleData(
                f"{self.name} cannot learn from {most} {self.grain}{'s' if most > 1 else ''}.",
                f"at least {self.needs} {self.grain}s of history of one series",
            )
        self._notes = {}
        self._path = self.paths(tails)
        self._series = tails.ids, tails.last
        return self

    def predict(self, future: pd.DataFrame) -> pd.DataFrame:
        """The path of each series at the days asked."""
        import pandas as pd

        ids, last = self._fitted()
        asked = frames.future(future)
        rows = pd.Index(ids).get_indexer(asked["unique_id"])
        when = ordinals(asked["ds"], self.grain)
        values = self._path[rows, self._columns(when - last[rows])]
        if (unknown := rows < 0).any():
            values[unknown] = self._usual(when[unknown], last)
        return frames.answer(asked, values * self._lifts.factors(asked))

    def save(self, folder: Path) -> None:
        """Write the paths as a plain array, and whose they are as JSON."""
        ids, last = self._fitted()
        np.save(folder / _VALUES, self._path, allow_pickle=False)
        told = {
            "grain": self.grain,
            "ids": ids,
            "last": last.tolist(),
            "notes": self._notes,
            "lifts": self._lifts.to_dict(),
        }
        (folder / _SERIES).write_text(json.dumps(told), "utf-8")

    @classmethod
    def load(cls, folder: Path) -> Self:
        """The model that `save` wrote there.

        Raises:
            ModelError: nothing, or something else, was saved there.

        """
        try:
            told = json.loads((folder / _SERIES).read_text("utf-8"))
            model = cls(told["grain"])
            model._path = np.load(folder / _VALUES, allow_pickle=False)
            model._series = told["ids"], np.array(told["last"], dtype=np.int64)
            model._notes = told["notes"]
            model._lifts = Lifts.from_dict(told["lifts"], model.grain)
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise ModelError(f"{folder} holds no {cls.name}: {error}.", "Train it again.") from None
        return model

    def explain(self) -> list[Driver]:
        """How high the paths begin, how much they swing within a season, where they go."""
        self._fitted()
        first = self._path[:, : self.season]
        last = self._path[:, -first.shape[1] :]
        level, swing = float(first.mean()), float(np.ptp(first, axis=1).mean())
        slope = float(last.mean()) - level
        drivers = [Driver("level", level, f"A series begins at {level:,.4g} on the average.")]
        if swing:
            words = f"From the lowest to the highest {_PLACE[self.grain]} it is {swing:,.4g}."
            drivers.append(Driver("season", swing, words))
        if slope:
            words = f"Over {self._path.shape[1]} {self.grain}s it goes {_way(slope)}."
            drivers.append(Driver("trend", slope, words))
        if self._lifts.usual:
            words = f"A promotion brings {self._lifts.usual:+.1%} on the average."
            drivers.append(Driver("promo", self._lifts.usual, words))
        most = list(self._notes.items())[:_KINDS]
        return drivers + [Driver(n, times, f"{n}: {times} series.") for n, times in most]

    def _fitted(self) -> tuple[list[str], Integers]:
        if self._series is None:
            raise NotFittedError(self.name)
        return self._series

    def _columns(self, steps: Integers) -> Integers:
        """Where in a path the answer stands for so many periods after the last value."""
        width = self._path.shape[1]
        period = min(self.season, width)
        inside = (steps > 0) & (steps <= width)
        return np.where(inside, steps - 1, width - period + (steps - 1 - width) % period)

    def _usual(self, when: Integers, last: Integers) -> Floats:
        """The median of all series at those periods."""
        days, places = np.unique(when, return_inverse=True)
        columns = self._columns(days[None, :] - last[:, None])
        every = np.take_along_axis(self._path, columns, axis=1)
        return np.asarray(np.median(every, axis=0)[places])


def _way(slope: float) -> str:
    return f"{'up' if slope > 0 else 'down'} by {abs(slope):,.4g}"
