"""Registering: nothing but the mail tells whether the address was known before.

What is asked for waits as a registration, with its own password, until the link in its mail is
opened; only then there is an account. So nobody can prepare an account for somebody else's
address, and addresses that were never verified leave nothing behind.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from omnix.app.accounts.errors import InvalidField, InvalidLink, NotAllowed
from omnix.app.accounts.parts import VERIFY_LIFETIME
from omnix.app.accounts.people import by_email, locked, profile_of
from omnix.app.accounts.results import NOWHERE, Origin, Profile
from omnix.app.accounts.texts import email_as_typed, email_of, name_of
from omnix.auth import opaque
from omnix.auth.letters import LANGUAGES, Occasion
from omnix.auth.passwords import check
from omnix.auth.throttle import MAIL_ADDRESS, MAIL_RECIPIENT, REGISTER_ADDRESS, TOKEN_ADDRESS
from omnix.core.errors import StoreConflict

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from omnix.app.accounts.attempts import Attempts
    from omnix.app.accounts.audit import Audit
    from omnix.app.accounts.links import Links
    from omnix.app.accounts.liveness import Liveness
    from omnix.app.accounts.parts import Parts
    from omnix.store.models import Registration, User

#: What one who registers by himself may do: see the own account. An administrator gives more.
FIRST_ROLE = "customer"


class Registrations:
    """Takes registrations and verifies addresses."""

    def __init__(
        self, parts: Parts, audit: Audit, attempts: Attempts, links: Links, liveness: Liveness
    ) -> None:
        self._parts = parts
        self._audit = audit
        self._attempts = attempts
        self._links = links
        self._liveness = liveness

    def register(
        self,
        email: str,
        password: str,
        name: str,
        *,
        language: str = "en",
        origin: Origin = NOWHERE,
    ) -> None:
        """Ask for an account; the mail says how it goes on.

        Raises:
            NotAllowed: registration is closed here.
            InvalidField, PasswordError: a value cannot be taken.
            TooManyAttempts: too many from this address.
            BusyError: too much is going on at this moment.

        """
        if self._parts.settings.service.registration != "open":
            raise NotAllowed("Registration is closed.", "Ask an administrator for an invitation.")
        address, called, spoken = email_of(email), name_of(name), language_of(language)
        check(password, [address, called])
        self._attempts.take(self._attempts.at_address("register", origin.address), REGISTER_ADDRESS)
        hashed = self._parts.passwords.hash(password)
        self._parts.post.later(self._file, address, called, spoken, hashed, origin)

    def resend(self, email: str, *, origin: Origin = NOWHERE) -> None:
        """Send the mail of a registration once more, with a new link; the older one ends.

        Raises:
            TooManyAttempts: too many from this address.

        """
        self._attempts.take(self._attempts.at_address("mail", origin.address), MAIL_ADDRESS)
        self._parts.post.later(self._renew, email_as_typed(email))

    def verify_email(self, token: str, *, origin: Origin = NOWHERE) -> Profile:
        """Open the link of a registration, or of a change of address.

        Raises:
            InvalidLink: it is used up, expired, or none of ours.
            TooManyAttempts: too many wrong ones from this address.

        """
        counter = self._attempts.at_address("token", origin.address)
        taken = self._attempts.take(counter, TOKEN_ADDRESS)
        if not opaque.is_secret(token):
            raise InvalidLink
        try:
            with self._parts.store.session() as session:
                user = self._registered(session, token, origin)
                user = user or self._moved(session, token, origin)
                if user is None:
                    raise InvalidLink
        except StoreConflict:  # somebody else verified the same address at this moment
            raise InvalidLink from None
        self._attempts.right(taken)
        self._liveness.forget(user_id=user.id)
        return profile_of(user)

    def _file(self, email: str, name: str, language: str, hashed: str, origin: Origin) -> None:
        """Keep a registration and write to its address; or tell the one who has the account."""
        from omnix.store.models import Registration

        if not self._may_write(email):
            return
        with self._parts.store.session() as session:
            user = by_email(session, email)
            secret = opaque.new_secret()
            if user is None:
                now = self._parts.clock()
                session.add(
                    Registration(
                        token_hash=opaque.digest(secret),
                        email=email,
                        name=name,
                        language=language,
                        password_hash=hashed,
                        created_at=now,
                        expires_at=now + VERIFY_LIFETIME,
                    )
                )
            self._audit.write(session, "account.asked_for", origin=origin)
        if user is None:
            self._write_link(email, language, secret)
        else:
            self._parts.post.send(Occasion.ALREADY_REGISTERED, email, language=user.language)

    def _renew(self, email: str) -> None:
        """A new link for the newest registration of an address."""
        from sqlalchemy import select

        from omnix.store.models import Registration

        if not self._may_write(email):
            return
        with self._parts.store.session() as session:
            found: Registration | None = session.scalars(
                select(Registration)
                .where(Registration.email == email, Registration.expires_at > self._parts.clock())
                .order_by(Registration.created_at.desc())
                .limit(1)
                .with_for_update()
            ).first()
            if found is None:
                return
            secret = opaque.new_secret()
            found.token_hash = opaque.digest(secret)
            found.expires_at = self._parts.clock() + VERIFY_LIFETIME
        self._write_link(email, found.language, secret)

    def _may_write(self, email: str) -> bool:
        return self._attempts.allows(self._attempts.bucket("verify mail", email), MAIL_RECIPIENT)

    def _write_link(self, email: str, language: str, secret: str) -> None:
        self._parts.post.send(
            Occasion.VERIFY_EMAIL,
            email,
            language=language,
            secret=secret,
            lifetime=VERIFY_LIFETIME,
        )

    def _registered(self, session: Session, token: str, origin: Origin) -> User | None:
        """The account that a registration becomes; its other registrations end."""
        from sqlalchemy import delete, select

        from omnix.store.models import Registration

        digest = opaque.digest(token)
        email = session.scalar(select(Registration.email).where(Registration.token_hash == digest))
        if email is None:
            return None
        self._parts.store.hold(session, f"registration {email}")
        found = session.scalar(
            delete(Registration)
            .where(
                Registration.token_hash == digest,
                Registration.expires_at > self._parts.clock(),
            )
            .returning(Registration),
            execution_options={"synchronize_session": False},
        )
        if found is None:
            return None
        if by_email(session, found.email):
            raise InvalidLink
        session.execute(delete(Registration).where(Registration.email == found.email))
        user = self._made(found)
        session.add(user)
        session.flush()
        self._audit.write(
            session, "account.created", actor_id=user.id, object=user.id, origin=origin
        )
        return user

    def _made(self, found: Registration) -> User:
        from omnix.store.models import User
        from omnix.store.models.base import new_id

        now = self._parts.clock()
        return User(
            id=new_id(),
            email=found.email,
            name=found.name,
            role=FIRST_ROLE,
            password_hash=found.password_hash,
            is_active=True,
            language=found.language,
            theme="auto",
            email_verified_at=now,
            created_at=now,
            updated_at=now,
        )

    def _moved(self, session: Session, token: str, origin: Origin) -> User | None:
        """The account whose new address this link proves."""
        seen = self._links.look(session, token, ["email-change"])
        user = locked(session, seen.user_id) if seen and seen.user_id else None
        link = self._links.redeem(session, token, ["email-change"]) if user else None
        if link is None or user is None or not user.is_active or link.new_email is None:
            return None
        if by_email(session, link.new_email):
            raise InvalidLink
        old, user.email = user.email, link.new_email
        user.email_verified_at = user.updated_at = self._parts.clock()
        self._links.end(session, user.id, ["reset"])
        self._audit.write(
            session, "account.email_changed", actor_id=user.id, object=user.id, origin=origin
        )
        self._parts.post.send(Occasion.EMAIL_CHANGED, old, language=user.language)
        return user


def language_of(language: str) -> str:
    """One of the languages that omnix speaks.

    Raises:
        InvalidField: it is none of them.

    """
    if language not in LANGUAGES:
        raise InvalidField("language", f"omnix speaks {' and '.join(LANGUAGES)}.")
    return language
