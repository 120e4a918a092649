"""What stands on the time axis: holidays, promotions, closed days and changes of level."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from omnix.app.forecasting.sentences import told
from omnix.app.forecasting.subject import Subject

if TYPE_CHECKING:
    from omnix.app.forecasting.stored import Stored

#: Longer promotions are standing offers (as in `sales_series`).
_LONGEST = 92


def events(
    stored: Stored,
    subject: Subject,
    first: date,
    last: date,
    rows: Sequence[dict[str, Any]],
) -> list[dict[str, Any]]:
    """Everything between two days, both included, in order; `rows`: of the forecast."""
    found = [
        *_holidays(stored, subject, first, last),
        *_promotions(stored, first, last),
        *_closed(rows, subject.grain),
        *_changes(stored, subject, first, last),
    ]
    return sorted(found, key=lambda each: (each["date"], each["kind"], each["label"]))


def _holidays(stored: Stored, subject: Subject, first: date, last: date) -> list[dict[str, Any]]:
    """Of the country; of the shop's countries else."""
    only = "and country = $item" if subject.level == "country" else ""
    params: dict[str, Any] = {"first": first, "last": last}
    rows = stored.rows(
        f"""
        select holiday_date as day, holiday_name as name, string_agg(country, ', ' order by country) as countries
        from holidays where holiday_date between $first and $last {only}
        group by holiday_date, holiday_name order by all limit 1000
        """,
        {**params, "item": subject.item} if only else params,
        "holidays",
    )
    return [
        _event(row["day"], "holiday", row["name"] if only else f"{row['name']} ({row['countries']})")
        for row in rows
    ]  # fmt: skip


def _promotions(stored: Stored, first: date, last: date) -> list[dict[str, Any]]:
    rows = stored.rows(
        f"""
        select cast(starts_at as date) as day, cast(ends_at as date) as until,
            coalesce(promotion_name, promotion_code, 'Promotion') as name
        from promotions
        where cast(starts_at as date) <= $last and cast(ends_at as date) >= $first
            and date_diff('day', cast(starts_at as date), cast(ends_at as date)) < {_LONGEST}
        order by all limit 500
        """,
        {"first": first, "last": last},
        "promotions",
    )
    return [_event(row["day"], "promotion", row["name"], row["until"]) for row in rows]


def _closed(rows: Sequence[dict[str, Any]], grain: str) -> list[dict[str, Any]]:
    """Days ahead on which the shop is closed, as one event where they follow each other."""
    if grain != "day":
        return []
    found: list[dict[str, Any]] = []
    for row in rows:
        if not row["closed"]:
            continue
        if found and (found[-1]["until"] or found[-1]["date"]) + timedelta(days=1) == row["period"]:
            found[-1]["until"] = row["period"]
        else:
            found.append(_event(row["period"], "closed", "Closed"))
    return found


def _changes(stored: Stored, subject: Subject, first: date, last: date) -> list[dict[str, Any]]:
    rows = stored.rows(
        """
        select * from trend_changes
        where level = $level and item = $item and metric = $metric
            and changed_on between $first and $last
        order by changed_on
        """,
        {
            "level": subject.level, "item": subject.item, "metric": subject.metric.name,
            "first": first, "last": last,
        },
        "trend_changes",
    )  # fmt: skip
    return [
        {**_event(row["changed_on"], "change", row["reason"]), "said": told(row["reason"])}
        for row in rows
    ]


def _event(day: date, kind: str, label: str, until: date | None = None) -> dict[str, Any]:
    return {"date": day, "until": until, "kind": kind, "label": label, "said": []}
