"""One metric for one period, against a period that it is fairly compared with."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, get_args

from omnix.app.analytics.errors import QuestionError
from omnix.app.analytics.provenance import provenance
from omnix.app.analytics.series import (
    Shop,
    currency_for,
    series,
    shop_of,
    total,
)
from omnix.metrics.metric import Metric
from omnix.metrics.periods import Kind, Period, compared, latest

if TYPE_CHECKING:
    from datetime import date

    from omnix.app.analytics.reader import Pins, Reader

#: Days of the small line beside a number.
SPARKLINE = 28


def kind_for(text: str, field: str = "period") -> Kind:
    """The kind of period that a caller names.

    Raises:
        QuestionError: there is none of that name.

    """
    kinds: dict[str, Kind] = {each: each for each in get_args(Kind)}
    if text not in kinds:
        raise QuestionError(field, f"{field} is {text[:40]!r}.", f"Give one of {', '.join(kinds)}.")
    return kinds[text]


def kpi(reader: Reader, pins: Pins, metric: Metric, kind: Kind) -> dict[str, Any]:
    """The metric's last whole period; without data `value` is null and `empty_because` says why."""
    shop = shop_of(reader, pins)
    told: dict[str, Any] = {
        "metric": metric.name,
        "title": metric.title,
        "about": metric.about,
        "unit": metric.unit,
        "good": metric.good,
        "currency": None,
        "value": None,
        "period": None,
        "comparison": None,
        "sparkline": [],
        "empty_because": shop if isinstance(shop, str) else None,
    }
    if isinstance(shop, Shop):
        told |= headline(reader, pins, shop, metric, kind)
    return told | {"provenance": provenance(reader.tables, pins)}


def headline(reader: Reader, pins: Pins, shop: Shop, metric: Metric, kind: Kind) -> dict[str, Any]:
    """Value, period, comparison and the days of late."""
    period = latest(kind, shop.until)
    before = compared(kind, period, shop.since)
    value = total(reader, pins, shop, metric, period.start, period.end)
    earlier = total(reader, pins, shop, metric, before.start, before.end)
    known = before.start >= shop.since
    line = series(
        reader, pins, shop, metric, "day", since=_sparkline_from(shop, period), until=period.end
    )
    return {
        "value": value,
        "currency": currency_for(metric, shop),
        "period": span(period),
        "comparison": {
            **span(before),
            "value": earlier if known else None,
            "change": change(value, earlier) if known else None,
        },
        "sparkline": [{"date": each.day, "value": each.value} for each in line],
    }


def _sparkline_from(shop: Shop, period: Period) -> date:
    return max(shop.since, period.end - timedelta(days=SPARKLINE))


def span(period: Period) -> dict[str, Any]:
    """A period as it is told: both days belong to it."""
    return {"from": period.start, "to": period.last, "label": period.label}


def change(now: float | None, before: float | None) -> float | None:
    """By what share a value changed; None where there is nothing to compare with."""
    if now is None or before is None or before == 0:
        return None
    return round((now - before) / abs(before), 4)
