"""What went wrong with the store, in words, with the next step."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from omnix.core.errors import StoreConflict, StoreError, StoreUnavailable

#: PostgreSQL's states that pass: locks, deadlocks, cancelled, too many, shutting down, connection.
#: https://www.postgresql.org/docs/current/errcodes-appendix.html
_PASSING_STATES = ("08", "40", "53", "55P03", "57")
_PASSING_WORDS = ("locked", "busy", "connection", "timeout", "server closed", "starting up",
                  "unable to open")  # fmt: skip
_REFUSED_WORDS = ("authentication failed", "does not exist", "pg_hba.conf", "permission denied")
_SERVER = re.compile(r'^.*?connection to server at "[^"]*"[^:]*failed: ')
_LATER = "Try again in a moment."


@contextmanager
def explained(name: str) -> Iterator[None]:
    """Tell every failure of the store called `name` as a `StoreError`.

    Raises:
        StoreConflict: a constraint or a trigger refused a row.
        StoreUnavailable: the store is locked, gone or too busy.
        StoreError: anything else.

    """
    from sqlalchemy.exc import SQLAlchemyError

    try:
        yield
    except SQLAlchemyError as error:
        raise told(error, name) from error
    except UnicodeEncodeError as error:
        raise StoreError("A text is no valid Unicode.", "Send well-formed text.") from error


def told(error: Exception, name: str) -> StoreError:
    """The error of ours that stands for one of SQLAlchemy or of a driver."""
    from sqlalchemy import exc

    if isinstance(error, exc.TimeoutError):
        return StoreUnavailable(f"{capital(name)} is too busy.", _LATER)
    if isinstance(error, exc.IntegrityError):
        return StoreConflict("The store refuses that row: it is there already, or not allowed.")
    cause = getattr(error, "orig", None)
    if cause is not None and _passes(error, cause):
        return StoreUnavailable(f"{capital(name)} does not answer now.", _LATER)
    return StoreError(
        f"{capital(name)} cannot be used: {_first_line(cause or error)}.",
        "Check store.url and the rights there; if it is damaged, restore it from a backup.",
    )


def _passes(error: Any, cause: Any) -> bool:
    from sqlalchemy.exc import InterfaceError, OperationalError

    if getattr(error, "connection_invalidated", False):
        return True
    state = getattr(cause, "sqlstate", None)
    if state:
        return str(state).startswith(_PASSING_STATES)
    words = str(cause).lower()
    if any(word in words for word in _REFUSED_WORDS):
        return False
    lost = isinstance(error, (OperationalError, InterfaceError))
    return lost and any(word in words for word in _PASSING_WORDS)


def _first_line(error: object) -> str:
    """The driver's reason without the statement and its values, which may be personal."""
    text = _SERVER.sub("", str(error).strip().split("\n", 1)[0]).rstrip(".")
    return text[:200] or type(error).__name__


def capital(name: str) -> str:
    """`name` as the beginning of a sentence."""
    return name[:1].upper() + name[1:]
