"""Every rule of a table as a bit: which rows break which, in words and in SQL."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import duckdb

from omnix.core.errors import MappingError
from omnix.core.table import quoted
from omnix.curation.shape import Curated, Rule, Severity
from omnix.curation.typed import can_fail, with_constants

_MOST_RULES = 62  # they are bits of one BIGINT


@dataclass(frozen=True)
class Broken:
    """One way in which a row can be broken: a bit, what it says, and what it counts in."""

    bit: int
    words: str
    severity: Severity
    part: str  # "excluded", "validity", "consistency" or "uniqueness"
    sql: str  # true where it IS broken


_WANTED = {
    "money": "an amount of money",
    "number": "a number",
    "whole": "a whole number",
    "flag": "yes or no",
    "moment": "a date and time",
    "day": "a date",
}


def breakable_rules(
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
        if can_fail(each, types.get(source)):
            words = f"{source} cannot be read as {_WANTED[each.kind]}"
            found.append((words, "error", "validity", quoted("_unread_" + name)))
        if each.required:
            unread = (
                f"and not {quoted('_unread_' + name)}" if can_fail(each, types.get(source)) else ""
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
            reads(rule.sql, name) for name in absent
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


def _rule(
    rule: Rule, table: Curated, constants: Mapping[str, str]
) -> tuple[str, Severity, str, str]:
    """A rule is broken where it is not true; where what it reads is missing, that is told instead."""
    needed = [n for n, each in table.fields.items() if each.required and reads(rule.sql, n)]
    present = "".join(f"{quoted(n)} is not null and " for n in needed)
    return (
        rule.words,
        rule.severity,
        rule.part,
        f"{present}({with_constants(rule.sql, constants)}) is not true",
    )


def reads(sql: str, name: str) -> bool:
    """Whether an expression reads a column."""
    return re.search(rf"\b{re.escape(name)}\b", sql) is not None


def _missing_keys(con: duckdb.DuckDBPyConnection, column: str, parent: str) -> bool:
    """Collect the keys in `column` that `parent` lacks; whether there are any."""
    name = quoted("missing_" + column)
    parent_key = con.execute(f"describe select * from {parent}").fetchall()[0][0]
    # Nulls are taken out of the few that are left: a filter on all rows costs more than the join.
    con.execute(
        f"""create or replace temp table {name} as
            select distinct child.{quoted(column)} as key from typed as child
            anti join {parent} as parent
            on child.{quoted(column)} = parent.{quoted(parent_key)}"""
    )
    con.execute(f"delete from {name} where key is null")
    row = con.execute(f"select count(*) from {name}").fetchone()
    return bool(row and row[0])


def judged_sql(breakable: list[Broken]) -> str:
    """SELECT of the typed rows with the bits of the errors they break, and of the warnings.

    A row that the mapping leaves out is judged by nothing else: what more it breaks follows.
    """
    (excluded,) = (each for each in breakable if each.part == "excluded")

    def bits(severity: Severity) -> str:
        terms = [
            f"case when {each.sql} then {each.bit} else 0 end"
            for each in breakable
            if each.severity == severity and each is not excluded
        ]
        return " + ".join(terms) or "0"

    return f"""
        select *,
            case when {excluded.sql} then {excluded.bit} else cast({bits("error")} as bigint) end as _broken,
            case when {excluded.sql} then 0 else cast({bits("warning")} as bigint) end as _warned
        from typed
    """
