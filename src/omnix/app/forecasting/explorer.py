"""One series with its past, its forecast, what happened on the way, and how far to trust it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from omnix.app.forecasting import ahead, phrases, scores
from omnix.app.forecasting.events import events
from omnix.app.forecasting.history import Item, history, item_of, last_day, unconverted
from omnix.app.forecasting.models_told import about
from omnix.app.forecasting.sentences import emptiness
from omnix.app.forecasting.sentences import told as said
from omnix.app.forecasting.stored import RUN, Stored
from omnix.app.forecasting.subject import LEAST, Subject

if TYPE_CHECKING:
    from omnix.app.analytics.reader import Pins, Reader

TABLES = (
    "sales_series", "forecasts", "forecast_model_comparison", "forecast_backtests",
    "forecast_scoreboard", "trend_changes", "holidays", "promotions",
)  # fmt: skip


def series(reader: Reader, pins: Pins, subject: Subject, past: int, horizon: int) -> dict[str, Any]:
    """What `GET /market-intelligence/series` answers.

    Raises:
        NotFoundError: the shop never sold such an item.

    """
    stored = Stored(reader, pins)
    item = item_of(stored, subject)
    unit = subject.metric.unit
    currency = item.currency if item and unit == "money" else None
    line = history(stored, subject, item, past) if item else []
    rows = ahead.stored_forecast(stored, subject, horizon) if item else []
    every = ahead.stored_forecast(stored, subject, 400) if rows else []
    tried = scores.of_series(stored, subject) if rows else []
    soon = ahead.next_periods(stored, subject, every)
    last = ahead.last_forecast(stored, subject)
    empty = None if rows else _why(stored, subject, item)
    days = [each.date for each in line] + [row["period"] for row in rows]
    axis = events(stored, subject, min(days), last_day(max(days), subject.grain), rows) if days else []  # fmt: skip
    return {
        "level": subject.level,
        "item": subject.item,
        "name": item.name if item else None,
        "parent": item.parent if item else None,
        "metric": subject.metric.name,
        "title": subject.metric.title,
        "unit": unit,
        "currency": currency,
        "grain": subject.grain,
        "sentence": ahead.sentence(subject, currency, soon, last) if soon else empty[0] if empty else "",
        "next": _next(subject, soon),
        "unconverted_orders": unconverted(stored, subject, item) if item else 0,
        "history": [{"date": each.date, "value": phrases.told(each.value, unit)} for each in line],
        "forecast": ahead.as_points(rows, unit),
        "events": axis,
        "model": _model(every, tried),
        "scores": scores.chosen(tried, every[0]["baseline_model"]) if every else None,
        "last_forecast": last,
        "calendar": ahead.closings(every, subject.grain),
        "closed": ahead.closed_days(every, subject.grain),
        "made_on": every[0]["made_on"] if every else None,
        **emptiness(empty),
        "provenance": stored.provenance(),
    }  # fmt: skip


def _next(subject: Subject, soon: dict[str, Any] | None) -> dict[str, Any] | None:
    if soon is None:
        return None
    unit = subject.metric.unit
    return {
        **soon,
        "value": phrases.told(soon["value"], unit),
        "spread": phrases.told(soon["spread"], unit),
    }


def _model(rows: list[dict[str, Any]], tried: list[dict[str, Any]]) -> dict[str, Any] | None:
    if not rows:
        return None
    name = rows[0]["model"]
    family = next((row["family"] for row in tried if row["model"] == name), "")
    return {
        "name": name,
        "version": rows[0]["model_version"],
        "family": family,
        "about": about(name),
        "reason": rows[0]["reason"],
        "reason_said": said(rows[0]["reason"]),
    }


def _why(stored: Stored, subject: Subject, item: Item | None) -> tuple[str, str]:
    """Why there is no forecast, and what it would take."""
    if gone := stored.missing(["sales_series"]):
        return gone
    if item is None:
        return "Nothing was sold yet.", "Orders: a forecast needs a past."
    if gone := stored.missing(["forecasts"]):
        return gone
    least, grain = LEAST[subject.grain], subject.grain
    length = len(history(stored, subject, item, least))
    if length < least:
        since = item.since
        return (
            f"It was first sold on {since.day} {since:%B %Y}: {phrases.periods(length, grain)} of "
            "history are too few to try a forecast on before it is shown.",
            f"{phrases.periods(least, grain)} of history.",
        )
    return (
        f"No forecast by {grain} is stored for it: nothing was sold of late, or it was new when "
        f"the forecasts were made on {stored.as_of('forecasts') or item.until - timedelta(days=1)}.",
        f"New sales and a run: {RUN}",
    )
