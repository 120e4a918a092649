"""What goes wrong is said in words, and the last good version still reads."""

import errno
import os
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from omnix.core.errors import LakeError
from omnix.lake import Lake

N = {"n": "BIGINT"}
NOISE = "select (random() * 1e18)::bigint as n from range($n) r(i)"


def publish(lake, con, n: int, **given):
    return lake.publish(
        "raw/t", con, "select i as n from range($n) r(i)", N, params={"n": n}, **given
    )


def count(lake, con, **given) -> int:
    lake.view(con, "raw/t", **given)
    return con.execute("select count(*) from t").fetchone()[0]


@pytest.fixture
def three(tmp_path, con) -> Lake:
    """A lake with versions 0, 1 and 2 of 1, 2 and 3 rows."""
    lake = Lake(tmp_path)
    for n in (1, 2, 3):
        publish(lake, con, n)
    return lake


def log_file(lake: Lake, version: int) -> Path:
    return lake._files.root / "raw/t/_delta_log" / f"{version:020}.json"


def newest_file(lake: Lake) -> Path:
    return Path(lake.snapshot("raw/t").files[0])


@pytest.mark.parametrize("damage", ["missing", "cut short"])
def test_a_damaged_data_file(three, con, damage):
    path = newest_file(three)
    whole = path.read_bytes()
    path.unlink() if damage == "missing" else path.write_bytes(whole[:100])
    with pytest.raises(LakeError) as failure:
        three.view(con, "raw/t")
    for part in ("raw/t version 2 cannot be read", f"its file raw/t/{path.name}", f"{len(whole)} bytes",
                 "omnix ingest --full", "an earlier version"):  # fmt: skip
        assert part in str(failure.value)
    assert count(three, con, version=1) == 2
    assert publish(three, con, 4).version == 3  # rebuilding heals it
    assert count(three, con) == 4


def test_a_data_file_of_garbage_is_named_by_its_query(three, con):
    three.view(con, "raw/t")
    path = newest_file(three)
    path.write_bytes(b"x" * path.stat().st_size)
    with pytest.raises(duckdb.Error) as failure:
        con.execute("select sum(n) from t").fetchall()
    told = three.explain(failure.value)
    assert f"its file raw/t/{path.name} is damaged" in str(told)
    assert three.explain(ValueError("no file")) is None
    for read in (
        lambda: three.view(con, "raw/t"),
        lambda: three.publish("curated/t", con, "from t", N),
    ):
        with pytest.raises(LakeError, match=f"raw/t/{path.name} is damaged"):
            read()


@pytest.mark.parametrize("content", [b"", b"{garbage", b'{"add":'])
def test_a_damaged_newest_commit(three, con, content):
    log_file(three, 2).write_bytes(content)
    lake = Lake(three._files.root)
    for ask in (
        lambda: lake.snapshot("raw/t"),
        lambda: publish(lake, con, 4),
        lambda: lake.history("raw/t"),
    ):
        with pytest.raises(LakeError) as failure:
            ask()
        for part in (
            "raw/t version 2 cannot be read",
            f"_delta_log/{2:020}.json is damaged",
            "--version 1",
            "--full",
        ):
            assert part in str(failure.value)
    assert count(lake, con, version=1) == 2
    log_file(three, 2).unlink()
    assert count(lake, con) == 2
    assert publish(lake, con, 5).version == 2


def test_a_missing_commit(three, con):
    log_file(three, 1).unlink()
    with pytest.raises(LakeError, match=rf"raw/t version 1 .*/_delta_log/{1:020}.json is missing"):
        Lake(three._files.root).snapshot("raw/t")
    assert count(three, con, version=0) == 1


def test_a_damaged_table_can_be_removed_and_rebuilt(three, con):
    log_file(three, 0).write_text("garbage")
    three.delete("raw/t")
    assert publish(three, con, 5).version == 0


def test_a_table_of_another_tool_that_would_be_misread_is_refused(tmp_path, con):
    from deltalake import write_deltalake

    write_deltalake(
        tmp_path / "raw/t", pa.table({"n": [1, 2], "part": ["a", "b"]}), partition_by=["part"]
    )
    with pytest.raises(LakeError, match="another tool with partitions by part"):
        Lake(tmp_path).view(con, "raw/t")


