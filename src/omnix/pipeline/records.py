"""The pipeline's own records as views, counted anew from the lake itself."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from omnix.core.money import to_cents
from omnix.core.table import DUCKDB_TYPES, Column, quoted
from omnix.curation import curated_tables
from omnix.curation.read import is_text, read_decimal, style_of
from omnix.curation.records import CURATIONS, INGESTS
from omnix.pipeline.curating import quarantine_path
from omnix.pipeline.fingerprint import fingerprint
from omnix.pipeline.upkeep import data_mark
from omnix.pipeline.workspace import Workspace

if TYPE_CHECKING:
    import duckdb

    from omnix.lake.snapshot import Snapshot

_NAMED = 20


def records_mark(work: Workspace) -> str:
    """Changes whenever a record may have changed."""
    paths = [t.path for t in curated_tables().values()] + [
        quarantine_path(n) for n in curated_tables()
    ]
    versions = {
        path: data_mark(snapshot) for path in paths if (snapshot := work.lake.snapshot(path))
    }
    raw = {
        path: data_mark(snapshot)
        for path in _raw_names(work)
        if (snapshot := work.lake.snapshot(path))
    }
    return fingerprint(
        raw=raw, versions=versions, mapping=[repr(raw) for raw in work.preset.raw.values()]
    )


def register(con: duckdb.DuckDBPyConnection, work: Workspace, name: str) -> None:
    """Make the record `name` a temporary table of `con`."""
    rows, columns = {"ingests": (_ingests, INGESTS), "curations": (_curations, CURATIONS)}[name]
    _create(con, name, columns, list(rows(con, work)))


def _create(
    con: duckdb.DuckDBPyConnection,
    name: str,
    columns: Mapping[str, Column],
    rows: list[dict[str, Any]],
) -> None:
    typed = ", ".join(f"{quoted(n)} {DUCKDB_TYPES[c.dtype]}" for n, c in columns.items())
    con.execute(f"create or replace temp table {quoted(name)} ({typed})")
    if rows:
        marks = ", ".join("?" for _ in columns)
        con.executemany(
            f"insert into {quoted(name)} values ({marks})",
            [[row.get(c) for c in columns] for row in rows],
        )


def _curations(con: duckdb.DuckDBPyConnection, work: Workspace) -> Iterator[dict[str, Any]]:
    for name, table in curated_tables().items():
        snapshot = work.lake.snapshot(table.path)
        if snapshot is None or "omnix.facts" not in snapshot.metadata:
            continue
        facts = json.loads(snapshot.metadata["omnix.facts"])
        aside = work.lake.snapshot(quarantine_path(name))
        yield {
            **{key: value for key, value in facts.items() if key.startswith("rows_")},
            **facts["quality"],
            "table_name": name,
            "money_mapped_cents": facts["money_mapped"],
            "money_quarantined_cents": _set_aside_money(con, work, name) if table.money else None,
            "rows_quarantined": _set_aside_rows(con, work, name),
            "rows_curated": snapshot.rows,
            "money_curated_cents": _money(con, work, table.path, table.money)
            if table.money
            else None,
            "empty_because": snapshot.metadata.get("omnix.empty_because") or None,
            "differing_rows": (aside.metadata.get("omnix.differing") if aside else "") or None,
        }


def _money(con: duckdb.DuckDBPyConnection, work: Workspace, path: str, column: str) -> int:
    work.lake.view(con, path, as_name="counted")
    row = con.execute(f"select coalesce(sum({quoted(column)}), 0)::bigint from counted").fetchone()
    return int(row[0]) if row else 0


def _set_aside(con: duckdb.DuckDBPyConnection, work: Workspace, name: str, what: str) -> int:
    if work.lake.snapshot(quarantine_path(name)) is None:
        return 0
    work.lake.view(con, quarantine_path(name), as_name="aside")
    row = con.execute(f"select {what} from aside where severity = 'error'").fetchone()
    return int(row[0]) if row else 0


def _set_aside_money(con: duckdb.DuckDBPyConnection, work: Workspace, name: str) -> int:
    return _set_aside(con, work, name, "coalesce(sum(money_cents), 0)::bigint")


def _set_aside_rows(con: duckdb.DuckDBPyConnection, work: Workspace, name: str) -> int:
    return _set_aside(con, work, name, "count(*)")


def _raw_names(work: Workspace) -> list[str]:
    read = {raw for agreed in work.preset.tables for raw in work.preset.reads(agreed)}
    return sorted(f"raw/{name}" for name in read | set(work.preset.raw))


def _ingests(con: duckdb.DuckDBPyConnection, work: Workspace) -> Iterator[dict[str, Any]]:
    for path in _raw_names(work):
        snapshot = work.lake.snapshot(path)
        if snapshot:
            yield _ingested(con, work, path, snapshot)


def _ingested(
    con: duckdb.DuckDBPyConnection, work: Workspace, path: str, snapshot: Snapshot
) -> dict[str, Any]:
    name = path.rpartition("/")[2]
    raw = work.preset.raw.get(name)
    money = raw.money if raw else None
    work.lake.view(con, path, as_name="raw", hidden=True)
    mapped, money_mapped, corrected = _homed(work, raw.home if raw else ())
    rows, cents, total = _counted(con, snapshot.columns, money)
    if money_mapped is not None and corrected and money:
        # What the user corrected is booked as it came: the correction is no loss on the way.
        money_mapped += _money_of(con, snapshot.columns, money, corrected)
    source_money = snapshot.metadata.get("omnix.source_money")
    source_cents = to_cents(Decimal(source_money)) if source_money else None
    if (
        source_cents is not None
        and total is not None
        and abs(source_cents - total * 100) <= max(1, abs(total) * 1e-9)
    ):
        source_cents = cents  # the same sum; it differs only by where it was rounded
    return {
        "table_name": name,
        "rows_source": int(snapshot.metadata.get("omnix.source_rows") or rows),
        "money_source_cents": source_cents,
        "rows_raw": rows,
        "money_raw_cents": cents,
        "rows_mapped": mapped,
        "money_mapped_cents": money_mapped if money else None,
        "differing_rows": _homeless(con, work, raw.home if raw else (), rows, mapped),
        "ingested_at": snapshot.metadata.get("omnix.ingested_at"),
    }


def _counted(
    con: duckdb.DuckDBPyConnection, types: Mapping[str, str], money: str | None
) -> tuple[int, int | None, float | None]:
    """Rows of the view `raw`; its money in cents; its money as a source sums it.

    The cents are read and rounded row by row, as curation does, so that the two can be equal to the
    cent. A source knows nothing of decimal commas: its sum takes text as plain decimals.
    """
    if money is None:
        (rows,) = con.execute("select count(*) from raw").fetchone() or (0,)
        return int(rows), None, None
    plain = [
        f"try_cast({quoted(n)} as decimal(18, 4)) as {quoted(n)}" for n in _texts(types, money)
    ]
    (rows, total) = con.execute(
        f"""select count(*), coalesce(sum(try_cast(({money}) as decimal(38, 6))), 0)::double
            from (select * {_replacing(plain)} from raw)"""
    ).fetchone() or (0, 0.0)
    return int(rows), _money_of(con, types, money), total


def _money_of(
    con: duckdb.DuckDBPyConnection,
    types: Mapping[str, str],
    money: str,
    rows: Sequence[int] | None = None,
) -> int:
    """The money in cents of the view `raw`, or of its rows with these numbers, read as curation does."""
    read = [
        f"{read_decimal(quoted(n), types[n], style_of(con, 'raw', n, 'money'))} as {quoted(n)}"
        for n in _texts(types, money)
    ]
    found = con.execute(
        f"""select coalesce(sum(try_cast(round(({money}) * 100) as bigint)), 0)::bigint
            from (select * {_replacing(read)} from raw)
            where $rows is null or list_contains($rows, _row)""",
        {"rows": rows},
    ).fetchone()
    return int(found[0]) if found else 0


def _texts(types: Mapping[str, str], money: str) -> list[str]:
    """The columns of text that the money is made of."""
    return [
        name
        for name, kind in types.items()
        if is_text(kind) and re.search(rf"\b{re.escape(name)}\b", money, re.IGNORECASE)
    ]


def _replacing(cells: list[str]) -> str:
    return f"replace ({', '.join(cells)})" if cells else ""


def _homed(work: Workspace, home: tuple[str, ...]) -> tuple[int | None, int | None, list[int]]:
    """Rows and money that the mapped tables took of a raw table; the rows that the user corrected.

    What comes back is booked against what was sold where one raw table holds both. The money is
    that of the rows that nobody corrected.
    """
    rows, cents = 0, 0
    corrected: list[int] = []
    for agreed in home:
        snapshot = work.lake.snapshot(f"curated/{agreed}")
        if snapshot is None:
            return None, None, []
        facts = json.loads(snapshot.metadata["omnix.facts"])
        sign = -1 if agreed == "refunds" and len(home) > 1 else 1
        rows += facts["rows_mapped"]
        amended = facts.get("corrected") or {"rows": [], "money": 0}
        cents += sign * ((facts["money_mapped"] or 0) - amended["money"])
        corrected += amended["rows"]
    return (rows, cents, corrected) if home else (None, None, [])


def _homeless(
    con: duckdb.DuckDBPyConnection,
    work: Workspace,
    home: tuple[str, ...],
    rows: int,
    mapped: int | None,
) -> str | None:
    """Numbers of raw rows that no mapped table took, or that two did."""
    if mapped is None or mapped == rows:
        return None
    parts = []
    for number, agreed in enumerate(home):
        work.lake.view(con, f"curated/{agreed}", as_name=f"kept{number}", physical=True)
        work.lake.view(con, quarantine_path(agreed), as_name=f"aside{number}")
        parts.append(f"union all select _row, -1 from kept{number}")
        parts.append(f"union all select row_id, -1 from aside{number} where severity = 'error'")
    found = con.execute(
        f"""select _row from (select _row, 1 as n from raw {" ".join(parts)})
            group by _row having sum(n) <> 0 order by _row limit {_NAMED}"""
    ).fetchall()
    return ", ".join(str(row) for (row,) in found)
