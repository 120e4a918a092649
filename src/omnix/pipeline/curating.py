"""One step: curate one table from raw and publish it with its quarantine."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from omnix.core.errors import MappingError, QualityError
from omnix.core.table import DUCKDB_TYPES, literal, quoted
from omnix.curation.curate import Curation, prepare
from omnix.curation.quality import quality_of
from omnix.curation.records import QUARANTINE
from omnix.curation.shape import Curated
from omnix.pipeline.fingerprint import curation_code, fingerprint, versions_text
from omnix.pipeline.upkeep import data_mark
from omnix.pipeline.workspace import Built, Workspace

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

    from omnix.lake.snapshot import Snapshot

#: Of rows that are neither kept nor set aside, so many are named.
_NAMED = 20


def curate(work: Workspace, table: Curated, *, threads: int | None = None) -> Built:
    """Curate `table` when its raw tables, its parents, its declaration or the mapping have changed.

    Raises:
        QualityError: the rows are too bad; the last good version stays.
        MappingError: the mapping does not fit the raw tables.
        LakeError: the lake cannot be read or written.

    """
    raw, empty_because = _raw_inputs(work, table)
    parents = {name: _require(work, name) for name in table.inputs}
    versions = {s.name: s.version for s in (*raw.values(), *parents.values())}
    corrections = work.lake.snapshot(corrections_path(table.name))
    if corrections:
        versions[corrections.name] = corrections.version
    mark = _mark(work, table, [data_mark(s) for s in raw.values()], [p.version for p in parents.values()], corrections)
    now = work.lake.snapshot(table.path)
    aside = work.lake.snapshot(quarantine_path(table.name))
    if now and aside and mark == now.metadata.get("omnix.fingerprint") == aside.metadata.get("omnix.fingerprint") and table.name not in work.options.force:
        return Built(table.name, "unchanged", now.rows, now.version, versions)
    con = work.connection(threads=threads)
    try:
        _mapped(con, work, table, raw, corrections, empty_because)
        for name in parents:
            work.lake.view(con, f"curated/{name}", as_name=f"curated.{name}")
        curation = prepare(
            con, table, "mapped", {name: quoted(f"curated.{name}") for name in parents},
            ingested_at=_ingested_at(raw), currency=work.options.currency, timezone=work.options.timezone,
        )  # fmt: skip
        return _publish(con, work, table, curation, versions, mark, empty_because, threads)
    finally:
        con.close()


def quarantine_path(name: str) -> str:
    """Where the rows that were set aside lie."""
    return f"quarantine/{name}"


def corrections_path(name: str) -> str:
    """Where the user's corrected rows lie."""
    return f"corrections/{name}"


def _raw_inputs(work: Workspace, table: Curated) -> tuple[dict[str, Snapshot], str]:
    """The raw tables that the mapping reads for `table`; or why it stays empty."""
    if table.name not in work.preset.tables:
        return {}, f"The mapping {work.preset.name!r} has no {table.name}."
    found = {name: work.lake.snapshot(f"raw/{name}") for name in work.preset.reads(table.name)}
    if missing := [name for name, snapshot in found.items() if snapshot is None]:
        return {}, f"Nothing was ingested of {missing[0]!r}, which {table.name} is made of."
    return {name: snapshot for name, snapshot in found.items() if snapshot}, ""


def _require(work: Workspace, name: str) -> Snapshot:
    snapshot = work.lake.snapshot(f"curated/{name}")
    if snapshot is None:
        raise MappingError(f"curated/{name} does not exist yet.", f"`omnix run {name}` builds it.")
    return snapshot


def _mark(work: Workspace, table: Curated, raw: list[str], parents: list[int], corrections: Snapshot | None) -> str:
    return fingerprint(
        raw=raw,
        parents=parents,
        corrections=corrections.version if corrections else None,
        declaration=table.fingerprint,
        code=curation_code(),
        mapping=work.preset.tables.get(table.name, ""),
        currency=work.options.currency,
        timezone=work.options.timezone,
    )


def _ingested_at(raw: Mapping[str, Snapshot]) -> datetime:
    """When the newest of the raw rows came in: what lies after is the future."""
    moments = [datetime.fromisoformat(s.metadata["omnix.ingested_at"]) for s in raw.values() if "omnix.ingested_at" in s.metadata]
    return max(moments, default=datetime(1970, 1, 1))  # noqa: DTZ001 - UTC, as all of our SQL


