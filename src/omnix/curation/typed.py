"""Rows as a mapping gives them, with every cell read: types, defaults, derived columns."""

from __future__ import annotations

from collections.abc import Mapping

import duckdb

from omnix.core.errors import MappingError
from omnix.core.table import DUCKDB_TYPES, quoted
from omnix.curation.read import Style, evidence_of, filled, is_text, read, style_from
from omnix.curation.shape import Curated, Field


class Restyled(Exception):  # noqa: N818 - a turn of events that the caller answers, no error
    """Rows that came on top show another hand than those before: all must be read again."""


def mapped_types(con: duckdb.DuckDBPyConnection, mapped: str, table: Curated) -> dict[str, str]:
    """DuckDB's type of each column that the mapping gives.

    Raises:
        MappingError: it gives a column that nobody knows, or lacks one of the key.

    """
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


def evidence_in(
    con: duckdb.DuckDBPyConnection, table: Curated, mapped: str, types: Mapping[str, str]
) -> dict[str, tuple[int, ...]]:
    """What the cells of each text column show, for the columns whose reading depends on it."""
    found = {
        name: evidence_of(con, quoted(mapped), source, table.fields[name].kind)
        for name, source in table.sources.items()
        if source in types and is_text(types[source])
    }
    return {name: counts for name, counts in found.items() if counts}


def styles_of(
    table: Curated,
    evidence: Mapping[str, tuple[int, ...]],
    known: Mapping[str, tuple[int, ...]] | None,
) -> dict[str, Style]:
    """The hand that wrote each text column, told from its cells and those `known` before.

    Raises:
        Restyled: the new cells change what the known ones showed.

    """
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


def typed_sql(
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
        if can_fail(table.fields[n], types.get(s))
    ]
    hidden = [
        "m._row",
        "m._excluded" if "_excluded" in types else "cast(null as varchar) as _excluded",
    ]
    fields = [
        f"coalesce({quoted(n)}, {with_constants(each.default, constants)}) as {quoted(n)}"
        if each.default is not None
        else quoted(n)
        for n, each in table.fields.items()
    ]
    carried = ["_row", "_excluded", *(each.rpartition(" as ")[2] for each in unread)]
    derived = [
        f"cast({with_constants(d.sql, constants)} as {DUCKDB_TYPES[d.dtype]}) as {quoted(n)}"
        for n, d in table.derived.items()
    ]
    return f"""
        select *{"".join(", " + each for each in derived)}
        from (
            select {", ".join(fields + carried)}
            from (select {", ".join(cells + unread + hidden)} from {quoted(mapped)} as m)
        )
    """


def with_constants(sql: str | None, constants: Mapping[str, str]) -> str:
    """`sql` with the run's constants (`$currency`, `$ingested_at`) in their places."""
    text = sql or ""
    for name, value in constants.items():
        text = text.replace(name, value)
    return text


def _cell(each: Field, name: str, types: Mapping[str, str], style: Style, timezone: str) -> str:
    source = each.source or name
    if source not in types:
        return f"cast(null as {DUCKDB_TYPES[each.column().dtype]})"
    cell = read(each.kind, f"m.{quoted(source)}", types[source], style, timezone)
    return each.normal.replace("{}", cell)


def can_fail(each: Field, duckdb_type: str | None) -> bool:
    """Whether a filled cell of this type may not be readable as the field."""
    if duckdb_type is None or each.kind == "text":
        return False
    same = {
        "moment": ("TIMESTAMP", "DATE"),
        "day": ("DATE",),
        "flag": ("BOOLEAN",),
        "money": ("DECIMAL", "BIGINT", "INTEGER"),
    }
    return not duckdb_type.startswith(same.get(each.kind, ()))
