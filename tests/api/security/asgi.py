"""Requests put straight into the application: ten thousand of them in some seconds."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass
class Answered:
    """What came back; `seen` is all of it but for the time of day."""

    status: int = 0
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    body: bytes = b""

    @property
    def seen(self) -> bytes:
        return repr((self.status, sorted(self.headers), self.body)).encode()


async def ask(app: Any, method: str, path: str, token: str = "", body: bytes = b"") -> Answered:
    """One request to an ASGI application, with a fixed request id."""
    headers = [(b"host", b"test"), (b"x-request-id", b"the-same-request")]
    if token:
        headers.append((b"authorization", b"Bearer " + token.encode("latin-1")))
    if body:
        headers.append((b"content-type", b"application/json"))
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method,
        "scheme": "http", "path": path, "raw_path": path.encode(), "query_string": b"",
        "root_path": "", "headers": headers, "client": ("127.0.0.1", 5), "server": ("test", 80),
    }  # fmt: skip
    answer, given = Answered(), [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> dict[str, Any]:
        return given.pop() if given else {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            answer.status, answer.headers = message["status"], list(message["headers"])
        else:
            answer.body += message.get("body", b"")

    await app(scope, receive, send)
    return answer
