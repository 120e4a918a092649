"""Every PostgreSQL type comes through exactly, or as null with a note."""

from __future__ import annotations

import datetime as dt
import math
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa

from omnix.sources.base import Extract
from omnix.sources.database import DatabaseSource
from servers import Server, load_tables


def read(server: Server, name: str = "t") -> tuple[pa.Table, Extract]:
    with DatabaseSource(server.reader(), tables=[name]).open() as session:
        extract = session.read(session.tables()[0], None)
        return pa.concat_tables(extract.batches), extract


at = dt.datetime.fromisoformat


VALUES: list[tuple[str, str, pa.DataType, Any]] = [
    ("boolean", "true", pa.bool_(), True),
    ("smallint", "-32768", pa.int16(), -32768),
    ("integer", "2147483647", pa.int32(), 2147483647),
    ("bigint", "-9223372036854775808", pa.int64(), -(2**63)),
    ("numeric(12,2)", "-9999999999.99", pa.decimal128(12, 2), Decimal("-9999999999.99")),
    ("numeric(3,5)", "0.00123", pa.decimal128(5, 5), Decimal("0.00123")),
    ("numeric(2,-3)", "45678", pa.decimal128(5, 0), Decimal(46000)),
    ("numeric(65,30)", "1.5", pa.string(), "1.5" + "0" * 29),
    ("numeric", "12.345", pa.decimal128(38, 12), Decimal("12.345")),
    ("money", "12.34", pa.decimal128(38, 12), Decimal("12.34")),
    ("price_eur", "7.50", pa.decimal128(9, 2), Decimal("7.50")),
    ("real", "1.2345679", pa.float32(), float(np.float32(1.2345679))),
    ("double precision", "0.1", pa.float64(), 0.1),
    ("double precision", "'-Infinity'", pa.float64(), -math.inf),
    ("date", "'9999-12-31'", pa.date32(), dt.date(9999, 12, 31)),
    ("timestamp", "'0001-01-01 00:00:00.1'", pa.timestamp("us"),
     at("0001-01-01 00:00:00.100000")),
    ("timestamptz", "'2024-07-01 12:00:00.000001+02'", pa.timestamp("us"),
     at("2024-07-01 10:00:00.000001")),
    ("time", "'24:00:00'", pa.string(), "24:00:00"),
    ("interval", "'1 day 2 hours'", pa.string(), "1 day 02:00:00"),
    ("text", "E'a,\"b\"\\r\\n\\\\N 𝄞'", pa.string(), 'a,"b"\r\n\\N 𝄞'),
    ("text", "''", pa.string(), ""),
    ("varchar(9)", "'\\.'", pa.string(), "\\."),
    ("char(5)", "'ab'", pa.string(), "ab"),
    ("order_state", "'paid'", pa.string(), "paid"),
    ("uuid", "'6ccd780c-baba-1026-9564-5b8c656024db'", pa.string(),
     "6ccd780c-baba-1026-9564-5b8c656024db"),
    ("jsonb", "'{\"a\": [1, \"x\"]}'", pa.string(), '{"a": [1, "x"]}'),
    ("integer[]", "'{1,NULL,3}'", pa.string(), "{1,NULL,3}"),
    ("bytea", "'\\x00ff0a'", pa.binary(), b"\x00\xff\n"),
    ("bytea", "''", pa.binary(), b""),
    ("bit(4)", "B'1010'", pa.string(), "1010"),
    ("inet", "'::1'", pa.string(), "::1/128"),
]  # fmt: skip


def test_every_type_comes_back_exactly(postgresql: Server) -> None:
    columns = ", ".join(f"c{n} {kind} NULL" for n, (kind, *_) in enumerate(VALUES))
    values = ", ".join(value for _, value, _, _ in VALUES)
    nulls = ", ".join("NULL" for _ in VALUES)
    postgresql.execute(
        "shop",
        "CREATE TYPE order_state AS ENUM ('new', 'paid')",
        "CREATE DOMAIN price_eur AS numeric(9,2) CHECK (VALUE >= 0)",
        f"CREATE TABLE t (id int PRIMARY KEY, {columns})",
        f"INSERT INTO t VALUES (1, {values}), (2, {nulls})",
    )
    found, extract = read(postgresql)
    assert found.schema.types[1:] == [arrow for _, _, arrow, _ in VALUES]
    first, second = sorted(found.to_pylist(), key=lambda row: row["id"])
    assert list(first.values())[1:] == [expected for *_, expected in VALUES]
    assert set(list(second.values())[1:]) == {None}
    assert extract.notes == []


