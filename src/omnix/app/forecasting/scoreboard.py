"""What was predicted against what happened, and whether it is getting better or worse."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from omnix.app.forecasting import phrases
from omnix.app.forecasting.sentences import emptiness, told
from omnix.app.forecasting.stored import Stored
from omnix.app.forecasting.subject import NEXT, Subject, one_of

if TYPE_CHECKING:
    from omnix.app.analytics.reader import Pins, Reader

TABLES = ("forecast_scoreboard", "sales_series")
KINDS = ("live", "backtest")
#: Forecasts on each side below which nothing is said of better or worse, and how unlikely chance
#: must be before something is.
_LEAST, _CHANCE = 3, 0.1
_SERIES = "metric = $metric and grain = $grain and level = $level and item = $item"


def scoreboard(
    reader: Reader, pins: Pins, subject: Subject, kind: str, limit: int
) -> dict[str, Any]:
    """What `GET /market-intelligence/scoreboard` answers. `kind`: live, backtest; empty: both."""
    if kind:
        one_of("kind", kind, KINDS)
    stored, unit = Stored(reader, pins), subject.metric.unit
    where = f"{_SERIES} and ($kind = '' or kind = $kind)"
    params = {**subject.params, "kind": kind}
    rows = stored.rows(
        f"select * from forecast_scoreboard where {where} order by period desc, kind desc, made_on desc limit {limit}",
        params,
        TABLES[0],
    )  # fmt: skip
    weeks = _weeks(stored, where, params, subject.grain)
    made = _made(stored, where, params, subject.grain)
    verdict, sentence = _verdict(made, subject.grain)
    empty = stored.missing(TABLES[:1])
    if empty is None and not rows:
        empty = (
            "No forecast of this series was kept to be compared.",
            "The countries, stores, categories and products that sell most are, and the shop; or a run later.",
        )
    currency = stored.rows("select max(currency) as c from sales_series", None, "sales_series")
    return {
        "metric": subject.metric.name,
        "level": subject.level,
        "item": subject.item,
        "grain": subject.grain,
        "unit": unit,
        "currency": currency[0]["c"] if currency and unit == "money" else None,
        "sentence": empty[0] if empty else sentence,
        "sentence_said": told(empty[0] if empty else sentence),
        "verdict": verdict,
        "weeks": [_week(row, unit) for row in weeks],
        "rows": [_row(row, unit) for row in rows],
        **emptiness(empty),
        "provenance": stored.provenance(),
    }


def _weeks(stored: Stored, where: str, params: dict[str, Any], grain: str) -> list[dict[str, Any]]:
    """Per week (per month by month): each period once, by the newest forecast made before it."""
    unit = "month" if grain == "month" else "week"
    return stored.rows(
        f"""
        with newest as (
            select * from forecast_scoreboard where {where} and actual is not null
            qualify row_number() over (partition by period order by made_on desc, kind desc) = 1
        )
        select cast(date_trunc('{unit}', period) as date) as week, count(*) as periods,
            sum(predicted) as predicted, sum(actual) as actual,
            sum(abs(predicted - actual)) / nullif(sum(abs(actual)), 0) as wape,
            sum(abs(baseline - actual)) filter (baseline is not null)
                / nullif(sum(abs(actual)) filter (baseline is not null), 0) as baseline_wape,
            avg(case when actual between lower_80 and upper_80 then 1.0 else 0.0 end)
                filter (lower_80 is not null) as within_80,
            avg(case when actual between lower_95 and upper_95 then 1.0 else 0.0 end)
                filter (lower_95 is not null) as within_95
        from newest group by week order by week
        """,
        params,
        TABLES[0],
    )


def _made(stored: Stored, where: str, params: dict[str, Any], grain: str) -> list[dict[str, Any]]:
    """Each past forecast's error over its first periods, as a share of what was sold; oldest first."""
    return stored.rows(
        f"""
        select made_on, sum(abs(predicted - actual)) / sum(abs(actual)) as wape
        from forecast_scoreboard
        where {where} and actual is not null and ahead <= $count
        group by made_on, kind having count(*) = $count and sum(abs(actual)) > 0
        qualify row_number() over (partition by made_on order by kind desc) = 1
        order by made_on
        """,
        {**params, "count": NEXT[grain]},
        TABLES[0],
    )


def _verdict(made: Sequence[dict[str, Any]], grain: str) -> tuple[str, str]:
    """better, worse, same or unknown; and why, in words."""
    errors = [float(row["wape"]) for row in made][-16:]
    ahead = phrases.periods(NEXT[grain], grain)
    if len(errors) < 2 * _LEAST:
        few = f"{len(errors)} forecast{'' if len(errors) == 1 else 's'} of {ahead} over so far"
        return "unknown", f"{few}; {2 * _LEAST} are needed to say whether they get better."
    half = len(errors) // 2
    before, lately = errors[-2 * half : -half], errors[-half:]
    was, now = sum(before) / half, sum(lately) / half
    told = f"The last {half} forecasts of {ahead} were off by {phrases.percent(now)} on average, the {half} before by {phrases.percent(was)}"  # fmt: skip
    if _chance(before, lately) > _CHANCE:
        return "same", f"{told}: no more of a difference than chance makes."
    verdict = "better" if now < was else "worse"
    return verdict, f"{told}: they are getting {verdict}."


def _chance(before: Sequence[float], lately: Sequence[float]) -> float:
    """How often errors dealt out at random differ as much: the exact permutation test."""
    from itertools import combinations

    every, half = [*before, *lately], len(lately)
    whole = math.fsum(every)
    seen = abs(2 * math.fsum(lately) - whole) - 1e-12
    splits = [abs(2 * math.fsum(each) - whole) for each in combinations(every, half)]
    return sum(each >= seen for each in splits) / len(splits)


def _week(row: dict[str, Any], unit: str) -> dict[str, Any]:
    error = (row["predicted"] - row["actual"]) / row["actual"] if row["actual"] > 0 else None
    shares = ("wape", "baseline_wape", "within_80", "within_95")
    return {
        "week": row["week"],
        "periods": row["periods"],
        "predicted": phrases.told(row["predicted"], unit),
        "actual": phrases.told(row["actual"], unit),
        "error_share": phrases.share(error),
        **{name: phrases.share(row[name]) for name in shares},
    }


def _row(row: dict[str, Any], unit: str) -> dict[str, Any]:
    predicted, actual = row["predicted"], row["actual"]
    low, high = row["lower_80"], row["upper_80"]
    known = actual is not None
    return {
        "made_on": row["made_on"],
        "period": row["period"],
        "ahead": row["ahead"],
        **{
            name: phrases.told(row[name], unit)
            for name in ("predicted", "baseline", "actual", "lower_80", "upper_80", "lower_95", "upper_95")
        },
        "error": phrases.told(predicted - actual, unit) if known else None,
        "error_share": phrases.share((predicted - actual) / actual) if known and actual > 0 else None,
        "within_80": low <= actual <= high if known and low is not None else None,
        "model": row["model"],
        "model_version": row["model_version"],
        "kind": row["kind"],
    }  # fmt: skip
