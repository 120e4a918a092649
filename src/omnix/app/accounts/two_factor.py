"""The second factor: set up, confirmed, switched off, new recovery codes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omnix.app.accounts.errors import InvalidField, NotPossible
from omnix.app.accounts.people import in_person, own
from omnix.app.accounts.results import NOWHERE, Origin, Principal, TwoFactorSetup
from omnix.auth import totp
from omnix.auth.letters import Occasion
from omnix.auth.throttle import SECOND_FACTOR

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from omnix.app.accounts.attempts import Attempts, Taken
    from omnix.app.accounts.audit import Audit
    from omnix.app.accounts.parts import Parts
    from omnix.app.accounts.passwords import PasswordChanges
    from omnix.app.accounts.second_step import SecondStep
    from omnix.store.models import User


class TwoFactor:
    """Switches it on and off."""

    def __init__(
        self,
        parts: Parts,
        audit: Audit,
        attempts: Attempts,
        passwords: PasswordChanges,
        second_step: SecondStep,
    ) -> None:
        self._parts = parts
        self._audit = audit
        self._attempts = attempts
        self._passwords = passwords
        self._second_step = second_step

    def begin(self, principal: Principal) -> TwoFactorSetup:
        """A new secret for an authenticator app; in force once `confirm` has seen a code of it.

        Raises:
            NotPossible: two-factor is on already.
            NotAllowed: the caller is an API key.

        """
        in_person(principal)
        secret = totp.new_secret()
        with self._parts.store.session() as session:
            user = own(session, principal)
            if user.totp_confirmed_at:
                raise NotPossible("Two-factor sign-in is on already.", "Switch it off first.")
            user.totp_secret = self._parts.seal.seal(secret, user.id)
            user.totp_last_step = None
        uri = totp.uri(secret, user.email)
        return TwoFactorSetup(secret, uri, totp.qr_svg(uri))

    def confirm(
        self, principal: Principal, code: str, *, origin: Origin = NOWHERE
    ) -> tuple[str, ...]:
        """Switch it on with a first code; gives the recovery codes, which are shown this once.

        Raises:
            NotPossible: it was not begun, or is on already.
            InvalidField: the code is not right.
            TooManyAttempts: too many codes were wrong.

        """
        in_person(principal)
        taken = self._take(principal)
        with self._parts.store.session() as session:
            user = own(session, principal)
            if user.totp_secret is None or user.totp_confirmed_at:
                raise NotPossible(
                    "There is nothing to confirm.", "Begin with POST /user/two-factor."
                )
            if not self._second_step.matches_time(user, code):
                raise _wrong_code()
            user.totp_confirmed_at = user.updated_at = self._parts.clock()
            codes = self._second_step.new_recovery_codes(session, user)
            self._note(session, user, "account.two_factor_on", taken, origin)
        self._tell(user)
        return codes

    def disable(
        self, principal: Principal, password: str, code: str, *, origin: Origin = NOWHERE
    ) -> None:
        """Switch it off, with the password and a code (or a recovery code).

        Raises:
            NotPossible: it is not on.
            InvalidField: the password or the code is not right.
            TooManyAttempts: too many were wrong.

        """
        in_person(principal)
        self._passwords.confirmed(principal, password, "password")
        taken = self._take(principal)
        with self._parts.store.session() as session:
            user = self._having(session, principal)
            if not self._second_step.matches(session, user, code):
                raise _wrong_code()
            switch_off(session, user)
            user.updated_at = self._parts.clock()
            self._note(session, user, "account.two_factor_off", taken, origin)
        self._tell(user)

    def recovery_codes(
        self, principal: Principal, password: str, *, origin: Origin = NOWHERE
    ) -> tuple[str, ...]:
        """New recovery codes, which are shown this once; the older ones end.

        Raises:
            NotPossible: two-factor is not on.
            InvalidField: the password is not right.
            TooManyAttempts: too many were wrong.

        """
        in_person(principal)
        self._passwords.confirmed(principal, password, "password")
        with self._parts.store.session() as session:
            user = self._having(session, principal)
            codes = self._second_step.new_recovery_codes(session, user)
            self._note(session, user, "account.recovery_codes_made", None, origin)
        self._tell(user)
        return codes

    def _having(self, session: Session, principal: Principal) -> User:
        user = own(session, principal)
        if user.totp_confirmed_at is None:
            raise NotPossible("Two-factor sign-in is not on.", "Begin with POST /user/two-factor.")
        return user

    def _take(self, principal: Principal) -> Taken:
        bucket = self._attempts.bucket("second factor", principal.user_id)
        return self._attempts.take(bucket, SECOND_FACTOR)

    def _note(
        self, session: Session, user: User, action: str, taken: Taken | None, origin: Origin
    ) -> None:
        session.flush()
        if taken:
            self._attempts.strike(session, taken)
        self._audit.write(session, action, actor_id=user.id, object=user.id, origin=origin)

    def _tell(self, user: User) -> None:
        self._parts.post.send(Occasion.TWO_FACTOR_CHANGED, user.email, language=user.language)


def switch_off(session: Session, user: User) -> None:
    """Leave nothing of a user's second factor."""
    from sqlalchemy import delete

    from omnix.store.models import RecoveryCode

    user.totp_secret = user.totp_confirmed_at = user.totp_last_step = None
    session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user.id))


def _wrong_code() -> InvalidField:
    return InvalidField("code", "The code is not right.", "Take the one that shows now.")
