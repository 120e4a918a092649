"""One LightGBM for all series that walks from one period to the next, fed its own answers.

mlforecast makes the lags and rolling means. Sales are relative to the size of their own series. Gaps
and closed days are filled with the last value of the same weekday, so that lags have something to
stand on; nothing is learnt from such days themselves.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Self

import numpy as np
from numpy.typing import NDArray

from omnix.ml import frames
from omnix.ml.errors import ModelError, NotFittedError
from omnix.ml.folds import Grain
from omnix.ml.forecasting import _boosted, _features, _stepping, _words
from omnix.ml.forecasting._features import SPANS, Asked, Table
from omnix.ml.forecasting._origin import Origin
from omnix.ml.forecasting._panel import Block, Panel, Places, panel
from omnix.ml.forecasting._stepping import Steps
from omnix.ml.forecasting._training import FARTHEST, parts, together
from omnix.ml.forecasting._words import WORDS
from omnix.ml.forecasting.candidates._costs import Costs
from omnix.ml.model import Driver

if TYPE_CHECKING:
    import pandas as pd
    from lightgbm import Booster

_TREES, _SERIES, _WORDS = "trees.txt", "series.npy", "steps.json"


class LightgbmRecursive:
    """A global LightGBM that answers period by period.

    grain: of the series. rows: most rows that it learns from. trees: how many.
    """

    name, family = "lightgbm_recursive", "global"
    requires = ("lightgbm", "mlforecast")
    #: Of 1,000 series; what any fit costs at least is counted by the budget.
    costs = Costs(day=0.005, week=0.01, month=0.015)

    def __init__(self, grain: Grain = "day", *, rows: int = 200_000, trees: int = 200) -> None:
        self.grain: Grain = grain
        self.needs = {"day": 28, "week": 26, "month": 12}[grain]
        self.cost = self.costs.at(grain)
        self._rows, self._trees = rows, trees
        self._origin: Origin | None = None
        self._steps: Steps | None = None
        self._booster: Booster | None = None

    def fit(self, history: pd.DataFrame, *, seed: int) -> Self:
        """Learn from `history`, from days that are not closed."""
        block = panel(history, self.grain, self.needs)
        rng = np.random.default_rng(seed)
        share = self._rows / max(int((~np.isnan(block.y)).sum()), 1)
        found, looked, tails = [], [], []
        for part, table in parts(block, _features.leading(block)):
            steps = _stepping.steps(part, _sizes(table))
            found.append(_taken(part, table, steps, share, rng))
            looked.append(table.newest())
            tails.append(steps.newest())
        self._origin = Origin.of(block, together(looked))
        self._steps = Steps(self.grain, tails[0].yearly, np.concatenate([t.y for t in tails]))
        x, target = (np.concatenate(each) for each in zip(*found, strict=True))
        self._booster = _boosted.boosted(x, target, _boosted.MEAN, self._trees, seed)
        return self

    def predict(self, future: pd.DataFrame) -> pd.DataFrame:
        """`unique_id, ds, yhat` for each row of `future`."""
        origin, steps = self._fitted()
        rows = frames.future(future)
        asked = origin.asked(rows)
        if not len(rows):
            return frames.answer(rows, [])
        _, first, who = np.unique(rows["unique_id"], return_index=True, return_inverse=True)
        shape = (len(first), int(asked.ahead.max()))
        spots = (who, asked.ahead - 1)
        known = _spread(_known(origin.table, asked, origin.known), spots, shape)
        own = Steps(steps.grain, steps.yearly, _begun(steps.y, asked.series[first]))
        walked = _stepping.walked(own, known, self._say)
        values = walked[spots] * origin.scale(asked)
        return frames.answer(rows, origin.bounded(values, asked).tolist())

    def save(self, folder: Path) -> None:
        """Trees as LightGBM's text, the rest as JSON and arrays."""
        origin, steps = self._fitted()
        origin.save(folder)
        np.save(folder / _SERIES, steps.y, allow_pickle=False)
        if self._booster is not None:
            (folder / _TREES).write_text(self._booster.model_to_string(), "utf-8")
        said = {"rows": self._rows, "trees": self._trees, "yearly": steps.yearly}
        (folder / _WORDS).write_text(json.dumps(said) + "\n", "utf-8")

    @classmethod
    def load(cls, folder: Path) -> Self:
        """The model that `save` wrote there."""
        origin = Origin.load(folder)
        grain = origin.table.grain
        try:
            said = json.loads((folder / _WORDS).read_text("utf-8"))
            model = cls(grain, rows=said["rows"], trees=said["trees"])
            y = np.load(folder / _SERIES, allow_pickle=False)
            model._steps = Steps(grain, said["yearly"], y)
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise ModelError(
                f"{folder} holds no saved model: {error}.", "Train it again."
            ) from None
        model._origin = origin
        if (folder / _TREES).exists():
            model._booster = _boosted.read((folder / _TREES).read_text("utf-8"))
        return model

    def explain(self) -> list[Driver]:
        """The shares of what the trees gained by each kind of fact."""
        origin, steps = self._fitted()
        known = dict.fromkeys(_columns(origin.table.grain, origin.known), steps.y)
        names = _stepping.names(steps, known)
        trees = [] if self._booster is None else [self._booster]
        words = {**WORDS, **_words.lags(names, self.grain)}
        return _boosted.drivers(_boosted.gained(trees, names), words)

    def _say(self, x: NDArray[np.float32]) -> NDArray[np.float64]:
        """Answers relative to the scale; what is usual where there are no trees."""
        if self._booster is None:
            return np.asarray(x[:, 0], dtype=np.float64)
        return _boosted.answers(self._booster, x)

    def _fitted(self) -> tuple[Origin, Steps]:
        if self._origin is None or self._steps is None:
            raise NotFittedError(self.name)
        return self._origin, self._steps


