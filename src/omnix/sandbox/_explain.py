"""What an error of the engine means to the person who wrote the query; no path, no value of a row."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

from omnix.core.errors import nearest
from omnix.sandbox._engine import character
from omnix.sandbox._text import at
from omnix.sandbox.errors import FailedError, RefusedError, SandboxError, StoppedError
from omnix.sandbox.exposed import Exposed

_NO_COLUMN = (
    r'^Referenced column "?(?P<column>.+?)"? not found',
    r'^(?:Table|Values list) "(?P<source>.+?)" does not have a column named "(?P<column>.+?)"',
    r'^Column "(?P<column>.+?)" does not exist on (?:left|right) side of join',
    r'^Column "(?P<column>.+?)" in EXCLUDE list not found',
)
#: Errors that speak of the query alone, and those that speak of the values it met.
_OF_THE_QUERY = frozenset({"Binder", "Catalog", "Parser", "Syntax", "Not implemented"})
_OF_VALUES = frozenset(
    {"Conversion", "Invalid Input", "Mismatch Type", "Out of Range", "Invalid type", "Invalid",
     "Divide by Zero", "Decimal", "Sequence", "Constraint", "Parameter Not Allowed"}
)  # fmt: skip
_GONE = "No files found|No such file|truncated|not exist|file system operations are disabled"
_MEMORY = "The query needs more memory than one query may have."
_LESS = "Read fewer rows or columns, or group them first."


def explained(
    error: Exception, sql: str, tables: Iterable[Exposed], *, shift: int = 0
) -> SandboxError:
    """The error of DuckDB in our words; `shift` is how many bytes stood before the query."""
    facts = _facts(error)
    kind, message = str(facts.get("exception_type", "")), str(facts["exception_message"])
    byte = facts.get("position")
    place = character(sql, max(0, int(str(byte)) - shift)) if str(byte).isdigit() else None
    if "memory" in kind.lower() or isinstance(error, MemoryError):
        return StoppedError("memory", _MEMORY, _LESS)
    if kind in {"IO", "Permission"} and is_gone(message):
        return vanished()
    if kind in _OF_THE_QUERY:
        return _about_query(message, sql, place, tables)
    if kind in _OF_VALUES:
        return FailedError(f"{at(sql, place)}{_first_line(message)}.", "Correct the query.")
    return FailedError("The engine could not compute this query.", "Write it in another way.")


def is_gone(message: str) -> bool:
    """Whether a file of a table is gone.

    Where one is, DuckDB looks for a folder of that name, and may not: no query names a file itself.
    """
    return re.search(_GONE, message) is not None


def vanished() -> StoppedError:
    """A file of a table is no longer there."""
    return StoppedError("vanished", "A table was rewritten meanwhile.", "Ask again.")


def _about_query(
    message: str, sql: str, place: int | None, tables: Iterable[Exposed]
) -> SandboxError:
    for pattern in _NO_COLUMN:
        if found := re.match(pattern, message):
            known = {column for each in tables for column in each.columns}
            return RefusedError(
                f"{at(sql, place)}there is no column {found['column'][:80]!r} here.",
                f"{nearest(found['column'][:80], known)}The schema lists the columns of each table.",
            )
    return RefusedError(f"{at(sql, place)}{_first_line(message)}.", "Correct the query.")


def _first_line(message: str) -> str:
    """The first line without what could be a path, and not longer than a sentence."""
    line = message.strip().splitlines()[0] if message.strip() else "the engine refuses it"
    line = re.sub(r"(?<![\w.])(?:file:)?/[^\s'\"]+", "…", line)
    return line[:300].rstrip(".!")


def _facts(error: Exception) -> dict[str, Any]:
    text = str(error)
    try:
        facts = json.loads(text[text.index("{") :])
    except ValueError:
        facts = None
    if isinstance(facts, dict) and "exception_message" in facts:
        return facts
    return {"exception_message": text, "exception_type": type(error).__name__}
