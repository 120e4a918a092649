"""What has happened to a series: every whole period up to the as-of date, days without a sale as nought."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from omnix.app.analytics.errors import NotFoundError
from omnix.app.analytics.series import following, start_of
from omnix.app.forecasting.subject import Subject
from omnix.core.errors import nearest

if TYPE_CHECKING:
    from omnix.app.forecasting.stored import Stored
    from omnix.metrics.question import Grain


#: Days before the cut in which orders without their money are counted.
YEAR = 365


@dataclass(frozen=True)
class Item:
    """A part of the shop as its sales tell of it. `since`: its first day; `until`: none counts from it on."""

    name: str | None
    parent: str | None
    currency: str
    since: date
    until: date


@dataclass(frozen=True)
class Point:
    """One whole period."""

    date: date
    value: float


def item_of(stored: Stored, subject: Subject) -> Item | None:
    """The part that a question is about; None where nothing was ever sold in the shop.

    Raises:
        NotFoundError: others were sold, this one was not.

    """
    found = stored.rows(
        """
        select max(item_name) as name, max(parent) as parent, max(currency) as currency,
            min(sold_on) as since, (select max(sold_on) + 1 from sales_series) as until
        from sales_series where level = $level and item = $item
        """,
        {"level": subject.level, "item": subject.item},
        "sales_series",
    )
    if not found or found[0]["until"] is None:
        return None
    (row,) = found
    if row["since"] is None:
        raise _unknown(stored, subject)
    until = stored.as_of("sales_series") or row["until"]
    return Item(row["name"], row["parent"], row["currency"], row["since"], until)


def _unknown(stored: Stored, subject: Subject) -> NotFoundError:
    known = stored.rows(
        "select distinct item from sales_series where level = $level limit 5000",
        {"level": subject.level},
        "sales_series",
    )
    names = [row["item"] for row in known]
    return NotFoundError(
        f"No sale of {subject.level} {subject.item[:80]!r} is known.",
        f"{nearest(subject.item[:80], names)}GET /api/v1/market-intelligence/levels lists them.",
    )


def history(stored: Stored, subject: Subject, item: Item, count: int) -> list[Point]:
    """The last `count` whole periods, oldest first, from the first whole one of the series on."""
    grain = _grain(subject.grain)
    end = start_of(item.until, grain)
    begin = start_of(item.since, grain)
    if begin < item.since:
        begin = following(begin, grain)
    first = max(begin, _back(end, count, subject.grain))
    values = _sums(stored, subject, first, end)
    found, at = [], first
    while at < end:
        found.append(Point(at, float(values.get(at, 0))))
        at = following(at, grain)
    return found


def unconverted(stored: Stored, subject: Subject, item: Item) -> int:
    """Orders of the last `YEAR` days before the cut without their money: no rate converts it.

    None of them is missing in counts, so that these have none.
    """
    if subject.metric.unit != "money":
        return 0
    (found,) = stored.rows(
        """
        select coalesce(sum(unconverted_orders), 0) as orders from sales_series
        where level = $level and item = $item and sold_on >= $first and sold_on < $until
        """,
        {
            "level": subject.level, "item": subject.item,
            "first": _back(item.until, YEAR, "day"), "until": item.until,
        },
        "sales_series",
    )  # fmt: skip
    return int(found["orders"])


def _grain(name: str) -> Grain:
    grains: dict[str, Grain] = {"day": "day", "week": "week", "month": "month"}
    return grains[name]


def _back(end: date, count: int, grain: str) -> date:
    """The first day of the period `count` periods before the one that begins at `end`."""
    if grain == "month":
        months = max(12, end.year * 12 + end.month - 1 - count)
        return date(months // 12, months % 12 + 1, 1)
    days = count * (7 if grain == "week" else 1)
    return date.fromordinal(max(1, end.toordinal() - days))


def _sums(stored: Stored, subject: Subject, first: date, end: date) -> dict[date, Any]:
    rows = stored.rows(
        f"""
        select cast(date_trunc('{subject.grain}', sold_on) as date) as period,
            sum({subject.metric.column}) as value
        from sales_series
        where level = $level and item = $item and sold_on >= $first and sold_on < $end
        group by period
        """,
        {"level": subject.level, "item": subject.item, "first": first, "end": end},
        "sales_series",
    )
    return {row["period"]: row["value"] for row in rows}


def last_day(period: date, grain: str) -> date:
    """The last day of the period that begins at `period`."""
    return following(period, _grain(grain)) - timedelta(days=1)
