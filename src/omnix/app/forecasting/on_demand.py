"""Forecasts that no table holds: computed in a child process, one at a time, told as they go."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from weakref import WeakSet

from omnix.app.analytics.provenance import provenance
from omnix.app.analytics.reader import stamp_of
from omnix.app.forecasting.child import Child, StoppedError, error_of
from omnix.app.forecasting.engine_tasks import TABLES
from omnix.app.forecasting.remembered import Remembered
from omnix.app.forecasting.turns import Ticket, Turns

if TYPE_CHECKING:
    from omnix.app.analytics.reader import Pins, Reader
    from omnix.app.app import App

#: Seconds that one answer may take, and the CPU seconds that candidates may cost by their own word.
LONGEST, BUDGET = 300.0, 45.0


class OnDemand:
    """Questions to the engine. Every answer is kept by question and data version."""

    def __init__(self, app: App, reader: Reader, *, longest: float = LONGEST) -> None:
        self._app, self._reader, self._longest = app, reader, longest
        self._turns = Turns()
        self._kept = Remembered(app.settings.home / "cache" / "forecasts")
        self._going: WeakSet[Computation] = WeakSet()
        self._lock = threading.Lock()

    def close(self) -> None:
        """End every computation."""
        with self._lock:
            going = list(self._going)
        for each in going:
            each.stop()

    def ask(self, task: str, asked: Mapping[str, Any], tables: tuple[str, ...] = TABLES) -> Computation:  # fmt: skip
        """A question's answer, kept or to be computed.

        Raises:
            TooManyError: as many are computed or wait as may.

        """
        pins = self._reader.pins(tables)
        stamp = f"{stamp_of(pins)} {_engine()} {self._champions(asked)}"
        key = self._kept.key(task, asked, stamp)
        found = self._kept.get(key)
        whence = provenance(self._reader.tables, pins)
        if found is not None:
            return Computation(None, lambda: iter([_answer(found, whence, cached=True)]))
        ticket = self._turns.enter()
        question = {**asked, "versions": _versions(pins), "budget": BUDGET}
        child = Child(self._app.settings.home, task, question, self._longest)
        running = _Running(ticket, child)
        made = Computation(running, lambda: self._computed(running, key, whence))
        with self._lock:
            self._going.add(made)
        return made

    def _computed(self, running: _Running, key: str, whence: Any) -> Iterator[dict[str, Any]]:
        before = self._turns.before(running.ticket)
        if before:
            words = f"Waiting for {before} other forecast{'s' if before > 1 else ''}."
            yield _progress("waiting", words, before)
        with self._turns.turn(running.ticket) as mine:
            if not mine:
                raise StoppedError("The computation was stopped.")
            yield from self._told(running.child, key, whence)

    def _told(self, child: Child, key: str, whence: Any) -> Iterator[dict[str, Any]]:
        found = self._kept.get(key)  # somebody asked the same while this one waited
        if found is not None:
            yield _answer(found, whence, cached=True)
            return
        yield _progress("starting", "Starting the forecasting engine.")
        for told in child.lines():
            if "error" in told:
                raise error_of(told["error"])
            if "answer" in told:
                self._kept.keep(key, told["answer"])
                yield _answer(told["answer"], whence, cached=False)
            else:
                yield told

    def _champions(self, asked: Mapping[str, Any]) -> str:
        """Changes when another model answers; empty for what asks no stored model."""
        pointer = self._root() / "champions" / f"forecast-{asked.get('metric')}.json"
        try:
            return hashlib.blake2s(pointer.read_bytes()).hexdigest() if asked.get("stored") else ""
        except OSError:
            return ""

    def _root(self) -> Path:
        return self._app.settings.home / "models"


@dataclass(frozen=True)
class _Running:
    ticket: Ticket
    child: Child


class Computation:
    """An answer on its way. Read `events` once, in one thread; `stop` it from any."""

    def __init__(
        self, running: _Running | None, events: Callable[[], Iterator[dict[str, Any]]]
    ) -> None:
        self._running, self._events = running, events

    def events(self) -> Iterator[dict[str, Any]]:
        """{"progress": {step, done, total, words, …}} as often as there is news, then {"answer": {…}}.

        step: waiting (behind `before` others), starting, fitting (`model` on the past), finishing,
        or changing (of a what-if).

        Raises:
            OmnixError: it cannot be answered.

        """
        return self._events()

    def stop(self) -> None:
        """Nobody wants it any more."""
        if self._running:
            self._running.ticket.give_up()
            self._running.child.kill()


def _answer(found: dict[str, Any], whence: Any, *, cached: bool) -> dict[str, Any]:
    told = dict(found)
    if isinstance(told.get("metadata"), dict):
        told["metadata"] = {**told["metadata"], "cached": cached}
    return {"answer": {**told, "provenance": whence}}


def _progress(step: str, words: str, before: int = 0) -> dict[str, Any]:
    return {"progress": {"step": step, "done": 0, "total": 0, "words": words, "before": before}}


def _versions(pins: Pins) -> dict[str, int]:
    return {name: pin.version for name, pin in pins.items() if pin is not None}


@cache
def _engine() -> str:
    """A digest of the code that answers: another release computes anew."""
    from omnix.core.table import source_of

    return source_of(
        ("omnix.ml", "omnix.systems.market_intelligence.tasks", "omnix.app.forecasting")
    )
