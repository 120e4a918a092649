"""What every lake does, in a folder and in an object store."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from threading import Thread

import duckdb
import pyarrow as pa
import pytest

from omnix.core.errors import LakeError
from omnix.core.table import Column
from omnix.lake import Lake

ORDERS = {
    "order_id": Column("int64", "The order."),
    "customer": Column("string", "Who.", nullable=True, person="detail"),
    "ordered_at": Column("timestamp", "When, UTC."),
}
ROWS = "select i as order_id, 'c' || i as customer, timestamp '2026-01-01' + interval (i) hour as ordered_at from range($n) r(i)"


def publish(lake: Lake, con: duckdb.DuckDBPyConnection, n: int, **given):
    return lake.publish("curated/orders", con, ROWS, ORDERS, params={"n": n}, **given)


def count(lake: Lake, con: duckdb.DuckDBPyConnection, name: str = "curated/orders", **given) -> int:
    lake.view(con, name, as_name="counted", **given)
    return con.execute("select count(*) from counted").fetchone()[0]


def test_what_is_published_is_read(lake, con):
    snapshot = publish(lake, con, 3, metadata={"inputs": "raw/orders@4"}, key=["order_id"])
    assert lake.view(con, "curated/orders").version == snapshot.version == 0
    assert con.execute("select * from orders order by 1 limit 2").fetchall() == [
        (0, "c0", datetime.fromisoformat("2026-01-01 00:00:00")),
        (1, "c1", datetime.fromisoformat("2026-01-01 01:00:00")),
    ]
    described = [row[:2] for row in con.execute("describe orders").fetchall()]
    assert described == [
        ("order_id", "BIGINT"),
        ("customer", "VARCHAR"),
        ("ordered_at", "TIMESTAMP"),
    ]
    again = lake.snapshot("curated/orders")
    assert (again.rows, again.key) == (3, ("order_id",))
    assert again.metadata == {"inputs": "raw/orders@4"}
    assert again.columns == {"order_id": "BIGINT", "customer": "VARCHAR", "ordered_at": "TIMESTAMP"}
    assert abs(datetime.now(UTC) - again.at) < timedelta(minutes=5)


def test_names(lake, con):
    assert lake.names() == []
    for name in ("raw/orders", "analytics/sales_daily", "top"):
        lake.publish(name, con, "select 1::bigint as n", {"n": "BIGINT"})
    assert lake.names() == ["analytics/sales_daily", "raw/orders", "top"]


def test_a_table_that_does_not_exist(lake, con):
    assert lake.snapshot("raw/nothing") is None
    assert lake.snapshot("raw/nothing", 3) is None
    publish(lake, con, 1)
    with pytest.raises(LakeError, match=r"no table 'curated/order'.*'curated/orders'"):
        lake.view(con, "curated/order")
    for asked in (lake.history, lake.compact):
        with pytest.raises(LakeError, match="no table"):
            asked("curated/order")


@pytest.mark.parametrize(
    "name", ["", "../x", "/etc", "a//b", "a/../b", ".hidden", "a/_delta_log", "a b"]
)
def test_a_name_cannot_leave_the_lake(lake, con, name):
    with pytest.raises(LakeError, match="no name for a table"):
        lake.publish(name, con, "select 1 as n", {"n": "INTEGER"})


def test_every_version_can_be_read_again(lake, con):
    for n in (1, 2, 3):
        publish(lake, con, n, metadata={"n": str(n)})
    assert [count(lake, con, version=v) for v in (0, 1, 2)] == [1, 2, 3]
    assert lake.snapshot("curated/orders", 1).metadata == {"n": "2"}
    for wrong in (3, -1, 2**53, 2**80):  # the kernel would count up to a version ahead
        with pytest.raises(LakeError, match=rf"no version {wrong}; its newest is 2"):
            lake.snapshot("curated/orders", wrong)


def test_history(lake, con):
    publish(lake, con, 5, metadata={"run": "a"})
    lake.append("curated/orders", con, ROWS, ORDERS, params={"n": 2}, metadata={"run": "b"})
    lake.compact("curated/orders")
    history = lake.history("curated/orders")
    assert [(c.version, c.operation, c.rows, c.metadata) for c in history] == [
        (2, "compact", 7, {"run": "b"}),
        (1, "append", 2, {"run": "b"}),
        (0, "publish", 5, {"run": "a"}),
    ]
    assert history[0].at >= history[1].at >= history[2].at
    assert history[0].at.tzinfo == UTC


def test_a_committed_transaction_is_not_written_again(lake, con):
    first = publish(lake, con, 3, transaction=("ingest", 7))
    for again in (7, 6):
        assert publish(lake, con, 9, transaction=("ingest", again)) == first
    assert first.transaction_version("ingest") == 7
    assert first.transaction_version("other") is None
    assert publish(lake, con, 9, transaction=("ingest", 8)).version == 1
    assert publish(lake, con, 9, transaction=("other", 0)).version == 2
    assert publish(lake, con, 9, transaction=("other", 0)).version == 2
    assert lake.snapshot("curated/orders").transaction_version("ingest") == 8


def test_append_adds(lake, con):
    for n in (2, 3):
        lake.append("raw/events", con, ROWS, ORDERS, params={"n": n}, metadata={"n": str(n)})
    assert count(lake, con, "raw/events") == 5
    assert count(lake, con, "raw/events", since=0) == 3
    assert count(lake, con, "raw/events", since=1) == 0
    assert lake.snapshot("raw/events").metadata == {"n": "3"}


def test_no_rows_still_move_the_position(lake, con):
    publish(lake, con, 2)
    files = lake.snapshot("curated/orders").data_files
    after = lake.append(
        "curated/orders",
        con,
        ROWS,
        ORDERS,
        params={"n": 0},
        metadata={"at": "9"},
        transaction=("a", 9),
    )
    assert after.metadata == {"at": "9"}
    assert after.transaction_version("a") == 9
    assert after.data_files == files


def test_an_empty_table(lake, con):
    assert publish(lake, con, 0).rows == 0
    assert count(lake, con) == 0
    lake.append("raw/empty", con, ROWS, ORDERS, params={"n": 0})
    assert count(lake, con, "raw/empty") == 0


def test_since_after_a_rewrite_is_refused(lake, con):
    publish(lake, con, 2)
    publish(lake, con, 3)
    assert not lake.only_appended_since("curated/orders", 0)
    assert lake.only_appended_since("curated/orders", 1)
    assert not lake.only_appended_since("curated/orders", 2)
    with pytest.raises(LakeError, match="rewritten after version 0"):
        lake.view(con, "curated/orders", since=0)


def test_a_publish_may_change_the_schema(lake, con):
    publish(lake, con, 2, key=["order_id"])
    snapshot = lake.publish(
        "curated/orders", con, "select 'x' as order_id, 1.5::double as total",
        {"order_id": Column("string", "Now text."), "total": Column("float64", "New.")}, key=["order_id", "total"],
    )  # fmt: skip
    assert snapshot.columns == {"order_id": "VARCHAR", "total": "DOUBLE"}
    assert snapshot.key == ("order_id", "total")
    lake.view(con, "curated/orders")
    assert con.execute("from orders").fetchall() == [("x", 1.5)]
    assert count(lake, con, version=0) == 2
    assert lake.snapshot("curated/orders", 0).key == ("order_id",)


def test_a_new_column_is_null_in_older_rows(lake, con):
    lake.append("raw/t", con, "select 1::bigint as a", {"a": "BIGINT"})
    lake.append("raw/t", con, "select 2::bigint as a, 'x' as b", {"a": "BIGINT", "b": "VARCHAR"})
    lake.append("raw/t", con, "select 3::integer as a", {"a": "INTEGER"})
    lake.view(con, "raw/t")
    assert con.execute("from t order by a").fetchall() == [(1, None), (2, "x"), (3, None)]
    lake.compact("raw/t")
    lake.view(con, "raw/t")
    assert con.execute("from t order by a").fetchall() == [(1, None), (2, "x"), (3, None)]
    assert [row[1] for row in con.execute("describe t").fetchall()] == ["BIGINT", "VARCHAR"]


def test_a_column_that_no_file_has_yet(lake, con):
    lake.append("raw/t", con, "select 1::bigint as a", {"a": "BIGINT"})
    wider = {"a": "BIGINT", "at": "TIMESTAMP"}
    lake.append("raw/t", con, "select 1::bigint as a, now() as at where false", wider)
    lake.view(con, "raw/t")
    assert con.execute("from t").fetchall() == [(1, None)]


def test_other_types_are_not_appended(lake, con):
    lake.append("raw/t", con, "select 1::integer as a", {"a": "INTEGER"})
    with pytest.raises(
        LakeError, match=r"raw/t: rows of other types .* a \(table INTEGER, rows VARCHAR\)"
    ):
        lake.append("raw/t", con, "select 'x' as a", {"a": "VARCHAR"})
    assert lake.snapshot("raw/t").version == 0


def test_rows_must_have_the_declared_columns(lake, con):
    with pytest.raises(LakeError) as failure:
        lake.publish("x/t", con, "select 1::double as a, 2 as extra", {"a": "BIGINT", "b": "DATE"})
    for part in (
        "a (want BIGINT, have DOUBLE)",
        "b (want DATE, have no such column)",
        "extra (not in the contract)",
    ):
        assert part in str(failure.value)
    assert lake.names() == []


def test_the_contract_gives_the_order_and_hides_underscores(lake, con):
    lake.publish("x/t", con, "select 1 as _batch, 2 as b, 3 as a", {"a": "INTEGER", "b": "INTEGER"})
    snapshot = lake.view(con, "x/t")
    assert con.execute("from t").fetchall() == [(3, 2)]
    assert snapshot.hidden == {"_batch": "INTEGER"}
    lake.view(con, "x/t", physical=True)
    assert con.execute("select * from t").fetchall() == [(3, 2, 1)]


def test_sql_that_fails_leaves_nothing(lake, con):
    publish(lake, con, 2)
    with pytest.raises(duckdb.ConversionException):
        lake.publish(
            "curated/orders",
            con,
            "select ('x' || i)::bigint as order_id from range(5) r(i)",
            {"order_id": "BIGINT"},
        )
    assert lake.snapshot("curated/orders").version == 0
    assert lake.vacuum("curated/orders", keep_versions=None, older_than=None) == []
    with pytest.raises(duckdb.ParserException):
        lake.publish("curated/orders", con, "selec 1", {"a": "BIGINT"})


def test_sql_with_a_comment_and_a_semicolon(lake, con):
    lake.publish("x/t", con, "select 1 as a -- the only row\n;  ", {"a": "INTEGER"})
    assert count(lake, con, "x/t") == 1


def test_a_table_can_be_built_from_its_own_last_version(lake, con):
    publish(lake, con, 2)
    lake.view(con, "curated/orders", as_name="old")
    lake.publish("curated/orders", con, "select * from old union all select * from old", ORDERS)
    assert count(lake, con) == 4


def test_types_beyond_the_contract(lake, con):
    sql = """
        select 12345678901234567.89::decimal(19,2) as money, 200::utinyint as tiny, 4000000000::uinteger as word,
            18446744073709551615::ubigint as big, (2::hugeint ** 100)::hugeint as huge, 'ab'::blob as bytes, 1.5::float as single,
            time '12:30:00' as clock, '00000000-0000-0000-0000-000000000001'::uuid as id, [1, 2] as list, {'a': 1} as struct,
            timestamptz '2026-03-29 01:30:00+00' as zoned, timestamp_ns '2026-01-01 00:00:00.123456' as fine,
            '{"k": 1}'::json as doc, 'x'::enum('x', 'y') as pick, null as nothing, date '2026-01-01' as day"""
    columns = {row[0]: row[1] for row in con.execute(f"describe {sql}").fetchall()}
    snapshot = lake.publish("raw/types", con, sql, columns)
    lake.view(con, "raw/types")
    (row,) = con.execute("from types").fetchall()
    assert dict(zip(columns, row, strict=True)) == {
        "money": Decimal("12345678901234567.89"), "tiny": 200, "word": 4000000000, "big": Decimal(18446744073709551615),
        "huge": Decimal(2**100), "bytes": b"ab", "single": 1.5, "clock": "12:30:00",
        "id": "00000000-0000-0000-0000-000000000001", "list": "[1,2]", "struct": '{"a":1}',
        "zoned": datetime.fromisoformat("2026-03-29 01:30:00"), "fine": datetime.fromisoformat("2026-01-01 00:00:00.123456"), "doc": '{"k": 1}', "pick": "x",
        "nothing": None, "day": date(2026, 1, 1),
    }  # fmt: skip
    again = lake.append("raw/types", con, "from types", snapshot.columns)
    assert again.rows == 2


def test_names_of_columns_as_shops_have_them(lake, con):
    columns = {
        "Customer ID": "BIGINT",
        'a "quoted" one': "VARCHAR",
        "größe": "DOUBLE",
        "select": "DATE",
    }
    sql = """select 1::bigint as "Customer ID", 'x' as "a ""quoted"" one", 2.5::double as größe, date '2026-01-01' as "select" """
    lake.publish("raw/odd", con, sql, columns, key=["Customer ID"])
    lake.append("raw/odd", con, f"select *, 5::bigint as _row from ({sql})", columns, changes=True)
    snapshot = lake.view(con, "raw/odd")
    assert con.execute("from odd").fetchall() == [(1, "x", 2.5, date(2026, 1, 1))]
    assert snapshot.key == ("Customer ID",)


def test_delete(lake, con):
    publish(lake, con, 2)
    lake.publish("curated/others", con, "select 1 as a", {"a": "INTEGER"})
    lake.delete("curated/orders")
    lake.delete("curated/orders")
    assert lake.names() == ["curated/others"]
    assert lake.snapshot("curated/orders") is None
    assert publish(lake, con, 3).version == 0


def test_a_replacing_write_yields_to_another_writer(lake, con):
    publish(lake, con, 1)
    table = pa.table(
        {
            "order_id": [1],
            "customer": ["x"],
            "ordered_at": [datetime.fromisoformat("2026-01-01 00:00:00")],
        }
    )
    with lake.writer("curated/orders", ORDERS, mode="overwrite") as slow:
        slow.write(table)
        lake.append("curated/orders", con, ROWS, ORDERS, params={"n": 1})
        with pytest.raises(
            LakeError,
            match=r"curated/orders was changed by another writer .* nothing was published",
        ):
            slow.commit()
    assert count(lake, con) == 2
    assert len(lake.vacuum("curated/orders", keep_versions=1, older_than=None)) == 0


def test_an_adding_write_goes_after_another_writer(lake, con):
    publish(lake, con, 1)
    table = pa.table(
        {
            "order_id": [1],
            "customer": ["x"],
            "ordered_at": [datetime.fromisoformat("2026-01-01 00:00:00")],
        }
    )
    with lake.writer("curated/orders", ORDERS, mode="append") as slow:
        slow.write(table)
        lake.append("curated/orders", con, ROWS, ORDERS, params={"n": 1})
        slow.commit()
    assert count(lake, con) == 3


def _together(jobs):
    failures = []

    def guarded(job):
        try:
            job()
        except BaseException as failure:
            failures.append(failure)

    threads = [Thread(target=guarded, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return failures


def test_many_appenders_lose_and_double_nothing(lake, con):
    def job():
        with duckdb.connect() as own:
            for number in range(5):
                lake.append(
                    "raw/e",
                    own,
                    f"select {number}::bigint as n",
                    {"n": "BIGINT"},
                    transaction=("app", number),
                )

    assert _together([job] * 3) == []
    lake.view(con, "raw/e")
    assert con.execute("select n from e order by n").fetchall() == [(n,) for n in range(5)]


def test_a_reader_never_sees_half_a_publish(lake, con):
    rounds = 12
    sql = "select $n::bigint as n from range($n * 100)"
    lake.publish("x/t", con, sql, {"n": "BIGINT"}, params={"n": 1})

    def job():
        with duckdb.connect() as own:
            for n in range(2, rounds):
                lake.publish("x/t", own, sql, {"n": "BIGINT"}, params={"n": n})

    writer = Thread(target=job)
    writer.start()
    seen = set()
    while writer.is_alive() or not seen:
        lake.view(con, "x/t")
        seen.add(con.execute("select min(n), max(n), count(*) from t").fetchone())
    writer.join()
    assert all(low == high and rows == low * 100 for low, high, rows in seen)
    assert count(lake, con, "x/t") == (rounds - 1) * 100


def test_a_snapshot_stays_what_it_was(lake, con):
    first = lake.append("raw/t", con, "select 1 as a", {"a": "INTEGER"}, transaction=("app", 1))
    wider = {"a": "INTEGER", "b": "INTEGER"}
    lake.append("raw/t", con, "select 1 as a, 2 as b", wider, transaction=("app", 2))
    assert first.transaction_version("app") == 1
    assert first.columns == {"a": "INTEGER"}
    assert len(first.files) == 1
