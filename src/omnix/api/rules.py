"""Who may call a route. Every route says it with `rule(…)` or `public()`; else nothing starts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.routing import APIRoute

from omnix.api.asked import headers_of, token_of
from omnix.api.models import ProblemAnswer
from omnix.api.problems import MEDIA_TYPE, problem, too_often
from omnix.app.accounts import Principal
from omnix.auth.roles import Permission
from omnix.core.errors import ContractError

if TYPE_CHECKING:
    from omnix.app.service import Service

#: Where OpenAPI says which permission a route asks for; a list, any of which is enough.
RULE = "x-omnix-permission"
CACHED = "x-omnix-cached"
PUBLIC = "public"

_PROBLEMS = {
    400: "The request cannot be understood.",
    401: "Not signed in, or no longer.",
    403: "The role or the key does not allow it.",
    404: "There is no such thing, or not for you.",
    409: "Not possible as things stand.",
    413: "The body is too large.",
    415: "Another content type is needed.",
    422: "A parameter or a field is wrong.",
    429: "Too many requests; wait for Retry-After.",
    503: "A part of the service does not answer now.",
}


def service_of(request: Request) -> Service:
    """The one `Service` behind the routes."""
    found: Service = request.app.state.service
    return found


def current_principal(request: Request) -> Principal:
    """Who is asking.

    Raises:
        Problem: nobody that we know (401). All reasons get the same answer.

    """
    found = request.scope.get("omnix.principal")
    if found is None:
        found = service_of(request).accounts.principal_of(token_of(headers_of(request.scope)))
        request.scope["omnix.principal"] = found
    if found is None:
        raise unknown_caller()
    return found


def unknown_caller() -> Exception:
    """What everybody is told who is not signed in, whatever the reason."""
    return problem(
        401,
        "The access token is missing, expired or not valid.",
        "Sign in with POST /api/v1/auth/login, or send an API key.",
    )


ServiceHere = Annotated[Any, Depends(service_of)]
Caller = Annotated[Principal, Depends(current_principal)]


def rule(*permissions: str, cached: bool = False, costs: int = 1) -> dict[str, Any]:
    """What a route passes to its decorator: any of `permissions` is enough.

    `costs`: how many requests of the caller's limit one counts for.

    `cached`: the answer depends on nothing but its address, the caller's permissions and the
    lake, so that it carries an ETag and may be given again until the data changes.
    """
    wanted = frozenset(Permission(each) for each in permissions)
    if not wanted:
        raise ContractError("A route asks for no permission.", "Name one, or use public().")

    def allowed(caller: Caller) -> None:
        if not wanted & caller.permissions:
            raise problem(
                403,
                f"This needs the permission {' or '.join(sorted(wanted))}.",
                "Ask an administrator for another role, or use a key with that scope.",
            )

    extra: dict[str, Any] = {RULE: sorted(wanted), "security": [{"bearer": []}, {"apiKey": []}]}
    if cached:
        extra[CACHED] = True
    return {
        "dependencies": [Depends(allowed), *_priced(costs)],
        "openapi_extra": extra,
        "responses": _described(*_PROBLEMS),
    }


def public(*, costs: int = 1) -> dict[str, Any]:
    """What a route that anybody may call passes to its decorator; `costs` as in `rule`."""
    return {
        "dependencies": _priced(costs),
        "openapi_extra": {RULE: [PUBLIC], "security": []},
        "responses": _described(400, 401, 403, 404, 409, 413, 415, 422, 429, 503),
    }


def _priced(costs: int) -> list[Any]:
    """The dependency that takes what a request costs more than any other."""

    async def take(request: Request) -> None:
        bucket = request.scope.get("omnix.bucket", "")
        if wait := request.app.state.buckets.take(bucket, costs - 1):
            raise too_often(wait)

    return [Depends(take)] if costs > 1 else []


def _described(*statuses: int) -> dict[int | str, dict[str, Any]]:
    schema = {"$ref": f"#/components/schemas/{ProblemAnswer.__name__}"}
    return {
        status: {"description": _PROBLEMS[status], "content": {MEDIA_TYPE: {"schema": schema}}}
        for status in statuses
    }


def refuse_undeclared(routers: Iterable[APIRouter]) -> None:
    """Deny by default: a route without a rule keeps the service from starting.

    Raises:
        ContractError: names the routes.

    """
    undeclared = [
        f"{'/'.join(sorted(route.methods or ()))} {route.path}"
        for router in routers
        for route in router.routes
        if isinstance(route, APIRoute) and RULE not in (route.openapi_extra or {})
    ]
    if undeclared:
        raise ContractError(
            f"Nobody has said who may call {', '.join(undeclared)}.",
            "Give the decorator **rule('…') or **public().",
        )
