"""Requests put straight into the application: ten thousand of them in some seconds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote


@dataclass
class Answered:
    """What came back; `seen` is all of it but for the time of day."""

    status: int = 0
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    body: bytes = b""

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")

    @property
    def kind(self) -> str:
        """The content type; empty: none."""
        return dict(self.headers).get(b"content-type", b"").decode()

    @property
    def seen(self) -> bytes:
        return repr((self.status, sorted(self.headers), self.body)).encode()


async def ask(
    app: Any,
    method: str,
    path: str,
    token: str = "",
    body: bytes = b"",
    *,
    kind: str = "application/json",
    piece: int = 0,
) -> Answered:
    """One request to an ASGI application, with a fixed request id.

    `path` may end with a query; `piece`: the body comes in pieces of so many bytes, its length
    unsaid.
    """
    headers = [(b"host", b"test"), (b"x-request-id", b"the-same-request")]
    if token:
        headers.append((b"authorization", b"Bearer " + token.encode("latin-1")))
    if kind and method != "GET":
        headers.append((b"content-type", kind.encode("latin-1")))
    if not piece:
        headers.append((b"content-length", str(len(body)).encode()))
    raw, _, query = path.partition("?")
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method,
        "scheme": "http", "path": unquote(raw), "raw_path": raw.encode(),
        "query_string": query.encode(), "root_path": "", "headers": headers,
        "client": ("127.0.0.1", 5), "server": ("test", 80),
    }  # fmt: skip
    answer, messages = Answered(), list(_messages(body, piece or len(body) or 1))

    async def receive() -> dict[str, Any]:
        return messages.pop(0) if messages else {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            answer.status, answer.headers = message["status"], list(message["headers"])
        else:
            answer.body += message.get("body", b"")

    await app(scope, receive, send)
    return answer


def _messages(body: bytes, piece: int) -> Iterator[dict[str, Any]]:
    for start in range(0, max(1, len(body)), piece):
        end = start + piece
        yield {"type": "http.request", "body": body[start:end], "more_body": end < len(body)}
