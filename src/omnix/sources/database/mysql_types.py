"""How each MySQL and MariaDB type is read: exactly, or as nothing with a note."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omnix.sources.database.relation import Column

if TYPE_CHECKING:
    import pyarrow as pa

_TEXT = {"char", "varchar", "tinytext", "text", "mediumtext", "longtext", "enum", "set"}
_BINARY = {"binary", "varbinary", "tinyblob", "blob", "mediumblob", "longblob", "vector"}
_GEOMETRY = {
    "geometry", "point", "linestring", "polygon", "multipoint", "multilinestring",
    "multipolygon", "geometrycollection", "geomcollection",
}  # fmt: skip
#: Bits of the signed Arrow integer that holds (signed, unsigned) values; none holds 2^64 - 1.
_INTEGERS = {
    "tinyint": (8, 16),
    "smallint": (16, 32),
    "mediumint": (32, 32),
    "int": (32, 64),
    "bigint": (64, None),
}


def mysql_column(
    name: str,
    sql: str,
    *,
    data_type: str,
    column_type: str,
    digits: int | None = None,
    scale: int | None = None,
) -> Column:
    """The column `sql` (its quoted name) of a type as `information_schema.columns` gives it."""
    kind = data_type.lower()
    if kind in _INTEGERS:
        return _integer(name, sql, kind, column_type.lower())
    if kind in ("decimal", "numeric"):
        return _decimal(name, sql, column_type, digits or 10, scale or 0)
    if kind in ("date", "datetime", "timestamp"):
        return _moment(name, sql, kind, column_type)
    if kind == "bit":
        return _bit(name, sql, column_type, digits or 1)
    return _other(name, sql, kind, column_type)


def _integer(name: str, sql: str, kind: str, column_type: str) -> Column:
    signed, unsigned = _INTEGERS[kind]
    bits = unsigned if "unsigned" in column_type else signed
    number = Column(name, column_type, _int(bits), sql)
    if not column_type.startswith("tinyint(1)"):
        return number
    import pyarrow as pa

    return Column(
        name, column_type, pa.bool_(), sql, check=f"{sql} NOT IN (0, 1)", otherwise=number
    )


def _int(bits: int | None) -> pa.DataType:
    import pyarrow as pa

    if bits is None:
        return pa.decimal128(20, 0)
    return {8: pa.int8(), 16: pa.int16(), 32: pa.int32(), 64: pa.int64()}[bits]


def _decimal(name: str, sql: str, column_type: str, digits: int, scale: int) -> Column:
    """Up to 38 digits as a decimal; more fit no lake format, so they stay text."""
    import pyarrow as pa

    if digits > 38:
        return Column(name, column_type, pa.string(), f"CAST({sql} AS CHAR)", encoding="marked")
    return Column(name, column_type, pa.decimal128(digits, scale), sql)


def _moment(name: str, sql: str, kind: str, column_type: str) -> Column:
    """A day or a time; MySQL also stores 0000-00-00, 2024-00-10 and 2024-02-31."""
    import pyarrow as pa

    # TO_DAYS is null where a part is zero, and 366 on the first day of the year 1.
    odd = (
        f"({sql} IS NOT NULL AND (COALESCE(TO_DAYS({sql}), 0) < 366 OR (DAYOFMONTH({sql}) > 28 "
        f"AND DAYOFMONTH({sql}) > COALESCE(DAYOFMONTH(LAST_DAY({sql})), 0))))"
    )
    return Column(
        name,
        column_type,
        pa.date32() if kind == "date" else pa.timestamp("us"),
        f"IF({odd}, NULL, {sql})",
        odd=odd,
        notices=((odd, "no day of the calendar, such as 0000-00-00: read as null"),),
        moment={"datetime": "naive", "timestamp": "utc"}.get(kind),
    )


def _bit(name: str, sql: str, column_type: str, bits: int) -> Column:
    import pyarrow as pa

    kinds = {1: pa.bool_(), 64: pa.decimal128(20, 0)}
    return Column(name, column_type, kinds.get(bits, pa.int64()), f"CAST({sql} AS UNSIGNED)")


def _other(name: str, sql: str, kind: str, column_type: str) -> Column:
    import pyarrow as pa

    arrow, value, encoding = {
        "year": (pa.int16(), f"({sql} + 0)", "plain"),
        # As text a FLOAT has six digits; widened to a DOUBLE it has all of them.
        "float": (pa.float32(), f"({sql} + 0e0)", "plain"),
        "double": (pa.float64(), sql, "plain"),
        **dict.fromkeys(_TEXT, (pa.string(), f"CONVERT({sql} USING utf8mb4)", "marked")),
        **dict.fromkeys(_BINARY, (pa.binary(), f"TO_BASE64({sql})", "base64")),
        **dict.fromkeys(_GEOMETRY, (pa.string(), f"ST_AsText({sql})", "marked")),
    }.get(
        kind,
        # time (up to 838 hours), json, uuid, inet6 and what is to come: the server's own text.
        (pa.string(), f"CONVERT(CAST({sql} AS CHAR) USING utf8mb4)", "marked"),
    )
    return Column(name, column_type, arrow, value, encoding)
