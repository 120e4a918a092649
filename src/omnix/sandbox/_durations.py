"""Durations of a result with their months, as ISO 8601 writes them.

DuckDB keeps months, days and the rest apart, since a month has no length of its own; handed to
Python they become days, thirty a month. So they leave the engine as its text, and are written anew.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Protocol

from omnix.core.table import quoted
from omnix.sandbox._text import check_text

if TYPE_CHECKING:
    import duckdb

#: How the engine writes an interval: `1 year 2 months -3 days 04:00:05.5`.
_TEXT = re.compile(
    r"(?:(?P<years>-?\d+) years? ?)?(?:(?P<months>-?\d+) months? ?)?(?:(?P<days>-?\d+) days? ?)?"
    r"(?:(?P<sign>-?)(?P<hours>\d+):(?P<minutes>\d\d):(?P<seconds>\d\d(?:\.\d+)?))?"
)
#: Types that hold others. (A union's values come without their type, so it is text as a whole.)
_HOLDERS = frozenset({"list", "array", "struct", "tuple", "map"})


class Rows(Protocol):
    """What a result is read by, as the DB API has it."""

    @property
    def description(self) -> Any:
        """Name and type of each column."""

    def fetchmany(self, size: int, /) -> list[Any]:
        """The next rows."""


def spelled(con: duckdb.DuckDBPyConnection, sql: str) -> Rows:
    """Run one SELECT; its durations come as text such as `P14M3DT4H5.5S`."""
    result = con.execute(sql)
    described = result.description or []
    kinds = [each[1] for each in described]
    if not any(map(_holds, kinds)):
        return result
    result.abort()
    columns = ", ".join(
        f"cast(#{place} as {_as_text(kind)})" if _holds(kind) else f"#{place}"
        for place, kind in enumerate(kinds, 1)
    )
    end = check_text(sql)[-1].end + 1  # without a semicolon
    return _Spelled(described, con.execute(f"select {columns} from ({sql[:end]})"))


class _Spelled:
    """The rows of a result whose durations are text."""

    def __init__(self, described: list[Any], result: duckdb.DuckDBPyConnection) -> None:
        self.description, self._result = described, result
        self._kinds = [each[1] if _holds(each[1]) else None for each in described]

    def fetchmany(self, size: int, /) -> list[Any]:
        """The next rows."""
        return [
            tuple(
                _written(kind, value) if kind else value
                for kind, value in zip(self._kinds, row, strict=True)
            )
            for row in self._result.fetchmany(size)
        ]


def _holds(kind: Any) -> bool:
    """Whether there are durations in a value of this type."""
    inner = dict(kind.children).values() if kind.id == "union" else _inner(kind).values()
    return kind.id == "interval" or any(map(_holds, inner))


def _inner(kind: Any) -> dict[str, Any]:
    """The types in a type by their names, or places where they have none."""
    if kind.id not in _HOLDERS:
        return {}
    return {
        name or str(place): each
        for place, (name, each) in enumerate(kind.children)
        if not (kind.id == "array" and name == "size")
    }


def _as_text(kind: Any) -> str:
    """The type with text for every duration in it."""
    if not _holds(kind):
        return str(kind)
    inner = {name: _as_text(each) for name, each in _inner(kind).items()}
    if kind.id in {"interval", "union"}:
        return "VARCHAR"
    if kind.id == "list":
        return f"{inner['child']}[]"
    if kind.id == "array":
        return f"{inner['child']}[{dict(kind.children)['size']}]"
    if kind.id == "struct":
        return f"STRUCT({', '.join(f'{quoted(name)} {each}' for name, each in inner.items())})"
    return f"{kind.id}({', '.join(inner.values())})"


def _written(kind: Any, value: Any) -> Any:
    """A value with its durations as ISO 8601 has them."""
    if value is None or not (inner := _inner(kind)):
        return iso(value) if value is not None and kind.id == "interval" else value
    if kind.id in {"list", "array"}:
        return [_written(inner["child"], each) for each in value]
    if kind.id == "tuple":
        return [_written(each, part) for each, part in zip(inner.values(), value, strict=True)]
    if kind.id == "struct":
        return {name: _written(each, value[name]) for name, each in inner.items()}
    if inner["key"].id in _HOLDERS:  # such keys and their values come as two lists
        return {name: [_written(inner[name], each) for each in value[name]] for name in value}
    return {_written(inner["key"], key): _written(inner["value"], value[key]) for key in value}


def iso(text: str) -> str:
    """A duration as ISO 8601 has it, from how the engine writes it; `-` before each part below 0.

    So PostgreSQL writes it too; and no spreadsheet takes it for a formula.
    """
    found = _TEXT.fullmatch(text)
    if found is None:
        return text
    parts = {name: part or "" for name, part in found.groupdict().items()}
    months = int(parts["years"] or 0) * 12 + int(parts["months"] or 0)
    seconds = parts["seconds"].lstrip("0") or "0"
    whole = _parts("", {"M": str(months), "D": parts["days"]})
    clock = _parts(
        parts["sign"],
        {
            "H": parts["hours"].lstrip("0"),
            "M": parts["minutes"].lstrip("0"),
            "S": f"0{seconds}" if seconds.startswith(".") else seconds,
        },
    )
    return f"P{whole}T{clock}" if clock else f"P{whole}" if whole else "PT0S"


def _parts(sign: str, parts: dict[str, str]) -> str:
    return "".join(f"{sign}{part}{unit}" for unit, part in parts.items() if part not in ("", "0"))
