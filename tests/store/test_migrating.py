"""Models and migrations agree, and starting many at once does no harm."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect, text

from omnix.core.errors import StoreConflict, StoreError
from omnix.store import Store
from omnix.store.models import Base
from store.opening import KINDS, again


@pytest.fixture(params=KINDS)
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Any:
    """A store that nobody has migrated yet."""
    if request.param == "sqlite":
        yield Store("", tmp_path)
        return
    server = request.getfixturevalue("store_server")
    server.create_database("empty")
    store = Store(server.url("empty"), tmp_path)
    yield store
    store.close()


def tables(store: Store) -> set[str]:
    return set(inspect(store.engine).get_table_names())


def test_models_and_migrations_agree(store: Store) -> None:
    with store.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []


def test_every_table_and_its_time_columns_are_there(store: Store) -> None:
    assert tables(store) == {*Base.metadata.tables, "alembic_version"}


def test_again_changes_nothing(store: Store) -> None:
    with store.session() as session:
        session.execute(text("update audit_head set digest = 'kept'"))
    store.migrate()
    with store.reading() as session:
        assert session.execute(text("select digest from audit_head")).scalar() == "kept"


def test_many_threads_at_once(empty: Store) -> None:
    stores = [again(empty) for _ in range(6)]
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(Store.migrate, stores))
    for each in stores:
        each.check()
        each.close()


def test_many_processes_at_once(empty: Store) -> None:
    program = (
        "import sys; from pathlib import Path; from omnix.store import Store;"
        "s = Store(sys.argv[1], Path(sys.argv[2])); s.migrate(); s.check()"
    )
    url = "" if empty.is_sqlite else empty.url.render_as_string(hide_password=False)
    command = [sys.executable, "-c", program, url, str(empty.home)]
    started = [subprocess.Popen(command) for _ in range(3)]
    assert [each.wait(120) for each in started] == [0, 0, 0]


def test_a_migration_that_fails_leaves_nothing(empty: Store) -> None:
    with empty.session() as session:
        session.execute(text("create table web_vitals (in_the_way integer)"))
    with pytest.raises(StoreError):
        empty.migrate()
    assert tables(empty) <= {"web_vitals", "alembic_version"}
    with empty.session() as session:
        session.execute(text("drop table web_vitals"))
    empty.migrate()
    empty.check()


def test_a_store_of_a_newer_omnix_is_left_alone(store: Store) -> None:
    with store.session() as session:
        session.execute(text("update alembic_version set version_num = '9999'"))
    with pytest.raises(StoreError, match="newer omnix"):
        store.migrate()


def _log_something(store: Store) -> None:
    with store.session() as session:
        session.execute(
            text(
                "insert into audit (id, at, action, outcome, detail, digest) values "
                "(1, '2026-01-01 00:00:00', 'a', 'success', '{}', 'd')"
            )
        )


@pytest.mark.parametrize("change", ["update audit set action = 'b'", "delete from audit"])
def test_the_audit_log_refuses_to_be_rewritten(store: Store, change: str) -> None:
    _log_something(store)
    with pytest.raises(StoreConflict), store.session() as session:
        session.execute(text(change))
    with store.reading() as session:
        assert session.execute(text("select action from audit")).scalars().all() == ["a"]


def test_nor_can_it_be_emptied_in_postgresql(store: Store) -> None:
    if store.is_sqlite:
        pytest.skip("SQLite has no truncate")
    with pytest.raises(StoreConflict), store.session() as session:
        session.execute(text("truncate audit"))
