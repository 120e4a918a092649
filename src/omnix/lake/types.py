"""What a column is called in DuckDB, in Delta and in Arrow, and what is stored for types Delta lacks."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from omnix.core.errors import LakeError
from omnix.core.table import DUCKDB_TYPES, Column, quoted

if TYPE_CHECKING:
    import pyarrow as pa
    from deltalake import Field, Schema

#: DuckDB's name of each type that a lake table can hold, and Delta's.
DELTA_TYPES: Mapping[str, str] = {
    "VARCHAR": "string",
    "TINYINT": "byte",
    "SMALLINT": "short",
    "INTEGER": "integer",
    "BIGINT": "long",
    "FLOAT": "float",
    "DOUBLE": "double",
    "BOOLEAN": "boolean",
    "BLOB": "binary",
    "DATE": "date",
    "TIMESTAMP": "timestamp",
}
_DUCKDB_NAMES = {delta: duck for duck, delta in DELTA_TYPES.items()} | {
    "timestamp_ntz": "TIMESTAMP"
}

#: DuckDB and Arrow types that Delta does not know, and the narrowest that holds all their values.
_STORED_AS: Mapping[str, str] = {
    "UTINYINT": "SMALLINT", "USMALLINT": "INTEGER", "UINTEGER": "BIGINT",
    "UBIGINT": "DECIMAL(20,0)", "HUGEINT": "DECIMAL(38,0)", "UHUGEINT": "DECIMAL(38,0)",
    "TIMESTAMP WITH TIME ZONE": "TIMESTAMP", "TIMESTAMPTZ": "TIMESTAMP", "DATETIME": "TIMESTAMP",
    "TIMESTAMP_S": "TIMESTAMP", "TIMESTAMP_MS": "TIMESTAMP", "TIMESTAMP_NS": "TIMESTAMP",
    "INT8": "TINYINT", "INT16": "SMALLINT", "INT": "INTEGER", "UINT8": "SMALLINT",
    "UINT16": "INTEGER", "UINT32": "BIGINT", "UINT64": "DECIMAL(20,0)",
    "TEXT": "VARCHAR", "LARGE_STRING": "VARCHAR", "STRING_VIEW": "VARCHAR",
    "BINARY": "BLOB", "LARGE_BINARY": "BLOB", "BINARY_VIEW": "BLOB", "BYTEA": "BLOB",
    "HALFFLOAT": "FLOAT", "REAL": "FLOAT",
    "DATE32[DAY]": "DATE", "DATE64[MS]": "DATE",
}  # fmt: skip

#: A column of the left type can take every value of the right ones.
_WIDER: Mapping[str, tuple[str, ...]] = {
    "SMALLINT": ("TINYINT",),
    "INTEGER": ("TINYINT", "SMALLINT"),
    "BIGINT": ("TINYINT", "SMALLINT", "INTEGER"),
    "DOUBLE": ("FLOAT", "TINYINT", "SMALLINT", "INTEGER"),
}
_DIGITS = {"TINYINT": 3, "SMALLINT": 5, "INTEGER": 10, "BIGINT": 19}
_DECIMAL = re.compile(r"DECIMAL(?:32|64|128|256)?\((\d+),\s*(-?\d+)\)")


def stored_type(declared: Column | Any) -> str:
    """DuckDB's name of the type in which a column declared as `declared` is stored.

    `declared` is a `Column`, one of the contract's types, a DuckDB type or an Arrow type (or its
    name). What Delta cannot hold is stored in the narrowest type that can; nested values, times of
    day, UUIDs and the like become text.
    """
    if isinstance(declared, Column):
        return DUCKDB_TYPES[declared.dtype]
    text = str(declared)
    if text in DUCKDB_TYPES:
        return DUCKDB_TYPES[text]
    name = text.upper()
    if found := _DECIMAL.fullmatch(name):
        return f"DECIMAL({found[1]},{found[2]})"
    if name.startswith("TIMESTAMP["):
        return "TIMESTAMP"
    return name if name in DELTA_TYPES else _STORED_AS.get(name, "VARCHAR")


def fits(stored: str, given: str) -> bool:
    """Whether every value of the stored type `given` has a place in a column of type `stored`."""
    if stored == given or given in _WIDER.get(stored, ()):
        return True
    room, need = _DECIMAL.fullmatch(stored), _DECIMAL.fullmatch(given)
    if room is None:
        return False
    whole, scale = int(room[1]) - int(room[2]), int(room[2])
    if need is None:
        return given in _DIGITS and whole >= _DIGITS[given]
    return whole >= int(need[1]) - int(need[2]) and scale >= int(need[2])


def write_expression(name: str, given: str, stored: str) -> str:
    """The SQL that turns the column `name` of DuckDB type `given` into what the file holds."""
    column = quoted(name)
    if stored == "TIMESTAMP":
        # Delta's timestamp is an instant. This pair of calls costs nothing, a cast ten times more.
        instant = (
            column
            if given.startswith("TIMESTAMP") and given[-2:] not in ("_S", "MS", "NS")
            else None
        )
        return (
            f"make_timestamptz(epoch_us({instant or f'cast({column} as timestamp)'})) as {column}"
        )
    if given.endswith("]") or given.startswith(("STRUCT", "MAP", "UNION")):
        return f"cast(to_json({column}) as varchar) as {column}"
    return column if given == stored else f"cast({column} as {stored}) as {column}"


def read_expression(name: str, found: str | None, stored: str) -> str:
    """The SQL that gives the column as `stored`; `found` is its type in the files, if it is there."""
    column = quoted(name)
    if found is None:
        return f"cast(null as {stored}) as {column}"
    if stored == "TIMESTAMP":
        return f"make_timestamp(epoch_us({column})) as {column}"
    return column if found == stored else f"cast({column} as {stored}) as {column}"


def delta_field(name: str, stored: str, declared: object, key: tuple[str, ...]) -> Field:
    """The Delta field of one column, with its meaning as the comment that every engine shows."""
    from deltalake import Field
    from deltalake.schema import PrimitiveType

    notes: dict[str, Any] = {}
    if isinstance(declared, Column):
        notes = {"comment": declared.about} | (
            {"omnix.person": declared.person} if declared.person else {}
        )
    if name in key:
        notes["omnix.key"] = key.index(name) + 1
    decimal = _DECIMAL.fullmatch(stored)
    kind = f"decimal({decimal[1]},{decimal[2]})" if decimal else DELTA_TYPES[stored]
    return Field(name, PrimitiveType(kind), metadata=notes)


def duckdb_columns(schema: Schema) -> dict[str, str]:
    """The columns of a Delta schema, each with DuckDB's name of its type."""
    return {
        field.name: _duckdb_name(getattr(field.type, "type", "nested")) for field in schema.fields
    }


