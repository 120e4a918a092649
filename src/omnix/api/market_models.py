"""What the routes on trends and competitors' prices answer.

Money is whole hundredths of the named currency, as everywhere; shares are fractions of 1.
"""

from __future__ import annotations

import datetime as dt
from typing import Literal

from pydantic import Field

from omnix.api.catalog_models import QuarantinedRow
from omnix.api.data_models import Number
from omnix.api.forecast_models import (
    Currency,
    Explained,
    LevelName,
    MetricName,
    Saids,
    Share,
    UnitName,
)
from omnix.api.models import Answer


class TrendAnswer(Answer):
    """Where one series is going. What cannot be told is null, and `reason` says what is needed."""

    trend_date: dt.date = Field(description="The last day that counts.")
    trend_type: Literal["growth", "decline", "stable", "seasonal", "unknown"]
    metric_name: MetricName
    metric_value: Number = Field(description="Sum of the last 28 days.")
    growth_rate: Share = Field(description="Against the 28 days before.")
    level: LevelName
    item: str
    name: str | None
    parent: str | None
    unit: UnitName
    currency: Currency
    since: dt.date
    value_before: Number
    value_year_ago: Number = Field(description="Of the same weekdays 364 days before.")
    growth_year: Share
    cagr: Share = Field(description="Compound growth of a year.")
    momentum: Share = Field(description="Slope of the last weeks, a share of their mean each week.")
    momentum_lower: Share
    momentum_upper: Share
    season_weekly: Share = Field(description="Strength of the weekday, 0 to 1.")
    season_yearly: Share
    adf_p: float | None
    kpss_p: float | None
    p_value: float | None
    q_value: float | None = Field(
        description="Share of false trends among all told down to this one."
    )
    stationary: bool | None
    reason: str
    reason_said: Saids


class ChangeAnswer(Answer):
    """A day on which a series changed its level or its growth."""

    level: LevelName
    item: str
    name: str | None
    parent: str | None
    metric: MetricName
    unit: UnitName
    currency: Currency
    changed_on: dt.date = Field(description="The first day of the new time.")
    kind: Literal["level", "growth"]
    before: Number = Field(
        description="level: the mean of a day right before, with weekdays, season and promotions taken out; growth: that of a year until then, as a share."
    )
    after: Number = Field(description="The same from that day on.")
    change: Share = Field(
        description="From before to after; of growth, of the factor of a year. Null so near nought that no share tells it."
    )
    p_value: float
    q_value: float
    reason: str
    reason_said: Saids


class MarketTrendsAnswer(Explained):
    """Trends and changes of a time; both days belong to it."""

    trends: list[TrendAnswer]
    changes: list[ChangeAnswer]
    count: int = Field(description="Trends; the changes are not among them.")
    start_date: dt.date
    end_date: dt.date


class PricingAnswer(Answer):
    """Our price beside one competitor's. All prices are hundredths of `currency`."""

    product_id: str
    product_name: str | None
    category_id: str | None
    competitor_name: str
    currency: str
    competitor_price: int
    our_price: int | None
    price_difference: int | None = Field(description="Ours − theirs.")
    price_difference_pct: float | None = Field(description="Of their price, in per cent.")
    last_updated: dt.datetime
    is_stale: bool
    competitors: int
    market_mean: int | None
    market_least: int | None
    index: float | None = Field(description="Our price in per cent of the market's mean.")
    rank: int | None
    position: Literal["budget", "value", "market", "premium", "luxury"] | None
    position_30d: str | None
    position_90d: str | None
    cost: int | None
    margin_floor: float | None
    floor_price: int | None
    action: Literal["lower", "raise", "hold"] | None
    suggested_price: int | None
    reason: str
    reason_said: Saids


class PricingSummaryAnswer(Answer):
    """How many products stand where."""

    products: int
    competitors: int
    median_index: float | None
    stale: int
    cheaper: int
    level: int
    dearer: int
    to_lower: int
    to_raise: int


class PriceSeenAnswer(Answer):
    """What a competitor asked on a day."""

    date: dt.date
    competitor_name: str
    currency: str
    competitor_price: int


class CompetitivePricingAnswer(Explained):
    """Our prices beside competitors'."""

    pricing: list[PricingAnswer]
    summary: PricingSummaryAnswer
    history: list[PriceSeenAnswer] = Field(description="Of one product; empty without one.")
    count: int


class FeedAnswer(Answer):
    """What became of a file of competitors' prices."""

    upload_id: str = Field(
        description="The file's: GET /market-intelligence/competitor-prices/{upload_id} and "
        "GET /quarantine/competitor_prices?upload= tell what was set aside of it."
    )
    rows: int
    accepted: int = Field(description="Rows that stand in `competitor_prices` now.")
    quarantined: int = Field(description="Set aside with the rule that they break.")
    repeated: int = Field(
        description="The same product, competitor and moment stood there already."
    )
    known: bool = Field(description="The same file was taken in before; nothing was done now.")
    run_id: str | None = Field(
        description="The run that curated them; null where nothing was done."
    )


class RefusedRow(QuarantinedRow):
    """A row of a file that was set aside."""

    place: int = Field(description="Its place in the file; the first row below the header is 1.")


class UploadAnswer(Answer):
    """What has become of a file's rows by now, and those that were set aside."""

    upload_id: str
    rows: int
    accepted: int
    quarantined: int
    repeated: int
    refused: list[RefusedRow]
    next_cursor: str | None = Field(description="Give it as `cursor` for more of them.")
