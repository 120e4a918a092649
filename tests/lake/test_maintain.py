"""Compaction, retention, and what never enters the log."""

import os
import time
from datetime import timedelta
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from deltalake import DeltaTable, write_deltalake

from omnix.core.errors import LakeError
from omnix.core.table import Column
from omnix.lake import Lake

N = {"n": "BIGINT"}


def publish(lake, con, n: int, **given):
    return lake.publish("t", con, "select i as n from range($n) r(i)", N, params={"n": n}, **given)


def append(lake, con, n: int, **given):
    return lake.append("t", con, "select i as n from range($n) r(i)", N, params={"n": n}, **given)


def count(lake, con, **given) -> int:
    lake.view(con, "t", **given)
    return con.execute("select count(*) from t").fetchone()[0]


def data_files(lake: Lake) -> int:
    return sum(
        entry.path.endswith(".parquet") and "_delta_log" not in entry.path
        for entry in lake._files.listing("t")
    )


def test_small_files_become_one(lake, con):
    for n in (1, 2, 3):
        append(lake, con, n, metadata={"position": str(n)}, transaction=("a", n))
    folded = lake.compact("t")
    assert (len(folded.data_files), folded.rows) == (1, 6)
    assert folded.metadata == {"position": "3"}
    assert folded.transaction_version("a") == 3
    assert count(lake, con) == 6
    assert lake.compact("t") == folded


def test_large_files_stay(lake, con, monkeypatch):
    append(lake, con, 100_000)
    large = lake.snapshot("t").data_files[0]
    monkeypatch.setattr("omnix.lake.maintain.SMALL_FILE", large.size)
    for n in (1, 2):
        append(lake, con, n)
    folded = lake.compact("t")
    assert large in folded.data_files
    assert (len(folded.data_files), folded.rows) == (2, 100_003)


def test_deleted_rows_are_gone_for_good(lake, con):
    publish(lake, con, 3, key=["n"])
    lake.append(
        "t", con, "select 1::bigint as n, 5::bigint as _row, true as _deleted", N, changes=True
    )
    lake.compact("t")
    lake.vacuum("t", keep_versions=1, older_than=None)
    lake.view(con, "t", physical=True)
    assert con.execute("select n from t order by n").fetchall() == [(0,), (2,)]
    lake.append("t", con, "select 1::bigint as n, 6::bigint as _row", N, changes=True)
    assert count(lake, con) == 3


def test_appends_during_a_compaction_stay(lake, con, monkeypatch):
    """The compaction goes after them and carries their position, not the older one."""
    for n in (1, 2):
        append(lake, con, n)
    real = lake._files.keep

    def keep(table, path):
        monkeypatch.setattr(lake._files, "keep", real)
        with duckdb.connect() as other:
            append(lake, other, 4, metadata={"position": "new"})
        real(table, path)

    monkeypatch.setattr(lake._files, "keep", keep)
    folded = lake.compact("t")
    assert count(lake, con) == 7
    assert folded.metadata == {"position": "new"}
    assert lake.history("t")[0].operation == "compact"


def test_a_compaction_yields_to_a_publish(lake, con, monkeypatch):
    for n in (1, 2):
        append(lake, con, n)
    real = lake._files.keep

    def keep(table, path):
        monkeypatch.setattr(lake._files, "keep", real)
        with duckdb.connect() as other:
            publish(lake, other, 9)
        real(table, path)

    monkeypatch.setattr(lake._files, "keep", keep)
    with pytest.raises(LakeError, match="changed by another writer"):
        lake.compact("t")
    assert count(lake, con) == 9


def test_retention_keeps_the_last_versions(lake, con):
    for n in range(1, 6):
        publish(lake, con, n)
    gone = lake.vacuum("t", keep_versions=2, older_than=None)
    assert len(gone) == 3
    assert data_files(lake) == 2
    assert [count(lake, con, version=v) for v in (3, 4)] == [4, 5]
    for version in range(3):
        with pytest.raises(
            LakeError,
            match=rf"Version {version} of t was removed .* oldest version still there is 3",
        ):
            lake.view(con, "t", version=version)
    assert lake.vacuum("t", keep_versions=2, older_than=None) == []
    assert len(lake.history("t")) == 5


