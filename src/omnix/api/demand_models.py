"""What the routes on the demand for products answer.

Money is whole hundredths of the named currency, as everywhere; shares are fractions of 1.
"""

from __future__ import annotations

import datetime as dt
from typing import Literal

from pydantic import Field

from omnix.api.data_models import Sources
from omnix.api.forecast_models import Explained
from omnix.api.models import Answer


class DemandDayAnswer(Answer):
    """A day of a product's demand. `confidence`: how likely it lies between lower and upper."""

    date: dt.date
    predicted: float
    actual: float | None = Field(description="Null: these days are still to come.")
    confidence: float
    lower: float
    upper: float


class ProductDemand(Answer):
    """One product's demand in pieces; what cannot be known is null, and `reasons` says why."""

    productId: str  # noqa: N815 - the reference's names
    productName: str | None  # noqa: N815
    productSku: str | None  # noqa: N815
    forecastDays: int  # noqa: N815
    data: list[DemandDayAnswer]
    trend: Literal["increasing", "stable", "decreasing"] | None = Field(
        description="The days ahead against as many before; stable within 10 %."
    )
    seasonality: Literal["low", "medium", "high"] | None = Field(
        description="How much of the daily ups and downs the weekdays explain: 10 %, 30 %."
    )
    accuracy: float | None = Field(description="1 − WAPE on the past, nought at least.")
    nextOrderDate: dt.date | None = Field(  # noqa: N815
        description="When the stock falls to the shop's reorder point; null: not in these days."
    )
    recommendedQuantity: int | None = Field(  # noqa: N815
        description="Pieces for the days asked for, even at the upper end of the 80 % interval."
    )
    stock: int | None
    model: str | None
    totalPredicted: float | None  # noqa: N815
    reasons: dict[str, str]


class ProductForecastAnswer(ProductDemand, Explained):
    """One product's demand, and where it comes from."""


class DemandFigures(Answer):
    """Five figures over all products; null where they cannot be known, with the reason."""

    totalForecasts: int  # noqa: N815
    averageAccuracy: float | None  # noqa: N815
    upcomingReorders: int | None  # noqa: N815
    potentialSavings: int | None  # noqa: N815
    criticalItems: int | None  # noqa: N815
    reasons: dict[str, str]


class DemandMetricsAnswer(DemandFigures):
    """The same by itself."""

    provenance: Sources


class PaginationAnswer(Answer):
    """Which page of how many."""

    page: int
    limit: int
    total: int
    pages: int


class ForecastsAnswer(Explained):
    """A page of products with their demand."""

    data: list[ProductDemand]
    pagination: PaginationAnswer
    meta: DemandFigures
