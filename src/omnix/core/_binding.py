"""What DuckDB itself says of a table's SQL, over empty tables made from the inputs' contracts.

The engine is the judge, so that nothing is refused that would run and every type is the real one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from omnix.core.errors import ContractError, nearest
from omnix.core.table import DUCKDB_TYPES, Column, quoted

if TYPE_CHECKING:
    import duckdb

_DESCRIBE = "describe "
_NO_COLUMN = (
    r'^Referenced column "?(?P<column>.+?)"? not found',
    r'^(?:Table|Values list) "(?P<source>.+?)" does not have a column named "(?P<column>.+?)"',
    r'^Column "(?P<column>.+?)" does not exist on (?:left|right) side of join',
    r'^Column "(?P<column>.+?)" in EXCLUDE list not found',
)


class Statement(NamedTuple):
    """One piece of SQL and how errors speak of it: "sales_daily", "sales_daily, rule 'x'"."""

    owner: str
    sql: str

    def at(self, line: int | None) -> str:
        """The owner with the line, as an error begins."""
        return f"{self.owner}, line {line} of its SQL" if line else self.owner

    def text_of(self, line: int | None) -> str:
        """That line as it stands, in a sentence; nothing without a line."""
        return f" The line reads: {self.sql.splitlines()[line - 1].strip()}" if line else ""


@contextmanager
def empty_tables(contracts: Mapping[str, Mapping[str, Column]]) -> Iterator[Any]:
    """A connection that holds an empty table for each contract and can reach nothing else."""
    con = _engine().cursor()
    try:
        for name, columns in contracts.items():
            body = ", ".join(
                f"{quoted(c)} {DUCKDB_TYPES[each.dtype]}" for c, each in columns.items()
            )
            con.execute(f"create temp table {quoted(name)} ({body})")
        yield con
    finally:
        con.close()


def bound_columns(
    con: duckdb.DuckDBPyConnection,
    statement: Statement,
    contracts: Mapping[str, Mapping[str, Column]],
    named: Mapping[str, str],
    *,
    as_of: bool | None = None,
) -> list[tuple[str, str]]:
    """Name and DuckDB type of each column that the statement gives.

    Args:
        con: from `empty_tables(contracts)`.
        statement: a SELECT whose only parameter is `$as_of`.
        contracts: what it may read.
        named: what an alias in the SQL stands for, where it is a table.
        as_of: whether it has the parameter; None: when it is written anywhere in it.

    Raises:
        ContractError: the engine refuses it; names the line and the nearest known column.

    """
    import duckdb

    takes = "$as_of" in statement.sql if as_of is None else as_of
    bound = {"as_of": datetime(2000, 1, 1)} if takes else None  # noqa: DTZ001
    try:
        rows = con.execute(_DESCRIBE + statement.sql, bound).fetchall()
    except duckdb.Error as error:
        raise _explained(error, statement, contracts, named) from None
    return [(row[0], row[1]) for row in rows]


@cache
def _engine() -> duckdb.DuckDBPyConnection:
    import duckdb

    con = duckdb.connect(":memory:", config={"threads": 1, "enable_external_access": False})
    con.execute("set global errors_as_json = true")
    return con


def _explained(
    error: Exception,
    statement: Statement,
    contracts: Mapping[str, Mapping[str, Column]],
    named: Mapping[str, str],
) -> ContractError:
    facts = _facts(error)
    message, start = facts["exception_message"], _start(facts)
    line = None if start is None else statement.sql.encode()[:start].count(b"\n") + 1
    if missing := _missing_column(
        message, statement.sql.encode()[start or 0 :].decode(errors="replace"), named
    ):
        source, column = missing
        line = line or _first_line_with(column, statement.sql)
        table = named.get(source, source)
        known = contracts.get(table) or {c for each in contracts.values() for c in each}
        where = f"{table} has no column" if table else "nothing it reads has a column"
        return ContractError(
            f"{statement.at(line)}: {where} {column!r}.{statement.text_of(line)}",
            f"{nearest(column, known)}Name a column of its inputs' contracts.",
        )
    first = message.strip().splitlines()[0].rstrip(".!")
    return ContractError(
        f"{statement.at(line)}: DuckDB says: {first}.{statement.text_of(line)}", "Mend the SQL."
    )


def _missing_column(message: str, rest: str, named: Mapping[str, str]) -> tuple[str, str] | None:
    """Source ("" where none is written) and name of the column that the engine did not find."""
    for pattern in _NO_COLUMN:
        if found := re.match(pattern, message):
            return found.groupdict().get("source") or "", found["column"]
    # Inside a correlated subquery the engine blames the table for a column that it lacks.
    written = re.match(r"(\w+)\.(\w+)", rest) if message.startswith("Referenced table") else None
    return (written[1], written[2]) if written and written[1] in named else None


def _facts(error: Exception) -> dict[str, str]:
    """DuckDB's own account of the error, which it gives as JSON behind the error's kind."""
    text = str(error)
    try:
        facts: dict[str, str] = json.loads(text[text.index("{") :])
    except ValueError:
        return {"exception_message": text}
    return facts


def _start(facts: Mapping[str, str]) -> int | None:
    """At which byte of the statement the error lies."""
    return max(0, int(facts["position"]) - len(_DESCRIBE)) if "position" in facts else None


def _first_line_with(name: str, sql: str) -> int | None:
    word = re.compile(rf"\b{re.escape(name)}\b", re.IGNORECASE)
    return next((n for n, line in enumerate(sql.splitlines(), 1) if word.search(line)), None)
