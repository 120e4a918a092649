"""Users as rows: found, locked, shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omnix.app.accounts.errors import InvalidCredentials, NotAllowed
from omnix.app.accounts.results import Principal, Profile
from omnix.auth.roles import permissions_of

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from omnix.store.models import User


def profile_of(user: User) -> Profile:
    """A user as its owner and administrators see it."""
    return Profile(
        id=user.id,
        email=user.email,
        name=user.name,
        role=user.role,
        is_active=user.is_active,
        email_verified=user.email_verified_at is not None,
        two_factor_enabled=user.totp_confirmed_at is not None,
        language=user.language,
        theme=user.theme,
        customer_id=user.customer_id,
        created_at=user.created_at,
        last_login_at=user.last_login_at,
        permissions=tuple(sorted(permissions_of(user.role))),
    )


def by_email(session: Session, email: str) -> User | None:
    """The user of an address in its one form."""
    from sqlalchemy import select

    from omnix.store.models import User

    return session.scalar(select(User).where(User.email == email))


def locked(session: Session, user_id: str) -> User | None:
    """A user's row as it is now, held until the transaction ends."""
    from omnix.store.models import User

    return session.get(User, user_id, with_for_update=True, populate_existing=True)


def own(session: Session, principal: Principal) -> User:
    """The caller's own row, held until the transaction ends.

    Raises:
        InvalidCredentials: the account has gone meanwhile.

    """
    user = locked(session, principal.user_id)
    if user is None or not user.is_active:
        raise InvalidCredentials
    return user


def in_person(principal: Principal) -> None:
    """Refuse what no program may do with a key: else a narrow key could make a wide one.

    Raises:
        NotAllowed: the caller is an API key.

    """
    if principal.kind != "user":
        raise NotAllowed("An API key may not do that.", "Sign in and do it yourself.")