def _taken(
    part: Panel, table: Table, steps: Steps, share: float, rng: np.random.Generator
) -> tuple[Block, Block]:
    """About a `share` of the rows that there are to learn from, with their targets."""
    series, length = part.y.shape
    who, when = np.repeat(np.arange(series), length), np.tile(np.arange(length), series)
    # What is usual is looked up from a season before, as it is for the first answers.
    ahead = np.full(len(who), SPANS[part.grain].season)
    told = {name: block.ravel() for name, block in part.known.items()}
    known = _known(table, Asked(who, part.first + when, ahead, told), list(part.known))
    x = _stepping.learnt(
        steps, {name: values.reshape(series, length) for name, values in known.items()}
    )
    target = (part.y / _sizes(table)[:, None]).astype(np.float32).ravel()
    taken = ~np.isnan(target) & (rng.random(len(target)) < share)
    return x[taken], np.clip(target[taken], -FARTHEST, FARTHEST)


def _known(table: Table, asked: Asked, known: Sequence[str]) -> dict[str, Block]:
    """What is known of each row without its lags, one array a feature; nothing is missing."""
    size = np.append(_sizes(table), 1.0)[asked.series]
    usual = np.nan_to_num(_features.usual(table, asked) / size, nan=1.0)
    columns = {"usual": usual, **_features.dates(asked.period, table.grain)}
    columns |= {name: np.nan_to_num(asked.known[name]) for name in known}
    return {name: values.astype(np.float32) for name, values in columns.items()}


def _columns(grain: Grain, known: Sequence[str]) -> list[str]:
    """The names of what `_known` gives, in its order."""
    return ["usual", *_features.DATES[grain], *known]


def _sizes(table: Table) -> NDArray[np.float64]:
    """What each series is relative to: its scale at the end; 1 for one without a value."""
    return np.nan_to_num(table.scale[:, -1].astype(np.float64), nan=1.0)


def _spread(
    known: dict[str, Block], spots: tuple[Places, Places], shape: tuple[int, int]
) -> dict[str, Block]:
    """Rows as blocks, series x periods; 0 where nothing was asked."""
    blocks = {}
    for name, values in known.items():
        blocks[name] = np.zeros(shape, dtype=np.float32)
        blocks[name][spots] = values
    return blocks


def _begun(y: Block, series: Places) -> Block:
    """What each of the series walks from; one that is not known from the median of all."""
    usual = np.median(y, axis=0)[None, :]
    return np.concatenate([y, usual.astype(np.float32)])[series]
