"""Where the shop and its parts are going: growth, and the days on which a level changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from omnix.app.analytics.errors import QuestionError
from omnix.app.forecasting.stored import Stored
from omnix.app.forecasting.subject import LEVELS, metric_of, one_of
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
        f"select * from trends where trend_date between $start and $end and {where.replace('metric =', 'metric_name =')} "
        f"order by trend_date desc, list_position({list(LEVELS)}, level), item, metric_name, trend_type limit {_MOST}",
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
        "trends": lines,
        "changes": changes,
        "count": len(lines),
        "start_date": start,
        "end_date": end,
        "empty_because": empty[0] if empty else None,
        "needed": empty[1] if empty else None,
        "provenance": stored.provenance(),
    }


def _time(stored: Stored, asked: TrendsAsked) -> tuple[date, date]:
    cut = stored.as_of("trends")
    newest = cut - timedelta(days=1) if cut else utc_now().date()
    end = asked.end or max(newest, asked.start or newest)
    start = asked.start or date.fromordinal(max(1, end.toordinal() - DAYS + 1))
    if start > end:
        raise QuestionError("start_date", f"start_date {start} is after end_date {end}.", "Change one of them.")  # fmt: skip
    return start, end
