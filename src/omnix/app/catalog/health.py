"""Whether a table is in order: readable, built, up to date, filled, good enough."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from omnix.app.analytics.provenance import inputs_of
from omnix.core.errors import LakeError, OmnixError
from omnix.pipeline.runs import PATH as RUNS

if TYPE_CHECKING:
    from omnix.app.analytics.reader import Pins, Reader
    from omnix.core.table import Table
    from omnix.lake.snapshot import Snapshot

T = TypeVar("T")
State = Literal["ok", "warning", "failed", "empty"]
_ORDER: tuple[State, ...] = ("ok", "empty", "warning", "failed")


@dataclass(frozen=True)
class Health:
    """How something stands, and why it is not in order."""

    state: State
    reasons: tuple[str, ...] = ()

    def told(self) -> dict[str, Any]:
        """As an answer tells it."""
        return {"state": self.state, "reasons": list(self.reasons)}


@dataclass(frozen=True)
class TableHealth:
    """One table as it stands."""

    table: Table
    snapshot: Snapshot | None
    health: Health
    stale: bool
    quality: float | None
    error: str | None

    @property
    def empty_because(self) -> str | None:
        """Why there are no rows, where the run has said so."""
        return (self.snapshot.metadata.get("omnix.empty_because") or None) if self.snapshot else None  # fmt: skip


@dataclass(frozen=True)
class _Outcome:
    outcome: str
    at: datetime
    message: str


class HealthCheck:
    """Looks at tables; what all of them share is read once."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._outcomes = self._last_outcomes()
        self._scores = self._quality()

    def table(self, table: Table) -> TableHealth:
        """One table of the graph."""
        try:
            snapshot = self._reader.snapshot(table.name)
        except LakeError as error:
            told = error.what
            return TableHealth(table, None, Health("failed", (told,)), False, None, told)
        stale = snapshot is not None and self._is_stale(snapshot)
        score = self._scores.get(table.name)
        health = self._judge(table, snapshot, stale, score)
        return TableHealth(table, snapshot, health, stale, score, None)

    def _judge(
        self, table: Table, snapshot: Snapshot | None, stale: bool, score: float | None
    ) -> Health:
        last = self._outcomes.get(table.name)
        failed = last is not None and last.outcome in {"failed", "blocked", "skipped"}
        if snapshot is None:
            if failed and last:
                return Health("failed", (f"{table.name} {_did(last)}",))
            return Health("empty", (f"{table.name} was never built.",))
        warnings = []
        if failed and last:
            warnings.append(f"{table.name} {_did(last)} The version before is shown.")
        if stale:
            warnings.append(f"{table.name} is older than what it is made of; a run renews it.")
        line = self._reader.app.settings.quality_line
        if score is not None and score < line:
            warnings.append(f"{table.name} has the quality {score:.2f}, below {line:g}.")
        if table.name == "books_balance" and (red := self._unbalanced(snapshot)):
            warnings.append(f"The books are out of balance: {red}.")
        if warnings:
            return Health("warning", tuple(warnings))
        if snapshot.rows == 0:
            why = snapshot.metadata.get("omnix.empty_because") or f"{table.name} has no rows."
            return Health("empty", (why,))
        return Health("ok")

    def _is_stale(self, snapshot: Snapshot) -> bool:
        return any(self._moved_on(path, version) for path, version in inputs_of(snapshot).items())

    def _moved_on(self, path: str, version: int) -> bool:
        """Whether an input has other rows than that version; a compaction only moves them."""
        try:
            newest = self._reader.snapshot(path)
            if newest is None or newest.version <= version:
                return False
            later = [c for c in self._reader.app.lake.history(path) if c.version > version]
        except LakeError:
            return False  # told of that table itself
        return any(commit.operation != "compact" for commit in later)

    def _last_outcomes(self) -> Mapping[str, _Outcome]:
        def found(pins: Pins) -> dict[str, _Outcome]:
            if pins[RUNS] is None:
                return {}
            rows = self._reader.records(
                f"""select table_name, arg_max(outcome, ended_at) as outcome,
                           max(ended_at) as at, arg_max(coalesce(message, ''), ended_at) as message
                    from {'"' + RUNS + '"'} where outcome <> 'unchanged' group by table_name""",
                None,
                pins,
            )
            return {r["table_name"]: _Outcome(r["outcome"], r["at"], r["message"]) for r in rows}

        return self._try("outcomes", (RUNS,), found)

    def _quality(self) -> Mapping[str, float]:
        def found(pins: Pins) -> dict[str, float]:
            if pins["data_quality"] is None:
                return {}
            rows = self._reader.rows("select table_name, score from data_quality", None, pins).rows
            return {name: score for name, score in rows if score is not None}

        return self._try("scores", ("data_quality",), found)

    def _unbalanced(self, snapshot: Snapshot) -> str:
        try:
            rows = self._reader.rows(
                "select step, table_name from books_balance where not balanced order by all",
                None,
                {"books_balance": snapshot},
            ).rows
        except OmnixError:
            return ""
        return ", ".join(f"{step} {name}" for step, name in rows[:5])

    def _try(
        self, what: str, names: tuple[str, ...], make: Callable[[Pins], dict[str, T]]
    ) -> dict[str, T]:
        """A damaged record keeps nobody from seeing the rest; that table itself tells of it."""
        try:
            return self._reader.answer(("health", what), names, make)
        except OmnixError:
            return {}


def _did(last: _Outcome) -> str:
    verb = {"failed": "failed in", "blocked": "was held back in", "skipped": "was left out of"}
    return f"{verb[last.outcome]} the last run: {last.message or 'no reason was given.'}"


def worst(found: Iterable[Health]) -> Health:
    """The health of several things together: the worst state, and every reason for that state."""
    every = list(found)
    if not every:
        return Health("empty", ("There are no tables.",))
    states = {each.state for each in every}
    if "ok" in states:
        states -= {"empty"}  # a table that a shop has no data for leaves the others in order
    state = max(states, key=_ORDER.index)
    reasons = [reason for each in every if each.state == state for reason in each.reasons]
    return Health(state, tuple(reasons[:5]))
