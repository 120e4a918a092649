"""How far a table has been read: small enough to be committed with its data."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from omnix.sources.database.relation import Column, Relation


@dataclass(frozen=True)
class Position:
    """The state of a table at the moment of a read.

    `shape` names its columns, types, key and watermark; a position of another shape is void.
    `since` is where the next read begins: the newest change less the overlap (UTC, as text); None
    where there is no watermark, and then everything is in view. `digest` is the sum over hashes of
    all rows in view, `rows` and `money` are those of the whole table, `reads` counts the reads
    since the last full one.
    """

    shape: str
    since: str | None
    digest: str
    rows: int
    money: str | None = None
    reads: int = 0

    def text(self) -> str:
        """As JSON."""
        return json.dumps(asdict(self), sort_keys=True)

    @classmethod
    def parse(cls, text: str | None) -> Position | None:
        """The position in `text`; None where there is none (it is then read from the beginning)."""
        try:
            known: dict[str, Any] = json.loads(text or "{}")
            return cls(**known)
        except (TypeError, ValueError):
            return None


def shape_of(relation: Relation, columns: Sequence[Column]) -> str:
    """A short name for the form of a table; it changes when rows read before do not fit any more."""
    watermark = relation.watermark
    parts = [
        *(f"{column.name}\0{column.source_type}\0{column.arrow}" for column in columns),
        *relation.key,
        watermark.name if watermark else "",
    ]
    return hashlib.sha256("\1".join(parts).encode()).hexdigest()[:16]
