"""Reading published tables many times over: pinned versions, one database, remembered answers."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING, Any, TypeVar

from omnix.app.analytics.errors import BusyError, VersionGoneError
from omnix.app.read import Rows
from omnix.core.errors import LakeError, LakeUnavailable
from omnix.lake.failures import is_duckdb
from omnix.pipeline.engine import connect

if TYPE_CHECKING:
    from collections.abc import Iterator

    import duckdb

    from omnix.app.app import App
    from omnix.core.table import Table
    from omnix.lake.snapshot import Snapshot

T = TypeVar("T")
#: Table → its newest version, None where it was never built.
Pins = Mapping[str, "Snapshot | None"]
#: How long an object store's versions are taken as known: asking it costs a round trip.
_FAR_SECONDS = 1.0
_MOST_ANSWERS, _MOST_BYTES = 2_000, 64 << 20


class Reader:
    """Reads of one app's lake, safe in many threads; each has its own cursor of one database."""

    def __init__(self, app: App) -> None:
        self.app = app
        self._local = threading.local()
        self._lock = threading.Lock()
        self._database: duckdb.DuckDBPyConnection | None = None
        self._answers = _Answers()
        self._far = app.settings.lake.startswith("s3://")
        self._seen: dict[str, tuple[float, Snapshot | None]] = {}

    def close(self) -> None:
        """Give the database back."""
        with self._lock:
            if self._database is not None:
                self._database.close()
            self._database, self._local = None, threading.local()

    @property
    def tables(self) -> Mapping[str, Table]:
        """Every table of the home's graph by name."""
        return self.app.graph.tables

    def path_of(self, name: str) -> str:
        """Where a table of the graph lies in the lake; a path is itself."""
        table = self.tables.get(name)
        return table.path if table else name

    def snapshot(self, name: str) -> Snapshot | None:
        """The newest version of a table; None when it was never built.

        Raises:
            LakeError: its log is damaged, or the store does not answer.

        """
        if not self._far:
            return self.app.lake.snapshot(self.path_of(name))
        known = self._seen.get(name)
        if known is None or known[0] < monotonic():
            known = (monotonic() + _FAR_SECONDS, self.app.lake.snapshot(self.path_of(name)))
            self._seen[name] = known
        return known[1]

    def pins(self, names: Iterable[str]) -> dict[str, Snapshot | None]:
        """The newest version of each table."""
        return {name: self.snapshot(name) for name in names}

    def data_version(self, names: Iterable[str]) -> str:
        """Changes whenever one of the tables does: what an ETag is made of."""
        return stamp_of(self.pins(names))

    def answer(self, what: Hashable, names: Iterable[str], make: Callable[[Pins], T]) -> T:
        """What `make` gives over the tables' newest versions, remembered until one changes.

        A version that a run replaces and removes in the middle of it: once more with the new one.
        """
        tables = tuple(names)
        pins = self.pins(tables)
        try:
            return self._answers.get(what, stamp_of(pins), lambda: make(pins))
        except VersionGoneError:
            pins = self.pins(tables)
            return self._answers.get(what, stamp_of(pins), lambda: make(pins))

    def rows(self, sql: str, params: Mapping[str, Any] | None, pins: Pins) -> Rows:
        """The rows of our own SQL over tables at pinned versions, each known by its name.

        Raises:
            VersionGoneError: a pinned version was removed meanwhile.
            LakeError: a table was never built, or a file of it is damaged.

        """
        with self.cursor(pins) as con:
            result = con.execute(sql, dict(params or {}))
            columns = tuple(item[0] for item in result.description or ())
            return Rows(columns, result.fetchall())

    def records(
        self, sql: str, params: Mapping[str, Any] | None, pins: Pins
    ) -> list[dict[str, Any]]:
        """`rows` as dicts."""
        found = self.rows(sql, params, pins)
        return [dict(zip(found.columns, row, strict=True)) for row in found.rows]

    @contextmanager
    def cursor(self, pins: Pins) -> Iterator[duckdb.DuckDBPyConnection]:
        """This thread's connection with a view of each table, as of its pinned version."""
        con, held = self._mine()
        try:
            for name, snapshot in pins.items():
                self._show(con, held, name, snapshot)
            yield con
        except Exception as error:
            held.clear()
            told = self.explained(error, pins)
            if told is None:
                raise
            raise told from error

    def separate(self) -> duckdb.DuckDBPyConnection:
        """A cursor of one's own, for an answer that is streamed; the caller closes it."""
        with self._lock:
            return self._shared().cursor()

    def show(
        self, con: duckdb.DuckDBPyConnection, name: str, snapshot: Snapshot, as_name: str
    ) -> None:
        """Make a version of a table a view of `con`."""
        path = self.path_of(name)
        found = self.app.lake.view(con, path, as_name=as_name)
        if found.version != snapshot.version:
            self.app.lake.view(con, path, as_name=as_name, version=snapshot.version)

    def _mine(self) -> tuple[duckdb.DuckDBPyConnection, dict[str, int]]:
        local = self._local
        if not hasattr(local, "con"):
            with self._lock:
                local.con = self._shared().cursor()
            local.held = {}
        return local.con, local.held

    def _shared(self) -> duckdb.DuckDBPyConnection:
        if self._database is None:
            settings = self.app.settings
            self._database = connect(
                threads=settings.threads,
                memory_limit=settings.memory_limit,
                spill=settings.home / "cache" / "spill",
            )
        return self._database

    def _show(
        self,
        con: duckdb.DuckDBPyConnection,
        held: dict[str, int],
        name: str,
        snapshot: Snapshot | None,
    ) -> None:
        if snapshot is None:
            path = self.path_of(name)
            raise LakeError(f"{name} was never built.", f"`omnix run {path.rpartition('/')[2]}` builds it.")  # fmt: skip
        mark = hash((snapshot.version, snapshot.at))
        if held.get(name) != mark:
            self.show(con, name, snapshot, name)
            held[name] = mark

    def explained(self, error: Exception, pins: Pins) -> Exception | None:
        """What an error of a query means to the caller; None when it is a fault of ours."""
        if not isinstance(error, LakeError) and not is_duckdb(error):
            return None
        for name, snapshot in pins.items():
            if snapshot is not None and self._moved_on(name, snapshot):
                return VersionGoneError(
                    f"Version {snapshot.version} of {name} was removed while it was being read.",
                    "Ask again from the beginning: a newer version is there.",
                )
        if type(error).__name__ == "OutOfMemoryException":
            return BusyError(
                "The answer needs more memory than is free.",
                "Ask for fewer rows or columns, or again later.",
            )
        return self.app.lake.explain(error, [self.path_of(name) for name in pins])

    def _moved_on(self, name: str, snapshot: Snapshot) -> bool:
        """Whether the version's files are gone for the good reason that a newer one replaced it."""
        try:
            self.app.lake.snapshot(self.path_of(name), snapshot.version)
            newest = self.app.lake.snapshot(self.path_of(name))
        except LakeUnavailable:
            return False
        except LakeError:
            return True
        return newest is None


