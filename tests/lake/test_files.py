"""What is acknowledged is on the disk."""

import os
from pathlib import Path

import pytest

from omnix.core.errors import LakeError
from omnix.lake import Lake

N = {"n": "BIGINT"}


@pytest.fixture
def synced(monkeypatch) -> list[str]:
    """The names of what was brought to the disk, in order."""
    names: list[str] = []
    real = os.fsync

    def fsync(handle: int) -> None:
        names.append(Path(f"/proc/self/fd/{handle}").readlink().name)
        real(handle)

    monkeypatch.setattr(os, "fsync", fsync)
    return names


def test_data_then_log_reach_the_disk_before_publish_returns(tmp_path, con, synced):
    lake = Lake(tmp_path / "a" / "lake")
    snapshot = lake.publish("raw/t", con, "select 1::bigint as n", N)
    (file,) = snapshot.data_files
    created = [
        name
        for name in synced[: synced.index(file.path)]
        if name in ("raw", "lake", "a", tmp_path.name)
    ]
    assert created == ["raw", "lake", "a", tmp_path.name]  # the folders that gained an entry
    assert synced[synced.index(file.path) :] == [
        file.path, "t", "00000000000000000000.json", "_delta_log", "t",
    ]  # fmt: skip


def test_a_checkpoint_reaches_the_disk(tmp_path, con, synced):
    lake = Lake(tmp_path)
    for _ in range(30):
        lake.publish("t", con, "select 1::bigint as n", N)
    on_disk = {path.name for path in (tmp_path / "t" / "_delta_log").iterdir()}
    assert any("checkpoint.parquet" in name for name in on_disk)
    assert on_disk <= set(synced)


def test_a_transaction_that_a_dead_process_committed_is_made_durable(tmp_path, con, synced):
    Lake(tmp_path, durable=False).publish(
        "t", con, "select 1::bigint as n", N, transaction=("a", 1)
    )
    assert synced == []
    Lake(tmp_path).publish("t", con, "select 1::bigint as n", N, transaction=("a", 1))
    assert "00000000000000000000.json" in synced


def test_a_commit_that_a_dead_process_left_is_made_durable_by_the_next(tmp_path, con, synced):
    Lake(tmp_path, durable=False).append("t", con, "select 1::bigint as n", N)
    Lake(tmp_path).append("t", con, "select 1::bigint as n", N)
    assert "00000000000000000000.json" in synced


@pytest.mark.parametrize(
    "name", ["with space", "ünïcode", "per % cent", "hash#and?mark", "it's", 'a"quote']
)
def test_any_folder_will_do(tmp_path, con, name):
    lake = Lake(tmp_path / name)
    for _ in range(2):
        lake.append("raw/t", con, "select 1::bigint as n", N)
    assert Lake(str(tmp_path / name)).names() == ["raw/t"]
    lake.compact("raw/t")
    lake.view(con, "raw/t")
    assert con.execute("select count(*) from t").fetchone() == (2,)


def test_a_folder_that_delta_misreads_is_refused(tmp_path):
    with pytest.raises(LakeError, match=r"per%20cent.*Choose another folder"):
        Lake(tmp_path / "per%20cent")


def test_a_relative_folder_and_a_file_url(tmp_path, con, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Lake("lake").publish("t", con, "select 1::bigint as n", N)
    monkeypatch.chdir("/")
    assert Lake(f"file://{tmp_path}/lake").snapshot("t").rows == 1


def test_two_processes_share_what_they_see(tmp_path, con):
    one, two = Lake(tmp_path), Lake(tmp_path)
    one.publish("t", con, "select 1::bigint as n", N)
    assert two.snapshot("t").version == 0
    one.publish("t", con, "select 2::bigint as n", N)
    assert two.snapshot("t").version == 1
    one.delete("t")
    assert two.snapshot("t") is None
    one.publish("t", con, "select 2::bigint as other", {"other": "BIGINT"})
    assert two.snapshot("t").columns == {"other": "BIGINT"}


def test_a_cut_short_delete_is_finished_by_the_next(tmp_path, con, monkeypatch):
    lake = Lake(tmp_path)
    for name in ("raw/a", "raw/b"):
        lake.publish(name, con, "select 1::bigint as n", N)
    with monkeypatch.context() as patch:
        patch.setattr("shutil.rmtree", lambda _: None)
        lake.delete("raw/a")
    assert lake.names() == ["raw/b"]
    assert len(list((tmp_path / "raw").iterdir())) == 2
    lake.delete("raw/a")
    assert [path.name for path in (tmp_path / "raw").iterdir()] == ["b"]
