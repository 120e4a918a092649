"""Writing rows to a new file and committing it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from omnix.core.errors import LakeError
from omnix.core.table import literal
from omnix.lake import failures
from omnix.lake.commit import Change, Operation, commit
from omnix.lake.files import Files, unique_name
from omnix.lake.snapshot import BASE, CHANGE, DataFile, Snapshot
from omnix.lake.types import (
    arrow_type,
    delta_field,
    fits,
    stored_columns,
    stored_type,
    write_expression,
)

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa
    from deltalake import DeltaTable, Field
    from pyarrow.parquet import ParquetWriter

#: Rows in one row group of a Parquet file: DuckDB's own choice, the unit of its parallelism.
ROW_GROUP = 122_880
_ATTEMPTS = 5


@dataclass(frozen=True)
class Writing:
    """One write to one table, before its commit."""

    files: Files
    table: str
    declared: Mapping[str, Any]
    operation: Operation
    key: tuple[str, ...]
    newest: Callable[[], tuple[DeltaTable | None, Snapshot | None]]

    def done(self, transaction: tuple[str, int] | None) -> Snapshot | None:
        """The table as it is, when the transaction has been committed before.

        It is made durable once more: the process that committed it may have died before that.
        """
        _, current = self.newest()
        if current is None or transaction is None:
            return None
        application, number = transaction
        if (current.transaction_version(application) or -1) < number:
            return None
        self._sync(current, range(current.version, current.version + 1))
        return current

    def stage(self) -> Path:
        """Where to write the new file."""
        prefix = CHANGE if self.operation == "changes" else BASE
        with failures.in_words(self.files, self.table, "writing"):
            return self.files.stage(self.table, unique_name(prefix))

    def stored(self, given: Mapping[str, str], current: Snapshot | None) -> dict[str, str]:
        """The stored type of each column of a result with DuckDB types `given`.

        Raises:
            LakeError: the columns are not those declared, or do not fit the table's.

        """
        stored = stored_columns(self.table, self.declared, given)
        self._check_key(stored, current)
        if self.operation == "publish" or current is None:
            return stored
        there = {**current.columns, **current.hidden}
        wrong = [
            f"{n} (table {there[n]}, rows {kind})"
            for n, kind in stored.items()
            if not fits(there.get(n, kind), kind)
        ]
        if wrong:
            raise LakeError(
                f"{self.table}: rows of other types than the table's cannot be added: {', '.join(wrong)}.",
                "Write the table anew with the new types (`omnix run --full`).",
            )
        return {name: there.get(name, kind) for name, kind in stored.items()}

    def _check_key(self, stored: Mapping[str, str], current: Snapshot | None) -> None:
        if (
            current is not None
            and self.operation != "publish"
            and self.key not in ((), current.key)
        ):
            raise LakeError(
                f"{self.table} has the key {current.key}, not {self.key}.",
                "Publish it anew with the new key.",
            )
        key = self.key or (current.key if current and self.operation != "publish" else ())
        needed = [*key, *(("_row",) if self.operation == "changes" else ())]
        if lacking := [name for name in needed if name not in stored]:
            raise LakeError(
                f"{self.table}: the rows lack {', '.join(lacking)}.",
                "Changes need the key and `_row`.",
            )
        if self.operation == "changes" and not key:
            raise LakeError(
                f"{self.table} has no key, so nothing in it can be changed.", "Give `key`."
            )

    def fields(self, stored: Mapping[str, str], current: Snapshot | None) -> list[Field]:
        """The Delta fields of the table after this write."""
        key = self.key or (current.key if current and self.operation != "publish" else ())
        return [
            delta_field(name, kind, self.declared.get(name), key) for name, kind in stored.items()
        ]

    def finish(
        self,
        staged: Path,
        rows: int,
        stored: Mapping[str, str],
        metadata: Mapping[str, str],
        transaction: tuple[str, int] | None,
        start: tuple[DeltaTable | None, Snapshot | None],
        removed: Sequence[DataFile] = (),
    ) -> Snapshot:
        """Commit the written file; give the version that holds it.

        `start` is the table as it was when the write began. A replacing write that meets another
        commit since then gives up; an adding one goes after it.
        """
        added = DataFile(staged.name, staged.stat().st_size, rows)
        empty = not rows and self.operation != "publish" and start[1] is not None
        if empty:
            self.files.drop(self.table, staged)
        else:
            with failures.in_words(self.files, self.table, "writing"):
                self.files.keep(self.table, staged)
        for _ in range(_ATTEMPTS):
            delta, before = start
            fields = self._evolved(delta, self.fields(stored, before))
            change = Change(
                self.operation, fields, None if empty else added, removed, metadata, transaction
            )
            if commit(self.files, self.table, delta, change):
                return self._after(before, change)
            if self.operation in ("publish", "compact"):
                break
            start = self.newest()
            if done := self.done(transaction):
                self.files.drop(self.table, staged)
                return done
        raise failures.conflict(self.table)

    def _evolved(self, delta: DeltaTable | None, fields: list[Field]) -> list[Field]:
        """The table's fields; those it lacks are added to it before rows that have them."""
        if delta is None or self.operation == "publish":
            return fields
        there = list(delta.schema().fields)
        known = {field.name for field in there}
        new = [field for field in fields if field.name not in known]
        if new:
            with failures.in_words(self.files, self.table, "adding columns"):
                delta.alter.add_columns(new)
                delta.update_incremental()
        return there + new

    def _after(self, before: Snapshot | None, change: Change) -> Snapshot:
        _, after = self.newest()
        if after is None:
            raise failures.conflict(self.table)
        self._sync(after, range(before.version + 1 if before else 0, after.version + 1))
        return after

    def _sync(self, snapshot: Snapshot, versions: Iterable[int]) -> None:
        with failures.in_words(self.files, self.table, "making the commit durable"):
            self.files.sync(self.table, [], versions)