def stamp_of(pins: Pins) -> str:
    """A short text that changes whenever one of the pinned versions does."""
    told = [
        f"{name}:{pin.version}:{pin.at.timestamp()}" if pin else f"{name}:-"
        for name, pin in sorted(pins.items())
    ]
    return hashlib.blake2s("\n".join(told).encode(), digest_size=12).hexdigest()


@dataclass
class _Kept:
    stamp: str
    value: Any
    size: int


class _Answers:
    """Answers by question, each for one state of the data; the longest unused go first."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Hashable, _Kept] = OrderedDict()
        self._size = 0
        self._lock = threading.Lock()
        self._making: dict[Hashable, threading.Lock] = {}

    def get(self, what: Hashable, stamp: str, make: Callable[[], T]) -> T:
        found = self._look(what, stamp)
        if found is not None:
            return found.value  # type: ignore[no-any-return]
        with self._turn(what):  # of many that ask at once one computes
            found = self._look(what, stamp)
            if found is not None:
                return found.value  # type: ignore[no-any-return]
            value = make()
            self._keep(what, _Kept(stamp, value, _size(value)))
            return value

    def _look(self, what: Hashable, stamp: str) -> _Kept | None:
        with self._lock:
            found = self._kept.get(what)
            if found is None or found.stamp != stamp:
                return None
            self._kept.move_to_end(what)
            return found

    @contextmanager
    def _turn(self, what: Hashable) -> Iterator[None]:
        with self._lock:
            lock = self._making.setdefault(what, threading.Lock())
        with lock:
            try:
                yield
            finally:
                with self._lock:
                    self._making.pop(what, None)

    def _keep(self, what: Hashable, kept: _Kept) -> None:
        with self._lock:
            old = self._kept.pop(what, None)
            self._size += kept.size - (old.size if old else 0)
            self._kept[what] = kept
            while len(self._kept) > _MOST_ANSWERS or (
                self._size > _MOST_BYTES and len(self._kept) > 1
            ):
                _, gone = self._kept.popitem(last=False)
                self._size -= gone.size


def _size(value: Any) -> int:
    if isinstance(value, bytes):
        return len(value)
    if isinstance(value, Sequence | Mapping):
        return 200 * (1 + len(value))
    return 1_000
