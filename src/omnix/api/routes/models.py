"""The trained models: which answers, which waits, and changing that."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path

from omnix.api.registry_models import ModelDetailAnswer, ModelsAnswer
from omnix.api.rules import ServiceHere, rule

router = APIRouter(prefix="/models", tags=["models"])

Name = Annotated[str, Path(max_length=100, examples=["forecast-net_sales"])]


@router.get("", response_model=ModelsAnswer, **rule("tables:read"))
def models(service: ServiceHere) -> Any:
    """Every trained model with its champion and its challenger."""
    return service.forecasting.models.listing()


@router.get("/{name}", response_model=ModelDetailAnswer, **rule("tables:read"))
def model(service: ServiceHere, name: Name) -> Any:
    """One model with all of its versions, the newest first."""
    return service.forecasting.models.one(name)
