"""People, as administrators see them: list, invite, give a role, disable."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omnix.app.accounts.cursors import cursor_of, limit_of, position_of
from omnix.app.accounts.errors import InvalidField, NoSuchThing, NotPossible
from omnix.app.accounts.parts import INVITE_LIFETIME
from omnix.app.accounts.people import by_email, locked, profile_of
from omnix.app.accounts.results import NOWHERE, Invitation, Origin, Page, Principal, Profile
from omnix.app.accounts.texts import email_of, name_of, plain
from omnix.auth.letters import Occasion, link
from omnix.auth.letters import Page as Pages
from omnix.auth.roles import ROLES
from omnix.core.errors import StoreConflict, nearest

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Select
    from sqlalchemy.orm import Session

    from omnix.app.accounts.audit import Audit
    from omnix.app.accounts.links import Links
    from omnix.app.accounts.liveness import Liveness
    from omnix.app.accounts.parts import Parts
    from omnix.app.accounts.sessions import Sessions
    from omnix.store.models import User


class Users:
    """Who has an account, and which role."""

    def __init__(
        self, parts: Parts, audit: Audit, links: Links, sessions: Sessions, liveness: Liveness
    ) -> None:
        self._parts = parts
        self._audit = audit
        self._links = links
        self._sessions = sessions
        self._liveness = liveness

    def list(
        self,
        *,
        search: str | None = None,
        role: str | None = None,
        cursor: str | None = None,
        limit: int = 50,
    ) -> Page[Profile]:
        """Accounts in the order in which they were made. `search`: a part of e-mail or name.

        Raises:
            InvalidField: the role, the cursor or the limit is wrong.

        """
        from omnix.store.models import User

        limit = limit_of(limit)
        query = _matching(search, role).order_by(User.created_at, User.id).limit(limit + 1)
        with self._parts.store.reading() as session:
            if cursor:
                query = query.where(_after(session, cursor))
            found = [profile_of(each) for each in session.scalars(query)]
        more = len(found) > limit
        return Page(tuple(found[:limit]), cursor_of(found[limit - 1].id) if more else None)

    def get(self, user_id: str) -> Profile:
        """One account.

        Raises:
            NoSuchThing: there is none of that id.

        """
        from omnix.store.models import User

        with self._parts.store.reading() as session:
            user = session.get(User, plain(user_id, 36))
        if user is None:
            raise _no_such_user()
        return profile_of(user)

    def find(self, email: str) -> Profile:
        """The account of an e-mail address.

        Raises:
            NoSuchThing: there is none.

        """
        with self._parts.store.reading() as session:
            user = by_email(session, email_of(email))
        if user is None:
            raise _no_such_user()
        return profile_of(user)

    def invite(
        self,
        email: str,
        name: str,
        role: str,
        *,
        by: Principal | None = None,
        origin: Origin = NOWHERE,
    ) -> Invitation:
        """A new account whose owner chooses the password by the link in a mail.

        Inviting again one who has not chosen yet sends a new link; the older one ends.

        Raises:
            InvalidField: a value cannot be taken.
            NotPossible: the address has an account already.

        """
        address, called, given = email_of(email), name_of(name), role_of(role)
        try:
            with self._parts.store.session() as session:
                user = self._invited(session, address, called, given)
                secret = self._links.issue(session, "invite", user.id, INVITE_LIFETIME)
                self._audit.write(
                    session,
                    "user.invited",
                    actor_id=by.user_id if by else None,
                    object=user.id,
                    origin=origin,
                    detail={"role": given},
                )
        except StoreConflict:
            raise _has_account() from None
        self._parts.post.send(
            Occasion.INVITATION,
            address,
            language=user.language,
            secret=secret,
            lifetime=INVITE_LIFETIME,
        )
        self._liveness.forget(user_id=user.id)
        return Invitation(profile_of(user), link(self._parts.post.public_url, Pages.RESET, secret))

    def change(
        self,
        user_id: str,
        *,
        role: str | None = None,
        is_active: bool | None = None,
        customer_id: str | None = None,
        by: Principal | None = None,
        origin: Origin = NOWHERE,
    ) -> Profile:
        """Change what is given; `customer_id=""` takes it away. A new role ends all sessions.

        Raises:
            NoSuchThing: there is no such account.
            InvalidField: there is no such role.
            NotPossible: it would leave nobody who can administer.

        """
        given = None if role is None else role_of(role)
        with self._parts.store.session() as session:
            self._lock_admins(session)
            user = locked(session, plain(user_id, 36))
            if user is None:
                raise _no_such_user()
            before, administers = _standing(user), _administers(user)
            _apply(user, given, is_active, customer_id)
            after = _standing(user)
            if before == after:
                return profile_of(user)
            user.updated_at = self._parts.clock()
            session.flush()
            if administers:
                self._refuse_headless(session)
            self._sessions.end_all(session, user.id, "role or state changed")
            self._links.end(session, user.id, ["challenge"])
            self._audit.write(
                session,
                "user.changed",
                actor_id=by.user_id if by else None,
                object=user.id,
                origin=origin,
                detail={k: [before[k], after[k]] for k in before if before[k] != after[k]},
            )
        self._liveness.forget(user_id=user.id)
        return profile_of(user)

    def _invited(self, session: Session, email: str, name: str, role: str) -> User:
        from omnix.store.models import User
        from omnix.store.models.base import new_id

        now = self._parts.clock()
        found = by_email(session, email)
        user = locked(session, found.id) if found else None
        if user is None:
            user = User(id=new_id(), email=email, is_active=True, language="en", theme="auto")
            user.created_at = now
            session.add(user)
        elif user.password_hash is not None or not user.is_active:
            raise _has_account()
        user.name, user.role, user.updated_at = name, role, now
        session.flush()
        return user

    def _lock_admins(self, session: Session) -> None:
        """Two who demote each other at once wait for one another; SQLite's writers do anyway."""
        from sqlalchemy import select

        from omnix.store.models import User

        query = select(User.id).where(User.role == "admin").order_by(User.id).with_for_update()
        session.execute(query).all()

    def _refuse_headless(self, session: Session) -> None:
        if not has_admin(session):
            raise NotPossible(
                "This is the last administrator.", "Make somebody else an administrator first."
            )


