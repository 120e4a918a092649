"""Queries over a lake that lives: versions, rewrites in the middle, copies and who may see them."""

from __future__ import annotations

import stat
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from omnix.core.table import Column
from omnix.sandbox.errors import BusyError, RefusedError
from omnix.sandbox.exposed import Exposed
from sandbox.homes import PERSONAL, Canaries, canaries, permissions, publish

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="queries need Linux")
ANALYST, MANAGER = permissions("analyst"), permissions("manager")


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Canaries]:
    with canaries(tmp_path, seconds=20) as made:
        yield made


def count(home: Canaries, table: str, who: frozenset[str] = ANALYST) -> int:
    return int(home.sql.run(f"select count(*) from {table}", who).rows[0][0])


def test_a_new_version_is_read_at_once(home: Canaries) -> None:
    for rows in (50, 7, 0, 20):
        publish(home.app, "orders", rows)
        assert count(home, "orders") == count(home, "orders", MANAGER) == rows
    result = home.sql.run("select count(*) from orders, customers", ANALYST)
    assert [(each["table"], each["version"]) for each in result.provenance] == [
        ("customers", 0), ("orders", 4),
    ]  # fmt: skip


def test_copies_hold_what_the_role_sees_and_no_more(home: Canaries) -> None:
    folder = home.home / "cache" / "exposed"
    copies = sorted(folder.iterdir())
    assert {each.name.split(".")[0] for each in copies} == {
        "customers",
        "orders",
        "payments",
        "reviews",
    }
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(each.stat().st_mode) for each in copies} == {0o600}
    assert not any(PERSONAL.encode() in each.read_bytes() for each in copies)


def test_copies_of_old_versions_go_and_erasing_takes_all(home: Canaries) -> None:
    folder = home.home / "cache" / "exposed"
    publish(home.app, "customers", 3)
    assert count(home, "customers") == 3
    assert [each.name.split(".")[1] for each in folder.glob("customers.*")] == ["1"]
    home.sql.forget("customers")
    assert not list(folder.glob("customers.*"))
    assert list(folder.glob("orders.*"))
    assert count(home, "customers") == 3
    home.sql.forget()
    assert not folder.exists()
    assert count(home, "customers") == 3


def test_changed_and_deleted_rows_are_read_as_they_are_now(home: Canaries) -> None:
    import duckdb

    from sandbox.homes import rows_sql

    table = home.app.graph.tables["customers"]
    with duckdb.connect() as con:
        home.app.lake.publish(
            table.path, con, rows_sql(table.columns, 4), table.columns, key=table.key
        )
        changed = f"""select * replace ('changed' as country), 9 + i as _row, i = 1 as _deleted
            from (select *, row_number() over () as i from ({rows_sql(table.columns, 2)}))"""
        columns = table.columns
        home.app.lake.append(
            table.path, con, changed.replace("select * replace", "select * exclude (i) replace"),
            columns, key=table.key, changes=True,
        )  # fmt: skip
    for who in (ANALYST, MANAGER):
        rows = home.sql.run("select country from customers order by 1", who).rows
        assert rows == [["changed"], ["v2"], ["v3"]]


def test_a_lake_rewritten_during_reads_gives_whole_versions(home: Canaries) -> None:
    """Each answer is one version: as many rows as it was published with, whatever goes on."""
    ended = threading.Event()
    published = [50]

    def rewrite() -> None:
        for rows in (10, 20, 30, 40, 60, 70):
            published.append(rows)
            publish(home.app, "orders", rows)
            home.app.lake.vacuum("curated/orders", keep_versions=1, older_than=None)
        ended.set()

    writer = threading.Thread(target=rewrite)
    writer.start()
    seen = []
    while not ended.is_set():
        try:
            seen.append(count(home, "orders"))
        except BusyError:
            continue
    writer.join()
    assert set(seen) <= set(published)
    assert count(home, "orders") == 70


def test_a_table_that_vanished_is_told(home: Canaries) -> None:
    assert count(home, "orders") == 50
    home.app.lake.delete("curated/orders")
    with pytest.raises(RefusedError, match="orders was never built"):
        count(home, "orders")
    assert count(home, "customers") == 50


def test_a_damaged_table_does_not_keep_others_from_being_read(home: Canaries) -> None:
    publish(home.app, "orders", 5)
    snapshot = home.app.lake.snapshot("curated/orders")
    assert snapshot
    Path(snapshot.files[0]).write_bytes(b"PAR1 no more")
    with pytest.raises(RefusedError) as caught:
        count(home, "orders")
    assert "orders" in str(caught.value)
    assert str(home.home) not in str(caught.value)
    assert count(home, "customers") == 50


def test_limits_and_forms(home: Canaries) -> None:
    result = home.sql.run("select order_id from orders order by 1", ANALYST, limit=2, format="csv")
    assert result.data.decode().split() == ["order_id", "v0", "v1"]
    assert result.truncated
    with pytest.raises(RefusedError, match="100,000 are allowed"):
        home.sql.run("select '" + "x" * 200_000 + "'", ANALYST)


def test_a_query_can_be_checked_where_it_can_be_stopped(home: Canaries) -> None:
    tables = [Exposed("own", "curated", {"a": Column("int64", "A.")})]
    found = home.sql.check("select a + 1 as b from own", tables)
    assert (found.tables, found.columns) == (("own",), (("b", "BIGINT"),))
    with pytest.raises(RefusedError, match="no column 'c'"):
        home.sql.check("select c from own", tables)


def test_nothing_runs_after_close(tmp_path: Path) -> None:
    with canaries(tmp_path) as made:
        assert count(made, "orders") == 50
        pool = made.sql._the_pool()
        made.sql.close()
        assert pool._nursery is None
        assert count(made, "orders") == 50  # asked again, it begins again
