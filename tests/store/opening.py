"""One store of each kind; a test that asks for `store` runs on both, each time on an empty one.

Migrating takes a while, so it is done once: SQLite's files are copied, PostgreSQL's database is
made from a template.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from omnix.store import Store
from servers import PostgreSql, running

KINDS = ["sqlite", "postgresql"]
_TEMPLATE = "omnix_template"
_numbers = count(1)


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
    name = f"omnix_{next(_numbers)}"
    server.execute("", f"create database {name} template {_TEMPLATE}")
    found = Store(server.url(name), home)
    yield found
    found.close()
    server.execute("", f"drop database {name} with (force)")


def again(store: Store) -> Store:
    """The same store as another process sees it."""
    url = "" if store.is_sqlite else store.url.render_as_string(hide_password=False)
    return Store(url, store.home)
