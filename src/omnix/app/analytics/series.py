"""Metrics over time: what the shop's data covers, its main currency, and values without gaps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from omnix.app.analytics.errors import QuestionError
from omnix.app.analytics.provenance import as_of
from omnix.core.errors import nearest
from omnix.metrics.catalogue import all_metrics
from omnix.metrics.metric import Metric
from omnix.metrics.question import Grain, Question, Wanted, statement

if TYPE_CHECKING:
    from omnix.app.analytics.reader import Pins, Reader

#: What says how far the shop's data reaches; every answer on metrics is built on it.
SPAN = "sales_daily"


@dataclass(frozen=True)
class Shop:
    """What the daily sales cover.

    since, until: the first day with a sale, and the first day that does not count any more.
    last_sale:    the last day with a sale; None where there are refunds alone.
    currency:     the one of most orders, in which money is told; `currencies` are all of them.
    """

    since: date
    until: date
    last_sale: date | None
    currency: str
    currencies: tuple[str, ...]


@dataclass(frozen=True)
class Value:
    """One period of a series. `partial`: part of it lies outside of what is known."""

    day: date
    value: float | None
    partial: bool = False


def tables_for(metrics: Sequence[Metric]) -> tuple[str, ...]:
    """The tables that answers on these metrics read."""
    return tuple(dict.fromkeys([SPAN, *(name for each in metrics for name in each.tables)]))


def metric_for(name: str, field: str = "metric") -> Metric:
    """The metric that a caller names.

    Raises:
        QuestionError: there is none.

    """
    metrics = all_metrics()
    if name not in metrics:
        short = name[:80]
        raise QuestionError(
            field,
            f"There is no metric {short!r}.",
            f"{nearest(short, metrics)}There are: {', '.join(metrics)}.",
        )
    return metrics[name]


def shop_of(reader: Reader, pins: Pins) -> Shop | str:
    """What the data covers; or why there is nothing to tell."""
    if missing := [name for name, pin in pins.items() if pin is None]:
        return f"{missing[0]} was never built: a run builds it."
    sales = {SPAN: pins[SPAN]}
    found = reader.records(
        f"""select currency, min(sold_on) as since, max(sold_on) as newest, sum(orders) as orders,
                max(sold_on) filter (orders > 0) as sold
            from {SPAN} group by currency order by orders desc, currency""",
        None,
        sales,
    )
    if not found:
        return "Nothing was sold yet."
    newest = max(row["newest"] for row in found)
    return Shop(
        since=min(row["since"] for row in found),
        until=as_of(pins[SPAN]) or newest + timedelta(days=1),
        last_sale=max((row["sold"] for row in found if row["sold"]), default=None),
        currency=found[0]["currency"],
        currencies=tuple(row["currency"] for row in found),
    )


def currency_for(metric: Metric, shop: Shop) -> str | None:
    """The currency that a metric is told in; None for what is counted over all."""
    return shop.currency if metric.of_one_currency else None


def asked(
    reader: Reader,
    pins: Pins,
    shop: Shop,
    metric: Metric,
    since: date,
    until: date,
    *,
    grain: Grain | None = None,
    by: tuple[str, ...] = (),
    where: Mapping[str, Wanted] | None = None,
    currency: str | None = None,
) -> list[dict[str, Any]]:
    """A metric's rows between two days, in the shop's currency unless another is named."""
    found = statement(
        Question(
            metric, since, until, grain, by, where or {}, currency or currency_for(metric, shop)
        )
    )
    return reader.records(found.sql, found.params, {name: pins[name] for name in found.tables})


def total(
    reader: Reader, pins: Pins, shop: Shop, metric: Metric, since: date, until: date
) -> float | int | None:
    """A metric's one value between two days."""
    (row,) = asked(reader, pins, shop, metric, since, until)
    value: float | int | None = row["value"]
    return value


def series(
    reader: Reader,
    pins: Pins,
    shop: Shop,
    metric: Metric,
    grain: Grain,
    *,
    since: date | None = None,
    until: date | None = None,
    where: Mapping[str, Wanted] | None = None,
) -> list[Value]:
    """A value for every period: what was not sold is nought, what cannot be divided is None.

    The first and the last period are partial when they begin before or end after the data.
    """
    first, end = since or shop.since, min(until or shop.until, shop.until)
    rows = asked(reader, pins, shop, metric, first, end, grain=grain, where=where)
    values = {row["period"]: row["value"] for row in rows}
    empty = 0 if metric.per is None else None
    found, at = [], start_of(first, grain)
    while at < end:
        after = following(at, grain)
        partial = at < shop.since or after > shop.until
        found.append(Value(at, values.get(at, empty), partial))
        at = after
    return found


def start_of(day: date, grain: Grain) -> date:
    """The first day of the period that holds `day`; weeks begin on Monday."""
    if grain == "week":
        return day - timedelta(days=day.weekday())
    if grain == "month":
        return day.replace(day=1)
    return day.replace(month=1, day=1) if grain == "year" else day


def following(start: date, grain: Grain) -> date:
    """The first day of the period after the one that begins at `start`."""
    if grain == "day":
        return start + timedelta(days=1)
    if grain == "week":
        return start + timedelta(days=7)
    return start_of(start + timedelta(days=32 if grain == "month" else 366), grain)
