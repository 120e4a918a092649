"""Demand of each product: forecast, trend, season, and when to order more."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query, Response

from omnix.api.demand_models import DemandMetricsAnswer, ForecastsAnswer, ProductForecastAnswer
from omnix.api.rules import ServiceHere, rule
from omnix.api.sending import json_bytes
from omnix.app.forecasting.service import ProductsAsked

router = APIRouter(prefix="/forecasts", tags=["forecasts"])

Days = Annotated[int, Query(ge=1, le=365, description="Days ahead; at most those that are stored.")]
_READ = rule("tables:read", cached=True)


@router.get("", response_model=ForecastsAnswer, **_READ)
def forecasts(
    service: ServiceHere,
    page: Annotated[int, Query(ge=1, le=1_000_000)] = 1,
    limit: Annotated[int, Query(ge=1, le=200)] = 5,
    days: Days = 30,
    trend: Annotated[
        Literal["increasing", "stable", "decreasing"] | None, Query(description="Only these.")
    ] = None,
) -> Response:
    """A page of products with their demand, those that will sell most first."""
    asked = ProductsAsked(page, limit, days, trend or "")
    return json_bytes(service.forecasting.products(asked))


@router.get("/metrics", response_model=DemandMetricsAnswer, **_READ)
def metrics(service: ServiceHere, days: Days = 30) -> Response:
    """How many forecasts there are, how good they were, and what must be ordered soon."""
    return json_bytes(service.forecasting.product_metrics(days))


@router.get("/{product_id}", response_model=ProductForecastAnswer, **_READ)
def forecast_of_product(
    service: ServiceHere,
    product_id: Annotated[str, Path(max_length=200, description="The shop's own id.")],
    days: Days = 30,
) -> Response:
    """One product's demand, day by day."""
    return json_bytes(service.forecasting.product(product_id, days))
