"""What needs no computing: a forecast as it stands in the tables, in the form of one made on demand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from omnix.app.forecasting import ahead, phrases, scores
from omnix.app.forecasting.history import Item, history, item_of
from omnix.app.forecasting.stored import Stored

if TYPE_CHECKING:
    from omnix.app.analytics.reader import Pins, Reader
    from omnix.app.forecasting.questions import ForecastWanted
    from omnix.app.forecasting.subject import Subject

TABLES = ("sales_series", "forecasts", "forecast_model_comparison")
LEVELS = (50, 80, 95)
_EVERY = 4_000


def known(reader: Reader, pins: Pins, subject: Subject) -> Item | None:
    """The part of the shop that is asked about; None where nothing was sold yet, or is not built.

    Raises:
        NotFoundError: the shop never sold such an item.

    """
    return item_of(Stored(reader, pins), subject)


def forecast(reader: Reader, pins: Pins, wanted: ForecastWanted) -> dict[str, Any] | None:
    """The stored forecast; None where it does not reach as far as is asked."""
    stored, subject = Stored(reader, pins), wanted.subject
    rows = ahead.stored_forecast(stored, subject, wanted.horizon)
    item = item_of(stored, subject)
    if item is None or len(rows) < wanted.horizon:
        return None
    unit = subject.metric.unit
    tried = scores.of_series(stored, subject)
    chosen = next((row for row in tried if row["chosen"]), None)
    line = history(stored, subject, item, _EVERY)
    intervals = {
        str(level): {
            end: [phrases.told(row[f"{end}_{level}"], unit) for row in rows]
            for end in ("lower", "upper")
        }
        for level in LEVELS
    }
    return {
        "forecast": [phrases.told(row["value"], unit) for row in rows],
        "dates": [row["period"] for row in rows],
        "lower_bound": intervals["95"]["lower"],
        "upper_bound": intervals["95"]["upper"],
        "confidence_level": 0.95,
        "intervals": intervals,
        "baseline": [phrases.told(row["baseline"], unit) for row in rows],
        "closed": [row["closed"] for row in rows],
        "model": rows[0]["model"],
        "selected_model": rows[0]["model"],
        "reason": rows[0]["reason"],
        "params": None,
        "evaluation_metrics": scores.scores(chosen) if chosen else None,
        "model_comparison": listed(tried),
        "stored": True,
        "metadata": {
            **metadata(subject, wanted.horizon, item),
            "data_points": len(line),
            "start_date": line[0].date if line else None,
            "end_date": line[-1].date if line else None,
            "generated_at": (pin.at if (pin := stored.pins["forecasts"]) else None),
            "cached": False,
        },
        "empty_because": None,
        "needed": None,
        "provenance": stored.provenance(),
    }


def values(reader: Reader, pins: Pins, subject: Subject, horizon: int) -> dict[str, float]:
    """By period, what the tables forecast of a series; empty where they do not."""
    rows = ahead.stored_forecast(Stored(reader, pins), subject, horizon)
    return {str(row["period"]): float(row["value"]) for row in rows}


def listed(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Candidates as a comparison on demand tells them: the least error first, that one is the best."""
    ranked = sorted(rows, key=lambda row: (row["mase"] is None, row["mase"] or 0.0, row["model"]))
    return [
        {
            "model": row["model"], **scores.scores(row), "is_best": place == 0,
            "is_baseline": row["is_baseline"], "chosen": row["chosen"],
            "margin": phrases.share(row["margin"]), "reason": row["reason"],
        }
        for place, row in enumerate(ranked)
    ]  # fmt: skip


def metadata(subject: Subject, horizon: int, item: Item | None) -> dict[str, Any]:
    """What an answer is about; the days and counts of one without data are not known."""
    money = subject.metric.unit == "money"
    return {
        "metric": subject.metric.name,
        "unit": subject.metric.unit,
        "currency": item.currency if item and money else None,
        "grain": subject.grain,
        "horizon": horizon,
        "data_points": 0,
        "start_date": None,
        "end_date": None,
        "product_id": subject.item if subject.level == "product" else None,
        "store_id": subject.item if subject.level == "store" else None,
        "category_id": subject.item if subject.level == "category" else None,
        "country": subject.item if subject.level == "country" else None,
        "generated_at": None,
        "cached": False,
    }
