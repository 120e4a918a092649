"""One computation at a time, a few wait in order, more are sent away."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from omnix.core.errors import OmnixError


class TooManyError(OmnixError):
    """As many wait as may."""

    status = 503
    transient = True
    retry_after = 30


class Ticket:
    """One place in the queue. `give_up` takes it away from any thread."""

    def __init__(self, queue: Turns) -> None:
        self._queue = queue

    def give_up(self) -> None:
        """Wait no longer."""
        self._queue.leave(self)


class Turns:
    """A queue with one at work and at most `waiting` behind."""

    def __init__(self, waiting: int = 4) -> None:
        self._most = waiting + 1
        self._line: list[Ticket] = []
        self._changed = threading.Condition()

    def enter(self) -> Ticket:
        """Take the last place.

        Raises:
            TooManyError: there is none.

        """
        with self._changed:
            if len(self._line) >= self._most:
                raise TooManyError(
                    f"{len(self._line)} forecasts are being computed or wait already.",
                    "Ask again in half a minute; what stands in the tables is answered at once.",
                )
            ticket = Ticket(self)
            self._line.append(ticket)
            return ticket

    def leave(self, ticket: Ticket) -> None:
        """Free a place; nothing happens when it is free already."""
        with self._changed:
            if ticket in self._line:
                self._line.remove(ticket)
                self._changed.notify_all()

    def before(self, ticket: Ticket) -> int | None:
        """How many are before; None when the place was given up."""
        with self._changed:
            return self._line.index(ticket) if ticket in self._line else None

    @contextmanager
    def turn(self, ticket: Ticket) -> Iterator[bool]:
        """Wait for one's turn, and free the place afterwards; False: it was given up meanwhile."""
        try:
            with self._changed:
                self._changed.wait_for(
                    lambda: not self._line or ticket not in self._line or self._line[0] is ticket
                )
                mine = bool(self._line) and self._line[0] is ticket
            yield mine
        finally:
            self.leave(ticket)
