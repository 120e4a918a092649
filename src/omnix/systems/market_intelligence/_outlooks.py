"""From plans to forecasts: the champion kept or replaced, fitted, registered; the rows of `forecasts`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from omnix.ml.compare import Verdict, better
from omnix.ml.errors import ModelError, RegistryError, TooLittleData
from omnix.ml.forecasting import SEASONS
from omnix.ml.forecasting.backtest import scale
from omnix.ml.forecasting.bundle import Chosen, Plan
from omnix.ml.forecasting.decide import spread
from omnix.ml.forecasting.grains import Grains
from omnix.ml.forecasting.intervals import learnt
from omnix.ml.forecasting.outlook import outlook
from omnix.ml.forecasting.reconcile import Structure
from omnix.ml.forecasting.run import classes_of
from omnix.ml.forecasting.task import KNOWN, Asked, Task
from omnix.ml.shelf import Offer
from omnix.ml.versions import Notes
from omnix.systems.market_intelligence._scores import Tested, tested
from omnix.systems.market_intelligence._trials import SEED
from omnix.systems.market_intelligence.tasks import METRICS, Sales

if TYPE_CHECKING:
    import pandas as pd

    from omnix.ml.artefacts import Stored
    from omnix.ml.shelf import Shelf

_ENDS = ("lower_50", "upper_50", "lower_80", "upper_80", "lower_95", "upper_95")
_COLUMNS = (
    "metric", "grain", "level", "item", "item_name", "period", "ahead", "made_on", "value", *_ENDS,
    "baseline", "closed", "currency", "model", "baseline_model", "series_class", "model_version",
    "reason",
)  # fmt: skip
_WEEK = 7


@dataclass(frozen=True)
class Ready:
    """One metric at one grain, ready to be fitted.

    said: what the plan would have said at past cuts. asked: all that is known, and what is asked.
    """

    trial: Tested
    task: Task
    plan: Plan
    said: pd.DataFrame
    asked: Asked


def made(sales: Sales, backtests: pd.DataFrame, shelf: Shelf | None) -> pd.DataFrame:
    """The rows of `forecasts`; without a shelf nothing is registered."""
    import pandas as pd

    parts = [pd.DataFrame({name: pd.Series(dtype="object") for name in _COLUMNS})]
    trials = list(tested(backtests))
    for metric in METRICS:
        own = [trial for trial in trials if trial.metric == metric]
        if own:
            parts += _of_metric(sales, metric, own, shelf)
    whole = pd.concat([part for part in parts if len(part)] or parts, ignore_index=True)
    return whole[list(_COLUMNS)]


def _of_metric(
    sales: Sales, metric: str, trials: list[Tested], shelf: Shelf | None
) -> list[pd.DataFrame]:
    name = f"forecast-{metric}"
    stored, damaged = _champion(shelf, name)
    before, unread = _reopened(stored)
    ready, verdict, refit = _ready(sales, metric, trials, before)
    verdict = verdict or unread or damaged
    if shelf and stored and before and shelf.held(name) and not (verdict and verdict.wins):
        return [_rows(sales, each, before.of(each.trial.grain), stored) for each in ready]
    fitted = Grains({each.trial.grain: _fitted(each) for each in ready})
    if shelf is not None:
        over = stored.semantic if stored else None
        offer = _offer(name, sales, ready, fitted, verdict, refit=refit)
        stored = shelf.offer(replace(offer, over=over))
        used = stored.model()
        if isinstance(used, Grains) and set(used.grains) == set(fitted.grains):
            fitted = used
    return [_rows(sales, each, fitted.of(each.trial.grain), stored) for each in ready]


def _champion(shelf: Shelf | None, name: str) -> tuple[Stored | None, Verdict | None]:
    """The champion's files, or why it gives way unheard: nothing can be read of it."""
    try:
        return (shelf.champion(name) if shelf else None), None
    except RegistryError:  # what a run can train again must not stop it
        words = "The files of the champion before it are gone or damaged."
        return None, Verdict(True, 0.0, 1.0, words)


def _reopened(stored: Stored | None) -> tuple[Grains | None, Verdict | None]:
    """The champion, or why it gives way unheard: an older omnix kept it in another form."""
    try:
        champion = stored.model() if stored else None
    except ModelError:
        words = "The champion was kept by a version of omnix whose models this one cannot read."
        return None, Verdict(True, 0.0, 1.0, words)
    return (champion, None) if isinstance(champion, Grains) else (None, None)


def _ready(
    sales: Sales, metric: str, trials: list[Tested], before: Grains | None
) -> tuple[list[Ready], Verdict | None, bool]:
    """Every grain with the plan that forecasts it, the verdict on the new choice, and whether the old stays."""
    fresh, kept = [], []
    for trial in trials:
        try:
            task = sales.task(metric, trial.grain)
        except TooLittleData:
            continue
        plan = trial.plan(dict(task.levels), classes_of(task))
        fresh.append(_with(sales, trial, task, plan))
        old = before.plan(trial.grain) if before else None
        kept.append(_with(sales, trial, task, _again(plan, old)) if old else None)
    if before is None or any(each is None for each in kept):
        return fresh, None, False
    stays = [each for each in kept if each is not None]
    if all(_same(one.plan, other.plan) for one, other in zip(fresh, stays, strict=True)):
        return stays, None, True
    verdict = _verdict(fresh, stays)
    return (fresh, verdict, False) if verdict.wins else (stays, verdict, True)


def _with(sales: Sales, trial: Tested, task: Task, plan: Plan) -> Ready:
    upper = sales.structures(trial.metric)[:1]
    said = trial.hindsight(plan, upper[0] if upper else Structure(()))
    asked = task.at(task.last)
    units = scale(asked.train, SEASONS[task.grain])
    plan = replace(plan, bands=learnt(said, floor=task.floor), scales=units.astype(float).to_dict())
    return Ready(trial, task, plan, said, asked)


