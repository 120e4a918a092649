"""Curation of rows that came on top, at the cost of those rows and not of the whole table.

It is taken only where the result is the same as that of curating everything again, row for row and
fact for fact; otherwise `grow` says no and everything is curated again. So it asks that raw was
only added to, that the mapping works row by row, that parents only gained keys, that no new row
has the key of an old one, and that no row set aside before would now be judged otherwise.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from omnix.core.table import literal, quoted
from omnix.curation.curate import Curation, prepare
from omnix.curation.facts import added_up
from omnix.curation.records import QUARANTINE
from omnix.curation.shape import CrossRule, Curated
from omnix.curation.typed import Restyled
from omnix.pipeline.upkeep import data_mark

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

    from omnix.lake.snapshot import Snapshot
    from omnix.pipeline.workspace import Workspace


@dataclass(frozen=True)
class Standing:
    """What a table was curated from the last time, as its commit tells."""

    base: str
    raw_versions: Mapping[str, int]
    parent_versions: Mapping[str, int]
    parent_epochs: Mapping[str, str]
    facts: Mapping[str, Any]
    raw_marks: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, snapshot: Snapshot) -> Standing | None:
        """None for a table that an older omnix curated."""
        told = snapshot.metadata
        if "omnix.standing" not in told:
            return None
        standing = json.loads(told["omnix.standing"])
        return cls(**standing, facts=json.loads(told["omnix.facts"]))


def standing(base: str, raw: Mapping[str, Snapshot], parents: Mapping[str, Snapshot]) -> str:
    """What the next run must know of this one, to be kept in the commit."""
    return json.dumps(
        {
            "base": base,
            "raw_versions": {name: snapshot.version for name, snapshot in raw.items()},
            "raw_marks": {name: data_mark(snapshot) for name, snapshot in raw.items()},
            "parent_versions": {name: snapshot.version for name, snapshot in parents.items()},
            "parent_epochs": {name: epoch(snapshot) for name, snapshot in parents.items()},
        }
    )


def epoch(snapshot: Snapshot) -> str:
    """Stays the same for as long as a curated table only gains rows."""
    return snapshot.metadata.get("omnix.epoch", str(snapshot.version))


@dataclass(frozen=True)
class Basis:
    """What a table is to be curated from now: raw tables by name, parents, when raw came in (UTC).

    `base` changes with everything that shapes the rows but the rows themselves.
    """

    raw: Mapping[str, Snapshot]
    parents: Mapping[str, Snapshot]
    ingested_at: datetime
    base: str


@dataclass(frozen=True)
class Growth:
    """Rows to add: their curation, the facts of the whole table, and its new quarantine as SQL."""

    curation: Curation
    facts: dict[str, Any]
    aside: str


def grow(
    con: duckdb.DuckDBPyConnection, work: Workspace, table: Curated, now: Snapshot, basis: Basis
) -> Growth | None:
    """Judge the rows that came on top since `now`; None when everything must be curated again."""
    before = Standing.of(now)
    if before is None or not _only_grew(work, table, before, basis):
        return None
    if _revived(work, table, before, basis):
        return None
    return _judge(con, work, table, before, basis)


def _only_grew(work: Workspace, table: Curated, before: Standing, basis: Basis) -> bool:
    """Whether nothing but rows on top has changed since."""
    if before.base != basis.base or len(basis.raw) != 1 or not work.preset.is_plain(table.name):
        return False
    ((name, source),) = basis.raw.items()
    since = before.raw_versions.get(name, -1)
    if since < 0 or not work.lake.only_appended_since(source.name, since):
        return False
    past = work.lake.snapshot(source.name, since)
    if past is None or data_mark(past) != before.raw_marks.get(name):
        return False  # raw was taken back or made anew: that version is not the one of then
    if {n: epoch(parent) for n, parent in basis.parents.items()} != dict(before.parent_epochs):
        return False
    due = before.facts["future_from"]  # what lay in the future then may be the past by now
    tomorrow = basis.ingested_at + timedelta(days=1)
    return not due or due > f"{tomorrow:%Y-%m-%d %H:%M:%S}"


def _judge(
    con: duckdb.DuckDBPyConnection, work: Workspace, table: Curated, before: Standing, basis: Basis
) -> Growth | None:
    ((name, since),) = before.raw_versions.items()
    work.lake.view(con, f"raw/{name}", as_name="added", since=since, physical=True)
    if _any(con, "select 1 from added where _deleted"):
        return None
    work.lake.view(con, f"raw/{name}", as_name=name, since=since, hidden=True)
    con.execute(f"create or replace temp view mapped as {work.preset.tables[table.name]}")
    for parent in basis.parents:
        work.lake.view(con, f"curated/{parent}", as_name=f"curated.{parent}")
    try:
        curation = prepare(
            con, table, "mapped", {p: quoted(f"curated.{p}") for p in basis.parents}, ingested_at=basis.ingested_at,
            currency=work.options.currency, timezone=work.options.timezone,
            known={n: tuple(counts) for n, counts in before.facts["evidence"].items()},
        )  # fmt: skip
    except Restyled:
        return None
    work.lake.view(con, table.path, as_name="standing")
    work.lake.view(con, f"quarantine/{table.name}", as_name="set_aside")
    same = " and ".join(f"standing.{quoted(k)} = typed.{quoted(k)}" for k in table.key)
    if _any(con, f"select 1 from typed join standing on {same} limit 1"):
        return None
    text = " || '/' || ".join(f"coalesce(cast({quoted(k)} as varchar), '?')" for k in table.key)
    if _any(
        con,
        f"select 1 from typed where {text} in (select row_key from set_aside where row_id is not null) limit 1",
    ):
        return None
    facts = added_up(before.facts, curation.facts)
    return Growth(curation, facts, _aside(con, work, table))


def _any(con: duckdb.DuckDBPyConnection, sql: str) -> bool:
    return con.execute(sql).fetchone() is not None


def _revived(work: Workspace, table: Curated, before: Standing, basis: Basis) -> bool:
    """Whether a parent has gained a key that a row set aside or warned of was waiting for."""
    now = {name: parent.version for name, parent in basis.parents.items()}
    grown = [r for r in table.references if now[r.table] != before.parent_versions.get(r.table)]
    (raw,) = basis.raw
    if not grown:
        return False
    con = work.connection()
    try:
        work.lake.view(con, f"quarantine/{table.name}", as_name="set_aside")
        work.lake.view(con, f"raw/{raw}", as_name=raw, hidden=True)
        for reference in grown:
            path = f"curated/{reference.table}"
            since = before.parent_versions[reference.table]
            if not work.lake.only_appended_since(path, since):
                return True
            work.lake.view(con, path, as_name="gained", since=since)
            key = con.execute("describe gained").fetchall()[0][0]
            waiting = (
                f"select row_id from set_aside where contains(rules, {literal(reference.words)})"
            )
            if _any(con, f"""{waiting} limit 1""") and _any(
                con,
                f"""select 1 from ({work.preset.tables[table.name]}) as m
                    where m._row in ({waiting})
                      and trim(cast(m.{quoted(table.sources[reference.column])} as varchar)) in (select {quoted(key)} from gained)
                    limit 1""",
            ):
                return True
        return False
    finally:
        con.close()


def _aside(con: duckdb.DuckDBPyConnection, work: Workspace, table: Curated) -> str:
    """SELECT of the quarantine as it will be: that before, the new rows', cross rules judged anew.

    A cross rule is asked again of the keys that the new rows touch, and of those alone.
    """
    columns = ", ".join(map(quoted, QUARANTINE))
    kept, parts = "select * from set_aside", [f"select {columns} from bad_rows"]
    for number, rule in enumerate(table.cross_rules):
        key = _key_of(rule)
        con.execute(
            f"create or replace temp table touched{number} as select distinct cast({quoted(key)} as varchar) as key from ({_good_keys(key)})"
        )
        con.register(f"crossed{number}", _crossed(con, work, table, rule, f"touched{number}"))
        kept = f"select * from ({kept}) where not (row_id is null and rules = {literal(rule.words)} and row_key in (select key from touched{number}))"
        parts.append(
            f"""select {literal(rule.table)}, null::bigint, key, 'warning', {literal(rule.words)}, null::bigint, null
                from crossed{number} order by key"""
        )
    return " union all ".join(f"({part})" for part in (kept, *parts))


def _good_keys(key: str) -> str:
    return f"select {quoted(key)} from judged where _broken = 0 and _row not in (select _row from losers)"


def _key_of(rule: CrossRule) -> str:
    from omnix.curation import curated_tables

    return curated_tables()[rule.table].key[0]


def _crossed(
    con: duckdb.DuckDBPyConnection, work: Workspace, table: Curated, rule: CrossRule, touched: str
) -> pa.Table:
    """The touched keys that break the rule, over the table as it will be."""
    other, key = work.connection(), _key_of(rule)
    try:
        other.register("touched", con.sql(f"select key from {touched}").to_arrow_table())
        columns = ", ".join(map(quoted, table.columns))
        new = con.sql(
            f"select {columns} from judged where _broken = 0 and _row not in (select _row from losers)"
        )
        other.register("new_rows", new.to_arrow_table())
        for name in (table.name, *table.inputs):
            work.lake.view(other, f"curated/{name}", as_name=f"all.{name}")
            rows = f"select * from {quoted(f'all.{name}')}"
            if name == table.name:
                rows += " union all by name select * from new_rows"
            names = [row[0] for row in other.execute(f"describe {rows}").fetchall()]
            chosen = (
                f" where cast({quoted(key)} as varchar) in (select key from touched)"
                if key in names
                else ""
            )
            other.execute(
                f"create or replace temp view {quoted(name)} as select * from ({rows}){chosen}"
            )
        return other.sql(
            f"select cast(key as varchar) as key from ({rule.sql}) as broken(key)"
        ).to_arrow_table()
    finally:
        other.close()
