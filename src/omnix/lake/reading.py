"""The SQL that reads a version of a table from its Parquet files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from omnix.core.table import literal, quoted
from omnix.lake.types import read_expression

if TYPE_CHECKING:
    import duckdb

    from omnix.lake.snapshot import Snapshot


def rows_sql(
    con: duckdb.DuckDBPyConnection, snapshot: Snapshot, base: Sequence[str], changes: Sequence[str]
) -> str:
    """A SELECT of the visible rows: the newest version of each key that is not deleted.

    `base` and `changes` are paths of the version's files. A change is newer than every base row of
    its key; among changes the largest `_row` wins, and of two copies of it the later written.
    """
    columns = dict(snapshot.columns)
    if not changes:
        return _select(con, columns, base)
    newest = f"select {_names(columns)} from ({_newest(con, snapshot, changes)}) where not coalesce(_deleted, false)"
    if not base:
        return newest
    same = " and ".join(
        f"changed.{quoted(k)} is not distinct from base.{quoted(k)}" for k in snapshot.key
    )
    keys = {name: columns[name] for name in snapshot.key}
    return f"""
        {newest}
        union all
        select {_names(columns)} from ({_select(con, columns, base)}) base
        where not exists (from ({_select(con, keys, changes)}) changed where {same})"""


def _newest(con: duckdb.DuckDBPyConnection, snapshot: Snapshot, changes: Sequence[str]) -> str:
    columns = {**snapshot.columns, **_hidden(snapshot)}
    keys = _names(snapshot.key)
    return f"""
        from ({_select(con, columns, changes, ("filename", "file_row_number"))})
        qualify row_number() over (
            partition by {keys} order by _row desc, filename desc, file_row_number desc) = 1"""


def _hidden(snapshot: Snapshot) -> Mapping[str, str]:
    """The hidden columns, with those that choosing the newest row needs."""
    return {"_row": "BIGINT", "_deleted": "BOOLEAN", **snapshot.hidden}


def physical_sql(con: duckdb.DuckDBPyConnection, snapshot: Snapshot, files: Sequence[str]) -> str:
    """A SELECT of every row in the files with the hidden columns after the visible ones."""
    return _select(con, {**snapshot.columns, **snapshot.hidden}, files)


def folded_sql(
    con: duckdb.DuckDBPyConnection, snapshot: Snapshot, base: Sequence[str], changes: Sequence[str]
) -> str:
    """A SELECT of what one base file must hold to read as base and changes do together."""
    columns = {
        **snapshot.columns,
        **{n: kind for n, kind in snapshot.hidden.items() if n != "_deleted"},
    }
    return rows_sql(con, replace(snapshot, columns=columns), base, changes)


def _select(
    con: duckdb.DuckDBPyConnection,
    columns: Mapping[str, str],
    files: Sequence[str],
    virtual: Sequence[str] = (),
) -> str:
    """Those columns of the files, each of its type; a column that a file lacks is null there."""
    if not files:
        return f"select {', '.join(read_expression(n, None, kind) for n, kind in columns.items())} where false"
    options = "".join(f", {name} = true" for name in virtual)
    options += ", union_by_name = true" if len(files) > 1 else ""
    scan = f"read_parquet([{', '.join(map(literal, files))}]{options})"
    found = {row[0]: row[1] for row in con.execute(f"describe from {scan}").fetchall()}
    shown = [read_expression(name, found.get(name), kind) for name, kind in columns.items()]
    return f"select {', '.join([*shown, *virtual])} from {scan}"


def _names(columns: Mapping[str, str] | Sequence[str]) -> str:
    return ", ".join(map(quoted, columns))
