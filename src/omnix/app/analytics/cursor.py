"""Opaque cursors: the versions that are read, how far, and of which question."""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Sequence
from typing import Any

import orjson

from omnix.app.analytics.errors import QuestionError

_LONGEST = 500


def sealed(versions: Sequence[int], offset: int, question: Any) -> str:
    """Where a page after `offset` rows of tables at these versions begins."""
    told = orjson.dumps([list(versions), offset, _mark(question)])
    return base64.urlsafe_b64encode(told).rstrip(b"=").decode()


def position(cursor: str, question: Any, tables: int = 1) -> tuple[list[int] | None, int]:
    """The versions of so many tables and the offset to read at; without a cursor None and 0.

    Raises:
        QuestionError: it is no cursor of ours, or of another question.

    """
    if not cursor:
        return None, 0
    versions, offset, mark = _read(cursor)
    if mark != _mark(question) or len(versions) != tables:
        raise QuestionError(
            "cursor",
            "The cursor belongs to another question.",
            "Ask with the same table, columns, filters and order, or without a cursor.",
        )
    return versions, offset


def _read(text: str) -> tuple[list[int], int, str]:
    try:
        if len(text) > _LONGEST:
            raise ValueError
        padded = text.encode("ascii") + b"=" * (-len(text) % 4)
        versions, offset, mark = orjson.loads(
            base64.b64decode(padded, altchars=b"-_", validate=True)
        )
        if not (isinstance(versions, list) and all(map(_natural, [*versions, offset]))):
            raise ValueError
    except (ValueError, TypeError, binascii.Error):
        raise QuestionError(
            "cursor",
            "The cursor is none of ours.",
            "Give `next_cursor` of the page before as it came, or none to begin.",
        ) from None
    return versions, offset, str(mark)


def _natural(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**53


def _mark(question: Any) -> str:
    """Ties a cursor to its question: another one cannot go on from there."""
    return hashlib.blake2s(orjson.dumps(question), digest_size=6).hexdigest()
