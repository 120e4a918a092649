"""The first page."""

from __future__ import annotations

from fastapi import APIRouter, Response

from omnix.api.catalog_models import HomeAnswer
from omnix.api.rules import ServiceHere, rule
from omnix.api.sending import json_bytes

router = APIRouter(tags=["home"])


@router.get("/home", response_model=HomeAnswer, **rule("tables:read", cached=True))
def home(service: ServiceHere) -> Response:
    """A card for each system: its number, what it is compared with, freshness, health."""
    return json_bytes(service.analytics.home())
