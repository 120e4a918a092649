"""Problem answers (RFC 9457): what went wrong, where, and what to do; never a path or a stack."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import orjson
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from omnix.core import errors as tree

if TYPE_CHECKING:
    from fastapi import FastAPI, Request

MEDIA_TYPE = "application/problem+json"

#: The status of each error that omnix can explain; that of the nearest ancestor counts.
STATUS: dict[type[Exception], int] = {
    tree.OmnixError: 400,
    tree.SettingsError: 422,
    tree.ContractError: 422,
    tree.MappingError: 409,
    tree.QualityError: 409,
    tree.LockedError: 409,
    tree.UnknownTableError: 404,
    tree.SourceError: 502,
    tree.LakeError: 503,
    tree.StoreError: 503,
    tree.StoreConflict: 409,
}

_TITLES: Mapping[int, str] = {
    400: "The request cannot be understood",
    401: "Not signed in",
    403: "Not allowed",
    404: "Not found",
    405: "This address does not take that method",
    406: "No such format",
    409: "Not possible as things stand",
    410: "Gone",
    411: "A length is needed",
    413: "Too large",
    414: "The address is too long",
    415: "Another content type is needed",
    422: "Not valid",
    429: "Too many requests",
    431: "The header is too large",
    500: "An error on our side",
    502: "The shop's own data does not answer",
    503: "Not available now",
}

#: An absolute path of this machine, which is nobody's business; addresses of the API stay.
_PATH = re.compile(
    r"(?<=sqlite:)/{3,}[^\s'\",;]+|(?<![\w:/.])(?<!GET )(?<!POST )/(?!api/)(?:[\w.@+~-]+/)+[\w.@+~-]*"
)


class Problem(Exception):  # noqa: N818 - the standard's name
    """An answer that is an error; raise it anywhere in a route."""

    def __init__(
        self,
        status: int,
        detail: str,
        step: str = "",
        *,
        title: str = "",
        errors: Sequence[Mapping[str, Any]] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self.status, self.detail, self.step = status, detail, step
        self.title = title or _TITLES.get(status, "Error")
        self.errors = list(errors)
        self.headers = dict(headers or {})
        super().__init__(detail)


def problem(status: int, detail: str, step: str = "", **more: Any) -> Problem:
    """A `Problem` to raise: `raise problem(404, "There is no run 'x'.", "GET /runs lists them.")`."""
    return Problem(status, detail, step, **more)


def without_paths(text: str) -> str:
    """`text` with every path of this machine left out."""
    return _PATH.sub("…", text)


def body_of(found: Problem, *, instance: str = "", request_id: str = "") -> bytes:
    """The JSON of a problem."""
    fields: dict[str, Any] = {
        "type": "about:blank",
        "title": found.title,
        "status": found.status,
        "detail": without_paths(found.detail),
    }
    more = {"step": without_paths(found.step), "instance": instance, "request_id": request_id}
    fields |= {name: value for name, value in more.items() if value}
    if found.errors:
        fields["errors"] = found.errors
    return orjson.dumps(fields, default=str)


def of_error(error: tree.OmnixError) -> Problem:
    """The problem that tells an error that omnix can explain."""
    status = next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)
    status = 503 if error.transient else getattr(error, "status", status)
    wait = getattr(error, "retry_after", None) or (5 if error.transient else None)
    headers = {"Retry-After": str(max(1, round(wait)))} if wait else {}
    fields = getattr(error, "errors", ())
    return Problem(status, error.what, error.step, errors=fields, headers=headers)


def register(app: FastAPI) -> None:
    """Answer every error of `app` as a problem."""
    from starlette.requests import ClientDisconnect

    app.add_exception_handler(Problem, _problem)
    app.add_exception_handler(tree.OmnixError, _explained)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(ClientDisconnect, _gone)
    app.add_exception_handler(Exception, _unforeseen)


def answer(request: Request, found: Problem) -> Response:
    """A problem as a response."""
    request_id = request.scope.get("state", {}).get("request_id", "")
    content = body_of(found, instance=request.url.path[:200], request_id=request_id)
    headers = {"Cache-Control": "no-store", **found.headers}
    if found.status == 401:
        headers.setdefault("WWW-Authenticate", "Bearer")
    return Response(content, found.status, headers, MEDIA_TYPE)


async def _problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, Problem)  # noqa: S101 - what it was registered for
    return answer(request, error)


async def _explained(request: Request, error: Exception) -> Response:
    assert isinstance(error, tree.OmnixError)  # noqa: S101
    return answer(request, of_error(error))


async def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101
    faults = [{"field": _field(f["loc"]), "message": _words(f)} for f in error.errors()[:20]]
    broken = any(f["type"].startswith("json_invalid") for f in error.errors())
    if broken:
        place = error.errors()[0]["loc"][-1]
        where = f" at character {place}" if isinstance(place, int) else ""
        faults = [{"field": "", "message": f"The body is no well-formed JSON{where}"}]
    told = "; ".join(f"{f['field']}: {f['message']}" if f["field"] else f["message"] for f in faults[:3])  # fmt: skip
    step = "Send well-formed JSON." if broken else "Correct what `errors` names and send it again."
    return answer(request, Problem(400 if broken else 422, told + ".", step, errors=faults))


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101
    details = {
        404: f"Nothing is served at {request.url.path[:200]}.",
        405: f"{request.url.path[:200]} does not take {request.method}.",
    }
    detail = details.get(error.status_code) or str(error.detail)
    steps = {404: "GET /api/v1/openapi.json lists every address.", 405: "See the header Allow."}
    found = Problem(error.status_code, detail, steps.get(error.status_code, ""))
    found.headers = dict(error.headers or {})
    if error.status_code == 405:
        found.headers["Allow"] = ", ".join(methods_at(request.app, request.url.path))
    return answer(request, found)


def too_often(wait: float) -> Problem:
    """What is told whoever asks too often."""
    seconds = max(1, round(wait))
    what, step = "Too many requests in a short time.", f"Wait {seconds} seconds."
    return Problem(429, what, step, headers={"Retry-After": str(seconds)})


def unforeseen(request_id: str) -> Problem:
    """What is told of an error that nobody foresaw: where to find it, and nothing else."""
    step = f"Try again; if it stays, report the request id {request_id}."
    return Problem(500, "Something went wrong on our side; it is in the log.", step)


async def _unforeseen(request: Request, _error: Exception) -> Response:
    return answer(request, unforeseen(request.scope.get("state", {}).get("request_id", "")))


def methods_at(app: FastAPI, path: str) -> list[str]:
    """Every method that some route takes at an address: Starlette names the first route's alone.

    An address that is written out comes before a template that would take it as a value.
    """
    from starlette.routing import compile_path

    described = app.openapi()["paths"]
    if path in described:
        return sorted(method.upper() for method in described[path])
    if not hasattr(app.state, "methods"):
        app.state.methods = [
            (compile_path(p)[0], [m.upper() for m in ops]) for p, ops in described.items()
        ]
    return sorted({m for regex, methods in app.state.methods if regex.match(path) for m in methods})


async def _gone(_request: Request, _error: Exception) -> Response:
    return Response(status_code=499)


def _field(location: Sequence[Any]) -> str:
    """`("body", "items", 0, "name")` is `items.0.name`."""
    parts = list(location)
    if parts and parts[0] in {"body", "query", "path", "header", "cookie"}:
        parts = parts[1:]
    return ".".join(str(part)[:80] for part in parts)


def _words(fault: Mapping[str, Any]) -> str:
    """What is wrong, without the value: it may be a password."""
    if fault["type"] == "extra_forbidden":
        return "there is no such field"
    if fault["type"] == "missing":
        return "is needed"
    message = str(fault["msg"]).removeprefix("Value error, ").replace("Input should", "should")
    return message[:300]
