"""The stored forecast in the form of `POST /analytics/{system}/forecast`, where the tables have it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from omnix.app.forecasting import ahead, phrases, scores
from omnix.app.forecasting.history import history, item_of
from omnix.app.forecasting.stored import Stored, pinned
from omnix.app.forecasting.subject import METRICS, Subject
from omnix.core.errors import OmnixError

if TYPE_CHECKING:
    from omnix.app.analytics.reader import Reader
    from omnix.metrics.question import Wanted

TABLES = ("forecasts", "sales_series", "forecast_model_comparison")
#: Dimensions of metrics whose single values are items of a level.
_LEVELS = {"country": "country", "category_id": "category"}
_HISTORY = 400
_TOLD = (80, 95)


def stored_forecast(
    reader: Reader, metric: str, grain: str, horizon: int, where: Mapping[str, Wanted]
) -> dict[str, Any] | None:
    """The parts of the answer that differ from a baseline's; None where no table holds it."""
    subject = subject_of(metric, grain, where)
    if subject is None:
        return None
    stored = Stored(reader, pinned(reader, TABLES))
    rows = ahead.stored_forecast(stored, subject, horizon)
    try:
        item = item_of(stored, subject) if len(rows) == horizon else None
    except OmnixError:
        return None
    if item is None:
        return None
    unit = subject.metric.unit
    line = history(stored, subject, item, 4_000)
    return {
        "currency": item.currency if unit == "money" else None,
        "forecast": [{"date": r["period"], "value": phrases.told(r["value"], unit)} for r in rows],
        "confidence_intervals": _intervals(rows, unit),
        "source": "forecasts",
        "reason": rows[0]["reason"],
        **_accuracy(stored, subject, rows[0]),
        "history": [{"date": each.date, "value": phrases.told(each.value, unit)} for each in line[-_HISTORY:]],
        "points": len(line),
        "provenance": stored.provenance(),
    }  # fmt: skip


def subject_of(metric: str, grain: str, where: Mapping[str, Wanted]) -> Subject | None:
    """The series that filters describe; None where they are not one item of a level."""
    if metric not in METRICS or len(where) > 1:
        return None
    if not where:
        return Subject(METRICS[metric], "shop", "", grain)
    ((dimension, wanted),) = where.items()
    values = wanted if isinstance(wanted, list) else [wanted]
    if dimension not in _LEVELS or len(values) != 1 or not isinstance(values[0], str):
        return None
    level = _LEVELS[dimension]
    known = level in METRICS[metric].levels and values[0] != ""
    return Subject(METRICS[metric], level, values[0], grain) if known else None


def _intervals(rows: list[dict[str, Any]], unit: str) -> list[dict[str, Any]]:
    return [
        {
            "date": row["period"],
            "level": level / 100,
            "lower": phrases.told(row[f"lower_{level}"], unit),
            "upper": phrases.told(row[f"upper_{level}"], unit),
        }
        for level in _TOLD
        for row in rows
    ]


def _accuracy(stored: Stored, subject: Subject, row: dict[str, Any]) -> dict[str, Any]:
    """The model with its scores and the baseline's, on the same cuts of the past."""
    tried = {each["model"]: each for each in scores.of_series(stored, subject)}
    own, base = tried.get(row["model"]), tried.get(row["baseline_model"])
    measured = _errors(own)
    if own and measured:
        measured |= {
            f"coverage_{level}": phrases.share(own[f"coverage_{level}"]) for level in _TOLD
        }
        measured |= {"folds": own["folds"], "tested_steps": own["horizon"]}
    plain = _errors(base)
    return {
        "model": row["model"],
        "accuracy_metrics": measured,
        "baseline": {"model": row["baseline_model"], **plain} if plain else None,
    }


def _errors(row: dict[str, Any] | None) -> dict[str, Any] | None:
    if row is None or row["rmse"] is None or row["mae"] is None:
        return None
    return {name: phrases.share(row[name]) for name in ("rmse", "mae", "mape")}
