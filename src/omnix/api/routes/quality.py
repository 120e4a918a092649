"""How good the data is, and whether the books balance."""

from __future__ import annotations

from fastapi import APIRouter, Response

from omnix.api.catalog_models import BooksAnswer, QualityAnswer
from omnix.api.rules import ServiceHere, rule
from omnix.api.sending import json_bytes

router = APIRouter(tags=["quality"])


@router.get("/quality", response_model=QualityAnswer, **rule("tables:read", cached=True))
def quality(service: ServiceHere) -> Response:
    """Each curated table's score, and the rules that rows broke."""
    return json_bytes(service.analytics.quality())


@router.get("/books", response_model=BooksAnswer, **rule("tables:read", cached=True))
def books(service: ServiceHere) -> Response:
    """Source = raw = curated + quarantined, in rows and in money."""
    return json_bytes(service.analytics.books())
