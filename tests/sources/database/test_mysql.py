"""Every MariaDB type comes through exactly, or as null with a note."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from omnix.core.errors import SourceError
from omnix.sources.base import Extract
from omnix.sources.database import DatabaseSource
from servers import Server, load_tables


def read(server: Server, name: str = "t") -> tuple[pa.Table, Extract]:
    with DatabaseSource(server.reader(), tables=[name]).open() as session:
        extract = session.read(session.tables()[0], None)
        return pa.concat_tables(extract.batches), extract


at = dt.datetime.fromisoformat


VALUES: list[tuple[str, str, pa.DataType, Any]] = [
    ("TINYINT", "-128", pa.int8(), -128),
    ("TINYINT UNSIGNED", "255", pa.int16(), 255),
    ("SMALLINT UNSIGNED", "65535", pa.int32(), 65535),
    ("MEDIUMINT UNSIGNED", "16777215", pa.int32(), 16777215),
    ("INT UNSIGNED", "4294967295", pa.int64(), 4294967295),
    ("INT(8) ZEROFILL", "42", pa.int64(), 42),
    ("BIGINT", "-9223372036854775808", pa.int64(), -(2**63)),
    ("BIGINT UNSIGNED", "18446744073709551615", pa.decimal128(20, 0), Decimal(2**64 - 1)),
    ("DECIMAL(38,30)", "-0.1", pa.decimal128(38, 30), Decimal("-0.1")),
    ("DECIMAL(65,30)", "1" * 35 + ".5", pa.string(), "1" * 35 + ".5" + "0" * 29),
    ("DOUBLE", "0.1", pa.float64(), 0.1),
    ("FLOAT", "1.2345679", pa.float32(), float(np.float32(1.2345679))),
    ("TINYINT(1)", "1", pa.bool_(), True),
    ("BIT(1)", "b'1'", pa.bool_(), True),
    ("BIT(10)", "b'1000000001'", pa.int64(), 513),
    ("BIT(64)", "0xffffffffffffffff", pa.decimal128(20, 0), Decimal(2**64 - 1)),
    ("DATE", "'9999-12-31'", pa.date32(), dt.date(9999, 12, 31)),
    ("DATETIME", "'1000-01-01 01:02:03'", pa.timestamp("us"), at("1000-01-01 01:02:03")),
    ("DATETIME(6)", "'2024-02-29 23:59:59.999999'", pa.timestamp("us"),
     at("2024-02-29 23:59:59.999999")),
    ("TIME(3)", "'-838:59:58.5'", pa.string(), "-838:59:58.500"),
    ("YEAR", "2155", pa.int16(), 2155),
    ("VARCHAR(50)", "'a,\"b\"\\r\\n\\\\N 𝄞'", pa.string(), 'a,"b"\r\n\\N 𝄞'),
    ("VARCHAR(50) CHARACTER SET latin1", "'Zürich'", pa.string(), "Zürich"),
    ("LONGTEXT", "''", pa.string(), ""),
    ("TEXT", "'NULL'", pa.string(), "NULL"),
    ("ENUM('new','paid')", "'paid'", pa.string(), "paid"),
    ("SET('a','b')", "'b,a'", pa.string(), "a,b"),
    ("JSON", "'{\"a\": [1, \"x\"]}'", pa.string(), '{"a": [1, "x"]}'),
    ("UUID", "'6ccd780c-baba-1026-9564-5b8c656024db'", pa.string(),
     "6ccd780c-baba-1026-9564-5b8c656024db"),
    ("INET6", "'::1'", pa.string(), "::1"),
    ("BINARY(3)", "x'00ff0a'", pa.binary(), b"\x00\xff\n"),
    ("LONGBLOB", "''", pa.binary(), b""),
    ("POINT", "POINT(1, 2)", pa.string(), "POINT(1 2)"),
]  # fmt: skip


def test_every_type_comes_back_exactly(mariadb: Server) -> None:
    columns = ", ".join(f"c{n} {kind} NULL" for n, (kind, *_) in enumerate(VALUES))
    values = ", ".join(value for _, value, _, _ in VALUES)
    nulls = ", ".join("NULL" for _ in VALUES)
    mariadb.execute(
        "shop",
        "SET sql_mode=''",
        f"CREATE TABLE t (id INT PRIMARY KEY, {columns})",
        f"INSERT INTO t VALUES (1, {values}), (2, {nulls})",
    )
    found, extract = read(mariadb)
    assert found.schema.types[1:] == [arrow for _, _, arrow, _ in VALUES]
    first, second = sorted(found.to_pylist(), key=lambda row: row["id"])
    assert list(first.values())[1:] == [expected for *_, expected in VALUES]
    assert set(list(second.values())[1:]) == {None}
    assert extract.notes == []


def test_a_timestamp_is_read_in_utc(mariadb: Server) -> None:
    mariadb.execute(
        "shop",
        "SET time_zone='+02:00'",
        "CREATE TABLE t (id INT PRIMARY KEY, at TIMESTAMP(6) NULL)",
    )
    with mariadb.connect("shop") as connection, connection.cursor() as cursor:
        cursor.execute("SET time_zone='+02:00'")
        cursor.execute("INSERT INTO t VALUES (1, '2024-07-01 12:00:00.5')")
    found, _ = read(mariadb)
    assert found["at"].to_pylist() == [at("2024-07-01 10:00:00.500000")]


def test_days_that_are_none_become_null_with_a_note(mariadb: Server) -> None:
    mariadb.execute(
        "shop",
        "CREATE TABLE t (id INT PRIMARY KEY, d DATE, at DATETIME, ts TIMESTAMP NULL)",
    )
    with mariadb.connect("shop") as connection, connection.cursor() as cursor:
        cursor.execute("SET sql_mode='ALLOW_INVALID_DATES'")
        cursor.execute(
            "INSERT INTO t VALUES (1, '0000-00-00', '0000-00-00 00:00:00', 0), "
            "(2, '2024-00-10', '2024-02-31 10:00:00', NULL), "
            "(3, '2024-02-29', '2024-02-29 10:00:00', '2024-02-29 10:00:00'), (4, NULL, NULL, NULL), "
            "(5, '0000-05-05', '9999-12-31 23:59:59', NULL), (6, '0001-01-01', '2024-03-00 00:00:00', NULL)"
        )
    found, extract = read(mariadb)
    assert found.sort_by("id")["d"].to_pylist() == [
        None,
        None,
        dt.date(2024, 2, 29),
        None,
        None,
        dt.date(1, 1, 1),
    ]
    assert found["at"].null_count == 4
    assert extract.notes == [
        "t.d: 3 values with no day of the calendar, such as 0000-00-00: read as null.",
        "t.at: 3 values with no day of the calendar, such as 0000-00-00: read as null.",
        "t.ts: 1 value with no day of the calendar, such as 0000-00-00: read as null.",
    ]


def test_a_tinyint_1_that_counts_is_no_truth_value(mariadb: Server) -> None:
    mariadb.execute(
        "shop",
        "CREATE TABLE t (id INT PRIMARY KEY, stars TINYINT(1), ok TINYINT(1))",
        "INSERT INTO t VALUES (1, 5, 1), (2, NULL, 0)",
    )
    found, extract = read(mariadb)
    assert found.sort_by("id").to_pydict() == {
        "id": [1, 2],
        "stars": [5, None],
        "ok": [True, False],
    }
    assert extract.notes == ["t.stars holds other values than 0 and 1: read as numbers."]


def test_doubles_come_back_bit_by_bit(mariadb: Server) -> None:
    bits = np.random.default_rng(7).integers(0, 2**64, 2000, dtype=np.uint64)
    doubles = bits.view(np.float64)
    doubles = doubles[np.isfinite(doubles) & (abs(doubles) > 1e-300)]
    data = pa.table({"id": pa.array(np.arange(len(doubles))), "x": pa.array(doubles)})
    load_tables(mariadb, {"t": data}, keys={"t": ["id"]})
    found, _ = read(mariadb)
    assert found.sort_by("id")["x"].to_pylist() == doubles.tolist()


def test_a_row_too_long_for_the_server_is_an_error_and_not_a_null(mariadb: Server) -> None:
    mariadb.execute(
        "shop",
        "CREATE TABLE t (id INT PRIMARY KEY, a LONGTEXT, b LONGTEXT)",
        "INSERT INTO t VALUES (1, REPEAT('a', 700000), REPEAT('b', 700000))",
        "SET GLOBAL max_allowed_packet = 1048576",
    )
    try:
        with pytest.raises(SourceError, match=r"row of `t`.* max_allowed_packet"):
            read(mariadb)
    finally:
        mariadb.execute("", "SET GLOBAL max_allowed_packet = 67108864")


def test_text_full_of_quotes_is_exact_and_takes_no_quadratic_time(mariadb: Server) -> None:
    texts = ["\x01" * 400_000, '"' * 400_000, "a\x01b", "\x01", "\x01\x01YQ==", "'\\,\n", ""]
    mariadb.execute("shop", "CREATE TABLE t (id INT PRIMARY KEY, a LONGTEXT)")
    with mariadb.connect("shop") as connection, connection.cursor() as cursor:
        cursor.executemany("INSERT INTO t VALUES (%s, %s)", list(enumerate(texts)))
    found, _ = read(mariadb)
    assert found.sort_by("id")["a"].to_pylist() == texts


def test_strange_names_and_modes_do_no_harm(mariadb: Server) -> None:
    mariadb.execute(
        "shop",
        'CREATE TABLE `or``der "s"` (`select` INT PRIMARY KEY, `a``b%s` VARCHAR(9), `A b` INT)',
        "INSERT INTO `or``der \"s\"` VALUES (1, '100%', 7)",
        "SET GLOBAL sql_mode='ANSI_QUOTES,NO_BACKSLASH_ESCAPES,PIPES_AS_CONCAT'",
    )
    try:
        found, extract = read(mariadb, 'or`der "s"')
    finally:
        mariadb.execute("", "SET GLOBAL sql_mode=DEFAULT")
    assert found.to_pylist() == [{"select": 1, "a`b%s": "100%", "A b": 7}]
    assert extract.key == ("select",)
