"""From the backtest of all candidates: the plan, what it would have said at each cut, how good that was."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np

from omnix.ml.folds import Grain
from omnix.ml.forecasting import candidate
from omnix.ml.forecasting.backtest import TOGETHER, pairs
from omnix.ml.forecasting.bundle import Plan
from omnix.ml.forecasting.choose import Choice, choose, group_of, mixed, squares, with_ensemble
from omnix.ml.forecasting.intervals import coverage
from omnix.ml.forecasting.origins import Origins
from omnix.ml.forecasting.reconcile import Structure, reconcile

if TYPE_CHECKING:
    import pandas as pd

#: Kinds of series that no other kind's choice suits.
_STILL = frozenset({"dead", "constant", "new", "short"})
#: By what share of the error of a whole level a fit must lower it that only a smaller group wants.
_PAYS = 0.001
_WHY = MappingProxyType({
    "dead": "Nothing was sold for a long time", "constant": "It never changes",
    "new": "It is new", "short": "Too few sales to try anything on the past",
})  # fmt: skip
_ROWS = ["unique_id", "cut", "ahead", "ds", "actual", "scale", "closed", "part"]


def decide(
    tests: pd.DataFrame,
    grain: Grain,
    levels: Mapping[str, str],
    classes: Mapping[str, str],
    when: Origins,
    baselines: frozenset[str],
) -> Plan:
    """What forecasts each series of `levels`: chosen by group, on the folds of the choice.

    tests: the backtest, of all series or of a sample of each group. A group without any takes the
    choice of the largest group of its level. A level's largest group is free to choose; a candidate
    that learns from the whole level and that only smaller groups want must be worth its fit there.
    """
    groups = {name: group_of(level, classes[name]) for name, level in levels.items()}
    seen = np.datetime64(when.seen)
    tested = tests.assign(group=tests["unique_id"].map(groups))
    counts = tested.groupby("group")["unique_id"].nunique().to_dict()
    choices: dict[str, Choice] = {}
    fitted: dict[str, frozenset[str]] = {}
    for group in sorted(counts, key=lambda own: (-counts[own], own)):
        level = group.partition("|")[0]
        wide = pairs(tested[tested["group"] == group].drop(columns="group"))
        found = choose(wide, group, baselines, seen)
        whole = frozenset(name for name in wide if candidate(name, grain).family in TOGETHER)
        dear = whole - fitted.get(level, whole)
        if dear & found.weights.keys():
            other = choose(wide.drop(columns=sorted(dear)), group, baselines, seen)
            found = _paid(found, other, counts[group], _of_level(counts, level))
        choices[group] = found
        fitted[level] = fitted.get(level, frozenset()) | whole & found.weights.keys()
    for group in sorted(set(groups.values()) - choices.keys()):
        choices[group] = _borrowed(group, choices, counts, baselines)
    return Plan(grain, groups, dict(levels), choices)


def _of_level(counts: Mapping[str, int], level: str) -> int:
    """The series of a level that were tried."""
    return sum(count for group, count in counts.items() if group.partition("|")[0] == level)


def _paid(found: Choice, other: Choice, series: int, every: int) -> Choice:
    """`found`, if what it gains on `series` of a level's `every` is worth a fit that none other needs."""
    lost, less = (each.losses[each.model] for each in (other, found))
    gain = 1 - less / lost if lost > 0 else 0.0
    if gain * series >= _PAYS * every:
        return found
    words = f"{found.model} had {gain:.1%} less error on {series:,} of {every:,} series, too little for a fit of its own: {other.reason}"
    return replace(other, reason=words, losses={**found.losses, **other.losses})


def _borrowed(
    group: str, choices: Mapping[str, Choice], counts: Mapping[str, int], baselines: frozenset[str]
) -> Choice:
    """The choice for a group that was not tried: that of the level's largest, else a baseline."""
    level, _, kind = group.partition("|")
    near = [] if kind in _STILL else sorted((other for other in counts if other.partition("|")[0] == level), key=lambda o: (-counts[o], o))  # fmt: skip
    if near:
        other = choices[near[0]]
        words = f"Not tried by itself; as {near[0].replace('|', ', ')}: {other.reason}"
        return replace(other, group=group, reason=words)
    plain = "moving_average" if "moving_average" in baselines else min(baselines)
    words = f"{_WHY.get(kind, 'It was not tried on the past')}; the baseline forecasts."
    return Choice(group, plain, {plain: 1.0}, plain, 0.0, 1.0, words)


