"""The models that were chosen, fitted, as one model: what is registered, and asked again for a what-if."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from omnix.ml import frames
from omnix.ml.errors import ModelError, NotFittedError, TooLittleData
from omnix.ml.folds import Grain
from omnix.ml.forecasting import candidate
from omnix.ml.forecasting.backtest import TOGETHER
from omnix.ml.forecasting.choose import Choice
from omnix.ml.forecasting.intervals import Intervals
from omnix.ml.model import Driver, Forecaster, keep, reopen

if TYPE_CHECKING:
    import pandas as pd

_FILE = "chosen.json"


@dataclass(frozen=True)
class Plan:
    """Which model forecasts which series at one grain.

    groups:  the group of each series. choices: what was chosen for each group.
    levels:  the level of each series. bands: the intervals of each group. scales: the unit in which
        each series' errors were counted.
    """

    grain: Grain
    groups: Mapping[str, str]
    levels: Mapping[str, str]
    choices: Mapping[str, Choice]
    bands: Intervals | None = None
    scales: Mapping[str, float] = field(default_factory=dict)

    def choice(self, name: str) -> Choice:
        """What forecasts the series `name`."""
        return self.choices[self.groups[name]]

    def needed(self) -> dict[tuple[str, str], list[str]]:
        """(level, candidate) → the series that it must answer, baselines included."""
        found: dict[tuple[str, str], list[str]] = {}
        for name in sorted(self.groups):
            chosen = self.choice(name)
            for model in sorted({*chosen.weights, chosen.baseline}):
                found.setdefault((self.levels[name], model), []).append(name)
        return found

    def to_dict(self) -> dict[str, Any]:
        """As JSON can hold it."""
        return {
            "grain": self.grain, "groups": dict(self.groups), "levels": dict(self.levels),
            "choices": {group: each.to_dict() for group, each in self.choices.items()},
            "bands": self.bands.to_dict() if self.bands else None, "scales": dict(self.scales),
        }  # fmt: skip

    @classmethod
    def from_dict(cls, told: Mapping[str, Any]) -> Plan:
        """What `to_dict` told."""
        return cls(
            told["grain"], told["groups"], told["levels"],
            {group: Choice.from_dict(each) for group, each in told["choices"].items()},
            Intervals.from_dict(told["bands"]) if told["bands"] else None, told["scales"],
        )  # fmt: skip


class Chosen:
    """The chosen candidates of one grain, fitted on the series they answer for."""

    name = "chosen"
    family = "chosen"
    needs = 1
    cost = 1.0

    def __init__(self, plan: Plan | None = None) -> None:
        self.plan = plan
        self._parts: dict[tuple[str, str], Forecaster] = {}

    def fit(self, history: pd.DataFrame, *, seed: int) -> Self:
        """Fit every chosen candidate; those that learn together learn from the whole level."""
        rows, plan = frames.history(history), self._plan()
        for (level, model), own in plan.needed().items():
            fresh = candidate(model, plan.grain)
            whole = [name for name in plan.groups if plan.levels[name] == level]
            names = whole if fresh.family in TOGETHER else own
            part = rows[rows["unique_id"].isin(names)].reset_index(drop=True)
            try:
                self._parts[level, model] = fresh.fit(part, seed=seed)
            except TooLittleData:
                self._parts[level, model] = candidate("moving_average", plan.grain).fit(
                    part, seed=seed
                )
        return self

    def predict(self, future: pd.DataFrame) -> pd.DataFrame:
        """`unique_id, ds, yhat`; a series that it does not know gets the mean of its level's model."""
        asked = frames.future(future)
        return frames.answer(asked, self._mixed(asked, lambda choice: choice.weights))

    def baseline(self, future: pd.DataFrame) -> pd.DataFrame:
        """What the baselines of the same groups say."""
        asked = frames.future(future)
        return frames.answer(asked, self._mixed(asked, lambda choice: {choice.baseline: 1.0}))

    def part(self, level: str, model: str) -> Forecaster | None:
        """One of its fitted candidates."""
        return self._parts.get((level, model))

    def parts(self) -> Mapping[tuple[str, str], Forecaster]:
        """All of its fitted candidates by level and name."""
        return dict(self._parts)

    def explain(self) -> Sequence[Driver]:
        """What was chosen for each group, then what the fitted candidates say of themselves."""
        plan = self._plan()
        choices = [
            Driver(group, each.margin, f"{group.replace('|', ', ')}: {each.reason}")
            for group, each in sorted(plan.choices.items())
        ]
        inner = [driver for part in self._parts.values() for driver in part.explain()[:3]]
        return [*choices, *inner] or [Driver("chosen", 0.0, "Nothing was chosen yet.")]

    def save(self, folder: Path) -> None:
        """The plan as JSON, each candidate in a folder of its own."""
        plan = self._plan()
        names = {f"part-{at}": key for at, key in enumerate(sorted(self._parts))}
        told = {"plan": plan.to_dict(), "parts": {name: list(key) for name, key in names.items()}}
        (folder / _FILE).write_text(json.dumps(told, sort_keys=True) + "\n", "utf-8")
        for name, key in names.items():
            keep(self._parts[key], folder / name)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """What `save` wrote.

        Raises:
            ModelError: something else lies there, or what another version of omnix wrote.

        """
        try:
            told = json.loads((folder / _FILE).read_text("utf-8"))
            made = cls(Plan.from_dict(told["plan"]))
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise ModelError(
                f"{folder} holds no choice that can be read: {error!r}.", "Train it again."
            ) from None
        for name, (level, model) in told["parts"].items():
            made._parts[level, model] = reopen(folder / name)
        return made

    def _plan(self) -> Plan:
        if self.plan is None:
            raise NotFittedError(self.name)
        return self.plan

    def _mixed(self, asked: pd.DataFrame, weights_of: Any) -> list[float]:
        """The weighted mean of the candidates that answer for each series."""
        if not self._parts:
            raise NotFittedError(self.name)
        plan = self._plan()
        values = np.zeros(len(asked))
        names = asked["unique_id"]
        strangers = ~names.isin(list(plan.groups))
        shares = _shares(names[~strangers].unique(), plan, weights_of)
        for key, of_series in shares.items():
            here = np.asarray(names.isin(list(of_series)))
            answer = self._parts[key].predict(asked[here].reset_index(drop=True))
            values[here] += answer["yhat"].to_numpy() * names[here].map(of_series).to_numpy()
        if strangers.any():
            first = self._parts[min(self._parts)]
            values[strangers] = first.predict(asked[strangers].reset_index(drop=True))["yhat"]
        return list(values)


def _shares(
    names: Iterable[str], plan: Plan, weights_of: Any
) -> dict[tuple[str, str], dict[str, float]]:
    """(level, candidate) → the share that it has in each series."""
    found: dict[tuple[str, str], dict[str, float]] = {}
    for name in names:
        for model, share in weights_of(plan.choice(name)).items():
            found.setdefault((plan.levels[name], model), {})[name] = share
    return dict(sorted(found.items()))


def family_of(model: str, grain: Grain) -> str:
    """The kind of a candidate by its name."""
    return "ensemble" if model == "ensemble" else candidate(model, grain).family
