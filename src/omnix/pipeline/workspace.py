"""What every step of a run is handed: the lake, the mapping, the parameters, a connection."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from omnix.core.errors import ContractError, OmnixError
from omnix.lake.lake import Lake
from omnix.pipeline.engine import connect
from omnix.pipeline.graph import Graph, built_in

if TYPE_CHECKING:
    import duckdb

    from omnix.ml.shelf import Shelf
    from omnix.sources.preset import Preset

Result = Literal["built", "unchanged", "failed", "blocked", "skipped"]


@dataclass(frozen=True)
class Built:
    """What became of one table in one run."""

    table: str
    result: Result
    rows: int | None = None
    version: int | None = None
    versions_in: Mapping[str, int] = field(default_factory=dict)
    cpu_seconds: float = 0.0
    wall_seconds: float = 0.0
    note: str = ""
    error: OmnixError | None = None


@dataclass(frozen=True)
class Options:
    """Parameters of a run that shape its tables.

    as_of: the cut; None = the day after the newest order. force: build even what has not changed.
    budget: CPU seconds that trying forecasting models may take; 0 tries the baselines alone.
    """

    currency: str = "EUR"
    timezone: str = "UTC"
    quality_line: float = 0.7
    quality_blocks: bool = True
    as_of: date | None = None
    force: frozenset[str] = frozenset()
    run_id: str = ""
    budget: float = 0.0


class Workspace:
    """Lake, mapping, options and graph, and DuckDB for each thread that asks."""

    def __init__(
        self,
        lake: Lake,
        preset: Preset,
        options: Options,
        *,
        spill: Path,
        threads: int = 2,
        memory_limit: str = "4GB",
        graph: Graph | None = None,
        models: Shelf | None = None,
    ) -> None:
        self._models = models
        self.lake, self.preset, self.options = lake, preset, options
        self.graph = graph or built_in()
        self._spill, self._threads, self._memory = spill, threads, memory_limit
        self._databases: dict[tuple[int, int], duckdb.DuckDBPyConnection] = {}
        self._lock = threading.Lock()

    def connection(self, *, threads: int | None = None) -> duckdb.DuckDBPyConnection:
        """A connection without any view. A database serves one thread and is used again."""
        wanted = threads or self._threads
        place = (threading.get_ident(), wanted)
        with self._lock:
            if place not in self._databases:
                self._databases[place] = connect(
                    threads=wanted, memory_limit=self._memory, spill=self._spill
                )
            return self._databases[place].cursor()

    def given(self, name: str) -> Any:
        """What a table asks for beside its inputs: "budget" or "models".

        Raises:
            ContractError: nothing of this name is given.

        """
        if name == "budget":
            return self.options.budget
        if name == "models":
            return self._models
        raise ContractError(
            f"A table asks for {name!r}.", "A run gives as_of, budget, models and previous."
        )

    def mark(self, name: str) -> str:
        """What changes when a table that asks for `name` must be built again because of it."""
        if name == "budget":
            return str(self.options.budget)
        return self._models.mark() if name == "models" and self._models else ""

    def engine(self, *, threads: int | None = None) -> duckdb.DuckDBPyConnection:
        """A database of its own, for its caller to shut off and to close."""
        return connect(
            threads=threads or self._threads, memory_limit=self._memory, spill=self._spill
        )

    def close(self) -> None:
        """Close every database."""
        with self._lock:
            for con in self._databases.values():
                con.close()
            self._databases.clear()
