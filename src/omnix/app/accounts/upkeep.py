"""What has ended is deleted: links, registrations, attempts, old sessions."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from omnix.app.accounts.attempts import LONGEST

if TYPE_CHECKING:
    from sqlalchemy.sql.dml import ReturningDelete

    from omnix.app.accounts.parts import Parts

#: Sessions that have ended still tell for a while which addresses are familiar.
SESSIONS_KEPT = timedelta(days=30)


#: How often one process looks.
EVERY = timedelta(hours=1)


class Upkeep:
    """Deletes them, by itself once an hour where people come and go."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._last: datetime | None = None

    def hourly(self) -> None:
        """Do it soon, unless it was done within the hour."""
        now = self._parts.clock()
        if self._last is None or now - self._last >= EVERY:
            self._last = now
            self._parts.post.later(self.purge)

    def purge(self) -> int:
        """Delete them, and leave no trace in SQLite's files; says how many rows."""
        count = 0
        for each in _endings(self._parts):  # one by one: nobody waits for all of it
            with self._parts.store.session() as session:
                count += len(session.execute(each).all())
        if count:
            self._parts.store.scrub()
        return count


def _endings(parts: Parts) -> list[ReturningDelete[str]]:
    from sqlalchemy import delete

    from omnix.store.models import Attempt, OneTimeToken, RefreshToken, Registration, SignIn

    now = parts.clock()
    return [
        delete(OneTimeToken).where(OneTimeToken.expires_at <= now).returning(OneTimeToken.purpose),
        delete(Registration).where(Registration.expires_at <= now).returning(Registration.id),
        delete(Attempt).where(Attempt.at <= now - LONGEST).returning(Attempt.id),
        delete(RefreshToken)
        .where(RefreshToken.expires_at <= now)
        .returning(RefreshToken.session_id),
        delete(SignIn).where(SignIn.expires_at <= now - SESSIONS_KEPT).returning(SignIn.id),
    ]
