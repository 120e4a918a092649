"""Opaque cursors: the version that is read, how far, and of which question."""

from __future__ import annotations

import base64
import binascii
import hashlib
from typing import Any

import orjson

from omnix.app.analytics.errors import QuestionError

_LONGEST = 500


def sealed(version: int, offset: int, question: Any) -> str:
    """Where a page after `offset` rows begins."""
    told = orjson.dumps([version, offset, _mark(question)])
    return base64.urlsafe_b64encode(told).rstrip(b"=").decode()


def position(cursor: str, question: Any) -> tuple[int | None, int]:
    """The version and the offset at which to read; the newest from its beginning without a cursor.

    Raises:
        QuestionError: it is no cursor of ours, or of another question.

    """
    if not cursor:
        return None, 0
    version, offset, mark = _read(cursor)
    if mark != _mark(question):
        raise QuestionError(
            "cursor",
            "The cursor belongs to another question.",
            "Ask with the same table, columns, filters and order, or without a cursor.",
        )
    return version, offset


def _read(text: str) -> tuple[int, int, str]:
    try:
        if len(text) > _LONGEST:
            raise ValueError
        padded = text.encode("ascii") + b"=" * (-len(text) % 4)
        version, offset, mark = orjson.loads(
            base64.b64decode(padded, altchars=b"-_", validate=True)
        )
        if not (_natural(version) and _natural(offset) and isinstance(mark, str)):
            raise ValueError
    except (ValueError, TypeError, binascii.Error):
        raise QuestionError(
            "cursor",
            "The cursor is none of ours.",
            "Give `next_cursor` of the page before as it came, or none to begin.",
        ) from None
    return version, offset, mark


def _natural(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**53


def _mark(question: Any) -> str:
    """Ties a cursor to its question: another one cannot go on from there."""
    return hashlib.blake2s(orjson.dumps(question), digest_size=6).hexdigest()
