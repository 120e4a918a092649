"""What has ended is deleted: links, registrations, attempts, old sessions."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from omnix.app.accounts.attempts import LONGEST

if TYPE_CHECKING:
    from sqlalchemy.sql.dml import ReturningDelete

    from omnix.app.accounts.parts import Parts

#: Sessions that have ended still tell for a while which addresses are familiar.
SESSIONS_KEPT = timedelta(days=30)


def purge(parts: Parts) -> int:
    """Delete what has ended, and leave no trace of it in SQLite's files; says how many rows."""
    with parts.store.session() as session:
        count = sum(len(session.execute(each).all()) for each in _endings(parts))
    parts.store.scrub()
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
