"""From the backtest of all candidates: the plan, what it would have said at each cut, how good that was."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from omnix.ml import metrics
from omnix.ml.conformal import Bands, calibrate
from omnix.ml.folds import Grain
from omnix.ml.forecasting.backtest import pairs
from omnix.ml.forecasting.bundle import Plan
from omnix.ml.forecasting.choose import Choice, choose, group_of, mixed, squares, with_ensemble
from omnix.ml.forecasting.origins import Origins
from omnix.ml.forecasting.reconcile import Structure, reconcile

if TYPE_CHECKING:
    import pandas as pd

#: Kinds of series that no other kind's choice suits.
_STILL = frozenset({"dead", "constant", "new", "short"})
#: Coverage is told for these.
_TOLD = (0.8, 0.95)
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
    choice of the largest group of its level.
    """
    groups = {name: group_of(level, classes[name]) for name, level in levels.items()}
    seen = np.datetime64(when.seen)
    choices: dict[str, Choice] = {}
    tested = tests.assign(group=tests["unique_id"].map(groups))
    for group, own in tested.groupby("group", sort=True):
        choices[str(group)] = choose(pairs(own.drop(columns="group")), str(group), baselines, seen)
    counts = tested.groupby("group")["unique_id"].nunique()
    for group in sorted(set(groups.values()) - choices.keys()):
        choices[group] = _borrowed(group, choices, counts.to_dict(), baselines)
    return Plan(grain, groups, dict(levels), choices)


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
    words = "Too little history to try anything on the past; the baseline forecasts."
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
    kept = [summed(own, structure, variances(said), floor=floor) for _, own in said.groupby("cut")]
    return pd.concat(kept, ignore_index=True)


def variances(said: pd.DataFrame) -> dict[str, float]:
    """By series: the mean squared error of the plan; never nought."""
    squares_of = ((said["actual"] - said["predicted"]) ** 2).groupby(said["unique_id"]).mean()
    least = (said.groupby("unique_id")["scale"].mean() * 1e-3) ** 2
    return dict(np.maximum(squares_of, least).astype(float))


def summed(
    rows: pd.DataFrame, structure: Structure, spread: Mapping[str, float], *, floor: bool
) -> pd.DataFrame:
    """`rows` (unique_id, ds, predicted) of one origin with levels that add up, as far as sums hold."""
    wide = rows.pivot(index="unique_id", columns="ds", values="predicted")
    held = within(structure, set(wide.index))
    members = [name for name in wide.index if _sums(held, name)]
    shared = wide.loc[members].dropna(axis="columns")
    if not members or not len(shared.columns):
        return rows
    weights = np.array([spread[name] for name in members])
    points = reconcile(shared.to_numpy(), weights, members, held, nonnegative=floor)
    wide.loc[members, shared.columns] = points
    told = wide.stack().rename("predicted").reset_index()
    return rows.drop(columns="predicted").merge(told, on=["unique_id", "ds"])


def within(structure: Structure, names: set[str]) -> Structure:
    """The sums of which every member is among `names`."""
    kept = tuple(
        (parent, children)
        for parent, children in structure.sums
        if parent in names and set(children) <= names
    )
    return Structure(kept)


def _sums(structure: Structure, name: str) -> bool:
    return any(name == parent or name in children for parent, children in structure.sums)


def banded(said: pd.DataFrame, *, floor: bool) -> Bands:
    """The intervals of each group from the misses of the plan on open days, in each series' scale."""
    open_days = said[~said["closed"].astype(bool)]
    source = open_days if len(open_days) else said
    misses = (source["actual"] - source["predicted"]) / source["scale"]
    by = misses.groupby([source["group"], source["ahead"]])
    errors = {(str(group), int(ahead)): own.to_numpy() for (group, ahead), own in by}
    never_below = floor and bool((said["actual"] >= 0).all())
    return calibrate(errors, floor=0.0 if never_below else None)


def coverage(said: pd.DataFrame, when: Origins, *, floor: bool) -> pd.DataFrame:
    """By series: the share of report days inside bands made of what was known before: `coverage_80`, `coverage_95`.

    Empty where there are no folds to report on.
    """
    import pandas as pd

    past = said[(said["part"] == "choose") & (said["ds"] <= np.datetime64(when.seen))]
    new = said[(said["part"] == "report") & ~said["closed"].astype(bool)]
    if not len(past) or not len(new):
        return pd.DataFrame(columns=["coverage_80", "coverage_95"])
    ends = banded(past, floor=floor).apply(
        new["predicted"].to_numpy(),
        new["group"].tolist(),
        new["ahead"].to_numpy(),
        new["scale"].to_numpy(),
    )
    found = {}
    for level in _TOLD:
        low, high = ends[level]
        inside = (new["actual"].to_numpy() >= low - 1e-9) & (
            new["actual"].to_numpy() <= high + 1e-9
        )
        found[f"coverage_{level * 100:.0f}"] = pd.Series(inside, index=new["unique_id"]).groupby(level=0).mean()  # fmt: skip
    return pd.DataFrame(found)


