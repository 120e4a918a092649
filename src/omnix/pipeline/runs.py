"""The run table: what every run did to every table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import TYPE_CHECKING

from omnix.core.arrow import schema
from omnix.core.table import Column
from omnix.pipeline.fingerprint import versions_text
from omnix.pipeline.workspace import Built

if TYPE_CHECKING:
    from omnix.lake.lake import Lake

PATH = "analytics/runs"

RUNS: Mapping[str, Column] = MappingProxyType(
    {
        "run_id": Column("string", "One run of `omnix run` or `omnix ingest`."),
        "table_name": Column("string", "The table; raw/… for what was ingested."),
        "started_at": Column("timestamp", "When the run began, UTC."),
        "ended_at": Column("timestamp", "When the run ended, UTC."),
        "outcome": Column("string", "built, unchanged, failed, blocked or skipped."),
        "rows": Column("int64", "Rows of the table afterwards.", nullable=True),
        "version_out": Column("int64", "Its version afterwards.", nullable=True),
        "versions_in": Column("string", "The versions of its inputs, as JSON."),
        "cpu_seconds": Column("float64", "Processor time spent on it."),
        "wall_seconds": Column("float64", "Time that passed."),
        "message": Column("string", "The error, or why it is empty.", nullable=True),
    }
)


@dataclass(frozen=True)
class Span:
    """A run: its id, beginning and end (UTC, without zone)."""

    run_id: str
    started_at: datetime
    ended_at: datetime


def record(lake: Lake, span: Span, outcomes: Iterable[Built]) -> None:
    """Append one row for each table of the run."""
    import pyarrow as pa

    rows = [
        {
            "run_id": span.run_id,
            "table_name": built.table,
            "started_at": span.started_at,
            "ended_at": span.ended_at,
            "outcome": built.result,
            "rows": built.rows,
            "version_out": built.version,
            "versions_in": versions_text(built.versions_in),
            "cpu_seconds": round(built.cpu_seconds, 4),
            "wall_seconds": round(built.wall_seconds, 4),
            "message": str(built.error) if built.error else built.note or None,
        }
        for built in outcomes
    ]
    with lake.writer(PATH, RUNS, mode="append") as writer:
        writer.write(pa.Table.from_pylist(rows, schema=schema(RUNS)))
        writer.commit()
