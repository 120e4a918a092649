"""Workers made ahead, one query each; limits of time and size that the asking side enforces."""

from __future__ import annotations

import contextlib
import json
import threading
import time
from collections import Counter, OrderedDict, deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from omnix.sandbox import _frames
from omnix.sandbox._nursery import Nursery, Template, Worker, error_of, readable
from omnix.sandbox._turns import Turns
from omnix.sandbox.errors import SandboxError, StoppedError
from omnix.sandbox.worker import Spec

if TYPE_CHECKING:
    import socket

    from omnix.sandbox.exposed import Exposed

#: How rows are written; "check": none are, the query is only bound.
Format = Literal["json", "csv", "arrow", "check"]
#: Bytes beyond the rows that a worker may send: columns, brackets, Arrow's own.
_SLACK = 1 << 20
#: Sets of tables that are kept open; each version of a table makes a new one.
_KEPT_SETS = 4
#: Queries that wait hold a thread of the service each.
_MOST_WAITING = 16
#: Seconds within which most queries are done.
_AT_ONCE = 0.25
_LESS = "Read fewer rows or columns, or group them first."


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


@dataclass
class _Set:
    """What is kept for one set of tables: its template, and workers that wait for a query."""

    spec: bytes
    idle: deque[Worker] = field(default_factory=deque)
    template: Template | None = None
    making: threading.Lock = field(default_factory=threading.Lock)
    closed: bool = False

    def bear(self, nurse: Callable[[], Nursery]) -> Worker:
        """A new worker; the template is made when there is none or it has ended."""
        with self.making:
            if self.template and not self.template.is_alive:
                self.template.close()
                self.template = None
            if self.template is None:
                self.template = nurse().template(self.spec)
            return self.template.bear()

    def close(self) -> None:
        """End its idle workers and its template; those that work on a query are ended too."""
        self.closed = True
        while self.idle:
            self.idle.popleft().close()
        with self.making:
            template, self.template = self.template, None
        if template:
            template.close()


class Pool:
    """Workers for sets of tables. A set is known by a key that changes with what it shows."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        waiting = min(_MOST_WAITING, 4 * limits.workers)
        self._turns = Turns(limits.workers, waiting=waiting, patience=max(2.0, limits.seconds))
        self._nursery: Nursery | None = None
        self._starting = threading.Lock()
        self._lock = threading.Lock()
        self._sets: OrderedDict[str, _Set] = OrderedDict()
        self._retired: list[_Set] = []
        self._running: Counter[int] = Counter()
        self._wanted = threading.Event()
        self._closed = False
        self._filler: threading.Thread | None = None

    def spec(self, tables: Iterable[Exposed]) -> bytes:
        """The tables with this pool's limits, as a template takes them."""
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
            chosen = self._set(key, spec)
            try:
                worker = self._take(chosen)
                try:
                    return _asked(worker, query, guarded)
                finally:
                    worker.close()
            finally:
                self._give_back(chosen)

    def prepare(self, key: str, spec: bytes) -> None:
        """Make workers for a set of tables ahead, in the background."""
        self._give_back(self._set(key, spec))

    def forget(self, key: str) -> None:
        """Drop a set that is out of date, once nobody uses it."""
        with self._lock:
            if found := self._sets.pop(key, None):
                self._retired.append(found)
        self._wanted.set()

    def _set(self, key: str, spec: bytes) -> _Set:
        """The set of that key, which is now in use once more."""
        with self._lock:
            chosen = self._sets.setdefault(key, _Set(spec))
            self._sets.move_to_end(key)
            self._running[id(chosen)] += 1
            while len(self._sets) > _KEPT_SETS:
                self._retired.append(self._sets.popitem(last=False)[1])
        self._start_filling()
        return chosen

    def _give_back(self, chosen: _Set) -> None:
        with self._lock:
            self._running[id(chosen)] -= 1
            if not self._running[id(chosen)]:
                del self._running[id(chosen)]
        self._wanted.set()

    def _take(self, chosen: _Set) -> Worker:
        while True:
            with self._lock:
                worker = chosen.idle.popleft() if chosen.idle else None
            if worker is None:
                return chosen.bear(self._nurse)
            if not worker.is_gone:
                return worker
            worker.close()

    def _nurse(self) -> Nursery:
        with self._starting:
            if self._closed:
                raise StoppedError("start", "The service is closing.", "Ask again later.")
            if self._nursery and not self._nursery.is_alive:
                self._nursery.close()
                self._nursery = None
            if self._nursery is None:
                self._nursery = Nursery()
            return self._nursery

    def _start_filling(self) -> None:
        with self._starting:
            if self._filler is None and not self._closed:
                self._filler = threading.Thread(target=self._fill, name="omnix-sql-fill")
                self._filler.daemon = True
                self._filler.start()

    def _fill(self) -> None:
        """Retire what is out of date, and keep idle workers for the rest."""
        while not self._closed:
            self._wanted.wait()
            self._wanted.clear()
            for old in self._out_of_use():
                old.close()
            for chosen in self._lacking():
                if self._closed:
                    return
                with contextlib.suppress(SandboxError, OSError):
                    self._keep(chosen, chosen.bear(self._nurse))

    def _out_of_use(self) -> list[_Set]:
        with self._lock:
            old = [each for each in self._retired if not self._running[id(each)]]
            self._retired = [each for each in self._retired if self._running[id(each)]]
        return old

    def _lacking(self) -> list[_Set]:
        """Each set as often as it lacks a worker: the newest wants as many as may run at once."""
        with self._lock:
            newest = next(reversed(self._sets.values()), None)
            return [
                each
                for each in reversed(self._sets.values())
                for _ in range((self.limits.workers if each is newest else 1) - len(each.idle))
            ]

    def _keep(self, chosen: _Set, worker: Worker) -> None:
        with self._lock:
            if not chosen.closed and not self._closed:
                chosen.idle.append(worker)
                return
        worker.close()

    def close(self) -> None:
        """End every process; queries that run are stopped."""
        with self._starting:
            self._closed = True
            nursery, self._nursery = self._nursery, None
        self._wanted.set()
        if self._filler:
            self._filler.join()
        with self._lock:
            sets = [*self._sets.values(), *self._retired]
            self._sets.clear()
            self._retired.clear()
        for each in sets:
            each.close()
        if nursery:
            nursery.close()


