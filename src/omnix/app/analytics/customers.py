"""One customer's features, thousands of times a second: an index of answers for each version.

The index is a SQLite file in the home's cache that only its owner can read; it holds the answers of
one version of the table and goes when the next one has its own.
"""

from __future__ import annotations

import secrets
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, suppress
from itertools import groupby
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any

from omnix.app.analytics.errors import NotFoundError
from omnix.app.analytics.provenance import provenance
from omnix.app.analytics.query import dumps
from omnix.app.analytics.reader import stamp_of
from omnix.core.errors import OmnixError
from omnix.core.private_files import make_empty
from omnix.core.table import quoted

if TYPE_CHECKING:
    from omnix.app.analytics.reader import Reader
    from omnix.lake.snapshot import Snapshot

TABLE = "customer_features"
_LONGEST = 200
_BATCH = 5_000
#: Seconds to rest after an index could not be made: a full disk does not get better by trying.
_REST = 60.0


class CustomerFeatures:
    """Point reads of `customer_features` by customer."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._folder = reader.app.settings.home / "cache" / "points"
        self._local = threading.local()
        self._lock = threading.Lock()
        self._building: threading.Thread | None = None
        self._ready = ""
        self._rest_until = 0.0
        self._tails: dict[str, bytes] = {}
        self._current: tuple[str, Snapshot | None] = ("", None)
        self._drop_all_but("")

    def remembered(self, customer_id: str, data_stamp: str) -> bytes | None:
        """As `get`, but only from the index and without a look at the lake; None tells nothing.

        `data_stamp` changes with the lake: while it stays, so does the version that is read.
        """
        known, snapshot = self._current
        if known != data_stamp or not data_stamp:
            snapshot = self._reader.snapshot(TABLE)
            self._current = (data_stamp, snapshot)
        if snapshot is None or (stamp := stamp_of({TABLE: snapshot})) != self._ready:
            return None
        try:
            found = self._look(stamp, customer_id)
        except sqlite3.Error:  # another process has swept the folder: `get` mends that
            return None
        return self._told(snapshot, stamp, customer_id, found) if found else None

    def get(self, customer_id: str) -> bytes:
        """The customer's rows, one for each currency, as JSON.

        Raises:
            NotFoundError: nobody of that id has ordered, or the table was never built.

        """
        snapshot = self._reader.snapshot(TABLE)
        if snapshot is None or not 0 < len(customer_id) <= _LONGEST:
            raise unknown(customer_id)
        stamp = stamp_of({TABLE: snapshot})
        found, looked = None, stamp == self._ready
        if looked:
            try:
                found = self._look(stamp, customer_id)
            except sqlite3.Error:  # another process has swept the folder
                self._ready, looked = "", False
        if not looked:
            self._build_apart(snapshot, stamp)
            found = self._read(snapshot, customer_id)
        if found is None:
            raise unknown(customer_id)
        return self._told(snapshot, stamp, customer_id, found)

    def settle(self, timeout: float | None = None) -> None:
        """Wait until an index that is being made is there."""
        if (thread := self._building) is not None:
            thread.join(timeout)

    def close(self) -> None:
        """Give back what is open; the file stays for the next start's broom."""
        self.settle()
        self._ready = ""
        self._drop_all_but("")

    def _told(self, snapshot: Snapshot, stamp: str, customer_id: str, rows: bytes) -> bytes:
        head = b'{"customer_id":' + dumps(customer_id) + b',"data":'
        return head + rows + self._tail(snapshot, stamp)

    def _tail(self, snapshot: Snapshot, stamp: str) -> bytes:
        if stamp not in self._tails:
            told = provenance(self._reader.tables, {TABLE: snapshot})
            self._tails = {stamp: b',"provenance":' + dumps(told) + b"}"}
        return self._tails[stamp]

    def _look(self, stamp: str, customer_id: str) -> bytes | None:
        row = self._connection(stamp).execute(
            "select told from points where customer_id = ?", (customer_id,)
        ).fetchone()  # fmt: skip
        return row[0] if row else None

    def _connection(self, stamp: str) -> sqlite3.Connection:
        """This thread's own; the one of the version before is closed."""
        local = self._local
        if getattr(local, "stamp", None) != stamp:
            if hasattr(local, "con"):
                local.con.close()
            path = self._path(stamp)
            local.con = sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)
            local.stamp = stamp
        con: sqlite3.Connection = local.con
        return con

    def _path(self, stamp: str) -> Path:
        return self._folder / f"{TABLE}-{stamp}.sqlite"

    def _read(self, snapshot: Snapshot, customer_id: str) -> bytes | None:
        """Straight from the table, while there is no index yet."""
        columns = ", ".join(map(quoted, self._columns()))
        rows = self._reader.records(
            f"""select {columns} from {TABLE} where customer_id = $id
                order by frequency desc, currency""",
            {"id": customer_id},
            {TABLE: snapshot},
        )
        return dumps(rows) if rows else None

    def _columns(self) -> list[str]:
        table = self._reader.tables[TABLE]
        return [name for name, column in table.columns.items() if column.person != "detail"]

    def _build_apart(self, snapshot: Snapshot, stamp: str) -> None:
        with self._lock:
            busy = self._building is not None and self._building.is_alive()
            if busy or stamp == self._ready or monotonic() < self._rest_until:
                return
            self._building = threading.Thread(
                target=self._build, args=(snapshot, stamp), name="customer-index", daemon=True
            )
            self._building.start()

    def _build(self, snapshot: Snapshot, stamp: str) -> None:
        """Write the index; where that fails, reads go on from the table itself."""
        import duckdb

        draft = self._folder / f".draft-{secrets.token_hex(8)}"
        try:
            make_empty(draft)
            with closing(sqlite3.connect(draft, isolation_level=None)) as con:
                con.execute("pragma journal_mode = off")
                con.execute("pragma synchronous = off")
                con.execute("create table points (customer_id text primary key, told blob) without rowid")  # fmt: skip
                con.execute("begin")
                con.executemany("insert into points values (?, ?)", self._points(snapshot))
                con.execute("commit")
            draft.replace(self._path(stamp))
            self._ready = stamp
            self._drop_all_but(stamp)
        except (OmnixError, OSError, sqlite3.Error, duckdb.Error):
            self._rest_until = monotonic() + _REST
            with suppress(OSError):
                draft.unlink(missing_ok=True)

    def _points(self, snapshot: Snapshot) -> Iterator[tuple[str, bytes]]:
        names = self._columns()
        columns = ", ".join(map(quoted, names))
        at = names.index("customer_id")
        with closing(self._reader.separate()) as con:
            self._reader.show(con, TABLE, snapshot, TABLE)
            result = con.execute(
                f"select {columns} from {TABLE} order by customer_id, frequency desc, currency"
            )

            def rows() -> Iterator[tuple[Any, ...]]:
                while found := result.fetchmany(_BATCH):
                    yield from found

            for customer_id, group in groupby(rows(), key=lambda row: row[at]):
                yield customer_id, dumps([dict(zip(names, row, strict=True)) for row in group])

    def _drop_all_but(self, stamp: str) -> None:
        """Remove the answers of other versions: what was erased from the table must not stay here."""
        kept = self._path(stamp).name
        with suppress(OSError):
            for path in self._folder.iterdir():
                if path.name != kept:
                    path.unlink(missing_ok=True)


def unknown(customer_id: str) -> NotFoundError:
    """What is told of a customer who is not there, and of one who is not the caller's to see."""
    return NotFoundError(f"There is no customer {customer_id[:80]!r} with an order.")
