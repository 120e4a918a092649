"""The forecast itself: the plan fitted on all that is known, made to add up, with intervals."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from omnix.ml.conformal import ALL
from omnix.ml.folds import Fold
from omnix.ml.forecasting.backtest import honest, shut_in
from omnix.ml.forecasting.bundle import Chosen, Plan
from omnix.ml.forecasting.decide import summed
from omnix.ml.forecasting.intervals import Intervals
from omnix.ml.forecasting.reconcile import Structure
from omnix.ml.forecasting.task import Task

if TYPE_CHECKING:
    import pandas as pd

#: The largest step up of a level's certainty when the levels below are made to add up to it.
_HELD = 1e-12


def outlook(
    task: Task,
    chosen: Chosen,
    stages: tuple[Structure, ...],
    spread: Mapping[str, float],
    scales: Mapping[str, float],
    future: pd.DataFrame,
) -> pd.DataFrame:
    """`unique_id, ds, ahead, value, baseline, closed, lower_50 … upper_95` for the rows of `future`.

    stages: sums that hold, the upper levels first; what one stage has settled the next leaves as it
    is. spread: by series, the mean squared error that tells how far a forecast may be moved. scales:
    by series, the unit of its intervals.
    """
    plan = chosen.plan
    if plan is None or plan.bands is None:
        raise ValueError("a plan without intervals makes no forecast")
    said = honest(chosen.predict(future), future, floor=task.floor)
    said = said.rename(columns={"yhat": "predicted"})
    settled: set[str] = set()
    for stage in stages:
        weights = {name: spread[name] * (_HELD if name in settled else 1.0) for name in spread}
        said = summed(said, stage, weights, floor=task.floor)
        settled |= {name for parent, children in stage.sums for name in (parent, *children)}
    base = honest(chosen.baseline(future), future, floor=task.floor)
    base = base.rename(columns={"yhat": "baseline"})
    rows = future[["unique_id", "ds"]].assign(closed=shut_in(future))
    rows = rows.merge(said, on=["unique_id", "ds"]).merge(base, on=["unique_id", "ds"])
    rows["ahead"] = Fold(task.last, 1, task.grain).ahead(rows).astype("int32")
    return with_bands(rows.rename(columns={"predicted": "value"}), plan, plan.bands, scales)


def with_bands(
    rows: pd.DataFrame, plan: Plan, bands: Intervals, scales: Mapping[str, float]
) -> pd.DataFrame:
    """`rows` (unique_id, ahead, value, closed) with the ends of each interval; none on closed days."""
    known = rows.assign(
        scale=rows["unique_id"].map(dict(scales)).fillna(1.0),
        group=rows["unique_id"].map(dict(plan.groups)).fillna(ALL),
    )
    return bands.around(known).drop(columns=["scale", "group"])
