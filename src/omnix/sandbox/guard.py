"""Which queries of people we do not trust may run at all: an allow-list, read twice.

The text is measured, then parsed by DuckDB itself and by sqlglot; every statement, node, function,
type and table of both trees must stand on a list, and both must name the same tables. What nobody
has thought of is refused. It is the first of three walls: the worker that runs a query holds
nothing else than what it may see, and the kernel holds the worker.

Parsing costs time that the text decides: run `check` where it can be stopped (`UntrustedSql.check`)
when the text comes from outside.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from omnix.core.table import DUCKDB_TYPES, literal, quoted
from omnix.sandbox._engine import check_engine, empty_engine
from omnix.sandbox._explain import explained
from omnix.sandbox._text import check_text
from omnix.sandbox._tree import check_tree
from omnix.sandbox.errors import RefusedError
from omnix.sandbox.exposed import Exposed

if TYPE_CHECKING:
    import duckdb


#: What is put before a query to learn its columns.
DESCRIBE = "describe "


@dataclass(frozen=True)
class Checked:
    """What a query reads and gives: names of tables; pairs of a column and its DuckDB type."""

    tables: tuple[str, ...]
    columns: tuple[tuple[str, str], ...]


def check(sql: str, tables: Iterable[Exposed]) -> Checked:
    """Prove that `sql` is one SELECT over `tables` that only reads, and say what it gives.

    `tables` need no files: the engine binds the query over empty tables of their columns.

    Raises:
        RefusedError: it is not; names the place, what is not allowed, and what to do.

    """
    listed = list(tables)
    read = examine(sql, listed)
    con = empty_engine()
    try:
        _make_empty(con, listed)
        rows = con.execute(DESCRIBE + sql).fetchall()
    except _engine_errors() as error:
        raise explained(error, sql, listed, shift=len(DESCRIBE)) from None
    finally:
        con.close()
    return Checked(read, tuple((str(row[0]), str(row[1])) for row in rows))


def examine(sql: str, tables: Sequence[Exposed]) -> tuple[str, ...]:
    """The tables that `sql` reads, by both parsers; nothing is bound yet, so columns are not known.

    Raises:
        RefusedError: as `check`, but for what only binding finds.

    """
    tokens = check_text(sql)
    known = {each.name.lower(): each.name for each in tables}
    schemas = {each.name: each.schema for each in tables}
    try:
        read = check_engine(sql, known, schemas)
        found, named = check_tree(sql, tokens)
    except RecursionError:
        raise RefusedError("The query is nested too deeply.", "Split it with `with`.") from None
    lower = {name.lower() for name in read}
    if odd := sorted((lower - found) | (found - named - lower)):
        raise RefusedError(
            f"Two readers of this query do not agree about {odd[0][:60]!r}.",
            "Write that part plainer.",
        )
    for each in tables:
        if each.name in read and not each.built:
            reason = each.reason or f"{each.name} was never built."
            raise RefusedError(reason, f"`omnix run {each.name}` builds it.")
    return tuple(sorted(read))


def _engine_errors() -> type[Exception]:
    import duckdb

    return duckdb.Error


def _make_empty(con: duckdb.DuckDBPyConnection, tables: Iterable[Exposed]) -> None:
    for schema in sorted({each.schema for each in tables}):
        con.execute(f"create schema if not exists {quoted(schema)}")
    for each in tables:
        con.execute(f"create table {quoted(each.schema)}.{quoted(each.name)} ({_body(each)})")
    con.execute(f"set search_path = {search_path(tables)}")


def _body(table: Exposed) -> str:
    return ", ".join(
        f"{quoted(name)} {DUCKDB_TYPES[column.dtype]}" for name, column in table.columns.items()
    )


def search_path(tables: Iterable[Exposed]) -> str:
    """Where a table without its schema is looked for, as DuckDB's setting takes it."""
    return literal(",".join(["main", *sorted({each.schema for each in tables} - {"main"})]))
