"""What is told of runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from omnix.core.errors import OmnixError

Status = Literal["queued", "running", "succeeded", "failed", "interrupted"]


class UnknownRunError(OmnixError):
    """There is no such run, or nothing is known of it any more."""

    exit_code = 2
    status = 404

    def __init__(self, run_id: str) -> None:
        super().__init__(
            f"There is no run {run_id[:80]!r}.",
            "GET /api/v1/runs lists them; `omnix show runs` does on the command line.",
        )


class RunsBusyError(OmnixError):
    """One run is going on and another waits: a third one would bring nothing new."""

    exit_code = 5
    status = 409


@dataclass(frozen=True)
class Run:
    """One run. Times are UTC without a zone; counts are of tables, None while it is not known."""

    run_id: str
    status: Status
    started_at: datetime
    ended_at: datetime | None = None
    started_by: str | None = None
    request: Mapping[str, Any] = field(default_factory=dict)
    tables_built: int | None = None
    unchanged: int | None = None
    failed: int | None = None
    cpu_seconds: float | None = None
    message: str | None = None


@dataclass(frozen=True)
class Outcome:
    """What a run did to one table; `raw/…` for what was ingested."""

    table: str
    outcome: str
    rows: int | None
    version: int | None
    versions_in: Mapping[str, int]
    cpu_seconds: float
    wall_seconds: float
    message: str | None


@dataclass(frozen=True)
class RunDetail:
    """One run with what it did to each table, and its log."""

    run: Run
    tables: tuple[Outcome, ...]
    log: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True)
class Page:
    """Runs, newest first; `next_cursor` leads to older ones."""

    runs: tuple[Run, ...]
    next_cursor: str | None


@dataclass(frozen=True)
class Event:
    """Something that happened. `id` is where to go on after it: a position, growing."""

    id: int
    event: str
    data: Mapping[str, Any]


@dataclass(frozen=True)
class Events:
    """What happened since; `over`: nothing more will."""

    events: tuple[Event, ...]
    over: bool


@dataclass(frozen=True)
class TableDifference:
    """One table in two runs; None where a run did not touch it."""

    table: str
    a: Outcome | None
    b: Outcome | None
    rows_change: int | None
    seconds_change: float | None
    same_version: bool
    same_outcome: bool


@dataclass(frozen=True)
class Comparison:
    """Two runs side by side, table by table; what differs comes first."""

    a: Run
    b: Run
    tables: tuple[TableDifference, ...]
