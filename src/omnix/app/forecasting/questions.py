"""What may be asked of the engine, checked before a process is started for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any

from omnix.app.analytics.errors import QuestionError
from omnix.app.forecasting.subject import Subject
from omnix.core.errors import nearest

#: What other systems call our candidates.
_MODELS: Mapping[str, str] = MappingProxyType({
    "arima": "auto_arima", "ets": "auto_ets", "lightgbm": "lightgbm_direct",
    "naive": "seasonal_naive",
})  # fmt: skip
MOST_STEPS = 365
CHANGES = ("promotion", "price", "closed")
#: Multiples of the usual price that may be tried.
_PRICES = (0.1, 10.0)


@dataclass(frozen=True)
class ForecastWanted:
    """A forecast, as it is asked for; None and empty texts stand for what was not said.

    Both days belong to the history that may be used.
    """

    metric: str = "net_sales"
    horizon: int = 30
    model: str = "auto"
    grain: str = "day"
    product_id: str = ""
    category_id: str = ""
    store_id: str = ""
    country: str = ""
    start_date: date | None = None
    end_date: date | None = None

    @property
    def subject(self) -> Subject:
        """The series that is meant.

        Raises:
            QuestionError: there is no such metric or grain, or several parts are named.

        """
        named = {
            level: item
            for level, item in (
                ("product", self.product_id), ("category", self.category_id),
                ("store", self.store_id), ("country", self.country),
            )
            if item
        }  # fmt: skip
        if len(named) > 1:
            raise QuestionError(
                f"{max(named)}_id" if max(named) != "country" else "country",
                f"Both {' and '.join(named)} are named.",
                "Name one of product_id, category_id, store_id and country, or none for the whole shop.",
            )
        level, item = next(iter(named.items()), ("shop", ""))
        return Subject.of(self.metric, level, item, self.grain)

    def checked(self) -> Subject:
        """`subject`, with everything else in order too.

        Raises:
            QuestionError: the horizon, the model or the days are wrong.

        """
        if not 1 <= self.horizon <= MOST_STEPS:
            raise QuestionError(
                "horizon", f"horizon is {self.horizon}.", f"Give 1 to {MOST_STEPS}."
            )
        if self.start_date and self.end_date and self.start_date > self.end_date:
            raise QuestionError(
                "start_date", f"start_date {self.start_date} is after end_date {self.end_date}.", "Change one of them."
            )  # fmt: skip
        if self.model != "auto":
            model_named("model", self.model, self.grain)
        return self.subject

    @property
    def is_plain(self) -> bool:
        """Whether the stored forecast answers it: no model and no days of one's own."""
        return self.model == "auto" and self.start_date is None and self.end_date is None

    def asked(self, models: Sequence[str]) -> dict[str, Any]:
        """As the engine is asked."""
        subject = self.subject
        return {
            **subject.params, "horizon": self.horizon, "models": list(models),
            "start": self.start_date and self.start_date.isoformat(),
            "end": self.end_date and self.end_date.isoformat(),
        }  # fmt: skip


@dataclass(frozen=True)
class CompareWanted:
    """Which candidates are to be tried on what `forecast` is about; none: those that time pays for."""

    forecast: ForecastWanted
    models: tuple[str, ...] = ()


def model_named(field: str, name: str, grain: str) -> str:
    """The candidate that a name means.

    Raises:
        QuestionError: there is none.

    """
    from omnix.ml.forecasting import candidates

    known = candidates(grain)  # type: ignore[arg-type]  # Subject.of has checked it
    found = _MODELS.get(name, name)
    if found not in known:
        raise QuestionError(
            field,
            f"There is no forecasting model {name[:80]!r}.",
            f"{nearest(name[:80], [*known, *_MODELS])}There are: auto, {', '.join(known)}.",
        )
    return found


@dataclass(frozen=True)
class Change:
    """What is different from `first` to `last`. `value`: of a price, a multiple of the usual one."""

    kind: str
    first: date
    last: date
    value: float | None = None


@dataclass(frozen=True)
class WhatIfWanted:
    """A plan: changes to the days ahead of one series."""

    metric: str
    level: str
    item: str
    grain: str
    horizon: int
    changes: tuple[Change, ...]

    def asked(self) -> dict[str, Any]:
        """As the engine is asked.

        Raises:
            QuestionError: something about it cannot be.

        """
        subject = Subject.of(self.metric, self.level, self.item, self.grain)
        for number, change in enumerate(self.changes):
            _check(f"changes.{number}", change)
        return {
            **subject.params, "horizon": self.horizon, "stored": True,
            "changes": [
                {"kind": each.kind, "from": each.first.isoformat(), "to": each.last.isoformat(), "value": each.value}
                for each in self.changes
            ],
        }  # fmt: skip


def _check(field: str, change: Change) -> None:
    if change.first > change.last:
        raise QuestionError(f"{field}.from", f"It begins on {change.first}, after its end on {change.last}.", "Change one of them.")  # fmt: skip
    low, high = _PRICES
    if change.kind == "price" and not (change.value is not None and low <= change.value <= high):
        raise QuestionError(
            f"{field}.value",
            f"The price is {change.value} times the usual one.",
            f"Give {low} to {high:.0f}: 0.9 is ten per cent cheaper.",
        )
