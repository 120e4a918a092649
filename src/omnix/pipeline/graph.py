"""The graph of tables: what there is, what each reads, in what order."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cache
from types import MappingProxyType

from omnix.core.discover import build_order, find_tables
from omnix.core.errors import OmnixError, UnknownTableError
from omnix.core.table import Column, Table
from omnix.curation import curated_tables
from omnix.curation.records import RECORDS


@dataclass(frozen=True)
class Broken:
    """A table that is declared but cannot be built as it stands: why, and whose it is."""

    name: str
    system: str
    error: OmnixError


@dataclass(frozen=True)
class Graph:
    """Every table that one home builds, by name, each after its inputs; and those it cannot."""

    tables: Mapping[str, Table]
    broken: Mapping[str, Broken] = field(default_factory=dict)

    @classmethod
    def of(cls, tables: Mapping[str, Table], broken: Mapping[str, Broken] | None = None) -> Graph:
        """`tables` in building order.

        Raises:
            ContractError: tables read one another in a circle.

        """
        ordered = {name: tables[name] for name in build_order(tables)}
        return cls(MappingProxyType(ordered), MappingProxyType(dict(broken or {})))

    def contracts(self) -> dict[str, Mapping[str, Column]]:
        """The columns of everything a table may read: tables and the pipeline's own records."""
        return {**{name: table.columns for name, table in self.tables.items()}, **RECORDS}

    def systems(self) -> list[str]:
        """Every system that has a table, in the order of the tables."""
        found = [table.system for table in self.tables.values()]
        return list(dict.fromkeys([*found, *(each.system for each in self.broken.values())]))

    def chosen(self, names: Collection[str], system: str | None = None) -> dict[str, Table]:
        """The named tables (or the system's; or all) with all that they read, in building order.

        Raises:
            UnknownTableError: there is no such table or system.
            OmnixError: a named table is broken; says why.

        """
        for name in names:
            if name in self.broken:
                raise self.broken[name].error
            if name not in self.tables:
                raise UnknownTableError(name, self.tables)
        if system is not None and system not in (known := self.systems()):
            raise UnknownTableError(system, known, "system")
        of_system = {n for n, table in self.tables.items() if system in (None, table.system)}
        wanted = set(names) or of_system
        todo = list(wanted)
        while todo:
            for name in reads(self.tables[todo.pop()]) - wanted:
                wanted.add(name)
                todo.append(name)
        return {name: table for name, table in self.tables.items() if name in wanted}

    def left_out(self, names: Collection[str], system: str | None = None) -> list[Broken]:
        """The broken tables among what `chosen` was asked for."""
        return [
            each for each in self.broken.values() if not names and system in (None, each.system)
        ]

    def downstream(self, name: str) -> list[str]:
        """Every table that reads `name`, directly or through others, in building order."""
        reached = {name}
        for each, table in self.tables.items():
            if reached & set(table.inputs):
                reached.add(each)
        return [each for each in self.tables if each in reached and each != name]


@cache
def built_in() -> Graph:
    """The tables that omnix brings, found by walking its packages."""
    return Graph.of({**curated_tables(), **find_tables("omnix.systems")})


def all_tables() -> Mapping[str, Table]:
    """Every table that omnix brings; a home may have registered more (`App.graph`)."""
    return built_in().tables


def contracts() -> dict[str, Mapping[str, Column]]:
    """The columns of what omnix brings: its tables and the pipeline's own records."""
    return built_in().contracts()


def system_of(table: Table) -> str:
    """The system that a table belongs to: "curation", "market_intelligence" …"""
    return table.system


def reads(table: Table) -> set[str]:
    """The tables that must be up to date before: the inputs; all of curation, for its records."""
    inputs = set(table.inputs)
    return inputs - RECORDS.keys() | ({*curated_tables()} if inputs & RECORDS.keys() else set())
