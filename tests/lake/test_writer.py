"""Streaming rows into a table."""

from datetime import UTC, datetime
from decimal import Decimal

import pyarrow as pa
import pytest
from pyarrow.parquet import ParquetFile

from omnix.core.errors import LakeError
from omnix.lake.writer import ROW_GROUP

COLUMNS = {"n": "BIGINT", "seen": "TIMESTAMP"}


def rows(start: int, stop: int) -> pa.Table:
    return pa.table(
        {"seen": pa.array(range(start, stop), pa.timestamp("ms")), "n": range(start, stop)}
    )


def test_many_small_pieces_make_whole_row_groups(lake, con):
    total, piece = 300_000, 7_000
    with lake.writer("raw/t", COLUMNS, mode="overwrite") as writer:
        for start in range(0, total, piece):
            writer.write(rows(start, min(start + piece, total)))
        assert lake.snapshot("raw/t") is None
        snapshot = writer.commit(metadata={"position": "9"}, transaction=("ingest", 1))
    assert snapshot.metadata == {"position": "9"}
    assert snapshot.transaction_version("ingest") == 1
    (path,) = snapshot.files
    with ParquetFile(path) as file:
        groups = [file.metadata.row_group(i).num_rows for i in range(file.num_row_groups)]
    assert groups == [ROW_GROUP, ROW_GROUP, total - 2 * ROW_GROUP]
    lake.view(con, "raw/t")
    assert con.execute("select count(*), sum(n), max(seen) from t").fetchone() == (
        total, total * (total - 1) // 2, datetime.fromisoformat("1970-01-01 00:04:59.999000"),
    )  # fmt: skip


def test_leaving_without_commit_drops_the_file(lake, con):
    lake.publish("raw/t", con, "select 1::bigint as n, now() as seen", COLUMNS)
    with lake.writer("raw/t", COLUMNS, mode="append") as writer:
        writer.write(rows(0, 200_000))

    def interrupted():
        with lake.writer("raw/t", COLUMNS, mode="append") as writer:
            writer.write(rows(0, 200_000))
            raise RuntimeError("the source died")

    with pytest.raises(RuntimeError, match="the source died"):
        interrupted()
    assert lake.snapshot("raw/t").rows == 1
    files = [e for e in lake._files.listing("raw/t") if e.path.endswith(".parquet")]
    assert len(files) == 1


def test_no_rows_at_all(lake, con):
    with lake.writer("raw/t", COLUMNS, mode="append") as writer:
        assert writer.commit().rows == 0
    lake.view(con, "raw/t")
    assert con.execute("from t").fetchall() == []
    with lake.writer("raw/t", COLUMNS, mode="append") as writer:
        assert writer.commit(metadata={"seen": "1"}).metadata == {"seen": "1"}


def test_changes(lake, con):
    lake.publish(
        "raw/t", con, "select i as n, now() as seen from range(3) r(i)", COLUMNS, key=["n"]
    )
    with lake.writer("raw/t", COLUMNS, mode="changes") as writer:
        writer.write(
            rows(1, 3).append_column("_row", [[1, 2]]).append_column("_deleted", [[True, False]])
        )
        writer.commit()
    lake.view(con, "raw/t")
    assert con.execute("select n, seen from t where n > 0").fetchall() == [
        (2, datetime.fromisoformat("1970-01-01 00:00:00.002000"))
    ]


def test_arrow_types(lake, con):
    table = pa.table({
        "money": pa.array([Decimal("1.50")], pa.decimal128(9, 2)), "big": pa.array([2**64 - 1], pa.uint64()),
        "bytes": pa.array([b"x"], pa.large_binary()), "word": pa.array(["w"]).dictionary_encode(),
        "text": pa.array(["t"], pa.string_view()), "seen": pa.array([datetime(2026, 1, 1, tzinfo=UTC)], pa.timestamp("ns", "Europe/Paris")),
        "day": pa.array([86_400_000], pa.date64()), "small": pa.array([255], pa.uint8()), "none": pa.nulls(1),
    })  # fmt: skip
    columns = {field.name: field.type for field in table.schema}
    with lake.writer("raw/t", columns, mode="overwrite") as writer:
        writer.write(table)
        writer.commit()
    lake.view(con, "raw/t")
    (row,) = con.execute("select * replace (day::varchar as day) from t").fetchall()
    assert row == (
        Decimal("1.50"),
        Decimal(2**64 - 1),
        b"x",
        "w",
        "t",
        datetime.fromisoformat("2026-01-01 00:00:00"),
        "1970-01-02",
        255,
        None,
    )


@pytest.mark.parametrize(
    ("table", "words"),
    [
        (pa.table({"n": [1]}), r"seen \(want TIMESTAMP, have no such column\)"),
        (
            pa.table({"n": ["x"], "seen": pa.array([1], pa.timestamp("us"))}),
            r"n \(want BIGINT, have string\)",
        ),
        (
            pa.table({"n": [1], "seen": pa.array([1], pa.timestamp("us")), "more": [1]}),
            r"more \(not in the contract\)",
        ),
    ],
)
def test_wrong_rows_are_named(lake, table, words):
    with (
        lake.writer("raw/t", COLUMNS, mode="overwrite") as writer,
        pytest.raises(LakeError, match=words),
    ):
        writer.write(table)
    assert lake.names() == []


def test_one_commit_is_all(lake):
    with lake.writer("raw/t", COLUMNS, mode="append") as writer:
        writer.write(rows(0, 1))
        writer.commit()
        with pytest.raises(LakeError, match="committed before"):
            writer.commit()
    assert lake.snapshot("raw/t").rows == 1


def test_a_committed_transaction_is_not_written_again(lake):
    for _ in range(2):
        with lake.writer("raw/t", COLUMNS, mode="append") as writer:
            writer.write(rows(0, 5))
            assert writer.commit(transaction=("ingest", 1)).rows == 5
    files = [e for e in lake._files.listing("raw/t") if e.path.endswith(".parquet")]
    assert len(files) == 1


def test_two_writers_that_add_a_column_at_once(lake, con):
    lake.append("raw/t", con, "select 1::bigint as n", {"n": "BIGINT"})
    wider, other = {"n": "BIGINT", "x": "BIGINT"}, {"n": "BIGINT", "x": "VARCHAR"}
    with (
        lake.writer("raw/t", wider, mode="append") as one,
        lake.writer("raw/t", wider, mode="append") as two,
        lake.writer("raw/t", other, mode="append") as three,
    ):
        for writer, value in ((one, 5), (two, 6), (three, "x")):
            writer.write(pa.table({"n": [2], "x": [value]}))
        one.commit()
        two.commit()
        with pytest.raises(LakeError, match="changed by another writer"):
            three.commit()
    lake.view(con, "raw/t")
    assert con.execute("from t order by x nulls first").fetchall() == [(1, None), (2, 5), (2, 6)]
