"""What stands around every route: names, limits, kept answers, headers, the last resort.

Pure ASGI, since an answer from memory must not pay for anything that routing costs.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from typing import TYPE_CHECKING, Any

from starlette.exceptions import HTTPException

from omnix.api.answers import SMALLEST, Answers, Kept, Key, compressed, encoding_for
from omnix.api.asked import Asked, Scope, networks
from omnix.api.limits import Buckets
from omnix.api.observe import Observer, Seen
from omnix.api.problems import MEDIA_TYPE, Problem, body_of, of_error, too_often, unforeseen
from omnix.api.rules import CACHED
from omnix.auth.roles import Permission
from omnix.core.errors import OmnixError

if TYPE_CHECKING:
    from omnix.api.clock import DataClock
    from omnix.api.points import Point
    from omnix.app.accounts import Principal
    from omnix.app.service import Service

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
ASGI = Callable[[Scope, Receive, Send], Awaitable[None]]

API = "/api/"
#: What the API answers outside; every other address is a page of the dashboard.
ROOTS = frozenset({"/health", "/ready", "/metrics"})
#: A correction of quarantined rows comes as CSV and may be larger than other bodies.
CSV_TIMES = 32
#: Larger bodies are compressed off the event loop.
_LARGE = 64 << 10

_CONTENT_POLICY = (
    b"default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    b"object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
SECURITY: tuple[tuple[bytes, bytes], ...] = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-frame-options", b"DENY"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=(), payment=()"),
    (b"content-security-policy", _CONTENT_POLICY),
)
_VARY = (b"vary", b"Authorization, X-API-Key, Accept, Accept-Encoding")


class Shell:
    """The outermost application; `inner` is the one with the routes."""

    def __init__(
        self,
        inner: ASGI,
        service: Service,
        clock: DataClock,
        observer: Observer,
        points: Sequence[Point] = (),
        pages: ASGI | None = None,
    ) -> None:
        settings = service.settings.service
        self._inner, self._service, self._clock, self._observer = inner, service, clock, observer
        self._points, self._pages = points, pages or inner
        self._proxies = networks(settings.trusted_proxies)
        self._most = settings.body_bytes
        self.buckets = Buckets(time.monotonic, per_minute=settings.requests_per_minute)
        self._answers = Answers(time.monotonic)
        self._visible: dict[frozenset[str], str] = {}
        self._headers = list(SECURITY)
        if settings.address.startswith("https:"):
            self._headers.append((b"strict-transport-security", b"max-age=31536000"))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._inner(scope, receive, send)
            return
        started = time.perf_counter()
        asked = Asked.of(scope, self._proxies)
        scope.setdefault("state", {}).update(request_id=asked.request_id, address=asked.address)
        told = _Told(send, asked, self._headers)
        self._observer.going_on.inc()
        try:
            await self._answer(scope, receive, told, asked)
        except Exception as error:
            await self._last_resort(scope, told, asked, error)
        finally:
            self._observer.going_on.dec()
            self._observer.saw(
                Seen(
                    asked.method, _route(scope), told.status, time.perf_counter() - started,
                    asked.request_id, name_of(scope.get("omnix.principal")), told.kept,
                )
            )  # fmt: skip

    async def _answer(self, scope: Scope, receive: Receive, told: _Told, asked: Asked) -> None:
        if not asked.path.startswith(API):
            chosen = self._inner if asked.path in ROOTS else self._pages
            await chosen(scope, self._limited(receive, asked), told.send)
            return
        principal = await self._principal(scope, asked)
        scope["omnix.bucket"] = bucket = name_of(principal) or asked.address
        if wait := self.buckets.take(bucket):
            raise too_often(wait)
        if principal is None or asked.method != "GET":
            await self._inner(scope, self._limited(receive, asked, principal), told.send)
            return
        if not asked.query and (body := self._point(scope, asked, principal)):
            await told.json(body)
            return
        key = (self._sees(principal), asked.path, asked.query, asked.accept)
        if kept := self._answers.get(key, self._clock.stamp):
            told.kept = True
            await told.give(kept)
            return
        stamp = self._clock.stamp  # before it is computed: newer data only makes it older
        keeping = _Keeping(scope, told, lambda h, b: self._answers.keep(key, stamp, h, b))
        await self._inner(scope, receive, keeping.send)

    async def _principal(self, scope: Scope, asked: Asked) -> Principal | None:
        if not asked.token:
            return None
        accounts = self._service.accounts
        found = accounts.remembered(asked.token)
        if found is None:
            found = await asyncio.to_thread(accounts.principal_of, asked.token)
        scope["omnix.principal"] = found
        return found

    def _point(self, scope: Scope, asked: Asked, principal: Principal) -> bytes | None:
        """The one thing that is asked for by its key, if its index can tell."""
        for point in self._points:
            key = point.key(asked.path)
            if key is not None and point.may(principal, key):
                scope["omnix.route"] = point.route
                return point.look(self._service, key, self._clock.stamp)
        return None

    def _sees(self, principal: Principal) -> str:
        """A short name for what the principal may see; own things are never kept."""
        known = self._visible.get(principal.permissions)
        if known is None:
            known = self._visible[principal.permissions] = "+".join(sorted(principal.permissions))
        return known

    def _limited(
        self, receive: Receive, asked: Asked, principal: Principal | None = None
    ) -> Receive:
        """`receive`, refusing bodies larger than the settings allow."""
        corrects = principal and Permission.QUARANTINE_REPLAY in principal.permissions
        as_csv = asked.content_type.startswith("text/csv")
        most = self._most * (CSV_TIMES if as_csv and corrects else 1)
        if asked.length is not None and asked.length > most:
            raise _too_large(most)
        read = 0

        async def counted() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > most:
                raise HTTPException(413, _too_large(most).detail)
            return message

        return counted

    async def _last_resort(self, scope: Scope, told: _Told, asked: Asked, error: Exception) -> None:
        """Nothing leaves without an answer, and no answer tells what only we should see."""
        if isinstance(error, OmnixError):
            error = of_error(error)
        if not isinstance(error, Problem):
            self._observer.failed(asked.request_id, _route(scope), error)
            error = unforeseen(asked.request_id)
        if told.ended:
            return
        if told.status:  # half an answer is sent: cutting it short is all that can be done
            raise ConnectionError("An answer was cut short.")
        await told.problem(error)


class _Told:
    """Sends the answer, with what every answer carries."""

    def __init__(self, send: Send, asked: Asked, headers: list[tuple[bytes, bytes]]) -> None:
        self._send, self._asked, self._common = send, asked, headers
        self._start: Message | None = None
        self.status = 0
        self.kept = self.ended = False

    async def send(self, message: Message) -> None:
        """Pass a message on; a start waits for the body, which may be compressed."""
        if message["type"] == "http.response.start":
            self._start = message
            return
        if self._start is not None:
            start, self._start = self._start, None
            if not message.get("more_body"):
                if start["status"] == 200 and self._has(dict(start["headers"]).get(b"etag", b"")):
                    await self._unchanged(start["headers"])
                    return
                message = await self._smaller(start, message)
            await self._begin(start["status"], list(start["headers"]))
        self.ended = not message.get("more_body")
        await self._send(message)

    async def give(self, kept: Kept) -> None:
        """Send a kept answer, or 304 when the client has it."""
        if self._has(kept.etag):
            await self._unchanged([(b"etag", kept.etag), *_PRIVATE])
            return
        plain = kept.plain
        encoding = encoding_for(self._asked.encodings) if len(plain) >= SMALLEST else ""
        body = kept.body(encoding)
        headers = [*kept.headers, *_PRIVATE, (b"content-length", str(len(body)).encode())]
        if encoding:
            headers.append((b"content-encoding", encoding.encode()))
        await self._begin(200, headers)
        await self._send({"type": "http.response.body", "body": body})

    def _has(self, etag: bytes) -> bool:
        """Whether the client has the answer of that ETag."""
        asked = self._asked
        return bool(etag) and asked.method == "GET" and (etag in asked.etags or asked.etags == b"*")

    async def _unchanged(self, headers: list[tuple[bytes, bytes]]) -> None:
        """Tell the client that what it has is still so."""
        told = [each for each in headers if each[0] in (b"etag", b"cache-control")]
        await self._begin(304, told)
        self.ended = True
        await self._send({"type": "http.response.body", "body": b""})

    async def json(self, body: bytes) -> None:
        """Send bytes that are JSON already."""
        self.kept = True
        headers = [
            (b"content-type", b"application/json"),
            (b"content-length", str(len(body)).encode()),
        ]
        await self._begin(200, headers)
        await self._send({"type": "http.response.body", "body": body})

    async def problem(self, found: Problem) -> None:
        """Send a problem."""
        body = body_of(found, instance=self._asked.path[:200], request_id=self._asked.request_id)
        headers = [(name.lower().encode(), value.encode()) for name, value in found.headers.items()]
        headers += [
            (b"content-type", MEDIA_TYPE.encode()),
            (b"content-length", str(len(body)).encode()),
            (b"cache-control", b"no-store"),
        ]
        await self._begin(found.status, headers)
        await self._send({"type": "http.response.body", "body": body})

    async def _begin(self, status: int, headers: list[tuple[bytes, bytes]]) -> None:
        self.status = status
        have = {name for name, _ in headers}
        headers += [each for each in self._common if each[0] not in have]
        headers.append((b"x-request-id", self._asked.request_id.encode()))
        if self._asked.path.startswith(API):
            headers.append(_VARY)
            if b"cache-control" not in have:
                headers.append((b"cache-control", b"no-store"))
        await self._send({"type": "http.response.start", "status": status, "headers": headers})

    async def _smaller(self, start: Message, message: Message) -> Message:
        """A whole body compressed; never where it stands beside a secret (BREACH)."""
        body = message.get("body", b"")
        encoding = encoding_for(self._asked.encodings) if len(body) >= SMALLEST else ""
        headers = dict(start["headers"])
        kind = headers.get(b"content-type", b"")
        if (
            not encoding
            or b"content-encoding" in headers
            or not kind.startswith((b"application/json", b"text/"))
            or "/auth/" in self._asked.path
            or "/user/" in self._asked.path
        ):
            return message
        if len(body) > _LARGE:
            body = await asyncio.to_thread(compressed, body, encoding)
        else:
            body = compressed(body, encoding)
        kept = [each for each in start["headers"] if each[0] != b"content-length"]
        start["headers"] = [
            *kept,
            (b"content-encoding", encoding.encode()),
            (b"content-length", str(len(body)).encode()),
        ]
        return {**message, "body": body}


_PRIVATE = [(b"cache-control", b"private, no-cache")]


class _Keeping:
    """Holds the answer of a route that says `cached=True`, keeps it, then gives it."""

    def __init__(self, scope: Scope, told: _Told, keep: Callable[[list[Any], bytes], Kept]) -> None:
        self._scope, self._told, self._keep = scope, told, keep
        self._held: Message | None = None
        self._body = b""

    async def send(self, message: Message) -> None:
        """Pass a message on, or hold it."""
        if message["type"] == "http.response.start" and self._keeps(message["status"]):
            self._held = message
        elif self._held is None:
            await self._told.send(message)
        else:
            self._body += message.get("body", b"")
            if not message.get("more_body"):
                dropped = {b"content-length", b"cache-control", b"etag"}
                headers = [each for each in self._held["headers"] if each[0] not in dropped]
                await self._told.give(self._keep(headers, self._body))

    def _keeps(self, status: int) -> bool:
        extra = getattr(self._scope.get("route"), "openapi_extra", None) or {}
        return status == 200 and bool(extra.get(CACHED))


def _route(scope: Scope) -> str:
    """The route's template: an address itself may name a person."""
    return str(getattr(scope.get("route"), "path", "") or scope.get("omnix.route") or "-")


def name_of(principal: Principal | None) -> str:
    return f"{principal.kind}:{principal.user_id}" if principal else ""


def _too_large(most: int) -> Problem:
    return Problem(
        413, f"The body is larger than {most:,} bytes.",
        "Send less at a time, or raise service.body_bytes.",
    )  # fmt: skip


__all__ = ["API", "SECURITY", "Key", "Shell"]
