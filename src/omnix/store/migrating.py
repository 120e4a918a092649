"""Brings a store to its newest shape, one process at a time."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from omnix.core.errors import StoreError
from omnix.store.engine import make_private

if TYPE_CHECKING:
    from alembic.config import Config
    from sqlalchemy import Connection

    from omnix.store.store import Store

_ADVISORY_LOCK = 0x6F6D6E6978  # "omnix"
SCRIPTS = Path(__file__).with_name("migrations")


def migrate(store: Store) -> None:
    """Run what is missing of the migrations, in one transaction each, under a lock.

    Raises:
        StoreError: the store has a shape that this omnix has never heard of.

    """
    if store.is_sqlite:
        _keep_a_log(store)
    with _alone(store) as connection:
        _refuse_newer(connection)
        _upgrade(connection)


def config_for(connection: Connection) -> Config:
    """Alembic's configuration: the migrations inside this package, on an open connection."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def _upgrade(connection: Connection) -> None:
    from alembic import command

    command.upgrade(config_for(connection), "head")


@contextmanager
def _alone(store: Store) -> Iterator[Connection]:
    """A connection on which nobody else migrates: by a file beside SQLite's, else by the server."""
    if store.is_sqlite:
        with _file_lock(store), store._writers.connect() as connection:
            yield connection
        return
    with store.engine.connect() as connection:
        connection.exec_driver_sql("set lock_timeout = '120s'; set statement_timeout = '300s'")
        connection.exec_driver_sql(f"select pg_advisory_lock({_ADVISORY_LOCK})")
        connection.commit()
        try:
            yield connection
        finally:
            connection.rollback()
            connection.exec_driver_sql(f"select pg_advisory_unlock({_ADVISORY_LOCK})")
            connection.commit()
            connection.invalidate()  # its longer time-outs are not for others


@contextmanager
def _file_lock(store: Store) -> Iterator[None]:
    file = Path(store.url.database or "").with_suffix(".lock")
    make_private(file)
    with file.open("a") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


def _keep_a_log(store: Store) -> None:
    """Write-ahead logging, which readers need not wait for; SQLite remembers it in the file."""
    with _file_lock(store), store.engine.connect() as connection:
        connection.exec_driver_sql("commit")
        mode = connection.exec_driver_sql("pragma journal_mode = wal").scalar()
    if mode != "wal":
        raise StoreError(
            f"SQLite cannot keep a write-ahead log in {store.home.name}/store (mode {mode!r}).",
            "Put the home on a local file system, or set store.url to a PostgreSQL.",
        )


def _refuse_newer(connection: Connection) -> None:
    from alembic.runtime.migration import MigrationContext
    from alembic.script import ScriptDirectory

    known = {script.revision for script in ScriptDirectory(str(SCRIPTS)).walk_revisions()}
    present = set(MigrationContext.configure(connection).get_current_heads())
    connection.rollback()
    if unknown := present - known:
        raise StoreError(
            f"The store was made by a newer omnix (its shape is {', '.join(sorted(unknown))}).",
            "Upgrade omnix, or restore the store from before.",
        )
