"""One store: an engine, transactions on it, and its newest shape."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from omnix.store import engine as engines
from omnix.store.failures import explained

if TYPE_CHECKING:
    from sqlalchemy import Engine
    from sqlalchemy.orm import Session


def _number(name: str) -> int:
    """A name as the 64 bits that PostgreSQL's advisory locks are called by."""
    return int.from_bytes(sha256(name.encode()).digest()[:8], "big", signed=True)


class Store:
    """Where omnix keeps what changes row by row; safe to share between threads.

    `url`: empty for SQLite in `home`, or postgresql://user:password@host/database.
    """

    def __init__(self, url: str, home: Path) -> None:
        self.home = home
        self.url = engines.url_of(url, home)

    @property
    def is_sqlite(self) -> bool:
        """Whether the store is a file in the home."""
        return self.url.get_backend_name() == "sqlite"

    @property
    def is_there(self) -> bool:
        """Whether the store was ever made; of PostgreSQL only its database can tell."""
        return not self.is_sqlite or Path(self.url.database or "").exists()

    @property
    def name(self) -> str:
        """What people call this store, without a password."""
        return engines.shown(self.url)

    @cached_property
    def engine(self) -> Engine:
        """The pool of connections; made when first used."""
        with explained(self.name):
            return engines.engine_of(self.url)

    def migrate(self) -> None:
        """Bring the store to the shape that this omnix reads; several processes may call it.

        Raises:
            StoreUnavailable: the database does not answer, or another process keeps it locked.
            StoreError: the store was made by a newer omnix, or cannot be written.

        """
        from omnix.store.migrating import migrate

        with explained(self.name):
            migrate(self)

    @contextmanager
    def session(self) -> Iterator[Session]:
        """One transaction that may write: committed at the end, rolled back on any error.

        On SQLite one writer works at a time, from its first statement on; on PostgreSQL lock what you read to change it
        (`with_for_update`). Objects stay readable afterwards.

        Raises:
            StoreConflict: a row of that key is there already, or its table refuses it.
            StoreUnavailable: the store is locked or gone; nothing was written.
            StoreError: the store cannot be used.

        """
        with self._transaction(self._writers) as session:
            yield session

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """One transaction that only reads; it never waits for a writer.

        Raises:
            StoreUnavailable: the store is locked or gone.
            StoreError: the store cannot be used.

        """
        with self._transaction(self.engine) as session:
            yield session

    @contextmanager
    def _transaction(self, engine: Engine) -> Iterator[Session]:
        from sqlalchemy.orm import Session

        with (
            explained(self.name),
            Session(engine, expire_on_commit=False) as session,
            session.begin(),
        ):
            yield session

    def hold(self, session: Session, *names: str) -> None:
        """Be the only one who holds these names until the transaction of `session` ends.

        For rows that are not there yet, and so cannot be locked. SQLite's writers are alone anyway.
        """
        from sqlalchemy import func, select

        if self.is_sqlite:
            return
        for number in sorted(_number(name) for name in names):
            session.execute(select(func.pg_advisory_xact_lock(number)))

    @cached_property
    def _writers(self) -> Engine:
        """The same pool; its transactions take SQLite's write lock when they begin."""
        return self.engine.execution_options(**{engines.WRITES: True})

    def check(self) -> None:
        """Return if the store answers.

        Raises:
            StoreUnavailable: it does not.
            StoreError: it is not what omnix reads.

        """
        from sqlalchemy import text

        with self.reading() as session:
            session.execute(text("select count(*) from alembic_version"))

    def scrub(self) -> None:
        """Leave no deleted row behind in SQLite's log file; PostgreSQL's vacuum does its own."""
        if not self.is_sqlite:
            return
        with explained(self.name), self.engine.connect() as connection:
            connection.exec_driver_sql("commit")
            connection.exec_driver_sql("pragma busy_timeout = 500")  # writers wait meanwhile
            connection.exec_driver_sql("pragma wal_checkpoint(truncate)")
            connection.invalidate()

    def close(self) -> None:
        """Close every idle connection; the store can be used again afterwards."""
        if "engine" in self.__dict__:
            self.engine.dispose()
