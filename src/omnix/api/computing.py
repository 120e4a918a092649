"""Answers that take a while: as one JSON answer, or told as they go by server-sent events.

Whoever hangs up, or is signed out, ends the computation.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, suppress
from typing import TYPE_CHECKING, Any

from fastapi import Request, Response
from fastapi.responses import StreamingResponse

from omnix.api.asked import headers_of, token_of
from omnix.api.problems import Problem, body_of, of_error, problem
from omnix.api.sending import json_bytes
from omnix.app.analytics.query import dumps
from omnix.auth.roles import Permission
from omnix.core.errors import OmnixError

if TYPE_CHECKING:
    from omnix.app.forecasting.on_demand import Computation
    from omnix.app.service import Service

EVENT_STREAM = "text/event-stream"
#: Seconds between two looks whether somebody still listens, and between two signs of life.
LOOK, BEAT = 0.5, 10.0
_HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


async def answered(
    request: Request, service: Service, found: dict[str, Any] | Computation
) -> Response:
    """`found` as it is, or computed; by events where the request accepts nothing else first."""
    streamed = EVENT_STREAM in request.headers.get("accept", "")
    if streamed:
        told = _events(request, service, found)
        return StreamingResponse(told, headers=_HEADERS, media_type=EVENT_STREAM)
    if isinstance(found, dict):
        return json_bytes(dumps(found))
    async with aclosing(_listened(request, service, found)) as listened:
        async for event in listened:
            if event and "answer" in event:
                return json_bytes(dumps(event["answer"]))
    raise problem(503, "The computation was stopped.", "Ask again.")


async def _events(
    request: Request, service: Service, found: dict[str, Any] | Computation
) -> AsyncIterator[bytes]:
    """`progress` {step, done, total, words}, then `answer` or `problem`, then `end`."""
    if isinstance(found, dict):
        yield _event("answer", found)
        yield _event("end", {"status": "succeeded"})
        return
    try:
        async with aclosing(_listened(request, service, found)) as listened:
            async for event in listened:
                if event is None:
                    yield b": still here\n\n"
                for name, told in (event or {}).items():
                    yield _event(name, told)
    except (OmnixError, Problem) as error:
        yield _event("problem", _problem(request, error))
        yield _event("end", {"status": "failed"})
        return
    yield _event("end", {"status": "succeeded"})


def _problem(request: Request, error: OmnixError | Problem) -> bytes:
    """What the problem's answer would hold; the answer has begun, so that it comes as an event."""
    told = of_error(error) if isinstance(error, OmnixError) else error
    identity = request.scope.get("state", {}).get("request_id", "")
    return body_of(told, instance=request.url.path[:200], request_id=identity)


def _event(name: str, told: Any) -> bytes:
    data = told if isinstance(told, bytes) else dumps(told)
    return b"event: %s\ndata: %s\n\n" % (name.encode(), data)


async def _listened(
    request: Request, service: Service, found: Computation
) -> AsyncGenerator[dict[str, Any] | None]:
    """What a computation tells; None from time to time. It ends with whoever listens."""
    token = token_of(headers_of(request.scope))
    pumped = _pumped(found)
    silent = 0.0
    try:
        while True:
            try:
                event = await asyncio.wait_for(pumped.get(), LOOK)
            except TimeoutError:
                silent += LOOK
                if await request.is_disconnected() or not await _still_may(service, token):
                    return
                if silent >= BEAT:
                    silent = 0.0
                    yield None
                continue
            if event is None:
                return
            if isinstance(event, BaseException):
                raise event
            yield event
    finally:
        found.stop()  # without awaiting: whoever is cancelled would wait for nothing


def _pumped(found: Computation) -> asyncio.Queue[dict[str, Any] | BaseException | None]:
    """The events of a computation, read in a thread of its own: it waits for the most part."""
    loop, queue = asyncio.get_running_loop(), asyncio.Queue[Any]()

    def put(event: Any) -> None:
        with suppress(RuntimeError):  # the loop is closed: the service ends
            loop.call_soon_threadsafe(queue.put_nowait, event)

    def pump() -> None:
        try:
            for event in found.events():
                put(event)
        except BaseException as error:
            put(error)
        else:
            put(None)

    threading.Thread(target=pump, daemon=True, name="forecast").start()
    return queue


async def _still_may(service: Service, token: str) -> bool:
    accounts = service.accounts
    found = accounts.remembered(token) or await asyncio.to_thread(accounts.principal_of, token)
    return found is not None and Permission.TABLES_READ in found.permissions