def test_a_log_without_commits_is_no_table(tmp_path, con):
    (tmp_path / "raw/t/_delta_log").mkdir(parents=True)
    lake = Lake(tmp_path)
    assert lake.snapshot("raw/t") is None
    assert publish(lake, con, 2).version == 0


def test_an_answer_lost_after_the_commit_is_no_failure(three, con, monkeypatch):
    """The store has taken the commit but says that it failed: the rows must not be written twice."""
    from omnix.lake import commit as module

    real = module._try_commit

    def lost(*given):
        real(*given)
        raise OSError("the connection broke")

    monkeypatch.setattr(module, "_try_commit", lost)
    assert publish(three, con, 4).version == 3
    assert count(three, con) == 4


def test_a_commit_that_fails_leaves_nothing(three, con, monkeypatch):
    from omnix.lake import commit as module

    def broken(*given):
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(module, "_try_commit", broken)
    with pytest.raises(
        LakeError, match=r"raw/t: something failed while committing in .*Input/output error"
    ):
        publish(three, con, 4)
    assert count(three, con) == 3
    assert len(list((three._files.root / "raw/t").glob("*.parquet"))) == 3


@pytest.fixture
def small_disk(tmp_path) -> Iterator[Path]:
    """A disk of 8 MB."""
    if os.geteuid() != 0:
        pytest.skip("mounting a small disk needs root")
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", folder], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip(f"this machine does not let root mount a small disk: {mounted.stderr!r}")
    yield folder
    subprocess.run(["umount", "-l", folder], check=True)


def full_disk_said(failure: pytest.ExceptionInfo[LakeError], folder: Path) -> None:
    for part in (
        "raw/t: the disk is full",
        str(folder),
        "bytes free",
        "last good version still reads",
    ):
        assert part in str(failure.value)


def test_a_disk_that_fills_during_a_publish(small_disk, con):
    lake = Lake(small_disk)
    publish(lake, con, 3)
    with pytest.raises(LakeError) as failure:
        lake.publish("raw/t", con, NOISE, N, params={"n": 3_000_000})
    full_disk_said(failure, small_disk)
    assert count(lake, con) == 3
    assert len(list((small_disk / "raw/t").glob("*.parquet"))) == 1
    assert publish(lake, con, 4).version == 1


def test_a_disk_that_fills_under_a_writer(small_disk, con):
    lake = Lake(small_disk)
    publish(lake, con, 3)
    noise = con.sql(NOISE.replace("$n", "3_000_000")).to_arrow_table()

    def write():
        with lake.writer("raw/t", N, mode="append") as writer:
            writer.write(noise)
            writer.commit()

    with pytest.raises(LakeError) as failure:
        write()
    full_disk_said(failure, small_disk)
    assert count(lake, con) == 3
    assert len(list((small_disk / "raw/t").glob("*.parquet"))) == 1


def test_a_disk_that_fills_just_before_the_commit(small_disk, con, monkeypatch):
    lake = Lake(small_disk)
    publish(lake, con, 3)
    real, filler = lake._files.keep, small_disk / "filler"

    def keep(table, path):
        real(table, path)
        with filler.open("wb", buffering=0) as out, suppress(OSError):
            while out.write(b"x" * 4096):
                pass

    monkeypatch.setattr(lake._files, "keep", keep)
    with pytest.raises(LakeError) as failure:
        publish(lake, con, 4)
    full_disk_said(failure, small_disk)
    assert count(lake, con) == 3
    filler.unlink()
    monkeypatch.setattr(lake._files, "keep", real)
    assert publish(lake, con, 4).rows == 4
    assert count(lake, con) == 4


def test_a_disk_that_may_not_be_written(small_disk, con):
    lake = Lake(small_disk)
    publish(lake, con, 3)
    subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True)
    for write in (
        lambda: publish(lake, con, 4),
        lambda: lake.publish("raw/new", con, "select 1::bigint as n", N),
        lambda: lake.delete("raw/t"),
    ):
        with pytest.raises(
            LakeError, match=r"raw/\w+: no permission while .* in .*Give this user the right"
        ):
            write()
    assert count(lake, con) == 3


def test_a_folder_that_may_not_be_read(three, con, monkeypatch):
    def refused(path):
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    monkeypatch.setattr("os.scandir", refused)
    with pytest.raises(LakeError, match="raw/t: no permission while opening the table"):
        three.snapshot("raw/t")
