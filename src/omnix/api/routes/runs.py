"""Runs of the pipeline: start one, watch it, see what it did, hold two side by side."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import asdict
from functools import partial
from typing import Annotated, Any, Literal

import orjson
from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import StreamingResponse
from pydantic import Field, StrictBool

from omnix.api.asked import headers_of, token_of
from omnix.api.models import Answer, Body, Utc
from omnix.api.problems import without_paths
from omnix.api.rules import Caller, ServiceHere, rule
from omnix.api.visit import From
from omnix.app.accounts import Accounts
from omnix.app.runs import Event, Run, RunDetail, RunService
from omnix.auth.roles import Permission

router = APIRouter(prefix="/runs", tags=["runs"])

RunStatus = Literal["queued", "running", "succeeded", "failed", "interrupted"]
RunId = Annotated[str, Path(max_length=64, examples=["20260301T120000-1a2b3c"])]
TableName = Annotated[str, Field(max_length=200)]

#: Seconds between two looks at a run, between two signs of life, and that one stream lasts:
#: whoever listens on comes back with the id of the last event, and is asked again who it is.
LOOK, BEAT, LONGEST = 0.25, 15.0, 900.0
#: Milliseconds after which a listener comes back.
COME_BACK = 2_000


class StartRun(Body):
    """What to bring up to date; everything unless given."""

    tables: list[TableName] = Field(
        default_factory=list, max_length=500, description="Tables, with what they read."
    )
    system: str | None = Field(default=None, max_length=200, description="One system's tables.")
    full: StrictBool = Field(default=False, description="Read and build everything again.")
    ingest: StrictBool = Field(default=True, description="Read what is new of the shop first.")


class RunStarted(Answer):
    """A run that has begun, or waits for the one that is going on."""

    run_id: str
    status: RunStatus
    events: str = Field(description="Where its progress is told (server-sent events).")


class RunAnswer(Answer):
    """One run. Times are UTC."""

    run_id: str
    status: RunStatus
    started_at: Utc
    ended_at: Utc | None
    started_by: str | None = Field(description="Who asked for it; null: the command line.")
    request: dict[str, Any] = Field(description="What was asked for; empty: unknown.")
    tables_built: int | None
    unchanged: int | None
    failed: int | None
    cpu_seconds: float | None
    message: str | None


class OutcomeAnswer(Answer):
    """What a run did to one table; `raw/…` for what was read of the shop."""

    table: str
    outcome: str = Field(description="built, unchanged, failed, blocked or skipped.")
    rows: int | None
    version: int | None
    versions_in: dict[str, int]
    cpu_seconds: float
    wall_seconds: float
    message: str | None


class LogLine(Answer):
    """One line of a run's log."""

    at: Utc
    message: str


class RunDetailAnswer(RunAnswer):
    """One run with what it did to each table, and its log."""

    tables: list[OutcomeAnswer]
    log: list[LogLine]


class RunsAnswer(Answer):
    """Runs, the newest first."""

    data: list[RunAnswer]
    next_cursor: str | None


class DifferenceAnswer(Answer):
    """One table in two runs; null where a run did not touch it."""

    table: str
    a: OutcomeAnswer | None
    b: OutcomeAnswer | None
    rows_change: int | None
    seconds_change: float | None
    same_version: bool
    same_outcome: bool


class ComparisonAnswer(Answer):
    """Two runs side by side; what differs comes first."""

    a: RunAnswer
    b: RunAnswer
    tables: list[DifferenceAnswer]


@router.post("", status_code=202, **rule("runs:start", costs=60))
def start_run(body: StartRun, caller: Caller, service: ServiceHere, origin: From) -> RunStarted:
    """Start a run, or queue it behind the one that is going on; a third is refused with 409."""
    run = service.runs.start(
        body.tables, system=body.system, full=body.full, ingest=body.ingest, asked_by=caller.user_id
    )
    _record(service, "run.started", run.run_id, caller, origin)
    events = f"/api/v1/runs/{run.run_id}/events"
    return RunStarted(run_id=run.run_id, status=run.status, events=events)


