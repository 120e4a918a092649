"""Who holds this token, asked at every request: so it is remembered, but never for long.

What is found is good for half a second; after that the store is asked again whether the session
or the key still lives, and every five seconds the signature is verified again. What ends in this
process ends at once (`forget`); what ends in another is seen within that half second.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from hmac import compare_digest
from threading import Lock
from typing import TYPE_CHECKING, Any

from omnix.app.accounts.results import Principal
from omnix.auth import opaque
from omnix.auth.errors import TokenError
from omnix.auth.roles import permissions_of
from omnix.auth.tokens import Kind
from omnix.core.errors import StoreUnavailable

if TYPE_CHECKING:
    from omnix.app.accounts.parts import Parts
    from omnix.store.models import ApiKey

PREFIX_CHARACTERS = 12  # of an API key, `omx_` among them: what keys are found by
FRESH_SECONDS = 0.5
VERIFIED_SECONDS = 5.0
USE_NOTED_EVERY = timedelta(minutes=1)
_MOST = 20_000


@dataclass(frozen=True, slots=True)
class _Known:
    """A principal, when it was looked up, until when its token is good (seconds since 1970)."""

    principal: Principal
    looked_at: float
    verified_at: float
    expires_at: float

    def is_fresh(self, now: float) -> bool:
        """Whether nobody need be asked. A clock that was set back makes it stale."""
        return 0 <= now - self.looked_at < FRESH_SECONDS and now < self.expires_at

    def is_verified(self, now: float) -> bool:
        """Whether the signature need not be looked at again."""
        return 0 <= now - self.verified_at < VERIFIED_SECONDS


class Liveness:
    """Finds and remembers principals."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._known: dict[str, _Known] = {}
        self._lock = Lock()
        self._generation = 0

    def principal_of(self, token: str) -> Principal | None:
        """Who holds an access token or an API key; None where nobody does, or no longer.

        Raises:
            StoreUnavailable: the store does not answer; nobody is let in then.

        """
        if principal := self.remembered(token):
            return principal
        known, now = self._known.get(token), self._parts.clock().timestamp()
        generation = self._generation
        found = self._found(token, known, now)
        self._remember(token, found, generation)
        return found.principal if found else None

    def remembered(self, token: str) -> Principal | None:
        """Who holds it, if that is known without asking anybody; None tells nothing."""
        known = self._known.get(token)
        now = self._parts.clock().timestamp()
        return known.principal if known is not None and known.is_fresh(now) else None

    def forget(self, *, user_id: str | None = None, session_id: str | None = None) -> None:
        """Ask the store again about a user or a session; call it once the change is committed."""
        with self._lock:
            self._generation += 1
            gone = [
                token
                for token, known in self._known.items()
                if known.principal.user_id == user_id
                or (session_id is not None and known.principal.session_id == session_id)
            ]
            for token in gone:
                del self._known[token]

    def forget_key(self, key_id: str) -> None:
        """As `forget`, for an API key."""
        with self._lock:
            self._generation += 1
            self._known = {t: k for t, k in self._known.items() if k.principal.key_id != key_id}

    def _remember(self, token: str, found: _Known | None, generation: int) -> None:
        """Keep it, unless something ended while it was looked up."""
        with self._lock:
            if found is None:
                self._known.pop(token, None)
            elif generation == self._generation:
                if len(self._known) >= _MOST:
                    self._known.clear()
                self._known[token] = found

    def _found(self, token: str, known: _Known | None, now: float) -> _Known | None:
        if token.startswith(opaque.API_KEY_PREFIX):
            return self._of_key(token, now)
        return self._of_session(token, known, now)

    def _of_session(self, token: str, known: _Known | None, now: float) -> _Known | None:
        if known is not None and known.is_verified(now):
            if now >= known.expires_at:
                return None
            user_id, session_id = known.principal.user_id, known.principal.session_id or ""
            verified_at, expires_at = known.verified_at, known.expires_at
        else:
            try:
                claims = self._parts.tokens.read(token, Kind.ACCESS)
            except TokenError:
                return None
            user_id, session_id = claims.subject, claims.session
            verified_at, expires_at = now, claims.expires_at.timestamp()
        principal = self._living(user_id, session_id)
        return _Known(principal, now, verified_at, expires_at) if principal else None

    def _living(self, user_id: str, session_id: str) -> Principal | None:
        from sqlalchemy import select

        from omnix.store.models import SignIn, User

        query = (
            select(User.id, User.role, User.customer_id, User.email)
            .join(SignIn, SignIn.user_id == User.id)
            .where(
                SignIn.id == session_id,
                User.id == user_id,
                User.is_active,
                SignIn.revoked_at.is_(None),
                SignIn.expires_at > self._parts.clock(),
            )
        )
        with self._parts.store.reading() as session:
            row = session.execute(query).first()
        if row is None:
            return None
        permissions = permissions_of(row.role)
        return Principal(
            row.id, row.role, permissions, "user", session_id, row.customer_id, row.email
        )

    def _of_key(self, token: str, now: float) -> _Known | None:
        from sqlalchemy import select

        from omnix.store.models import ApiKey, User

        if not opaque.is_api_key(token):
            return None
        prefix = token[:PREFIX_CHARACTERS]
        query = (
            select(ApiKey, User)
            .join(User, User.id == ApiKey.user_id)
            .where(ApiKey.prefix == prefix, ApiKey.revoked_at.is_(None), User.is_active)
        )
        with self._parts.store.reading() as session:
            row = session.execute(query).first()
        if row is None or not self._fits(row.ApiKey, token):
            return None
        key, user = row.ApiKey, row.User
        self._note_use(key)
        scopes = frozenset(p for p in permissions_of(user.role) if p in key.scopes)
        principal = Principal(
            user.id, user.role, scopes, "key", None, user.customer_id, user.email, key.id
        )
        ends = key.expires_at.timestamp() if key.expires_at else float("inf")
        return _Known(principal, now, now, ends)

    def _fits(self, key: ApiKey, token: str) -> bool:
        ended = key.expires_at is not None and key.expires_at <= self._parts.clock()
        return compare_digest(key.key_hash, opaque.digest(token)) and not ended

    def _note_use(self, key: Any) -> None:
        """Write down that a key was used, once a minute; a busy store is no reason to refuse."""
        from sqlalchemy import update

        from omnix.store.models import ApiKey

        now: datetime = self._parts.clock()
        if key.last_used_at and now - key.last_used_at < USE_NOTED_EVERY:
            return
        try:
            with self._parts.store.session() as session:
                session.execute(update(ApiKey).where(ApiKey.id == key.id).values(last_used_at=now))
        except StoreUnavailable:
            return