def _again(new: Plan, old: Plan) -> Plan:
    """The old choices for the groups of today; a group that is new takes its new choice."""
    tried = {name for each in new.choices.values() for name in each.losses}
    usable = {
        group: choice
        for group, choice in old.choices.items()
        if group in new.choices and {*choice.weights, choice.baseline} <= tried
    }
    return replace(new, choices={**new.choices, **usable})


def _same(one: Plan, other: Plan) -> bool:
    """Whether both let the same candidates forecast every group."""
    return all(
        one.choices[group].model == other.choices[group].model
        and set(one.choices[group].weights) == set(other.choices[group].weights)
        for group in one.choices
    )


def _verdict(fresh: list[Ready], stays: list[Ready]) -> Verdict:
    """Whether the new choice beats the champion's on the same days, by cut and week ahead."""
    new, old = ({}, {})  # type: tuple[dict[Any, float], dict[Any, float]]
    for one, other in zip(fresh, stays, strict=True):
        for found, each in ((new, one), (old, other)):
            found.update(_losses(each))
    shared = new.keys() & old.keys()
    return better(
        {key: new[key] for key in shared}, {key: old[key] for key in shared},
        cluster=lambda key: (key[0], key[2], key[3]), seed=SEED,
    )  # fmt: skip


def _losses(each: Ready) -> dict[Any, float]:
    """(grain, series, cut, week ahead) → mean absolute error in the series' scale."""
    said = each.said
    errors = (said["actual"] - said["predicted"]).abs() / said["scale"]
    keys = [said["unique_id"], said["cut"], (said["ahead"] - 1) // _WEEK]
    return {
        (each.trial.grain, *key): float(value) for key, value in errors.groupby(keys).mean().items()
    }


def _fitted(each: Ready) -> Chosen:
    return Chosen(each.plan).fit(each.asked.train, seed=SEED)


def _offer(
    name: str,
    sales: Sales,
    ready: list[Ready],
    model: Grains,
    verdict: Verdict | None,
    *,
    refit: bool,
) -> Offer:
    from omnix.core.table import source_of

    metrics, baseline = {}, {}
    for each in ready:
        if not len(each.said):
            continue
        errors = each.said.assign(
            own=(each.said["actual"] - each.said["predicted"]).abs() / each.said["scale"],
            base=(each.said["actual"] - each.said["baseline"]).abs() / each.said["scale"],
        )
        for level, part in errors.groupby(errors["unique_id"].str.partition("=")[0]):
            metrics[f"mase_{each.trial.grain}_{level}"] = float(part["own"].mean())
            baseline[f"mase_{each.trial.grain}_{level}"] = float(part["base"].mean())
    values = sum(len(each.asked.train) for each in ready)
    series = len({name for each in ready for name in each.task.levels})
    notes = Notes(
        purpose=f"Forecasts of {name.partition('-')[2].replace('_', ' ')}: the table `forecasts`, and what-ifs.",
        trained_on=f"{values:,} values of {series:,} series from {sales.first} to {sales.last}.",
        baseline=baseline,
        limits=_limits(ready),
        drivers=tuple(model.explain()[:12]),
    )
    choices = {
        f"{each.trial.grain} {group.replace('|', ' ')}": choice.model
        for each in ready
        for group, choice in each.plan.choices.items()
    }
    return Offer(
        name, model, metrics, data_version=str(sales.until), code_version=source_of(("omnix.ml.forecasting",)),
        params=choices, inputs=("y", *KNOWN), notes=notes, verdict=verdict, refit=refit,
    )  # fmt: skip


def _limits(ready: list[Ready]) -> tuple[str, ...]:
    """Where the answers should not be trusted."""
    told = [
        f"By {each.trial.grain}: tried on {len(each.trial.when.folds)} past cuts, "
        f"at most {int(each.said['ahead'].max())} {each.trial.grain}s ahead; farther intervals are widened by the root of the distance."
        for each in ready
        if len(each.said)
    ]
    return (*told, "It knows weekdays, holidays, planned promotions and past prices; nothing of rivals or the weather.")  # fmt: skip


def _rows(sales: Sales, each: Ready, chosen: Chosen, stored: Stored | None) -> pd.DataFrame:
    """The rows of one metric and grain."""
    plan = chosen.plan or each.plan
    known = {name for name in each.task.levels if name in plan.groups}
    future = each.asked.future[each.asked.future["unique_id"].isin(known)].reset_index(drop=True)
    errors = spread(each.said, plan, plan.scales)
    stages = sales.structures(each.trial.metric)
    told = outlook(each.task, chosen, stages, errors, plan.scales, future)
    items = sales.items.set_index("unique_id")
    names = told["unique_id"]
    choices = {name: plan.choice(name) for name in known}
    return told.assign(
        metric=each.trial.metric, grain=each.trial.grain,
        level=names.map(items["level"]), item=names.map(items["item"]),
        item_name=names.map(items["item_name"]), period=told["ds"].dt.date, made_on=sales.until,
        currency=names.map(items["currency"]) if each.trial.metric == "net_sales" else None,
        model=names.map({name: choice.model for name, choice in choices.items()}),
        baseline_model=names.map({name: choice.baseline for name, choice in choices.items()}),
        series_class=names.map({name: plan.groups[name].partition("|")[2] for name in known}),
        reason=names.map({name: choice.reason for name, choice in choices.items()}),
        model_version=stored.semantic if stored else None,
    )[list(_COLUMNS)]  # fmt: skip
