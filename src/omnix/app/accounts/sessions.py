"""Sessions: an access token of some minutes, and a refresh token that is exchanged for the next.

All refresh tokens that follow from one sign-in are a family, the session. Exchanging one marks it
as used and issues the next in one transaction: a kill in between leaves it unused.

The rule for a token that comes twice (RFC 9700 §4.14.2):
- A request that had begun before the token was exchanged ran beside the exchange: it is refused,
  and the session goes on. So of twenty at once exactly one succeeds.
- A request that begins afterwards plays an old token back: the session ends, for the thief and for
  the owner, who is told by mail. Also a client whose answer was lost must sign in again: which of
  the two it was cannot be known.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from omnix.app.accounts.errors import InvalidRefresh, NoSuchThing
from omnix.app.accounts.parts import SESSION_LIFETIME
from omnix.app.accounts.people import in_person, own, profile_of
from omnix.app.accounts.results import NOWHERE, Origin, Principal, SessionView, SignedIn
from omnix.app.accounts.texts import plain
from omnix.auth import opaque
from omnix.auth.letters import Occasion
from omnix.auth.tokens import Kind

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from omnix.app.accounts.audit import Audit
    from omnix.app.accounts.liveness import Liveness
    from omnix.app.accounts.parts import Parts
    from omnix.app.accounts.upkeep import Upkeep
    from omnix.store.models import SignIn, User


class Sessions:
    """Begins, continues, lists and ends sessions."""

    def __init__(self, parts: Parts, audit: Audit, liveness: Liveness, upkeep: Upkeep) -> None:
        self._parts = parts
        self._audit = audit
        self._liveness = liveness
        self._upkeep = upkeep

    def refresh(self, refresh_token: str, *, origin: Origin = NOWHERE) -> SignedIn:
        """Exchange a refresh token for the next one and a new access token.

        Raises:
            InvalidRefresh: it is used up, expired, ended, or none of ours.

        """
        began = self._parts.clock()
        if not opaque.is_secret(refresh_token):
            raise InvalidRefresh
        digest = opaque.digest(refresh_token)
        with self._parts.store.session() as session:
            signed_in = self._exchanged(session, digest)
            robbed = None if signed_in else self._end_if_replayed(session, digest, began, origin)
        if signed_in:
            self._upkeep.hourly()
            return signed_in
        if robbed:
            self._liveness.forget(session_id=robbed[0])
            self._parts.post.send(Occasion.SESSION_ENDED, robbed[1], language=robbed[2])
        raise InvalidRefresh

    def logout(self, refresh_token: str, *, origin: Origin = NOWHERE) -> None:
        """End the session that a refresh token belongs to; one that is none of ours does nothing."""
        from omnix.store.models import RefreshToken, SignIn

        if not opaque.is_secret(refresh_token):
            return
        with self._parts.store.session() as session:
            token = session.get(RefreshToken, opaque.digest(refresh_token))
            found = session.get(SignIn, token.session_id) if token else None
            if found is None or found.revoked_at:
                return
            self._revoke(session, found, "signed out")
            self._audit.write(
                session,
                "session.ended",
                actor_id=found.user_id,
                object=found.id,
                origin=origin,
            )
        self._liveness.forget(session_id=found.id)

    def logout_all(self, principal: Principal, *, origin: Origin = NOWHERE) -> int:
        """End every session of the caller, this one too; says how many there were."""
        in_person(principal)
        with self._parts.store.session() as session:
            own(session, principal)
            count = self.end_all(session, principal.user_id, "signed out everywhere")
            self._audit.write(
                session,
                "session.all_ended",
                actor_id=principal.user_id,
                object=principal.user_id,
                origin=origin,
                detail={"sessions": count},
            )
        self._liveness.forget(user_id=principal.user_id)
        return count

    def list(self, principal: Principal) -> tuple[SessionView, ...]:
        """The caller's live sessions, the last used one first."""
        from sqlalchemy import select

        from omnix.store.models import SignIn

        query = (
            select(SignIn)
            .where(
                SignIn.user_id == principal.user_id,
                SignIn.revoked_at.is_(None),
                SignIn.last_used_at > self._parts.clock() - self._parts.refresh_lifetime,
                SignIn.expires_at > self._parts.clock(),
            )
            .order_by(SignIn.last_used_at.desc(), SignIn.id)
        )
        with self._parts.store.reading() as session:
            found = session.scalars(query).all()
        return tuple(
            SessionView(
                each.id,
                each.created_at,
                each.last_used_at,
                each.address,
                each.agent,
                current=each.id == principal.session_id,
            )
            for each in found
        )

    def end(self, principal: Principal, session_id: str, *, origin: Origin = NOWHERE) -> None:
        """End one of the caller's sessions.

        Raises:
            NoSuchThing: there is none of that id, or it is somebody else's.

        """
        from omnix.store.models import SignIn

        in_person(principal)
        with self._parts.store.session() as session:
            found = session.get(SignIn, plain(session_id, 36), with_for_update=True)
            if found is None or found.user_id != principal.user_id or found.revoked_at:
                raise NoSuchThing("There is no such session.", "GET /user/sessions lists yours.")
            self._revoke(session, found, "ended by its owner")
            self._audit.write(
                session,
                "session.ended",
                actor_id=principal.user_id,
                object=session_id,
                origin=origin,
            )
        self._liveness.forget(session_id=session_id)

    def begin(self, session: Session, user: User, origin: Origin) -> SignedIn:
        """A new session, in the transaction of a caller who has locked the user's row."""
        from omnix.store.models import SignIn
        from omnix.store.models.base import new_id

        now = self._parts.clock()
        user.last_login_at = now
        begun = SignIn(
            id=new_id(),
            user_id=user.id,
            created_at=now,
            last_used_at=now,
            expires_at=now + SESSION_LIFETIME,
            address=plain(origin.address, 64) if origin.address else None,
            agent=plain(origin.agent, 300) if origin.agent else None,
        )
        session.add(begun)
        session.flush()
        return self._given(session, begun, user)

    def end_all(self, session: Session, user_id: str, reason: str) -> int:
        """End all sessions of a user in a caller's transaction; call `Liveness.forget` after it."""
        from sqlalchemy import update

        from omnix.store.models import SignIn

        ended = session.execute(
            update(SignIn)
            .where(SignIn.user_id == user_id, SignIn.revoked_at.is_(None))
            .values(revoked_at=self._parts.clock(), revoked_because=reason)
            .returning(SignIn.id)
        )
        return len(ended.all())

    def _exchanged(self, session: Session, digest: str) -> SignedIn | None:
        """What an unused token is exchanged for; None where it was used, or never was one."""
        from sqlalchemy import update

        from omnix.store.models import RefreshToken, SignIn, User

        now = self._parts.clock()
        family = session.scalar(
            update(RefreshToken)
            .where(
                RefreshToken.token_hash == digest,
                RefreshToken.used_at.is_(None),
                RefreshToken.expires_at > now,
            )
            .values(used_at=now)
            .returning(RefreshToken.session_id)
        )
        if family is None:
            return None
        found = session.get_one(SignIn, family, with_for_update=True)
        user = session.get_one(User, found.user_id)
        if found.revoked_at or found.expires_at <= now or not user.is_active:
            raise InvalidRefresh
        found.last_used_at = now
        return self._given(session, found, user)

    def _given(self, session: Session, found: SignIn, user: User) -> SignedIn:
        from omnix.store.models import RefreshToken

        now, secret = self._parts.clock(), opaque.new_secret()
        session.add(
            RefreshToken(
                token_hash=opaque.digest(secret),
                session_id=found.id,
                issued_at=now,
                expires_at=min(now + self._parts.refresh_lifetime, found.expires_at),
            )
        )
        lifetime = self._parts.access_lifetime
        access = self._parts.tokens.issue(
            Kind.ACCESS, subject=user.id, session=found.id, lifetime=lifetime
        )
        return SignedIn(access, secret, int(lifetime.total_seconds()), found.id, profile_of(user))

    def _end_if_replayed(
        self, session: Session, digest: str, began: datetime, origin: Origin
    ) -> tuple[str, str, str] | None:
        """End the family of a token that was played back; gives session, e-mail and language."""
        from omnix.store.models import RefreshToken, SignIn, User

        old = session.get(RefreshToken, digest)
        if old is None or old.used_at is None or began <= old.used_at:
            return None
        family = session.get_one(SignIn, old.session_id, with_for_update=True)
        if family.revoked_at:
            return None
        user = session.get_one(User, family.user_id)
        self._revoke(session, family, "refresh token replayed")
        self._audit.write(
            session,
            "session.replayed",
            actor_id=user.id,
            object=family.id,
            outcome="failure",
            origin=origin,
        )
        return family.id, user.email, user.language

    def _revoke(self, session: Session, found: SignIn, reason: str) -> None:
        found.revoked_at = self._parts.clock()
        found.revoked_because = reason
        session.flush()
