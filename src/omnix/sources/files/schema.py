"""One shape for the files of a table: union by name, text where types disagree."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa

    from omnix.sources.files.datafile import DataFile


@dataclass(frozen=True)
class Shape:
    """`types` are the table's columns. `own` says, per file, what it calls each of them."""

    types: Mapping[str, pa.DataType]
    own: Mapping[str, Mapping[str, str]]
    notes: tuple[str, ...] = ()


def unify(parts: Sequence[tuple[DataFile, Mapping[str, pa.DataType]]]) -> Shape:
    """The columns of all parts, matched by name without regard to case."""
    import pyarrow as pa

    spelled: dict[str, str] = {}
    types: dict[str, pa.DataType] = {}
    own: dict[str, dict[str, str]] = {}
    notes: list[str] = []
    for file, columns in parts:
        mine = own.setdefault(file.name, {})
        for column, dtype in columns.items():
            name = _free_name(column, spelled, mine)
            mine[name] = column
            known = types.get(name, dtype)
            types[name] = common_type(known, dtype)
            if pa.types.is_string(types[name]) and known != dtype and not pa.types.is_null(known):
                notes.append(
                    f"{name!r} is {known} in earlier files and {dtype} in {file.name}: "
                    "all of it is read as text."
                )
    return Shape(types, own, (*notes, *_differences(parts, own)))


def _free_name(column: str, spelled: dict[str, str], mine: Mapping[str, str]) -> str:
    """The table's name for `column`: one that no other column of the same file has."""
    wanted = column.strip() or "column"
    for number in count(1):
        variant = wanted if number == 1 else f"{wanted}_{number}"
        name = spelled.setdefault(variant.casefold(), variant)
        if name not in mine and name.casefold() != "_row":
            return name
    raise AssertionError("numbers do not end")


def _differences(
    parts: Sequence[tuple[DataFile, Mapping[str, pa.DataType]]],
    own: Mapping[str, Mapping[str, str]],
) -> list[str]:
    if len(parts) < 2:
        return []
    first, *others = parts
    names = set(own[first[0].name])
    notes = []
    for file, columns in others:
        mine = set(own[file.name])
        order = list(own[file.name])
        lacks = [name for name in own[first[0].name] if name not in mine]
        extra = sorted(mine - names, key=order.index)
        if lacks and extra and len(lacks) == len(extra):
            pairs = ", ".join(f"{a!r} → {b!r}" for a, b in zip(lacks, extra, strict=True))
            notes.append(
                f"{file.name} has other columns than {first[0].name}; perhaps renamed: {pairs}. "
                "Both are kept; where one is missing its rows are empty."
            )
        elif lacks or extra:
            notes.append(_difference(file.name, first[0].name, lacks, extra))
        del columns
    return notes


def _difference(name: str, first: str, lacks: list[str], extra: list[str]) -> str:
    parts = []
    if lacks:
        parts.append(f"lacks {', '.join(map(repr, lacks))} (empty in its rows)")
    if extra:
        parts.append(f"adds {', '.join(map(repr, extra))} (empty in the rows of the others)")
    return f"{name} {' and '.join(parts)}, compared with {first}."


def common_type(left: pa.DataType, right: pa.DataType) -> pa.DataType:
    """A type that holds both without loss: text where there is no other."""
    import pyarrow as pa

    if left == right or pa.types.is_null(right):
        return left
    if pa.types.is_null(left):
        return right
    if pa.types.is_integer(left) and pa.types.is_integer(right):
        return pa.int64()
    if pa.types.is_floating(left) and pa.types.is_floating(right):
        return pa.float64()
    if pa.types.is_timestamp(left) and pa.types.is_timestamp(right) and left.tz == right.tz:
        return pa.timestamp("us", left.tz)
    return pa.string()


def settled_type(dtype: pa.DataType) -> pa.DataType:
    """What a Parquet type becomes in raw: one that every lake and engine knows."""
    import pyarrow as pa

    kinds = pa.types
    if kinds.is_dictionary(dtype):
        return settled_type(dtype.value_type)
    if kinds.is_timestamp(dtype):
        return pa.timestamp("us", "UTC" if dtype.tz else None)
    changed = (
        (kinds.is_uint64, pa.decimal128(20, 0)),
        (kinds.is_unsigned_integer, pa.int64()),
        (kinds.is_float16, pa.float32()),
        (kinds.is_date, pa.date32()),
        (kinds.is_decimal256, pa.string()),
    )
    kept = kinds.is_signed_integer, kinds.is_floating, kinds.is_boolean, kinds.is_decimal
    same = dtype if any(is_kind(dtype) for is_kind in kept) else pa.string()
    return next((other for is_kind, other in changed if is_kind(dtype)), same)


def duckdb_type(dtype: pa.DataType) -> str:
    """What DuckDB calls a settled type."""
    import pyarrow as pa

    if pa.types.is_decimal(dtype):
        return f"DECIMAL({dtype.precision}, {dtype.scale})"
    if pa.types.is_timestamp(dtype):
        return "TIMESTAMP WITH TIME ZONE" if dtype.tz else "TIMESTAMP"
    names = {"float": "FLOAT", "double": "DOUBLE", "bool": "BOOLEAN", "date32[day]": "DATE"}
    whole = {"int8": "TINYINT", "int16": "SMALLINT", "int32": "INTEGER", "int64": "BIGINT"}
    return (names | whole).get(str(dtype), "VARCHAR")


def settle(column: pa.ChunkedArray, dtype: pa.DataType) -> pa.ChunkedArray:
    """`column` as `dtype`, nothing lost: what has no text form of its own becomes JSON."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if column.type == dtype:
        return column
    if pa.types.is_string(dtype) and (pa.types.is_nested(column.type) or _is_binary(column.type)):
        return pa.chunked_array([pa.array(map(_as_text, column.to_pylist()), pa.string())])
    if pa.types.is_dictionary(column.type):
        column = pc.cast(column, column.type.value_type)
    if pa.types.is_string(dtype) and pa.types.is_duration(column.type):
        column = pc.cast(column, pa.int64())
    return pc.cast(column, dtype, safe=not pa.types.is_timestamp(dtype))


def _is_binary(dtype: pa.DataType) -> bool:
    import pyarrow as pa

    kinds = pa.types
    return bool(
        kinds.is_binary(dtype) or kinds.is_large_binary(dtype) or kinds.is_fixed_size_binary(dtype)
    )


def _as_text(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, bytes):
        try:
            return value.decode()
        except UnicodeDecodeError:
            return value.hex()
    return json.dumps(value, ensure_ascii=False, default=str)


def fit(
    table: pa.Table,
    own: Mapping[str, str],
    types: Mapping[str, pa.DataType],
    constants: Mapping[str, str],
) -> pa.Table:
    """`table` of one file in the shape of the whole table."""
    import pyarrow as pa

    columns = []
    for name, dtype in types.items():
        if own.get(name) in table.column_names:
            columns.append(settle(table[own[name]], dtype))
        elif own.get(name) in constants:
            value = pa.scalar(constants[own[name]], pa.string())
            columns.append(pa.repeat(value, table.num_rows))
        else:
            columns.append(pa.nulls(table.num_rows, dtype))
    return pa.table(columns, schema=pa.schema(list(types.items())))
