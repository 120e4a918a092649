"""Lags and rolling means of many series, and the walk from one period to the next: mlforecast's part."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from omnix.ml.errors import ModelError
from omnix.ml.folds import Grain
from omnix.ml.forecasting._features import SPANS, Spans
from omnix.ml.forecasting._panel import Block, Panel

if TYPE_CHECKING:
    import pandas as pd

#: What is said of rows of features.
Say: TypeAlias = Callable[[NDArray[Any]], NDArray[np.float64]]
#: The lags of each grain; that of a year comes on top where the history holds more than one.
_LAGS: MappingProxyType[Grain, tuple[int, ...]] = MappingProxyType(
    {"day": (1, 2, 7, 14, 21, 28), "week": (1, 2, 3, 4, 8), "month": (1, 2, 3)}
)
#: Over how many weeks the same weekday is averaged.
_WEEKS = (4, 12)


@dataclass(frozen=True)
class Steps:
    """Series side by side, relative to their scale and without gaps, up to one last period.

    yearly: whether they are long enough to look back a year.
    """

    grain: Grain
    yearly: bool
    y: Block

    def newest(self) -> Steps:
        """As much as the next step looks back on."""
        spans = SPANS[self.grain]
        weeks = spans.season * max(_WEEKS) if self.grain == "day" else 0
        keep = max(spans.year * self.yearly, spans.long, weeks) + 1
        return Steps(self.grain, self.yearly, self.y[:, -keep:].copy())


def steps(block: Panel, scale: NDArray[np.float64]) -> Steps:
    """`block` relative to `scale`, with what is missing filled in."""
    spans = SPANS[block.grain]
    relative = (block.y / scale[:, None]).astype(np.float32)
    yearly = block.y.shape[1] >= spans.year + spans.long
    return Steps(block.grain, yearly, _filled(relative, spans))


def _filled(y: Block, spans: Spans) -> Block:
    """Gaps take the last value of the same place in the season, else the mean of their series."""
    filled = y.copy()
    for column in range(spans.season, y.shape[1]):
        gap = np.isnan(filled[:, column])
        filled[gap, column] = filled[gap, column - spans.season]
    counts = np.maximum((~np.isnan(y)).sum(axis=1), 1)
    means = (np.nansum(y, axis=1, dtype=np.float64) / counts).astype(np.float32)
    return np.where(np.isnan(filled), means[:, None], filled)


def learnt(found: Steps, known: dict[str, Block]) -> Block:
    """The features of every period of every series, row by row: `known`, then those of the past."""
    return np.asarray(_prepared(found, known)[1], dtype=np.float32)


def names(found: Steps, known: dict[str, Block]) -> list[str]:
    """What the features are called, in their order."""
    one = Steps(found.grain, found.yearly, found.y[:1])
    walk, _ = _prepared(one, {name: block[:1] for name, block in known.items()})
    return [str(name) for name in walk.ts.features_order_]


def walked(found: Steps, known: dict[str, Block], say: Say) -> NDArray[np.float64]:
    """The next periods of all series, as many as `known` (series x periods) tells of."""
    series, length = found.y.shape
    ahead = next(iter(known.values())).shape[1]
    past = {name: np.zeros_like(found.y) for name in known}
    walk, _ = _prepared(found, past)
    walk.models_ = {"said": _Said(say)}
    future = _frame(series, range(length, length + ahead), known)
    answer = walk.predict(ahead, X_df=future)["said"]
    return np.asarray(answer, dtype=np.float64).reshape(series, ahead)


class _Said:
    """A function as mlforecast calls a model."""

    def __init__(self, say: Say) -> None:
        self.predict = say


def _prepared(found: Steps, known: dict[str, Block]) -> tuple[Any, Any]:
    """mlforecast standing at the last period, and the features of all periods up to it."""
    series, length = found.y.shape
    frame = _frame(series, range(length), known)
    frame.insert(2, "y", found.y.ravel())
    walk = _mlforecast(found.grain, found.yearly)
    x, _ = walk.preprocess(frame, static_features=[], dropna=False, return_X_y=True, as_numpy=True)
    return walk, x


def _mlforecast(grain: Grain, yearly: bool) -> Any:
    try:
        from mlforecast import MLForecast
        from mlforecast.lag_transforms import RollingMean, RollingStd, SeasonalRollingMean
    except (ImportError, OSError) as error:
        raise ModelError(
            f"mlforecast cannot be used: {error}.", "Install it: pip install mlforecast."
        ) from None
    spans = SPANS[grain]
    rolling = [RollingMean(span, min_samples=1) for span in (spans.short, spans.usual, spans.long)]
    transforms: dict[int, list[Any]] = {1: [*rolling, RollingStd(spans.usual, min_samples=2)]}
    if grain == "day":
        season = spans.season
        transforms[season] = [SeasonalRollingMean(season, n, min_samples=1) for n in _WEEKS]
    lags = [*_LAGS[grain], *([spans.year] if yearly else [])]
    return MLForecast(models={}, freq=1, lags=lags, lag_transforms=transforms, num_threads=1)


def _frame(series: int, at: range, known: dict[str, Block]) -> pd.DataFrame:
    """`unique_id`, `ds` as numbers, and what is known."""
    import pandas as pd

    key = {
        "unique_id": np.repeat(np.arange(series), len(at)),
        "ds": np.tile(np.arange(at.start, at.stop), series),
    }
    return pd.DataFrame(key | {name: block.ravel() for name, block in known.items()})
