"""`create_app`: the routes, found by walking, inside the shell that every request passes."""

from __future__ import annotations

import pkgutil
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any, get_origin

from fastapi import APIRouter, Depends, FastAPI, Request
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute
from pydantic import BaseModel

import omnix.api.routes
from omnix import __version__
from omnix.api import problems
from omnix.api.clock import FAR, NEAR, DataClock, data_stamp
from omnix.api.models import ProblemAnswer
from omnix.api.observe import Observer
from omnix.api.pages import Dashboard
from omnix.api.points import Point
from omnix.api.problems import problem
from omnix.api.rules import refuse_undeclared
from omnix.api.shell import Shell
from omnix.app.service import Service

PREFIX = "/api/v1"

_ABOUT = """Everything that omnix knows of a shop: each number is a row of a versioned table, and
every answer built on a table says which version it read. Errors are problems (RFC 9457). Lists go
on at `next_cursor`."""


def create_app(home: Path | None = None, *, service: Service | None = None) -> Any:
    """The ASGI application of a home folder, or of a `service` that is there already.

    Raises:
        SettingsError: the folder is not set up, or a setting is wrong.
        ContractError: a route does not say who may call it.

    """
    given = service or Service.open(home)
    clock = DataClock(
        lambda: data_stamp(given.app),
        every=FAR if "://" in given.settings.lake else NEAR,
        changed=given.warm if service is None else lambda: None,
    )
    observer = Observer(log=given.settings.service.log)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        await clock.start()
        yield
        await clock.stop()
        if service is None:
            given.close()

    inner = _inner(lifespan)
    inner.state.service, inner.state.observer, inner.state.clock = given, observer, clock
    _allow_origins(inner, given.settings.service.cors_origins)
    shell = Shell(inner, given, clock, observer, points=list(_points()), pages=Dashboard())
    inner.state.buckets = shell.buckets
    shell.openapi = inner.openapi  # type: ignore[attr-defined]
    shell.state = inner.state  # type: ignore[attr-defined]
    return shell


def openapi() -> dict[str, Any]:
    """The API's description, which needs no home folder: the golden file `docs/openapi.json`."""
    return _inner(None).openapi()


def _inner(lifespan: Any) -> FastAPI:
    app = FastAPI(
        title="omnix", version=__version__, description=_ABOUT, lifespan=lifespan,
        docs_url=None, redoc_url=None, openapi_url=None,
        dependencies=[Depends(_refuse_unknown_parameters)],
        redirect_slashes=False,
    )  # fmt: skip
    problems.register(app)
    routers = list(_routers())
    refuse_undeclared(router for _, router in routers)
    for prefix, router in routers:
        app.include_router(router, prefix=prefix)
    app.openapi = lambda: _described(app)  # type: ignore[method-assign]
    return app


def _points() -> Iterator[Point]:
    """What modules of routes give as their `POINT`."""
    for module in _modules():
        if point := getattr(module, "POINT", None):
            yield point


def _routers() -> Iterator[tuple[str, APIRouter]]:
    """Every router with its prefix; a module says `PREFIX = ""` to stand at the root."""
    for module in _modules():
        if router := getattr(module, "router", None):
            yield getattr(module, "PREFIX", PREFIX), router


def _modules() -> Iterator[ModuleType]:
    package = omnix.api.routes
    for info in sorted(pkgutil.iter_modules(package.__path__), key=lambda info: info.name):
        yield import_module(f"{package.__name__}.{info.name}")


def _described(app: FastAPI) -> dict[str, Any]:
    if app.openapi_schema is None:
        found = get_openapi(
            title=app.title, version=app.version, description=app.description, routes=app.routes
        )
        parts = found.setdefault("components", {})
        parts.setdefault("schemas", {})[ProblemAnswer.__name__] = ProblemAnswer.model_json_schema()
        parts["securitySchemes"] = {
            "bearer": {"type": "http", "scheme": "bearer"},
            "apiKey": {"type": "apiKey", "in": "header", "name": "X-API-Key"},
        }
        for schema in ("HTTPValidationError", "ValidationError"):
            parts["schemas"].pop(schema, None)
        app.openapi_schema = found
    return app.openapi_schema


async def _refuse_unknown_parameters(request: Request) -> None:
    """A misspelt parameter must not pass for one that was left out."""
    route = request.scope.get("route")
    if not request.scope["query_string"]:
        return
    known = _parameters(route.dependant) if isinstance(route, APIRoute) else {}
    given = [name for name, _ in request.query_params.multi_items()]
    for name in given:
        if name not in known:
            raise _wrong_parameter(name, "There is no parameter", known)
        if given.count(name) > 1 and not known[name]:
            raise _wrong_parameter(name, "Only once may stand the parameter", known)


def _wrong_parameter(name: str, what: str, known: Mapping[str, bool]) -> Exception:
    name = name[:80]
    return problem(
        422, f"{what} {name!r}.", f"It takes {', '.join(sorted(known)) or 'none'}.",
        errors=[{"field": name, "message": what.lower().removesuffix(" parameter")}],
    )  # fmt: skip


def _parameters(dependant: Any) -> dict[str, bool]:
    """The names of the query's parameters, and whether one may stand more than once."""
    found: dict[str, bool] = {}
    for parameter in dependant.query_params:
        kind = parameter.field_info.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            fields = kind.model_fields.items()
            found |= {f.alias or name: get_origin(f.annotation) is list for name, f in fields}
        else:
            found[parameter.alias] = get_origin(kind) is list
    for below in dependant.dependencies:
        found |= _parameters(below)
    return found


def _allow_origins(app: FastAPI, listed: str) -> None:
    """Nobody else's pages may call us, but for the origins that the settings name."""
    if not listed:
        return
    from starlette.middleware.cors import CORSMiddleware

    app.add_middleware(
        CORSMiddleware,
        allow_origins=[each.strip() for each in listed.split(",")],
        allow_methods=["GET", "POST", "PATCH", "DELETE"],
        allow_headers=[
            "Authorization",
            "Content-Type",
            "If-None-Match",
            "X-API-Key",
            "X-Request-ID",
        ],
        expose_headers=["ETag", "Retry-After", "X-Request-ID"],
        max_age=600,
    )
