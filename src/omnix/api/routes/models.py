"""The trained models: which answers, which waits, and changing that."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Response

from omnix.api.registry_models import (
    ModelDetailAnswer,
    ModelsAnswer,
    ModelVersionAnswer,
    Promotion,
    Rollback,
)
from omnix.api.rules import Caller, ServiceHere, rule
from omnix.api.visit import From

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


_MARKDOWN = "text/markdown"
_CARD = rule("tables:read")


@router.get(
    "/{name}/card",
    response_class=Response,
    **{
        **_CARD,
        "responses": {
            **_CARD["responses"],
            200: {"content": {_MARKDOWN: {"schema": {"type": "string"}}}},
        },
    },
)
def card(
    service: ServiceHere,
    name: Name,
    version: Annotated[str, Query(max_length=100, description="The champion unless given.")] = "",
) -> Response:
    """The model card of a version as Markdown."""
    return Response(service.forecasting.models.card(name, version), media_type=_MARKDOWN)


@router.post(
    "/{name}/promote", response_model=ModelVersionAnswer, **rule("settings:write", costs=5)
)
def promote(service: ServiceHere, caller: Caller, origin: From, name: Name, body: Promotion) -> Any:
    """Make a version champion by hand: it answers from the next run on, until a better one has won."""
    made = service.forecasting.models.promote(name, body.version or "")
    _record(service, "model.promoted", name, made, caller, origin)
    return made


@router.post(
    "/{name}/rollback", response_model=ModelVersionAnswer, **rule("settings:write", costs=5)
)
def rollback(service: ServiceHere, caller: Caller, origin: From, name: Name, body: Rollback) -> Any:
    """Make the champion before this one champion again; its answers come back byte for byte."""
    made = service.forecasting.models.rollback(name, body.reason)
    _record(service, "model.rolled_back", name, made, caller, origin)
    return made


def _record(
    service: ServiceHere, action: str, name: str, made: Any, caller: Caller, origin: From
) -> None:
    service.accounts.audit.record(
        action, actor_id=caller.user_id, object=name, origin=origin,
        detail={"version": made["version"], "reason": made["reason"]},
    )  # fmt: skip
