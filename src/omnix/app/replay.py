"""Bringing quarantined rows back: after a fix elsewhere, or with rows that the user corrected."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from omnix.core.errors import MappingError, UnknownTableError
from omnix.core.spreadsheets import as_meant
from omnix.core.table import quoted
from omnix.curation import curated_tables
from omnix.pipeline.curating import as_came, corrections_path

if TYPE_CHECKING:
    import duckdb

    from omnix.app.app import App, Report
    from omnix.app.read import Rows

#: Numbers of raw rows fit into 64 bits.
_NUMBER = re.compile("[0-9]{1,18}")
#: Columns of the listing that tell of the row rather than being of it.
_TOLD = ("row_id", "rules")


@dataclass(frozen=True)
class Replayed:
    """What a replay did: rows set aside before and after, and the run."""

    before: int
    after: int
    corrected: int
    report: Report


def expanded(rows: Rows) -> tuple[list[str], list[list[Any]]]:
    """Quarantined rows of one table with the source's own columns, ready to be corrected.

    A row that only drew a warning is not among them: it stands in its table, its source is not
    kept here, and sent back without its cells it would be emptied.
    """
    at = {name: rows.columns.index(name) for name in (*_TOLD, "source_row")}
    found = [(row, json.loads(came)) for row in rows.rows if (came := row[at["source_row"]])]
    names = [
        name
        for name in dict.fromkeys(key for _, cells in found for key in cells)
        if not name.startswith("_")
    ]
    return [*_TOLD, *names], [
        [row[at["row_id"]], row[at["rules"]], *(cells.get(n) for n in names)]
        for row, cells in found
    ]


def replay(app: App, table: str | None, corrected: Path | None) -> Replayed:
    """Curate again, with the corrected rows when there are some, and what hangs on it.

    Raises:
        UnknownTableError: there is no such curated table.
        MappingError: the file does not hold corrected rows of this table.

    """
    names = list(curated_tables())
    if table is not None and table not in names:
        raise UnknownTableError(table, names)
    count = 0
    if corrected is not None:
        if table is None:
            raise MappingError(
                "Corrected rows belong to one table.",
                "Name it: `omnix quarantine replay TABLE --from FILE`.",
            )
        count = _store(app, table, _read(corrected, curated_tables()[table].sources.values()))
    before = _set_aside(app, table)
    report = app.run(
        [] if table is None else _affected(app, table),
        ingest_first=False,
        force=frozenset([table] if table else names),
    )
    return Replayed(before, _set_aside(app, table), count, report)


def _affected(app: App, table: str) -> list[str]:
    return [table, *app.graph.downstream(table), "data_quality", "books_balance"]


def _set_aside(app: App, table: str | None) -> int:
    from omnix.app.read import quarantined

    return len(quarantined(app, table, limit=None, severity="error").rows)


def _read(path: Path, known: Sequence[str] | Any) -> list[dict[str, Any]]:
    """Corrected rows from CSV: `row_id` and columns of the mapping; empty cells are empty."""
    if not path.exists():
        raise MappingError(
            f"{path} does not exist.",
            "`omnix quarantine list TABLE --csv > FILE` makes one to correct.",
        )
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
    except (csv.Error, UnicodeDecodeError) as error:
        raise MappingError(
            f"{path} is no CSV in UTF-8: {error}.", "Save it as `omnix quarantine list` wrote it."
        ) from None
    names = set(rows[0]) if rows else set()
    if "row_id" not in names:
        raise MappingError(
            f"{path} has no column row_id, which says which row is corrected.",
            "Keep the columns of `omnix quarantine list TABLE --csv`.",
        )
    if unknown := sorted(names - set(known) - set(_TOLD)):
        raise MappingError(
            f"{path} has the column {unknown[0]!r}, which the table does not have.",
            f"It may have: {', '.join(known)}.",
        )
    for number, row in enumerate(rows, 2):
        if not _NUMBER.fullmatch(row["row_id"] or ""):
            raise MappingError(
                f"{path}, line {number}: row_id is {row['row_id']!r}, not a number.",
                "Leave row_id as it was listed.",
            )
    twice = [each for each, n in Counter(row["row_id"] for row in rows).items() if n > 1]
    if twice:
        raise MappingError(
            f"{path} holds row_id {twice[0]} more than once.", "Keep one line for each row."
        )
    return rows


def _store(app: App, table: str, rows: Sequence[Mapping[str, Any]]) -> int:
    """Keep the corrected rows, newest correction of a row first, behind the door like all else.

    A column that the file leaves out stays as it came.

    Raises:
        MappingError: there is no row of that number.

    """
    import pyarrow as pa

    if not rows:
        return 0
    names = [name for name in curated_tables()[table].sources.values() if name in rows[0]]
    numbers = pa.array([int(row["row_id"]) for row in rows], pa.int64())
    cells = {name: pa.array([_unquoted(row[name]) for row in rows], pa.string()) for name in names}
    guarded, _ = app.door().admit(table, pa.table({**cells, "row_id": numbers}))
    path = corrections_path(table)
    with app.workspace() as work:
        con = work.connection(threads=1)
        came = as_came(con, work, curated_tables()[table])
        con.register("corrected", guarded.select([*names, "row_id"]))
        _must_be_there(con, table)
        kept = [f"cast(came.{quoted(n)} as varchar) as {quoted(n)}" for n in came if n not in names]
        chosen = ", ".join([*(f"corrected.{quoted(n)}" for n in names), *kept, "_was"])
        con.execute(
            f"create temp table fresh as select {chosen} from corrected join came on _row = row_id"
        )
        sql = "select * from fresh"
        if app.lake.snapshot(path):
            app.lake.view(con, path, as_name="earlier", hidden=True)
            sql += " union all by name select * from earlier where _was not in (select _was from fresh)"
        columns = [r[0] for r in con.execute(f"describe {sql}").fetchall() if r[0] != "_was"]
        listed = ", ".join(map(quoted, [*columns, "_was"]))
        app.lake.publish(
            path, con, f"select {listed} from ({sql})", dict.fromkeys(columns, "VARCHAR")
        )
    return len(rows)


def _must_be_there(con: duckdb.DuckDBPyConnection, table: str) -> None:
    lost = con.execute(
        "select min(row_id) from corrected where row_id not in (select _row from came)"
    ).fetchone()
    if lost and lost[0] is not None:
        raise MappingError(
            f"{table} has no row {lost[0]}.",
            f"List the rows again: `omnix quarantine list {table} --csv`.",
        )


def _unquoted(cell: str | None) -> str | None:
    """The cell as it was before `--csv` made it safe for spreadsheets."""
    return as_meant(cell) if cell else None
