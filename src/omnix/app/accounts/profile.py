"""The own account: name, language, theme, e-mail address."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omnix.app.accounts.errors import InvalidField, NoSuchThing
from omnix.app.accounts.parts import VERIFY_LIFETIME
from omnix.app.accounts.people import by_email, in_person, locked, own, profile_of
from omnix.app.accounts.registration import language_of
from omnix.app.accounts.results import NOWHERE, Origin, Principal, Profile
from omnix.app.accounts.texts import email_of, name_of
from omnix.auth.letters import Occasion
from omnix.auth.throttle import MAIL_RECIPIENT

if TYPE_CHECKING:
    from omnix.app.accounts.attempts import Attempts
    from omnix.app.accounts.audit import Audit
    from omnix.app.accounts.links import Links
    from omnix.app.accounts.parts import Parts
    from omnix.app.accounts.passwords import PasswordChanges

THEMES = ("light", "dark", "auto")


class Profiles:
    """Shows and changes it. The role is nobody's own to change."""

    def __init__(
        self,
        parts: Parts,
        audit: Audit,
        attempts: Attempts,
        links: Links,
        passwords: PasswordChanges,
    ) -> None:
        self._parts = parts
        self._audit = audit
        self._attempts = attempts
        self._links = links
        self._passwords = passwords

    def get(self, principal: Principal) -> Profile:
        """The caller's account.

        Raises:
            NoSuchThing: it has gone meanwhile.

        """
        from omnix.store.models import User

        with self._parts.store.reading() as session:
            user = session.get(User, principal.user_id)
        if user is None:
            raise NoSuchThing("There is no such account.", "Sign in again.")
        return profile_of(user)

    def update(
        self,
        principal: Principal,
        *,
        name: str | None = None,
        email: str | None = None,
        current_password: str | None = None,
        language: str | None = None,
        theme: str | None = None,
        origin: Origin = NOWHERE,
    ) -> Profile:
        """Change what is given. A new e-mail counts once the link sent to it was opened.

        Raises:
            InvalidField: a value cannot be taken, or a new e-mail lacks the current password.
            TooManyAttempts: too many wrong current passwords.
            NotAllowed: the caller is an API key.

        """
        in_person(principal)
        changes = {
            "name": None if name is None else name_of(name),
            "language": None if language is None else language_of(language),
            "theme": None if theme is None else _theme_of(theme),
        }
        changes = {field: value for field, value in changes.items() if value is not None}
        if email is not None:
            self._ask_to_move(principal, email_of(email), current_password, origin)
        if not changes:
            return self.get(principal)
        with self._parts.store.session() as session:
            user = own(session, principal)
            for field, value in changes.items():
                setattr(user, field, value)
            user.updated_at = self._parts.clock()
            self._audit.write(
                session,
                "account.changed",
                actor_id=user.id,
                object=user.id,
                origin=origin,
                detail={"fields": sorted(changes)},
            )
        return profile_of(user)

    def _ask_to_move(
        self, principal: Principal, email: str, password: str | None, origin: Origin
    ) -> None:
        if email == principal.email:
            return
        if not password:
            raise InvalidField("currentPassword", "A new e-mail needs the current password.")
        self._passwords.confirmed(principal, password)
        self._parts.post.later(self._write_link, principal.user_id, email, origin)

    def _write_link(self, user_id: str, email: str, origin: Origin) -> None:
        """Write to the new address; where it has an account already, tell that one instead."""
        if not self._attempts.allows(self._attempts.bucket("verify mail", email), MAIL_RECIPIENT):
            return
        with self._parts.store.session() as session:
            user = locked(session, user_id)
            if user is None or not user.is_active:
                return
            taken = by_email(session, email)
            secret = self._links.issue(
                session, "email-change", user_id, VERIFY_LIFETIME, new_email=email
            )
            self._audit.write(
                session,
                "account.email_change_asked_for",
                actor_id=user_id,
                object=user_id,
                origin=origin,
            )
        if taken:
            self._parts.post.send(Occasion.ALREADY_REGISTERED, email, language=taken.language)
            return
        self._parts.post.send(
            Occasion.VERIFY_EMAIL,
            email,
            language=user.language,
            secret=secret,
            lifetime=VERIFY_LIFETIME,
        )


def _theme_of(theme: str) -> str:
    if theme not in THEMES:
        raise InvalidField("theme", f"The themes are {', '.join(THEMES)}.")
    return theme
