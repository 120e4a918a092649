"""One store of each kind; a test that asks for `store` runs on both, each time on an empty one.

Migrating takes a while, so it is done once: SQLite's files are copied, PostgreSQL's database is
made from a template once, and emptied after.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from omnix.store import Store
from omnix.store.migrating import SCRIPTS
from omnix.store.models import Base
from servers import PostgreSql, running

KINDS = ["sqlite", "postgresql"]
_TEMPLATE = "omnix_template"
_USED = "omnix_used"


@pytest.fixture(scope="session")
def store_server() -> Iterator[Any]:
    """A PostgreSQL that holds a migrated store to make others from."""
    for server in running(PostgreSql):
        server.create_database(_TEMPLATE)
        store = Store(server.url(_TEMPLATE), Path())
        store.migrate()
        store.close()
        yield server


@pytest.fixture(scope="session")
def migrated_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a migrated SQLite to copy."""
    home = tmp_path_factory.mktemp("migrated")
    store = Store("", home)
    store.migrate()
    store.scrub()
    store.close()
    return home


@pytest.fixture(params=KINDS)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """An empty, migrated store; `store.home` is a folder of its own."""
    home = tmp_path / "home"
    if request.param == "sqlite":
        shutil.copytree(request.getfixturevalue("migrated_home"), home)
        found = Store("", home)
        yield found
        found.close()
        return
    home.mkdir(mode=0o700)
    server = request.getfixturevalue("store_server")
    found = Store(server.url(_emptied(server)), home)
    yield found
    found.close()


def _emptied(server: Any) -> str:
    """The name of an empty store: the one of the test before, if that left its shape alone."""
    if not _is_whole(server):
        server.execute(
            "",
            f"drop database if exists {_USED} with (force)",
            f"create database {_USED} template {_TEMPLATE}",
        )
    return _USED


def _is_whole(server: Any) -> bool:
    """Empty every table; False where the database, its version or a trigger is not there."""
    tables = ", ".join(Base.metadata.tables)
    try:
        with server.connect(_USED) as connection:
            found = connection.execute(
                "select (select version_num from alembic_version),"
                " (select count(*) from pg_trigger where tgname like 'audit_no%')"
            ).fetchone()
            connection.execute("set session_replication_role = replica")  # no triggers meanwhile
            connection.execute(f"truncate {tables}")
            connection.execute("insert into audit_head values (1, 0, '')")
    except Exception as error:
        if "does not exist" in str(error):
            return False
        raise
    newest = max(SCRIPTS.glob("versions/[0-9]*.py")).name.partition("_")[0]
    return bool(found == (newest, 2))


def again(store: Store) -> Store:
    """The same store as another process sees it."""
    url = "" if store.is_sqlite else store.url.render_as_string(hide_password=False)
    return Store(url, store.home)
