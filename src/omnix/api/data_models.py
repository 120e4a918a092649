"""What the data routes take and answer. Money is always whole hundredths of the named currency."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from pydantic import Field

from omnix.api.models import Answer, Body, Provenance

Scalar = str | int | float | bool | None
Number = int | float | None
Unit = Literal["money", "count", "ratio"]
Money = Annotated[int | None, Field(description="Hundredths of the currency.")]
EmptyBecause = Annotated[
    str | None, Field(description="Why there is nothing, where there is nothing.")
]
Sources = Annotated[list[Provenance], Field(description="The tables that this was built on.")]


class DataColumn(Answer):
    """A column of an answer."""

    name: str
    type: str = Field(description="string, int32, int64, float64, bool, timestamp or date.")


class RowsAnswer(Answer):
    """A page of a table's rows."""

    system: str
    table: str
    rowCount: int = Field(description="Rows on this page.")  # noqa: N815 - the reference's name
    columns: list[DataColumn]
    data: list[dict[str, Any]] = Field(description="Each row: column → value.")
    next_cursor: str | None = Field(description="Give it as `cursor` for the next page.")
    provenance: Sources


class PeriodAnswer(Answer):
    """Days with a name; both ends belong to it."""

    from_: dt.date = Field(alias="from")
    to: dt.date
    label: str = Field(description='For people: "28 days to 30 June 2026".')


class ComparisonAnswer(PeriodAnswer):
    """The period that a value is held against."""

    value: Number = Field(description="The value then; null where the data does not reach back.")
    change: float | None = Field(
        description="By what share it changed: 0.05 is five per cent more."
    )


class PointAnswer(Answer):
    """A value of one day."""

    date: dt.date
    value: Number


class KpiAnswer(Answer):
    """One metric for its last whole period."""

    metric: str
    title: str
    about: str
    unit: Unit
    good: Literal["up", "down"] = Field(description="The direction that is wanted.")
    currency: str | None = Field(description="Of money: the shop's main one.")
    value: Number = Field(description="Hundredths for money, a fraction for ratios.")
    period: PeriodAnswer | None
    comparison: ComparisonAnswer | None
    sparkline: list[PointAnswer] = Field(description="Day by day, of late.")
    empty_because: EmptyBecause
    provenance: Sources


class DimensionAnswer(Answer):
    """What a metric can be split and filtered by."""

    name: str
    about: str


class MetricAnswer(Answer):
    """The definition of a metric."""

    name: str
    title: str
    about: str
    unit: Unit
    good: Literal["up", "down"]
    additive: bool = Field(description="Whether the values of parts add up to the whole's.")
    expression: str
    table: str
    tables: list[str]
    systems: list[str]
    dimensions: list[DimensionAnswer]


class MetricsAnswer(Answer):
    """Every metric there is."""

    metrics: list[MetricAnswer]


class CurrencyTotals(Answer):
    """The summary's numbers in one currency."""

    currency: str
    unique_customers: int | None = None
    total_orders: int | None = None
    total_revenue: Money = None
    avg_order_value: Money = None


class ComparedTotals(PeriodAnswer):
    """The same numbers in the period before."""

    unique_customers: int | None
    total_orders: int | None
    total_revenue: Money
    avg_order_value: Money
    change: dict[str, float | None] = Field(description="By what share each changed.")


class SummaryAnswer(Answer):
    """The last whole period. Customers and orders of all currencies; money in the main one."""

    unique_customers: int | None = None
    total_orders: int | None = None
    total_revenue: Money = None
    avg_order_value: Money = None
    currency: str | None = None
    dates: PeriodAnswer | None = None
    comparison: ComparedTotals | None = None
    by_currency: list[CurrencyTotals] = Field(default=[])


class TrendPoint(Answer):
    """One period of a trend."""

    date: dt.date = Field(description="Its first day; weeks begin on Monday.")
    orders: int | None
    revenue: Money
    partial: bool = Field(description="Whether a part of it lies outside of the data.")


class TrendsAnswer(Answer):
    """Orders and net sales over time."""

    trend_data: list[TrendPoint]
    currency: str | None = None


class AnomalyAnswer(Answer):
    """An unusual day of a metric."""

    date: dt.date
    metric: str
    title: str
    unit: Unit
    currency: str | None
    value: float
    expected: float
    lower: float = Field(description="The usual lies between lower and upper.")
    upper: float
    score: float = Field(description="How many spreads it lies from the expected.")
    reason: str = Field(description="In words, with what changed most.")


class InsightsAnswer(Answer):
    """Insights of one system."""

    system: str
    type: Literal["summary", "trends", "anomalies"]
    period: Literal["day", "week", "month", "year"]
    insights: list[AnomalyAnswer] | TrendsAnswer | SummaryAnswer
    empty_because: EmptyBecause
    generated_at: dt.datetime
    provenance: Sources


class Forecasting(Body):
    """What to forecast."""

    metric: str = Field(max_length=100, description="A metric's name, as in /metrics-catalog.")
    horizon: int = Field(default=30, ge=1, le=365, description="Steps ahead.")
    granularity: Literal["day", "week", "month"] = "day"
    filters: dict[str, str | list[str | None] | None] = Field(
        default={}, description='Dimension → value or values: {"country": ["DE", "FR"]}.'
    )


class IntervalAnswer(Answer):
    """Where a value lies with a stated probability."""

    date: dt.date
    level: float
    lower: float
    upper: float


class AccuracyAnswer(Answer):
    """How far off forecasts of the past were."""

    rmse: float
    mae: float
    mape: float | None = Field(description="As a fraction; days with nought are left out.")


class MeasuredAnswer(AccuracyAnswer):
    """The same with the share of past values inside the intervals."""

    coverage_80: float | None = Field(description="Null: there was nothing apart to measure it on.")
    coverage_95: float | None
    folds: int = Field(description="Past moments that were forecast from.")
    tested_steps: int = Field(description="Steps ahead that could be tested.")


class BaselineAnswer(AccuracyAnswer):
    """The plain seasonal repetition in the same test."""

    model: str


class ForecastPart(Answer):
    """A forecast with what it is worth."""

    metric: str
    title: str
    unit: Unit
    currency: str | None
    horizon: int
    granularity: str
    source: Literal["forecasts", "baseline"] = Field(
        description="Whether it stands in the table of that name, or is the seasonal baseline."
    )
    reason: str = Field(description="Why that model.")
    forecast: list[PointAnswer]
    confidence_intervals: list[IntervalAnswer]
    model: str | None = Field(description="Which model made it; null where there is none.")
    accuracy_metrics: MeasuredAnswer | None
    baseline: BaselineAnswer | None


class ForecastAnswer(Answer):
    """A metric's future, and its past beside it."""

    system: str
    forecast: ForecastPart
    historical_data_points: int
    history: list[PointAnswer]
    empty_because: EmptyBecause
    provenance: Sources
