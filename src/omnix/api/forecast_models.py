"""What the routes on forecasts, candidates and the scoreboard answer, and the words that they share with others.

Money is whole hundredths of the named currency, as everywhere; shares are fractions of 1.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from omnix.api.data_models import EmptyBecause, Number, PointAnswer, Sources
from omnix.api.models import Answer
from omnix.app.forecasting.sentences import Code

MetricName = Literal["net_sales", "orders", "units", "customers"]
AnyMetric = Literal[
    "net_sales", "orders", "units", "customers", "sales", "order_count", "quantity_sold"
]
LevelName = Literal["shop", "country", "store", "category", "product"]
GrainName = Literal["day", "week", "month"]
UnitName = Literal["money", "count"]
Needed = Annotated[str | None, Field(description="What it would take, where there is nothing.")]
Currency = Annotated[str | None, Field(description="Of money: ISO 4217; null for counts.")]
Share = Annotated[float | None, Field(description="A fraction: 0.05 is five per cent.")]


def _only_iso(value: object) -> object:
    """Numbers, also as text, would pass for seconds since 1970."""
    if isinstance(value, dt.date) or (isinstance(value, str) and _ISO.fullmatch(value)):
        return value
    raise ValueError("should be a day such as 2026-01-31")


_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")
#: A day as ISO 8601 writes it.
Day = Annotated[dt.date, BeforeValidator(_only_iso)]


class SaidAnswer(Answer):
    """A sentence of ours as a code and what stands in it, to be said in another language."""

    code: Code
    words: str = Field(description="The sentence in English.")
    values: dict[str, Any]


Saids = Annotated[
    list[SaidAnswer],
    Field(
        description="The same, sentence by sentence, to be said in another language; empty where that is not known."
    ),
]


class Explained(Answer):
    """Every answer says where it comes from, and why it is empty where it is."""

    empty_because: EmptyBecause = None
    needed: Needed = None
    empty_said: Saids = Field(default=[])
    needed_said: Saids = Field(default=[])
    provenance: Sources


class LevelAnswer(Answer):
    """A part of the shop: the last 28 days and the next 28."""

    level: LevelName
    item: str = Field(
        description="The country, or the id of the store, category or product; empty: the shop."
    )
    name: str | None
    parent: str | None = Field(description="The category of a product.")
    value_28d: Number
    forecast_28d: Number
    change: Share
    series_class: str | None = Field(description="smooth, erratic, intermittent, lumpy, short, …")
    model: str | None


class LevelsAnswer(Explained):
    """A page of the shop's parts."""

    data: list[LevelAnswer]
    unit: UnitName
    currency: Currency
    next_cursor: str | None


class AheadAnswer(Answer):
    """One period ahead. The value lies within each pair with so many per cent."""

    date: dt.date
    value: Number
    lower_50: Number
    upper_50: Number
    lower_80: Number
    upper_80: Number
    lower_95: Number
    upper_95: Number
    baseline: Number = Field(description="What the plain baseline says.")
    closed: bool = Field(description="Whether the shop has no open day in it.")


class EventAnswer(Answer):
    """What happened on the way, or will."""

    date: dt.date
    until: dt.date | None = Field(description="Its last day, where it has several.")
    kind: Literal["holiday", "promotion", "closed", "change"]
    label: str
    said: Saids = Field(default=[])


class SeriesModelAnswer(Answer):
    """The model that made a forecast."""

    name: str
    version: str | None
    family: str
    about: str
    reason: str = Field(description="Why it was chosen.")
    reason_said: Saids


class ScoresAnswer(Answer):
    """Errors on the past. rmse, mae and bias are in the metric's unit, all others shares or ratios."""

    mase: float | None = None
    rmsse: float | None = None
    wape: float | None = None
    mape: float | None = None
    smape: float | None = None
    rmse: float | None = None
    mae: float | None = None
    bias: float | None = None
    r2: float | None = None


