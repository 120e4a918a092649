"""Metrics: their definitions, and one value each."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response

from omnix.api.data_models import KpiAnswer, MetricsAnswer
from omnix.api.rules import ServiceHere, rule
from omnix.api.sending import json_bytes
from omnix.metrics.periods import Kind

router = APIRouter(tags=["metrics"])


@router.get("/metrics-catalog", response_model=MetricsAnswer, **rule("tables:read", cached=True))
def metrics_catalog(service: ServiceHere) -> Response:
    """Every metric with its definition and dimensions."""
    return json_bytes(service.analytics.metrics())


@router.get("/kpi", response_model=KpiAnswer, **rule("tables:read", cached=True))
def kpi(
    service: ServiceHere,
    metric: Annotated[str, Query(max_length=100, description="As in /metrics-catalog.")],
    period: Annotated[Kind, Query(description="The last whole one of that kind.")] = "28d",
) -> Response:
    """One metric for its last whole period, against a period it is fairly compared with."""
    return json_bytes(service.analytics.kpi(metric, period))
