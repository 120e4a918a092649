"""How fast the dashboard is in people's browsers."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field

from omnix.api.models import Answer, Body
from omnix.api.rules import ServiceHere, rule
from omnix.app.web_vitals import Vital, record_vitals, summarize_vitals

router = APIRouter(prefix="/telemetry", tags=["telemetry"])


class VitalBody(Body):
    """One measurement of a page (https://web.dev/articles/vitals)."""

    name: str = Field(max_length=10, description="CLS, FCP, INP, LCP or TTFB.")
    value: float = Field(ge=0, le=600_000, description="Milliseconds; a share for CLS.")
    page: str = Field(max_length=200, description="The page's path, without its query.")
    rating: str = Field(max_length=20, description="good, needs-improvement or poor.")


class Recorded(Answer):
    """How many measurements were kept."""

    recorded: int


class VitalAnswer(Answer):
    """One measure on one page: three visits in four stay below `p75`."""

    page: str
    name: str
    count: int
    p75: float
    good_share: float


class VitalsAnswer(Answer):
    """Every measure of every page over so many days."""

    days: int
    data: list[VitalAnswer]


@router.post("/web-vitals", status_code=202, **rule("self"))
def record(
    body: Annotated[list[VitalBody], Field(max_length=50)], service: ServiceHere
) -> Recorded:
    """Keep what a browser measured; nobody's name is kept with it."""
    vitals = [Vital(each.name, each.value, each.page, each.rating) for each in body]
    return Recorded(recorded=record_vitals(service.store, vitals))


@router.get("/web-vitals", **rule("metrics:read"))
def summary(service: ServiceHere, days: Annotated[int, Query(ge=1, le=30)] = 7) -> VitalsAnswer:
    """How fast the pages were for three visits in four."""
    found = summarize_vitals(service.store, days=days)
    return VitalsAnswer(days=days, data=[VitalAnswer.model_validate(each) for each in found])
