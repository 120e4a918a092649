"""What tables are made of: column by column, and as a picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omnix.core.errors import OmnixError
from omnix.core.sql import lineage_of
from omnix.curation.records import RECORDS
from omnix.curation.shape import Curated

if TYPE_CHECKING:
    from omnix.app.analytics.reader import Reader
    from omnix.core.table import Table


def column_origins(reader: Reader, table: Table) -> dict[str, list[dict[str, str]]]:
    """For each column the columns that it is computed from; an empty name means the whole table."""
    if isinstance(table, Curated):
        return _mapped(reader, table)
    known = reader.app.graph.contracts()
    try:
        found = lineage_of(table, {name: known[name] for name in table.inputs})
    except (OmnixError, KeyError):  # SQL that cannot be followed: the inputs are known all the same
        found = {name: [(each, "") for each in table.inputs] for name in table.columns}
    return {
        name: [{"table": source, "column": column} for source, column in origins]
        for name, origins in found.items()
    }


def _mapped(reader: Reader, table: Curated) -> dict[str, list[dict[str, str]]]:
    raw = raw_of(reader, table.name)
    found = {
        name: [{"table": each, "column": source} for each in raw]
        for name, source in table.sources.items()
    }
    derived = {name: [{"table": table.name, "column": ""}] for name in table.derived}
    return {**found, **derived}


def raw_of(reader: Reader, name: str) -> list[str]:
    """The raw tables that a curated table is mapped from."""
    try:
        preset = reader.app.preset()
    except OmnixError:
        return []
    return [f"raw/{each}" for each in preset.reads(name)] if name in preset.tables else []


def edges(reader: Reader) -> list[tuple[str, str]]:
    """Every (input, table) pair, raw tables and the pipeline's records included."""
    found = []
    for name, table in reader.tables.items():
        if isinstance(table, Curated):
            found += [(raw, name) for raw in raw_of(reader, name)]
        found += [(each, name) for each in table.inputs]
    curated = [name for name, table in reader.tables.items() if isinstance(table, Curated)]
    used = {source for source, _ in found} & RECORDS.keys()
    found += [(name, record) for record in sorted(used) for name in curated]
    return found


def around(pairs: list[tuple[str, str]], name: str) -> list[tuple[str, str]]:
    """The pairs above and below one table."""
    return [*_reached(pairs, name, up=True), *_reached(pairs, name, up=False)]


def _reached(pairs: list[tuple[str, str]], name: str, *, up: bool) -> list[tuple[str, str]]:
    todo, seen, found = [name], {name}, []
    while todo:
        at = todo.pop()
        for pair in pairs:
            here, there = (pair[1], pair[0]) if up else pair
            if here == at:
                found.append(pair)
                if there not in seen:
                    seen.add(there)
                    todo.append(there)
    return found
