"""A psycopg connection that stops waiting: libpq itself has no limit for an answer.

Imported only when a PostgreSQL database is read, since it needs psycopg.
"""

from __future__ import annotations

import select
import time
from typing import Any

import psycopg
from psycopg.abc import RV, PQGen
from psycopg.waiting import Ready, Wait


class PatientConnection(psycopg.Connection[Any]):
    """Raises OperationalError when the server says nothing for `patience` seconds."""

    patience = 300.0

    def wait(
        self,
        gen: PQGen[RV],
        interval: float = 0.0,  # noqa: ARG002 - psycopg's own way to wait needs it
        timeout: float | None = None,
    ) -> RV:
        """Run `gen` to its end, waiting on the socket whenever it asks for that."""
        patience = self.patience if timeout is None else timeout
        try:
            wanted = next(gen)
            while True:
                wanted = gen.send(self._ready(wanted, patience))
        except StopIteration as end:
            result: RV = end.value
            return result

    def _ready(self, wanted: Wait, patience: float) -> Ready:
        socket = self.pgconn.socket
        end = time.monotonic() + patience
        poll = select.poll()
        events = (select.POLLIN if wanted & Wait.R else 0) | (
            select.POLLOUT if wanted & Wait.W else 0
        )
        poll.register(socket, events)
        found = poll.poll(max(0.0, end - time.monotonic()) * 1000)
        if not found:
            # Closed at once: asking such a server to cancel would wait once more.
            self.pgconn.finish()
            raise psycopg.OperationalError(f"no answer for {patience:g} s")
        return _as_ready(found[0][1], wanted)


def _as_ready(events: int, wanted: Wait) -> Ready:
    """A closed or broken socket counts as ready: the next read tells what happened."""
    readable = bool(events & ~select.POLLOUT) and bool(wanted & Wait.R)
    writable = bool(events & ~select.POLLIN) and bool(wanted & Wait.W)
    if readable and writable:
        return Ready.RW
    return Ready.R if readable else Ready.W
