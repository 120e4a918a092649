"""A folder of files as a source: one listing for the whole run, then table after table."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from omnix.core.errors import SourceError, UnknownTableError
from omnix.sources.base import Extract, SourceTable
from omnix.sources.files import csv_rows, dialect, json_rows, parquet_rows
from omnix.sources.files.datafile import DataFile
from omnix.sources.files.grouping import group
from omnix.sources.files.listing import Listing, list_files
from omnix.sources.files.measure import Ruler
from omnix.sources.files.position import Change, Position, Seen, compare, parse
from omnix.sources.files.schema import Shape, duckdb_type, fit, unify

if TYPE_CHECKING:
    import pyarrow as pa

#: Rows handed over at once.
ROWS = 200_000
#: Objects looked at to learn a JSON file's columns before it is read as a whole.
PEEK = 1_000


class FilesSource:
    """A folder (or one file) of CSV, Parquet or JSON Lines files.

    A table is named after its file, after its sub-folder, or after what several numbered or dated
    files have in common. Everything in CSV and JSON stays text; Parquet keeps its types.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = Path(folder)
        self.description = f"{'file' if self.folder.is_file() else 'folder'} {self.folder}"

    @contextmanager
    def open(self) -> Iterator[FilesSession]:
        """List the files once; what changes after that is refused when it is read.

        Raises:
            SourceUnavailable: there is no such folder.
            SourceError: nothing in it can be read.

        """
        yield FilesSession(self.folder)

    def preflight(self) -> list[str]:
        """What stands in the way of reading: files that are broken, in words with the fix."""
        try:
            session = FilesSession(self.folder)
        except SourceError as error:
            return [str(error)]
        return [str(error) for error in session.problems]


@dataclass
class _Looked:
    """What a look at a file's beginning told."""

    dialects: dict[str, dialect.Dialect] = field(default_factory=dict)
    columns: dict[str, dict[str, pa.DataType]] = field(default_factory=dict)
    errors: dict[str, SourceError] = field(default_factory=dict)


class FilesSession:
    """The files of a folder as they were at one moment.

    `notes` tell what was left aside; they are also part of the first table's Extract.
    """

    def __init__(self, folder: Path) -> None:
        self._listing: Listing = list_files(folder)
        self._looked = _Looked()
        for file in self._listing.files:
            self._look(file)
        self._leave_prose_aside()
        _must_hold_data(folder, self._listing)
        names = {
            file.name: frozenset(map(str.casefold, self._looked.columns.get(file.name, {})))
            for file in self._listing.files
        }
        self._tables, notes = group(self._listing.files, names)
        self.notes = [*self._listing.notes, *notes, *map(str, self._listing.broken)]
        self._hashes: dict[Path, str] = {}

    @property
    def problems(self) -> list[SourceError]:
        """Files that cannot be read."""
        return [*self._listing.broken, *self._looked.errors.values()]

    def tables(self) -> list[SourceTable]:
        """Every table; one whose files cannot be read has no columns, and `read` says why."""
        return [self._table(name) for name in self._tables]

    def read(
        self, table: SourceTable, position: str | None, *, money: str | None = None
    ) -> Extract:
        """Read `table`: nothing when its files are as they were, only the new ones when it grew.

        Raises:
            SourceUnavailable: a file has vanished or is being written to.
            SourceError: a file is empty, has no header, is cut off, or has a row that does not fit.
            UnknownTableError: no such table was listed.

        """
        if table.name not in self._tables:
            raise UnknownTableError(table.name, self._tables)
        if self._listing.broken:
            raise self._listing.broken[0]
        files = self._tables[table.name]
        for file in files:
            if file.name in self._looked.errors:
                raise self._looked.errors[file.name]
            file.must_be_unchanged()
        return self._extract(table.name, files, parse(position), money)

    def _extract(
        self, name: str, files: list[DataFile], before: Position | None, money: str | None
    ) -> Extract:
        shape = self._shape(name)
        types = {column: str(dtype) for column, dtype in shape.types.items()}
        change = compare(before, files, types, money)
        reading = TableReading(self._looked.dialects, shape, change, money, self._hash)
        if change.mode == "same" and before is not None:
            now = Position(files=list(change.kept), types=types, money=money)
            return Extract(
                "same",
                iter(()),
                now.model_dump_json(),
                source_rows=now.rows,
                source_money=now.total,
                notes=self._notes_for(name),
            )
        extract = Extract(change.mode, iter(()), notes=[*self._notes_for(name), *shape.notes])
        ruler = Ruler(name, {n: duckdb_type(t) for n, t in shape.types.items()}, money)
        extract.batches = reading.batches(extract, types, ruler)
        return extract

    def _notes_for(self, name: str) -> list[str]:
        return list(self.notes) if name == next(iter(self._tables)) else []

    def _shape(self, name: str) -> Shape:
        files = self._tables[name]
        for file in files:
            if file.kind == "json":  # a key may appear for the first time in the last line
                self._looked.columns[file.name] = _json_columns(file, None)
        return unify([(file, self._looked.columns[file.name]) for file in files])

    def _table(self, name: str) -> SourceTable:
        files = self._tables[name]
        if any(file.name in self._looked.errors for file in files):
            return SourceTable(name, {})
        shape = unify([(file, self._looked.columns[file.name]) for file in files])
        return SourceTable(name, {column: str(dtype) for column, dtype in shape.types.items()})

    def _look(self, file: DataFile) -> None:
        try:
            self._looked.columns[file.name] = self._columns(file)
        except SourceError as error:
            self._looked.errors[file.name] = error

    def _columns(self, file: DataFile) -> dict[str, pa.DataType]:
        import pyarrow as pa

        if file.kind == "parquet":
            columns = parquet_rows.columns_of(file)
        elif file.kind == "json":
            return _json_columns(file, PEEK)
        else:
            found = self._looked.dialects[file.name] = dialect.detect(file)
            columns = dict.fromkeys(found.columns, pa.string())
        return _with_constants(file, columns)

    def _leave_prose_aside(self) -> None:
        for file in list(self._listing.files):
            known = self._looked.columns.get(file.name, {})
            if file.path.suffix.lower() == ".txt" and len(known) < 2:
                self._listing.files.remove(file)
                self._looked.errors.pop(file.name, None)
                self._listing.notes.append(f"{file.name} was left aside: it holds no columns.")

    def _hash(self, file: DataFile) -> str:
        if file.path not in self._hashes:
            self._hashes[file.path] = file.content_hash()
        return self._hashes[file.path]


