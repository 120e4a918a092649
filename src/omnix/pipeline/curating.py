"""One step: curate one table from raw and publish it with its quarantine."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from omnix.core.errors import MappingError, QualityError
from omnix.core.table import DUCKDB_TYPES, literal, quoted
from omnix.curation.curate import Curation, prepare
from omnix.curation.quality import quality_of
from omnix.curation.records import QUARANTINE
from omnix.curation.shape import Curated
from omnix.pipeline.fingerprint import curation_code, fingerprint, versions_text
from omnix.pipeline.growing import Basis, Growth, epoch, grow, standing
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
    base = _base(work, table, corrections)
    mark = fingerprint(
        base=base,
        raw=[data_mark(s) for s in raw.values()],
        parents=[data_mark(p) for p in parents.values()],
    )
    now = work.lake.snapshot(table.path)
    aside = work.lake.snapshot(quarantine_path(table.name))
    forced = table.name in work.options.force
    if (
        now
        and aside
        and not forced
        and mark == now.metadata.get("omnix.fingerprint") == aside.metadata.get("omnix.fingerprint")
    ):
        return Built(table.name, "unchanged", now.rows, now.version, versions)
    step = _Step(work, table, raw, parents, versions, mark, base, empty_because, threads)
    con = work.connection(threads=threads)
    try:
        if now and aside and not forced and not corrections and step.is_settled(now, aside):
            growth = grow(con, work, table, now, Basis(raw, parents, _ingested_at(raw), base))
            if growth is not None:
                return step.add(con, now, growth)
        _mapped(con, work, table, raw, corrections, empty_because)
        for name in parents:
            work.lake.view(con, f"curated/{name}", as_name=f"curated.{name}")
        curation = prepare(
            con, table, "mapped", {name: quoted(f"curated.{name}") for name in parents},
            ingested_at=_ingested_at(raw), currency=work.options.currency, timezone=work.options.timezone,
        )  # fmt: skip
        if corrections:
            curation.facts["corrected"] = _corrected(con, table)
        return step.replace(con, curation)
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


def _base(work: Workspace, table: Curated, corrections: Snapshot | None) -> str:
    """Changes with everything that shapes the table's rows but the rows it is made of."""
    return fingerprint(
        corrections=corrections.version if corrections else None,
        declaration=table.fingerprint,
        code=curation_code(),
        mapping=work.preset.tables.get(table.name, ""),
        currency=work.options.currency,
        timezone=work.options.timezone,
    )


def _ingested_at(raw: Mapping[str, Snapshot]) -> datetime:
    """When the newest of the raw rows came in: what lies after is the future."""
    moments = [
        datetime.fromisoformat(s.metadata["omnix.ingested_at"])
        for s in raw.values()
        if "omnix.ingested_at" in s.metadata
    ]
    return max(moments, default=datetime(1970, 1, 1))  # noqa: DTZ001 - UTC, as all of our SQL


def _mapped(
    con: duckdb.DuckDBPyConnection,
    work: Workspace,
    table: Curated,
    raw: Mapping[str, Snapshot],
    corrections: Snapshot | None,
    empty_because: str,
) -> None:
    """Make the view `mapped`: what the mapping gives, with the user's corrections."""
    for name in raw:
        work.lake.view(con, f"raw/{name}", as_name=name, hidden=True)
    if empty_because:
        cells = [
            f"cast(null as {DUCKDB_TYPES[f.column().dtype]}) as {quoted(table.sources[n])}"
            for n, f in table.fields.items()
        ]
        con.execute(
            f"create or replace temp view mapped as select {', '.join(cells)}, cast(null as bigint) as _row where false"
        )
        return
    sql = work.preset.tables[table.name].strip().rstrip(";")
    try:
        # What is computed is computed once: curation looks at the rows several times.
        kind = "view" if work.preset.is_plain(table.name) else "table"
        con.execute(f"create or replace temp {kind} as_mapped as {sql}")
        names = [row[0] for row in con.execute("describe select * from as_mapped").fetchall()]
    except Exception as error:
        raise MappingError(
            f"{table.name}.sql of the mapping {work.preset.name!r} does not run: {error}",
            "Mend the file and run again.",
        ) from error
    numbered = "*" if "_row" in names else "*, row_number() over () as _row"
    sql = f"select {numbered} from as_mapped"
    if corrections:
        work.lake.view(con, corrections.name, as_name="corrections", hidden=True)
        con.execute(
            f"""create or replace temp table amended as
                select _row, _was from (select _row, {_content(names)} as _was from ({sql}))
                where _was in (select _was from corrections)"""
        )
        sql = f"""select * from ({sql}) where _row not in (select _row from amended)
            union all by name
            select corrections.* exclude (_was), _row from corrections join amended using (_was)"""
    con.execute(f"create or replace temp view mapped as {sql}")


def _content(names: Iterable[str]) -> str:
    """SQL that tells a mapped row by what it holds: its number is another once raw is read anew."""
    cells = ", ".join(f"{quoted(n)} := {quoted(n)}" for n in names if not n.startswith("_"))
    return f"md5(cast(to_json(struct_pack({cells})) as varchar))"


def _corrected(con: duckdb.DuckDBPyConnection, table: Curated) -> dict[str, Any]:
    """Numbers of the rows that the user corrected, and the money that they hold now."""
    money = f"coalesce(sum({quoted(table.money)}), 0)::bigint" if table.money else "0"
    where = "_row in (select _row from amended)"
    (cents,) = con.execute(f"select {money} from typed where {where}").fetchone() or (0,)
    rows = con.execute("select distinct _row from amended order by _row").fetchall()
    return {"rows": [row for (row,) in rows], "money": cents}


