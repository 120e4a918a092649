"""One step: build one analytics table from its inputs and publish it when it keeps its contract."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from omnix.core.clock import as_of_moment, utc_now
from omnix.core.errors import ContractError, LakeError
from omnix.core.sql_table import SqlTable
from omnix.core.table import Table, quoted
from omnix.curation.records import RECORDS
from omnix.pipeline.apart import build_apart
from omnix.pipeline.fingerprint import fingerprint, versions_text
from omnix.pipeline.records import records_mark, register
from omnix.pipeline.upkeep import data_mark
from omnix.pipeline.workspace import Built, Workspace

if TYPE_CHECKING:
    import duckdb

    from omnix.lake.snapshot import Snapshot


def build(work: Workspace, table: Table, *, threads: int | None = None) -> Built:
    """Build `table` when its inputs, its code or the as-of date have changed.

    Raises:
        ContractError: what was built breaks the table's contract; the last good version stays.
        LakeError: the lake cannot be read or written.

    """
    paths = {name: work.graph.tables[name].path for name in table.inputs if name not in RECORDS}
    snapshots = {name: work.lake.snapshot(path) for name, path in paths.items()}
    if missing := [paths[name] for name, snapshot in snapshots.items() if snapshot is None]:
        raise LakeError(
            f"{table.name} reads {missing[0]}, which does not exist yet.",
            f"`omnix run {table.name}` builds both.",
        )
    versions = {s.name: s.version for s in snapshots.values() if s}
    as_of = as_of_date(work) if table.takes_as_of else None
    records = records_mark(work) if set(table.inputs) & RECORDS.keys() else ""
    marks = {s.name: data_mark(s) for s in snapshots.values() if s}
    asked = {name: work.mark(name) for name in sorted(table.asks)}
    made_by = fingerprint(declaration=table.fingerprint, asked=asked)
    told = {"declaration": table.fingerprint, **({"asked": asked} if asked else {})}
    mark = fingerprint(marks=marks, records=records, **told, as_of=as_of)
    now = work.lake.snapshot(table.path)
    fresh = now and (
        now.metadata.get("omnix.fingerprint") == mark
        or _keeps(work, table, now, made_by, as_of, versions)
    )
    if now and fresh and table.name not in work.options.force:
        return Built(table.name, "unchanged", now.rows, now.version, versions)
    con = work.connection(threads=threads)
    try:
        if isinstance(table, SqlTable):
            made = build_apart(work, table, lambda own: _fill(own, table, as_of), threads=threads)
            con.register("made", made)
            con.execute("create or replace temp table built as from made")
        else:
            _build_here(work, con, table, as_of, now)
        columns, key = (", ".join(map(quoted, names)) for names in (table.columns, table.key))
        published = work.lake.publish(
            table.path, con, f"select {columns} from built order by {key}", table.columns,
            metadata={
                "omnix.fingerprint": mark,
                "omnix.inputs": versions_text(versions),
                "omnix.run_id": work.options.run_id,
                "omnix.as_of": str(as_of or ""),
                **({"omnix.made_by": made_by} if table.keep_days else {}),
            },
        )  # fmt: skip
        return Built(table.name, "built", published.rows, published.version, versions)
    finally:
        con.close()


def _keeps(
    work: Workspace,
    table: Table,
    now: Snapshot,
    made_by: str,
    as_of: date | None,
    versions: Mapping[str, int],
) -> bool:
    """Whether what stands there is young enough to stay, by the days between both cuts.

    It never is when an input that is kept itself has been built again.
    """
    then = now.metadata.get("omnix.as_of")
    if not table.keep_days or not as_of or not then or not now.rows:
        return False
    read = json.loads(now.metadata.get("omnix.inputs") or "{}")
    inputs = [work.graph.tables[name] for name in table.inputs if name not in RECORDS]
    kept = [each.path for each in inputs if each.keep_days]
    days = (as_of - date.fromisoformat(then)).days
    return (
        now.metadata.get("omnix.made_by") == made_by
        and 0 <= days < table.keep_days
        and all(read.get(name) == versions.get(name) for name in kept)
    )


def _build_here(
    work: Workspace,
    con: duckdb.DuckDBPyConnection,
    table: Table,
    as_of: date | None,
    now: Snapshot | None,
) -> None:
    """Make the temp table `built`, which keeps the contract."""
    for name in table.inputs:
        if name in RECORDS:
            register(con, work, name)
        else:
            work.lake.view(con, work.graph.tables[name].path, as_name=name)
    given: dict[str, Any] = {}
    if "previous" in table.asks:
        if now:
            work.lake.view(con, table.path, as_name="previous")
        given["previous"] = con.view("previous") if now else None
    given |= {name: work.given(name) for name in table.asks - {"previous"}}
    _fill(con, table, as_of, given)
    if broken := table.violations(con, "built"):
        raise ContractError(
            f"{table.name} breaks its contract: {'; '.join(broken)}.",
            "Nothing was published; the last good version stays.",
        )


def _fill(
    con: duckdb.DuckDBPyConnection,
    table: Table,
    as_of: date | None,
    given: Mapping[str, Any] | None = None,
) -> None:
    """Make the temp table `built`."""
    moment = as_of_moment(as_of) if as_of else None
    sql = table.sql()
    if sql is not None:
        bound: dict[str, Any] = {"as_of": moment} if moment else {}
        con.execute(f"create or replace temp table built as {sql}", bound)
        return
    relations = {
        name: con.view(name) if name not in RECORDS else con.table(name) for name in table.inputs
    }
    from threadpoolctl import threadpool_limits

    cut = {"as_of": moment} if table.takes_as_of else {}
    # Tables are built side by side: a thread for each core in every small product of matrices makes
    # them many times slower.
    with threadpool_limits(1):
        made = table.build(**relations, **cut, **(given or {}))
    con.register("made", made)
    con.execute("create or replace temp table built as from made")


def as_of_date(work: Workspace) -> date:
    """The run's cut: as asked for, else the day after the newest order, else today."""
    if work.options.as_of:
        return work.options.as_of
    if work.lake.snapshot("curated/orders") is None:
        return utc_now().date()
    con = work.connection()
    try:
        work.lake.view(con, "curated/orders", as_name="orders")
        row = con.execute("select max(ordered_on) from orders").fetchone()
    finally:
        con.close()
    newest = row[0] if row else None
    return newest + timedelta(days=1) if newest else utc_now().date()