def _duckdb_name(delta: str) -> str:
    return (
        f"DECIMAL({delta[8:-1]})"
        if delta.startswith("decimal(")
        else _DUCKDB_NAMES.get(delta, "VARCHAR")
    )


def key_of(schema: Schema) -> tuple[str, ...]:
    """The key that the table was published with, in its order."""
    parts = [
        (field.metadata["omnix.key"], field.name)
        for field in schema.fields
        if "omnix.key" in field.metadata
    ]
    return tuple(name for _, name in sorted(parts))


def arrow_type(stored: str) -> pa.DataType:
    """The Arrow type whose Parquet form Delta expects for a stored type."""
    import pyarrow as pa

    if found := _DECIMAL.fullmatch(stored):
        return pa.decimal128(int(found[1]), int(found[2]))
    return {
        "VARCHAR": pa.string(), "TINYINT": pa.int8(), "SMALLINT": pa.int16(), "INTEGER": pa.int32(),
        "BIGINT": pa.int64(), "FLOAT": pa.float32(), "DOUBLE": pa.float64(), "BOOLEAN": pa.bool_(),
        "BLOB": pa.binary(), "DATE": pa.date32(), "TIMESTAMP": pa.timestamp("us", tz="UTC"),
    }[stored]  # fmt: skip


def stored_columns(
    table: str, declared: Mapping[str, Any], given: Mapping[str, str]
) -> dict[str, str]:
    """The stored type of every column of a result, the contract's first, in its order.

    `given` are the result's columns with their DuckDB types. Columns beyond the contract must be
    hidden ones, whose names begin with an underscore.

    Raises:
        LakeError: a column is missing, of another type, or neither declared nor hidden.

    """
    wanted = {name: stored_type(column) for name, column in declared.items()}
    wrong = [
        f"{name} (want {want}, have {given.get(name, 'no such column')})"
        for name, want in wanted.items()
        if name not in given
        or not (given[name] == '"NULL"' or fits(want, stored_type(given[name])))
    ]
    wrong += [
        f"{name} (not in the contract)" for name in given if name not in wanted and name[0] != "_"
    ]
    if wrong:
        raise LakeError(
            f"{table}: the rows do not have the declared columns: {', '.join(wrong)}.",
            "Make the SQL give exactly the declared columns.",
        )
    return wanted | {name: stored_type(kind) for name, kind in given.items() if name not in wanted}
