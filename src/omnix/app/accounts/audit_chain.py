"""What ties the rows of the audit log together: each carries a keyed digest of all before it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC
from pathlib import Path
from typing import TYPE_CHECKING

from omnix.app.accounts.results import AuditCheck

if TYPE_CHECKING:
    from omnix.core.settings import Settings
    from omnix.store import Digests, Store
    from omnix.store.models import AuditEntry

_BATCH = 500


def key_file(settings: Settings) -> Path:
    """Where the key of the digests lies: in the home, never in the store."""
    return settings.home / "keys" / "store.key"


class AuditChain:
    """Makes the digests, and makes them all again to see whether they fit."""

    def __init__(self, store: Store, digests: Digests) -> None:
        self._store, self._digests = store, digests

    def digest(self, before: str, entry: AuditEntry) -> str:
        """The digest of a row and of the one before it."""
        fields = [
            entry.id,
            entry.at.astimezone(UTC).isoformat(),
            entry.actor_id,
            entry.action,
            entry.object,
            entry.outcome,
            entry.address,
            entry.request_id,
            entry.detail,
        ]
        return self._digests.of("audit", before, json.dumps(fields))

    def check(self) -> AuditCheck:
        """Read the whole log and make every digest again.

        A row that was changed, left out, put in between, or cut off at the end shows.

        Raises:
            StoreError: the store cannot be read.

        """
        from omnix.store.models import AuditHead

        with self._store.reading() as session:
            head = session.get_one(AuditHead, 1)
            length, end = head.length, head.digest
        count, digest = 0, ""
        for entry in self._entries(length):
            count += 1
            digest = self.digest(digest, entry)
            if entry.id != count or entry.digest != digest:
                return AuditCheck(count, broken_at=count)
        whole = count == length and digest == end
        return AuditCheck(count, broken_at=None if whole else count + 1)

    def _entries(self, length: int) -> Iterator[AuditEntry]:
        from sqlalchemy import select

        from omnix.store.models import AuditEntry

        last, query = 0, select(AuditEntry).where(AuditEntry.id <= length).order_by(AuditEntry.id)
        while True:
            with self._store.reading() as session:
                found = session.scalars(query.where(AuditEntry.id > last).limit(_BATCH)).all()
            yield from found
            if len(found) < _BATCH:
                return
            last = found[-1].id
