"""A store keeps what is committed, and tells in words what is wrong."""

from __future__ import annotations

import sqlite3
import stat
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from omnix.core.errors import OmnixError, StoreConflict, StoreError, StoreUnavailable
from omnix.store import Store, engine
from omnix.store.models import Attempt, ServiceRun, User, WebVital
from servers import free_port

AT = datetime(2026, 3, 1, 12, 30, 0, 123456, tzinfo=UTC)


def user(email: str = "dana@shop.example", **more: Any) -> User:
    return User(
        email=email, name="Dana", role="analyst", is_active=True, created_at=AT, updated_at=AT, **more
    )  # fmt: skip


def add(store: Store, *rows: Any) -> None:
    with store.session() as session:
        for row in rows:
            session.add(row)
            session.flush()


def emails(store: Store) -> list[str]:
    with store.reading() as session:
        return list(session.scalars(text("select email from users order by email")))


def test_what_is_committed_stays(store: Store) -> None:
    with store.session() as session:
        session.add(user())
    assert emails(store) == ["dana@shop.example"]


def test_an_error_takes_all_back(store: Store) -> None:
    with pytest.raises(StoreConflict):
        add(store, user("first@shop.example"), user("same@shop.example"), user("same@shop.example"))
    assert emails(store) == []


def test_errors_of_the_caller_stay_what_they_are(store: Store) -> None:
    with pytest.raises(FileNotFoundError), store.session():
        raise FileNotFoundError


def test_times_come_back_in_utc_whatever_zone_they_came_in(store: Store) -> None:
    there = AT.astimezone(timezone(timedelta(hours=-9)))
    with store.session() as session:
        session.add(user(last_login_at=there))
    with store.reading() as session:
        found = session.query(User).one().last_login_at
    assert found == AT
    assert found is not None
    assert found.tzinfo is UTC


def test_times_are_compared_as_moments(store: Store) -> None:
    with store.session() as session:
        session.add(user())
    there = (AT + timedelta(minutes=1)).astimezone(timezone(timedelta(hours=14)))
    with store.reading() as session:
        assert session.query(User).where(User.created_at < there).count() == 1


def test_a_time_without_a_zone_is_refused(store: Store) -> None:
    with pytest.raises(StoreError, match="no time zone"), store.session() as session:
        session.add(Attempt(bucket="b", at=AT.replace(tzinfo=None)))


def test_a_second_row_of_one_key_is_a_conflict(store: Store) -> None:
    with store.session() as session:
        session.add(user())
    with pytest.raises(StoreConflict) as told, store.session() as session:
        session.add(user())
    assert "dana" not in str(told.value)


def test_a_constraint_is_a_conflict(store: Store) -> None:
    with pytest.raises(StoreConflict), store.session() as session:
        session.add(ServiceRun(run_id="r", status="sleeping", requested_at=AT))


def test_a_reference_to_nobody_is_a_conflict(store: Store) -> None:
    from omnix.store.models import RecoveryCode

    with pytest.raises(StoreConflict), store.session() as session:
        session.add(RecoveryCode(user_id="nobody", code_hash="x"))


def test_half_a_character_is_told(store: Store) -> None:
    with pytest.raises(StoreError) as told, store.session() as session:
        session.add(user(language="\ud800"))
    assert type(told.value) is not OmnixError


def test_a_reader_does_not_wait_for_a_writer(store: Store) -> None:
    with store.session() as session:
        session.add(user())
        session.flush()
        assert emails(store) == []
    assert emails(store) == ["dana@shop.example"]


def test_what_two_colleagues_keep_fits(store: Store) -> None:
    with store.session() as session:
        session.add(ServiceRun(run_id="r1", status="queued", requested_at=AT, progress={"done": 1}))
        session.add(WebVital(name="LCP", value=812.5, page="/data", rating="good", at=AT))
    with store.reading() as session:
        run, vital = session.query(ServiceRun).one(), session.query(WebVital).one()
    assert (run.progress, run.message, run.started_at) == ({"done": 1}, "", None)
    assert (vital.value, vital.at) == (812.5, AT)


def test_check_passes_on_a_good_store(store: Store) -> None:
    store.check()


def test_a_closed_store_can_be_used_again(store: Store) -> None:
    store.check()
    store.close()
    store.check()


# SQLite


@pytest.fixture
def file_store(tmp_path: Path) -> Store:
    store = Store("", tmp_path / "home")
    store.migrate()
    return store


def _file(store: Store) -> Path:
    return store.home / engine.FILE


def test_only_its_owner_may_read_it(file_store: Store) -> None:
    with file_store.session() as session:
        session.add(user())
    folder = _file(file_store).parent
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    found = {f.name: stat.S_IMODE(f.stat().st_mode) for f in folder.glob("omnix.sqlite*")}
    assert found.keys() >= {"omnix.sqlite", "omnix.sqlite-wal"}
    assert set(found.values()) == {0o600}


