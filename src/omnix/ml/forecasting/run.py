"""A forecast made when it is asked for: the same folds, choice and intervals as those of the tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from omnix.core.errors import nearest
from omnix.ml.errors import ModelError
from omnix.ml.forecasting import SEASONS, candidates
from omnix.ml.forecasting.backtest import Tell, backtest, scale
from omnix.ml.forecasting.budget import afford
from omnix.ml.forecasting.bundle import Chosen, Plan
from omnix.ml.forecasting.choose import Choice
from omnix.ml.forecasting.classes import classify
from omnix.ml.forecasting.decide import compared, decide, hindsight, spread
from omnix.ml.forecasting.intervals import learnt
from omnix.ml.forecasting.origins import Origins, origins
from omnix.ml.forecasting.outlook import outlook
from omnix.ml.forecasting.reconcile import Structure
from omnix.ml.forecasting.task import Task

if TYPE_CHECKING:
    import pandas as pd

#: What two baselines and the cheap candidates need; enough for one series in any case.
BUDGET = 60.0
_NOTHING = Structure(())


@dataclass(frozen=True)
class Result:
    """A forecast and what it rests on.

    rows:       `unique_id, ds, ahead, value, baseline, closed, lower_50 … upper_95`.
    comparison: every candidate's scores by series, as `decide.compared` gives them.
    chosen:     the fitted models.
    when:       the cuts on which candidates were tried.
    """

    rows: pd.DataFrame
    comparison: pd.DataFrame
    chosen: Chosen
    when: Origins

    @property
    def plan(self) -> Plan:
        """What forecasts each series."""
        if self.chosen.plan is None:
            raise ValueError("a result has a plan")
        return self.chosen.plan

    def choice(self, name: str) -> Choice:
        """What forecasts one series."""
        return self.plan.choice(name)


def run(
    task: Task,
    *,
    models: Sequence[str] = (),
    stages: tuple[Structure, ...] = (),
    budget_seconds: float = BUDGET,
    seed: int = 7,
    tell: Tell | None = None,
) -> Result:
    """Forecast every series of `task`.

    models: the candidates to choose from, whatever they cost; the baselines are always among them.
        None named: those that the budget pays for. One named: it forecasts, the baseline beside it.
    stages: sums that hold, the upper levels first.

    Raises:
        TooLittleData: the history is too short to try anything on the past.
        ModelError: a named candidate does not exist.

    """
    when = when_of(task)
    tests, plan = tried(task, when, models, budget_seconds, seed, tell)
    upper = stages[0] if stages else _NOTHING
    said = hindsight(tests, plan, upper, floor=task.floor)
    asked = task.at(task.last)
    units = scale(asked.train, SEASONS[task.grain]).astype(float).to_dict()
    plan = replace(plan, bands=learnt(said, floor=task.floor), scales=units)
    if tell:
        tell("the chosen one on all that is known", 1, 1)
    chosen = Chosen(plan).fit(asked.train, seed=seed)
    rows = outlook(task, chosen, stages, spread(said, plan, units), units, asked.future)
    return Result(rows, compared(tests, plan, said, when, floor=task.floor), chosen, when)


def compare(
    task: Task,
    models: Sequence[str] = (),
    *,
    budget_seconds: float = BUDGET,
    seed: int = 7,
    tell: Tell | None = None,
) -> pd.DataFrame:
    """Every candidate's scores by series on the same folds, as `decide.compared` gives them.

    Raises:
        TooLittleData: the history is too short to try anything on the past.
        ModelError: a named candidate does not exist.

    """
    when = when_of(task)
    tests, plan = tried(task, when, models, budget_seconds, seed, tell)
    said = hindsight(tests, plan, _NOTHING, floor=task.floor)
    return compared(tests, plan, said, when, floor=task.floor)


def when_of(task: Task) -> Origins:
    """The cuts of a task.

    Raises:
        TooLittleData: there are none.

    """
    first = task.history["ds"].min().date()
    return origins(first, task.last, max(task.horizons.values()), task.grain)


def classes_of(task: Task) -> dict[str, str]:
    """The kind of each series."""
    found = classify(task.opened(), task.grain)
    return dict(zip(found["unique_id"], found["series_class"], strict=True))


def tried(
    task: Task,
    when: Origins,
    models: Sequence[str],
    budget_seconds: float,
    seed: int,
    tell: Tell | None,
) -> tuple[pd.DataFrame, Plan]:
    """The backtest of the candidates, and the plan that follows from it."""
    known = candidates(task.grain)
    if unknown := [name for name in models if name not in known and name != "ensemble"]:
        raise ModelError(
            f"There is no forecasting model {unknown[0]!r}.",
            f"{nearest(unknown[0], known)}There are: {', '.join(sorted(known))}.",
        )
    made = {name: make() for name, make in known.items()}
    plain = frozenset(name for name, model in made.items() if model.family == "baseline")
    levels = sorted(set(task.levels.values()))
    wanted = [name for name in models if name in known]
    if wanted:
        names = {level: sorted(plain | set(wanted)) for level in levels}
    else:
        sizes = {level: _size(task, level, when) for level in levels}
        names = afford(list(made.values()), sizes, budget_seconds)
    tests = backtest(task, when, names, seed=seed, tell=tell)
    plan = decide(tests, task.grain, task.levels, classes_of(task), when, plain)
    return tests, _forced(plan, wanted[0]) if len(wanted) == 1 else plan


def _forced(plan: Plan, model: str) -> Plan:
    """The plan in which `model` forecasts everything, as somebody wished."""
    words = f"{model} was asked for by name."
    return replace(
        plan,
        choices={
            group: replace(each, model=model, weights={model: 1.0}, reason=words, margin=_margin(each, model))
            for group, each in plan.choices.items()
        },
    )  # fmt: skip


def _margin(choice: Choice, model: str) -> float:
    """The share by which the model's loss is below the baseline's."""
    base = choice.losses.get(choice.baseline, 0.0)
    return 1 - choice.losses[model] / base if base and model in choice.losses else 0.0


def _size(task: Task, level: str, when: Origins) -> tuple[int, int]:
    own = [name for name, its in task.levels.items() if its == level]
    values = int(task.history["unique_id"].isin(own).sum())
    fits = len(when.folds) + 1
    return values * fits, fits
