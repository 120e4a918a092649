"""A load generator of its own process: `python -m benchmarks.load URL RATE SECONDS < paths`.

RATE 0 is a closed loop of 32 connections, each asking again as soon as it is answered: how much
the server can do. Any other RATE is an open loop: requests start at fixed times whether or not
earlier ones were answered, and latency counts from the time at which a request should have started
(a closed loop hides every stall). Prints one line of JSON.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from collections import deque
from urllib.parse import urlsplit

import uvloop

CONNECTIONS = 32


class Connection(asyncio.Protocol):
    """One connection: requests go out in order, answers are counted by their length."""

    def __init__(self, done: Load) -> None:
        self.load, self.buffer, self.sent = done, b"", deque[float]()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport: asyncio.Transport = transport  # type: ignore[assignment]

    def ask(self, request: bytes, intended: float) -> None:
        self.sent.append(intended)
        self.transport.write(request)

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        while (end := self.buffer.find(b"\r\n\r\n")) >= 0:
            head = self.buffer[:end].lower()
            at = head.find(b"content-length:")
            length = int(head[at + 15 :].split(b"\r\n", 1)[0]) if at >= 0 else 0
            if len(self.buffer) < end + 4 + length:
                return
            self.buffer = self.buffer[end + 4 + length :]
            self.load.answered(self, head[9:12], self.sent.popleft())


class Load:
    """The whole measurement."""

    def __init__(self, url: str, token: str, rate: float, seconds: float, paths: list[str]) -> None:
        self.where = urlsplit(url)
        self.rate, self.seconds = rate, seconds
        head = f"Host: {self.where.netloc}\r\nAuthorization: Bearer {token}\r\nAccept: application/json\r\n"
        extra = os.environ.get("LOAD_HEADER", "")
        head += f"{extra}\r\n" if extra else ""
        self.requests = [f"GET {path} HTTP/1.1\r\n{head}\r\n".encode() for path in paths]
        self.latencies: list[float] = []
        self.statuses: dict[str, int] = {}
        self.next = 0
        self.open = True

    def request(self) -> bytes:
        self.next += 1
        return self.requests[self.next % len(self.requests)]

    def answered(self, connection: Connection, status: bytes, intended: float) -> None:
        now = time.perf_counter()
        self.latencies.append(now - intended)
        word = status.decode()
        self.statuses[word] = self.statuses.get(word, 0) + 1
        if not self.rate and self.open:
            connection.ask(self.request(), now)

    async def run(self) -> dict[str, object]:
        loop = asyncio.get_running_loop()
        connections = [
            (
                await loop.create_connection(
                    lambda: Connection(self), self.where.hostname, self.where.port
                )
            )[1]
            for _ in range(CONNECTIONS)
        ]
        started = time.perf_counter()
        if self.rate:
            await self._at_fixed_times(connections, started)
        else:
            for each in connections:
                each.ask(self.request(), time.perf_counter())
            await asyncio.sleep(self.seconds)
        self.open = False
        took = time.perf_counter() - started
        count = len(self.latencies)
        await asyncio.sleep(0.5)
        found = sorted(self.latencies)
        at = lambda share: found[min(len(found) - 1, int(share * len(found)))] * 1000  # noqa: E731
        return {
            "rps": count / took, "p50_ms": at(0.5), "p99_ms": at(0.99), "p999_ms": at(0.999),
            "statuses": self.statuses,
        }  # fmt: skip

    async def _at_fixed_times(self, connections: list[Connection], started: float) -> None:
        total = int(self.rate * self.seconds)
        number = 0
        while number < total:
            now = time.perf_counter()
            while number < total and (intended := started + number / self.rate) <= now:
                connections[number % CONNECTIONS].ask(self.request(), intended)
                number += 1
            await asyncio.sleep(max(0.0, started + number / self.rate - time.perf_counter()))


def main() -> None:
    url, rate, seconds = sys.argv[1:4]
    token = os.environ["LOAD_TOKEN"]
    paths = sys.stdin.read().split()
    load = Load(url, token, float(rate), float(seconds), paths)
    print(json.dumps(uvloop.run(load.run())))


if __name__ == "__main__":
    main()
