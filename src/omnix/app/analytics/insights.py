"""A system's insights: a summary of the last period, the course over time, unusual days."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Literal, get_args

from omnix.app.analytics.anomalies import anomalies
from omnix.app.analytics.errors import QuestionError
from omnix.app.analytics.kpi import change, span
from omnix.app.analytics.provenance import provenance
from omnix.app.analytics.series import (
    Shop,
    series,
    shop_of,
    start_of,
    tables_for,
    total,
)
from omnix.core.clock import utc_now
from omnix.metrics.catalogue import all_metrics, metrics_of
from omnix.metrics.periods import Period, compared, latest
from omnix.metrics.question import Question, statement

if TYPE_CHECKING:
    from omnix.app.analytics.reader import Pins, Reader
    from omnix.metrics.metric import Metric
    from omnix.metrics.question import Grain

Type = Literal["summary", "trends", "anomalies"]
Over = Literal["day", "week", "month", "year"]
#: Periods that a trend shows.
_SHOWN = {"day": 90, "week": 53, "month": 25, "year": 10}
#: No period of that length has more days.
_DAYS = {"day": 1, "week": 7, "month": 31, "year": 366}
#: Days among which anomalies are looked for.
_LOOKED_AT = {"day": 1, "week": 7, "month": 30, "year": 365}


def insights(reader: Reader, system: str, kind: str, period: str) -> dict[str, Any]:
    """What `GET /analytics/{system}/insights` answers.

    Raises:
        QuestionError: no such type or period.

    """
    if kind not in get_args(Type):
        raise QuestionError("type", f"type is {kind[:40]!r}.", f"Give one of {', '.join(get_args(Type))}.")  # fmt: skip
    if period not in get_args(Over):
        raise QuestionError("period", f"period is {period[:40]!r}.", f"Give one of {', '.join(get_args(Over))}.")  # fmt: skip
    names = tables_of(system, kind)
    pins = reader.pins(names)
    shop = (
        shop_of(reader, pins) if names else f"{system} has no metric: its tables tell all it has."
    )
    told: dict[str, Any] = {
        "system": system,
        "type": kind,
        "period": period,
        "insights": {"summary": {}, "trends": {"trend_data": []}, "anomalies": []}[kind],
        "empty_because": shop if isinstance(shop, str) else None,
    }
    if isinstance(shop, Shop):
        told["insights"] = _FOUND[kind](reader, pins, shop, _metrics(system, kind), period)
    return told | {
        "generated_at": utc_now().replace(microsecond=0),
        "provenance": provenance(reader.tables, pins),
    }


def tables_of(system: str, kind: str) -> tuple[str, ...]:
    """The tables that a system's insights of that type are built on; none: it has no metric."""
    return tables_for(_metrics(system, kind)) if metrics_of(system) else ()


def _metrics(system: str, kind: str) -> list[Metric]:
    every = all_metrics()
    if kind != "anomalies":
        return [every[name] for name in ("net_sales", "orders", "customers", "average_order_value")]
    return metrics_of(system)


def _summary(
    reader: Reader, pins: Pins, shop: Shop, metrics: list[Metric], over: Any
) -> dict[str, Any]:
    """The last whole period, all currencies counted, money in the main one alone."""
    period = latest(over, shop.until)
    before = compared(over, period, shop.since)
    now = _totals(reader, pins, shop, metrics, period)
    then = _totals(reader, pins, shop, metrics, before) if before.start >= shop.since else {}
    return {
        **now,
        "currency": shop.currency,
        "dates": span(period),
        "comparison": {
            **span(before),
            **{name: then.get(name) for name in now},
            "change": {name: change(now[name], then.get(name)) for name in now},
        },
        "by_currency": _by_currency(reader, pins, shop, metrics, period),
    }


_NAMES = {
    "customers": "unique_customers",
    "orders": "total_orders",
    "net_sales": "total_revenue",
    "average_order_value": "avg_order_value",
}


def _totals(
    reader: Reader, pins: Pins, shop: Shop, metrics: list[Metric], period: Period
) -> dict[str, Any]:
    return {
        _NAMES[each.name]: total(reader, pins, shop, each, period.start, period.end)
        for each in metrics
    }


def _by_currency(
    reader: Reader, pins: Pins, shop: Shop, metrics: list[Metric], period: Period
) -> list[dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {name: {"currency": name} for name in shop.currencies}
    for each in metrics:
        for row in _split(reader, pins, each, period):
            if row["currency"] in found:
                found[row["currency"]][_NAMES[each.name]] = row["value"]
    return [row for row in found.values() if row.get("total_orders")]


def _split(reader: Reader, pins: Pins, metric: Metric, period: Period) -> list[dict[str, Any]]:
    found = statement(Question(metric, period.start, period.end, by=("currency",)))
    return reader.records(found.sql, found.params, {name: pins[name] for name in found.tables})


def _trends(
    reader: Reader, pins: Pins, shop: Shop, metrics: list[Metric], over: Any
) -> dict[str, Any]:
    grain: Grain = over
    since = shop.until - timedelta(days=_SHOWN[over] * _DAYS[over])
    since = max(start_of(since, grain), shop.since)
    by_name = {each.name: each for each in metrics}
    revenue = series(reader, pins, shop, by_name["net_sales"], grain, since=since)
    orders = series(reader, pins, shop, by_name["orders"], grain, since=since)
    return {
        "currency": shop.currency,
        "trend_data": [
            {"date": r.day, "orders": o.value, "revenue": r.value, "partial": r.partial}
            for r, o in zip(revenue, orders, strict=True)
        ][-_SHOWN[over] :],
    }


def _anomalies(
    reader: Reader, pins: Pins, shop: Shop, metrics: list[Metric], over: Any
) -> list[dict[str, Any]]:
    return anomalies(reader, pins, shop, metrics, _LOOKED_AT[over])


_FOUND: dict[str, Any] = {"summary": _summary, "trends": _trends, "anomalies": _anomalies}