def _mapped(
    con: duckdb.DuckDBPyConnection, work: Workspace, table: Curated, raw: Mapping[str, Snapshot],
    corrections: Snapshot | None, empty_because: str,
) -> None:
    """Make the view `mapped`: what the mapping gives, with the user's corrections."""
    for name in raw:
        work.lake.view(con, f"raw/{name}", as_name=name, hidden=True)
    if empty_because:
        cells = [f"cast(null as {DUCKDB_TYPES[f.column().dtype]}) as {quoted(table.sources[n])}" for n, f in table.fields.items()]
        con.execute(f"create or replace temp view mapped as select {', '.join(cells)}, cast(null as bigint) as _row where false")
        return
    sql = work.preset.tables[table.name].strip().rstrip(";")
    try:
        # What is computed is computed once: curation looks at the rows several times.
        kind = "view" if work.preset.is_plain(table.name) else "table"
        con.execute(f"create or replace temp {kind} as_mapped as {sql}")
        names = [row[0] for row in con.execute("describe select * from as_mapped").fetchall()]
    except Exception as error:  # noqa: BLE001 - DuckDB's own words name the column and the nearest one
        raise MappingError(f"{table.name}.sql of the mapping {work.preset.name!r} does not run: {error}", "Mend the file and run again.") from error
    numbered = "*" if "_row" in names else "*, row_number() over () as _row"
    sql = f"select {numbered} from as_mapped"
    if corrections:
        work.lake.view(con, corrections.name, as_name="corrections", hidden=True)
        sql = f"select * from ({sql}) where _row not in (select _row from corrections) union all by name select * from corrections"
    con.execute(f"create or replace temp view mapped as {sql}")


def _publish(
    con: duckdb.DuckDBPyConnection, work: Workspace, table: Curated, curation: Curation,
    versions: Mapping[str, int], mark: str, empty_because: str, threads: int | None,
) -> Built:
    facts = curation.facts
    quality = quality_of(facts)
    line = work.options.quality_line
    if quality.score is not None and quality.score < line and work.options.quality_blocks:
        raise QualityError(
            f"{table.name} has the quality {quality.score:.2f}; {line:g} is asked for. {_worst(facts)}",
            "`omnix quality` tells why. Mend the source, or set `quality_blocks = false` to publish it all the same.",
        )
    facts["quality"] = {"score": quality.score, **vars(quality)}
    metadata = {
        "omnix.fingerprint": mark,
        "omnix.inputs": versions_text(versions),
        "omnix.run_id": work.options.run_id,
    }
    told = {"omnix.facts": json.dumps(facts), "omnix.empty_because": empty_because}
    published = work.lake.publish(table.path, con, curation.good, table.columns, metadata={**metadata, **told})
    differing = _differing(con, work, table, facts, published)
    work.lake.publish(
        quarantine_path(table.name), con, _aside(con, work, table, threads), QUARANTINE,
        metadata={**metadata, "omnix.differing": differing},
    )  # fmt: skip
    return Built(table.name, "built", published.rows, published.version, versions, note=empty_because)


def _worst(facts: Mapping[str, Any]) -> str:
    rules = sorted(facts["rules"], key=lambda rule: -rule["rows"])[:2]
    return " ".join(f"{rule['rows']:,} rows: {rule['rule']}." for rule in rules)


def _differing(con: duckdb.DuckDBPyConnection, work: Workspace, table: Curated, facts: Mapping[str, Any], published: Snapshot) -> str:
    """Numbers of rows that are neither kept nor set aside, or both; empty when all is well."""
    if facts["rows_mapped"] == published.rows + facts["rows_quarantined"]:
        return ""
    work.lake.view(con, table.path, as_name="published", physical=True)
    rows = con.execute(
        f"""select _row from (
                select _row, 1 as n from typed
                union all select _row, -1 from published
                union all select row_id, -1 from bad where severity = 'error'
            ) group by _row having sum(n) <> 0 order by _row limit {_NAMED}"""
    ).fetchall()
    return ", ".join(str(row) for (row,) in rows)


def _aside(con: duckdb.DuckDBPyConnection, work: Workspace, table: Curated, threads: int | None) -> str:
    """SELECT of the rows to quarantine and of those warned of, by single and by cross rules."""
    columns = ", ".join(map(quoted, QUARANTINE))
    parts = [f"select {columns} from bad_rows"]
    for number, rule in enumerate(table.cross_rules):
        con.register(f"crossed{number}", _crossed(work, table, rule.sql, threads))
        parts.append(
            f"""select {literal(rule.table)}, null::bigint, key, 'warning', {literal(rule.words)}, null::bigint, null
                from crossed{number} order by key"""
        )
    return " union all ".join(f"({part})" for part in parts)


def _crossed(work: Workspace, table: Curated, sql: str, threads: int | None) -> pa.Table:
    """The keys that break a cross rule. Its own connection: there the names mean curated tables."""
    con = work.connection(threads=threads)
    try:
        for name in (table.name, *table.inputs):
            work.lake.view(con, f"curated/{name}", as_name=name)
        return con.sql(f"select cast(key as varchar) as key from ({sql}) as broken(key)").to_arrow_table()
    finally:
        con.close()
