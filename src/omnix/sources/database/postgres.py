"""PostgreSQL, through psycopg 3."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from omnix.core.errors import SourceError, SourceUnavailable
from omnix.sources.database.arrow import QUOTE
from omnix.sources.database.postgres_types import postgres_column
from omnix.sources.database.relation import Column, Relation
from omnix.sources.database.server import Server, missing_driver

if TYPE_CHECKING:
    from omnix.sources.database.patient import PatientConnection
    from omnix.sources.database.url import DatabaseUrl

#: Settings of our own transaction. A long read is not cut off, and text means the same everywhere.
_SESSION = (
    "SET LOCAL TIME ZONE 'UTC'",
    "SET LOCAL datestyle = 'ISO, YMD'",
    "SET LOCAL extra_float_digits = 3",
    "SET LOCAL statement_timeout = 0",
    "SET LOCAL idle_in_transaction_session_timeout = 0",
)
_WRITING = ("INSERT", "UPDATE", "DELETE", "TRUNCATE")


class PostgresServer(Server):
    """A PostgreSQL server, read in one REPEATABLE READ, READ ONLY transaction."""

    sql_dialect = "postgres"

    def __init__(self, url: DatabaseUrl) -> None:
        super().__init__(url)
        self._connection: PatientConnection | None = None

    @property
    def driver_errors(self) -> tuple[type[Exception], ...]:
        """What psycopg raises."""
        import psycopg

        return (psycopg.Error, OSError)

    def connect(self) -> None:
        """See `Server.connect`."""
        try:
            import psycopg

            from omnix.sources.database.patient import PatientConnection
        except ImportError as error:
            raise missing_driver("psycopg", "postgres") from error
        with self.explained():
            connection = PatientConnection.connect(
                host=self.url.host,
                port=self.url.port,
                user=self.url.user or None,
                password=self.url.password or None,
                dbname=self.url.database,
                client_encoding="utf8",
                connect_timeout=max(2, round(self.url.connect_timeout)),
                application_name="omnix",
                sslmode=self.url.sslmode,
                sslrootcert=self.url.ssl_ca,
            )
            connection.patience = self.url.read_timeout
            connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            connection.read_only = True
            # Values are written into the text here: no limit of 65 535 parameters.
            connection.cursor_factory = psycopg.ClientCursor
            self._connection = connection
            self._begin(connection)

    def _begin(self, connection: PatientConnection) -> None:
        # The first statement opens the transaction; later ones only nest in it.
        first = connection.execute("SELECT extract(timezone FROM now())::int").fetchone()
        self.offset = int(first[0]) if first else 0
        for statement in _SESSION:
            connection.execute(statement)

    @property
    def _open(self) -> PatientConnection:
        if self._connection is None:
            raise self.lost("it was closed")
        return self._connection

    def close(self) -> None:
        """See `Server.close`."""
        if self._connection is not None:
            with suppress(Exception):
                self._connection.close()
            self._connection = None

    def rows(self, sql: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """See `Server.rows`; in a savepoint, so that a refusal does not end the snapshot."""
        with self.explained(), self._open.transaction():
            cursor = self._open.execute(sql, tuple(values) or None)
            return cursor.fetchall()

    def lines(self, sql: str) -> Iterator[bytes]:
        """See `Server.lines`."""
        statement = f"COPY ({sql}) TO STDOUT (FORMAT csv, QUOTE '{QUOTE}')"
        with (
            self.explained(),
            self._open.transaction(),
            self._open.cursor() as cursor,
            cursor.copy(statement) as copy,
        ):
            for line in copy:
                yield bytes(line)

    def csv_select(self, relation: Relation, columns: Sequence[Column], where: str) -> str:
        """See `Server.csv_select`; COPY makes the CSV."""
        values = ", ".join(column.value for column in columns)
        return f"SELECT {values} FROM {relation.sql} WHERE {where}"

    def digest(self, columns: Sequence[Column], where: str) -> str:
        """See `Server.digest`: 64 bits per row."""
        values = ", ".join(column.value for column in columns)
        return f"sum(hashtextextended(ROW({values})::text, 0)) FILTER (WHERE {where})"

    def now(self, column: Column) -> str:
        """See `Server.now`."""
        if column.moment == "utc":
            return "now()"
        return f"((now() AT TIME ZONE 'UTC') - interval '{-min(self.offset, 0)} seconds')"

    def quoted(self, name: str) -> str:
        """See `Server.quoted`."""
        return _quoted(name)

    def literal(self, value: object) -> str:
        """See `Server.literal`."""
        from psycopg import sql

        return sql.Literal(value).as_string(self._open)

    def account(self) -> str:
        """See `Server.account`."""
        return _quoted(str(self.rows("SELECT current_user")[0][0]))

    def grant(self, table: str | None = None) -> str:
        """See `Server.grant`."""
        if table:
            return f"GRANT SELECT ON {_quoted(table)} TO {self.account()};"
        schema = _quoted(self.url.schema or "public")
        return (
            f"GRANT USAGE ON SCHEMA {schema} TO {self.account()}; "
            f"GRANT SELECT ON ALL TABLES IN SCHEMA {schema} TO {self.account()};"
        )

    def surplus(self) -> list[str]:
        """See `Server.surplus`."""
        if self.rows("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")[0][0]:
            return ["SUPERUSER"]
        held = ", ".join(f"bool_or(has_table_privilege(c.oid, '{name}'))" for name in _WRITING)
        found = self.rows(
            f"SELECT {held} FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
            f"WHERE c.relkind IN ('r', 'p') AND n.nspname = ANY({self._schemas()})"
        )[0]
        return [name for name, has in zip(_WRITING, found, strict=True) if has]

    def _schemas(self) -> str:
        if self.url.schema is None:
            return "current_schemas(false)"
        escaped = self.url.schema.replace("'", "''")
        return f"ARRAY['{escaped}']::name[]"

    def relations(self) -> list[Relation]:
        """See `Server.relations`; a name that two schemas share is given with its schema."""
        columns, keys = self._columns(), self._keys()
        found: dict[str, Relation] = {}
        for oid, schema, table, kind, rows, guarded in self.rows(
            "SELECT c.oid, n.nspname, c.relname, c.relkind::text, c.reltuples::bigint, "
            "row_security_active(c.oid) "
            "FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
            f"WHERE n.nspname = ANY({self._schemas()}) AND NOT c.relispartition "
            "AND c.relkind IN ('r', 'p', 'f', 'v', 'm') "
            "AND has_schema_privilege(n.oid, 'USAGE') "
            f"ORDER BY array_position({self._schemas()}, n.nspname), c.relname"
        ):
            seen, hidden = columns.get(oid, ([], []))
            if not seen:
                continue
            name = f"{schema}.{table}" if table in found else table
            found[name] = Relation(
                name=name,
                sql=f"{_quoted(schema)}.{_quoted(table)}",
                columns=tuple(seen),
                key=keys.get(oid, ()),
                hidden=tuple(hidden),
                rows=rows if rows >= 0 else None,
                view=kind in ("v", "m"),
                remarks=_guard_remarks(name, guarded),
            )
        return list(found.values())

    def unreadable(self) -> list[str]:
        """See `Server.unreadable`."""
        found = self.rows(
            "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
            f"WHERE n.nspname = ANY({self._schemas()}) AND c.relkind IN ('r', 'p', 'f') "
            "AND NOT c.relispartition AND NOT has_any_column_privilege(c.oid, 'SELECT') ORDER BY 1"
        )
        return [name for (name,) in found]

    def _columns(self) -> dict[int, tuple[list[Column], list[str]]]:
        """Per table, the columns that may be read and the names of those that may not."""
        found: dict[int, tuple[list[Column], list[str]]] = {}
        for oid, name, typname, full, modifier, readable in self.rows(
            "SELECT a.attrelid, a.attname, CASE WHEN t.typtype = 'd' THEN b.typname "
            "ELSE t.typname END, format_type(a.atttypid, a.atttypmod), "
            "CASE WHEN t.typtype = 'd' THEN t.typtypmod ELSE a.atttypmod END, "
            "has_column_privilege(a.attrelid, a.attnum, 'SELECT') "
            "FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid "
            "JOIN pg_namespace n ON n.oid = c.relnamespace "
            "JOIN pg_type t ON t.oid = a.atttypid LEFT JOIN pg_type b ON b.oid = t.typbasetype "
            f"WHERE n.nspname = ANY({self._schemas()}) AND a.attnum > 0 AND NOT a.attisdropped "
            "ORDER BY a.attrelid, a.attnum"
        ):
            seen, hidden = found.setdefault(oid, ([], []))
            if readable:
                seen.append(postgres_column(name, _quoted(name), typname, full, modifier))
            else:
                hidden.append(name)
        return found

    def _keys(self) -> dict[int, tuple[str, ...]]:
        return {
            oid: tuple(names)
            for oid, names in self.rows(
                "SELECT i.indrelid, array_agg(a.attname::text "
                "ORDER BY array_position(i.indkey::int2[], a.attnum)) "
                "FROM pg_index i JOIN pg_attribute a "
                "ON a.attrelid = i.indrelid AND a.attnum = ANY(i.indkey) "
                "WHERE i.indisprimary GROUP BY i.indrelid"
            )
        }

    def explain(self, error: Exception) -> SourceError:
        """See `Server.explain`; a refused login has no code, so its words are read."""
        import psycopg

        code = getattr(error, "sqlstate", None)
        words = " ".join(str(error).split())
        if self._connection is None and code is None:
            return self._not_let_in(words)
        if code == "42501":
            return SourceError(f"{words} (at {self.url.address}).", f"Run: {self.grant()}")
        if isinstance(error, psycopg.OperationalError | psycopg.InterfaceError | OSError):
            return self.lost(words)
        if code and code[:2] == "40":
            return SourceUnavailable(
                f"The database server at {self.url.address} broke off the read: {words}.",
                "Run the same command again; nothing half-read was kept.",
            )
        return SourceError(
            f"The database server at {self.url.address} refused a question: {words}.",
            "`omnix doctor` checks the account and the tables.",
        )

    def _not_let_in(self, words: str) -> SourceError:
        reason = re.split("FATAL: | failed: ", words)[-1].strip().removesuffix("?")
        if re.search("SSL|certificate", reason):
            return self.unencrypted(reason)
        if re.search(r'database ".*" does not exist', words):
            return self.no_database()
        if re.search(r"password|authentication|pg_hba\.conf|role \".*\" does not exist", words):
            return self.denied(reason)
        if "permission denied for database" in words:
            return SourceError(
                f"{reason} at {self.url.address}.",
                f"Run as the database's administrator: GRANT CONNECT ON DATABASE "
                f"{_quoted(self.url.database)} TO {_quoted(self.url.user)};",
            )
        return self.unavailable(reason)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _guard_remarks(name: str, guarded: bool) -> tuple[str, ...]:
    if not guarded:
        return ()
    return (
        f"Table {name!r} has row level security: omnix sees only the rows that its policies show "
        f"to this account. Let the account see all (ALTER ROLE … BYPASSRLS) or know that it does not.",
    )
