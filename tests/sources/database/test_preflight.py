"""Preflight names what is missing with the statement that helps, and is silent when all is well."""

from __future__ import annotations

import pyarrow as pa
import pytest

from omnix.sources.database import DatabaseSource
from servers import READER, READER_PASSWORD, MariaDb, Server

GOOD = "CREATE TABLE orders (id INT PRIMARY KEY, amount DECIMAL(9,2), updated_at TIMESTAMP NULL)"


@pytest.fixture
def fresh(server: Server) -> Server:
    """A server whose reader may connect and no more."""
    who = _who(server)
    if isinstance(server, MariaDb):
        server.execute("", f"CREATE OR REPLACE USER {who} IDENTIFIED BY '{READER_PASSWORD}'")
    else:
        server.reader()
    server.execute("shop", GOOD)
    return server


def _who(server: Server) -> str:
    return f"'{READER}'@'127.0.0.1'" if isinstance(server, MariaDb) else READER


def preflight(server: Server, tables: list[str] | None = None) -> list[str]:
    return DatabaseSource(server.url("shop", READER, READER_PASSWORD), tables=tables).preflight()


def test_select_is_enough(fresh: Server) -> None:
    fresh.execute("shop", f"GRANT SELECT ON orders TO {_who(fresh)}")
    assert preflight(fresh) == []
    with DatabaseSource(fresh.url("shop", READER, READER_PASSWORD)).open() as session:
        extract = session.read(session.tables()[0], None, money="amount")
        assert pa.concat_tables(extract.batches).num_rows == 0
        assert session.missing_keys(session.tables()[0], pa.table({"id": [1]})).num_rows == 1


def test_an_account_that_may_read_nothing_is_told_what_to_run(
    mariadb: Server, postgresql: Server
) -> None:
    mariadb.execute("", f"CREATE OR REPLACE USER {_who(mariadb)} IDENTIFIED BY '{READER_PASSWORD}'")
    (found,) = preflight(mariadb)
    assert "Access denied" in found
    assert f"GRANT SELECT ON `shop`.* TO '{READER}'" in found
    postgresql.reader()
    postgresql.execute("shop", GOOD)
    first, second = preflight(postgresql)
    assert first.startswith("No SELECT on table 'orders'")
    assert "shows no table to the account" in second
    assert f'GRANT SELECT ON ALL TABLES IN SCHEMA "public" TO "{READER}";' in second


def test_a_table_without_select_is_named(fresh: Server) -> None:
    fresh.execute(
        "shop",
        "CREATE TABLE payments (id INT PRIMARY KEY, updated_at TIMESTAMP NULL)",
        f"GRANT SELECT ON orders TO {_who(fresh)}",
    )
    (found,) = preflight(fresh, ["orders", "payments"])
    assert found.startswith("No SELECT on table 'payments'")
    assert "GRANT SELECT ON " in found
    assert READER in found


def test_columns_that_may_not_be_read_are_left_out(fresh: Server) -> None:
    fresh.execute(
        "shop",
        "INSERT INTO orders VALUES (1, 2.50, '2024-01-01')",
        f"GRANT SELECT (id, updated_at) ON orders TO {_who(fresh)}",
    )
    with DatabaseSource(fresh.url("shop", READER, READER_PASSWORD)).open() as session:
        (table,) = session.tables()
        assert list(table.columns) == ["id", "updated_at"]
        extract = session.read(table, None)
        assert pa.concat_tables(extract.batches)["id"].to_pylist() == [1]
        assert extract.source_rows == 1


def test_more_than_select_is_too_much(fresh: Server) -> None:
    fresh.execute("shop", f"GRANT SELECT, INSERT, UPDATE ON orders TO {_who(fresh)}")
    (found,) = preflight(fresh)
    assert "has more than it needs: INSERT, UPDATE; SELECT is enough" in found


def test_no_key_and_no_time_are_named(fresh: Server) -> None:
    fresh.execute(
        "shop",
        "CREATE TABLE a (id INT, updated_at TIMESTAMP NULL)",
        "CREATE TABLE b (id INT PRIMARY KEY)",
        *(f"GRANT SELECT ON {name} TO {_who(fresh)}" for name in ("a", "b", "orders")),
    )
    first, second = preflight(fresh)
    assert first.startswith("Table 'a' has no primary key")
    assert second.startswith("Table 'b' has no time stamp such as updated_at")


def test_an_engine_without_transactions_is_named(fresh: Server) -> None:
    if not isinstance(fresh, MariaDb):
        pytest.skip("PostgreSQL has no such tables")
    fresh.execute(
        "shop", "ALTER TABLE orders ENGINE=MyISAM", f"GRANT SELECT ON orders TO {_who(fresh)}"
    )
    (found,) = preflight(fresh)
    assert "MyISAM" in found
    assert "ALTER TABLE `orders` ENGINE=InnoDB" in found


def test_row_level_security_is_named(postgresql: Server) -> None:
    postgresql.reader()
    postgresql.execute(
        "shop",
        GOOD,
        "ALTER TABLE orders ENABLE ROW LEVEL SECURITY",
        f"GRANT SELECT ON orders TO {READER}",
    )
    (found,) = preflight(postgresql)
    assert "row level security" in found


def test_local_time_is_named_and_read_an_hour_further_back(mariadb: Server) -> None:
    mariadb.execute(
        "shop",
        "CREATE TABLE orders (id INT PRIMARY KEY, updated_at DATETIME)",
        "INSERT INTO orders VALUES (1, '2024-10-27 02:30:00')",
    )
    mariadb.execute("", "SET GLOBAL time_zone = '+02:00'")
    try:
        source = DatabaseSource(mariadb.reader())
        (found,) = source.preflight()
        with source.open() as session:
            extract = session.read(session.tables()[0], None)
    finally:
        mariadb.execute("", "SET GLOBAL time_zone = 'SYSTEM'")
    assert "+2 h from UTC" in found
    assert '"2024-10-27 01:20:00.000000"' in extract.position


def test_local_time_of_postgresql_is_named(postgresql: Server) -> None:
    postgresql.execute("shop", "ALTER DATABASE shop SET timezone = 'Asia/Tokyo'", GOOD)
    (found,) = DatabaseSource(postgresql.reader()).preflight()
    assert "+9 h from UTC" in found


def test_a_server_that_is_not_there_is_one_finding(server: Server) -> None:
    url = server.url().replace(f":{server.port}/", ":1/")
    (found,) = DatabaseSource(url).preflight()
    assert "127.0.0.1:1 does not answer" in found
