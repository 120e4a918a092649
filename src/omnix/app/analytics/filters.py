"""Filters as JSON, read against a table's contract: `{"status": "shipped", "total_cents": {"ge": 100}}`."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Any

import orjson

from omnix.app.analytics.errors import QuestionError
from omnix.core.errors import nearest
from omnix.core.table import Column, quoted

#: What may be asked of a column, as SQL with `{column}` and `{value}`.
OPERATORS: Mapping[str, str] = {
    "eq": "{column} = {value}",
    "ne": "{column} is distinct from {value}",
    "lt": "{column} < {value}",
    "le": "{column} <= {value}",
    "gt": "{column} > {value}",
    "ge": "{column} >= {value}",
    "in": "list_contains({value}, {column})",
    "like": "{column} ilike {value}",
    "is_null": "({column} is null) = {value}",
}
_LONGEST, _MOST_CONDITIONS, _MOST_VALUES = 20_000, 50, 1_000
_WORDS = {
    "string": "a text", "int32": "a whole number", "int64": "a whole number",
    "float64": "a finite number", "bool": "true or false",
    "date": "a day such as \"2026-06-30\"", "timestamp": "a moment such as \"2026-06-30T12:00:00Z\"",
}  # fmt: skip
_WHOLE = {"int32": 2**31, "int64": 2**63}


def parsed(text: str | None) -> dict[str, Any]:
    """The filters that a query parameter holds; none when it is empty.

    Raises:
        QuestionError: it is no JSON object.

    """
    if not text:
        return {}
    if len(text) > _LONGEST:
        raise QuestionError("filters", f"filters has {len(text):,} characters.", f"At most {_LONGEST:,} are read.")  # fmt: skip
    try:
        found = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise QuestionError("filters", f"filters is no JSON: {error}.", _EXAMPLE) from None
    if not isinstance(found, dict):
        raise QuestionError("filters", "filters is not a JSON object.", _EXAMPLE)
    return found


_EXAMPLE = 'For example {"status": "shipped", "total_cents": {"ge": 1000}}.'


def conditions(
    filters: Mapping[str, Any], columns: Mapping[str, Column], params: dict[str, Any]
) -> list[str]:
    """The SQL conditions of `filters`, all of which must hold; their values go into `params`.

    Raises:
        QuestionError: an unknown column or operator, or a value of another type.

    """
    found = []
    for name, wanted in filters.items():
        if name not in columns:
            raise unknown_column("filters", name, columns)
        asked = wanted if isinstance(wanted, dict) else {"eq": wanted}
        if not asked:
            raise QuestionError(f"filters.{name}", f"filters.{name} asks for nothing.", _EXAMPLE)
        for operator, value in asked.items():
            found.append(_condition(name, columns[name], operator, value, params))
    if len(found) > _MOST_CONDITIONS:
        raise QuestionError("filters", f"filters holds {len(found)} conditions.", f"At most {_MOST_CONDITIONS} are taken.")  # fmt: skip
    return found


def unknown_column(field: str, name: str, columns: Mapping[str, Column]) -> QuestionError:
    """There is no such column; the nearest is named."""
    short = name[:80]
    return QuestionError(
        field, f"There is no column {short!r}.",
        f"{nearest(short, columns)}There are: {', '.join(columns)}.",
    )  # fmt: skip


def _condition(name: str, column: Column, operator: str, value: Any, params: dict[str, Any]) -> str:
    field = f"filters.{name}"
    if operator not in OPERATORS:
        raise QuestionError(
            f"{field}.{operator[:40]}", f"{field} has no comparison {operator[:40]!r}.",
            f"{nearest(operator[:40], OPERATORS)}There are: {', '.join(OPERATORS)}.",
        )  # fmt: skip
    shown = quoted(name)
    if value is None and operator in {"eq", "ne"}:
        return f"{shown} is {'not ' if operator == 'ne' else ''}null"
    place = f"f{len(params)}"
    params[place] = _operand(f"{field}.{operator}", column, operator, value)
    bound = f"${place}"
    if operator == "in":
        bound = f"cast({bound} as {_SQL[column.dtype]}[])"
    return OPERATORS[operator].format(column=shown, value=bound)


_SQL = {
    "string": "varchar", "int32": "bigint", "int64": "bigint", "float64": "double",
    "bool": "boolean", "date": "date", "timestamp": "timestamp",
}  # fmt: skip


def _operand(field: str, column: Column, operator: str, value: Any) -> Any:
    if operator == "is_null":
        if not isinstance(value, bool):
            raise QuestionError(field, f"{field} is not true or false.")
        return value
    if operator == "in":
        if not isinstance(value, list) or len(value) > _MOST_VALUES:
            raise QuestionError(field, f"{field} is not a list of at most {_MOST_VALUES:,} values.")
        return [_typed(field, column, each) for each in value]
    if operator == "like" and column.dtype != "string":
        raise QuestionError(field, f"{field}: only texts can be compared with a pattern.")
    return _typed(field, column, value)


def _typed(field: str, column: Column, value: Any) -> Any:
    read = _READERS[column.dtype]
    try:
        found = read(value, column.dtype)
    except (ValueError, OverflowError):
        found = None
    if found is None:
        raise QuestionError(
            field, f"{field} is {_shown(value)}; {_WORDS[column.dtype]} was expected.",
            "null is asked for with {\"is_null\": true}.",
        )  # fmt: skip
    return found


def _shown(value: Any) -> str:
    return orjson.dumps(value).decode()[:60]


def _text(value: Any, _dtype: str) -> str | None:
    return value if isinstance(value, str) and "\0" not in value else None


def _whole(value: Any, dtype: str) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if -_WHOLE[dtype] <= value < _WHOLE[dtype] else None


def _number(value: Any, _dtype: str) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if math.isfinite(value) else None


def _flag(value: Any, _dtype: str) -> bool | None:
    return value if isinstance(value, bool) else None


def _day(value: Any, _dtype: str) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) and len(value) == 10 else None


def _moment(value: Any, _dtype: str) -> datetime | None:
    """UTC without a zone, as in our tables; a moment without one is taken as UTC."""
    if not isinstance(value, str):
        return None
    found = datetime.fromisoformat(value)
    return found.astimezone(UTC).replace(tzinfo=None) if found.tzinfo else found


_READERS: Mapping[str, Callable[[Any, str], Any]] = {
    "string": _text, "int32": _whole, "int64": _whole, "float64": _number,
    "bool": _flag, "date": _day, "timestamp": _moment,
}  # fmt: skip
