"""Workers made ahead, one query each; limits of time and size that the asking side enforces."""

from __future__ import annotations

import contextlib
import json
import threading
import time
import weakref
from collections import OrderedDict, deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from omnix.sandbox import _frames
from omnix.sandbox._nursery import Nursery, Worker, error_of, readable
from omnix.sandbox._turns import Turns
from omnix.sandbox.errors import SandboxError, StoppedError
from omnix.sandbox.worker import Spec

if TYPE_CHECKING:
    import socket

#: How rows are written; "check": none are, the query is only bound.
Format = Literal["json", "csv", "arrow", "check"]
#: Bytes beyond the rows that a worker may send: columns, brackets, Arrow's own.
_SLACK = 1 << 20
#: Sets of tables for which idle workers are kept; each version of a table makes a new set.
_KEPT_SETS = 4


@dataclass(frozen=True)
class Limits:
    """What one query may take, and how many run at once."""

    workers: int = 2
    seconds: float = 10.0
    rows: int = 10_000
    bytes: int = 8 << 20
    memory: int = 1 << 30
    threads: int = 1


@dataclass(frozen=True)
class Answer:
    """What came of a query: columns, the rows written in the form asked for, and the account."""

    columns: tuple[tuple[str, str], ...]
    tables: tuple[str, ...]
    data: bytes
    row_count: int
    truncated: bool
    elapsed_ms: float


@dataclass(frozen=True)
class Query:
    """One query with its limits."""

    sql: str
    rows: int
    bytes: int
    seconds: float
    format: Format = "json"


class Pool:
    """Workers for sets of tables. A set is known by a key that changes with what it shows."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._turns = Turns(
            limits.workers, waiting=4 * limits.workers, patience=max(2.0, limits.seconds)
        )
        self._nursery: Nursery | None = None
        self._starting = threading.Lock()
        self._lock = threading.Lock()
        self._idle: OrderedDict[str, tuple[bytes, deque[Worker]]] = OrderedDict()
        self._wanted = threading.Event()
        self._closed = False
        self._filler: threading.Thread | None = None
        self._finalizer = weakref.finalize(self, _no_operation)

    def spec(self, tables: Any) -> bytes:
        """The tables with this pool's limits, as a worker takes them."""
        limits = self.limits
        cpu = int(limits.seconds * limits.threads) + 5
        return Spec(tuple(tables), limits.threads, limits.memory, cpu).to_json()

    def run(self, key: str, spec: bytes, query: Query, *, who: str = "") -> Answer:
        """Answer a query over a set of tables, within all limits.

        Raises:
            BusyError: too many are waiting.
            RefusedError, FailedError, StoppedError: it was not answered, and why.
            UnsupportedError: this machine cannot hold a query.

        """
        return self._run(key, spec, query, who, guarded=True)

    def _run(self, key: str, spec: bytes, query: Query, who: str, *, guarded: bool) -> Answer:
        """`run`; the tests take away the guard, to see that the other walls hold alone."""
        with self._turns.turn(who):
            worker = self._take(key, spec)
            try:
                return _asked(worker, query, guarded)
            finally:
                worker.close()
                self._wanted.set()

    def prepare(self, key: str, spec: bytes) -> None:
        """Make workers for a set of tables ahead, in the background."""
        self._remember(key, spec)
        self._start_filling()
        self._wanted.set()

    def _take(self, key: str, spec: bytes) -> Worker:
        self._remember(key, spec)
        self._start_filling()
        while worker := self._idle_one(key):
            if not worker.gone.is_set():
                return worker
            worker.close()
        return self._nurse().bear(spec)

    def _idle_one(self, key: str) -> Worker | None:
        with self._lock:
            ready = self._idle[key][1] if key in self._idle else ()
            return ready.popleft() if ready else None

    def _remember(self, key: str, spec: bytes) -> None:
        dropped: list[Worker] = []
        with self._lock:
            if key not in self._idle:
                self._idle[key] = (spec, deque())
            self._idle.move_to_end(key)
            while len(self._idle) > _KEPT_SETS:
                dropped += self._idle.popitem(last=False)[1][1]
        for worker in dropped:
            worker.close()

    def forget(self, key: str) -> None:
        """Drop the idle workers of a set that is out of date."""
        with self._lock:
            _, workers = self._idle.pop(key, (b"", deque()))
        for worker in workers:
            worker.close()

    def _nurse(self) -> Nursery:
        with self._starting:
            if self._nursery and not self._nursery.is_alive:
                self._nursery.close()
                self._nursery = None
            if self._nursery is None:
                self._nursery = Nursery()
                self._finalizer = weakref.finalize(self, self._nursery.close)
            return self._nursery

    def _start_filling(self) -> None:
        with self._starting:
            if self._filler is None and not self._closed:
                self._filler = threading.Thread(
                    target=self._fill, name="omnix-sql-fill", daemon=True
                )
                self._filler.start()

    def _fill(self) -> None:
        """Keep as many idle workers as may run at once for the newest set, one for the others."""
        while True:
            self._wanted.wait()
            self._wanted.clear()
            for key, spec in self._lacking():
                if self._closed:
                    return
                with contextlib.suppress(SandboxError, OSError):
                    self._keep(key, self._nurse().bear(spec))
            if self._closed:
                return

    def _lacking(self) -> Iterator[tuple[str, bytes]]:
        with self._lock:
            newest = next(reversed(self._idle), None)
            wants = [
                (key, spec, (self.limits.workers if key == newest else 1) - len(ready))
                for key, (spec, ready) in reversed(self._idle.items())
            ]
        for key, spec, count in wants:
            yield from [(key, spec)] * max(0, count)

    def _keep(self, key: str, worker: Worker) -> None:
        with self._lock:
            if key in self._idle and not self._closed:
                self._idle[key][1].append(worker)
                return
        worker.close()

    def close(self) -> None:
        """End every process; queries that run are stopped."""
        self._closed = True
        self._wanted.set()
        if self._filler:
            self._filler.join()
        with self._lock:
            workers = [worker for _, ready in self._idle.values() for worker in ready]
            self._idle.clear()
        for worker in workers:
            worker.close()
        with self._starting:
            nursery, self._nursery = self._nursery, None
        self._finalizer.detach()
        if nursery:
            nursery.close()


