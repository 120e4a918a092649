"""Counts attempts in the store, so that a limit holds over all processes and over a restart.

An attempt is written down before it is made and struck out if it was right: so fifty at once are
not fifty first attempts. What is decided is `omnix.auth.throttle`'s; what is counted is named by
keyed digests, which tell nobody's name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from omnix.app.accounts.errors import TooManyAttempts
from omnix.app.accounts.texts import network_of
from omnix.auth.throttle import Decision, Limit, decide

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from omnix.app.accounts.parts import Parts

#: No limit looks back further.
LONGEST = timedelta(hours=24)

Moments = Mapping[str, list[datetime]]


@dataclass(frozen=True)
class Taken:
    """Attempts that were written down: their ids, to be struck out if they were right."""

    ids: tuple[str, ...]


class Attempts:
    """The counters."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def bucket(self, *what: str) -> str:
        """The name of a counter."""
        return self._parts.digests.of("attempts", *what)

    def at_address(self, what: str, address: str | None) -> str:
        """The counter of `what` from an address."""
        return self.bucket(what, "address", network_of(address))

    def take(self, bucket: str, limit: Limit) -> Taken:
        """Write down an attempt.

        Raises:
            TooManyAttempts: there were too many; this one is not counted.

        """
        now = self._parts.clock()
        return self.decided([bucket], lambda _session, moments: decide(moments[bucket], now, limit))

    def allows(self, bucket: str, limit: Limit) -> bool:
        """Whether one more is allowed; if so it is written down."""
        try:
            self.take(bucket, limit)
        except TooManyAttempts:
            return False
        return True

    def decided(
        self, buckets: Sequence[str], decision: Callable[[Session, Moments], Decision]
    ) -> Taken:
        """Write down an attempt in each of `buckets`, if `decision` allows it.

        Raises:
            TooManyAttempts: it does not.

        """
        from omnix.store.models import Attempt
        from omnix.store.models.base import new_id

        now = self._parts.clock()
        with self._parts.store.session() as session:
            self._parts.store.hold(session, *buckets)
            found = decision(session, self._moments(session, buckets, now - LONGEST))
            if not found.allowed:
                raise TooManyAttempts(found.retry_after)
            rows = [Attempt(id=new_id(), bucket=bucket, at=now) for bucket in buckets]
            session.add_all(rows)
        return Taken(tuple(row.id for row in rows))

    def strike(self, session: Session, taken: Taken, *cleared: str) -> None:
        """Strike out attempts that were right, and all of the buckets `cleared`."""
        from sqlalchemy import delete, or_

        from omnix.store.models import Attempt

        which = or_(Attempt.id.in_(taken.ids), Attempt.bucket.in_(cleared))
        session.execute(delete(Attempt).where(which))

    def right(self, taken: Taken) -> None:
        """Strike out attempts in a transaction of its own."""
        with self._parts.store.session() as session:
            self.strike(session, taken)

    def _moments(self, session: Session, buckets: Sequence[str], since: datetime) -> Moments:
        from sqlalchemy import select

        from omnix.store.models import Attempt

        query = select(Attempt.bucket, Attempt.at).where(
            Attempt.bucket.in_(buckets), Attempt.at > since
        )
        moments: dict[str, list[datetime]] = {bucket: [] for bucket in buckets}
        for bucket, at in session.execute(query):
            moments[bucket].append(at)
        return moments
