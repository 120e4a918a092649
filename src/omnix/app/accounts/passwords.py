"""Passwords: forgotten, reset by a link, changed by one who knows the old one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omnix.app.accounts.errors import InvalidCredentials, InvalidField, InvalidLink
from omnix.app.accounts.people import by_email, in_person, locked, own
from omnix.app.accounts.results import NOWHERE, Origin, Principal, SignedIn
from omnix.app.accounts.texts import email_as_typed
from omnix.auth.letters import Occasion
from omnix.auth.passwords import check
from omnix.auth.throttle import CONFIRM_ACCOUNT, MAIL_ADDRESS, MAIL_RECIPIENT, TOKEN_ADDRESS

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from omnix.app.accounts.attempts import Attempts
    from omnix.app.accounts.audit import Audit
    from omnix.app.accounts.links import Links
    from omnix.app.accounts.liveness import Liveness
    from omnix.app.accounts.parts import Parts
    from omnix.app.accounts.sessions import Sessions
    from omnix.store.models import User

#: What a link may be for that leads to a new password.
_PURPOSES = ("reset", "invite")
#: What ends with the old password.
_ENDING = ("reset", "invite", "challenge", "email-change")


class PasswordChanges:
    """Gives accounts new passwords; every session ends with the old one."""

    def __init__(
        self,
        parts: Parts,
        audit: Audit,
        attempts: Attempts,
        links: Links,
        sessions: Sessions,
        liveness: Liveness,
    ) -> None:
        self._parts = parts
        self._audit = audit
        self._attempts = attempts
        self._links = links
        self._sessions = sessions
        self._liveness = liveness

    def forgot(self, email: str, *, origin: Origin = NOWHERE) -> None:
        """Send a link to a new password, if there is such an account; nothing else changes.

        Raises:
            TooManyAttempts: too many from this address.

        """
        self._attempts.take(self._attempts.at_address("mail", origin.address), MAIL_ADDRESS)
        self._parts.post.later(self._write_link, email_as_typed(email), origin)

    def reset(self, token: str, new_password: str, *, origin: Origin = NOWHERE) -> None:
        """Set a new password by the link of a reset or an invitation. Signs nobody in.

        Raises:
            InvalidLink: it is used up, expired, replaced, or none of ours.
            PasswordError: the password cannot be taken; the link stays good.
            TooManyAttempts: too many wrong links from this address.
            BusyError: too many hash at this moment; the link stays good.

        """
        counter = self._attempts.at_address("token", origin.address)
        taken = self._attempts.take(counter, TOKEN_ADDRESS)
        seen = self._owner(token)
        self._attempts.right(taken)
        check(new_password, [seen.email, seen.name], field="newPassword")
        hashed = self._parts.passwords.hash(new_password)
        with self._parts.store.session() as session:
            user = locked(session, seen.id)
            link = self._links.redeem(session, token, _PURPOSES)
            if user is None or link is None or not user.is_active:
                raise InvalidLink
            user.email_verified_at = user.email_verified_at or self._parts.clock()
            self._set(session, user, hashed, "password reset")
            self._audit.write(
                session,
                "account.password_reset",
                actor_id=user.id,
                object=user.id,
                origin=origin,
                detail={"by": link.purpose},
            )
        self._tell(user)

    def change(
        self, principal: Principal, current: str, new: str, *, origin: Origin = NOWHERE
    ) -> SignedIn:
        """Set a new password; all sessions end, and the caller gets a new one.

        Raises:
            InvalidField: the current password is not right, or the new one is the same.
            PasswordError: the new one cannot be taken.
            TooManyAttempts: too many wrong current passwords.
            NotAllowed: the caller is an API key.

        """
        in_person(principal)
        seen = self.confirmed(principal, current)
        if new == current:
            raise InvalidField("newPassword", "This is the password that you have.")
        check(new, [seen.email, seen.name], field="newPassword")
        hashed = self._parts.passwords.hash(new)
        with self._parts.store.session() as session:
            user = own(session, principal)
            if user.password_hash != seen.password_hash:
                raise InvalidCredentials
            self._set(session, user, hashed, "password changed")
            signed_in = self._sessions.begin(session, user, origin)
            self._audit.write(
                session,
                "account.password_changed",
                actor_id=user.id,
                object=user.id,
                origin=origin,
            )
        self._tell(user)
        return signed_in

    def confirmed(
        self, principal: Principal, password: str, field: str = "currentPassword"
    ) -> User:
        """The caller's account, once they have proved who they are with their password.

        Raises:
            InvalidField: it is not right.
            TooManyAttempts: too many were wrong.

        """
        from omnix.store.models import User

        bucket = self._attempts.bucket("confirm", principal.user_id)
        taken = self._attempts.take(bucket, CONFIRM_ACCOUNT)
        with self._parts.store.reading() as session:
            user = session.get(User, principal.user_id)
        hashed = user.password_hash if user else None
        if not self._parts.passwords.verify(password, hashed) or user is None:
            raise InvalidField(field, "The current password is not right.")
        self._attempts.right(taken)
        return user

    def _write_link(self, email: str, origin: Origin) -> None:
        bucket = self._attempts.bucket("reset mail", email)
        if not self._attempts.allows(bucket, MAIL_RECIPIENT):
            return
        lifetime = self._parts.reset_lifetime
        with self._parts.store.session() as session:
            found = by_email(session, email)
            user = locked(session, found.id) if found else None
            if user is None or not user.is_active:
                return
            secret = self._links.issue(session, "reset", user.id, lifetime)
            self._audit.write(session, "account.reset_asked_for", object=user.id, origin=origin)
        self._parts.post.send(
            Occasion.RESET_PASSWORD,
            user.email,
            language=user.language,
            secret=secret,
            lifetime=lifetime,
        )

    def _owner(self, token: str) -> User:
        from omnix.store.models import User

        with self._parts.store.reading() as session:
            link = self._links.look(session, token, _PURPOSES)
            user = session.get(User, link.user_id) if link and link.user_id else None
        if user is None or not user.is_active:
            raise InvalidLink
        return user

    def _set(self, session: Session, user: User, hashed: str, reason: str) -> None:
        user.password_hash = hashed
        user.updated_at = self._parts.clock()
        session.flush()
        self._links.end(session, user.id, _ENDING)
        self._sessions.end_all(session, user.id, reason)

    def _tell(self, user: User) -> None:
        self._liveness.forget(user_id=user.id)
        self._parts.post.send(Occasion.PASSWORD_CHANGED, user.email, language=user.language)