def _asked(worker: Worker, query: Query, guarded: bool) -> Answer:
    until = time.monotonic() + query.seconds
    told = {"sql": query.sql, "rows": query.rows, "bytes": query.bytes, "format": query.format}
    content = json.dumps({**told, "guarded": guarded}).encode()
    try:
        worker.channel.sendall(_frames.HEADER.pack(_frames.QUERY, len(content)) + content)
    except OSError:
        raise _ended(worker) from None
    try:
        answer = _gathered(_Incoming(worker, query, until))
    except (ValueError, KeyError, TypeError, OverflowError):
        worker.child.kill()
        raise _odd("sent what it should not") from None
    if answer is None:
        raise _ended(worker)
    return answer


def _gathered(incoming: _Incoming) -> Answer | None:
    """The answer, put together from its frames; None where the worker ended before."""
    import orjson

    columns: dict[str, Any] = {}
    parts: list[bytes] = []
    for kind, body in incoming.frames():
        if kind == _frames.ERROR:
            raise error_of(body)
        if kind == _frames.COLUMNS:
            columns = orjson.loads(body)
        elif kind == _frames.DATA:
            parts.append(body)
        elif kind == _frames.END:
            return _answer(columns, b"".join(parts), orjson.loads(body))
    return None


def _odd(what: str) -> StoppedError:
    return StoppedError(
        "crash", f"The process of the query {what}.", "Write the query in another way."
    )


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
        self._slow = False

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
                self._worker.child.kill()
                raise _odd("sent what it should not")
            body = self._read(length)
            if body is None:
                return
            yield kind, body

    def _read(self, size: int) -> bytes | None:
        """So many bytes; None when the worker ended before."""
        channel: socket.socket = self._worker.channel
        while len(self._held) < size:
            if not self._readable():
                self._worker.child.kill()
                raise StoppedError(
                    "time", f"The query took longer than {self._query.seconds:g} seconds.", _LESS
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
                self._worker.child.kill()
                raise _odd("sent more than it may")
        taken = bytes(self._held[:size])
        del self._held[:size]
        return taken

    def _readable(self) -> bool:
        """Whether something comes in time; what takes long gives way to others."""
        left = self._until - time.monotonic()
        if not self._slow and left > _AT_ONCE:
            if readable(self._worker.channel, _AT_ONCE):
                return True
            self._slow = True
            self._worker.child.give_way()
            left = self._until - time.monotonic()
        return readable(self._worker.channel, left)


def _ended(worker: Worker) -> StoppedError:
    """What it means that the worker ended without saying why."""
    import signal

    child = worker.child
    child.kill()
    child.gone.wait(5)
    if child.exit_code in {-signal.SIGXCPU, -signal.SIGKILL}:
        what = "The query took more processor time or memory than one query may have."
        return StoppedError("killed", what, _LESS)
    return _odd("broke")