@router.get("", **rule("runs:read"))
def runs(
    service: ServiceHere,
    cursor: Annotated[str | None, Query(max_length=64)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> RunsAnswer:
    """Runs, the newest first; those of the command line too."""
    page = service.runs.list(cursor, limit)
    return RunsAnswer(data=[_run(each) for each in page.runs], next_cursor=page.next_cursor)


@router.get("/compare", **rule("runs:read"))
def compare_runs(
    service: ServiceHere,
    a: Annotated[str, Query(max_length=64)],
    b: Annotated[str, Query(max_length=64)],
) -> ComparisonAnswer:
    """Two runs side by side: versions, rows, seconds and outcomes, table by table."""
    found = service.runs.compare(a, b)
    tables = [
        DifferenceAnswer.model_validate(
            asdict(each) | {"a": _outcome(each.a), "b": _outcome(each.b)}
        )
        for each in found.tables
    ]
    return ComparisonAnswer(a=_run(found.a), b=_run(found.b), tables=tables)


@router.get("/{run_id}", **rule("runs:read"))
def run(run_id: RunId, service: ServiceHere) -> RunDetailAnswer:
    """One run: what it did to each table, and its log."""
    return _detail(service.runs.get(run_id))


@router.post("/{run_id}/stop", **rule("runs:start"))
def stop_run(run_id: RunId, caller: Caller, service: ServiceHere, origin: From) -> RunAnswer:
    """End a run of this service at once; what it has published stays, the next run does the rest."""
    stopped = service.runs.stop(run_id)
    _record(service, "run.stopped", run_id, caller, origin)
    return _run(stopped)


class EventStream(StreamingResponse):
    """Server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html)."""

    media_type = "text/event-stream"


@router.get("/{run_id}/events", response_class=EventStream, **rule("runs:read"))
async def run_events(run_id: RunId, request: Request, service: ServiceHere) -> EventStream:
    """What happens in a run, from its beginning or from the header Last-Event-ID on.

    Events: `progress` {table, state, rows, done, total}, `log` {at, message}, `end` {status}.
    """
    after = _position(request.headers.get("last-event-id", ""))
    watched: RunService = await asyncio.to_thread(lambda: service.runs)
    await asyncio.to_thread(watched.events, run_id, after)
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    may = partial(_still_may, service.accounts, token_of(headers_of(request.scope)))
    return EventStream(_told(watched, run_id, after, may), headers=headers)


async def _still_may(accounts: Accounts, token: str) -> bool:
    """Whether whoever began to listen may still: signed out is signed out of streams as well."""
    found = accounts.remembered(token) or await asyncio.to_thread(accounts.principal_of, token)
    return found is not None and Permission.RUNS_READ in found.permissions


async def _told(
    watched: RunService, run_id: str, after: int, may: Callable[[], Awaitable[bool]]
) -> AsyncIterator[bytes]:
    yield f"retry: {COME_BACK}\n\n".encode()
    begun = beat = time.monotonic()
    while time.monotonic() - begun < LONGEST and await may():
        found = await asyncio.to_thread(watched.events, run_id, after)
        for event in found.events:
            after = event.id
            yield _as_text(event)
        if found.over:
            return
        if found.events:
            beat = time.monotonic()
        elif time.monotonic() - beat >= BEAT:
            beat = time.monotonic()
            yield b": still here\n\n"
        await asyncio.sleep(LOOK)


def _as_text(event: Event) -> bytes:
    data = dict(event.data)
    if isinstance(data.get("message"), str):
        data["message"] = without_paths(data["message"])
    return b"id: %d\nevent: %s\ndata: %s\n\n" % (
        event.id, event.event.encode(), orjson.dumps(data),
    )  # fmt: skip


def _position(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else 0


def _run(found: Run) -> RunAnswer:
    return RunAnswer.model_validate(asdict(found) | {"message": _plain(found.message)})


def _outcome(found: Any) -> dict[str, Any] | None:
    return asdict(found) | {"message": _plain(found.message)} if found else None


def _detail(found: RunDetail) -> RunDetailAnswer:
    log = [{**line, "message": _plain(str(line.get("message", "")))} for line in found.log]
    return RunDetailAnswer.model_validate(
        {
            **_run(found.run).model_dump(),
            "tables": [_outcome(each) for each in found.tables],
            "log": log,
        }
    )


def _plain(text: str | None) -> str | None:
    return None if text is None else without_paths(text)


def _record(service: Any, action: str, run_id: str, caller: Caller, origin: From) -> None:
    service.accounts.audit.record(action, actor_id=caller.user_id, object=run_id, origin=origin)
