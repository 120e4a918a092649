"""The shop and its parts: what each sold in the last 28 days, and what the next 28 will bring."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from omnix.app.analytics.cursor import position, sealed
from omnix.app.analytics.errors import VersionGoneError
from omnix.app.forecasting.phrases import share, told
from omnix.app.forecasting.sentences import emptiness
from omnix.app.forecasting.stored import Stored
from omnix.app.forecasting.subject import LEVELS, Forecast, metric_of, one_of

if TYPE_CHECKING:
    from omnix.app.analytics.reader import Pins, Reader

TABLES = ("sales_series", "forecasts")
WINDOW = 28


@dataclass(frozen=True)
class LevelsAsked:
    """Which parts: of one level, under one parent, whose id or name holds `search`."""

    metric: str = "net_sales"
    level: str = ""
    parent: str = ""
    search: str = ""
    limit: int = 100
    cursor: str = ""

    @property
    def question(self) -> list[Any]:
        """What a cursor is tied to."""
        return [self.metric, self.level, self.parent, self.search]


def levels(reader: Reader, pins: Pins, asked: LevelsAsked) -> dict[str, Any]:
    """A page of parts, the shop first, then those that sold most lately.

    Raises:
        QuestionError: no such metric or level, or the cursor is of another question.
        VersionGoneError: the tables have changed since the page before.

    """
    metric = metric_of(asked.metric)
    if asked.level:
        one_of("level", asked.level, LEVELS)
    stored = Stored(reader, pins)
    marks = [-1 if (v := stored.version(name)) is None else v for name in TABLES]
    marks = [mark + 1 for mark in marks]
    versions, offset = position(asked.cursor, asked.question, tables=len(TABLES))
    if versions is not None and versions != marks:
        raise VersionGoneError(
            "The forecasts were made anew meanwhile.", "Ask again without cursor."
        )
    found = _rows(stored, metric, asked, offset)
    more = len(found) > asked.limit
    empty = stored.missing(["sales_series"])
    return {
        "data": [_told(row, metric) for row in found[: asked.limit]],
        "currency": next((row["currency"] for row in found), None) if metric.unit == "money" else None,
        "unit": metric.unit,
        "next_cursor": sealed(marks, offset + asked.limit, asked.question) if more else None,
        **emptiness(empty or (None if found or offset else ("Nothing was sold that fits.", None))),
        "provenance": stored.provenance(),
    }  # fmt: skip


def _rows(
    stored: Stored, metric: Forecast, asked: LevelsAsked, offset: int
) -> list[dict[str, Any]]:
    ahead = "forecasts" if stored.has("forecasts") else ""
    params = {
        "level": asked.level, "parent": asked.parent, "until": stored.as_of("sales_series"),
        "search": f"%{_plain(asked.search)}%", "known": list(metric.levels),
        **({"metric": metric.name} if ahead else {}),
    }  # fmt: skip
    return stored.rows(
        f"""
        with cut as (select coalesce($until, max(sold_on) + 1) as until from sales_series),
        items as (
            select level, item, max(item_name) as name, max(parent) as parent,
                max(currency) as currency,
                coalesce(sum({metric.column}) filter (sold_on >= until - {WINDOW}), 0) as value
            from sales_series, cut
            where list_contains($known, level) and ($level = '' or level = $level)
                and sold_on < until
            group by level, item
        ),
        ahead as ({_AHEAD if ahead else _NOTHING})
        select items.*, ahead.* exclude (level, item)
        from items left join ahead using (level, item)
        where ($parent = '' or parent = $parent)
            and (item ilike $search escape '!' or name ilike $search escape '!')
        order by list_position({list(LEVELS)}, level), value desc, item
        limit {asked.limit + 1} offset {offset}
        """,
        params,
        "sales_series",
        *([ahead] if ahead else []),
    )


_AHEAD = f"""
    select level, item, case when count(*) = {WINDOW} then sum(value) end as forecast,
        any_value(series_class) as series_class, any_value(model) as model
    from forecasts
    where metric = $metric and grain = 'day' and ahead <= {WINDOW}
    group by level, item
"""
_NOTHING = """
    select null::varchar as level, null::varchar as item, null::double as forecast,
        null::varchar as series_class, null::varchar as model
    where false
"""


def _plain(search: str) -> str:
    return search.replace("!", "!!").replace("%", "!%").replace("_", "!_")


def _told(row: dict[str, Any], metric: Forecast) -> dict[str, Any]:
    value, ahead = float(row["value"]), row["forecast"]
    change = (ahead - value) / value if ahead is not None and value > 0 else None
    return {
        "level": row["level"], "item": row["item"], "name": row["name"], "parent": row["parent"],
        "value_28d": told(value, metric.unit), "forecast_28d": told(ahead, metric.unit),
        "change": share(change), "series_class": row["series_class"], "model": row["model"],
    }  # fmt: skip
