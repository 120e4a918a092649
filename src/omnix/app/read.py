"""Reading tables for people and programs: by name, with versions, with limits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from omnix.core.errors import LakeError, UnknownTableError
from omnix.curation.records import RECORDS
from omnix.pipeline.engine import connect
from omnix.pipeline.runs import PATH as RUNS_PATH

if TYPE_CHECKING:
    import duckdb

    from omnix.app.app import App

#: What is not built by a table module, yet can be shown.
OTHERS = ("quarantine", "runs", *RECORDS)


@dataclass(frozen=True)
class Rows:
    """Rows of a table: its columns' names, and a tuple for each row."""

    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]]


def path_of(app: App, name: str) -> str:
    """Where the table lies in the lake: `orders` is `curated/orders`, `raw/orders` is itself.

    Raises:
        UnknownTableError: there is no such table.

    """
    tables = app.graph.tables
    if name in tables:
        return tables[name].path
    if name == "runs":
        return RUNS_PATH
    there = app.lake.names()
    if name in there:
        return name
    raise UnknownTableError(name, [*tables, *OTHERS, *there])


def table_rows(app: App, name: str, *, limit: int | None = 20, version: int | None = None) -> Rows:
    """The first `limit` rows of a table in the order of its file.

    Raises:
        UnknownTableError: there is no such table.
        LakeError: it was never built, or the version is gone.

    """
    con = _connection(app)
    reads: list[str] = []
    if name in RECORDS:
        from omnix.pipeline.records import register

        with app.workspace() as work:
            register(con, work, name)
        shown = name
    elif name == "quarantine":
        shown = _quarantine(con, app)
    else:
        path = path_of(app, name)
        if app.lake.snapshot(path) is None:
            raise LakeError(f"{name} was never built.", f"`omnix run {name}` builds it.")
        app.lake.view(con, path, as_name="shown", version=version)
        shown, reads = "shown", [path]
    upto = "" if limit is None else f" limit {int(limit)}"
    return _fetch(app, con, f"select * from {shown}{upto}", reads=reads)


def _quarantine(con: duckdb.DuckDBPyConnection, app: App, table: str | None = None) -> str:
    """A view over the quarantine of one table, or of every table."""
    wanted = f"quarantine/{table or ''}"
    names = [n for n in app.lake.names() if n == wanted or (not table and n.startswith(wanted))]
    if not names:
        raise LakeError(
            "Nothing was curated yet, so nothing is in quarantine.", "`omnix run` curates."
        )
    for number, name in enumerate(names):
        app.lake.view(con, name, as_name=f"aside{number}")
    parts = " union all ".join(f"(from aside{number})" for number in range(len(names)))
    con.execute(f"create or replace temp view quarantine as {parts}")
    return "quarantine"


def quarantined(
    app: App,
    table: str | None,
    *,
    limit: int | None,
    severity: str | None = None,
    upload: str | None = None,
) -> Rows:
    """Rows set aside or warned of, those of one table or of all; `upload`: that came with that file.

    Raises:
        UnknownTableError: there is no such table.
        LakeError: nothing was curated yet.
        QuestionError, NotFoundError: as `competitor_uploads.rows_of`.

    """
    from omnix.app.competitor_uploads import rows_of as sent

    if table and table not in app.graph.tables:
        raise UnknownTableError(table, app.graph.tables)
    first, last = sent(app, table, upload) if upload else (None, None)
    con = _connection(app)
    _quarantine(con, app, table)
    return _fetch(
        app,
        con,
        f"""select * from quarantine
            where ($table is null or table_name = $table) and ($severity is null or severity = $severity)
              and ($first is null or row_id between $first and $last)
            order by table_name, severity, row_id {"" if limit is None else f"limit {int(limit)}"}""",
        {"table": table, "severity": severity, "first": first, "last": last},
    )


def quarantine_counts(app: App) -> Rows:
    """How many rows each rule set aside or warned of."""
    con = _connection(app)
    _quarantine(con, app)
    return _fetch(
        app,
        con,
        """select table_name, severity, rules, count(*) as rows, sum(money_cents)::bigint as money_cents
           from quarantine group by all order by table_name, severity, rows desc, rules""",
    )


def rows_of(
    app: App, sql: str, *paths: str, params: dict[str, Any] | None = None
) -> list[dict[str, Any]]:
    """The rows of our own `sql` over tables of the lake, each known by the last part of its path.

    `params` are bound to its `$names`.
    """
    con = _connection(app)
    for path in paths:
        app.lake.view(con, path)
    found = _fetch(app, con, sql, params, reads=paths)
    return [dict(zip(found.columns, row, strict=True)) for row in found.rows]


def _connection(app: App) -> duckdb.DuckDBPyConnection:
    return connect(
        threads=app.settings.threads,
        memory_limit=app.settings.memory_limit,
        spill=app.settings.home / "cache" / "spill",
    )


def _fetch(
    app: App,
    con: duckdb.DuckDBPyConnection,
    sql: str,
    params: dict[str, Any] | Sequence[Any] | None = None,
    *,
    reads: Sequence[str] = (),
) -> Rows:
    """The rows of `sql`; where it fails over a damaged table, one of `reads` is named as that."""
    try:
        result = con.execute(sql, params)
        columns = tuple(item[0] for item in result.description or ())
        return Rows(columns, result.fetchall())
    except Exception as error:
        if told := app.lake.explain(error, reads):
            raise told from error
        raise
