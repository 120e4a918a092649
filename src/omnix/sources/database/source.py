"""A MySQL, MariaDB or PostgreSQL database as a source."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from tenacity import (
    Retrying,
    retry_if_exception_type,
    stop_after_attempt,
    stop_after_delay,
    stop_any,
    wait_exponential,
)

from omnix.core.errors import SourceError, SourceUnavailable
from omnix.sources.database.preflight import findings
from omnix.sources.database.session import DatabaseSession
from omnix.sources.database.url import DatabaseUrl

if TYPE_CHECKING:
    from omnix.sources.database.server import Server


class DatabaseSource:
    """Reads a shop's database: one snapshot of all tables, then what changed.

    Only SELECT is needed, and nothing else is ever sent. `tables` limits it to some by name
    (views count only when named). A batch holds at most `chunk_rows` rows. Each later read goes
    `overlap` back behind the newest change seen, for rows whose transaction ended late; it should
    be longer than the shop's longest transaction. Keys are due for comparison every `keys_every`
    reads (`DatabaseSession.keys_due`).
    """

    def __init__(
        self,
        url: str,
        *,
        tables: Sequence[str] | None = None,
        chunk_rows: int = 100_000,
        overlap: timedelta = timedelta(minutes=10),
        keys_every: int = 24,
    ) -> None:
        self._url = DatabaseUrl.parse(url)
        self._tables = None if tables is None else tuple(tables)
        self._chunk_rows = chunk_rows
        self._overlap = overlap
        self._keys_every = keys_every

    @property
    def description(self) -> str:
        """The URL without its password."""
        return self._url.description

    def __repr__(self) -> str:
        return f"DatabaseSource({self.description!r})"

    @contextmanager
    def open(self) -> Iterator[DatabaseSession]:
        """Begin one consistent read of all tables.

        Raises:
            SourceUnavailable: the server does not answer, also after three tries.
            SourceError: it refuses the account, or lacks the database or a table.

        """
        server = self._connected()
        try:
            yield DatabaseSession(
                server,
                self._tables,
                chunk_rows=self._chunk_rows,
                overlap=self._overlap,
                keys_every=self._keys_every,
            )
        finally:
            server.close()

    def preflight(self) -> list[str]:
        """What is missing, too much or surprising, each with the statement that helps."""
        try:
            server = self._connected()
        except SourceError as error:
            return [str(error)]
        try:
            return list(findings(server, self._tables))
        except SourceError as error:
            return [str(error)]
        finally:
            server.close()

    def _connected(self) -> Server:
        server = self._server()
        if self._url.ssl_ca and not Path(self._url.ssl_ca).is_file():
            raise SourceError(
                f"The file {self._url.ssl_ca} of ?ssl_ca= in the database URL is not there.",
                "Name the file with the certificate of the server's authority.",
            )
        try:
            _connect(server)
        except BaseException:
            server.close()
            raise
        return server

    def _server(self) -> Server:
        if self._url.dialect == "mysql":
            from omnix.sources.database.mysql import MySqlServer

            return MySqlServer(self._url)
        from omnix.sources.database.postgres import PostgresServer

        return PostgresServer(self._url)


def _connect(server: Server) -> None:
    """Up to three tries, for a server that is just starting; none after a whole time limit."""
    for attempt in Retrying(
        retry=retry_if_exception_type(SourceUnavailable),
        stop=stop_any(stop_after_attempt(3), stop_after_delay(server.url.connect_timeout)),
        wait=wait_exponential(multiplier=0.1, max=1),
        reraise=True,
    ):
        with attempt:
            server.close()
            server.connect()
