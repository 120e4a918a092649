"""Signing in: the password, then the second factor where there is one.

Whatever is wrong, the answer is the same and takes the same time. Wrong passwords are counted by
account and address together and by address; by account alone only against addresses from which
nobody has signed in to it: so nobody can lock the owner out, and no live session ends.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from omnix.app.accounts.attempts import Attempts, Moments, Taken
from omnix.app.accounts.errors import InvalidCredentials
from omnix.app.accounts.parts import CHALLENGE_LIFETIME
from omnix.app.accounts.people import by_email, locked
from omnix.app.accounts.results import NOWHERE, Challenge, Origin, SignedIn
from omnix.app.accounts.texts import email_as_typed, network_of
from omnix.auth import opaque
from omnix.auth.throttle import SECOND_FACTOR, Decision, decide_sign_in

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from omnix.app.accounts.audit import Audit
    from omnix.app.accounts.links import Links
    from omnix.app.accounts.parts import Parts
    from omnix.app.accounts.second_step import SecondStep
    from omnix.app.accounts.sessions import Sessions
    from omnix.store.models import User


class SigningIn:
    """From a password to a session."""

    def __init__(
        self,
        parts: Parts,
        audit: Audit,
        attempts: Attempts,
        links: Links,
        sessions: Sessions,
        second_step: SecondStep,
    ) -> None:
        self._parts = parts
        self._audit = audit
        self._attempts = attempts
        self._links = links
        self._sessions = sessions
        self._second_step = second_step

    def login(
        self, email: str, password: str, *, origin: Origin = NOWHERE, device: str | None = None
    ) -> SignedIn | Challenge:
        """Sign in with a password.

        `device`: a refresh token that this browser still holds, living or not; it shows that it
        is not a stranger's.

        Raises:
            InvalidCredentials: they are not right, or the account may not sign in.
            TooManyAttempts: too many were wrong.
            BusyError: too many sign in at this moment.

        """
        address = email_as_typed(email)
        taken = self._take(address, origin, device)
        with self._parts.store.reading() as session:
            user = by_email(session, address)
            hashed = user.password_hash if user else None
        try:
            right = self._parts.passwords.verify(password, hashed)
        except Exception:
            self._attempts.right(taken)  # nobody looked at it
            raise
        if user is None or not right or not _may_sign_in(user):
            self._refuse(user, origin)
            raise InvalidCredentials
        return self._let_in(user, password, taken, origin)

    def second_factor(self, challenge: str, code: str, *, origin: Origin = NOWHERE) -> SignedIn:
        """Finish signing in with a time-based code or a recovery code.

        Raises:
            InvalidCredentials: the challenge has ended, or the code is not right.
            TooManyAttempts: too many codes were wrong.

        """
        with self._parts.store.reading() as session:
            asked = self._links.look(session, challenge, ["challenge"])
        if asked is None or asked.user_id is None:
            raise InvalidCredentials
        taken = self._attempts.take(self.factor_bucket(asked.user_id), SECOND_FACTOR)
        with self._parts.store.session() as session:
            user = locked(session, asked.user_id)
            if user and _may_sign_in(user) and self._proves(session, user, challenge, code):
                self._attempts.strike(session, taken)
                signed_in = self._sessions.begin(session, user, origin)
                self._note(session, user, origin, signed_in.session_id, second_factor=True)
                return signed_in
        self._refuse(user, origin, second_factor=True)
        raise InvalidCredentials

    def factor_bucket(self, user_id: str) -> str:
        """The counter of wrong second factors of a user."""
        return self._attempts.bucket("second factor", user_id)

    def pair_bucket(self, email: str, origin: Origin) -> str:
        """The counter of wrong passwords of an account from an address."""
        return self._attempts.bucket("sign-in", "pair", email, network_of(origin.address))

    def _proves(self, session: Session, user: User, challenge: str, code: str) -> bool:
        return (
            self._second_step.matches(session, user, code)
            and self._links.redeem(session, challenge, ["challenge"]) is not None
        )

    def _take(self, email: str, origin: Origin, device: str | None) -> Taken:
        pair = self.pair_bucket(email, origin)
        address = self._attempts.at_address("sign-in", origin.address)
        account = self._attempts.bucket("sign-in", "account", email)

        def decision(session: Session, moments: Moments) -> Decision:
            return decide_sign_in(
                pair=moments[pair],
                address=moments[address],
                account=moments[account],
                familiar=_is_familiar(session, email, origin.address, device),
                now=self._parts.clock(),
            )

        return self._attempts.decided([pair, address, account], decision)

    def _let_in(
        self, seen: User, password: str, taken: Taken, origin: Origin
    ) -> SignedIn | Challenge:
        renewed = self._renewed(seen, password)
        with self._parts.store.session() as session:
            user = locked(session, seen.id)
            if user is None or not _may_sign_in(user) or user.password_hash != seen.password_hash:
                raise InvalidCredentials
            user.password_hash = renewed or user.password_hash
            self._attempts.strike(session, taken, self.pair_bucket(user.email, origin))
            if user.totp_confirmed_at:
                secret = self._links.issue(session, "challenge", user.id, CHALLENGE_LIFETIME)
                return Challenge(secret, int(CHALLENGE_LIFETIME.total_seconds()))
            signed_in = self._sessions.begin(session, user, origin)
            self._note(session, user, origin, signed_in.session_id, second_factor=False)
        return signed_in

    def _renewed(self, user: User, password: str) -> str | None:
        """The hash with today's parameters, where the kept one has older ones."""
        if user.password_hash and self._parts.passwords.needs_rehash(user.password_hash):
            return self._parts.passwords.hash(password)
        return None

    def _note(
        self, session: Session, user: User, origin: Origin, session_id: str, *, second_factor: bool
    ) -> None:
        self._audit.write(
            session,
            "session.begun",
            actor_id=user.id,
            object=session_id,
            origin=origin,
            detail={"second_factor": second_factor},
        )

    def _refuse(self, user: User | None, origin: Origin, *, second_factor: bool = False) -> None:
        self._audit.record(
            "session.begun",
            object=user.id if user else None,
            outcome="failure",
            origin=origin,
            detail={"second_factor": second_factor},
        )


def _may_sign_in(user: User) -> bool:
    return user.is_active and user.email_verified_at is not None


def _is_familiar(session: Session, email: str, address: str | None, device: str | None) -> bool:
    """Whether somebody has signed in to this account from here before."""
    from sqlalchemy import or_, select

    from omnix.store.models import RefreshToken, SignIn, User

    digest = opaque.digest(device) if device and opaque.is_secret(device) else ""
    held = select(RefreshToken.session_id).where(RefreshToken.token_hash == digest)
    query = (
        select(SignIn.id)
        .join(User, User.id == SignIn.user_id)
        .where(User.email == email, or_(SignIn.address == (address or ""), SignIn.id.in_(held)))
        .limit(1)
    )
    return session.scalar(query) is not None
