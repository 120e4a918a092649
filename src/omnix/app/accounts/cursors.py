"""Where the next page begins: opaque to clients, a position in the order to us."""

from __future__ import annotations

import base64
import json

from omnix.app.accounts.errors import InvalidField

MAX_LIMIT = 200


def cursor_of(*position: str | int) -> str:
    """The cursor after the row at `position`."""
    text = json.dumps(position, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def position_of(cursor: str, *kinds: type) -> tuple[str | int, ...]:
    """The position that `cursor` stands for, one value of each of `kinds`.

    Raises:
        InvalidField: it was not made by `cursor_of` for this list.

    """
    try:
        raw = base64.urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4))
        found = json.loads(raw)
        if isinstance(found, list) and [type(each) for each in found] == list(kinds):
            return tuple(found)
    except (ValueError, RecursionError):
        pass
    raise InvalidField(
        "cursor", "This cursor is not one of ours.", "Take `next_cursor` of the page before."
    )


def limit_of(limit: int) -> int:
    """How many rows a page may have.

    Raises:
        InvalidField: not between 1 and 200.

    """
    if not 1 <= limit <= MAX_LIMIT:
        raise InvalidField("limit", f"A page has 1 to {MAX_LIMIT} rows.")
    return limit
