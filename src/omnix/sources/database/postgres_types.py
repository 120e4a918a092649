"""How each PostgreSQL type is read: exactly, or as nothing with a note."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omnix.sources.database.relation import Column

if TYPE_CHECKING:
    import pyarrow as pa

#: Decimals of a `numeric` declared without any; 26 digits stand before the point.
FREE_SCALE = 12


def postgres_column(name: str, sql: str, typname: str, full: str, modifier: int) -> Column:
    """The column `sql` (its quoted name) of a type as `pg_type` and `pg_attribute` give it."""
    if typname in ("numeric", "money"):
        return _numeric(name, sql, full, -1 if typname == "money" else modifier)
    if typname in ("date", "timestamp", "timestamptz"):
        return _moment(name, sql, typname, full)
    plain = _plain(typname)
    if plain is not None:
        return Column(name, full, plain, sql)
    import pyarrow as pa

    if typname == "bytea":
        return Column(name, full, pa.binary(), f"encode({sql}, 'base64')", "base64")
    # text, json, uuid, enums, arrays, time, interval, addresses …: the server's own text.
    return Column(name, full, pa.string(), f"{sql}::text", "text")


def _plain(typname: str) -> pa.DataType | None:
    import pyarrow as pa

    return {
        "bool": pa.bool_(),
        "int2": pa.int16(),
        "int4": pa.int32(),
        "int8": pa.int64(),
        "oid": pa.int64(),
        "float4": pa.float32(),
        "float8": pa.float64(),
    }.get(typname)


def _numeric(name: str, sql: str, full: str, modifier: int) -> Column:
    import pyarrow as pa

    if modifier < 0:
        return _free_numeric(name, f"{sql}::numeric", full)
    # As in numerictypmodin(): precision above, an 11-bit signed scale below, both past a header.
    precision, scale = (modifier - 4) >> 16 & 0xFFFF, ((modifier - 4 & 0x7FF) ^ 1024) - 1024
    digits, decimals = max(precision, scale, precision - scale), max(scale, 0)
    if digits > 38:
        return Column(name, full, pa.string(), f"{sql}::text", "text")
    odd = f"({sql} = 'NaN')"
    return Column(
        name,
        full,
        pa.decimal128(digits, decimals),
        f"(CASE WHEN NOT {odd} THEN {sql} END)",
        odd=odd,
        notices=((odd, "no number (NaN): read as null"),),
    )


def _free_numeric(name: str, sql: str, full: str) -> Column:
    import pyarrow as pa

    odd = f"({sql} = 'NaN' OR abs({sql}) >= 1e{38 - FREE_SCALE})"
    fine = f"(NOT {odd} AND {sql} <> round({sql}, {FREE_SCALE}))"
    return Column(
        name,
        full,
        pa.decimal128(38, FREE_SCALE),
        f"(CASE WHEN NOT {odd} THEN round({sql}, {FREE_SCALE}) END)",
        odd=odd,
        notices=(
            (odd, f"no number, or {38 - FREE_SCALE} digits and more: read as null"),
            (fine, f"more than {FREE_SCALE} decimals: rounded"),
        ),
    )


def _moment(name: str, sql: str, typname: str, full: str) -> Column:
    """A day or a time of the years 1 to 9999; PostgreSQL also knows infinity and 4713 BC."""
    import pyarrow as pa

    odd = f"({sql} < '0001-01-01' OR {sql} >= '10000-01-01')"
    value = f"{sql} AT TIME ZONE 'UTC'" if typname == "timestamptz" else sql
    return Column(
        name,
        full,
        pa.date32() if typname == "date" else pa.timestamp("us"),
        f"(CASE WHEN NOT {odd} THEN {value} END)",
        odd=odd,
        notices=((odd, "infinite or outside the years 1 to 9999: read as null"),),
        moment={"timestamp": "naive", "timestamptz": "utc"}.get(typname),
    )
