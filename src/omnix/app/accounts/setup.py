"""The first administrator comes in by a link that is printed on the machine; no default password."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omnix.app.accounts.errors import InvalidLink, NotPossible
from omnix.app.accounts.parts import SETUP_LIFETIME
from omnix.app.accounts.people import by_email
from omnix.app.accounts.registration import language_of
from omnix.app.accounts.results import NOWHERE, Origin, SignedIn
from omnix.app.accounts.texts import email_of, name_of
from omnix.app.accounts.users import has_admin
from omnix.auth.letters import Page, link
from omnix.auth.passwords import check
from omnix.auth.throttle import TOKEN_ADDRESS
from omnix.core.errors import StoreConflict

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from omnix.app.accounts.attempts import Attempts
    from omnix.app.accounts.audit import Audit
    from omnix.app.accounts.links import Links
    from omnix.app.accounts.parts import Parts
    from omnix.app.accounts.sessions import Sessions
    from omnix.store.models import User


class Setup:
    """Makes the first administrator, once."""

    def __init__(
        self, parts: Parts, audit: Audit, attempts: Attempts, links: Links, sessions: Sessions
    ) -> None:
        self._parts = parts
        self._audit = audit
        self._attempts = attempts
        self._links = links
        self._sessions = sessions

    def needed(self) -> bool:
        """Whether nobody can administer yet."""
        with self._parts.store.reading() as session:
            return not has_admin(session)

    def link(self) -> str:
        """A new link, good for a day and once; the older one ends.

        Raises:
            NotPossible: there is an administrator already.

        """
        with self._parts.store.session() as session:
            if has_admin(session):
                raise _done()
            secret = self._links.issue(session, "setup", None, SETUP_LIFETIME)
            self._audit.write(session, "setup.link_made")
        return link(self._parts.post.public_url, Page.SETUP, secret)

    def complete(
        self,
        token: str,
        email: str,
        password: str,
        name: str,
        *,
        language: str = "en",
        origin: Origin = NOWHERE,
    ) -> SignedIn:
        """Make the first administrator and sign them in.

        Raises:
            InvalidLink: the token is used up, expired, replaced, or none of ours.
            InvalidField, PasswordError: a value cannot be taken; the link stays good.
            NotPossible: there is an administrator already, or the address has an account.

        """
        counter = self._attempts.at_address("token", origin.address)
        taken = self._attempts.take(counter, TOKEN_ADDRESS)
        with self._parts.store.reading() as session:
            if self._links.look(session, token, ["setup"]) is None:
                raise InvalidLink
        self._attempts.right(taken)
        address, called, spoken = email_of(email), name_of(name), language_of(language)
        check(password, [address, called])
        hashed = self._parts.passwords.hash(password)
        try:
            with self._parts.store.session() as session:
                if self._links.redeem(session, token, ["setup"]) is None:
                    raise InvalidLink
                user = self._first(session, address, called, spoken, hashed)
                signed_in = self._sessions.begin(session, user, origin)
                self._audit.write(
                    session, "setup.completed", actor_id=user.id, object=user.id, origin=origin
                )
        except StoreConflict:
            raise _taken() from None
        return signed_in

    def _first(self, session: Session, email: str, name: str, language: str, hashed: str) -> User:
        from omnix.store.models import User
        from omnix.store.models.base import new_id

        if has_admin(session):
            raise _done()
        if by_email(session, email):
            raise _taken()
        now = self._parts.clock()
        user = User(
            id=new_id(),
            email=email,
            name=name,
            role="admin",
            password_hash=hashed,
            is_active=True,
            language=language,
            theme="auto",
            email_verified_at=now,
            created_at=now,
            updated_at=now,
        )
        session.add(user)
        session.flush()
        return user


def _done() -> NotPossible:
    return NotPossible("omnix is set up already.", "Ask an administrator for an invitation.")


def _taken() -> NotPossible:
    return NotPossible("This address has an account already.", "Take another one.")
