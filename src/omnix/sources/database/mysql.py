"""MySQL and MariaDB, through pymysql."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from ssl import SSLError
from typing import TYPE_CHECKING, Any

from omnix.core.errors import SourceError, SourceUnavailable
from omnix.sources.database.arrow import QUOTE
from omnix.sources.database.mysql_types import mysql_column
from omnix.sources.database.relation import Column, Relation
from omnix.sources.database.server import Server, missing_driver

if TYPE_CHECKING:
    from omnix.sources.database.url import DatabaseUrl

#: Settings of our own session. A slow reader must not be hung up on, SQL must mean the same everywhere.
_SESSION = (
    "SET SESSION time_zone = '+00:00'",
    "SET SESSION sql_mode = ''",
    "SET SESSION net_write_timeout = 3600",
    "SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ",
)
#: Known to one of MySQL and MariaDB only: a limit on how long a SELECT may take.
_LIMITS = ("SET SESSION max_execution_time = 0", "SET SESSION max_statement_time = 0")
_UNKNOWN_VARIABLE = 1193
#: Allowed to a reader: they change nothing and show no more rows.
_HARMLESS = {
    "USAGE", "SELECT", "SHOW VIEW", "SHOW DATABASES", "PROCESS", "REPLICATION CLIENT",
    "REPLICATION SLAVE", "BINLOG MONITOR", "SLAVE MONITOR", "REPLICA MONITOR",
}  # fmt: skip
_QUOTE = f"x'{QUOTE.encode().hex()}'"
_BUSY = {1040, 1203, 1226}
_LOST = {1053, 1927, 2006, 2013, 2014, 2055}
_DENIED_TABLE = {1142, 1143}


class MySqlServer(Server):
    """A MySQL or MariaDB server, read in `START TRANSACTION WITH CONSISTENT SNAPSHOT`."""

    sql_dialect = "mysql"

    def __init__(self, url: DatabaseUrl) -> None:
        super().__init__(url)
        self._connection: Any = None

    @property
    def driver_errors(self) -> tuple[type[Exception], ...]:
        """What pymysql raises; RuntimeError where a login method lacks its package."""
        import pymysql

        return (pymysql.err.MySQLError, OSError, RuntimeError)

    def connect(self) -> None:
        """See `Server.connect`."""
        try:
            import pymysql
        except ImportError as error:
            raise missing_driver("pymysql", "mysql") from error
        with self.explained():
            self._connection = pymysql.connect(
                host=self.url.host,
                port=self.url.port,
                user=self.url.user,
                password=self.url.password.encode(),
                database=self.url.database,
                charset="utf8mb4",
                autocommit=True,
                connect_timeout=self.url.connect_timeout,
                # Also the limit for the greeting; afterwards an answer may take longer.
                read_timeout=self.url.connect_timeout,
                write_timeout=self.url.read_timeout,
                program_name="omnix",
                **self._encryption(),
            )
            self._connection._read_timeout = self.url.read_timeout
            self._begin()

    def _encryption(self) -> dict[str, Any]:
        match self.url.sslmode:
            case "disable":
                return {"ssl_disabled": True}
            case "require":
                return {"ssl": {"check_hostname": False, "verify_mode": "none"}}
            case "verify-ca":
                return {"ssl_ca": self.url.ssl_ca, "ssl_verify_cert": True}
            case "verify-full":
                return {"ssl_ca": self.url.ssl_ca, "ssl_verify_identity": True}
        return {}

    def _begin(self) -> None:
        import pymysql

        # Asked first: the session's own zone hides the server's.
        self.offset = self.rows("SELECT TIMESTAMPDIFF(SECOND, UTC_TIMESTAMP(), NOW())")[0][0]
        for statement in _SESSION:
            self.rows(statement)
        for statement in _LIMITS:
            try:
                self.rows(statement)
            except SourceError as error:
                cause = error.__cause__
                if not isinstance(cause, pymysql.Error) or cause.args[0] != _UNKNOWN_VARIABLE:
                    raise
        self.rows("START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY")

    def close(self) -> None:
        """See `Server.close`."""
        if self._connection is not None:
            with suppress(Exception):
                self._connection._force_close()
            self._connection = None

    def rows(self, sql: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """See `Server.rows`."""
        with self.explained(), self._connection.cursor() as cursor:
            cursor.execute(sql, tuple(values) or None)
            return list(cursor.fetchall())

    def lines(self, sql: str) -> Iterator[bytes]:
        """See `Server.lines`."""
        from pymysql.cursors import SSCursor

        with self.explained():
            cursor = self._connection.cursor(SSCursor)
            try:
                cursor.execute(sql)
                while rows := cursor.fetchmany(1000):
                    for (line,) in rows:
                        if line is None:
                            raise self._too_long(sql)
                        yield line
            finally:
                _finish(cursor)

    def _too_long(self, sql: str) -> SourceError:
        limit = "the server's max_allowed_packet"
        table = sql.rpartition(" FROM ")[2].partition(" WHERE ")[0]
        return SourceError(
            f"A row of {table} at {self.url.address} is longer as text than {limit}.",
            "Run: SET GLOBAL max_allowed_packet = 1073741824; and start again.",
        )

    def csv_select(self, relation: Relation, columns: Sequence[Column], where: str) -> str:
        """See `Server.csv_select`; the server joins the fields, far faster than Python would."""
        return (
            f"SELECT CAST(CONCAT({_fields(columns)}, '\\n') AS BINARY) "
            f"FROM {relation.sql} WHERE {where}"
        )

    def digest(self, columns: Sequence[Column], where: str) -> str:
        """See `Server.digest`: 60 bits of the MD5 of each row."""
        hashed = f"CAST(CONV(LEFT(MD5(CONCAT({_fields(columns)})), 15), 16, 10) AS UNSIGNED)"
        return f"SUM(CASE WHEN {where} THEN {hashed} END)"

    def now(self, column: Column) -> str:
        """See `Server.now`."""
        behind = min(self.offset, 0) if column.moment == "naive" else 0
        return f"(UTC_TIMESTAMP(6) - INTERVAL {-behind} SECOND)"

    def quoted(self, name: str) -> str:
        """See `Server.quoted`."""
        return _quoted(name)

    def literal(self, value: object) -> str:
        """See `Server.literal`."""
        return str(self._connection.escape(value))

    def account(self) -> str:
        """See `Server.account`."""
        user, _, host = str(self.rows("SELECT CURRENT_USER()")[0][0]).rpartition("@")
        return f"'{user}'@'{host}'"

    def grant(self, table: str | None = None) -> str:
        """See `Server.grant`."""
        what = _quoted(table) if table else "*"
        return f"GRANT SELECT ON {_quoted(self.url.database)}.{what} TO {self.account()};"

    def surplus(self) -> list[str]:
        """See `Server.surplus`."""
        found = self.rows(
            "SELECT privilege_type FROM information_schema.user_privileges WHERE grantee = %s "
            "UNION SELECT privilege_type FROM information_schema.schema_privileges "
            "WHERE grantee = %s UNION SELECT privilege_type "
            "FROM information_schema.table_privileges WHERE grantee = %s",
            [self.account()] * 3,
        )
        return sorted({str(name).upper() for (name,) in found} - _HARMLESS)

    def relations(self) -> list[Relation]:
        """See `Server.relations`."""
        columns, keys = self._columns(), self._keys()
        tables = self.rows(
            "SELECT t.table_name, t.table_type, t.engine, t.table_rows, e.transactions "
            "FROM information_schema.tables t "
            "LEFT JOIN information_schema.engines e ON e.engine = t.engine "
            "WHERE t.table_schema = DATABASE() ORDER BY t.table_name"
        )
        return [
            Relation(
                name=name,
                sql=_quoted(name),
                columns=tuple(columns[name][0]),
                key=keys.get(name, ()),
                hidden=tuple(columns[name][1]),
                rows=None if rows is None else int(rows),
                view="VIEW" in kind.upper(),
                remarks=_engine_remarks(name, engine, transactions),
            )
            for name, kind, engine, rows, transactions in tables
            if columns.get(name, ([], []))[0]
        ]

    def unreadable(self) -> list[str]:
        """See `Server.unreadable`; MySQL shows only tables with some privilege."""
        readable = {name for name, (seen, _) in self._columns().items() if seen}
        shown = self.rows(
            "SELECT table_name FROM information_schema.tables "
            "WHERE table_schema = DATABASE() AND table_type = 'BASE TABLE' ORDER BY table_name"
        )
        return [name for (name,) in shown if name not in readable]

    def _columns(self) -> dict[str, tuple[list[Column], list[str]]]:
        """Per table, the columns that may be read and the names of those that may not."""
        found: dict[str, tuple[list[Column], list[str]]] = {}
        for table, name, kind, full, digits, scale, privileges in self.rows(
            "SELECT table_name, column_name, data_type, column_type, numeric_precision, "
            "numeric_scale, privileges FROM information_schema.columns "
            "WHERE table_schema = DATABASE() ORDER BY table_name, ordinal_position"
        ):
            seen, hidden = found.setdefault(table, ([], []))
            if "select" in str(privileges).lower():
                types = {"data_type": _told(kind), "column_type": _told(full)}
                column = mysql_column(name, _quoted(name), **types, digits=digits, scale=scale)
                seen.append(column)
            else:
                hidden.append(name)
        return found

    def _keys(self) -> dict[str, tuple[str, ...]]:
        keys: dict[str, tuple[str, ...]] = {}
        for table, column in self.rows(
            "SELECT table_name, column_name FROM information_schema.statistics "
            "WHERE table_schema = DATABASE() AND index_name = 'PRIMARY' "
            "ORDER BY table_name, seq_in_index"
        ):
            keys[table] = (*keys.get(table, ()), column)
        return keys

    def explain(self, error: Exception) -> SourceError:
        """See `Server.explain`; the numbers are those of the MySQL error reference."""
        code, words = _code_and_words(error)
        origin = getattr(error, "original_exception", error)
        if code == 2026 or isinstance(origin, SSLError):
            return self.unencrypted(words)
        if code == 2003:
            return self.unavailable(str(getattr(error, "original_exception", None) or words))
        if code in _BUSY or code == 1129:
            return self.unavailable(words)
        if code in _LOST or isinstance(error, OSError) or code == 0:
            return self._broken(words)
        return self._refused(code, words)

    def _broken(self, words: str) -> SourceUnavailable:
        if self._connection is None:
            return self.unavailable(words)
        if "timed out" in words:
            words = f"no answer for {self.url.read_timeout:g} s"
        return self.lost(words)

    def _refused(self, code: int, words: str) -> SourceError:
        if code in (1045, 1698):
            return self.denied(words)
        if code == 1049:
            return self.no_database()
        if code == 1044:
            return SourceError(
                f"{words} at {self.url.address}.",
                f"Run as the database's administrator: GRANT SELECT ON "
                f"{_quoted(self.url.database)}.* TO {_quoted_user(self.url.user)};",
            )
        if code in _DENIED_TABLE:
            return SourceError(f"{words} at {self.url.address}.", f"Run: {self.grant()}")
        if code == 1412:
            return SourceUnavailable(
                f"A table at {self.url.address} was altered while it was read: {words}.",
                "Run the same command again; nothing half-read was kept.",
            )
        return SourceError(
            f"The database server at {self.url.address} refused a question: {words}.",
            "`omnix doctor` checks the account and the tables.",
        )


def _finish(cursor: Any) -> None:
    """Read what was not taken, so that the next statement finds a quiet line.

    On a broken line that fails; pymysql would try again whenever it frees the cursor.
    """
    result = cursor._result
    with suppress(Exception):
        cursor.close()
    cursor.connection = None
    if result is not None:
        result.unbuffered_active = False
        result.connection = None


def _fields(columns: Sequence[Column]) -> str:
    return ", ',', ".join(_field(column) for column in columns)


def _field(column: Column) -> str:
    """Null for a value that the server cannot make into text, so that none is lost in silence.

    No REPLACE: MariaDB's takes quadratic time, a minute for 400 000 marks in one text.
    """
    value = column.value
    if column.encoding == "plain":
        return f"IFNULL({value}, '')"
    if column.encoding == "marked":
        holds_quote = f"LOCATE({_QUOTE}, CAST({value} AS BINARY)) > 0"
        value = f"IF({holds_quote}, CONCAT({_QUOTE}, {_QUOTE}, TO_BASE64({value})), {value})"
    return f"IF({_quoted(column.name)} IS NULL, '', CONCAT({_QUOTE}, {value}, {_QUOTE}))"


def _quoted(name: str) -> str:
    return "`" + name.replace("`", "``") + "`"


def _quoted_user(user: str) -> str:
    return "'" + user.replace("'", "''") + "'"


def _told(value: Any) -> str:
    """MySQL 8 gives the columns of its catalogue as bytes now and then."""
    return value.decode() if isinstance(value, bytes) else str(value)


def _engine_remarks(name: str, engine: str | None, transactions: str | None) -> tuple[str, ...]:
    if engine is None or transactions == "YES":
        return ()
    return (
        f"Table {name!r} uses the engine {engine}, which has no transactions: rows that change "
        f"while omnix reads may not fit together. Run: ALTER TABLE {_quoted(name)} ENGINE=InnoDB;",
    )


def _code_and_words(error: Exception) -> tuple[int, str]:
    arguments = error.args
    if arguments and isinstance(arguments[0], int):
        words = str(arguments[1]) if len(arguments) > 1 else ""
        return arguments[0], words or "the connection is closed"
    return -1, str(error)
