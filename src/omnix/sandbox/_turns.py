"""Who may run a query now: so many at once, the next to whoever runs least, the rest turned away."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from omnix.sandbox.errors import BusyError

_LATER = "Wait a few seconds and send it again."


@dataclass(eq=False)
class _Waiting:
    who: str
    called: bool = False


class Turns:
    """Places for `at_once` queries, and a queue with an end.

    Nobody waits longer than `patience` seconds, takes more than half of the queue, or takes the
    last free place while holding another.
    """

    def __init__(self, at_once: int, *, waiting: int, patience: float) -> None:
        self._free = at_once
        self._most_waiting, self._patience = waiting, patience
        self._changed = threading.Condition()
        self._queue: list[_Waiting] = []
        self._running: Counter[str] = Counter()

    @contextmanager
    def turn(self, who: str) -> Iterator[None]:
        """Hold a place.

        Raises:
            BusyError: the queue is full, or none became free in time.

        """
        self._enter(who)
        try:
            yield
        finally:
            with self._changed:
                self._running[who] -= 1
                if not self._running[who]:
                    del self._running[who]
                self._free += 1
                self._call()

    def _enter(self, who: str) -> None:
        with self._changed:
            self._refuse_if_full(who)
            mine = _Waiting(who)
            self._queue.append(mine)
            self._call()
            until = time.monotonic() + self._patience
            while not mine.called:
                left = until - time.monotonic()
                if left <= 0:
                    self._queue.remove(mine)
                    raise BusyError("No place for this query became free in time.", _LATER)
                self._changed.wait(left)

    def _refuse_if_full(self, who: str) -> None:
        if self._free > 1 or (self._free and not self._running[who]):
            return
        own = sum(each.who == who for each in self._queue)
        if len(self._queue) >= self._most_waiting:
            raise BusyError(f"{len(self._queue)} queries are waiting already.", _LATER)
        if own >= max(1, self._most_waiting // 2):
            raise BusyError(f"{own} queries of yours are waiting already.", _LATER)

    def _call(self) -> None:
        """Give free places to those who run least; among equals, to whoever came first."""
        while (fit := [each for each in self._queue if self._may(each)]) and self._free:
            chosen = min(fit, key=lambda each: self._running[each.who])
            chosen.called = True
            self._queue.remove(chosen)
            self._running[chosen.who] += 1
            self._free -= 1
        self._changed.notify_all()

    def _may(self, each: _Waiting) -> bool:
        return not self._running[each.who] or self._free > 1
