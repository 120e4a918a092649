"""Snapshot, changes, and the mode that each read chooses."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

import pyarrow as pa
import pytest

from omnix.core.errors import SourceError, SourceUnavailable
from omnix.sources.base import Extract
from omnix.sources.database import DatabaseSession, DatabaseSource
from servers import Server, load_tables

START = dt.datetime.fromisoformat("2024-03-01 12:00:00")
MONEY = "quantity * price"


def orders(count: int = 100) -> pa.Table:
    """One order a minute, the last at START + count - 1 minutes."""
    numbers = range(count)
    return pa.table({
        "order_id": pa.array(numbers, pa.int64()),
        "quantity": pa.array([n % 3 + 1 for n in numbers], pa.int32()),
        "price": pa.array([Decimal(n) / 100 for n in numbers], pa.decimal128(10, 2)),
        "updated_at": pa.array(
            [START + dt.timedelta(minutes=n) for n in numbers], pa.timestamp("us")
        ),
    })  # fmt: skip


@pytest.fixture
def source(server: Server) -> DatabaseSource:
    load_tables(
        server,
        {"orders": orders(), "log": orders(5)},
        keys={"orders": ["order_id"]},
    )
    return DatabaseSource(server.reader(), chunk_rows=30)


def read(
    session: DatabaseSession, name: str = "orders", position: str | None = None
) -> tuple[list[pa.Table], Extract]:
    table = next(table for table in session.tables() if table.name == name)
    extract = session.read(table, position, money=MONEY)
    return list(extract.batches), extract


def ids(batches: list[pa.Table]) -> list[int]:
    return sorted(number for batch in batches for number in batch["order_id"].to_pylist())


def again(source: DatabaseSource, position: str, name: str = "orders") -> tuple[list[int], Extract]:
    with source.open() as session:
        batches, extract = read(session, name, position)
    return ids(batches), extract


@pytest.fixture
def position(source: DatabaseSource) -> str:
    with source.open() as session:
        return read(session)[1].position


def test_the_first_read_is_all_in_pieces(source: DatabaseSource) -> None:
    with source.open() as session:
        batches, extract = read(session)
    assert extract.mode == "replace"
    assert [batch.num_rows for batch in batches] == [30, 30, 30, 10]
    assert len({batch.schema for batch in batches}) == 1
    assert pa.concat_tables(batches).sort_by("order_id").equals(orders())
    assert (extract.key, extract.source_rows) == (("order_id",), 100)
    assert extract.source_money == sum(
        Decimal(row["quantity"]) * row["price"] for row in orders().to_pylist()
    )


def test_tables_tell_columns_key_and_watermark(source: DatabaseSource) -> None:
    with source.open() as session:
        log, found = session.tables()
    assert (found.name, found.key, found.watermark) == ("orders", ("order_id",), "updated_at")
    assert list(found.columns) == ["order_id", "quantity", "price", "updated_at"]
    assert found.columns["price"] in ("decimal(10,2)", "numeric(10,2)")
    assert (log.key, log.watermark) == ((), "updated_at")


def test_all_tables_are_seen_as_they_were_at_one_moment(
    source: DatabaseSource, server: Server
) -> None:
    with source.open() as session:
        first = read(session, "log")[0]
        server.execute(
            "shop",
            "INSERT INTO orders VALUES (999, 1, 1, '2024-03-02 00:00:00')",
            "UPDATE orders SET price = 77, updated_at = '2024-03-02 00:00:00' WHERE order_id = 5",
            "DELETE FROM orders WHERE order_id = 7",
            "DELETE FROM log",
        )
        batches, extract = read(session)
        assert pa.concat_tables(batches).sort_by("order_id").equals(orders())
        assert extract.source_rows == 100
        assert ids(read(session, "log")[0]) == ids(first)
    with source.open() as session:
        batches, extract = read(session)
    assert extract.source_rows == 100
    assert ids(batches) == sorted({*range(100), 999} - {7})


def test_writes_during_the_stream_do_not_show(source: DatabaseSource, server: Server) -> None:
    with source.open() as session:
        table = next(table for table in session.tables() if table.name == "orders")
        batches = session.read(table, None).batches
        taken = [next(batches)]
        server.execute("shop", "DELETE FROM orders", "INSERT INTO orders VALUES (999, 1, 1, NULL)")
        taken += batches
    assert ids(taken) == list(range(100))


def test_nothing_new_is_said_without_a_row(source: DatabaseSource, position: str) -> None:
    found, extract = again(source, position)
    assert (found, extract.mode, extract.source_rows) == ([], "same", 100)


def test_changes_are_the_changed_rows_and_the_overlap(
    source: DatabaseSource, server: Server, position: str
) -> None:
    server.execute(
        "shop",
        "INSERT INTO orders VALUES (200, 1, 5.00, '2024-03-01 14:00:00')",
        "UPDATE orders SET price = 9.99, updated_at = '2024-03-01 14:00:01' WHERE order_id = 3",
    )
    found, extract = again(source, position)
    assert extract.mode == "changes"
    # The newest was order 99 at 13:39; ten minutes back is order 89.
    assert found == [3, *range(89, 100), 200]
    assert extract.source_rows == 101
    found, extract = again(source, extract.position)
    assert (found, extract.mode) == ([], "same")


def test_a_late_row_within_the_overlap_is_taken(
    source: DatabaseSource, server: Server, position: str
) -> None:
    server.execute("shop", "INSERT INTO orders VALUES (200, 1, 1, '2024-03-01 13:35:00')")
    found, extract = again(source, position)
    assert extract.mode == "changes"
    assert 200 in found


def test_a_row_without_a_time_is_always_taken(
    source: DatabaseSource, server: Server, position: str
) -> None:
    server.execute("shop", "INSERT INTO orders VALUES (200, 1, 1, NULL)")
    found, extract = again(source, position)
    assert 200 in found
    server.execute("shop", "UPDATE orders SET price = 2 WHERE order_id = 200")
    found, extract = again(source, extract.position)
    assert 200 in found


def test_a_date_in_the_future_does_not_hide_later_changes(
    source: DatabaseSource, server: Server, position: str
) -> None:
    server.execute("shop", "INSERT INTO orders VALUES (200, 1, 1, '2999-01-01 00:00:00')")
    _, extract = again(source, position)
    server.execute("shop", "INSERT INTO orders VALUES (201, 1, 1, '2024-03-05 00:00:00')")
    found, _ = again(source, extract.position)
    assert 201 in found


def test_a_delete_shows_in_the_count_and_the_keys(
    source: DatabaseSource, server: Server, position: str
) -> None:
    server.execute("shop", "DELETE FROM orders WHERE order_id IN (4, 50)")
    with source.open() as session:
        _, extract = read(session, "orders", position)
        assert (extract.mode, extract.source_rows) == ("changes", 98)
        table = next(table for table in session.tables() if table.name == "orders")
        gone = session.missing_keys(table, orders().select(["order_id"]))
    assert gone["order_id"].to_pylist() == [4, 50]


def test_amounts_that_change_without_their_time_are_found(
    source: DatabaseSource, server: Server, position: str
) -> None:
    server.execute("shop", "UPDATE orders SET price = price + 1 WHERE order_id = 3")
    found, extract = again(source, position)
    assert (extract.mode, found) == ("replace", list(range(100)))
    assert "say they did not change" in extract.notes[0]


def test_a_restored_backup_is_read_in_full(
    source: DatabaseSource, server: Server, position: str
) -> None:
    server.execute("shop", "DELETE FROM orders WHERE order_id > 50")
    found, extract = again(source, position)
    assert (extract.mode, found) == ("replace", list(range(51)))
    assert "went back" in extract.notes[0]


def test_a_new_column_means_a_full_read(
    source: DatabaseSource, server: Server, position: str
) -> None:
    server.execute("shop", "ALTER TABLE orders ADD COLUMN channel VARCHAR(9)")
    found, extract = again(source, position)
    assert (extract.mode, len(found)) == ("replace", 100)


def test_a_table_without_a_key_is_the_same_or_read_in_full(
    source: DatabaseSource, server: Server
) -> None:
    with source.open() as session:
        _, extract = read(session, "log")
    assert again(source, extract.position, "log")[1].mode == "same"
    server.execute("shop", "UPDATE log SET quantity = 1 WHERE order_id = 1")
    found, extract = again(source, extract.position, "log")
    assert (extract.mode, found) == ("replace", [0, 1, 2, 3, 4])


def test_rows_alike_are_counted_by_the_hash(source: DatabaseSource, server: Server) -> None:
    server.execute("shop", "INSERT INTO log SELECT * FROM log")
    with source.open() as session:
        _, extract = read(session, "log")
    server.execute(
        "shop",
        "DELETE FROM log WHERE order_id IN (1, 2)",
        "INSERT INTO log SELECT * FROM log WHERE order_id IN (3, 4)",
    )
    found, extract = again(source, extract.position, "log")
    assert (extract.mode, len(found)) == ("replace", 10)


def test_an_empty_table_has_a_schema_and_then_rows(server: Server) -> None:
    load_tables(server, {"orders": orders(0)}, keys={"orders": ["order_id"]})
    source = DatabaseSource(server.reader())
    with source.open() as session:
        batches, extract = read(session)
    assert [batch.num_rows for batch in batches] == [0]
    assert batches[0].schema == orders().schema
    assert (extract.source_rows, extract.source_money) == (0, 0)
    server.execute("shop", "INSERT INTO orders VALUES (1, 1, 1, '2024-01-01')")
    assert again(source, extract.position)[0] == [1]


def test_a_read_ended_by_another_is_no_whole_table(source: DatabaseSource) -> None:
    with source.open() as session:
        table = next(table for table in session.tables() if table.name == "orders")
        half = session.read(table, None).batches
        next(half)
        assert ids(read(session, "log")[0]) == [0, 1, 2, 3, 4]
        with pytest.raises(SourceError, match="'orders' was ended by another read"):
            next(half)
        assert ids(read(session)[0]) == list(range(100))


def test_a_refused_question_does_not_end_the_session(source: DatabaseSource) -> None:
    with source.open() as session:
        table = session.tables()[1]
        with pytest.raises(SourceError, match="no column 'prize'"):
            session.read(table, None, money="prize")
        assert ids(read(session)[0]) == list(range(100))


def test_keys_are_due_every_so_many_reads(server: Server, source: DatabaseSource) -> None:
    source = DatabaseSource(server.reader(), keys_every=2)
    position: str | None = None
    due = []
    for _ in range(5):
        with source.open() as session:
            _, extract = read(session, "orders", position)
            position = extract.position
            due.append(session.keys_due(position))
    assert due == [False, False, True, False, True]


def test_an_unknown_table_is_answered_with_the_nearest(
    server: Server, source: DatabaseSource
) -> None:
    with (
        pytest.raises(SourceError, match=r"no table 'oders'.*Did you mean 'orders'.*GRANT SELECT"),
        DatabaseSource(server.reader(), tables=["oders"]).open(),
    ):
        pass


def test_a_table_without_transactions_that_changes_is_refused(mariadb: Server) -> None:
    load_tables(mariadb, {"orders": orders()}, keys={"orders": ["order_id"]})
    mariadb.execute("shop", "ALTER TABLE orders ENGINE=MyISAM")
    with DatabaseSource(mariadb.reader(), chunk_rows=10).open() as session:
        batches: Iterator[pa.Table] = session.read(session.tables()[0], None).batches
        mariadb.execute("shop", "DELETE FROM orders WHERE order_id > 50")
        with pytest.raises(SourceUnavailable, match="100 rows were counted, 51 came"):
            list(batches)
