"""What the SQL of a mapping reads and does, told from its syntax tree."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING

from omnix.core.errors import MappingError

if TYPE_CHECKING:
    from sqlglot import exp

_STEP = "Write one SELECT in DuckDB's SQL that reads raw tables by their names."


@cache
def tables_in(sql: str, where: str) -> tuple[str, ...]:
    """The tables that one SELECT reads, its own common table expressions aside, sorted.

    Raises:
        MappingError: it is no single SELECT over plain tables; `where` names the file.

    """
    read = _read_by(_query(sql, where))
    return tuple(sorted({name for table in read for name in _raw_names(table, where)}))


@cache
def is_plain(sql: str) -> bool:
    """Whether a SELECT only picks and renames columns of one table, row by row."""
    import sqlglot
    from sqlglot import exp

    query = sqlglot.parse_one(sql, read="duckdb")
    clauses = {name for name, value in query.args.items() if value}
    plain = clauses <= {"expressions", "from_", "from", "kind"}
    return plain and all(isinstance(each.unalias(), exp.Column) for each in query.expressions)


def _query(sql: str, where: str) -> exp.Query:
    import sqlglot
    from sqlglot import exp
    from sqlglot.errors import SqlglotError

    try:
        found = [each for each in sqlglot.parse(sql, read="duckdb") if each is not None]
    except SqlglotError as error:
        raise MappingError(f"{where}{_told(error)}.", _STEP) from None
    if len(found) != 1:
        raise MappingError(f"{where} holds {len(found)} statements; one is wanted.", _STEP)
    if not isinstance(found[0], exp.Query):
        raise MappingError(f"{where} holds {found[0].key.upper()}, not a SELECT.", _STEP)
    return found[0]


def _told(error: Exception) -> str:
    """Line and reason, where the parser gives them."""
    facts = next(iter(getattr(error, "errors", [])), None)
    if not facts or not facts.get("line"):
        return f" is no SQL: {str(error).splitlines()[0].rstrip('.')}"
    near = f" near {facts['highlight']!r}" if facts.get("highlight") else ""
    return f", line {facts['line']}: {facts['description'].rstrip('.')}{near}"


def _read_by(query: exp.Query) -> list[exp.Table]:
    """Every table but the common table expressions that are in sight where it stands."""
    from sqlglot import exp

    return [table for table in query.find_all(exp.Table) if not _is_own(table)]


def _is_own(table: exp.Table) -> bool:
    inside: exp.Expr = table
    while around := inside.parent:
        if any(cte.alias.casefold() == table.name.casefold() for cte in _in_sight(around, inside)):
            return True
        inside = around
    return False


def _in_sight(around: exp.Expr, inside: exp.Expr) -> list[exp.Expr]:
    """The common table expressions of `around` that its part `inside` can read.

    One that is named like the raw table which it reads ("with orders as (select … from orders)")
    does not stand for itself inside: there, only those written before it are in sight.
    """
    from sqlglot import exp

    if isinstance(around, exp.With):
        own = list(around.expressions)
        return own if around.recursive else own[: [id(each) for each in own].index(id(inside))]
    given = around.args.get("with_")
    return list(given.expressions) if isinstance(given, exp.With) and inside is not given else []


def _raw_names(table: exp.Table, where: str) -> Iterator[str]:
    """The name of a raw table; nothing for a function that makes rows out of none."""
    from sqlglot import exp

    if isinstance(table.this, exp.Identifier) and not table.args.get("db"):
        yield table.name
    elif not isinstance(table.this, exp.GenerateSeries):
        raise MappingError(f"{where} reads {table.sql(dialect='duckdb')}, no raw table.", _STEP)
