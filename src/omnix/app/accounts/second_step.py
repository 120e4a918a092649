"""Whether a code proves the second factor: time-based, or one of the recovery codes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omnix.auth import totp

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from omnix.app.accounts.parts import Parts
    from omnix.store.models import User


class SecondStep:
    """Takes each code once."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def matches(self, session: Session, user: User, code: str) -> bool:
        """Whether `code` is right for a user whose row is locked; it is then used up."""
        return self.matches_time(user, code) or self._matches_recovery(session, user, code)

    def matches_time(self, user: User, code: str) -> bool:
        """Whether it is the code of this half minute (or its neighbours), not taken before."""
        if user.totp_secret is None:
            return False
        step = totp.matching_step(
            self._parts.seal.open(user.totp_secret, user.id),
            code,
            self._parts.clock(),
            last_step=user.totp_last_step,
        )
        if step is None:
            return False
        user.totp_last_step = step
        return True

    def new_recovery_codes(self, session: Session, user: User) -> tuple[str, ...]:
        """Fresh codes; the older ones end."""
        from sqlalchemy import delete

        from omnix.store.models import RecoveryCode

        session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user.id))
        codes = totp.new_recovery_codes()
        session.add_all(
            RecoveryCode(user_id=user.id, code_hash=totp.recovery_digest(code)) for code in codes
        )
        return tuple(codes)

    def _matches_recovery(self, session: Session, user: User, code: str) -> bool:
        from sqlalchemy import delete

        from omnix.store.models import RecoveryCode

        if user.totp_confirmed_at is None:
            return False
        used = session.scalars(
            delete(RecoveryCode)
            .where(
                RecoveryCode.user_id == user.id,
                RecoveryCode.code_hash == totp.recovery_digest(code),
            )
            .returning(RecoveryCode.code_hash)
        )
        return bool(used.all())
