"""How each database is opened: SQLite so that what is committed stays, PostgreSQL so that it ends.

SQLite: https://sqlite.org/pragma.html; the driver's own idea of transactions is switched off, as
https://docs.sqlalchemy.org/en/21/dialects/sqlite.html#pysqlite-serializable describes.
"""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from omnix.core.errors import StoreError
from omnix.core.private_files import make_empty

if TYPE_CHECKING:
    from sqlalchemy import URL, Connection, Engine

WRITES = "omnix_writes"
BUSY_SECONDS = 8  # a writer waits so long for another
FILE = Path("store", "omnix.sqlite")

_PRAGMAS = (
    f"busy_timeout = {BUSY_SECONDS * 1000}",
    "foreign_keys = on",
    "secure_delete = on",
    "synchronous = full",
    "trusted_schema = off",
)
_POSTGRES_OPTIONS = (
    f"-c timezone=UTC -c lock_timeout={BUSY_SECONDS}s -c statement_timeout=30s "
    "-c idle_in_transaction_session_timeout=60s"
)


def url_of(given: str, home: Path) -> URL:
    """The address of a store as SQLAlchemy writes it.

    Raises:
        StoreError: it is no address, or of a database that omnix does not keep a store in.

    """
    from sqlalchemy import URL
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import ArgumentError

    if not given:
        return URL.create("sqlite+pysqlite", database=str(home / FILE))
    try:
        url = make_url(given)
    except (ArgumentError, ValueError):
        raise StoreError("The store's URL is not a URL.", _EXPECTED) from None
    if url.drivername not in {"postgresql", "postgres", "postgresql+psycopg"} or not url.database:
        raise StoreError(f"{url.drivername}://… is no store, or names no database.", _EXPECTED)
    return url.set(drivername="postgresql+psycopg")


_EXPECTED = "Set store.url to postgresql://user:password@host/database, or leave it empty."


def shown(url: URL) -> str:
    """What a store is called: it may reach people, so no folder, host or user is named."""
    kind = "SQLite in the home" if url.get_backend_name() == "sqlite" else "PostgreSQL"
    return f"the store ({kind})"


def engine_of(url: URL) -> Engine:
    """A pool of connections to `url`; makes SQLite's file, readable by its owner only."""
    return _sqlite(url) if url.get_backend_name() == "sqlite" else _postgres(url)


def _sqlite(url: URL) -> Engine:
    from sqlalchemy import create_engine, event

    file = Path(url.database or "")
    make_private(file)
    engine = create_engine(
        url,
        pool_size=8,
        max_overflow=56,
        pool_timeout=BUSY_SECONDS,
        creator=lambda: _opened(file),
    )
    event.listen(engine, "connect", _set_pragmas)
    event.listen(engine, "begin", _begin)
    return engine


def _postgres(url: URL) -> Engine:
    from sqlalchemy import create_engine

    _require_driver()
    connect = {"connect_timeout": "5", "options": _POSTGRES_OPTIONS, "application_name": "omnix"}
    return create_engine(
        url,
        pool_size=8,
        max_overflow=24,
        pool_timeout=BUSY_SECONDS,
        pool_pre_ping=True,  # a server that was restarted is not an error
        connect_args={key: value for key, value in connect.items() if key not in url.query},
    )


def _require_driver() -> None:
    try:
        import psycopg  # noqa: F401 - whether it can be
    except ImportError:
        raise StoreError(
            "A store in PostgreSQL needs the package psycopg, which is not installed.",
            "Run `pip install 'omnix[postgres]'`.",
        ) from None


def make_private(file: Path) -> None:
    """Make an empty `file` of mode 600 in a folder of mode 700; one that is there is tightened.

    SQLite gives its log files the mode of the file itself.

    Raises:
        StoreError: the folder or the file cannot be made or written.

    """
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        file.parent.chmod(0o700)
        with suppress(FileExistsError):
            make_empty(file)
        file.chmod(0o600)
    except OSError as error:
        raise StoreError(
            f"The store in the home folder cannot be opened: {error.strerror}.",
            "Give yourself the right to write there.",
        ) from None


def _opened(file: Path) -> sqlite3.Connection:
    """A connection to a file that is there: one that has vanished is not made anew, and empty."""
    return sqlite3.connect(
        f"{file.absolute().as_uri()}?mode=rw",
        uri=True,
        timeout=BUSY_SECONDS,
        check_same_thread=False,
    )


def _set_pragmas(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # the driver begins nothing by itself
    for pragma in _PRAGMAS:
        connection.execute(f"pragma {pragma}")


def _begin(connection: Connection) -> None:
    """A writer takes the lock at once: one that reads first could no longer wait for it."""
    writes = connection.get_execution_options().get(WRITES, False)
    connection.exec_driver_sql("begin immediate" if writes else "begin")
