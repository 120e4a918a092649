"""What the stored forecast of one series says, how sure its sums are, and how the one before did."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from omnix.app.forecasting import phrases
from omnix.app.forecasting.subject import NEXT, Subject

if TYPE_CHECKING:
    from omnix.app.forecasting.stored import Stored

_SERIES = "metric = $metric and grain = $grain and level = $level and item = $item"
_BANDS = ("lower_50", "upper_50", "lower_80", "upper_80", "lower_95", "upper_95")
#: Past sums from which the spread of a sum is taken: below, an 80 % interval cannot be had of them.
_LEAST_SUMS = 4


def stored_forecast(stored: Stored, subject: Subject, horizon: int) -> list[dict[str, Any]]:
    """The first `horizon` periods ahead, in order."""
    return stored.rows(
        f"select * from forecasts where {_SERIES} and ahead <= $horizon order by ahead",
        {**subject.params, "horizon": horizon},
        "forecasts",
    )


def as_points(rows: Sequence[dict[str, Any]], unit: str) -> list[dict[str, Any]]:
    """The rows as answers give them."""
    return [
        {
            "date": row["period"],
            "value": phrases.told(row["value"], unit),
            **{name: phrases.told(row[name], unit) for name in _BANDS},
            "baseline": phrases.told(row["baseline"], unit),
            "closed": row["closed"],
        }
        for row in rows
    ]


def next_periods(
    stored: Stored, subject: Subject, rows: Sequence[dict[str, Any]]
) -> dict[str, Any] | None:
    """The sum of the next few periods with the spread that 80 % of such sums keep to."""
    wanted = rows[: NEXT[subject.grain]]
    if not wanted:
        return None
    count = len(wanted)
    spread, how = _spread(stored, subject, str(wanted[0]["model"]), count, wanted)
    return {
        "periods": count,
        "from": wanted[0]["period"],
        "value": math.fsum(row["value"] for row in wanted),
        "spread": spread,
        "how": how,
    }


def _spread(
    stored: Stored, subject: Subject, model: str, count: int, rows: Sequence[dict[str, Any]]
) -> tuple[float, str]:
    """Half the width of an 80 % interval of the sum, and in words what it is taken from."""
    errors = _past_errors(stored, subject, count) or _tried_errors(stored, subject, model, count)
    if len(errors) >= _LEAST_SUMS:
        place = min(len(errors), math.ceil(0.8 * (len(errors) + 1)))
        said = f"4 of 5 of {len(errors)} forecasts of the past were that close"
        return errors[place - 1], said
    widths = math.fsum((row["upper_80"] - row["lower_80"]) / 2 for row in rows)
    return widths, f"the 80 % intervals of its {phrases.periods(count, subject.grain)}, added up"


def _past_errors(stored: Stored, subject: Subject, count: int) -> list[float]:
    """How far off sums of the first periods were, of every forecast of the scoreboard, in order."""
    rows = stored.rows(
        f"""
        select abs(sum(predicted) - sum(actual)) as error from forecast_scoreboard
        where {_SERIES} and actual is not null and ahead <= $count
        group by kind, made_on having count(*) = $count order by error
        """,
        {**subject.params, "count": count},
        "forecast_scoreboard",
    )
    return [float(row["error"]) for row in rows]


def _tried_errors(stored: Stored, subject: Subject, model: str, count: int) -> list[float]:
    """The same of the model alone, for series that the scoreboard leaves out."""
    rows = stored.rows(
        f"""
        select abs(sum(predicted) - sum(actual)) as error from forecast_backtests
        where {_SERIES} and model = $model and ahead <= $count
        group by cut having count(*) = $count order by error
        """,
        {**subject.params, "model": model, "count": count},
        "forecast_backtests",
    )
    return [float(row["error"]) for row in rows]


def last_forecast(stored: Stored, subject: Subject) -> dict[str, Any] | None:
    """The newest forecast that is over: what it said of its first periods, and what came."""
    found = stored.rows(
        f"""
        select made_on, any_value(kind) as kind, count(*) as periods,
            sum(predicted) as predicted, sum(actual) as actual
        from forecast_scoreboard
        where {_SERIES} and actual is not null and ahead <= $count
        group by kind, made_on having count(*) = $count
        order by kind desc, made_on desc limit 1
        """,
        {**subject.params, "count": NEXT[subject.grain]},
        "forecast_scoreboard",
    )
    if not found:
        return None
    row, unit = found[0], subject.metric.unit
    error = (row["predicted"] - row["actual"]) / row["actual"] if row["actual"] > 0 else None
    return {
        "made_on": row["made_on"],
        "periods": row["periods"],
        "predicted": phrases.told(row["predicted"], unit),
        "actual": phrases.told(row["actual"], unit),
        "error_share": phrases.share(error),
        "kind": row["kind"],
    }


def sentence(
    subject: Subject, currency: str | None, ahead: dict[str, Any] | None, last: dict[str, Any] | None
) -> str:  # fmt: skip
    """ "Next 7 days: GBP 41,200 ± 3,100; the last forecast was 4 % high." """
    if ahead is None:
        return ""
    noun = "" if subject.metric.unit == "money" else f" {subject.metric.title.lower()}"
    told = phrases.around(ahead["value"], ahead["spread"], currency, noun)
    first = f"Next {phrases.periods(ahead['periods'], subject.grain)}: {told}"
    if last is None:
        return f"{first}; no forecast is over yet."
    if last["error_share"] is None:
        return f"{first}; in the periods of the last forecast nothing was sold."
    tried = "the last forecast" if last["kind"] == "live" else "the last one tried on the past"
    return f"{first}; {tried} was {phrases.off(last['error_share'])}."


def closings(rows: Sequence[dict[str, Any]], grain: str) -> list[str]:
    """When the shop is closed, in words, as the forecast days know it."""
    found = closed_days(rows, grain)
    return phrases.closed_words(found["weekdays"], found["days"])


def closed_days(rows: Sequence[dict[str, Any]], grain: str) -> dict[str, Any]:
    """The same as `weekdays` (0 is Monday) that are always closed, and other `days`."""
    known = rows if grain == "day" else []
    days: list[date] = [row["period"] for row in known]
    weekdays, single = phrases.closed_of(days, [row["period"] for row in known if row["closed"]])
    return {"weekdays": weekdays, "days": single}
