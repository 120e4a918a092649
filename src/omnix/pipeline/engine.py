"""DuckDB connections: in memory, in UTC, within the settings' limits."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from omnix.core.table import literal

if TYPE_CHECKING:
    import duckdb


def connect(*, threads: int, memory_limit: str, spill: Path) -> duckdb.DuckDBPyConnection:
    """A fresh connection. Nothing of it stays on disk but what spills into `spill` while it works."""
    import duckdb

    spill.parent.mkdir(parents=True, exist_ok=True)  # DuckDB makes the last folder only, and late
    con = duckdb.connect(
        config={
            "threads": threads,
            "memory_limit": memory_limit,
            "temp_directory": str(spill),
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        }
    )
    con.execute(f"set TimeZone = {literal('UTC')}")
    return con
