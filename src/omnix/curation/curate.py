"""Curation of one table: the rows that keep every rule, and those that do not, with the rules.

The cost is a few scans of the mapped rows and no window or join over all of them: what breaks a
reference or repeats a key is found first, in narrow scans, and is nearly always a small set.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import duckdb

from omnix.core.table import literal, quoted
from omnix.curation.rules import Broken, breakable_rules, judged_sql, reads
from omnix.curation.shape import Curated, Severity
from omnix.curation.typed import evidence_in, mapped_types, styles_of, typed_sql

DUPLICATE = "a newer row has the same key"


@dataclass
class Curation:
    """The SQL that curates one table, once `prepare` has looked at its rows.

    good:    SELECT of the rows to publish, contract columns in order, then `_row`.
    bad:     name of the temp table of quarantined and warned rows (see `QUARANTINE`).
    facts:   what was counted on the way.
    """

    good: str
    bad: str
    facts: dict[str, Any] = field(default_factory=dict)


def prepare(
    con: duckdb.DuckDBPyConnection,
    table: Curated,
    mapped: str,
    parents: Mapping[str, str],
    *,
    ingested_at: datetime,
    currency: str = "EUR",
    timezone: str = "UTC",
    known: Mapping[str, tuple[int, ...]] | None = None,
) -> Curation:
    """Look at the rows of `mapped` and tell the good from the bad.

    Args:
        con: holds `mapped` (a view: agreed source columns, `_row`, perhaps `_excluded`).
        table: the curated table that the rows are for.
        mapped: the view's name.
        parents: the relation that holds each curated table in `table.inputs`.
        ingested_at: when the raw rows came in, UTC without zone; what lies after is the future.
        currency: taken where the source gives none.
        timezone: of moments that carry no zone.
        known: when `mapped` holds only rows that came on top of others, the evidence of those (the
            fact "evidence"): cells are then read in the hand that all of them show together.

    Raises:
        Restyled: the rows on top change how the columns must be read.
        MappingError: the mapping lacks a column of the key, or gives one that nobody knows.

    """
    types = mapped_types(con, mapped, table)
    constants = {
        "$currency": literal(currency),
        "$ingested_at": f"timestamp '{ingested_at:%Y-%m-%d %H:%M:%S}'",
    }
    shown = evidence_in(con, table, mapped, types)
    styles = styles_of(table, shown, known)
    typed = typed_sql(table, mapped, types, styles, timezone, constants)
    con.execute(f"create or replace temp view typed as {typed}")
    breakable = breakable_rules(con, table, types, parents, constants)
    judged = judged_sql(breakable)
    con.execute(f"create or replace temp view judged as {judged}")
    _find_suspects(con, table)
    _find_losers(con, table)
    _find_bad(con, table, mapped, breakable)
    good = _good(table)
    facts = _facts(con, table, types, breakable)
    facts["evidence"] = shown
    facts["future_from"] = _future_from(con, table, breakable)
    return Curation(good, "bad", facts)


def _future_from(
    con: duckdb.DuckDBPyConnection, table: Curated, breakable: list[Broken]
) -> str | None:
    """The earliest moment among those set aside for lying in the future; None when there is none."""
    moments = _future_columns(table)
    bits = sum(
        each.bit
        for each in breakable
        if each.words in {rule.words for rule in table.rules if "$ingested_at" in rule.sql}
    )
    if not moments or not bits:
        return None
    least = f"least({', '.join(map(quoted, moments))})" if len(moments) > 1 else quoted(moments[0])
    row = con.execute(
        f"select min({least})::varchar from suspects where (_broken & {bits}) <> 0"
    ).fetchone()
    return row[0] if row else None


def _future_columns(table: Curated) -> list[str]:
    """Moments that a rule compares with when the rows came in."""
    rules = [rule.sql for rule in table.rules if "$ingested_at" in rule.sql]
    return [
        n
        for n, each in table.fields.items()
        if each.kind == "moment" and any(reads(sql, n) for sql in rules)
    ]


def _find_suspects(con: duckdb.DuckDBPyConnection, table: Curated) -> None:
    """Collect, in one scan, every row that breaks a rule or whose key's hash occurs twice."""
    key = ", ".join(map(quoted, table.key))
    present = " and ".join(f"{quoted(name)} is not null" for name in table.key)
    _find_repeated(con, f"select hash({key}) as h from typed")
    needed = {
        *table.key,
        *([table.newest] if table.newest else []),
        *([table.money] if table.money else []),
        *_future_columns(table),
    }
    con.execute(
        f"""create or replace temp table suspects as
            select {", ".join(map(quoted, sorted(needed)))}, _row, _excluded, _broken, _warned, {present} as _has_key
            from judged
            where _broken <> 0 or _warned <> 0 or hash({key}) in (select h from repeated)"""
    )


def _find_repeated(con: duckdb.DuckDBPyConnection, hashes: str) -> None:
    """Collect the hashes that occur more than once: sorting them is cheaper than grouping."""
    import numpy as np
    import pyarrow as pa

    found = np.sort(con.execute(hashes).fetchnumpy()["h"])
    twice = np.unique(found[1:][found[1:] == found[:-1]])
    con.register("twice", pa.table({"h": pa.array(twice, pa.uint64())}))
    con.execute("create or replace temp table repeated as select h from twice")
    con.unregister("twice")


