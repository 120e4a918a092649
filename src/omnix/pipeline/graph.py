"""The graph of tables: what there is, what each reads, in what order."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import cache
from types import MappingProxyType

from omnix.core.discover import build_order, find_tables
from omnix.core.errors import UnknownTableError
from omnix.core.table import Column, Table
from omnix.curation import curated_tables
from omnix.curation.records import RECORDS


@cache
def all_tables() -> Mapping[str, Table]:
    """Every table that omnix builds, by name, each after its inputs."""
    found: dict[str, Table] = {**curated_tables(), **find_tables("omnix.systems")}
    return MappingProxyType({name: found[name] for name in build_order(found)})


def contracts() -> dict[str, Mapping[str, Column]]:
    """The columns of everything that a table may read: tables and the pipeline's own records."""
    return {**{name: table.columns for name, table in all_tables().items()}, **RECORDS}


def system_of(table: Table) -> str:
    """The system that a table belongs to: "curation", "market_intelligence" …"""
    parts = table.module.split(".")
    return parts[2] if len(parts) > 3 and parts[1] == "systems" else "curation"


def chosen(names: Collection[str], system: str | None = None) -> dict[str, Table]:
    """The named tables (or the system's; or all) with all that they read, in building order.

    Raises:
        UnknownTableError: there is no such table or system.

    """
    tables = all_tables()
    if unknown := [name for name in names if name not in tables]:
        raise UnknownTableError(unknown[0], tables)
    systems = {system_of(table) for table in tables.values()}
    if system is not None and system not in systems:
        raise UnknownTableError(system, systems, "system")
    wanted = set(names) or {n for n, t in tables.items() if system in (None, system_of(t))}
    todo = list(wanted)
    while todo:
        for name in reads(tables[todo.pop()]) - wanted:
            wanted.add(name)
            todo.append(name)
    return {name: table for name, table in tables.items() if name in wanted}


def reads(table: Table) -> set[str]:
    """The tables that must be up to date before: the inputs; all of curation, for its records."""
    inputs = set(table.inputs)
    return inputs - RECORDS.keys() | ({*curated_tables()} if inputs & RECORDS.keys() else set())


def downstream(name: str) -> list[str]:
    """Every table that reads `name`, directly or through others, in building order."""
    reached = {name}
    for each, table in all_tables().items():
        if reached & set(table.inputs):
            reached.add(each)
    return [each for each in all_tables() if each in reached and each != name]
