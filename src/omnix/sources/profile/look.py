"""What a shop's tables look like: types, gaps, patterns, keys, and what refers to what.

Only a sample of each table is read. No value is kept of a column that may describe a person:
patterns ("Aa 99") instead, and values only where a column is a short list of states or codes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import TYPE_CHECKING

from omnix.core.errors import SourceError
from omnix.core.table import quoted
from omnix.sources.base import Session, SourceTable
from omnix.sources.profile.cells import Cells, ColumnProfile

if TYPE_CHECKING:
    import duckdb

#: Rows looked at, at most, per table.
SAMPLE = 200_000


@dataclass(frozen=True)
class TableProfile:
    """One table. `rows` were looked at; `whole` says that these are all it has."""

    name: str
    rows: int
    whole: bool
    columns: Mapping[str, ColumnProfile]


@dataclass(frozen=True)
class Profile:
    """A shop's tables. `unread` says, by table, why one could not be looked at."""

    tables: Mapping[str, TableProfile]
    unread: Mapping[str, str] = field(default_factory=dict)


def profile_source(session: Session) -> Profile:
    """Look at a sample of every table that the source offers."""
    import duckdb

    con = duckdb.connect()
    con.execute("set temp_directory = ''")
    tables: dict[str, TableProfile] = {}
    unread: dict[str, str] = {}
    samples: dict[str, str] = {}
    for number, table in enumerate(session.tables()):
        try:
            whole = _load(con, session, table, f"sample_{number}")
        except SourceError as error:
            unread[table.name] = str(error)
            continue
        samples[table.name] = f"sample_{number}"
        tables[table.name] = _table(con, table.name, samples[table.name], whole=whole)
    return Profile(_with_references(con, tables, samples), unread)


def _load(con: duckdb.DuckDBPyConnection, session: Session, table: SourceTable, into: str) -> bool:
    import pyarrow as pa

    batches = iter(session.read(table, None).batches)
    first = next(batches, None)
    if first is None:
        first = pa.table({name: pa.array([], pa.string()) for name in table.columns})
    held, rows = [first], first.num_rows
    whole = True
    for batch in batches:
        if rows >= SAMPLE:
            whole = False
            break
        held.append(batch)
        rows += batch.num_rows
    con.register("arriving", pa.concat_tables(held).slice(0, SAMPLE))
    hidden = [name for name in ("_row", "_deleted") if name in first.column_names]
    exclude = f"exclude ({', '.join(hidden)})" if hidden else ""
    con.execute(f"create temp table {into} as select * {exclude} from arriving").fetchall()
    con.unregister("arriving")
    return whole and rows <= SAMPLE


def _table(con: duckdb.DuckDBPyConnection, name: str, sample: str, *, whole: bool) -> TableProfile:
    described = con.execute(f"describe {sample}").fetchall()
    (rows,) = con.execute(f"select count(*) from {sample}").fetchall()[0]
    columns = {row[0]: Cells(con, sample, row[0], row[1]).profile(rows) for row in described}
    return TableProfile(name, rows, whole, columns)


def _with_references(
    con: duckdb.DuckDBPyConnection, tables: Mapping[str, TableProfile], samples: Mapping[str, str]
) -> dict[str, TableProfile]:
    """The same tables, each column with the keys of other tables that hold its values."""
    keys = [
        (table.name, column)
        for table in tables.values()
        for column in table.columns.values()
        if column.unique and column.looks in {"id", "number", "text"} and column.distinct > 2
    ]
    result = {}
    for table in tables.values():
        columns = {
            column.name: replace(
                column, refers_to=tuple(_references(con, samples, table.name, column, keys))
            )
            for column in table.columns.values()
        }
        result[table.name] = replace(table, columns=columns)
    return result


def _references(
    con: duckdb.DuckDBPyConnection,
    samples: Mapping[str, str],
    table: str,
    column: ColumnProfile,
    keys: list[tuple[str, ColumnProfile]],
) -> Iterator[tuple[str, str, float]]:
    if column.looks not in {"id", "number", "text"} or column.distinct < 2:
        return
    found = []
    for other, key in keys:
        if other == table or not _comparable(column, key):
            continue
        mine = f"select distinct trim(cast({quoted(column.name)} as varchar)) as v from {samples[table]}"
        theirs = f"select trim(cast({quoted(key.name)} as varchar)) from {samples[other]}"
        query = f"select avg(case when v in ({theirs}) then 1 else 0 end) from (select * from ({mine}) where v is not null limit 2000)"
        share = float(con.execute(query).fetchall()[0][0] or 0)
        if share >= 0.5:
            found.append((other, key.name, share))
    yield from islice(sorted(found, key=lambda each: -each[2]), 5)


def _comparable(column: ColumnProfile, key: ColumnProfile) -> bool:
    lengths = column.longest <= key.longest and column.shortest >= key.shortest - 1
    return lengths and column.longest <= 64