def compared(
    tests: pd.DataFrame, plan: Plan, said: pd.DataFrame, when: Origins, *, floor: bool
) -> pd.DataFrame:
    """Every candidate's scores by series on the report folds (else on those of the choice).

    `unique_id, model, group, chosen, weight, is_baseline, mase … r2, choose_mase, margin, p_value,
    folds, horizon, tested_from, tested_to, coverage_80, coverage_95`; the ensemble among the
    candidates, and `chosen` scored after the levels were made to add up.
    """
    import pandas as pd

    covered = coverage(said, when, floor=floor)
    after = said.set_index(["unique_id", "cut", "ahead"])["predicted"]
    rows: list[dict[str, Any]] = []
    tested = tests.assign(group=tests["unique_id"].map(plan.groups))
    for group, own in tested.groupby("group", sort=True):
        choice = plan.choices[str(group)]
        wide = pairs(own.drop(columns="group"))
        wide = with_ensemble(wide, np.datetime64(when.seen), squared=squares(str(group)))
        for name, each in wide.groupby(level="unique_id", sort=True):
            rows += _scored(str(name), each, choice, after, when, covered)
    return pd.DataFrame(rows)


def _scored(
    name: str,
    wide: pd.DataFrame,
    choice: Choice,
    after: pd.Series,
    when: Origins,
    covered: pd.DataFrame,
) -> list[dict[str, Any]]:
    part = np.asarray(
        wide.index.get_level_values("part") == ("report" if when.report else "choose")
    )
    days = wide.index.get_level_values("ds")
    early = np.asarray((~part | (not when.report)) & (days <= np.datetime64(when.seen)))
    here = wide[part]
    if not len(here):
        return []
    base = _mase(here, choice.baseline)
    rows = []
    for model in wide.columns:
        chosen = model == choice.model
        predicted = here[model].to_numpy()
        if chosen:
            keys = list(zip(*(here.index.get_level_values(k) for k in ("unique_id", "cut", "ahead")), strict=True))  # fmt: skip
            predicted = after.reindex(keys).fillna(here[model].droplevel(_ROWS[3:])).to_numpy()
        found = _scores(here, predicted)
        rows.append({
            "unique_id": name, "model": str(model), "group": choice.group, "chosen": bool(chosen),
            "weight": 1.0 if chosen else (choice.weights.get(str(model)) if choice.model == "ensemble" else None),
            "baseline": choice.baseline, **found,
            "choose_mase": _mase(wide[early], str(model)) if early.any() else None,
            "margin": 1 - found["mase"] / base if base else None,
            "p_value": choice.p_value if chosen else None, "reason": choice.reason if chosen else "",
            "folds": int(here.index.get_level_values("cut").nunique()),
            "horizon": int(here.index.get_level_values("ahead").max()),
            "tested_from": days[part].min().date(), "tested_to": days[part].max().date(),
            "coverage_80": _covered(covered, name, "coverage_80") if chosen else None,
            "coverage_95": _covered(covered, name, "coverage_95") if chosen else None,
        })  # fmt: skip
    return rows


def _covered(covered: pd.DataFrame, name: str, column: str) -> float | None:
    return float(covered.at[name, column]) if name in covered.index else None


def _mase(wide: pd.DataFrame, model: str) -> float:
    actual, scale = (
        wide.index.get_level_values(k).to_numpy(dtype=float) for k in ("actual", "scale")
    )
    return float(np.mean(np.abs(wide[model].to_numpy() - actual) / scale))


def _scores(wide: pd.DataFrame, predicted: np.ndarray[Any, np.dtype[np.float64]]) -> dict[str, Any]:
    """The field's scores; None where one cannot be told (a mean of nought, no variance)."""
    actual, scale = (
        wide.index.get_level_values(k).to_numpy(dtype=float) for k in ("actual", "scale")
    )
    errors = predicted - actual
    told = {
        "mase": float(np.mean(np.abs(errors) / scale)),
        "rmsse": float(np.sqrt(np.mean((errors / scale) ** 2))),
        "wape": metrics.wape(actual, predicted), "mape": metrics.mape(actual, predicted),
        "smape": metrics.smape(actual, predicted), "rmse": metrics.rmse(actual, predicted),
        "mae": metrics.mae(actual, predicted), "bias": metrics.bias(actual, predicted),
        "r2": metrics.r2(actual, predicted),
    }  # fmt: skip
    return {name: value if np.isfinite(value) else None for name, value in told.items()}
