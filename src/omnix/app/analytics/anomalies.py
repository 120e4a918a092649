"""Unusual days of a system's metrics, each with what was expected and what changed."""

from __future__ import annotations

from datetime import date, timedelta
from statistics import median
from typing import TYPE_CHECKING, Any

from omnix.app.analytics.series import Shop, asked, currency_for, series
from omnix.core.money import show_cents
from omnix.metrics.periods import day_name
from omnix.metrics.unusual import Unusual, unusual

if TYPE_CHECKING:
    from omnix.app.analytics.reader import Pins, Reader
    from omnix.metrics.metric import Metric

#: Weeks whose same weekday says what a part usually brings.
_WEEKS = 8
#: Columns that a day is taken apart by, and what they are called.
_PARTS = {
    "category_name": "category",
    "country": "country",
    "channel": "channel",
    "payment_method": "payment method",
}
_MOST = 100


def anomalies(
    reader: Reader, pins: Pins, shop: Shop, metrics: list[Metric], last: int
) -> list[dict[str, Any]]:
    """The unusual among the last days of the metrics, newest first, then by size."""
    found: list[tuple[Metric, Unusual]] = []
    for metric in metrics:
        line = series(reader, pins, shop, metric, "day")
        found += [
            (metric, each)
            for each in unusual(
                [value.day for value in line],
                [value.value for value in line],
                last=last,
                tests=last * len(metrics),
                rooted=metric.per is None,
            )
        ]
    found.sort(key=lambda pair: (pair[1].day, abs(pair[1].score)), reverse=True)
    return [_told(reader, pins, shop, metric, each) for metric, each in found[:_MOST]]


def _told(reader: Reader, pins: Pins, shop: Shop, metric: Metric, found: Unusual) -> dict[str, Any]:
    digits = {"money": 0, "count": 1, "ratio": 4}[metric.unit]
    lower = found.lower if metric.floor is None else max(found.lower, metric.floor)
    numbers = {"expected": found.expected, "lower": lower, "upper": found.upper}
    return {
        "date": found.day,
        "metric": metric.name,
        "title": metric.title,
        "unit": metric.unit,
        "currency": currency_for(metric, shop),
        "value": found.value,
        **{name: round(value, digits) for name, value in numbers.items()},
        "score": found.score,
        "reason": _reason(reader, pins, shop, metric, found),
    }


def _reason(reader: Reader, pins: Pins, shop: Shop, metric: Metric, found: Unusual) -> str:
    """In words: how far off, and which part of the shop moved most."""
    shown = {
        name: _shown(metric, shop, value)
        for name, value in (("value", found.value), ("expected", found.expected))
    }
    direction = "above" if found.value > found.expected else "below"
    first = (
        f"{metric.title}: {shown['value']} on {found.day:%A} {day_name(found.day)}, {direction} the "
        f"{shown['expected']} that the weeks before lead to expect."
    )
    part = _part(reader, pins, shop, metric, found) if metric.additive else None
    return f"{first} {part}" if part else first


def _shown(metric: Metric, shop: Shop, value: float) -> str:
    if metric.unit == "money":
        return show_cents(round(value), shop.currency)
    return f"{value:.1%}" if metric.unit == "ratio" else f"{round(value):,}"


def _part(reader: Reader, pins: Pins, shop: Shop, metric: Metric, found: Unusual) -> str | None:
    """The category, country … whose own change explains most of the day's."""
    moves: list[tuple[float, str, str]] = []
    for column, word in _PARTS.items():
        if column in metric.dimensions:
            moves += _moves(reader, pins, shop, metric, found.day, column, word)
    if "category_id" in metric.dimensions:
        moves += _products(reader, shop, metric, found.day)
    gap = found.value - found.expected
    toward = [each for each in moves if each[0] * gap > 0]
    if not toward or not gap:
        return None
    delta, word, name = max(toward, key=lambda each: abs(each[0]))
    share = min(delta / gap, 1.0)
    return (
        f"What changed most: the {word} {name}, {_signed(metric, shop, delta)} against its usual "
        f"{found.day:%A} ({share:.0%} of the difference)."
    )


def _signed(metric: Metric, shop: Shop, delta: float) -> str:
    return f"{'+' if delta > 0 else '−'}{_shown(metric, shop, abs(delta))}"


def _moves(
    reader: Reader, pins: Pins, shop: Shop, metric: Metric, day: date, column: str, word: str
) -> list[tuple[float, str, str]]:
    rows = asked(
        reader, pins, shop, metric, day - timedelta(days=7 * _WEEKS), day + timedelta(days=1),
        grain="day", by=(column,),
    )  # fmt: skip
    return _against_usual(
        {(row["period"], row[column] or "(none)"): row["value"] for row in rows}, day, word
    )


def _against_usual(
    values: dict[tuple[date, str], float], day: date, word: str
) -> list[tuple[float, str, str]]:
    """Each part's value on the day less the median of the same weekday in the weeks before."""
    before = [day - timedelta(days=7 * weeks) for weeks in range(1, _WEEKS + 1)]
    names = {name for _, name in values}
    return [
        (
            float(values.get((day, name)) or 0)
            - median([float(values.get((each, name)) or 0) for each in before]),
            word,
            name,
        )
        for name in sorted(names)
    ]


def _products(
    reader: Reader, shop: Shop, metric: Metric, day: date
) -> list[tuple[float, str, str]]:
    """The same by product, from the lines of the orders of these days."""
    measure = {"net_sales": "i.total_cents", "gross_sales": "i.gross_cents", "units": "i.quantity"}
    names = ("orders", "order_items", "products")
    here = reader.pins(names)
    if metric.name not in measure or any(pin is None for pin in here.values()):
        return []
    days = [day - timedelta(days=7 * weeks) for weeks in range(_WEEKS + 1)]
    rows = reader.records(
        f"""select o.ordered_on as period, coalesce(any_value(p.product_name), i.product_id) as name,
                   cast(sum({measure[metric.name]}) as double) as value
            from orders o join order_items i using (order_id) left join products p using (product_id)
            where list_contains($days, o.ordered_on) and o.status not in ('cancelled', 'failed')
              and ($currency is null or o.currency = $currency)
            group by o.ordered_on, i.product_id""",
        {"days": days, "currency": currency_for(metric, shop)},
        here,
    )
    return _against_usual(
        {(row["period"], row["name"]): row["value"] for row in rows}, day, "product"
    )
