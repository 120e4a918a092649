"""Curation of one table: the rows that keep every rule, and those that do not, with the rules.

The cost is a few scans of the mapped rows and no window or join over all of them: what breaks a
reference or repeats a key is found first, in narrow scans, and is nearly always a small set.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import duckdb

from omnix.core.errors import MappingError
from omnix.core.table import literal, quoted
from omnix.curation.read import Style, evidence_of, filled, is_text, read, style_from
from omnix.curation.shape import Curated, Field, Rule, Severity

DUPLICATE = "a newer row has the same key"
_MOST_RULES = 62  # they are bits of one BIGINT


@dataclass(frozen=True)
class Broken:
    """One way in which a row can be broken: a bit, what it says, and what it counts in."""

    bit: int
    words: str
    severity: Severity
    part: str  # "excluded", "validity", "consistency" or "uniqueness"
    sql: str  # true where it IS broken


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
    types = _types(con, mapped, table)
    constants = {
        "$currency": literal(currency),
        "$ingested_at": f"timestamp '{ingested_at:%Y-%m-%d %H:%M:%S}'",
    }
    evidence = _evidence(con, table, mapped, types)
    styles = _styles(table, evidence, known)
    typed = _typed(table, mapped, types, styles, timezone, constants)
    con.execute(f"create or replace temp view typed as {typed}")
    breakable = _breakable(con, table, types, parents, constants)
    judged = _judged(breakable)
    con.execute(f"create or replace temp view judged as {judged}")
    _find_suspects(con, table)
    _find_losers(con, table)
    _find_bad(con, table, mapped, breakable)
    good = _good(table)
    facts = _facts(con, table, types, breakable)
    facts["evidence"] = evidence
    facts["future_from"] = _future_from(con, table, breakable)
    return Curation(good, "bad", facts)


class Restyled(Exception):  # noqa: N818 - a turn of events that the caller answers, no error
    """Rows that came on top show another hand than those before: all must be read again."""


def _evidence(
    con: duckdb.DuckDBPyConnection, table: Curated, mapped: str, types: Mapping[str, str]
) -> dict[str, tuple[int, ...]]:
    """What the cells of each text column show, for the columns whose reading depends on it."""
    found = {
        name: evidence_of(con, quoted(mapped), source, table.fields[name].kind)
        for name, source in table.sources.items()
        if source in types and is_text(types[source])
    }
    return {name: counts for name, counts in found.items() if counts}


def _styles(
    table: Curated,
    evidence: Mapping[str, tuple[int, ...]],
    known: Mapping[str, tuple[int, ...]] | None,
) -> dict[str, Style]:
    if known is None:
        return {
            name: style_from(table.fields[name].kind, counts) for name, counts in evidence.items()
        }
    styles = {}
    for name, counts in evidence.items():
        before = tuple(known.get(name, [0] * len(counts)))
        together = tuple(old + new for old, new in zip(before, counts, strict=True))
        styles[name] = style_from(table.fields[name].kind, together)
        if styles[name] != style_from(table.fields[name].kind, before):
            raise Restyled(f"{table.name}.{name}")
    return styles


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
        if each.kind == "moment" and any(_reads(sql, n) for sql in rules)
    ]


def _types(con: duckdb.DuckDBPyConnection, mapped: str, table: Curated) -> dict[str, str]:
    rows = con.execute(f"describe select * from {quoted(mapped)}").fetchall()
    types = {name: kind for name, kind, *_ in rows}
    known = {*table.sources.values(), "_row", "_excluded"}
    if unknown := [name for name in types if name not in known]:
        raise MappingError(
            f"The mapping of {table.name} gives the column {unknown[0]!r}, which {table.name} does not have.",
            f"It may give: {', '.join(sorted(known))}.",
        )
    defaulted = {name for name, each in table.fields.items() if each.default is not None}
    lacking = [n for n in table.key if n not in defaulted and table.sources[n] not in types]
    if lacking:
        raise MappingError(
            f"The mapping of {table.name} lacks {lacking[0]!r}, which tells its rows apart.",
            f"Add `… as {table.sources[lacking[0]]}` to {table.name}.sql.",
        )
    return types


def _typed(
    table: Curated,
    mapped: str,
    types: Mapping[str, str],
    styles: Mapping[str, Style],
    timezone: str,
    constants: Mapping[str, str],
) -> str:
    """SELECT of every row with every field read, defaults taken, derived columns computed."""
    cells = [
        f"{_cell(table.fields[n], n, types, styles.get(n, Style()), timezone)} as {quoted(n)}"
        for n in table.fields
    ]
    unread = [
        f"{filled(f'm.{quoted(s)}', types[s])} and {quoted(n)} is null as {quoted('_unread_' + n)}"
        for n, s in table.sources.items()
        if _can_fail(table.fields[n], types.get(s))
    ]
    hidden = [
        "m._row",
        "m._excluded" if "_excluded" in types else "cast(null as varchar) as _excluded",
    ]
    fields = [
        f"coalesce({quoted(n)}, {_with(each.default, constants)}) as {quoted(n)}"
        if each.default is not None
        else quoted(n)
        for n, each in table.fields.items()
    ]
    carried = ["_row", "_excluded", *(each.rpartition(" as ")[2] for each in unread)]
    derived = [
        f"cast({_with(d.sql, constants)} as {_duckdb(d.dtype)}) as {quoted(n)}"
        for n, d in table.derived.items()
    ]
    return f"""
        select *{"".join(", " + each for each in derived)}
        from (
            select {", ".join(fields + carried)}
            from (select {", ".join(cells + unread + hidden)} from {quoted(mapped)} as m)
        )
    """


def _duckdb(dtype: str) -> str:
    from omnix.core.table import DUCKDB_TYPES

    return DUCKDB_TYPES[dtype]


def _with(sql: str | None, constants: Mapping[str, str]) -> str:
    text = sql or ""
    for name, value in constants.items():
        text = text.replace(name, value)
    return text


def _cell(each: Field, name: str, types: Mapping[str, str], style: Style, timezone: str) -> str:
    source = each.source or name
    if source not in types:
        return f"cast(null as {_duckdb(each.column().dtype)})"
    cell = read(each.kind, f"m.{quoted(source)}", types[source], style, timezone)
    return each.normal.replace("{}", cell)


def _can_fail(each: Field, duckdb_type: str | None) -> bool:
    if duckdb_type is None or each.kind == "text":
        return False
    same = {
        "moment": ("TIMESTAMP", "DATE"),
        "day": ("DATE",),
        "flag": ("BOOLEAN",),
        "money": ("DECIMAL", "BIGINT", "INTEGER"),
    }
    return not duckdb_type.startswith(same.get(each.kind, ()))


def _breakable(
    con: duckdb.DuckDBPyConnection,
    table: Curated,
    types: Mapping[str, str],
    parents: Mapping[str, str],
    constants: Mapping[str, str],
) -> list[Broken]:
    """Every rule of the table as a bit, in the order in which they are told."""
    found: list[tuple[str, Severity, str, str]] = [
        ("", "error", "excluded", "_excluded is not null")
    ]
    for name, each in table.fields.items():
        source = table.sources[name]
        if _can_fail(each, types.get(source)):
            words = f"{source} cannot be read as {_WANTED[each.kind]}"
            found.append((words, "error", "validity", quoted("_unread_" + name)))
        if each.required:
            unread = (
                f"and not {quoted('_unread_' + name)}" if _can_fail(each, types.get(source)) else ""
            )
            found.append(
                (f"{source} is missing", "error", "validity", f"{quoted(name)} is null {unread}")
            )
    absent = {
        n
        for n, each in table.fields.items()
        if table.sources[n] not in types and each.default is None
    }
    found += [
        _rule(rule, table, constants)
        for rule in table.rules
        if not any(
            _reads(rule.sql, name) for name in absent
        )  # a shop that lacks a column breaks no rule on it
    ]
    for reference in table.references:
        if _missing_keys(con, reference.column, parents[reference.table]):
            where = f"{quoted(reference.column)} in (select key from {quoted('missing_' + reference.column)})"
            found.append((reference.words, reference.severity, "consistency", where))
    if len(found) > _MOST_RULES:
        raise MappingError(
            f"{table.name} has {len(found)} rules; {_MOST_RULES} is the most.", "Merge some."
        )
    return [Broken(1 << n, *each) for n, each in enumerate(found)]


_WANTED = {
    "money": "an amount of money",
    "number": "a number",
    "whole": "a whole number",
    "flag": "yes or no",
    "moment": "a date and time",
    "day": "a date",
}


def _rule(
    rule: Rule, table: Curated, constants: Mapping[str, str]
) -> tuple[str, Severity, str, str]:
    """A rule is broken where it is not true; where what it reads is missing, that is told instead."""
    needed = [n for n, each in table.fields.items() if each.required and _reads(rule.sql, n)]
    present = "".join(f"{quoted(n)} is not null and " for n in needed)
    return (
        rule.words,
        rule.severity,
        rule.part,
        f"{present}({_with(rule.sql, constants)}) is not true",
    )


def _reads(sql: str, name: str) -> bool:
    return re.search(rf"\b{re.escape(name)}\b", sql) is not None


def _missing_keys(con: duckdb.DuckDBPyConnection, column: str, parent: str) -> bool:
    """Collect the keys in `column` that `parent` lacks; whether there are any."""
    name = quoted("missing_" + column)
    parent_key = con.execute(f"describe select * from {parent}").fetchall()[0][0]
    con.execute(
        f"""create or replace temp table {name} as
            select distinct {quoted(column)} as key from typed
            where {quoted(column)} is not null
              and {quoted(column)} not in (select {quoted(parent_key)} from {parent})"""
    )
    row = con.execute(f"select count(*) from {name}").fetchone()
    return bool(row and row[0])


def _judged(breakable: list[Broken]) -> str:
    """SELECT of the typed rows with the bits of the errors they break, and of the warnings."""

    def bits(severity: Severity) -> str:
        terms = [
            f"case when {each.sql} then {each.bit} else 0 end"
            for each in breakable
            if each.severity == severity
        ]
        return " + ".join(terms) or "0"

    return f"""
        select *, cast({bits("error")} as bigint) as _broken, cast({bits("warning")} as bigint) as _warned
        from typed
    """


def _find_suspects(con: duckdb.DuckDBPyConnection, table: Curated) -> None:
    """Collect, in one scan, every row that breaks a rule or whose key's hash occurs twice."""
    key = ", ".join(map(quoted, table.key))
    present = " and ".join(f"{quoted(name)} is not null" for name in table.key)
    con.execute(
        f"""create or replace temp table repeated as
            select hash({key}) as h from typed where {present} group by h having count(*) > 1"""
    )
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
