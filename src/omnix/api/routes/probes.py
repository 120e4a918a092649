"""Whether the service lives, whether it can work, and what it measures of itself."""

from __future__ import annotations

from typing import Any, Literal

from fastapi import APIRouter, Request, Response

from omnix import __version__
from omnix.api.models import Answer
from omnix.api.problems import problem
from omnix.api.rules import ServiceHere, current_principal, public
from omnix.auth.roles import Permission
from omnix.core.errors import OmnixError

PREFIX = ""
router = APIRouter(tags=["service"])


class Health(Answer):
    """The process answers."""

    status: Literal["ok"]
    version: str


class Part(Answer):
    """One thing that the service needs."""

    name: str
    ok: bool
    detail: str


class Ready(Answer):
    """Whether everything that the service needs is there."""

    ready: bool
    parts: list[Part]


@router.get("/health", **public())
async def health() -> Health:
    """Whether the process lives; it asks nothing else."""
    return Health(status="ok", version=__version__)


@router.get("/ready", **public())
def ready(service: ServiceHere, response: Response) -> Ready:
    """Whether store, lake and tables can be used; 503 while one cannot."""
    checks = {
        "store": service.store.check,
        "lake": service.app.lake.names,
        "accounts": lambda: service.accounts,
    }
    parts = [_part(name, check) for name, check in checks.items()]
    found = Ready(ready=all(part.ok for part in parts), parts=parts)
    response.status_code = 200 if found.ready else 503
    return found


def _part(name: str, check: Any) -> Part:
    try:
        check()
    except (OmnixError, OSError) as error:
        return Part(name=name, ok=False, detail=f"does not answer ({type(error).__name__})")
    return Part(name=name, ok=True, detail="answers")


@router.get(
    "/metrics",
    response_class=Response,
    **public(),
)
def metrics(request: Request, service: ServiceHere) -> Response:
    """Prometheus' text; for a key with `metrics:read`, or for this machine when so set."""
    if not (service.settings.service.open_metrics and _is_here(request)):
        caller = current_principal(request)
        if Permission.METRICS_READ not in caller.permissions:
            raise problem(403, "This needs the permission metrics:read.")
    return Response(request.app.state.observer.text(), media_type="text/plain; version=0.0.4")


def _is_here(request: Request) -> bool:
    return request.scope["state"]["address"] in {"127.0.0.1", "::1"}


@router.get("/api/v1/openapi.json", include_in_schema=False, **public())
def described(request: Request) -> Response:
    """The API's description."""
    import orjson

    return Response(orjson.dumps(request.app.openapi()), media_type="application/json")