class TestedAnswer(Answer):
    """How good the chosen model was beside the baseline, on folds that took no part in choosing."""

    model: ScoresAnswer
    baseline: ScoresAnswer
    coverage_80: Share
    coverage_95: Share
    folds: int
    tested_from: dt.date | None
    tested_to: dt.date | None


class LastForecastAnswer(Answer):
    """The newest forecast that is over."""

    made_on: dt.date
    periods: int
    predicted: Number
    actual: Number
    error_share: Share = Field(description="(predicted − actual) / actual.")
    kind: Literal["live", "backtest"]


class NextAnswer(Answer):
    """The next few periods together."""

    periods: int
    from_: dt.date = Field(alias="from")
    value: Number
    spread: Number = Field(description="Half the width of an 80 % interval of the sum.")
    how: str = Field(description="What the spread is taken from.")


class ClosedAnswer(Answer):
    """When the shop is closed in the days ahead."""

    weekdays: list[int] = Field(description="Always closed; 0 is Monday.")
    days: list[dt.date] = Field(description="Other closed days.")


class SeriesAnswer(Explained):
    """One series: past, forecast, events, and how far to trust it."""

    level: LevelName
    item: str
    name: str | None
    parent: str | None
    metric: MetricName
    title: str
    unit: UnitName
    currency: Currency
    grain: GrainName
    sentence: str
    next: NextAnswer | None
    unconverted_orders: int = Field(
        description="Orders of the last 365 days before the cut that net sales leave out, as no exchange rate converts their money to `currency`; 0 for counts, which have them."
    )
    history: list[PointAnswer]
    forecast: list[AheadAnswer]
    events: list[EventAnswer]
    model: SeriesModelAnswer | None
    scores: TestedAnswer | None
    last_forecast: LastForecastAnswer | None
    calendar: list[str] = Field(description="When the shop is closed, in words.")
    closed: ClosedAnswer = Field(description="The same as days.")
    made_on: dt.date | None


class CandidateAnswer(ScoresAnswer):
    """One candidate's scores."""

    model: str
    family: str
    coverage_80: Share
    coverage_95: Share
    is_baseline: bool
    chosen: bool
    margin: Share = Field(description="By what share its error is lower than the baseline's.")
    p_value: float | None
    reason: str
    reason_said: Saids


class ClassAnswer(Answer):
    """What was chosen for the series of one level and class, with mean errors."""

    level: LevelName
    series_class: str
    series: int
    model: str = Field(description="The one chosen most often.")
    mase: float | None
    baseline_mase: float | None
    margin: Share


class ModelComparisonAnswer(Explained):
    """Every candidate on the same folds; of a level without an item: means over its series."""

    metric: MetricName
    unit: UnitName
    grain: GrainName
    level: LevelName
    item: str
    rows: list[CandidateAnswer]
    by_class: list[ClassAnswer]
    folds: int
    horizon: int
    tested_from: dt.date | None
    tested_to: dt.date | None


class ScoreWeekAnswer(Answer):
    """A week (a month by month): each period by the newest forecast made before it."""

    week: dt.date
    periods: int
    predicted: Number
    actual: Number
    error_share: Share
    wape: Share = Field(
        description="Sum of the errors of its periods against the sum of what happened."
    )
    baseline_wape: Share
    within_80: Share
    within_95: Share


class ScoreRowAnswer(Answer):
    """One forecast of one period."""

    made_on: dt.date
    period: dt.date
    ahead: int
    predicted: Number
    baseline: Number
    actual: Number = Field(description="Null until the period is over.")
    error: Number
    error_share: Share
    lower_80: Number
    upper_80: Number
    lower_95: Number
    upper_95: Number
    within_80: bool | None
    model: str
    model_version: str | None
    kind: Literal["live", "backtest"]


class ScoreboardAnswer(Explained):
    """Predicted against happened."""

    metric: MetricName
    level: LevelName
    item: str
    grain: GrainName
    unit: UnitName
    currency: Currency
    sentence: str
    sentence_said: Saids
    verdict: Literal["better", "worse", "same", "unknown"]
    weeks: list[ScoreWeekAnswer]
    rows: list[ScoreRowAnswer]
