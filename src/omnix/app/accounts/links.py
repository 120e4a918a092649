"""Links and challenges that work once: 256 random bits, kept as SHA-256, deleted when used."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from typing import TYPE_CHECKING

from omnix.auth import opaque

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from omnix.app.accounts.parts import Parts
    from omnix.store.models import OneTimeToken


class Links:
    """Issues and redeems them inside a caller's transaction."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def issue(
        self,
        session: Session,
        purpose: str,
        user_id: str | None,
        lifetime: timedelta,
        *,
        new_email: str | None = None,
    ) -> str:
        """A new secret; older ones of that user and purpose end. Lock the user's row before."""
        from omnix.store.models import OneTimeToken

        self.end(session, user_id, [purpose])
        now, secret = self._parts.clock(), opaque.new_secret()
        session.add(
            OneTimeToken(
                token_hash=opaque.digest(secret),
                purpose=purpose,
                user_id=user_id,
                new_email=new_email,
                created_at=now,
                expires_at=now + lifetime,
            )
        )
        return secret

    def look(self, session: Session, secret: str, purposes: Collection[str]) -> OneTimeToken | None:
        """The row of a secret that could be redeemed now; it stays."""
        from sqlalchemy import select

        from omnix.store.models import OneTimeToken

        if not opaque.is_secret(secret):
            return None
        return session.scalar(select(OneTimeToken).where(*self._good(secret, purposes)))

    def redeem(
        self, session: Session, secret: str, purposes: Collection[str]
    ) -> OneTimeToken | None:
        """The row of a secret, used up by this; of many at once exactly one gets it."""
        from sqlalchemy import delete

        from omnix.store.models import OneTimeToken

        if not opaque.is_secret(secret):
            return None
        used = delete(OneTimeToken).where(*self._good(secret, purposes)).returning(OneTimeToken)
        return session.scalar(used, execution_options={"synchronize_session": False})

    def end(self, session: Session, user_id: str | None, purposes: Collection[str]) -> None:
        """Make all of that user's secrets for `purposes` worthless."""
        from sqlalchemy import delete

        from omnix.store.models import OneTimeToken

        session.execute(
            delete(OneTimeToken).where(
                OneTimeToken.user_id == user_id, OneTimeToken.purpose.in_(purposes)
            )
        )

    def _good(self, secret: str, purposes: Collection[str]) -> list[ColumnElement[bool]]:
        from omnix.store.models import OneTimeToken

        return [
            OneTimeToken.token_hash == opaque.digest(secret),
            OneTimeToken.purpose.in_(purposes),
            OneTimeToken.expires_at > self._parts.clock(),
        ]
