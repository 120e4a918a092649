"""One small LSTM for all series: it reads their last periods, a head answers each of the next.

The head sees what the LSTM has read, what is known of the period that is asked, and how far ahead it
lies, so that any horizon is answered directly. It starts from what such a period usually brings and
learns how far the truth lies from there. What the LSTM has read of each series is kept, so that
answers need no torch.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from omnix.ml import frames
from omnix.ml.errors import ModelError, NotFittedError
from omnix.ml.folds import Grain
from omnix.ml.forecasting import _features, _network, _training, _windows
from omnix.ml.forecasting._network import Head, Lesson
from omnix.ml.forecasting._origin import Origin, arrays
from omnix.ml.forecasting._panel import Block, Panel, panel
from omnix.ml.forecasting._windows import Standard, Windows
from omnix.ml.forecasting._words import WORDS
from omnix.ml.forecasting.candidates._costs import Costs
from omnix.ml.model import Driver

if TYPE_CHECKING:
    import pandas as pd

_ARRAYS, _WORDS = "network.npz", "network.json"
#: Values of history for each window that is drawn, and the fewest and most windows.
_VALUES, _FEWEST, _MOST = 60, 400, 12_000
#: The share of the time, at its end, on which it is seen when to stop.
_EXAM = 0.06
#: As in lightgbm_direct: the mean where so many of the last values are nought, else the median.
_SPARSE = 0.3
_NOTHING = Standard((), frozenset(), np.empty(0, np.float32), np.empty(0, np.float32))


class Lstm:
    """A global LSTM with covariates that answers each horizon directly.

    grain: of the series. rounds: how often it sees all windows, at most.
    """

    name, family = "lstm", "deep"
    requires = ("torch",)
    #: Of 100 series or 1,000; starting torch takes two seconds on top, once.
    costs = Costs(day=0.011, week=0.025, month=0.045)

    def __init__(self, grain: Grain = "day", *, rounds: int = 12) -> None:
        self.grain: Grain = grain
        self.needs = {"day": 56, "week": 52, "month": 24}[grain]
        self.cost = self.costs.at(grain)
        self._rounds = rounds
        self._origin: Origin | None = None
        self._head = Head((), ())
        self._states: Block = np.empty((0, 0), dtype=np.float32)
        self._standard = _NOTHING
        self._effects: dict[str, float] = {}

    def fit(self, history: pd.DataFrame, *, seed: int) -> Self:
        """Learn from `history`, from days that are not closed."""
        _network.library()
        block = panel(history, self.grain, self.needs)
        windows, pasts, tables = self._drawn(block, np.random.default_rng(seed))
        origin = Origin.of(block, _training.together(tables))
        names = _features.names(origin.table, origin.known)
        without = _windows.unproven(self.grain, block.y.shape[1])
        self._standard = Standard.of(windows.x, names, without)
        lesson, exam = self._lessons(windows, block)
        network = _network.trained(lesson, exam, self._rounds, seed)
        # The last row is for a series that is not known: nothing has been read.
        pasts.append(np.zeros_like(pasts[0][:1]))
        self._origin, self._head = origin, network.head
        self._states = network.read(np.concatenate(pasts))
        self._effects = self._explained(exam, network, seed)
        return self

    def predict(self, future: pd.DataFrame) -> pd.DataFrame:
        """`unique_id, ds, yhat` for each row of `future`."""
        origin = self._fitted()
        rows = frames.future(future)
        asked = origin.asked(rows)
        values = np.concatenate([np.empty(0), *(self._told(piece) for piece in asked.pieces())])
        return frames.answer(rows, origin.bounded(values * origin.scale(asked), asked).tolist())

    def save(self, folder: Path) -> None:
        """Weights and what was read as arrays, the rest as JSON."""
        self._fitted().save(folder)
        kept = {"states": self._states, "mean": self._standard.mean}
        kept["deviation"] = self._standard.deviation
        for at, (weight, bias) in enumerate(
            zip(self._head.weights, self._head.biases, strict=True)
        ):
            kept |= {f"weight_{at}": weight, f"bias_{at}": bias}
        np.savez_compressed(folder / _ARRAYS, allow_pickle=False, **kept)
        said = {
            "rounds": self._rounds,
            "layers": len(self._head.weights),
            "names": self._standard.names,
            "without": sorted(self._standard.without),
            "effects": self._effects,
        }
        (folder / _WORDS).write_text(json.dumps(said) + "\n", "utf-8")

    @classmethod
    def load(cls, folder: Path) -> Self:
        """The model that `save` wrote there."""
        origin = Origin.load(folder)
        try:
            said = json.loads((folder / _WORDS).read_text("utf-8"))
            model = cls(origin.table.grain, rounds=said["rounds"])
            model._take(said, arrays(folder / _ARRAYS))
        except (OSError, ValueError, KeyError, TypeError, BadZipFile) as error:
            raise ModelError(f"{folder} holds no saved LSTM: {error}.", "Train it again.") from None
        model._origin = origin
        return model

    def explain(self) -> list[Driver]:
        """How much worse it does on the last part when each kind of fact is shuffled."""
        self._fitted()
        ordered = sorted(self._effects.items(), key=lambda each: (-each[1], each[0]))
        return [
            Driver(told, worse, f"{told} (without it the error is {worse:.0%} greater).")
            for told, worse in ordered
        ]

    def _drawn(
        self, block: Panel, rng: np.random.Generator
    ) -> tuple[Windows, list[Block], list[_features.Table]]:
        """Windows to learn from; of each series its last periods, and what can be looked up."""
        values = int((~np.isnan(block.y)).sum())
        share = np.clip(values / _VALUES, _FEWEST, _MOST) / max(values, 1)
        found, pasts, tables = [], [], []
        for part, looked in _training.parts(block, _features.leading(block)):
            count = int(np.ceil((~np.isnan(part.y)).sum() * share))
            found.append(_windows.drawn(part, looked, count, rng))
            newest = looked.newest()
            series = np.arange(len(part.names))
            last = np.full(len(series), part.y.shape[1] - 1)
            pasts.append(_windows.read(part, looked, series, last))
            tables.append(newest)
        return _windows.joined(found), pasts, tables

    def _lessons(self, windows: Windows, block: Panel) -> tuple[Lesson, Lesson]:
        """Windows to learn from and to be examined on: what comes last is not learnt from."""
        until = block.last - int(_EXAM * block.y.shape[1])
        late = windows.when > until
        lesson, exam = self._lesson(windows, ~late), self._lesson(windows, late)
        return lesson, exam if len(exam.past) else lesson

    def _lesson(self, windows: Windows, there: NDArray[np.bool_]) -> Lesson:
        """The windows of which something is `there`, without what is not."""
        target = np.where(there, windows.target, np.nan).astype(np.float32)
        some = np.flatnonzero((~np.isnan(target)).any(axis=1))
        own = windows.part(some)
        x = self._standard.shown(own.x)
        base = self._base(own.x).astype(np.float32)
        return Lesson(own.past, x, base, target[some], self._column(own.x, "noughts") >= _SPARSE)

    def _explained(self, exam: Lesson, network: _network.Trained, seed: int) -> dict[str, float]:
        """The share by which the error grows when facts of the same words are shuffled."""
        rng = np.random.default_rng(seed)
        some = slice(0, 1000)
        there = ~np.isnan(exam.target[some])
        state = np.repeat(network.read(exam.past[some]), exam.x.shape[1], axis=0)
        x, base, target = (each[some] for each in (exam.x, exam.base, exam.target))
        x, there = x.reshape(-1, x.shape[-1]), there.ravel()

        def error(rows: Block, read: Block) -> float:
            told = base.ravel() + network.head(read, rows)
            return float(np.mean(np.abs(told - target.ravel())[there])) if there.any() else 0.0

        plain, order = error(x, state), rng.permutation(len(x))
        kinds = self._standard.kinds(WORDS)
        worse = {"What was sold in the last weeks, day by day": error(x, state[order])}
        for told, columns in kinds.items():
            mixed = x.copy()
            mixed[:, columns] = mixed[order][:, columns]
            worse[told] = error(mixed, state)
        return {told: max(each / plain - 1, 0.0) if plain else 0.0 for told, each in worse.items()}

    def _told(self, asked: _features.Asked) -> NDArray[np.float64]:
        """Answers relative to the scale."""
        origin = self._fitted()
        x, _ = _features.features(origin.table, asked, origin.known)
        return self._base(x) + self._head(self._states[asked.series], self._standard.shown(x))

    def _base(self, x: Block) -> NDArray[np.float64]:
        """What such a period brings; as much as any where that is not known."""
        return np.nan_to_num(self._column(x, "usual"), nan=1.0).astype(np.float64)

    def _column(self, x: Block, name: str) -> Block:
        return np.asarray(x[..., self._standard.names.index(name)])

    def _take(self, said: dict[str, Any], held: dict[str, Block]) -> None:
        layers = range(said["layers"])
        self._head = Head(
            tuple(held[f"weight_{at}"] for at in layers),
            tuple(held[f"bias_{at}"] for at in layers),
        )
        self._states, self._effects = held["states"], said["effects"]
        self._standard = Standard(
            tuple(said["names"]), frozenset(said["without"]), held["mean"], held["deviation"]
        )

    def _fitted(self) -> Origin:
        if self._origin is None:
            raise NotFittedError(self.name)
        return self._origin
