"""The head of a request within limits: httptools takes one of any size, and waits for it for ever."""

from __future__ import annotations

import asyncio
from http import HTTPStatus

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

#: Bytes that the request line and the headers of one request may have, and seconds to send them in.
MOST, SECONDS = 64 << 10, 30.0


class GuardedProtocol(HttpToolsProtocol):
    """Ends a connection whose head does not end."""

    _in_head = False
    _read = 0
    _timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for the first request."""
        super().connection_made(transport)
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no more."""
        self._wait_no_more()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read on, unless this head is too long by now."""
        super().data_received(data)
        if not self._in_head:
            return
        self._read += len(data)
        if self._read > MOST:
            self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)

    def on_message_begin(self) -> None:
        """A head begins."""
        super().on_message_begin()
        self._in_head, self._read = True, 0
        self._wait()

    def on_headers_complete(self) -> None:
        """It is whole."""
        self._in_head = False
        self._wait_no_more()
        super().on_headers_complete()

    def _wait(self) -> None:
        self._wait_no_more()
        self._timer = self.loop.call_later(SECONDS, self._refuse, HTTPStatus.REQUEST_TIMEOUT)

    def _wait_no_more(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _refuse(self, status: HTTPStatus) -> None:
        self._in_head = False
        if self.transport.is_closing():
            return
        line = f"HTTP/1.1 {status.value} {status.phrase}\r\n"
        self.transport.write(line.encode() + b"connection: close\r\ncontent-length: 0\r\n\r\n")
        self.transport.close()