def hindsight(
    tests: pd.DataFrame, plan: Plan, structure: Structure, *, floor: bool
) -> pd.DataFrame:
    """What the plan would have said at each cut, reconciled: `unique_id, cut, ahead, ds, predicted,
    baseline, actual, scale, closed, part, group`."""
    import pandas as pd

    parts = []
    tested = tests.assign(group=tests["unique_id"].map(plan.groups))
    for group, own in tested.groupby("group", sort=True):
        choice, wide = plan.choices[str(group)], pairs(own.drop(columns="group"))
        if not {*choice.weights, choice.baseline} <= set(wide.columns):
            continue
        told = wide.index.to_frame(index=False)
        told["predicted"] = mixed(wide, choice.weights).to_numpy()
        told["baseline"] = wide[choice.baseline].to_numpy()
        parts.append(told.assign(group=group))
    if not parts:
        return pd.DataFrame(columns=[*_ROWS, "predicted", "baseline", "group"])
    said = pd.concat(parts, ignore_index=True)
    # What is reported must not know how far off the report was.
    errors = variances(said) | variances(said[said["part"] == "choose"])
    kept = [summed(own, structure, errors, floor=floor) for _, own in said.groupby("cut")]
    return pd.concat(kept, ignore_index=True)


def variances(said: pd.DataFrame) -> dict[str, float]:
    """By series: the mean squared error of the plan; never nought."""
    squares_of = ((said["actual"] - said["predicted"]) ** 2).groupby(said["unique_id"]).mean()
    least = (said.groupby("unique_id")["scale"].mean() * 1e-3) ** 2
    return dict(np.maximum(squares_of, least).astype(float))


def spread(said: pd.DataFrame, plan: Plan, scales: Mapping[str, float]) -> dict[str, float]:
    """By series: the mean squared error of its forecasts; where it was not tried, its group's in its scale."""
    tried = variances(said) if len(said) else {}
    scaled = ((said["actual"] - said["predicted"]) / said["scale"]) ** 2
    by_group: Mapping[Any, float] = scaled.groupby(said["group"]).mean().to_dict()
    return {
        name: tried.get(name, max(by_group.get(group, 1.0), 1e-6) * scales.get(name, 1.0) ** 2)
        for name, group in plan.groups.items()
    }


def summed(
    rows: pd.DataFrame, structure: Structure, errors: Mapping[str, float], *, floor: bool
) -> pd.DataFrame:
    """`rows` (unique_id, ds, predicted) of one origin with levels that add up, as far as sums hold.

    errors: by series, the mean squared error that tells how far it may be moved.
    """
    wide = rows.pivot(index="unique_id", columns="ds", values="predicted")
    held = structure.within(wide.index)
    members = [name for name in wide.index if _sums(held, name)]
    shared = wide.loc[members].dropna(axis="columns")
    if not members or not len(shared.columns):
        return rows
    weights = np.array([errors[name] for name in members])
    points = reconcile(shared.to_numpy(), weights, members, held, nonnegative=floor)
    wide.loc[members, shared.columns] = points
    told = wide.stack().rename("predicted").reset_index()
    return rows.drop(columns="predicted").merge(told, on=["unique_id", "ds"])


def _sums(structure: Structure, name: str) -> bool:
    return any(name == parent or name in children for parent, children in structure.sums)


def compared(
    tests: pd.DataFrame, plan: Plan, said: pd.DataFrame, when: Origins, *, floor: bool
) -> pd.DataFrame:
    """Every candidate's scores by series on the report folds (else on those of the choice).

    `unique_id, model, group, chosen, weight, baseline, mase … r2, choose_mase, margin, p_value,
    reason, folds, horizon, tested_from, tested_to, coverage_80, coverage_95`; the ensemble among the
    candidates, and the chosen one scored after the levels were made to add up.
    """
    import pandas as pd

    covered = coverage(said, floor=floor)
    after = said.set_index(["unique_id", "cut", "ahead"])["predicted"]
    parts = []
    tested = tests.assign(group=tests["unique_id"].map(plan.groups))
    for group, own in tested.groupby("group", sort=True):
        choice = plan.choices[str(group)]
        wide = pairs(own.drop(columns="group"))
        wide = with_ensemble(wide, np.datetime64(when.seen), squared=squares(str(group)))
        parts += _scored(wide, choice, after, when)
    if not parts:
        return pd.DataFrame()
    rows = pd.concat(parts, ignore_index=True)
    told = rows.merge(covered, left_on="unique_id", right_index=True, how="left")
    for name in ("coverage_80", "coverage_95", "p_value"):
        told[name] = told[name].astype(float).where(told["chosen"])
    return told.sort_values(["unique_id", "model"], kind="stable").reset_index(drop=True)


