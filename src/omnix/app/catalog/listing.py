"""The catalogue: every system and table, one table in full, the picture of lineage."""

from __future__ import annotations

from importlib import import_module
from inspect import getdoc
from typing import TYPE_CHECKING, Any

from omnix.app.analytics.errors import NotFoundError
from omnix.app.analytics.provenance import as_of, provenance
from omnix.app.analytics.query import Asked, Page, page
from omnix.app.catalog import lineage as origins
from omnix.app.catalog.health import HealthCheck, TableHealth
from omnix.core.errors import LakeError, nearest
from omnix.curation.records import RECORDS
from omnix.curation.shape import Curated

if TYPE_CHECKING:
    from collections.abc import Mapping

    from omnix.app.analytics.reader import Reader
    from omnix.core.table import Table

#: Versions of a table that are told.
_VERSIONS = 100


class Catalog:
    """What a home's graph holds, as its lake has it now."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def listing(self) -> dict[str, Any]:
        """Every system and every table, broken ones too."""
        check = HealthCheck(self._reader)
        tables = [self._row(check.table(table)) for table in self._reader.tables.values()]
        return {"systems": self.systems(), "tables": [*tables, *self._broken()]}

    def systems(self) -> list[dict[str, Any]]:
        """Every system: those that omnix brings, then the registered ones, disabled ones too."""
        found = {name: _system(name, self._reader.tables) for name in self._reader.app.graph.systems()}  # fmt: skip
        for name, declared in self._reader.app.registry.resolved().declared.items():
            system = declared.system
            found.pop(name, None)  # a dict keeps a name's first place
            found[name] = {
                "name": name,
                "title": system.shown if system else name,
                "about": system.description if system else str(declared.error),
                "registered": True,
                "enabled": bool(system and system.enabled),
            }
        return list(found.values())

    def table(self, name: str, *, personal: bool) -> dict[str, Any]:
        """One table in full.

        Raises:
            NotFoundError: there is no such table.

        """
        table = self._known(name)
        found = HealthCheck(self._reader).table(table)
        lineage = origins.column_origins(self._reader, table)
        inputs = origins.raw_of(self._reader, name) if isinstance(table, Curated) else []
        return {
            **self._row(found),
            "columns": [
                {
                    "name": column,
                    "type": each.dtype,
                    "about": each.about,
                    "nullable": each.nullable,
                    "person": each.person,
                    "personal_hidden": each.person == "detail" and not personal,
                    "lineage": lineage.get(column, []),
                }
                for column, each in table.columns.items()
            ],
            "checks": [*_rules(table), *({"rule": r, "sql": s} for r, s in table.checks.items())],
            "sql": None if isinstance(table, Curated) else table.sql(),
            "inputs": [*inputs, *table.inputs],
            "read_by": self._reader.app.graph.downstream(name),
            "versions": self._versions(table) if found.snapshot else [],
            "provenance": provenance(self._reader.tables, {name: found.snapshot}),
        }

    def preview(self, name: str, limit: int, *, personal: bool) -> Page:
        """The first rows of a table by its key.

        Raises:
            NotFoundError: there is no such table, or it was never built.
            QuestionError: the limit is none.

        """
        table = self._known(name)
        return page(self._reader, Asked(table.system, name, limit=limit, personal=personal))

    def lineage(self, name: str | None) -> dict[str, Any]:
        """The picture: tables, what flows between them; of one table only what touches it.

        Raises:
            NotFoundError: there is no such table.

        """
        pairs = origins.edges(self._reader)
        if name is not None:
            self._known(name)
            pairs = origins.around(pairs, name)
        pairs = list(dict.fromkeys(pairs))
        names = dict.fromkeys([name] if name else list(self._reader.tables))
        names |= dict.fromkeys(each for pair in pairs for each in pair)
        check = HealthCheck(self._reader)
        return {
            "nodes": [self._node(check, each) for each in names],
            "edges": [{"from": source, "to": table} for source, table in pairs],
        }

    def _node(self, check: HealthCheck, name: str) -> dict[str, Any]:
        table = self._reader.tables.get(name)
        if table is not None:
            found = check.table(table)
            rows = found.snapshot.rows if found.snapshot else None
            return {"name": name, "layer": table.layer, "system": table.system, "rows": rows, "health": found.health.state}  # fmt: skip
        if name in RECORDS:
            return {"name": name, "layer": "records", "system": "curation", "rows": None, "health": "ok"}  # fmt: skip
        try:
            snapshot = self._reader.snapshot(name)
        except LakeError:
            return {"name": name, "layer": "raw", "system": "source", "rows": None, "health": "failed"}  # fmt: skip
        rows, state = (snapshot.rows, "ok") if snapshot else (None, "empty")
        return {"name": name, "layer": "raw", "system": "source", "rows": rows, "health": state}

    def _known(self, name: str) -> Table:
        tables = self._reader.tables
        broken = self._reader.app.graph.broken.get(name)
        if broken is not None:
            raise NotFoundError(f"{name} cannot be built: {broken.error.what}", broken.error.step)
        if name not in tables:
            raise NotFoundError(
                f"There is no table {name[:80]!r}.",
                f"{nearest(name[:80], tables)}GET /api/v1/catalog lists them all.",
            )
        return tables[name]

    def _row(self, found: TableHealth) -> dict[str, Any]:
        table, snapshot = found.table, found.snapshot
        return {
            "name": table.name,
            "layer": table.layer,
            "system": table.system,
            "about": table.about,
            "rows": snapshot.rows if snapshot else None,
            "version": snapshot.version if snapshot else None,
            "built_at": snapshot.at if snapshot else None,
            "as_of": as_of(snapshot),
            "stale": found.stale,
            "quality": found.quality,
            "health": found.health.told(),
            "empty_because": found.empty_because,
            "error": found.error,
            "columns_count": len(table.columns),
            "key": list(table.key),
            "registered": table.system in self._reader.app.registry.resolved().declared,
        }

    def _broken(self) -> list[dict[str, Any]]:
        """Registered tables that cannot be built as they stand."""
        return [
            {
                "name": each.name, "layer": "analytics", "system": each.system, "about": "",
                "rows": None, "version": None, "built_at": None, "as_of": None, "stale": False,
                "quality": None, "health": {"state": "failed", "reasons": [str(each.error)]},
                "empty_because": None, "error": str(each.error), "columns_count": 0, "key": [],
                "registered": True,
            }
            for each in self._reader.app.graph.broken.values()
        ]  # fmt: skip

    def _versions(self, table: Table) -> list[dict[str, Any]]:
        return [
            {
                "version": commit.version,
                "at": commit.at,
                "operation": commit.operation,
                "rows": commit.rows,
                "run_id": commit.metadata.get("omnix.run_id") or None,
            }
            for commit in self._reader.app.lake.history(table.path)[:_VERSIONS]
        ]


def _rules(table: Table) -> list[dict[str, str]]:
    return [{"rule": r.words, "sql": r.sql} for r in table.rules] if isinstance(table, Curated) else []  # fmt: skip


def _system(name: str, tables: Mapping[str, Table]) -> dict[str, Any]:
    """A system that omnix brings: its package says "Title: what it is for"."""
    if name == "curation":
        about = "The shop's own tables: checked, without duplicates, in one agreed shape."
        return {"name": name, "title": "Curation", "about": about, "registered": False, "enabled": True}  # fmt: skip
    module = next((t.module for t in tables.values() if t.system == name), "")
    told = getdoc(import_module(module.rpartition(".")[0])) if module else ""
    title, colon, about = (told or "").partition(":")
    if not colon or len(title) > 40:
        title, about = name.replace("_", " ").title(), told or ""
    about = about.strip()
    return {
        "name": name,
        "title": title.strip(),
        "about": about[:1].upper() + about[1:],
        "registered": False,
        "enabled": True,
    }