def test_a_file_that_others_could_read_is_tightened(file_store: Store) -> None:
    file_store.close()
    _file(file_store).chmod(0o644)
    Store("", file_store.home).check()
    assert stat.S_IMODE(_file(file_store).stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("pragma", "value"),
    [("journal_mode", "wal"), ("secure_delete", 1), ("foreign_keys", 1), ("synchronous", 2)],
)
def test_sqlite_is_set_to_keep_what_is_committed(
    file_store: Store, pragma: str, value: object
) -> None:
    with file_store.reading() as session:
        assert session.execute(text(f"pragma {pragma}")).scalar() == value


def test_deleted_text_is_gone_from_the_files(file_store: Store) -> None:
    with file_store.session() as session:
        session.add(user("findme@shop.example"))
    file_store.scrub()
    assert b"findme@" in _file(file_store).read_bytes()
    with file_store.session() as session:
        session.execute(text("delete from users"))
    file_store.scrub()
    left = b"".join(f.read_bytes() for f in _file(file_store).parent.iterdir())
    assert b"findme@" not in left


def test_a_locked_file_is_unavailable_for_now(
    file_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "_PRAGMAS", ("busy_timeout = 20",))
    with closing(sqlite3.connect(_file(file_store), isolation_level=None)) as other:
        other.execute("begin immediate")
        with pytest.raises(StoreUnavailable) as told:
            add(Store("", file_store.home), user())
        assert emails(file_store) == []  # reading goes on
    assert told.value.transient
    assert str(file_store.home) not in str(told.value)


def test_a_file_that_vanished_is_not_made_anew_and_empty(file_store: Store) -> None:
    file_store.close()
    for each in _file(file_store).parent.glob("omnix.sqlite*"):
        each.unlink()
    with pytest.raises(StoreUnavailable) as told:
        file_store.check()
    assert not _file(file_store).exists()
    assert str(file_store.home) not in str(told.value)


def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    file = tmp_path / engine.FILE
    file.parent.mkdir()
    file.write_text("this is no database " * 100)
    with pytest.raises(StoreError, match="not a database"):
        Store("", tmp_path).migrate()


def test_a_store_that_was_never_migrated_is_told(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no such table"):
        Store("", tmp_path).check()


def test_a_home_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "store").write_text("a file where a folder should be")
    with pytest.raises(StoreError, match="cannot be opened"):
        Store("", tmp_path).migrate()


# PostgreSQL


def test_a_server_that_is_gone_is_unavailable_for_now(tmp_path: Path) -> None:
    store = Store(f"postgresql://me:secret-word@127.0.0.1:{free_port()}/omnix", tmp_path)
    with pytest.raises(StoreUnavailable) as told:
        store.check()
    assert "secret-word" not in str(told.value)


def _add_over_a_cut(store: Store, cut: Callable[[], None]) -> None:
    with store.session() as session:
        session.add(user())
        session.flush()
        cut()
        session.add(user("second@shop.example"))


def test_a_connection_that_the_server_cut_is_replaced(store_server: Any, tmp_path: Path) -> None:
    store_server.create_database("cut")
    store = Store(store_server.url("cut"), tmp_path)
    store.migrate()
    cut = "select pg_terminate_backend(pid) from pg_stat_activity where datname = 'cut'"
    with pytest.raises(StoreUnavailable):
        _add_over_a_cut(store, lambda: store_server.execute("", cut))
    assert emails(store) == []
    store_server.execute("", cut)
    store.check()
    store.close()


def test_a_row_that_somebody_holds_is_unavailable_for_now(
    store_server: Any, tmp_path: Path
) -> None:
    store_server.create_database("held")
    store = Store(store_server.url("held") + "?options=-c%20lock_timeout%3D50ms", tmp_path)
    store.migrate()
    with store.session() as session:
        session.add(user())
    update = text("update users set name = 'x'")
    with store.session() as first:
        first.execute(update)
        with pytest.raises(StoreUnavailable), store.session() as second:
            second.execute(update)
    store.close()


def test_a_wrong_password_is_told_without_it(store_server: Any, tmp_path: Path) -> None:
    store = Store(store_server.url("postgres", password="wrong-word"), tmp_path)
    with pytest.raises(StoreError, match="authentication failed") as told:
        store.check()
    assert not told.value.transient
    assert "wrong-word" not in str(told.value)
    assert "127.0.0.1" not in str(told.value)


def test_a_driver_that_is_not_installed_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(StoreError, match="pip install 'omnix\\[postgres\\]'"):
        Store("postgresql://me@127.0.0.1/omnix", tmp_path).check()


def test_a_database_that_is_not_there_is_told(store_server: Any, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match='"nowhere" does not exist'):
        Store(store_server.url("nowhere"), tmp_path).check()


@pytest.mark.parametrize(
    "url",
    ["mysql://me:word@host/db", "postgresql://me:word@host", "::", "sqlite:///x", "postgres:/x"],
)
def test_what_is_no_store_is_refused(url: str, tmp_path: Path) -> None:
    with pytest.raises(StoreError) as told:
        Store(url, tmp_path)
    assert "word" not in told.value.what
    assert "store.url" in told.value.step