def _scored(
    wide: pd.DataFrame, choice: Choice, after: pd.Series, when: Origins
) -> list[pd.DataFrame]:
    """The scores of each candidate of a group."""
    part = np.asarray(
        wide.index.get_level_values("part") == ("report" if when.report else "choose")
    )
    days = wide.index.get_level_values("ds")
    early = np.asarray((~part | (not when.report)) & (days <= np.datetime64(when.seen)))
    here, before = wide[part], wide[early]
    if not len(here):
        return []
    spans = _spans(here)
    base = scores(here, here[choice.baseline].to_numpy())["mase"]
    found = []
    for model in wide.columns:
        chosen = model == choice.model
        predicted = here[model].to_numpy()
        if chosen:
            keys = here.index.droplevel([name for name in _ROWS if name not in after.index.names])
            settled = after.reindex(keys).to_numpy()
            predicted = np.where(np.isnan(settled), predicted, settled)
        told = scores(here, predicted).join(spans)
        earlier = scores(before, before[model].to_numpy())["mase"] if len(before) else np.nan
        weight = 1.0 if chosen else choice.weights.get(str(model), np.nan)
        found.append(
            told.assign(
                model=str(model), group=choice.group, chosen=bool(chosen), weight=weight,
                baseline=choice.baseline, choose_mase=earlier,
                margin=(1 - told["mase"] / base).where(base > 0),
                p_value=choice.p_value, reason=choice.reason if chosen else "",
            ).rename_axis("unique_id").reset_index()
        )  # fmt: skip
    return found


def _spans(wide: pd.DataFrame) -> pd.DataFrame:
    """By series: `folds, horizon, tested_from, tested_to`."""
    told = wide.index.to_frame(index=False).groupby("unique_id")
    spans = told.agg(
        folds=("cut", "nunique"), horizon=("ahead", "max"), tested_from=("ds", "min"), tested_to=("ds", "max")
    )  # fmt: skip
    for name in ("tested_from", "tested_to"):
        spans[name] = spans[name].dt.date
    return spans


def scores(wide: pd.DataFrame, predicted: np.ndarray[Any, np.dtype[np.float64]]) -> pd.DataFrame:
    """By series: the scores of `ml.metrics` over the rows of `wide`; NaN where one cannot be told.

    `mase` and `rmsse` use the scale that stands in the row: that of the fold.
    """
    import pandas as pd

    told = wide.index.to_frame(index=False)
    actual, scale = (told[name].to_numpy(dtype=np.float64) for name in ("actual", "scale"))
    errors, size = predicted - actual, np.abs(predicted) + np.abs(actual)
    sizes = np.abs(errors)
    there = actual != 0
    columns = pd.DataFrame({
        "mase": sizes / scale, "rmsse": (errors / scale) ** 2,
        "mape": np.divide(sizes, np.abs(actual), out=np.full_like(sizes, np.nan), where=there),
        "smape": np.divide(2 * sizes, size, out=np.zeros_like(sizes), where=size > 0),
        "rmse": errors**2, "mae": sizes, "bias": errors, "actual": actual, "size": np.abs(actual),
        "square": actual**2,
    })  # fmt: skip
    by = columns.groupby(told["unique_id"].to_numpy(), sort=True).mean()
    spread = by["square"] - by["actual"] ** 2
    spread = spread.where(spread > 1e-12 * by["square"])
    return by.assign(
        rmsse=by["rmsse"] ** 0.5, rmse=by["rmse"] ** 0.5, wape=by["mae"] / by["size"].where(by["size"] > 0),
        r2=1 - by["rmse"] / spread,
    )[["mase", "rmsse", "wape", "mape", "smape", "rmse", "mae", "bias", "r2"]]  # fmt: skip
