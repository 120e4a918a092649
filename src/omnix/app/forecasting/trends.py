"""Where the shop and its parts are going: growth, and the days on which a level changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from omnix.app.analytics.errors import QuestionError
from omnix.app.forecasting.phrases import share, told
from omnix.app.forecasting.sentences import emptiness
from omnix.app.forecasting.sentences import told as said
from omnix.app.forecasting.stored import Stored
from omnix.app.forecasting.subject import LEVELS, METRICS, metric_of, one_of
from omnix.core.clock import utc_now

if TYPE_CHECKING:
    from omnix.app.analytics.reader import Pins, Reader

TABLES = ("trends", "trend_changes")
#: Days that are told unless others are asked for.
DAYS = 90
_MOST = 5_000


@dataclass(frozen=True)
class TrendsAsked:
    """Which trends; empty texts stand for all. Both days belong to the time asked for."""

    start: date | None = None
    end: date | None = None
    level: str = ""
    item: str | None = None
    metric: str = ""


def trends(reader: Reader, pins: Pins, asked: TrendsAsked) -> dict[str, Any]:
    """What `GET /market-intelligence/trends` answers.

    Raises:
        QuestionError: no such level or metric; the time ends before it begins.

    """
    stored = Stored(reader, pins)
    if asked.level:
        one_of("level", asked.level, LEVELS)
    metric = metric_of(asked.metric).name if asked.metric else ""
    start, end = _time(stored, asked)
    params = {
        "start": start,
        "end": end,
        "level": asked.level,
        "item": asked.item,
        "metric": metric,
    }
    where = "($level = '' or level = $level) and ($item is null or item = $item) and ($metric = '' or metric = $metric)"  # fmt: skip
    lines = stored.rows(
        f"select * from trends where until between $start and $end and {where} "
        f"order by list_position({list(LEVELS)}, level), value_28d desc nulls last, item, metric limit {_MOST}",
        params,
        "trends",
    )  # fmt: skip
    changes = stored.rows(
        f"select * from trend_changes where changed_on between $start and $end and {where} "
        f"order by changed_on desc, list_position({list(LEVELS)}, level), item, metric limit {_MOST}",
        params,
        "trend_changes",
    )
    empty = stored.missing(TABLES[:1])
    if empty is None and not lines and not changes:
        empty = f"No trend between {start} and {end} fits.", "Another time, level or item."
    return {
        "trends": [_trend(row) for row in lines],
        "changes": [_change(row) for row in changes],
        "count": len(lines),
        "start_date": start,
        "end_date": end,
        **emptiness(empty),
        "provenance": stored.provenance(),
    }


def _trend(row: dict[str, Any]) -> dict[str, Any]:
    """A row of `trends`; money is whole hundredths, everything else a share, a chance or a count."""
    unit = METRICS[row["metric"]].unit
    kept = (
        "growth_year",
        "cagr",
        "momentum",
        "momentum_lower",
        "momentum_upper",
        "season_weekly",
        "season_yearly",
    )
    chances = {"adf_p": "adf_p", "kpss_p": "kpss_p", "p": "p_value", "q": "q_value"}
    return {
        "trend_date": row["until"],
        "trend_type": row["trend_type"],
        "metric_name": row["metric"],
        "metric_value": told(row["value_28d"], unit),
        "growth_rate": share(row["growth_28d"]),
        **_where(row),
        "unit": unit,
        "currency": row["currency"] if unit == "money" else None,
        "since": row["since"],
        "value_before": told(row["value_before"], unit),
        "value_year_ago": told(row["value_year_ago"], unit),
        **{name: share(row[name], 6) for name in kept},
        **{name: share(row[column], 6) for column, name in chances.items()},
        "stationary": row["stationary"],
        "reason": row["reason"],
        "reason_said": said(row["reason"]),
    }  # fmt: skip


def _change(row: dict[str, Any]) -> dict[str, Any]:
    unit = METRICS[row["metric"]].unit
    is_growth = row["kind"] == "growth"
    side = {name: share(row[name]) if is_growth else told(row[name], unit) for name in ("before", "after")}  # fmt: skip
    return {
        **_where(row),
        "metric": row["metric"],
        "unit": unit,
        "currency": row["currency"] if unit == "money" else None,
        "changed_on": row["changed_on"],
        "kind": row["kind"],
        **side,
        "change": share(row["change"]),
        "p_value": share(row["p"], 6),
        "q_value": share(row["q"], 6),
        "reason": row["reason"],
        "reason_said": said(row["reason"]),
    }


def _where(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "level": row["level"], "item": row["item"], "name": row["item_name"], "parent": row["parent"],
    }  # fmt: skip


def _time(stored: Stored, asked: TrendsAsked) -> tuple[date, date]:
    cut = stored.as_of("trends")
    newest = cut - timedelta(days=1) if cut else utc_now().date()
    end = asked.end or max(newest, asked.start or newest)
    start = asked.start or date.fromordinal(max(1, end.toordinal() - DAYS + 1))
    if start > end:
        raise QuestionError("start_date", f"start_date {start} is after end_date {end}.", "Change one of them.")  # fmt: skip
    return start, end
