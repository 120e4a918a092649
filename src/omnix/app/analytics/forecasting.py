"""A metric's next days, weeks or months: as the table `forecasts` has them, else the calibrated
seasonal baseline; which of the two is told, and how good it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, get_args

from omnix.app.analytics.errors import QuestionError
from omnix.app.analytics.provenance import provenance
from omnix.app.analytics.series import (
    Value,
    currency_for,
    following,
    metric_for,
    series,
    shop_of,
    tables_for,
)
from omnix.app.forecasting.for_analytics import stored_forecast
from omnix.metrics.question import Grain, Wanted

if TYPE_CHECKING:
    from datetime import date

    from omnix.app.analytics.reader import Reader
    from omnix.metrics.baseline import Accuracy, Forecast
    from omnix.metrics.metric import Metric

GRAINS = ("day", "week", "month")
MOST_STEPS = 365
#: Periods of the past that are told beside a forecast.
_HISTORY = 400
_MOST_VALUES = 200
_NOT_STORED = "The table forecasts does not hold it; the calibrated seasonal baseline answers."


@dataclass(frozen=True)
class ForecastAsked:
    """What to forecast. `filters`: dimension → value or list of values."""

    system: str
    metric: str
    horizon: int = 30
    granularity: str = "day"
    filters: Mapping[str, Any] = field(default_factory=dict)


def forecast_of(reader: Reader, question: ForecastAsked) -> dict[str, Any]:
    """What `POST /analytics/{system}/forecast` answers; too little data is told, not guessed over.

    Raises:
        QuestionError: no such metric, granularity, dimension; a horizon that is too far.

    """
    metric = metric_for(question.metric)
    if question.granularity not in GRAINS:
        raise QuestionError("granularity", f"granularity is {question.granularity[:40]!r}.", f"Give one of {', '.join(GRAINS)}.")  # fmt: skip
    if not 1 <= question.horizon <= MOST_STEPS:
        raise QuestionError("horizon", f"horizon is {question.horizon}.", f"Give 1 to {MOST_STEPS}.")  # fmt: skip
    where = _filters(metric, question.filters)
    grain: Grain = next(each for each in get_args(Grain) if each == question.granularity)
    if found := stored_forecast(reader, metric.name, grain, question.horizon, where):
        return _from_table(question, metric, found)
    pins = reader.pins(tables_for([metric]))
    shop = shop_of(reader, pins)
    if isinstance(shop, str):
        line: list[Value] = []
        because, currency = shop, None
    else:
        line = series(reader, pins, shop, metric, grain, where=where)
        because, currency = "", currency_for(metric, shop)
    whole = [each for each in line if not each.partial]
    made, reason = (None, because) if because else _forecast(metric, whole, grain, question.horizon)
    return {
        "system": question.system,
        "forecast": {
            "metric": metric.name,
            "title": metric.title,
            "unit": metric.unit,
            "currency": currency,
            "horizon": question.horizon,
            "granularity": grain,
            "source": "baseline",
            "reason": _NOT_STORED,
            **_told(metric, made, _ahead(whole, grain, question.horizon)),
        },
        "historical_data_points": len(whole),
        "history": [{"date": each.day, "value": each.value} for each in whole[-_HISTORY:]],
        "empty_because": reason or None,
        "provenance": provenance(reader.tables, pins),
    }


def _from_table(question: ForecastAsked, metric: Metric, found: dict[str, Any]) -> dict[str, Any]:
    """The stored forecast as the answer has it."""
    own = {
        name: value
        for name, value in found.items()
        if name not in ("history", "points", "provenance")
    }
    return {
        "system": question.system,
        "forecast": {
            "metric": metric.name,
            "title": metric.title,
            "unit": metric.unit,
            "horizon": question.horizon,
            "granularity": question.granularity,
            **own,
        },
        "historical_data_points": found["points"],
        "history": found["history"],
        "empty_because": None,
        "provenance": found["provenance"],
    }  # fmt: skip


def _filters(metric: Metric, filters: Mapping[str, Any]) -> dict[str, Wanted]:
    from omnix.core.errors import nearest

    for name, wanted in filters.items():
        if name not in metric.dimensions:
            raise QuestionError(
                f"filters.{name[:80]}",
                f"{metric.title} cannot be filtered by {name[:80]!r}.",
                f"{nearest(name[:80], metric.dimensions)}It has: {', '.join(metric.dimensions)}.",
            )
        values = wanted if isinstance(wanted, list) else [wanted]
        if len(values) > _MOST_VALUES or not all(v is None or isinstance(v, str) for v in values):
            raise QuestionError(
                f"filters.{name}",
                f"filters.{name} is neither a text nor a list of at most {_MOST_VALUES} texts.",
                'For example {"country": ["DE", "FR"]}.',
            )
    return dict(filters)


def _season(grain: Grain, count: int) -> int:
    """After how many steps a year or week comes round, where the data shows it often enough."""
    if grain == "day":
        return 7
    yearly = 52 if grain == "week" else 12
    return yearly if count >= 3 * yearly else 1


def _forecast(
    metric: Metric, line: list[Value], grain: Grain, horizon: int
) -> tuple[Forecast | None, str]:
    import numpy as np

    from omnix.metrics.baseline import forecast, needed

    season = _season(grain, len(line))
    if len(line) < needed(season):
        return None, (
            f"A forecast by {grain} needs {needed(season)} whole {grain}s; there are {len(line)}."
        )
    there = [each.value for each in line if each.value is not None]
    if not there:
        return None, f"{metric.title}: nothing to count in any of {len(line):,} {grain}s."
    if len(there) < 0.9 * len(line):
        return None, (
            f"{metric.title} has a value on {len(there)} of {len(line)} {grain}s; nine in ten are needed. "
            "Ask by week or month, or with fewer filters."
        )
    if not any(there):
        return None, f"{metric.title} was nought all the time; there is nothing to forecast."
    filled, last = [], there[0]
    for each in line:
        last = last if each.value is None else each.value
        filled.append(last)
    return forecast(np.array(filled, dtype=np.float64), season, horizon, metric.floor), ""


def _ahead(line: list[Value], grain: Grain, horizon: int) -> list[date]:
    if not line:
        return []
    found, at = [], line[-1].day
    for _ in range(horizon):
        at = following(at, grain)
        found.append(at)
    return found


def _told(metric: Metric, made: Forecast | None, days: list[date]) -> dict[str, Any]:
    if made is None:
        return {"forecast": [], "confidence_intervals": [], "model": None, "accuracy_metrics": None, "baseline": None}  # fmt: skip
    return {
        "forecast": [
            {"date": d, "value": _rounded(metric, v)}
            for d, v in zip(days, made.values, strict=True)
        ],
        "confidence_intervals": [
            {"date": d, "level": level, "lower": _rounded(metric, low), "upper": _rounded(metric, high)}
            for level, (lows, highs) in made.intervals.items()
            for d, low, high in zip(days, lows, highs, strict=True)
        ],
        "model": made.model,
        "accuracy_metrics": {
            **_accuracy(made.accuracy),
            **{f"coverage_{round(100 * level)}": round(share, 4) for level, share in made.coverage.items()},
            "folds": made.folds,
            "tested_steps": made.tested_steps,
        },
        "baseline": {"model": "seasonal_naive", **_accuracy(made.baseline)},
    }  # fmt: skip


def _accuracy(found: Accuracy) -> dict[str, Any]:
    mape = None if found.mape is None else round(found.mape, 4)
    return {"rmse": round(found.rmse, 4), "mae": round(found.mae, 4), "mape": mape}


def _rounded(metric: Metric, value: float) -> float | int:
    return round(value) if metric.unit == "money" else round(value, 4)