def test_what_arrow_cannot_hold_becomes_null_with_a_note(postgresql: Server) -> None:
    postgresql.execute(
        "shop",
        "CREATE TABLE t (id int PRIMARY KEY, d date, at timestamptz, n numeric, p numeric(9,2))",
        "INSERT INTO t VALUES (1, 'infinity', '-infinity', 'NaN', 'NaN'), "
        "(2, '0044-03-15 BC', '20000-01-01', 1e27, 1), (3, NULL, NULL, 1/3::numeric, NULL)",
    )
    with DatabaseSource(postgresql.reader()).open() as session:
        extract = session.read(session.tables()[0], None, money="p")
        found = pa.concat_tables(extract.batches).sort_by("id")
    assert found["d"].null_count == 3
    assert found["at"].null_count == 3
    assert found["n"].to_pylist() == [None, None, Decimal("0.333333333333")]
    assert found["p"].to_pylist() == [None, 1, None]
    assert extract.source_money == 1
    assert extract.notes == [
        "t.d: 2 values with infinite or outside the years 1 to 9999: read as null.",
        "t.at: 2 values with infinite or outside the years 1 to 9999: read as null.",
        "t.n: 2 values with no number, or 26 digits and more: read as null.",
        "t.n: 1 value with more than 12 decimals: rounded.",
        "t.p: 1 value with no number (NaN): read as null.",
    ]


def test_doubles_come_back_bit_by_bit(postgresql: Server) -> None:
    bits = np.random.default_rng(7).integers(0, 2**64, 2000, dtype=np.uint64)
    doubles = bits.view(np.float64)
    doubles = doubles[np.isfinite(doubles)]
    data = pa.table({"id": pa.array(np.arange(len(doubles))), "x": pa.array(doubles)})
    load_tables(postgresql, {"t": data}, keys={"t": ["id"]})
    found, _ = read(postgresql)
    assert found.sort_by("id")["x"].to_pylist() == doubles.tolist()


def test_settings_of_the_server_change_nothing(postgresql: Server) -> None:
    postgresql.execute(
        "shop",
        "ALTER DATABASE shop SET datestyle = 'German'",
        "ALTER DATABASE shop SET timezone = 'Asia/Tokyo'",
        "ALTER DATABASE shop SET extra_float_digits = -5",
        "ALTER DATABASE shop SET intervalstyle = 'sql_standard'",
        "CREATE TABLE t (id int PRIMARY KEY, at timestamptz, x float8)",
        "INSERT INTO t VALUES (1, '2024-01-02 00:00:00+00', 0.1)",
    )
    found, _ = read(postgresql)
    assert found["at"].to_pylist() == [at("2024-01-02 00:00:00")]
    assert found["x"].to_pylist() == [0.1]


def test_schemas_partitions_and_views(postgresql: Server) -> None:
    postgresql.execute(
        "shop",
        "CREATE TABLE t (id int PRIMARY KEY) PARTITION BY RANGE (id)",
        "CREATE TABLE t1 PARTITION OF t FOR VALUES FROM (0) TO (9)",
        "CREATE VIEW v AS SELECT id FROM t",
        'CREATE SCHEMA "Old"',
        'CREATE TABLE "Old".t (a int)',
        "INSERT INTO t VALUES (1), (2)",
    )
    with DatabaseSource(postgresql.reader()).open() as session:
        assert [table.name for table in session.tables()] == ["t"]
        assert session.read(session.tables()[0], None).source_rows == 2
    found, extract = read(postgresql, "v")
    assert (found.num_rows, extract.key) == (2, ())
    with DatabaseSource(postgresql.url() + "?schema=Old").open() as session:
        assert dict(session.tables()[0].columns) == {"a": "integer"}


def test_strange_names_do_no_harm(postgresql: Server) -> None:
    postgresql.execute(
        "shop",
        'CREATE TABLE "or""der %s" ("select" int PRIMARY KEY, "a""b%s" text, "A b" int)',
        'INSERT INTO "or""der %s" VALUES (1, \'100%\', 7)',
    )
    found, extract = read(postgresql, 'or"der %s')
    assert found.to_pylist() == [{"select": 1, 'a"b%s': "100%", "A b": 7}]
    assert extract.key == ("select",)
