"""The cache in front of an object store."""

from uuid import uuid4

import pytest

from omnix.core.errors import LakeError
from omnix.lake import Lake

N = {"n": "BIGINT"}


def test_a_second_machine_fetches_each_file_once(s3, tmp_path, con, monkeypatch):
    url = f"s3://lake/{uuid4().hex}/deep"
    Lake(url, storage_options=s3, cache=tmp_path / "a").publish(
        "raw/t", con, "select i as n from range(9) r(i)", N
    )
    other = Lake(url, storage_options=s3, cache=tmp_path / "b")
    snapshot = other.snapshot("raw/t")
    assert not list((tmp_path / "b").rglob("*.parquet"))
    assert snapshot.files == [str(path) for path in (tmp_path / "b").rglob("*.parquet")]
    monkeypatch.setattr(other._files, "_fetch", lambda *_: pytest.fail("fetched again"))
    other.view(con, "raw/t")
    assert con.execute("select count(*) from t").fetchone() == (9,)
    assert not list(tmp_path.rglob("*.part"))


def test_half_a_file_in_the_cache_is_fetched_anew(s3, tmp_path, con):
    lake = Lake(f"s3://lake/{uuid4().hex}", storage_options=s3, cache=tmp_path)
    lake.publish("t", con, "select i as n from range(9) r(i)", N)
    (path,) = tmp_path.rglob("*.parquet")
    path.write_bytes(path.read_bytes()[:50])
    lake.view(con, "t")
    assert con.execute("select count(*) from t").fetchone() == (9,)


def test_what_retention_removes_leaves_the_cache_too(s3, tmp_path, con):
    lake = Lake(f"s3://lake/{uuid4().hex}", storage_options=s3, cache=tmp_path)
    for _ in range(3):
        lake.publish("t", con, "select 1::bigint as n", N)
    assert len(list(tmp_path.rglob("*.parquet"))) == 3
    lake.vacuum("t", keep_versions=1, older_than=None)
    assert len(list(tmp_path.rglob("*.parquet"))) == 1


def test_keys_from_the_environment(s3, tmp_path, con, monkeypatch):
    for name, value in s3.items():
        monkeypatch.setenv(name, value)
    lake = Lake(f"s3://lake/{uuid4().hex}", cache=tmp_path)
    lake.publish("t", con, "select 1::bigint as n", N)
    assert lake.names() == ["t"]


def test_a_store_that_does_not_answer_is_named(tmp_path, con):
    options = {"AWS_ENDPOINT_URL": "http://127.0.0.1:9", "AWS_ALLOW_HTTP": "true", "AWS_ACCESS_KEY_ID": "x",
               "AWS_SECRET_ACCESS_KEY": "secret-needle", "AWS_REGION": "us-east-1", "max_retries": "1", "retry_timeout": "1s"}  # fmt: skip
    lake = Lake("s3://lake/x", storage_options=options, cache=tmp_path)
    for ask in (
        lake.names,
        lambda: lake.snapshot("t"),
        lambda: lake.publish("t", con, "select 1::bigint as n", N),
        lambda: lake.delete("t"),
    ):
        with pytest.raises(
            LakeError, match=r"object store does not answer while .* in s3://lake/x"
        ) as failure:
            ask()
        assert "secret-needle" not in str(failure.value)
        assert len(str(failure.value)) < 700
    assert not list(tmp_path.rglob("*.parquet"))


def test_a_store_that_dies_during_a_publish(s3, tmp_path, con, monkeypatch):
    options = {**s3, "max_retries": "1", "retry_timeout": "1s"}
    lake = Lake(f"s3://lake/{uuid4().hex}", storage_options=options, cache=tmp_path)
    lake.publish("t", con, "select 1::bigint as n", N)
    dead = Lake(
        lake._files._url,
        storage_options={**options, "AWS_ENDPOINT_URL": "http://127.0.0.1:9"},
        cache=tmp_path,
    )
    with monkeypatch.context() as patch:
        patch.setattr(lake._files, "keep", dead._files.keep)
        with pytest.raises(LakeError, match=r"does not answer while writing"):
            lake.publish("t", con, "select 2::bigint as n", N)
    lake.view(con, "t")
    assert con.execute("from t").fetchall() == [(1,)]


def test_a_bucket_that_is_not_there(s3, tmp_path, con):
    lake = Lake("s3://no-such-bucket/x", storage_options=s3, cache=tmp_path)
    with pytest.raises(LakeError, match="bucket does not exist"):
        lake.publish("t", con, "select 1::bigint as n", N)