def _find_losers(con: duckdb.DuckDBPyConnection, table: Curated) -> None:
    """Collect the good rows that lose against a newer good one with the same key."""
    key = ", ".join(map(quoted, table.key))
    newest = f"{quoted(table.newest)} desc nulls last, " if table.newest else ""
    con.execute(
        f"""create or replace temp table losers as
            select _row from (
                select _row, row_number() over (partition by {key} order by {newest} _row desc) as place
                from suspects
                where _has_key and _broken = 0
            ) where place > 1"""
    )


def _find_bad(
    con: duckdb.DuckDBPyConnection, table: Curated, mapped: str, breakable: list[Broken]
) -> None:
    """Collect every row that is quarantined or warned of, with the words and the row as it came."""

    def words(severity: Severity) -> str:
        told = [
            f"case when ({'_broken' if severity == 'error' else '_warned'} & {each.bit}) <> 0 then {literal(each.words)} end"
            for each in breakable
            if each.severity == severity and each.part != "excluded"
        ]
        if severity == "error":
            told = ["_excluded", *told, f"case when _lost then {literal(DUPLICATE)} end"]
        return f"concat_ws('; ', {', '.join(told)})" if told else "''"

    money = quoted(table.money) if table.money else "cast(null as bigint)"
    key = " || '/' || ".join(
        f"coalesce(cast({quoted(name)} as varchar), '?')" for name in table.key
    )
    con.execute(
        f"""create or replace temp table bad as
            select
                {literal(table.name)} as table_name, _row as row_id, {key} as row_key,
                case when _broken <> 0 or _lost then 'error' else 'warning' end as severity,
                case when _broken <> 0 or _lost then {words("error")} else {words("warning")} end as rules,
                {money} as money_cents,
                _broken, _warned, _lost
            from (select *, _row in (select _row from losers) as _lost from suspects)
            where _broken <> 0 or _warned <> 0 or _lost"""
    )
    con.execute(
        f"""create or replace temp view bad_rows as
            select table_name, row_id, row_key, severity, rules, money_cents,
                   case when severity = 'error' then cast(to_json(m) as varchar) end as source_row
            from bad left join {quoted(mapped)} as m on m._row = bad.row_id and bad.severity = 'error'
            order by row_id, severity"""
    )


def _good(table: Curated) -> str:
    columns = ", ".join(map(quoted, table.columns))
    return f"select {columns}, _row from judged where _broken = 0 and _row not in (select _row from losers)"


def _facts(
    con: duckdb.DuckDBPyConnection,
    table: Curated,
    types: Mapping[str, str],
    breakable: list[Broken],
) -> dict[str, Any]:
    given = [n for n, s in table.sources.items() if s in types]
    money = f"sum({quoted(table.money)})" if table.money else "null"
    filled_cells = " + ".join(f"count({quoted(name)})" for name in given) or "0"
    rows, cents, cells_filled, kept = con.execute(
        f"""select count(*), cast({money} as bigint),
                ({filled_cells.replace(")", ") filter (_excluded is null)")}),
                count(*) filter (_excluded is null)
            from typed"""
    ).fetchone() or (0, None, 0, 0)

    def mask(part: str) -> int:
        return sum(each.bit for each in breakable if each.part == part)

    out, out_cents, excluded, invalid, inconsistent, lost = con.execute(
        f"""select
            count(*) filter (severity = 'error'),
            coalesce(sum(money_cents) filter (severity = 'error'), 0)::bigint,
            count(*) filter ((_broken & {mask("excluded")}) <> 0),
            count(*) filter ((_broken & {mask("validity")}) <> 0),
            count(*) filter (((_broken | _warned) & {mask("consistency")}) <> 0),
            count(*) filter (_lost)
        from bad"""
    ).fetchone() or (0, 0, 0, 0, 0, 0)
    return {
        "rows_mapped": rows,
        "money_mapped": cents,
        "rows_quarantined": out,
        "money_quarantined": out_cents if table.money else None,
        "rows_excluded": excluded,
        "rows_invalid": invalid,
        "rows_inconsistent": inconsistent,
        "rows_duplicate": lost,
        "cells": kept * len(given),
        "cells_filled": cells_filled,
        "columns_given": given,
        "rules": _rule_counts(con, breakable),
    }


def _rule_counts(con: duckdb.DuckDBPyConnection, breakable: list[Broken]) -> list[dict[str, Any]]:
    told = [each for each in breakable if each.part != "excluded"]
    counts = (
        con.execute(
            f"""select {", ".join(f"count(*) filter (((_broken | _warned) & {each.bit}) <> 0)" for each in told)},
            count(*) filter (_lost) from bad"""
        ).fetchone()
        or ()
    )
    rules = [
        {"rule": each.words, "severity": each.severity, "part": each.part, "rows": count}
        for each, count in zip(told, counts[:-1], strict=True)
    ]
    excluded = con.execute(
        "select rules, count(*) from bad where (_broken & 1) <> 0 group by rules order by 2 desc, 1 limit 50"
    ).fetchall()
    rules += [{"rule": w, "severity": "error", "part": "excluded", "rows": n} for w, n in excluded]
    rules.append({"rule": DUPLICATE, "severity": "error", "part": "uniqueness", "rows": counts[-1]})
    return [rule for rule in rules if rule["rows"]]
