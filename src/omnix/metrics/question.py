"""The SQL of a metric: by grain, dimensions and filters, every value bound."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Any, Literal, TypeAlias

from omnix.core.errors import nearest
from omnix.core.table import quoted
from omnix.metrics.catalogue import UnknownMetricError
from omnix.metrics.metric import Metric

Grain = Literal["day", "week", "month", "year"]
GRAINS: tuple[Grain, ...] = ("day", "week", "month", "year")
#: A dimension's wanted value, or any of several; None is the empty one.
Wanted: TypeAlias = str | Sequence[str | None] | None


@dataclass(frozen=True)
class Question:
    """A metric over the days from `since` up to but without `until`.

    grain:    "day", "week" (from Monday), "month", "year"; None gives one value for all days.
    by:       dimensions to split by.
    where:    dimension → value, or list of values.
    currency: of the money; needed where the metric is of one currency and not split by it.
    """

    metric: Metric
    since: date
    until: date
    grain: Grain | None = None
    by: tuple[str, ...] = ()
    where: Mapping[str, Wanted] = field(default_factory=lambda: MappingProxyType({}))
    currency: str | None = None


@dataclass(frozen=True)
class Statement:
    """SQL with named parameters, and the tables that it reads by name."""

    sql: str
    params: Mapping[str, Any]
    tables: tuple[str, ...]


def statement(question: Question) -> Statement:
    """The SELECT that answers `question`.

    Its columns: `period` (first day, with a grain), `partial` (whether days of that period lie
    outside of the question), each dimension of `by`, and `value`: whole hundredths for money, a
    whole number for counts, a double for ratios; null where there is nothing to divide by.

    Raises:
        UnknownMetricError: a dimension is not the metric's; or its currency is not said.

    """
    _check(question)
    params: dict[str, Any] = {"since": question.since, "until": question.until}
    conditions = _conditions(question, params)
    groups = [*(["period"] if question.grain else []), *question.by]
    own = _grouped(question.metric, question, conditions, groups)
    if question.metric.per is None:
        value, source = "amount", f"({own}) own"
        shown = [f"own.{quoted(name)}" for name in groups]
    else:
        other = _grouped(question.metric.per, question, conditions, groups)
        same = " and ".join(
            f"own.{quoted(name)} is not distinct from per.{quoted(name)}" for name in groups
        )
        source = f"({own}) own full join ({other}) per on {same or 'true'}"
        value = "coalesce(own.amount, 0) / nullif(cast(per.amount as double), 0)"
        shown = [f"coalesce(own.{quoted(n)}, per.{quoted(n)}) as {quoted(n)}" for n in groups]
    columns = [*shown, f"{_typed(question.metric, value)} as value"]
    sql = f"select {', '.join(columns)} from {source}"
    if question.grain:
        length = f"interval 1 {question.grain}"
        sql = (
            f"select *, period < $since or period + {length} > $until as partial from ({sql}) found"
        )
    if groups:
        sql += f" order by {', '.join(map(quoted, groups))}"
    return Statement(sql, params, question.metric.tables)


def _check(question: Question) -> None:
    metric = question.metric
    named = [*question.by, *question.where]
    if unknown := [name for name in named if name not in metric.dimensions]:
        raise UnknownMetricError(
            f"{metric.title} has no dimension {unknown[0][:80]!r}.",
            f"{nearest(unknown[0][:80], metric.dimensions)}It has: {', '.join(metric.dimensions)}.",
        )
    if metric.of_one_currency and question.currency is None and "currency" not in question.by:
        raise UnknownMetricError(
            f"{metric.title} is money, and no currency is named.",
            "Name one, or split by currency: amounts of several are never added.",
        )


def _conditions(question: Question, params: dict[str, Any]) -> list[str]:
    conditions = ["day >= $since", "day < $until"]
    if question.currency is not None:
        params["currency"] = question.currency
        conditions.append("currency = $currency")
    for number, (name, wanted) in enumerate(question.where.items()):
        values = [wanted] if wanted is None or isinstance(wanted, str) else list(wanted)
        params[f"wanted{number}"] = [value for value in values if value is not None]
        told = f"list_contains($wanted{number}, {quoted(name)})"
        empty = f" or {quoted(name)} is null" if None in values else ""
        conditions.append(f"(coalesce({told}, false){empty})")
    return conditions


def _grouped(
    metric: Metric, question: Question, conditions: Sequence[str], groups: Sequence[str]
) -> str:
    period = f"cast(date_trunc('{question.grain}', day) as date) as period"
    columns = [*([period] if question.grain else []), *map(quoted, question.by)]
    columns.append(f"{metric.expression} as amount")
    grouped = f" group by {', '.join(map(quoted, groups))}" if groups else ""
    where = " and ".join(conditions)
    return f"select {', '.join(columns)} from ({metric.relation.sql}) where {where}{grouped}"


def _typed(metric: Metric, value: str) -> str:
    """Sums grow beyond 64 bits only where a shop's data is absurd; then there is no value."""
    if metric.unit == "ratio":
        return f"cast({value} as double)"
    if metric.per is not None:
        return f"try_cast(round({value}) as bigint)"
    return f"try_cast(coalesce({value}, 0) as bigint)"
