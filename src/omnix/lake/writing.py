"""Writing rows to a new file and committing it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from omnix.core.errors import LakeError
from omnix.core.table import literal
from omnix.lake import failures
from omnix.lake.commit import Change, Operation, after_commit, commit
from omnix.lake.files import Files, unique_name
from omnix.lake.log import existing
from omnix.lake.snapshot import BASE, CHANGE, DataFile, Snapshot
from omnix.lake.types import delta_field, fits, stored_columns, write_expression

if TYPE_CHECKING:
    import duckdb
    from deltalake import DeltaTable, Field

_ATTEMPTS = 50


@dataclass(frozen=True)
class Start:
    """The table as it was when a write began; both None when there was none."""

    delta: DeltaTable | None
    snapshot: Snapshot | None


@dataclass(frozen=True)
class Query:
    """The SELECT that gives the rows, on the connection that runs it."""

    con: duckdb.DuckDBPyConnection
    sql: str
    params: Mapping[str, Any] | Sequence[Any] | None = None

    def types(self) -> dict[str, str]:
        """Each column of the result with its DuckDB type."""
        described = self.con.execute(
            f"describe select * from ({self._text})", self.params
        ).fetchall()
        return {row[0]: row[1] for row in described}

    def copy(self, shown: Iterable[str], path: Path) -> int:
        """Write the result to a Parquet file; give the number of rows."""
        done = self.con.execute(
            f"copy (select {', '.join(shown)} from ({self._text})) to {literal(str(path))} "
            "(format parquet, compression zstd, use_tmp_file false)",
            self.params,
        )
        (rows,) = done.fetchall()[0]
        return int(rows)

    @property
    def _text(self) -> str:
        """The SQL without a final semicolon; the line break ends a comment."""
        return self.sql.strip().rstrip(";") + "\n"


@dataclass(frozen=True)
class Written:
    """A finished file, its rows, and the stored type of each of its columns."""

    path: Path
    rows: int
    stored: Mapping[str, str]


@dataclass(frozen=True)
class Writing:
    """One write to one table: where, what kind, and what the rows were declared to be."""

    files: Files
    table: str
    declared: Mapping[str, Any]
    operation: Operation
    key: tuple[str, ...]
    newest: Callable[[], Start]

    def done(self, start: Start, transaction: tuple[str, int] | None) -> Snapshot | None:
        """The table at `start`, when the transaction had been committed by then.

        It is made durable once more: the process that committed it may have died before that.
        """
        current = start.snapshot
        if current is None or transaction is None:
            return None
        application, number = transaction
        last = current.transaction_version(application)
        if last is None or last < number:
            return None
        self._sync(range(current.version, current.version + 1))
        return current

    def stage(self) -> Path:
        """Where to write the new file."""
        prefix = CHANGE if self.operation == "changes" else BASE
        with failures.in_words(self.files, self.table, "writing"):
            return self.files.stage(self.table, unique_name(prefix))

    def stored(self, given: Mapping[str, str], current: Snapshot | None) -> dict[str, str]:
        """The stored type of each column of rows with the types `given`.

        Raises:
            LakeError: the columns are not those declared, or do not fit the table's.

        """
        stored = stored_columns(self.table, self.declared, given)
        self._check_key(stored, current)
        if self.operation == "publish" or current is None:
            return stored
        there = {**current.columns, **current.hidden}
        wrong = [
            f"{name} (table {there[name]}, rows {kind})"
            for name, kind in stored.items()
            if not fits(there.get(name, kind), kind)
        ]
        if wrong:
            raise LakeError(
                f"{self.table}: rows of other types than the table's cannot be added: {', '.join(wrong)}.",
                "Write the table anew with the new types (`omnix run --full`).",
            )
        return {name: there.get(name, kind) for name, kind in stored.items()}

    def _check_key(self, stored: Mapping[str, str], current: Snapshot | None) -> None:
        key = self._key_after(current)
        if (
            current is not None
            and self.operation != "publish"
            and self.key not in ((), current.key)
        ):
            raise LakeError(
                f"{self.table} has the key {current.key}, not {self.key}.",
                "Publish it anew with the new key.",
            )
        if self.operation == "changes" and not key:
            raise LakeError(
                f"{self.table} has no key, so nothing in it can be changed.", "Give `key`."
            )
        needed = [*key, *(("_row",) if self.operation == "changes" else ())]
        if lacking := [name for name in needed if name not in stored]:
            raise LakeError(
                f"{self.table}: the rows lack {', '.join(lacking)}.",
                "Keyed rows carry their key; changes also `_row`.",
            )

    def _key_after(self, current: Snapshot | None) -> tuple[str, ...]:
        """The table's key after this write."""
        return self.key if current is None or self.operation == "publish" else current.key

    def finish(
        self,
        written: Written,
        start: Start,
        *,
        metadata: Mapping[str, str],
        transaction: tuple[str, int] | None,
        removed: Sequence[DataFile] = (),
    ) -> Snapshot:
        """Commit the written file; give the version that holds it.

        A replacing write that meets another commit since `start` gives up; the others go after it.

        Raises:
            LakeError: another writer was faster, or the disk or store did not take it.

        """
        added, first = self._keep(written, start), start.snapshot
        for _ in range(_ATTEMPTS):
            told = metadata
            if self.operation == "compact" and start.snapshot:
                told = start.snapshot.metadata
            fields = self._fields(written.stored, start)
            change = Change(self.operation, fields, added, removed, told, transaction)
            if not self._widen(fields, start) and commit(
                self.files, self.table, start.delta, change
            ):
                return self._after(first)
            start = self._again(start, written, removed)
            if done := self.done(start, transaction):
                self.files.drop(self.table, written.path)
                return done
        raise failures.conflict(self.table)

    def _again(self, start: Start, written: Written, removed: Sequence[DataFile]) -> Start:
        """The table after another writer's commit, if this one can follow it."""
        now = self.newest()
        if self.operation == "publish" or now.snapshot is None:
            raise failures.conflict(self.table)
        there = {**now.snapshot.columns, **now.snapshot.hidden}
        if (
            not set(removed) <= set(now.snapshot.data_files)
            or any(there.get(name, kind) != kind for name, kind in written.stored.items())
            or (start.snapshot is not None and start.snapshot.key != now.snapshot.key)
        ):
            raise failures.conflict(self.table)
        return now

    def _keep(self, written: Written, start: Start) -> DataFile | None:
        """Make the file part of the table. No rows to add need no file."""
        with failures.in_words(self.files, self.table, "writing"):
            if not written.rows and self.operation != "publish" and start.snapshot is not None:
                self.files.drop(self.table, written.path)
                return None
            size = written.path.stat().st_size
            self.files.keep(self.table, written.path)
        return DataFile(written.path.name, size, written.rows)

    def _fields(self, stored: Mapping[str, str], start: Start) -> list[Field]:
        """The table's fields after this write."""
        key = self._key_after(start.snapshot)
        fields = [
            delta_field(name, kind, self.declared.get(name), key) for name, kind in stored.items()
        ]
        if start.delta is None or self.operation == "publish":
            return fields
        there = list(start.delta.schema().fields)
        known = {field.name for field in there}
        return there + [field for field in fields if field.name not in known]

    def _widen(self, fields: list[Field], start: Start) -> bool:
        """Give the table the columns that it lacks, in a commit of their own; whether it lacked any.

        `create_write_transaction` widens a schema only when it overwrites.
        """
        if start.delta is None or self.operation == "publish":
            return False
        from deltalake.exceptions import CommitFailedError

        new = fields[len(start.delta.schema().fields) :]
        if not new:
            return False
        # Another object than `start`'s, which goes on standing for its version.
        table = existing(self.files, self.table, start.delta.version())
        with (
            failures.in_words(self.files, self.table, "adding columns"),
            suppress(CommitFailedError),  # another writer was faster: the caller looks again
        ):
            table.alter.add_columns(new, post_commithook_properties=after_commit())
        return True

    def _after(self, before: Snapshot | None) -> Snapshot:
        after = self.newest().snapshot
        if after is None:  # another process deleted the table at once
            raise failures.conflict(self.table)
        # `before` too: whoever committed it may have died before it was durable.
        self._sync(range(before.version if before else 0, after.version + 1))
        return after

    def _sync(self, versions: Iterable[int]) -> None:
        with failures.in_words(self.files, self.table, "making the commit durable"):
            self.files.sync(self.table, versions)

    def forget(self, path: Path) -> None:
        """Remove a file unless the table names it after all; when that cannot be told, it stays.

        Retention removes what stays.
        """
        try:
            current = self.newest().snapshot
            if current is None or path.name not in {file.path for file in current.data_files}:
                self.files.drop(self.table, path)
        except Exception:
            return


def write_sql(
    writing: Writing,
    query: Query,
    *,
    metadata: Mapping[str, str] | None = None,
    transaction: tuple[str, int] | None = None,
    removed: Sequence[DataFile] = (),
    start: Start | None = None,
) -> Snapshot:
    """Run the query into a new file and commit it to the table as it was at `start` (now)."""
    start = start or writing.newest()
    if done := writing.done(start, transaction):
        return done
    with failures.in_words(writing.files, writing.table, "reading"):
        given = query.types()
    stored = writing.stored(given, start.snapshot)
    shown = [write_expression(name, given[name], kind) for name, kind in stored.items()]
    path = writing.stage()
    try:
        with failures.in_words(writing.files, writing.table, "writing"):
            rows = query.copy(shown, path)
        written = Written(path, rows, stored)
        return writing.finish(
            written, start, metadata=metadata or {}, transaction=transaction, removed=removed
        )
    except BaseException:
        writing.forget(path)
        raise
