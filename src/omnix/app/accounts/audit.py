"""The audit log: who did what, when, from where. It only grows, and shows if it was changed.

Each row carries the keyed digest of itself and of the row before; `audit_head` says how long the
log is and how it ends. Triggers refuse to change or delete rows. Who may write the database but
not read the key in the home cannot forge a row. (Whoever puts back an older copy of the whole
database is not found out: keep exports elsewhere.)

People stand in it by id only, so that it can stay when a person's data must go.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from omnix.app.accounts.audit_chain import AuditChain
from omnix.app.accounts.cursors import cursor_of, limit_of, position_of
from omnix.app.accounts.results import NOWHERE, AuditRow, Origin, Page
from omnix.app.accounts.texts import email_as_typed, moment_of, plain

if TYPE_CHECKING:
    from sqlalchemy import Select
    from sqlalchemy.orm import Session

    from omnix.app.accounts.parts import Parts
    from omnix.store.models import AuditEntry

_BATCH = 500
_MAX_DETAIL = 4000


class Audit:
    """Writes and lists the log; `chain` checks it."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self.chain = AuditChain(parts.store, parts.digests)

    def record(
        self,
        action: str,
        *,
        actor_id: str | None = None,
        object: str | None = None,  # noqa: A002 - the column's name
        outcome: str = "success",
        origin: Origin = NOWHERE,
        detail: Mapping[str, Any] | None = None,
    ) -> None:
        """Add a row in a transaction of its own.

        Args:
            action: What was done, as `area.verb`: `table.exported`.
            actor_id: The user's id.
            object: What it was done to: an id or a name, never personal data.
            outcome: `success` or `failure`.
            origin: Where the request came from.
            detail: More facts, as JSON can hold them; no personal data, no secrets.

        Raises:
            StoreError: the store cannot be used; then do not do what was to be recorded.

        """
        with self._parts.store.session() as session:
            self.write(
                session,
                action,
                actor_id=actor_id,
                object=object,
                outcome=outcome,
                origin=origin,
                detail=detail,
            )

    def write(
        self,
        session: Session,
        action: str,
        *,
        actor_id: str | None = None,
        object: str | None = None,  # noqa: A002
        outcome: str = "success",
        origin: Origin = NOWHERE,
        detail: Mapping[str, Any] | None = None,
    ) -> None:
        """Add a row in the transaction of `session`, as its last step: others then wait for it."""
        from omnix.store.models import AuditEntry, AuditHead

        session.flush()
        head = session.get_one(AuditHead, 1, with_for_update=True, populate_existing=True)
        entry = AuditEntry(
            id=head.length + 1,
            at=self._parts.clock(),
            actor_id=actor_id,
            action=plain(action, 60),
            object=_short(object, 300),
            outcome=plain(outcome, 20),
            address=_short(origin.address, 64),
            request_id=_short(origin.request_id, 64),
            detail=_json(detail or {}),
        )
        entry.digest = self.chain.digest(head.digest, entry)
        head.length, head.digest = entry.id, entry.digest
        session.add(entry)
        session.flush()

    def list(
        self,
        *,
        action: str | None = None,
        actor: str | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        cursor: str | None = None,
        limit: int = 50,
    ) -> Page[AuditRow]:
        """The newest rows first. `actor`: an id or an e-mail; `until` is exclusive.

        Raises:
            InvalidField: the cursor or the limit is wrong.

        """
        from omnix.store.models import AuditEntry

        limit = limit_of(limit)
        query = _chosen(action, actor, since, until).order_by(AuditEntry.id.desc())
        if cursor:
            query = query.where(AuditEntry.id < position_of(cursor, int)[0])
        with self._parts.store.reading() as session:
            found = [_row(*each) for each in session.execute(query.limit(limit + 1))]
        more = len(found) > limit
        return Page(tuple(found[:limit]), cursor_of(found[limit - 1].id) if more else None)

    def export(
        self,
        *,
        action: str | None = None,
        actor: str | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> Iterator[AuditRow]:
        """All rows, oldest first, read in small steps so that nobody waits for it."""
        from omnix.store.models import AuditEntry

        query, last = _chosen(action, actor, since, until).order_by(AuditEntry.id), 0
        while True:
            with self._parts.store.reading() as session:
                step = query.where(AuditEntry.id > last).limit(_BATCH)
                found = [_row(*each) for each in session.execute(step)]
            yield from found
            if len(found) < _BATCH:
                return
            last = found[-1].id


def _chosen(
    action: str | None, actor: str | None, since: datetime | None, until: datetime | None
) -> Select[AuditEntry, str]:
    from sqlalchemy import or_, select

    from omnix.store.models import AuditEntry, User

    query = select(AuditEntry, User.email).outerjoin(User, User.id == AuditEntry.actor_id)
    if action:
        query = query.where(AuditEntry.action == plain(action, 60))
    if actor:
        who = plain(actor, 320)
        query = query.where(or_(AuditEntry.actor_id == who, User.email == email_as_typed(who)))
    if since:
        query = query.where(AuditEntry.at >= moment_of(since, "since"))
    if until:
        query = query.where(AuditEntry.at < moment_of(until, "until"))
    return query


def _row(entry: AuditEntry, email: str | None) -> AuditRow:
    return AuditRow(
        id=entry.id,
        at=entry.at,
        actor_id=entry.actor_id,
        actor_email=email,
        action=entry.action,
        object=entry.object,
        outcome=entry.outcome,
        address=entry.address,
        request_id=entry.request_id,
        detail=json.loads(entry.detail),
    )


def _short(text: str | None, most: int) -> str | None:
    return plain(text, most) if text else None


def _json(detail: Mapping[str, Any]) -> str:
    """A JSON object in ASCII; one that is too long is left out rather than cut into nonsense."""
    text = json.dumps(detail, sort_keys=True, separators=(",", ":"), default=str)
    return text if len(text) <= _MAX_DETAIL else '{"too_long":true}'
