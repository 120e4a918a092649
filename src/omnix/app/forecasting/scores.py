"""How good each candidate was on the past: of one series, and of each level and class of series."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from omnix.app.forecasting import phrases
from omnix.app.forecasting.subject import GRAINS, LEVELS, Subject, metric_of, one_of

if TYPE_CHECKING:
    from omnix.app.analytics.reader import Pins, Reader

from omnix.app.forecasting.sentences import emptiness, told
from omnix.app.forecasting.stored import Stored

TABLES = ("forecast_model_comparison",)
SCORES = ("mase", "rmsse", "wape", "mape", "smape", "rmse", "mae", "bias", "r2")
_SERIES = "metric = $metric and grain = $grain and level = $level and item = $item"


def of_series(stored: Stored, subject: Subject) -> list[dict[str, Any]]:
    """Every candidate's scores on one series, the best first."""
    return stored.rows(
        f"select * from forecast_model_comparison where {_SERIES} order by {_BEST}",
        subject.params,
        *TABLES,
    )


#: The mean MASE of the baseline that each series is held against: one of the two, and not always the
#: better one. The mean of the series' own margins would rest on the few with the smallest errors.
BASELINE_MASE = "avg(mase / (1 - margin)) filter (margin < 1)"
_BEST = "chosen desc, mase nulls last, model"


def chosen(rows: Sequence[dict[str, Any]], baseline: str) -> dict[str, Any] | None:
    """The scores of what was chosen beside those of the baseline; None where nothing was tried."""
    best = next((row for row in rows if row["chosen"]), None)
    base = next((row for row in rows if row["model"] == baseline), None)
    if best is None:
        return None
    return {
        "model": scores(best),
        "baseline": scores(base or {}),
        "coverage_80": phrases.share(best["coverage_80"]),
        "coverage_95": phrases.share(best["coverage_95"]),
        "folds": best["folds"],
        "tested_from": best["tested_from"],
        "tested_to": best["tested_to"],
    }


def scores(row: dict[str, Any]) -> dict[str, float | None]:
    """The scores in a row; those in the metric's own unit are hundredths for money."""
    return {name: phrases.share(row.get(name)) for name in SCORES}


def comparison(
    reader: Reader, pins: Pins, metric: str, grain: str, level: str, item: str
) -> dict[str, Any]:
    """Every candidate on the same folds: of one series, or of a whole level on average."""
    stored, found = Stored(reader, pins), metric_of(metric)
    one_of("grain", grain, GRAINS)
    if level:
        one_of("level", level, LEVELS)
    whole = bool(level) and level != "shop" and not item
    if whole:
        rows = _of_level(stored, found.name, grain, level)
    else:
        rows = of_series(stored, Subject.of(metric, level or "shop", item, grain))
    classes = _classes(stored, found.name, grain, level)
    empty = stored.missing(TABLES)
    if empty is None and not rows:
        empty = (
            "No candidate was tried on this series: it has too little history.",
            "More of its history.",
        )
    return {
        "metric": found.name,
        "unit": found.unit,
        "grain": grain,
        "level": level or "shop",
        "item": item,
        "rows": [_row(row) for row in rows],
        "by_class": [_class(row) for row in classes],
        "folds": max((row["folds"] for row in rows), default=0),
        "horizon": max((row["horizon"] for row in rows), default=0),
        "tested_from": min((row["tested_from"] for row in rows if row["tested_from"]), default=None),
        "tested_to": max((row["tested_to"] for row in rows if row["tested_to"]), default=None),
        **emptiness(empty),
        "provenance": stored.provenance(),
    }  # fmt: skip


def _of_level(stored: Stored, metric: str, grain: str, level: str) -> list[dict[str, Any]]:
    means = ", ".join(f"avg({name}) as {name}" for name in (*SCORES, "coverage_80", "coverage_95"))
    return stored.rows(
        f"""
        with told as (
            select model, any_value(family) as family, bool_or(is_baseline) as is_baseline,
                count(*) filter (chosen) as winners, count(*) as series, {means},
                1 - avg(mase) filter (margin < 1) / nullif({BASELINE_MASE}, 0) as margin,
                null::double as p_value, max(folds) as folds, max(horizon) as horizon,
                min(tested_from) as tested_from, max(tested_to) as tested_to
            from forecast_model_comparison
            where metric = $metric and grain = $grain and level = $level
            group by model
        )
        select *, winners > 0 and winners = max(winners) over () as chosen,
            'Chosen for ' || winners || ' of ' || series || ' series.' as reason
        from told order by {_BEST}
        """,
        {"metric": metric, "grain": grain, "level": level},
        *TABLES,
    )  # fmt: skip


def _classes(stored: Stored, metric: str, grain: str, level: str) -> list[dict[str, Any]]:
    return stored.rows(
        f"""
        select level, series_class, count(*) as series, mode(model order by model) as model,
            avg(mase) as mase, {BASELINE_MASE} as baseline_mase
        from forecast_model_comparison
        where metric = $metric and grain = $grain and chosen and ($level = '' or level = $level)
        group by level, series_class
        order by list_position({list(LEVELS)}, level), series desc, series_class
        """,
        {"metric": metric, "grain": grain, "level": level},
        *TABLES,
    )


def _row(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "model": row["model"], "family": row["family"], **scores(row),
        "coverage_80": phrases.share(row["coverage_80"]),
        "coverage_95": phrases.share(row["coverage_95"]),
        "is_baseline": row["is_baseline"], "chosen": row["chosen"],
        "margin": phrases.share(row["margin"]), "p_value": phrases.share(row["p_value"], 6),
        "reason": row["reason"], "reason_said": told(row["reason"]),
    }  # fmt: skip


def _class(row: dict[str, Any]) -> dict[str, Any]:
    own, base = row["mase"], row["baseline_mase"]
    margin = (base - own) / base if own is not None and base else None
    return {**row, "mase": phrases.share(own), "baseline_mase": phrases.share(base), "margin": phrases.share(margin)}  # fmt: skip