def test_retention_keeps_young_versions(lake, con):
    for n in range(1, 4):
        publish(lake, con, n)
    assert lake.vacuum("t", keep_versions=None, older_than=timedelta(days=1)) == []
    assert count(lake, con, version=0) == 1
    assert len(lake.vacuum("t", keep_versions=None, older_than=timedelta(0))) == 2
    assert count(lake, con) == 3


def test_orphans_go_when_an_hour_old(tmp_path, con):
    lake = Lake(tmp_path)
    publish(lake, con, 2)
    young, old = tmp_path / "t" / "base-young.parquet", tmp_path / "t" / "base-old.parquet"
    for path in (young, old):
        path.write_bytes(b"half a file")
    os.utime(old, (time.time() - 3700,) * 2)
    assert lake.vacuum("t", keep_versions=5, older_than=None) == ["base-old.parquet"]
    assert young.exists()
    assert count(lake, con) == 2


def test_old_commits_go_once_a_checkpoint_replaces_them(tmp_path, con):
    lake = Lake(tmp_path, durable=False)
    for n in range(45):
        publish(lake, con, n, metadata={"n": str(n)}, transaction=("a", n))
    log = tmp_path / "t" / "_delta_log"
    for path in log.iterdir():
        os.utime(path, (time.time() - 31 * 86400,) * 2)
    lake.vacuum("t", keep_versions=3, older_than=None)
    versions = sorted(int(path.name[:20]) for path in log.glob("*.json"))
    checkpoints = sorted(int(path.name[:20]) for path in log.glob("*.checkpoint.parquet"))
    assert versions == list(range(checkpoints[-1], 45))
    fresh = Lake(tmp_path)
    assert [count(fresh, con, version=v) for v in (42, 43, 44)] == [42, 43, 44]
    assert fresh.snapshot("t").metadata == {"n": "44"}
    assert fresh.snapshot("t").transaction_version("a") == 44
    for gone in (3, 41):
        with pytest.raises(LakeError, match=f"Version {gone} of t was removed"):
            fresh.snapshot("t", gone)
    fresh.append("t", con, "select 1::bigint as n", N)
    assert count(fresh, con) == 45


def _everything(path: Path) -> bytes:
    """The bytes of a file, and what stands in it once decoded."""
    raw = path.read_bytes()
    return (
        raw + repr(pq.read_table(path).to_pylist()).encode() if path.suffix == ".parquet" else raw
    )


def test_no_value_of_a_row_ever_enters_the_log(tmp_path, con):
    lake = Lake(tmp_path, durable=False)
    columns = {
        "id": Column("int64", "Surrogate.", person="id"),
        "email": Column("string", "Where they are written to.", person="detail"),
        "born": Column("date", "Day of birth.", person="detail"),
    }
    sql = "select 7340033 + $n as id, 'needle' || $n || '@example.org' as email, date '1971-03-04' as born"
    lake.publish("people", con, sql, columns, params={"n": 0}, key=["id"])
    for n in range(25):
        lake.append(
            "people",
            con,
            f"select *, {n}::bigint as _row from ({sql})",
            columns,
            params={"n": n},
            changes=True,
        )
    lake.compact("people")
    # other tools: they obey the table's configuration
    table = DeltaTable(tmp_path / "people")
    row = {
        "id": [7340099],
        "email": ["needle-other@example.org"],
        "born": [con.execute("select date '1971-03-04'").fetchone()[0]],
    }
    write_deltalake(table, pa.table(row), mode="append", schema_mode="merge")
    table.optimize.compact()
    table.create_checkpoint()
    log = [path for path in (tmp_path / "people" / "_delta_log").rglob("*") if path.is_file()]
    assert any(path.suffix == ".parquet" for path in log)
    for path in log:
        for needle in (b"needle", b"73400", b"1971", b"date(1971"):
            assert needle not in _everything(path), path.name
    lake.view(con, "people")
    assert con.execute("select count(*) from people where email like 'needle%'").fetchone() == (26,)


def test_a_transaction_that_another_commits_meanwhile_is_not_doubled(lake, con, monkeypatch):
    append(lake, con, 1)
    real = lake._files.keep

    def keep(table, path):
        monkeypatch.setattr(lake._files, "keep", real)
        with duckdb.connect() as other:
            append(lake, other, 4, transaction=("app", 1))
        real(table, path)

    monkeypatch.setattr(lake._files, "keep", keep)
    append(lake, con, 4, transaction=("app", 1))
    assert count(lake, con) == 5
    assert data_files(lake) == 2
