"""How many rows and how much money a file holds, measured beside the reading and by another parser.

The rows handed over come from Arrow's readers; these figures come from DuckDB's. Where DuckDB
refuses a file or counts otherwise, Python's own parser has the last word. Unpacked and re-coded
text reaches DuckDB through a pipe: nothing is written to disk.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice
from threading import Thread
from typing import TYPE_CHECKING, Any

from omnix.core.errors import SourceError, nearest
from omnix.core.table import literal, quoted
from omnix.sources.files import json_rows
from omnix.sources.files.csv_rows import open_quote, records, well_quoted
from omnix.sources.files.datafile import DataFile
from omnix.sources.files.dialect import Dialect
from omnix.sources.files.parquet_rows import ParquetRows

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

LONGEST_ROW = 16 << 20
#: What DuckDB is given at once.
SEGMENT = 16 << 20


@dataclass(frozen=True)
class Measured:
    """The size of one file. `money` is None where no money expression was given."""

    rows: int
    money: Decimal | None


class Ruler:
    """Measures the files of one table. `types` are the table's columns, in DuckDB's words."""

    def __init__(self, table: str, types: Mapping[str, str], money: str | None) -> None:
        import duckdb

        self._con = duckdb.connect()
        self._con.execute("set temp_directory = ''")
        self._con.execute("set threads = 1")
        self._types = types
        self._money = money and money_over_text(self._con, table, types, money)
        self._said = (money or "").casefold()

    def measure(
        self, file: DataFile, dialect: Dialect | None, own: Mapping[str, str], expected: int
    ) -> Measured:
        """The size of `file`; counted a second way where the first does not say `expected`.

        Raises:
            SourceError: a quote swallows lines, or the money expression cannot be computed.

        """
        import duckdb

        try:
            found = self._by_duckdb(file, dialect, own)
            if found.rows == expected:
                return found
        except (duckdb.Error, OSError):
            pass
        return self._by_python(file, dialect, own)

    def _by_duckdb(
        self, file: DataFile, dialect: Dialect | None, own: Mapping[str, str]
    ) -> Measured:
        if file.kind == "parquet":
            if file.gzipped or file.member:
                return self._by_python(file, dialect, own)
            return self._ask(f"read_parquet({literal(str(file.path))})", file, own)
        chunks = dialect.chunks(file) if dialect else json_rows.lines(file)
        rows, money = 0, Decimal(0)
        for number, segment in enumerate(_segments(chunks, dialect)):
            with piped(iter(segment)) as path:
                scan = (
                    _csv_scan(path, dialect, header=number == 0)
                    if dialect
                    else _json_scan(path, file, own)
                )
                part = self._ask(scan, file, own)
            rows, money = rows + part.rows, money + (part.money or 0)
        return Measured(rows, money if self._money else None)

    def _by_python(
        self, file: DataFile, dialect: Dialect | None, own: Mapping[str, str]
    ) -> Measured:
        rows, money = 0, Decimal(0)
        for table in _python_tables(file, dialect, tuple(own.values())):
            self._con.register("piece", table)
            part = self._ask("piece", file, own)
            rows, money = rows + part.rows, money + (part.money or 0)
        return Measured(rows, money if self._money else None)

    def _ask(self, scan: str, file: DataFile, own: Mapping[str, str]) -> Measured:
        import duckdb

        total = f"sum(try_cast(({self._money}) as decimal(38, 6)))" if self._money else "null"
        named = [name for name in self._types if name and name.casefold() in self._said]
        columns = ", ".join(_expression(name, file, own) for name in named) or "1"
        query = f"select count(*), {total} from (select {columns} from {scan})"
        try:
            (row,) = self._con.execute(query).fetchall()
        except (duckdb.ConversionException, duckdb.OutOfRangeException) as error:
            raise SourceError(
                f"{file.name}: the money expression {self._money!r} cannot be computed: "
                f"{type(error).__name__}.",
                "Use try_cast in the mapping's money expression, so that text is left out.",
            ) from error
        money = Decimal(row[1] or 0) if self._money else None
        return Measured(int(row[0]), money)


def money_over_text(
    con: duckdb.DuckDBPyConnection, table: str, types: Mapping[str, str], money: str
) -> str:
    """`money` as an expression that also works where its columns are text.

    Raises:
        SourceError: it names a column that the table does not have, or is no SQL.

    """
    import duckdb
    import sqlglot
    from sqlglot import exp

    columns = (
        ", ".join(f"null::{dtype} as {quoted(name)}" for name, dtype in types.items() if name)
        or "1"
    )
    probe = f"select sum(try_cast(({{}}) as decimal(38, 6))) from (select {columns})"
    try:
        con.execute(probe.format(money)).fetchall()
        return money
    except duckdb.Error as error:
        said = str(error)
    try:
        tree = sqlglot.parse_one(money, dialect="duckdb")
    except sqlglot.ParseError as error:
        raise SourceError(
            f"The money expression {money!r} of table {table!r} is no SQL.",
            "Correct it in the mapping.",
        ) from error
    known = {name.casefold(): name for name in types}
    for column in list(tree.find_all(exp.Column)):
        if column.name.casefold() not in known:
            raise SourceError(
                f"The money expression {money!r} names {column.name!r}, which table {table!r} "
                f"does not have.",
                f"{nearest(column.name, types)}Correct it in the mapping.",
            )
        if types[known[column.name.casefold()]] == "VARCHAR":
            cast = exp.TryCast(this=column.copy(), to=exp.DataType.build("decimal(18, 4)"))
            if column is tree:
                tree = cast
            else:
                column.replace(cast)
    over_text = tree.sql(dialect="duckdb")
    try:
        con.execute(probe.format(over_text)).fetchall()
    except duckdb.Error as error:
        raise SourceError(
            f"The money expression {money!r} of table {table!r} cannot be computed: "
            f"{said.splitlines()[0]}",
            "Correct it in the mapping.",
        ) from error
    return over_text


@contextmanager
def piped(chunks: Iterator[bytes]) -> Iterator[str]:
    """A path under which the bytes can be read once, without a file.

    Raises:
        OmnixError: whatever went wrong while `chunks` were made.

    """
    reading, writing = os.pipe()
    failures: list[BaseException] = []

    def feed() -> None:
        try:
            with open(writing, "wb", buffering=0) as pipe:  # noqa: PTH123 - a descriptor, no path
                for piece in chunks:
                    rest = memoryview(piece)
                    while rest:
                        rest = rest[pipe.write(rest) :]
        except BrokenPipeError:
            pass  # the reader has given up, and says why
        except Exception as error:  # raised again in the caller's thread
            failures.append(error)

    feeder = Thread(target=feed, daemon=True)
    feeder.start()
    try:
        yield f"/dev/fd/{reading}"
    finally:
        os.close(reading)
        feeder.join()
        if failures:
            raise failures[0]


def _segments(chunks: Iterator[bytes], dialect: Dialect | None) -> Iterator[list[bytes]]:
    """Whole lines in portions: DuckDB keeps all that it has read from a pipe.

    A portion ends where the quotes are even, outside of any cell. Where they never are, it ends
    anyway: DuckDB then refuses it or counts otherwise, and Python's parser settles it.
    """
    mark = dialect.quote.encode() if dialect else b""
    held: list[bytes] = []
    size = quotes = 0
    for piece in chunks:
        held.append(piece)
        size += len(piece)
        quotes += piece.count(mark) if mark else 0
        if size >= SEGMENT and (quotes % 2 == 0 or size >= 4 * SEGMENT):
            yield held
            held, size, quotes = [], 0, 0
    if held:
        yield held


def _csv_scan(path: str, dialect: Dialect, *, header: bool) -> str:
    names = ", ".join(f"{literal(name)}: 'VARCHAR'" for name in dialect.columns)
    return (
        f"read_csv({literal(path)}, auto_detect = false, header = {str(header).lower()}, parallel = false, "
        f"delim = {literal(dialect.delimiter)}, quote = {literal(dialect.quote)}, "
        f"escape = {literal(dialect.escape or dialect.quote)}, columns = {{{names}}}, "
        f"null_padding = true, strict_mode = true, max_line_size = {LONGEST_ROW})"
    )


def _json_scan(path: str, file: DataFile, own: Mapping[str, str]) -> str:
    keys = [name for name in own.values() if name not in file.constants]
    names = ", ".join(f"{literal(name)}: 'VARCHAR'" for name in keys)
    return (
        f"read_json({literal(path)}, format = 'newline_delimited', auto_detect = false, "
        f"columns = {{{names}}}, maximum_object_size = {LONGEST_ROW})"
    )


def _expression(name: str, file: DataFile, own: Mapping[str, str]) -> str:
    mine = own.get(name)
    if mine is None:
        return f"null as {quoted(name)}"
    if mine in file.constants:
        return f"{literal(file.constants[mine])} as {quoted(name)}"
    return f"{quoted(mine)} as {quoted(name)}"


def _python_tables(
    file: DataFile, dialect: Dialect | None, columns: tuple[str, ...]
) -> Iterator[pa.Table]:
    if file.kind == "parquet":
        return ParquetRows(file).tables()
    if dialect is None:
        return json_rows.JsonRows(file, columns).tables()
    return _csv_tables(file, dialect)


def _csv_tables(file: DataFile, dialect: Dialect) -> Iterator[pa.Table]:
    import pyarrow as pa

    width = len(dialect.columns)
    schema = pa.schema([(name, pa.string()) for name in dialect.columns])
    rows = _checked(file, dialect)
    while piece := list(islice(rows, 20_000)):
        full: list[list[Any]] = [(row + [None] * width)[:width] for row in piece]
        arrays = [pa.array([row[at] or None for row in full], pa.string()) for at in range(width)]
        yield pa.table(arrays, schema=schema)


def _checked(file: DataFile, dialect: Dialect) -> Iterator[list[str]]:
    for line, cells, text in records(file, dialect):
        if text.count("\n") > 1 and not well_quoted(dialect, text):
            raise open_quote(file, dialect, line)
        yield cells
