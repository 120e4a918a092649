"""Heads of requests that never end: too long, or too slow."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest

from omnix.api import protocol
from serving import listening


async def greeting(scope: Any, receive: Any, send: Any) -> None:
    """Answers everything, once it has all of it."""
    if scope["type"] == "http":
        while (await receive()).get("more_body"):
            pass
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"hello"})


@pytest.fixture
def line() -> Iterator[socket.socket]:
    with listening(greeting) as url:
        address = urlsplit(url)
        with socket.create_connection((address.hostname or "", address.port or 0), 30) as found:
            yield found


def told(line: socket.socket) -> bytes:
    """All that comes until the other side ends."""
    found = b""
    try:
        while piece := line.recv(65_536):
            found += piece
    except ConnectionResetError:  # it closed while we were still sending
        pass
    return found


def send(line: socket.socket, *pieces: bytes) -> None:
    try:
        for piece in pieces:
            line.sendall(piece)
    except (ConnectionResetError, BrokenPipeError):
        pass


def sent_until_refused(line: socket.socket, piece: bytes, *, most: int) -> int:
    """How often the other side takes a piece before it ends the connection."""
    for count in range(most):
        try:
            line.sendall(piece)
        except (ConnectionResetError, BrokenPipeError):
            return count
    return most


def test_a_header_without_end_is_cut_off(line: socket.socket) -> None:
    line.sendall(b"GET / HTTP/1.1\r\nHost: here\r\nX-Long: ")
    assert sent_until_refused(line, b"a" * 65_536, most=512) < 256


def test_many_headers_are_too_many(line: socket.socket) -> None:
    send(line, b"GET / HTTP/1.1\r\n", *(b"X-%d: a\r\n" % n for n in range(20_000)))
    assert b"HTTP/1.1 200" not in told(line)


def test_a_head_that_does_not_come_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(protocol, "SECONDS", 0.05)
    for begun in (b"", b"GET / HTTP/1.1\r\nHost:"):
        with listening(greeting) as url:
            address = urlsplit(url)
            with socket.create_connection((address.hostname or "", address.port or 0), 30) as slow:
                slow.sendall(begun)
                assert told(slow).startswith(b"HTTP/1.1 408 ")


def test_long_bodies_and_further_requests_are_none_of_its_business(line: socket.socket) -> None:
    body = b"b" * (protocol.MOST * 4)
    for closing in (b"", b"Connection: close\r\n"):
        line.sendall(b"POST / HTTP/1.1\r\nHost: here\r\n%sContent-Length: %d\r\n\r\n" % (closing, len(body)))  # fmt: skip
        line.sendall(body)
    assert told(line).count(b"HTTP/1.1 200") == 2