def as_came(con: duckdb.DuckDBPyConnection, work: Workspace, table: Curated) -> list[str]:
    """Make the view `came` of the rows before any correction, with `_row` and `_was`.

    `_was` tells a row by its content; a correction names the row that it is for by it. Returns the
    columns that the mapping gives.
    """
    raw, empty_because = _raw_inputs(work, table)
    _mapped(con, work, table, raw, None, empty_because)
    columns = [r[0] for r in con.execute("describe select * from mapped").fetchall()]
    own = [name for name in columns if not name.startswith("_")]
    con.execute(
        f"create or replace temp view came as select *, {_content(columns)} as _was from mapped"
    )
    return own


@dataclass(frozen=True)
class _Step:
    """One curation that has been found necessary: what it is made of, and how it is published."""

    work: Workspace
    table: Curated
    raw: Mapping[str, Snapshot]
    parents: Mapping[str, Snapshot]
    versions: Mapping[str, int]
    mark: str
    base: str
    empty_because: str
    threads: int | None

    def is_settled(self, now: Snapshot, aside: Snapshot) -> bool:
        """Whether table and quarantine were last written by one and the same run."""
        return now.metadata.get("omnix.fingerprint") == aside.metadata.get("omnix.fingerprint")

    def replace(self, con: duckdb.DuckDBPyConnection, curation: Curation) -> Built:
        """Publish the table and its quarantine anew."""
        self._judge_quality(curation.facts)
        metadata = self._metadata(curation.facts, epoch=self.mark)
        published = self.work.lake.publish(
            self.table.path, con, curation.good, self.table.columns, metadata=metadata
        )
        differing = ""
        if curation.facts["rows_mapped"] != published.rows + curation.facts["rows_quarantined"]:
            self.work.lake.view(con, self.table.path, as_name="published", physical=True)
            differing = _differing(con)
        return self._finish(
            con, published, differing, _aside(con, self.work, self.table, self.threads)
        )

    def add(self, con: duckdb.DuckDBPyConnection, now: Snapshot, growth: Growth) -> Built:
        """Add the new rows to the table and publish its quarantine anew."""
        self._judge_quality(growth.facts)
        metadata = self._metadata(growth.facts, epoch=epoch(now))
        published = self.work.lake.append(
            self.table.path, con, growth.curation.good, self.table.columns, metadata=metadata
        )
        differing = ""
        if growth.facts["rows_mapped"] != published.rows + growth.facts["rows_quarantined"]:
            self.work.lake.view(
                con, self.table.path, as_name="published", since=now.version, physical=True
            )
            differing = _differing(con)
        return self._finish(con, published, differing, growth.aside)

    def _judge_quality(self, facts: dict[str, Any]) -> None:
        quality = quality_of(facts)
        facts["quality"] = {"score": quality.score, **vars(quality)}
        line = self.work.options.quality_line
        if quality.score is not None and quality.score < line and self.work.options.quality_blocks:
            raise QualityError(
                f"{self.table.name} has the quality {quality.score:.2f}; {line:g} is asked for. {_worst(facts)}",
                "`omnix quality` tells why. Mend the source, or set `quality_blocks = false` to publish it all the same.",
            )

    def _metadata(self, facts: Mapping[str, Any], epoch: str) -> dict[str, str]:
        return {
            **self._marks(),
            "omnix.facts": json.dumps(facts),
            "omnix.empty_because": self.empty_because,
            "omnix.standing": standing(self.base, self.raw, self.parents),
            "omnix.epoch": epoch,
        }

    def _marks(self) -> dict[str, str]:
        return {
            "omnix.fingerprint": self.mark,
            "omnix.inputs": versions_text(self.versions),
            "omnix.run_id": self.work.options.run_id,
        }

    def _finish(
        self, con: duckdb.DuckDBPyConnection, published: Snapshot, differing: str, aside: str
    ) -> Built:
        """The quarantine comes last: with its mark the step is done."""
        self.work.lake.publish(
            quarantine_path(self.table.name),
            con,
            aside,
            QUARANTINE,
            metadata={**self._marks(), "omnix.differing": differing},
        )
        return Built(
            self.table.name,
            "built",
            published.rows,
            published.version,
            self.versions,
            note=self.empty_because,
        )


def _worst(facts: Mapping[str, Any]) -> str:
    rules = sorted(facts["rules"], key=lambda rule: -rule["rows"])[:2]
    return " ".join(f"{rule['rows']:,} rows: {rule['rule']}." for rule in rules)


def _differing(con: duckdb.DuckDBPyConnection) -> str:
    """Numbers of the rows of `typed` that are neither in `published` nor set aside, or in both."""
    rows = con.execute(
        f"""select _row from (
                select _row, 1 as n from typed
                union all select _row, -1 from published
                union all select row_id, -1 from bad where severity = 'error'
            ) group by _row having sum(n) <> 0 order by _row limit {_NAMED}"""
    ).fetchall()
    return ", ".join(str(row) for (row,) in rows)


def _aside(
    con: duckdb.DuckDBPyConnection, work: Workspace, table: Curated, threads: int | None
) -> str:
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
        return con.sql(
            f"select cast(key as varchar) as key from ({sql}) as broken(key)"
        ).to_arrow_table()
    finally:
        con.close()
