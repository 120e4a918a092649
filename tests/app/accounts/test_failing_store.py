"""A store that is locked or gone: a clear error, nobody let in, nothing half done."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from app.accounts.world import OTHER_PASSWORD, PASSWORD, World
from omnix.app.accounts import Accounts
from omnix.app.accounts.errors import InvalidLink
from omnix.core.errors import StoreUnavailable
from omnix.core.settings import Settings
from omnix.store import Store, engine
from servers import free_port

DANA = "dana@shop.example"
SECRET = "a" * 43

ASKING: dict[str, Callable[[Accounts], object]] = {
    "login": lambda a: a.sign_in.login(DANA, PASSWORD),
    "second factor": lambda a: a.sign_in.second_factor(SECRET, "123456"),
    "refresh": lambda a: a.sessions.refresh(SECRET),
    "logout": lambda a: a.sessions.logout(SECRET),
    "forgot": lambda a: a.passwords.forgot(DANA),
    "reset": lambda a: a.passwords.reset(SECRET, OTHER_PASSWORD),
    "register": lambda a: a.registration.register(DANA, PASSWORD, "Dana"),
    "verify": lambda a: a.registration.verify_email(SECRET),
    "resend": lambda a: a.registration.resend(DANA),
    "key": lambda a: a.principal_of(f"omx_{SECRET}"),
    "users": lambda a: a.users.list(),
    "invite": lambda a: a.users.invite(DANA, "Dana", "admin"),
    "set-up": lambda a: a.setup.needed(),
    "set-up link": lambda a: a.setup.link(),
    "audit": lambda a: a.audit.record("x"),
    "purge": lambda a: a.purge(),
}


@pytest.fixture
def without_store(tmp_path: Path) -> Iterator[Accounts]:
    """Accounts whose PostgreSQL does not answer."""
    home = tmp_path / "home"
    home.mkdir()
    store = Store(f"postgresql://me:secret-word@127.0.0.1:{free_port()}/omnix", home)
    world = World(store, Settings.load(home))
    yield world.accounts
    world.close()


@pytest.mark.parametrize("what", ASKING)
def test_a_store_that_is_gone_is_told_in_words(without_store: Accounts, what: str) -> None:
    with pytest.raises(StoreUnavailable) as told:
        ASKING[what](without_store)
    assert told.value.transient
    for secret in ("secret-word", "127.0.0.1", PASSWORD, DANA, "SELECT", "psycopg"):
        assert secret not in str(told.value)


@pytest.fixture
def locked(migrated_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A world on SQLite, and a way to run something while another process holds the lock."""
    import shutil

    home = tmp_path / "home"
    shutil.copytree(migrated_home, home)
    monkeypatch.setattr(
        engine, "_PRAGMAS", ("busy_timeout = 20", "foreign_keys = on", "secure_delete = on")
    )
    world = World(Store("", home), Settings.load(home))

    def meanwhile(do: Callable[[], object]) -> None:
        world.accounts.settle()
        with closing(sqlite3.connect(home / engine.FILE, isolation_level=None)) as other:
            other.execute("begin immediate")
            with pytest.raises(StoreUnavailable) as told:
                do()
        assert str(home) not in str(told.value)

    yield world, meanwhile
    world.close()


def test_a_locked_store_lets_nobody_in_and_changes_nothing(locked: Any) -> None:
    world, meanwhile = locked
    world.person()
    held = world.sign_in()
    meanwhile(world.sign_in)
    meanwhile(lambda: world.accounts.sessions.refresh(held.refresh_token))
    world.clock.advance(seconds=1)
    assert world.accounts.sessions.refresh(held.refresh_token)
    assert len(world.accounts.sessions.list(world.principal(held))) == 1


def test_who_is_signed_in_stays_so_while_the_store_is_locked(locked: Any) -> None:
    world, _meanwhile = locked
    world.person()
    held = world.sign_in()
    with closing(sqlite3.connect(world.store.home / engine.FILE, isolation_level=None)) as other:
        other.execute("begin immediate")
        assert world.process().principal_of(held.access_token)


def test_a_reset_that_meets_a_locked_store_leaves_its_link_good(locked: Any) -> None:
    world, meanwhile = locked
    world.person()
    world.accounts.passwords.forgot(DANA)
    link = world.secret(DANA)
    meanwhile(lambda: world.accounts.passwords.reset(link, OTHER_PASSWORD))
    world.accounts.passwords.reset(link, OTHER_PASSWORD)
    assert world.sign_in(password=OTHER_PASSWORD)
    with pytest.raises(InvalidLink):
        world.accounts.passwords.reset(link, PASSWORD)


def test_a_mail_that_was_asked_for_waits_for_a_locked_store(locked: Any) -> None:
    """The errand tries again; its pauses are the moment in which the lock goes."""
    world, _meanwhile = locked
    world.person()
    other = sqlite3.connect(world.store.home / engine.FILE, isolation_level=None,
                            check_same_thread=False)  # fmt: skip

    process = world.process()
    process.parts.post._pause = lambda _seconds: other.rollback()
    real = process.parts.post.later

    def locked_first(*given: Any) -> None:
        other.execute("begin immediate")
        real(*given)

    process.parts.post.later = locked_first
    process.passwords.forgot(DANA)
    process.parts.post.later = real
    process.settle()
    other.close()
    assert "Choose a new password" in world.mails(DANA)[-1].subject
