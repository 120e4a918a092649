"""API keys: `omx_` and 256 random bits, kept as SHA-256, for programs of one person."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING

from omnix.app.accounts.errors import InvalidField, NoSuchThing, NotPossible
from omnix.app.accounts.people import in_person, own
from omnix.app.accounts.results import NOWHERE, ApiKeyView, NewApiKey, Origin, Principal
from omnix.app.accounts.texts import moment_of, name_of, plain
from omnix.auth import opaque
from omnix.auth.letters import Occasion
from omnix.auth.roles import Permission, permissions_of
from omnix.core.errors import nearest

if TYPE_CHECKING:
    from sqlalchemy import Select
    from sqlalchemy.orm import Session

    from omnix.app.accounts.audit import Audit
    from omnix.app.accounts.liveness import Liveness
    from omnix.app.accounts.parts import Parts
    from omnix.store.models import ApiKey

MOST_KEYS = 50


class ApiKeys:
    """Makes, lists and revokes them."""

    def __init__(self, parts: Parts, audit: Audit, liveness: Liveness) -> None:
        self._parts = parts
        self._audit = audit
        self._liveness = liveness

    def list(self, principal: Principal) -> tuple[ApiKeyView, ...]:
        """The caller's keys that are not revoked, expired ones too; the newest first."""
        from omnix.store.models import ApiKey

        query = _kept(principal.user_id).order_by(ApiKey.created_at.desc(), ApiKey.id)
        with self._parts.store.reading() as session:
            return tuple(_view(each) for each in session.scalars(query))

    def create(
        self,
        principal: Principal,
        name: str,
        scopes: Collection[str],
        *,
        expires_at: datetime | None = None,
        origin: Origin = NOWHERE,
    ) -> NewApiKey:
        """A new key; its text is shown this once.

        `scopes`: permissions of the caller. What the role loses later, the key loses too.

        Raises:
            InvalidField: the name, a scope or the expiry cannot be taken.
            NotPossible: the caller has 50 keys.
            NotAllowed: the caller is an API key.

        """
        in_person(principal)
        called, now = name_of(name), self._parts.clock()
        ends = moment_of(expires_at, "expiresAt") if expires_at else None
        if ends is not None and ends <= now:
            raise InvalidField("expiresAt", "It lies in the past.")
        key, prefix = opaque.new_api_key()
        with self._parts.store.session() as session:
            user = own(session, principal)
            granted = _scopes_of(scopes, permissions_of(user.role))
            self._refuse_too_many(session, user.id)
            row = _row(user.id, called, prefix, key, granted, now, ends)
            session.add(row)
            self._audit.write(
                session,
                "api_key.created",
                actor_id=user.id,
                object=row.id,
                origin=origin,
                detail={"scopes": granted},
            )
        self._parts.post.send(Occasion.API_KEY_CREATED, user.email, language=user.language)
        return NewApiKey(_view(row), key)

    def revoke(self, principal: Principal, key_id: str, *, origin: Origin = NOWHERE) -> None:
        """End one of the caller's keys.

        Raises:
            NoSuchThing: there is none of that id, or it is somebody else's.
            NotAllowed: the caller is an API key.

        """
        from omnix.store.models import ApiKey

        in_person(principal)
        with self._parts.store.session() as session:
            row = session.get(ApiKey, plain(key_id, 36), with_for_update=True)
            if row is None or row.user_id != principal.user_id or row.revoked_at:
                raise NoSuchThing("There is no such key.", "GET /user/api-keys lists yours.")
            row.revoked_at = self._parts.clock()
            self._audit.write(
                session,
                "api_key.revoked",
                actor_id=principal.user_id,
                object=row.id,
                origin=origin,
            )
        self._liveness.forget_key(row.id)

    def _refuse_too_many(self, session: Session, user_id: str) -> None:
        from sqlalchemy import func, select

        count = session.scalar(select(func.count()).select_from(_kept(user_id).subquery())) or 0
        if count >= MOST_KEYS:
            raise NotPossible(f"You have {count} keys.", "Revoke one that nobody uses.")


def _kept(user_id: str) -> Select[ApiKey]:
    from sqlalchemy import select

    from omnix.store.models import ApiKey

    return select(ApiKey).where(ApiKey.user_id == user_id, ApiKey.revoked_at.is_(None))


def _scopes_of(wanted: Collection[str], own_permissions: frozenset[Permission]) -> list[str]:
    allowed = {str(each) for each in own_permissions}
    if not wanted:
        raise InvalidField("scopes", "A key needs a scope.", "Name what it is for.")
    for each in wanted:
        if each not in allowed:
            hint = nearest(each[:60], allowed)
            raise InvalidField("scopes", f"{each[:60]!r} is no permission of yours.", hint)
    return sorted(set(wanted))


def _row(
    user_id: str,
    name: str,
    prefix: str,
    key: str,
    scopes: list[str],
    now: datetime,
    expires_at: datetime | None,
) -> ApiKey:
    from omnix.store.models import ApiKey
    from omnix.store.models.base import new_id

    return ApiKey(
        id=new_id(),
        user_id=user_id,
        name=name,
        prefix=prefix,
        key_hash=opaque.digest(key),
        scopes=scopes,
        created_at=now,
        expires_at=expires_at,
    )


def _view(row: ApiKey) -> ApiKeyView:
    return ApiKeyView(
        row.id,
        row.name,
        row.prefix,
        tuple(row.scopes),
        row.created_at,
        row.last_used_at,
        row.expires_at,
    )
