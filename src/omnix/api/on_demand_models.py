"""What the routes that compute a forecast take and answer. Money is whole hundredths."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from pydantic import Field, StrictInt

from omnix.api.data_models import Number
from omnix.api.forecast_models import (
    AnyMetric,
    Currency,
    Day,
    Explained,
    GrainName,
    LevelName,
    MetricName,
    ScoresAnswer,
    Share,
    UnitName,
)
from omnix.api.models import Answer, Body

Horizon = Annotated[StrictInt, Field(ge=1, le=365, description="Periods ahead.")]


class _Part(Body):
    """Which part of the shop, and which days of its past."""

    metric: AnyMetric = "net_sales"
    grain: GrainName = "day"
    horizon: Horizon = 30
    product_id: str | None = Field(default=None, max_length=200)
    category_id: str | None = Field(default=None, max_length=200)
    store_id: str | None = Field(default=None, max_length=200)
    country: str | None = Field(
        default=None, max_length=200, description="At most one of the four."
    )
    start_date: Day | None = Field(
        default=None, description="The first day that may be learnt from."
    )
    end_date: Day | None = Field(default=None, description="The last one.")


class ForecastWish(_Part):
    """What to forecast."""

    model: str = Field(
        default="auto", max_length=100, description="auto, or a candidate by its name."
    )


class CompareWish(_Part):
    """Which candidates to hold side by side."""

    models: list[Annotated[str, Field(max_length=100)]] = Field(
        default=[], max_length=20, description="Candidates; none: all that the time pays for."
    )


KindName = Literal["promotion", "price", "closed"]


class ChangeWish(Body):
    """What is to be different. Both days belong to it."""

    kind: KindName
    from_: Day = Field(alias="from")
    to: Day
    value: float | None = Field(
        default=None, description="Of a price: a multiple of the usual one; 0.9 is a tenth cheaper."
    )


class WhatIfWish(Body):
    """A plan for one series."""

    metric: AnyMetric = "net_sales"
    level: LevelName = "shop"
    item: str = Field(default="", max_length=200)
    grain: GrainName = "day"
    horizon: Horizon = 30
    changes: list[ChangeWish] = Field(min_length=1, max_length=50)


class EndsAnswer(Answer):
    """The ends of an interval, period by period."""

    lower: list[Number]
    upper: list[Number]


class TriedAnswer(ScoresAnswer):
    """One candidate on the same folds as the others."""

    model: str
    is_best: bool = Field(description="The least error (MASE) on the past.")
    is_baseline: bool
    chosen: bool = Field(
        description="Whether it forecasts: the best, if it is surely better than the baseline."
    )
    margin: Share
    reason: str


class ForecastMetadata(Answer):
    """What a forecast is about, and what it was made of."""

    metric: MetricName
    unit: UnitName
    currency: Currency
    grain: GrainName
    horizon: int
    data_points: int
    start_date: dt.date | None
    end_date: dt.date | None
    product_id: str | None
    category_id: str | None
    store_id: str | None
    country: str | None
    generated_at: dt.datetime | None
    cached: bool


class MadeForecastAnswer(Explained):
    """A forecast: stored, or computed for this question."""

    forecast: list[Number]
    dates: list[dt.date]
    lower_bound: list[Number]
    upper_bound: list[Number]
    confidence_level: float
    intervals: dict[str, EndsAnswer] = Field(description='By level: "50", "80", "95".')
    baseline: list[Number]
    closed: list[bool]
    model: str | None
    selected_model: str | None
    reason: str
    params: dict[str, Any] | None = Field(
        description="Weights of an ensemble, and the baseline's name."
    )
    evaluation_metrics: ScoresAnswer | None
    model_comparison: list[TriedAnswer]
    stored: bool = Field(description="Whether it stands in the table `forecasts`.")
    metadata: ForecastMetadata


class ComparedAnswer(Explained):
    """Candidates side by side."""

    evaluation_results: dict[str, ScoresAnswer]
    comparison: list[TriedAnswer]
    best_model: str | None
    chosen_model: str | None
    metadata: ForecastMetadata


class PastEffectAnswer(Answer):
    """What past episodes of one kind of change went with, and what that makes of the plan."""

    kind: KindName
    source: Literal["model", "past"] | None = Field(
        description="Whence the effect in the figures comes: the model read such days, or they are "
        "those of the past; null: nothing can be said, and the figures leave it out."
    )
    episodes: int = Field(description="Promotions, changes of the price or closings of the past.")
    days: int = Field(description="Days in them.")
    since: dt.date | None
    until: dt.date | None
    share: Share = Field(description="Sold more, of what the days would have sold without.")
    lower_share: Share = Field(description="80 % of such episodes lie between these.")
    upper_share: Share
    effect: Number = Field(description="The same for the days of the plan, in the metric's unit.")
    lower_effect: Number
    upper_effect: Number
    least_price: Share = Field(description="The price's largest fall, or least rise, so far.")
    greatest_price: Share
    because: Literal["never", "few", "vague", "outside", "no_prices"] | None = Field(
        description="Why nothing can be said: it never was; the days around do not tell what is "
        "ordinary; past ones differ too much; no price was so far off; prices are known of products."
    )
    words: str


class WarnedAnswer(Answer):
    """A warning with what stands in it by name."""

    code: Literal["outside", "already", "unknown", "from_past", "not_cause", "unlike_past"]
    words: str
    values: dict[str, Any]


class WhatIfAnswer(Explained):
    """The forecast without and with the changes. Where nothing can be said of them: null."""

    metric: MetricName
    level: LevelName
    item: str
    grain: GrainName
    unit: UnitName
    currency: Currency
    dates: list[dt.date]
    base: list[Number]
    changed: list[Number]
    lower_80: list[Number]
    upper_80: list[Number]
    total_base: Number
    total_changed: Number
    effect: Number
    effect_share: Share
    lower_effect: Number = Field(
        description="The 80 % interval of the effect, as past episodes went; null: not known."
    )
    upper_effect: Number
    past: list[PastEffectAnswer] = Field(description="By kind of change.")
    model: str | None
    model_version: str | None = Field(description="Null: no stored model has the series.")
    explanation: str
    warnings: list[str]
    warned: list[WarnedAnswer] = Field(description="The same warnings, to be said otherwise.")
