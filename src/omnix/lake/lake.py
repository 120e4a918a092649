"""The lake: versioned tables that are published whole or not at all."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from omnix.core.errors import LakeError
from omnix.core.table import quoted
from omnix.lake import failures, maintain
from omnix.lake.files import Files, LocalFiles
from omnix.lake.log import entries, existing, oldest_readable, open_table, snapshot_of
from omnix.lake.reading import physical_sql, rows_sql
from omnix.lake.snapshot import Commit, Snapshot
from omnix.lake.writer import TableWriter
from omnix.lake.writing import Query, Start, Writing, write_sql

if TYPE_CHECKING:
    import duckdb

_NAME = re.compile(r"[A-Za-z0-9][\w.-]*(/[A-Za-z0-9][\w.-]*)*")


class Lake:
    """Tables under a folder, or under `s3://bucket/prefix`.

    `storage_options` are those of delta-rs (`AWS_ENDPOINT_URL`, `AWS_ALLOW_HTTP`, keys, region …);
    what is not given comes from the environment. `cache` is the local folder for files fetched from
    and on their way to an object store. `durable=False` leaves out fsync.
    """

    def __init__(
        self,
        url: str | Path,
        *,
        storage_options: Mapping[str, str] | None = None,
        cache: Path | None = None,
        durable: bool = True,
    ) -> None:
        self._files = _files(str(url), storage_options, cache, durable)
        self._known: dict[str, tuple[tuple[int, ...], Start]] = {}

    def names(self) -> list[str]:
        """Every table, for example `raw/orders`."""
        with failures.in_words(self._files, "The lake", "listing tables"):
            return self._files.names()

    def snapshot(self, name: str, version: int | None = None) -> Snapshot | None:
        """The newest version of a table, or `version`; None when there is no such table.

        Raises:
            LakeError: the version was never written or is gone, or the log is damaged.

        """
        if version is None:
            return self._newest(name).snapshot
        delta = open_table(self._files, _checked(name), version)
        if delta is None:
            return None
        snapshot = snapshot_of(self._files, name, delta)
        if not self._files.has(name, snapshot.data_files):
            oldest = oldest_readable(self._files, name)
            if version < oldest:
                raise failures.vacuumed(name, version, oldest)
        return snapshot

    def marks(self) -> dict[str, tuple[int, ...]]:
        """For each table, what changes with every commit: its version first. Cheap on a folder."""
        found: dict[str, tuple[int, ...]] = {}
        for name in self.names():
            mark = self._files.stamp(name)
            if mark is None and (snapshot := self.snapshot(name)):
                mark = (snapshot.version,)
            if mark:
                found[name] = mark
        return found

    def _newest(self, name: str) -> Start:
        """The newest version, remembered for as long as the log's last entry is the same."""
        with failures.in_words(self._files, name, "opening the table"):
            stamp = self._files.stamp(_checked(name))
        known = self._known.get(name)
        if known and stamp and known[0] == stamp:
            return known[1]
        delta = open_table(self._files, name)
        if delta is None:
            return Start(None, None)
        start = Start(delta, snapshot_of(self._files, name, delta))
        if stamp and stamp[0] == delta.version():
            self._known[name] = (stamp, start)
        return start

    def _existing(self, name: str) -> Snapshot:
        snapshot = self.snapshot(name)
        if snapshot is None:
            raise failures.missing(name, self.names())
        return snapshot

    def publish(
        self,
        name: str,
        con: duckdb.DuckDBPyConnection,
        sql: str,
        columns: Mapping[str, Any],
        *,
        params: Mapping[str, Any] | Sequence[Any] | None = None,
        metadata: Mapping[str, str] | None = None,
        key: Sequence[str] = (),
        transaction: tuple[str, int] | None = None,
    ) -> Snapshot:
        """Replace the table with the rows of `sql`, in one commit; its schema may be a new one.

        `columns` maps each visible column to a `Column`, a DuckDB type or an Arrow type; columns of
        `sql` beyond these must begin with an underscore and stay hidden. With `transaction`
        (application, number) already committed nothing is written.

        Raises:
            LakeError: the rows do not have these columns, another writer was faster, or the disk or
                store did not take them; the last version stays.

        """
        writing = self._writing(name, columns, "publish", key)
        query = Query(con, sql, params)
        return write_sql(writing, query, metadata=metadata or {}, transaction=transaction)

    def append(
        self,
        name: str,
        con: duckdb.DuckDBPyConnection,
        sql: str,
        columns: Mapping[str, Any],
        *,
        params: Mapping[str, Any] | Sequence[Any] | None = None,
        metadata: Mapping[str, str] | None = None,
        transaction: tuple[str, int] | None = None,
        key: Sequence[str] = (),
        changes: bool = False,
    ) -> Snapshot:
        """Add the rows of `sql` in one commit; create the table when there is none.

        `changes=True`: the rows are newer versions of keyed rows. Each carries `_row` (BIGINT, larger
        than that of every earlier version of its key) and, to delete its key, `_deleted`. New
        nullable columns are added to the table; its other columns keep their types.

        Raises:
            LakeError: as `publish`; also when the table's key or a column's type is another.

        """
        writing = self._writing(name, columns, "changes" if changes else "append", key)
        query = Query(con, sql, params)
        return write_sql(writing, query, metadata=metadata or {}, transaction=transaction)

    def writer(
        self,
        name: str,
        columns: Mapping[str, Any],
        *,
        mode: Literal["overwrite", "append", "changes"],
        key: Sequence[str] = (),
    ) -> TableWriter:
        """A context manager whose `.write(pa.Table)` streams rows to a file of flat memory use.

        Nothing is visible before `.commit(metadata=…, transaction=…)`; leaving without it drops the
        file.
        """
        operation: Any = "publish" if mode == "overwrite" else mode
        return TableWriter(self._writing(name, columns, operation, key))

    def _writing(
        self, name: str, columns: Mapping[str, Any], operation: Any, key: Sequence[str]
    ) -> Writing:
        return Writing(
            self._files,
            _checked(name),
            dict(columns),
            operation,
            tuple(key),
            lambda: self._newest(name),
        )

    def view(
        self,
        con: duckdb.DuckDBPyConnection,
        name: str,
        *,
        as_name: str | None = None,
        version: int | None = None,
        since: int | None = None,
        physical: bool = False,
        hidden: bool = False,
    ) -> Snapshot:
        """Make the table a temporary view of `con`, called `as_name` (or the last part of its name).

        It has the contract's columns in their order, each timestamp as UTC without a zone; of keyed
        rows only the newest, without deleted ones. `since`: only what was added after that version.
        `physical`: every row of the files, with the hidden columns. `hidden`: the hidden columns
        too, but `_deleted`, which none of the rows is.

        Raises:
            LakeError: no such table or version, a damaged file, or the table was rewritten after
                `since` (see `only_appended_since`).

        """
        snapshot = self.snapshot(name, version)
        if snapshot is None:
            raise failures.missing(name, self.names())
        with failures.in_words(self._files, name, "reading"):
            shown = _with_hidden(snapshot) if hidden else snapshot
            with failures.of_own_query(self._files, snapshot):
                sql = self._sql(con, shown, since, physical)
            con.execute(
                f"create or replace temp view {quoted(as_name or name.rpartition('/')[2])} as {sql}"
            )
        return snapshot

    def _sql(
        self, con: duckdb.DuckDBPyConnection, snapshot: Snapshot, since: int | None, physical: bool
    ) -> str:
        old = self._files_at(snapshot, since)
        chosen = [file for file in snapshot.data_files if file.path not in old]
        if physical:
            return physical_sql(con, snapshot, [snapshot.locate(file) for file in chosen])
        base = [snapshot.locate(file) for file in chosen if not file.is_change]
        return rows_sql(
            con, snapshot, base, [snapshot.locate(file) for file in chosen if file.is_change]
        )

    def _files_at(self, snapshot: Snapshot, since: int | None) -> set[str]:
        if since is None:
            return set()
        old = self._paths(snapshot.name, since)
        if not old <= {file.path for file in snapshot.data_files}:
            raise LakeError(
                f"{snapshot.name} was rewritten after version {since}; what was added since cannot be told.",
                "Read it in full.",
            )
        return old

    def only_appended_since(self, name: str, version: int) -> bool:
        """Whether the newest version is `version` plus added rows, so that `view(since=…)` works."""
        snapshot = self.snapshot(name)
        if snapshot is None or version > snapshot.version:
            return False
        return self._paths(name, version) <= {file.path for file in snapshot.data_files}

    def _paths(self, name: str, version: int) -> set[str]:
        delta = existing(self._files, name, version)
        return {file.path for file in snapshot_of(self._files, name, delta).data_files}

    def history(self, name: str) -> list[Commit]:
        """The table's commits, newest first.

        Raises:
            LakeError: no such table, or its log is damaged.

        """
        newest = self._existing(name).version
        return [entry.commit for entry in entries(self._files, name, newest)]

    def compact(self, name: str) -> Snapshot:
        """Fold changes and small files into one base file; what is read stays the same.

        Raises:
            LakeError: no such table, another writer replaced it meanwhile, or the disk is full.

        """
        start = self._newest(name)
        if start.snapshot is None:
            raise failures.missing(name, self.names())
        columns = {**start.snapshot.columns, **start.snapshot.hidden}
        columns.pop("_deleted", None)  # nothing deleted is left
        return maintain.compact(self._writing(name, columns, "compact", ()), start, start.snapshot)

    def vacuum(
        self, name: str, *, keep_versions: int | None, older_than: timedelta | None
    ) -> list[str]:
        """Delete the files that only versions beyond retention read; give their names.

        A version is kept when it is among the last `keep_versions` or younger than `older_than`; the
        newest always. Files that no commit names go when they are an hour old.

        Raises:
            LakeError: no such table, or the store did not allow it.

        """
        snapshot = self._existing(name)
        return maintain.vacuum(self._files, snapshot, keep_versions, older_than)

    def delete(self, name: str) -> None:
        """Remove the table with all its versions; nothing happens when there is none."""
        self._known.pop(_checked(name), None)
        with failures.in_words(self._files, name, "deleting"):
            self._files.remove_table(name)

    def explain(self, error: Exception, names: Iterable[str] = ()) -> LakeError | None:
        """What an error of a query over the lake's views means, when a table's file is at fault.

        DuckDB does not always name the file; then the tables in `names` are read to find out.
        """
        told = failures.damaged_file(self._files, error)
        if told or not failures.is_duckdb(error):
            return told
        there = set(self._files.names())
        return next((bad for name in names if name in there and (bad := self.check(name))), None)

    def check(self, name: str) -> LakeError | None:
        """What is wrong with the newest version of a table, every cell of it read; None: nothing."""
        import duckdb

        try:
            snapshot = self._existing(name)
            with duckdb.connect() as con, failures.of_own_query(self._files, snapshot):
                self.view(con, name, as_name="looked_at", physical=True)
                con.execute("select bit_xor(hash(looked_at)) from looked_at").fetchall()
        except LakeError as error:
            return error
        return None


def _files(url: str, options: Mapping[str, str] | None, cache: Path | None, durable: bool) -> Files:
    if not url.startswith("s3://"):
        return LocalFiles(Path(url.removeprefix("file://")), durable=durable)
    from omnix.lake.object_store import ObjectFiles

    return ObjectFiles(url, options or {}, cache)


def _with_hidden(snapshot: Snapshot) -> Snapshot:
    shown = {name: kind for name, kind in snapshot.hidden.items() if name != "_deleted"}
    return replace(snapshot, columns={**snapshot.columns, **shown})


def _checked(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise LakeError(
            f"{name!r} is no name for a table.", "Use letters, digits, `_`, `-` and `/`."
        )
    return name
