"""What each kind of database server is asked, and the one way its troubles are told."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from omnix.core.errors import SourceError, SourceUnavailable

if TYPE_CHECKING:
    from omnix.sources.database.relation import Column, Relation
    from omnix.sources.database.url import DatabaseUrl


class Server(ABC):
    """A connection in one read-only transaction that sees one moment of the whole database.

    Only SELECT (COPY of a SELECT) and the settings of its own session are ever sent.
    """

    #: How sqlglot calls the SQL of this server.
    sql_dialect: str

    def __init__(self, url: DatabaseUrl) -> None:
        self.url = url
        #: Seconds the server's own clock is ahead of UTC; columns without a zone may follow it.
        self.offset = 0

    @abstractmethod
    def connect(self) -> None:
        """Connect, and begin the transaction.

        Raises:
            SourceUnavailable: nobody answers, or not in time.
            SourceError: the server refuses this account or has no such database.

        """

    @abstractmethod
    def close(self) -> None:
        """Give the connection back; never raises."""

    @abstractmethod
    def rows(self, sql: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """All rows of a small answer."""

    @abstractmethod
    def lines(self, sql: str) -> Iterator[bytes]:
        """Each row of a large answer as a line of CSV, while the server sends it.

        `sql` comes from `csv_select`. The iterator may be closed early; other reads then go on.
        """

    @abstractmethod
    def relations(self) -> list[Relation]:
        """All tables and views of the database of which this account may read a column."""

    @abstractmethod
    def unreadable(self) -> list[str]:
        """Names of tables that the catalogue shows but of which no column may be read."""

    @abstractmethod
    def csv_select(self, relation: Relation, columns: Sequence[Column], where: str) -> str:
        """The statement for `lines`; an empty field is null, an empty text stands in `QUOTE`s."""

    @abstractmethod
    def digest(self, columns: Sequence[Column], where: str) -> str:
        """A sum over hashes of the rows with `where`, whatever their order: equal rows, equal sum."""

    @abstractmethod
    def now(self, column: Column) -> str:
        """The present as an expression comparable with a time stamp column, never later than it."""

    @abstractmethod
    def quoted(self, name: str) -> str:
        """An identifier."""

    @abstractmethod
    def literal(self, value: object) -> str:
        """A value of a key, written into SQL."""

    @abstractmethod
    def account(self) -> str:
        """Who is asking, as GRANT names it."""

    @abstractmethod
    def grant(self, table: str | None = None) -> str:
        """The statement that lets this account read (one table, or all)."""

    @abstractmethod
    def surplus(self) -> list[str]:
        """Privileges of this account that reading does not need."""

    @abstractmethod
    def explain(self, error: Exception) -> SourceError:
        """The driver's error in our words."""

    @property
    def driver_errors(self) -> tuple[type[Exception], ...]:
        """What the driver raises."""
        raise NotImplementedError

    @contextmanager
    def explained(self) -> Iterator[None]:
        """Turn the driver's errors into ours."""
        try:
            yield
        except SourceError:
            raise
        except self.driver_errors as error:
            raise self.explain(error) from error

    def unavailable(self, reason: str) -> SourceUnavailable:
        """The server does not answer (any more)."""
        return SourceUnavailable(
            f"The database server at {self.url.address} does not answer: {reason}.",
            "Check that it runs and that a firewall lets this machine in, then run the same "
            "command again; nothing half-read was kept. A slow server may need "
            "?connect_timeout= or ?read_timeout= (seconds) in the URL.",
        )

    def lost(self, reason: str) -> SourceUnavailable:
        """The connection broke in the middle of reading."""
        return SourceUnavailable(
            f"The connection to the database server at {self.url.address} was lost: {reason}.",
            "Check the server's log and its timeouts, then run the same command again; nothing "
            "half-read was kept. A slow server may need ?read_timeout= (seconds) in the URL.",
        )

    def denied(self, detail: str) -> SourceError:
        """The server does not know this user or password."""
        return SourceError(
            f"The database server at {self.url.address} does not let user "
            f"{self.url.user!r} in: {detail}.",
            "Check the user name, and the password in the URL or in OMNIX_SOURCE_PASSWORD.",
        )

    def unencrypted(self, reason: str) -> SourceError:
        """The URL asks for TLS, and the server has none or shows another certificate."""
        return SourceError(
            f"No encrypted connection to the database server at {self.url.address} with "
            f"sslmode={self.url.sslmode}: {reason}.",
            "Let the server's administrator set up TLS, name its authority's file with ?ssl_ca=, "
            "or choose another ?sslmode= in the URL.",
        )

    def no_database(self) -> SourceError:
        """The server has no database of that name."""
        return SourceError(
            f"The database server at {self.url.address} has no database {self.url.database!r}.",
            "Check the name at the end of the URL.",
        )


def missing_driver(package: str, extra: str) -> SourceError:
    """The Python driver of this kind of server is not installed."""
    return SourceError(
        f"Reading {extra} databases needs the Python package {package!r}, which is not installed.",
        f"Run: pip install 'omnix[{extra}]'",
    )
