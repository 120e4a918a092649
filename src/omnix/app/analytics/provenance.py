"""Where an answer comes from: the tables and versions that it was built on."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from omnix.app.analytics.reader import Pins
    from omnix.core.table import Table
    from omnix.lake.snapshot import Snapshot


def provenance(tables: Mapping[str, Table], pins: Pins) -> list[dict[str, Any]]:
    """One record for each pinned table, in the order in which they are named."""
    return [_of(name, tables.get(name), snapshot) for name, snapshot in pins.items()]


def _of(name: str, table: Table | None, snapshot: Snapshot | None) -> dict[str, Any]:
    layer = table.layer if table else name.partition("/")[0]
    return {
        "table": name,
        "layer": layer,
        "system": table.system if table else "curation",
        "version": snapshot.version if snapshot else None,
        "as_of": as_of(snapshot),
        "built_at": snapshot.at if snapshot else None,
        "run_id": (snapshot.metadata.get("omnix.run_id") or None) if snapshot else None,
        "model_version": (snapshot.metadata.get("omnix.model_version") or None)
        if snapshot
        else None,
    }


def as_of(snapshot: Snapshot | None) -> date | None:
    """The first day that does not count in a version; None where the table has no such cut."""
    text = snapshot.metadata.get("omnix.as_of") if snapshot else None
    return date.fromisoformat(text) if text else None


def inputs_of(snapshot: Snapshot | None) -> dict[str, int]:
    """The versions of the tables that a version was made of, by their paths."""
    found = json.loads((snapshot.metadata.get("omnix.inputs") or "{}") if snapshot else "{}")
    return {str(name): int(version) for name, version in found.items()}
