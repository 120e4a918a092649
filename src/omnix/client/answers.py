"""What the service answers, as types for editors and checkers. Money is hundredths of its currency.

Dates and moments are ISO 8601 text. The routes' own descriptions are at /api/v1/openapi.json.
"""

from __future__ import annotations

from typing import Any, Literal, TypedDict


class Provenance(TypedDict):
    """The table that an answer was built on."""

    table: str
    layer: str
    system: str
    version: int | None
    as_of: str | None
    built_at: str | None
    run_id: str | None
    model_version: str | None


class DataColumn(TypedDict):
    """A column of an answer."""

    name: str
    type: str


class Page(TypedDict):
    """A page of a table's rows."""

    system: str
    table: str
    rowCount: int
    columns: list[DataColumn]
    data: list[dict[str, Any]]
    next_cursor: str | None
    provenance: list[Provenance]


class Point(TypedDict):
    """A value of one day."""

    date: str
    value: float | None


#: `from` is a word of Python, so these two are written as calls.
Period = TypedDict("Period", {"from": str, "to": str, "label": str})
Comparison = TypedDict(
    "Comparison",
    {"from": str, "to": str, "label": str, "value": float | None, "change": float | None},
)


class Kpi(TypedDict):
    """One metric for its last whole period."""

    metric: str
    title: str
    about: str
    unit: str
    good: str
    currency: str | None
    value: float | None
    period: Period | None
    comparison: Comparison | None
    sparkline: list[Point]
    empty_because: str | None
    provenance: list[Provenance]


class Insights(TypedDict):
    """Insights of one system; `insights` is a list for anomalies, else an object."""

    system: str
    type: str
    period: str
    insights: Any
    empty_because: str | None
    generated_at: str
    provenance: list[Provenance]


class Interval(TypedDict):
    """Where a value lies with a stated probability."""

    date: str
    level: float
    lower: float
    upper: float


class ForecastPart(TypedDict):
    """A forecast with what it is worth."""

    metric: str
    title: str
    unit: str
    currency: str | None
    horizon: int
    granularity: str
    source: Literal["forecasts", "baseline"]
    reason: str
    forecast: list[Point]
    confidence_intervals: list[Interval]
    model: str | None
    accuracy_metrics: dict[str, Any] | None
    baseline: dict[str, Any] | None


class Forecast(TypedDict):
    """A metric's future, and its past beside it."""

    system: str
    forecast: ForecastPart
    historical_data_points: int
    history: list[Point]
    empty_because: str | None
    provenance: list[Provenance]


class Home(TypedDict):
    """A card for each system."""

    generated_at: str
    cards: list[dict[str, Any]]
    provenance: list[Provenance]


class Catalog(TypedDict):
    """Every system and table."""

    systems: list[dict[str, Any]]
    tables: list[dict[str, Any]]


class Customer(TypedDict):
    """One customer's features, a row for each currency."""

    customer_id: str
    data: list[dict[str, Any]]
    provenance: list[Provenance]


class SqlRows(TypedDict):
    """The answer to a query."""

    columns: list[DataColumn]
    rows: list[list[Any]]
    row_count: int
    truncated: bool
    elapsed_ms: float
    provenance: list[Provenance]


class RunStarted(TypedDict):
    """A run that has begun, or waits."""

    run_id: str
    status: str
    events: str