def _must_hold_data(folder: Path, listing: Listing) -> None:
    if not listing.files:
        if listing.broken:
            raise listing.broken[0]
        aside = f" ({' '.join(listing.notes[:3])})" if listing.notes else ""
        raise SourceError(
            f"{folder} holds no data file{aside}.",
            "Put CSV, Parquet or JSON Lines files there; they may be gzipped or zipped.",
        )


def _json_columns(file: DataFile, limit: int | None) -> dict[str, pa.DataType]:
    import pyarrow as pa

    return _with_constants(file, dict.fromkeys(json_rows.columns_of(file, limit), pa.string()))


def _with_constants(file: DataFile, columns: dict[str, pa.DataType]) -> dict[str, pa.DataType]:
    import pyarrow as pa

    taken = {name.casefold() for name in columns}
    extra = (name for name in file.constants if name.casefold() not in taken)
    return columns | dict.fromkeys(extra, pa.string())


class FileRows(Protocol):
    """One read of one file."""

    rows: int
    notes: list[str]

    def tables(self) -> Iterator[pa.Table]:
        """All rows, in pieces."""
        ...


@dataclass
class TableReading:
    """The reading of the files of one table, one after the other."""

    dialects: Mapping[str, dialect.Dialect]
    shape: Shape
    change: Change
    money: str | None
    hash: Callable[[DataFile], str]

    def batches(self, extract: Extract, types: dict[str, str], ruler: Ruler) -> Iterator[pa.Table]:
        """Tables of about `ROWS` rows; `extract` gets its position and measures at the end."""
        seen = list(self.change.kept)
        for file in self.change.fresh:
            rows = self._rows(file)
            yield from _gathered(self._fitted(file, rows))
            found = ruler.measure(
                file, self.dialects.get(file.name), self.shape.own[file.name], rows.rows
            )
            seen.append(self._seen(file, found.rows, found.money))
            extract.notes += rows.notes
        now = Position(files=seen, types=types, money=self.money)
        extract.position = now.model_dump_json()
        extract.source_rows, extract.source_money = now.rows, now.total

    def _rows(self, file: DataFile) -> FileRows:
        if file.kind == "parquet":
            return parquet_rows.ParquetRows(file)
        if file.kind == "json":
            own = self.shape.own[file.name].values()
            return json_rows.JsonRows(file, tuple(n for n in own if n not in file.constants))
        return csv_rows.CsvRows(file, self.dialects[file.name])

    def _fitted(self, file: DataFile, rows: FileRows) -> Iterator[pa.Table]:
        own = self.shape.own[file.name]
        for table in rows.tables():
            yield fit(table, own, self.shape.types, file.constants)

    def _seen(self, file: DataFile, rows: int, money: Decimal | None) -> Seen:
        digest = self.hash(file)
        file.must_be_unchanged()
        return Seen(
            path=file.name,
            size=file.size,
            mtime_ns=file.mtime_ns,
            hash=digest,
            rows=rows,
            money=None if money is None else str(money),
        )


def _gathered(tables: Iterator[pa.Table]) -> Iterator[pa.Table]:
    """Small tables put together."""
    import pyarrow as pa

    held: list[pa.Table] = []
    rows = 0
    for table in tables:
        held.append(table)
        rows += table.num_rows
        while rows >= ROWS:
            whole = pa.concat_tables(held)
            yield whole.slice(0, ROWS)
            held, rows = [whole.slice(ROWS)], rows - ROWS
    if rows:
        yield pa.concat_tables(held)
