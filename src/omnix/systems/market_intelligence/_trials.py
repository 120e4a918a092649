"""Trying the candidates: which series, which of them, and the rows of `forecast_backtests`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from omnix.ml.errors import TooLittleData
from omnix.ml.folds import Grain
from omnix.ml.forecasting import candidates
from omnix.ml.forecasting.backtest import backtest
from omnix.ml.forecasting.budget import afford
from omnix.ml.forecasting.origins import Origins
from omnix.ml.forecasting.run import classes_of, when_of
from omnix.ml.forecasting.task import Task
from omnix.systems.market_intelligence.tasks import LEVELS, Sales, budgets

if TYPE_CHECKING:
    import pandas as pd

    from omnix.ml.model import Forecaster

SEED = 7
#: Series of a level that are tried; of more, a sample that holds the largest and every class.
_MOST: Mapping[str, int] = {
    "shop": 1, "country": 60, "store": 60, "category": 200, "product": 200,
}  # fmt: skip
#: Kinds of series that say nothing about candidates.
_MUTE = frozenset({"dead", "new", "short", "constant"})
_COLUMNS = (
    "metric", "grain", "level", "item", "model", "cut", "ahead", "period", "predicted", "actual",
    "scale", "closed", "series_class", "part",
)  # fmt: skip
_TYPES = {
    "ahead": "int32", "predicted": "float64", "actual": "float64", "scale": "float64", "closed": "bool",
}  # fmt: skip


def tried(sales: Sales, seconds: float) -> pd.DataFrame:
    """The rows of `forecast_backtests`; none for a grain with too little history."""
    import pandas as pd

    parts = [_blank()]
    for metric, grain, own in budgets(seconds):
        try:
            rows = _one(sales, metric, grain, own)
        except TooLittleData:
            continue
        parts.append(rows)
    return pd.concat([part for part in parts if len(part)] or parts, ignore_index=True)


def _one(sales: Sales, metric: str, grain: Grain, seconds: float) -> pd.DataFrame:
    """What the candidates said of one metric at one grain."""
    task = sales.task(metric, grain)
    when = when_of(task)
    classes = classes_of(task)
    part = task.only(sample(task, classes, sales.items))
    models = [make() for make in candidates(grain).values()]
    names = afford(models, sizes(task, part, when), seconds)
    if seconds <= 0:
        names = {level: baselines(models) for level in names}
    told = backtest(part, when, names, seed=SEED)
    if not len(told):
        return _blank()
    level_item = told["unique_id"].str.partition("=")
    told = told.assign(
        metric=metric, grain=grain, level=level_item[0], item=level_item[2],
        series_class=told["unique_id"].map(classes), period=told["ds"].dt.date, cut=told["cut"].dt.date,
    )  # fmt: skip
    return told[list(_COLUMNS)].astype(_TYPES)


def sample(task: Task, classes: Mapping[str, str], items: pd.DataFrame) -> frozenset[str]:
    """The series that are tried: all of a level, or the largest and an even spread over the rest."""
    chosen: list[str] = []
    value = dict(zip(items["unique_id"], items["value"], strict=True))
    for level in LEVELS:
        own = [
            name for name, its in task.levels.items()
            if its == level and (level == "shop" or classes[name] not in _MUTE)
        ]  # fmt: skip
        ranked = sorted(own, key=lambda name: (-value[name], name))
        chosen += _spread(ranked, _MOST[level])
    return frozenset(chosen)


def _spread(ranked: Sequence[str], most: int) -> list[str]:
    """At most `most`: the first half as they come, then evenly from what is left."""
    if len(ranked) <= most:
        return list(ranked)
    head, tail = ranked[: most // 2], ranked[most // 2 :]
    step = len(tail) / (most - len(head))
    return [*head, *(tail[int(at * step)] for at in range(most - len(head)))]


def sizes(task: Task, part: Task, when: Origins) -> dict[str, tuple[int, int]]:
    """By level: values that a candidate reads in all its fits, the last one on all series; and fits."""
    fits, found = len(when.folds), {}
    for level in LEVELS:
        tried_on, all_of = (_values(each, level) for each in (part, task))
        if tried_on:
            found[level] = (tried_on * fits + all_of, fits + 1)
    return found


def _values(task: Task, level: str) -> int:
    own = [name for name, its in task.levels.items() if its == level]
    return int(task.history["unique_id"].isin(own).sum())


def baselines(models: Sequence[Forecaster]) -> list[str]:
    """The names of the baselines among them."""
    return sorted(model.name for model in models if model.family == "baseline")


def _blank() -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame({name: pd.Series(dtype=_TYPES.get(name, "object")) for name in _COLUMNS})