def has_admin(session: Session) -> bool:
    """Whether somebody can administer: active, and with a password."""
    from sqlalchemy import select

    from omnix.store.models import User

    query = select(User.id).where(
        User.role == "admin", User.is_active, User.password_hash.is_not(None)
    )
    return session.scalar(query.limit(1)) is not None


def role_of(role: str) -> str:
    """One of the roles.

    Raises:
        InvalidField: there is no such role.

    """
    if role not in ROLES:
        hint = nearest(role[:40], ROLES)
        raise InvalidField(
            "role", f"There is no role {role[:40]!r}.", hint or f"Roles: {', '.join(ROLES)}."
        )
    return role


def _administers(user: User) -> bool:
    return user.role == "admin" and user.is_active and user.password_hash is not None


def _apply(user: User, role: str | None, is_active: bool | None, customer_id: str | None) -> None:
    user.role = user.role if role is None else role
    user.is_active = user.is_active if is_active is None else is_active
    if customer_id is not None:
        user.customer_id = plain(customer_id, 200) or None


def _standing(user: User) -> dict[str, object]:
    return {"role": user.role, "is_active": user.is_active, "customer_id": user.customer_id}


def _matching(search: str | None, role: str | None) -> Select[User]:
    from sqlalchemy import func, or_, select

    from omnix.store.models import User

    query = select(User)
    if role:
        query = query.where(User.role == role_of(role))
    if search:
        part = plain(search, 200).lower()
        query = query.where(
            or_(
                User.email.contains(part, autoescape=True),
                func.lower(User.name).contains(part, autoescape=True),
            )
        )
    return query


def _after(session: Session, cursor: str) -> ColumnElement[bool]:
    from sqlalchemy import tuple_

    from omnix.store.models import User

    position = position_of(cursor, str)[0]
    last = session.get(User, str(position))
    if last is None:
        raise InvalidField(
            "cursor", "This cursor's account has gone.", "Begin with the first page."
        )
    return tuple_(User.created_at, User.id) > (last.created_at, last.id)


def _no_such_user() -> NoSuchThing:
    return NoSuchThing("There is no such account.", "GET /admin/users lists them.")


def _has_account() -> NotPossible:
    return NotPossible(
        "This address has an account already.", "Find it in the list, and change its role there."
    )
