"""Build one analytics table from a handful of rows, as the pipeline does, without a lake."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import cache
from typing import Any

import duckdb

from omnix.core.clock import as_of_moment
from omnix.core.table import DUCKDB_TYPES, Column, Table, quoted
from omnix.pipeline.graph import contracts

Row = Mapping[str, Any]
AS_OF = date(2026, 3, 1)

#: What a column that must be filled holds when a test does not care.
BLANK: Mapping[str, Any] = {
    "string": "-",
    "int32": 0,
    "int64": 0,
    "float64": 0.0,
    "bool": False,
    "timestamp": datetime(2026, 1, 1),
    "date": date(2026, 1, 1),
}
#: The same by name, where a blank would say something.
USUAL: Mapping[str, Any] = {
    "currency": "EUR",
    "status": "delivered",
    "kind": "refund",
    "quantity": 1,
}


def build(table: Table, as_of: date = AS_OF, **inputs: Sequence[Row]) -> list[dict[str, Any]]:
    """The rows of `table`, in the order of its key. They keep its contract, or the test fails.

    Every input is a list of dicts. A column left out is null where it may be, else a blank.
    """
    assert set(inputs) <= set(table.inputs), f"{table.name} reads {table.inputs}"
    con = connection()
    for name in table.inputs:
        create(con, name, contracts()[name], inputs.get(name, ()))
    run(con, table, as_of)
    assert table.violations(con, "built") == []
    return rows(con, f"select * from built order by {', '.join(map(quoted, table.key))}")


def run(con: duckdb.DuckDBPyConnection, table: Table, as_of: date) -> None:
    """Make the temp table `built` from the inputs that `con` holds."""
    sql = table.sql()
    assert sql is not None
    bound = {"as_of": as_of_moment(as_of)} if "$as_of" in sql else {}
    con.execute(f"create or replace temp table built as {sql}", bound)


@cache
def connection() -> duckdb.DuckDBPyConnection:
    """The one database of these tests: to open one costs more than to build a small table.

    Every build replaces the tables that it reads and the one that it makes.
    """
    con = duckdb.connect(config={"threads": 1})
    con.execute("set TimeZone = 'UTC'")
    return con


def create(
    con: duckdb.DuckDBPyConnection, name: str, columns: Mapping[str, Column], given: Sequence[Row]
) -> None:
    """Make the table `name` with this contract and these rows."""
    typed = ", ".join(f"{quoted(n)} {DUCKDB_TYPES[c.dtype]}" for n, c in columns.items())
    con.execute(f"create or replace table {quoted(name)} ({typed})")
    for row in given:
        assert set(row) <= set(columns), f"{name} has no {set(row) - set(columns)}"
    values = [tuple(_cell(n, c, row) for n, c in columns.items()) for row in given]
    if values:
        places = ", ".join("?" * len(columns))
        many = ", ".join(f"({places})" for _ in values)
        flat = [cell for row in values for cell in row]
        con.execute(f"insert into {quoted(name)} values {many}", flat)


def _cell(name: str, column: Column, row: Row) -> Any:
    if name in row:
        return row[name]
    if column.nullable:
        return None
    return USUAL.get(name, BLANK[column.dtype])


def rows(con: duckdb.DuckDBPyConnection, sql: str) -> list[dict[str, Any]]:
    """What `sql` selects, as dicts."""
    result = con.execute(sql)
    names = [item[0] for item in result.description or ()]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]
