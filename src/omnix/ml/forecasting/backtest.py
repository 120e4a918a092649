"""Every candidate tried on the same cuts of the past."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from omnix.ml.errors import TooLittleData
from omnix.ml.folds import Fold
from omnix.ml.forecasting import SEASONS, calendar, candidate
from omnix.ml.forecasting.origins import Origins
from omnix.ml.forecasting.task import Asked, Task

if TYPE_CHECKING:
    import pandas as pd

#: What a backtest gives, in this order.
COLUMNS = (
    "unique_id", "model", "cut", "ahead", "ds", "predicted", "actual", "scale", "closed", "part",
)  # fmt: skip
#: Told as it goes: words, fits done, fits in all.
#: Families that learn from all series of a level together; the others take each series by itself.
TOGETHER = frozenset({"global", "deep"})
Tell: TypeAlias = Callable[[str, int, int], None]
Rows: TypeAlias = np.ndarray[Any, np.dtype[np.bool_]]


def backtest(
    task: Task,
    when: Origins,
    tried: Mapping[str, Sequence[str]],
    *,
    seed: int,
    tell: Tell | None = None,
) -> pd.DataFrame:
    """What each candidate forecast from each cut beside what then happened: `COLUMNS`.

    tried: the names of the candidates, by level. `scale` is the mean absolute seasonal difference of
    the series up to the cut; `closed` whether no open day was expected; `part` whether the fold
    serves the choice or the report. A candidate for which a fold has too little history has no rows
    there.
    """
    import pandas as pd

    fits = list(_fits(task, tried))
    done, parts = 0, []
    for fold in when.folds:
        asked = task.at(fold.cut, _horizons(task, fold))
        scales = scale(asked.train, SEASONS[task.grain])
        happened = _happened(task, fold, asked.future)
        for name, levels in fits:
            if tell:
                tell(
                    f"{name} on {', '.join(levels)}, up to {fold.cut}",
                    done,
                    len(fits) * len(when.folds),
                )
            done += 1
            answer = _answer(task, asked, levels, name, seed)
            if answer is not None:
                told = _told(fold, answer, happened, name)
                part = "choose" if fold in when.choose else "report"
                parts.append(told.assign(scale=told["unique_id"].map(scales), part=part))
    return pd.concat(parts, ignore_index=True)[list(COLUMNS)] if parts else empty()


def _fits(task: Task, tried: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each candidate with the levels of one fit: those that learn from all series learn level by level."""
    for name in sorted({name for names in tried.values() for name in names}):
        levels = tuple(level for level, names in tried.items() if name in names)
        if candidate(name, task.grain).family in TOGETHER:
            yield from ((name, (level,)) for level in levels)
        else:
            yield name, levels


def empty() -> pd.DataFrame:
    """A backtest of nothing."""
    import pandas as pd

    return pd.DataFrame({name: pd.Series(dtype="object") for name in COLUMNS})


def scale(train: pd.DataFrame, season: int) -> pd.Series:
    """By series: the mean absolute difference from one season before, the unit of its errors.

    With less than two seasons it is the mean absolute step; of a series that never changes a
    hundredth of its mean; of a single value that value, as nobody knows how far it may be off; never
    nought.
    """
    import pandas as pd

    rows = train.sort_values(["unique_id", "ds"], kind="stable")
    by = rows.groupby("unique_id", sort=True)["y"]
    steps = {lag: by.diff(lag).abs().groupby(rows["unique_id"]).mean() for lag in (season, 1)}
    found = steps[season].where(by.size() > season + season // 2, steps[1])
    usual = rows["y"].abs().groupby(rows["unique_id"]).mean()
    found = found.fillna(usual)
    found = found.where(found > 0, usual / 100)
    return pd.Series(found.where(found > 0, 1.0), name="scale")


def _horizons(task: Task, fold: Fold) -> dict[str, int]:
    return {level: min(steps, fold.horizon) for level, steps in task.horizons.items()}


def _answer(
    task: Task, asked: Asked, levels: Sequence[str], name: str, seed: int
) -> pd.DataFrame | None:
    """What the candidate says of the levels' series, nought where the shop is closed."""
    train, future = (_of_levels(rows, task, levels) for rows in asked)
    if not len(train) or not len(future):
        return None
    try:
        answer = candidate(name, task.grain).fit(train, seed=seed).predict(future)
    except TooLittleData:
        return None
    return honest(answer, future, floor=task.floor)


def honest(answer: pd.DataFrame, future: pd.DataFrame, *, floor: bool) -> pd.DataFrame:
    """An answer that is nought on closed days, and never below nought where nothing can be."""
    shut = calendar.shut(answer, future)
    return shut.assign(yhat=shut["yhat"].clip(lower=0.0)) if floor else shut


def _of_levels(rows: pd.DataFrame, task: Task, levels: Sequence[str]) -> pd.DataFrame:
    own = [name for name, its in task.levels.items() if its in levels]
    if len(own) == len(task.levels):
        return rows
    return rows[rows["unique_id"].isin(own)].reset_index(drop=True)


def _happened(task: Task, fold: Fold, future: pd.DataFrame) -> pd.DataFrame:
    """`unique_id, ds, actual, closed` of the periods that a fold asks."""
    rows = task.history
    moments = rows["ds"].to_numpy()
    new = rows[(moments > np.datetime64(fold.cut)) & (moments <= np.datetime64(fold.end))]
    told = future[["unique_id", "ds"]].assign(closed=shut_in(future))
    return told.merge(new[["unique_id", "ds", "y"]], on=["unique_id", "ds"]).rename(
        columns={"y": "actual"}
    )


def _told(fold: Fold, answer: pd.DataFrame, happened: pd.DataFrame, name: str) -> pd.DataFrame:
    """An answer beside what happened."""
    both = answer.rename(columns={"yhat": "predicted"}).merge(happened, on=["unique_id", "ds"])
    ahead = fold.ahead(both).astype("int32")
    return both.assign(model=name, cut=np.datetime64(fold.cut, "ns"), ahead=ahead)


def shut_in(future: pd.DataFrame) -> Rows:
    """Whether each row is a period without an open day, as far as that is known."""
    if "closed" not in future.columns:
        return np.zeros(len(future), dtype=bool)
    return np.asarray(future["closed"] >= 1)


def pairs(tests: pd.DataFrame) -> pd.DataFrame:
    """A backtest side by side: a row per series, cut and step, a column per candidate.

    A candidate that a fold had too little history for is left out: all are judged on the same rows.
    """
    index = ["unique_id", "cut", "ahead", "ds", "actual", "scale", "closed", "part"]
    wide = tests.set_index([*index, "model"])["predicted"].unstack("model").sort_index()
    return wide.dropna(axis="columns")
