"""Streaming Arrow tables into one new file of a table."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from types import TracebackType
from typing import TYPE_CHECKING, Self

from omnix.core.errors import LakeError
from omnix.lake import failures
from omnix.lake.snapshot import Snapshot
from omnix.lake.types import arrow_type, stored_columns, stored_type
from omnix.lake.writing import Writing, Written

if TYPE_CHECKING:
    from pathlib import Path

    import pyarrow as pa
    from pyarrow.parquet import ParquetWriter

#: Rows in one row group of a Parquet file: DuckDB's own choice, the unit of its parallelism.
ROW_GROUP = 122_880


class TableWriter:
    """Writes rows that come piece by piece; memory holds one row group. Use it with `with`."""

    def __init__(self, writing: Writing) -> None:
        self._writing = writing
        self._start = writing.newest()
        self._stored: dict[str, str] = {}
        self._sink: tuple[Path, ParquetWriter] | None = None
        self._held: list[pa.Table] = []
        self._committed = False
        self.rows = 0

    def __enter__(self) -> Self:
        return self

    def write(self, table: pa.Table) -> None:
        """Add rows.

        The columns are those declared, and hidden ones beginning with an underscore; the first
        call settles which.

        Raises:
            LakeError: a column is missing or of another type, or the disk is full.

        """
        given = _types(table)
        if not self._stored:
            self._stored = self._writing.stored(given, self._start.snapshot)
        stored_columns(self._writing.table, self._stored, given)
        self._held.append(_cast(self._writing.table, table, self._stored))
        self.rows += table.num_rows
        if sum(part.num_rows for part in self._held) >= ROW_GROUP:
            self._flush(ROW_GROUP)

    def _flush(self, unit: int) -> None:
        """Write what is held, in multiples of `unit` rows."""
        import pyarrow as pa

        rows = pa.concat_tables(self._held) if self._held else _schema(self._stored).empty_table()
        ready = rows.num_rows // unit * unit
        with failures.in_words(self._writing.files, self._writing.table, "writing"):
            self._open()[1].write_table(rows.slice(0, ready), row_group_size=ROW_GROUP)
        self._held = [rows.slice(ready)] if ready < rows.num_rows else []

    def _open(self) -> tuple[Path, ParquetWriter]:
        from pyarrow.parquet import ParquetWriter

        if self._sink is None:
            path = self._writing.stage()
            self._sink = path, ParquetWriter(str(path), _schema(self._stored), compression="zstd")
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
        if self._committed:
            raise LakeError(
                f"{self._writing.table}: these rows were committed before.", "Open a new writer."
            )
        if done := self._writing.done(self._writing.newest(), transaction):
            return done
        if not self._stored:  # no rows at all
            declared = {
                name: stored_type(column) for name, column in self._writing.declared.items()
            }
            if self._writing.operation == "changes":
                declared.setdefault("_row", "BIGINT")
            self._stored = self._writing.stored(declared, self._start.snapshot)
        self._flush(1)
        path, sink = self._open()
        with failures.in_words(self._writing.files, self._writing.table, "writing"):
            sink.close()
        written = Written(path, self.rows, self._stored)
        snapshot = self._writing.finish(
            written, self._start, metadata=metadata or {}, transaction=transaction
        )
        self._committed = True
        return snapshot

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._sink is None or self._committed:
            return
        path, sink = self._sink
        with suppress(
            OSError
        ):  # closing writes the footer; on a full disk the file goes all the same
            sink.close()
        self._writing.forget(path)


def _types(table: pa.Table) -> dict[str, str]:
    import pyarrow as pa

    return {
        column.name: '"NULL"' if pa.types.is_null(column.type) else str(_plain(column.type))
        for column in table.schema
    }


def _plain(kind: pa.DataType) -> pa.DataType:
    """The type of the values of a dictionary."""
    import pyarrow as pa

    return kind.value_type if pa.types.is_dictionary(kind) else kind


def _schema(stored: Mapping[str, str]) -> pa.Schema:
    import pyarrow as pa

    return pa.schema([(name, arrow_type(kind)) for name, kind in stored.items()])


def _cast(name: str, table: pa.Table, stored: Mapping[str, str]) -> pa.Table:
    """The table with exactly the stored columns; nanoseconds are cut to microseconds."""
    import pyarrow as pa

    try:  # `stored_columns` has let no other lossy cast pass
        return table.select(list(stored)).cast(_schema(stored), safe=False)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        raise LakeError(
            f"{name}: a value does not fit its column: {error}.", "Declare the right types."
        ) from error