def write_sql(
    writing: Writing,
    con: duckdb.DuckDBPyConnection,
    sql: str,
    params: Mapping[str, Any] | Sequence[Any] | None,
    metadata: Mapping[str, str],
    transaction: tuple[str, int] | None,
    removed: Sequence[DataFile] = (),
) -> Snapshot:
    """Run `sql` into a new file and commit it."""
    if done := writing.done(transaction):
        return done
    start = writing.newest()
    query = sql.strip().rstrip(";")
    described = con.execute(f"describe select * from ({query})", params).fetchall()
    given = {row[0]: row[1] for row in described}
    stored = writing.stored(given, start[1])
    shown = ", ".join(write_expression(name, given[name], kind) for name, kind in stored.items())
    staged = writing.stage()
    try:
        with failures.in_words(writing.files, writing.table, "writing"):
            (rows,) = con.execute(
                f"copy (select {shown} from ({query})) to {literal(str(staged))} "
                "(format parquet, compression zstd, use_tmp_file false)",
                params,
            ).fetchone() or (0,)
        return writing.finish(staged, rows, stored, metadata, transaction, start, removed)
    except BaseException:
        _forget(writing, staged)
        raise


def _forget(writing: Writing, staged: Path) -> None:
    """Remove the file unless the table names it after all."""
    _, current = writing.newest()
    if current is None or staged.name not in {file.path for file in current.data_files}:
        writing.files.drop(writing.table, staged)


class TableWriter:
    """Streams Arrow tables into one new file of a table. Use it with `with`."""

    def __init__(self, writing: Writing) -> None:
        self._writing = writing
        self._staged: Path | None = None
        self._sink: ParquetWriter | None = None
        self._held: list[pa.Table] = []
        self._committed = False
        self.rows = 0

    def __enter__(self) -> Self:
        self._start = self._writing.newest()
        declared = {name: stored_type(column) for name, column in self._writing.declared.items()}
        self._stored = self._writing.stored(declared, self._start[1])
        return self

    def write(self, table: pa.Table) -> None:
        """Add rows. The columns must be those declared; hidden ones are declared too.

        Raises:
            LakeError: a column is missing or of another type, or the disk is full.

        """
        with failures.in_words(self._writing.files, self._writing.table, "writing"):
            self._held.append(_cast(self._writing.table, table, self._stored))
            self.rows += table.num_rows
            if sum(part.num_rows for part in self._held) >= ROW_GROUP:
                self._flush(whole_groups=True)

    def _flush(self, *, whole_groups: bool) -> None:
        import pyarrow as pa

        rows = pa.concat_tables(self._held) if self._held else _schema(self._stored).empty_table()
        ready = rows.num_rows // ROW_GROUP * ROW_GROUP if whole_groups else rows.num_rows
        self._open().write_table(rows.slice(0, ready), row_group_size=ROW_GROUP)
        self._held = [rows.slice(ready)] if ready < rows.num_rows else []

    def _open(self) -> ParquetWriter:
        from pyarrow.parquet import ParquetWriter

        if self._sink is None:
            self._staged = self._writing.stage()
            self._sink = ParquetWriter(str(self._staged), _schema(self._stored), compression="zstd")
        return self._sink

    def commit(
        self,
        *,
        metadata: Mapping[str, str] | None = None,
        transaction: tuple[str, int] | None = None,
    ) -> Snapshot:
        """Make the rows visible, all in one version; call it once.

        Raises:
            LakeError: as `Lake.publish`.

        """
        if done := self._writing.done(transaction):
            return done
        with failures.in_words(self._writing.files, self._writing.table, "writing"):
            self._flush(whole_groups=False)
            self._open().close()
        assert self._staged is not None  # noqa: S101 - _open has set it
        snapshot = self._writing.finish(
            self._staged, self.rows, self._stored, metadata or {}, transaction, self._start
        )
        self._committed = True
        return snapshot

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._sink is not None and not self._committed:
            try:
                self._sink.close()
            except OSError:  # a full disk: the file goes all the same
                pass
            if self._staged is not None:
                _forget(self._writing, self._staged)


def _schema(stored: Mapping[str, str]) -> pa.Schema:
    import pyarrow as pa

    return pa.schema([(name, arrow_type(kind)) for name, kind in stored.items()])


def _cast(name: str, table: pa.Table, stored: Mapping[str, str]) -> pa.Table:
    """The table with exactly the stored columns."""
    import pyarrow as pa

    given = {
        column.name: '"NULL"' if pa.types.is_null(column.type) else str(column.type)
        for column in table.schema
    }
    stored_columns(name, stored, given)
    try:  # not `safe`: nanoseconds are cut to microseconds, and no other lossy cast passes `stored_columns`
        return table.select(list(stored)).cast(_schema(stored), safe=False)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        raise LakeError(
            f"{name}: a value does not fit its column: {error}.", "Declare the right types."
        ) from error
