"""The stored tables of forecasts as far as they are there: a home may never have built them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from omnix.app.analytics.provenance import as_of, provenance

if TYPE_CHECKING:
    from datetime import date

    from omnix.app.analytics.reader import Pins, Reader
    from omnix.lake.snapshot import Snapshot

RUN = "`omnix run --system market_intelligence`, or the button Start a run on the page Runs."


class Stored:
    """Published tables at pinned versions; one that is not there has no rows."""

    def __init__(self, reader: Reader, pins: Pins) -> None:
        self._reader = reader
        self.pins = {name: pin if name in reader.tables else None for name, pin in pins.items()}

    def has(self, *names: str) -> bool:
        """Whether all of these tables were built."""
        return all(self.pins.get(name) is not None for name in names)

    def rows(self, sql: str, params: Mapping[str, Any] | None, *names: str) -> list[dict[str, Any]]:
        """The rows of our own SQL over `names`; none where one of these was never built."""
        if not self.has(*names):
            return []
        return self._reader.records(sql, params, {name: self.pins[name] for name in names})

    def version(self, name: str) -> int | None:
        """The pinned version of a table."""
        pin = self.pins.get(name)
        return pin.version if pin else None

    def as_of(self, name: str) -> date | None:
        """The first day that does not count in a table."""
        return as_of(self.pins.get(name))

    def provenance(self, *names: str) -> list[dict[str, Any]]:
        """Where an answer over these tables, or all of them, comes from."""
        shown: dict[str, Snapshot | None] = {n: self.pins[n] for n in names or self.pins}
        return provenance(self._reader.tables, shown)

    def missing(self, names: Iterable[str]) -> tuple[str, str] | None:
        """Why there is nothing, and what would be needed, where a table was never built."""
        gone = [name for name in names if not self.has(name)]
        return (f"The table {gone[0]} was never built.", f"A run: {RUN}") if gone else None


def pinned(reader: Reader, names: Iterable[str]) -> dict[str, Snapshot | None]:
    """The newest version of each table; None where it was never built or is not declared."""
    return {name: reader.snapshot(name) if name in reader.tables else None for name in names}