def _no_operation() -> None:
    """Nothing has been started yet."""


def _asked(worker: Worker, query: Query, guarded: bool) -> Answer:
    until = time.monotonic() + query.seconds
    told = {"sql": query.sql, "rows": query.rows, "bytes": query.bytes, "format": query.format}
    content = json.dumps({**told, "guarded": guarded}).encode()
    try:
        worker.channel.sendall(_frames.HEADER.pack(_frames.QUERY, len(content)) + content)
    except OSError:
        raise _ended(worker, query) from None
    incoming = _Incoming(worker, query, until)
    columns: dict[str, Any] = {}
    parts: list[bytes] = []
    for kind, body in incoming.frames():
        if kind == _frames.ERROR:
            raise error_of(body)
        if kind == _frames.COLUMNS:
            columns = json.loads(body)
        elif kind == _frames.DATA:
            parts.append(body)
        elif kind == _frames.END:
            return _answer(columns, b"".join(parts), json.loads(body))
    raise _ended(worker, query)


def _answer(columns: dict[str, Any], data: bytes, end: dict[str, Any]) -> Answer:
    return Answer(
        tuple((str(name), str(kind)) for name, kind in columns["columns"]),
        tuple(map(str, columns["tables"])),
        data,
        int(end["row_count"]),
        bool(end["truncated"]),
        float(end["elapsed_ms"]),
    )


class _Incoming:
    """Frames of a worker that may be hostile: none is longer, nor all together, than allowed."""

    def __init__(self, worker: Worker, query: Query, until: float) -> None:
        self._worker, self._query, self._until = worker, query, until
        self._left = query.bytes + _SLACK
        self._held = bytearray()

    def frames(self) -> Iterator[tuple[bytes, bytes]]:
        """One after another until the worker ends.

        Raises:
            StoppedError: time is up, or it sends what no worker sends.

        """
        while True:
            if (head := self._read(_frames.HEADER.size)) is None:
                return
            kind, length = _frames.HEADER.unpack(head)
            if length > self._left or kind not in b"CDEX":
                raise self._stopped("crash", "The process of the query sent what it should not.")
            body = self._read(length)
            if body is None:
                return
            yield kind, body

    def _read(self, size: int) -> bytes | None:
        """So many bytes; None when the worker ended before."""
        channel: socket.socket = self._worker.channel
        while len(self._held) < size:
            if not readable(channel, self._until - time.monotonic()):
                raise self._stopped(
                    "time", f"The query took longer than {self._query.seconds:g} seconds."
                )
            try:
                part = channel.recv(1 << 16)
            except OSError:
                part = b""
            if not part:
                return None
            self._left -= len(part)
            self._held += part
            if self._left < 0:
                raise self._stopped("crash", "The process of the query sent more than it may.")
        taken = bytes(self._held[:size])
        del self._held[:size]
        return taken

    def _stopped(self, cause: str, what: str) -> StoppedError:
        self._worker.kill()
        return StoppedError(cause, what, "Read fewer rows or columns, or group them first.")


def _ended(worker: Worker, query: Query) -> StoppedError:
    """What it means that the worker ended without saying why."""
    import signal

    worker.kill()
    worker.gone.wait(5)
    if worker.exit_code in {-signal.SIGXCPU, -signal.SIGKILL}:
        what = f"The query used more processor time than {query.seconds:g} seconds allow."
        return StoppedError("time", what, "Read fewer rows or columns, or group them first.")
    return StoppedError(
        "crash", "The query broke the process that ran it.", "Write it in another way."
    )
