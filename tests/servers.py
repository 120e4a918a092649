"""Private MariaDB and PostgreSQL servers from Debian's packages, for tests and benchmarks.

    with MariaDb.start() as server:            # or PostgreSql.start()
        url = load_tables(server, {"orders": table}, keys={"orders": ["order_id"]})

Each lives in a temporary folder on a free loopback port and is gone afterwards. `ADMIN` is its
account for everything; `reader()` makes one that may only SELECT, as a shop should.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import struct
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, Any, ClassVar

import duckdb
import pyarrow as pa
import pytest

ADMIN = "root"
PASSWORD = "chief-4711"
READER = "omnix_reader"
READER_PASSWORD = "look-but-do-not-touch"
STARTING = 60.0  # seconds a server may take to answer on a busy machine


class Absent(Exception):  # noqa: N818 - a state, not a failure
    """The Debian package of a server, or the Python driver, is not installed."""


class Server:
    """A running server; use `MariaDb.start()` or `PostgreSql.start()`."""

    scheme: ClassVar[str]
    package: ClassVar[str]

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.log: IO[bytes] = (folder / "log").open("wb")
        self.process: subprocess.Popen[bytes] | None = None

    @classmethod
    def start(cls, **settings: str) -> Server:
        """Make a data folder, start the server on it and wait until it answers."""
        folder = Path(tempfile.mkdtemp(prefix=f"{cls.scheme}-"))
        server = cls(folder)
        try:
            server._install()
            server._launch(settings)
            server._await()
        except BaseException:
            server.stop()
            raise
        return server

    def __enter__(self) -> Server:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def url(self, database: str = "shop", user: str = ADMIN, password: str = PASSWORD) -> str:
        """The address to read `database` at."""
        return f"{self.scheme}://{user}:{password}@127.0.0.1:{self.port}/{database}"

    def reader(self, database: str = "shop") -> str:
        """The address for an account that may only SELECT from `database`."""
        self._grant_reader(database)
        return self.url(database, READER, READER_PASSWORD)

    def kill(self) -> None:
        """SIGKILL, as a crash would: nothing is flushed, no goodbye is sent."""
        if self.process is None:
            return
        for pid in [*_children(self.process.pid), self.process.pid]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.wait()
        self.process = None

    def stop(self) -> None:
        """Kill the server and remove its folder; its data are never needed again."""
        self.kill()
        self.log.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _spawn(self, command: Sequence[str | Path], **how: Any) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=self.log,
            stderr=self.log,
            cwd=self.folder,
            **how,
        )

    def _finish(self, command: Sequence[str | Path], **how: Any) -> None:
        if self._spawn(command, **how).wait():
            raise RuntimeError(f"{command[0]} failed:\n{self._story()}")

    def _await(self) -> None:
        """Wait until the server takes connections; no test starts before."""
        end = time.monotonic() + STARTING
        while True:
            try:
                return self.execute("", "select 1")
            except Exception:
                if self.process is None or self.process.poll() is not None:
                    raise RuntimeError(f"{self.package} died:\n{self._story()}") from None
                if time.monotonic() > end:
                    raise
                time.sleep(0.05)

    def _story(self) -> str:
        return (self.folder / "log").read_text(errors="replace")[-4000:]

    def _install(self) -> None:
        raise NotImplementedError

    def _launch(self, settings: Mapping[str, str]) -> None:
        raise NotImplementedError

    def _grant_reader(self, database: str) -> None:
        raise NotImplementedError

    def execute(self, database: str, *statements: str) -> None:
        """Run statements as the administrator, each committed by itself."""
        raise NotImplementedError

    def create_database(self, database: str) -> None:
        """An empty database of that name; one that is there already is dropped first."""
        raise NotImplementedError

    def load(self, database: str, name: str, data: pa.Table, key: Sequence[str]) -> None:
        """Create table `name` with the types of `data` and fill it."""
        raise NotImplementedError


class MariaDb(Server):
    """Debian's `mariadb-server`."""

    scheme = "mysql"
    package = "mariadb-server"

    def _install(self) -> None:
        install = _program("mariadb-install-db", self.package)
        require_driver("pymysql")
        user = ["--user=root"] if os.geteuid() == 0 else []
        self._finish([
            install, "--no-defaults", *user, f"--datadir={self.folder / 'data'}",
            "--auth-root-authentication-method=normal", "--skip-test-db", "--skip-name-resolve",
        ])  # fmt: skip

    def _launch(self, settings: Mapping[str, str]) -> None:
        user = ["--user=root"] if os.geteuid() == 0 else []
        boot = self.folder / "boot.sql"
        boot.write_text(
            f"CREATE OR REPLACE USER '{ADMIN}'@'127.0.0.1' IDENTIFIED BY '{PASSWORD}';\n"
            f"GRANT ALL ON *.* TO '{ADMIN}'@'127.0.0.1' WITH GRANT OPTION;\n"
        )
        options = {
            "bind-address": "127.0.0.1",
            "innodb-buffer-pool-size": "256M",
            "innodb-flush-log-at-trx-commit": "0",
            "innodb-doublewrite": "0",
            "local-infile": "1",
            "max-allowed-packet": "64M",
            "init-file": str(boot),
            "port": str(self.port),
            "socket": str(self.folder / "s.sock"),
            "pid-file": str(self.folder / "pid"),
            "datadir": str(self.folder / "data"),
            **settings,
        }
        self.process = self._spawn([
            *_dying_with_us(), _program("mariadbd", self.package), "--no-defaults", *user, "--skip-name-resolve",
            *(f"--{name}={value}" for name, value in options.items()),
        ])  # fmt: skip

    def connect(self, database: str = "", **more: Any) -> Any:
        """A pymysql connection as the administrator."""
        import pymysql

        return pymysql.connect(
            host="127.0.0.1",
            port=self.port,
            user=ADMIN,
            password=PASSWORD,
            database=database or None,
            charset="utf8mb4",
            local_infile=True,
            autocommit=True,
            **more,
        )

    def execute(self, database: str, *statements: str) -> None:
        with self.connect(database) as connection, connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)

    def create_database(self, database: str) -> None:
        self.execute(
            "",
            f"DROP DATABASE IF EXISTS `{database}`",
            f"CREATE DATABASE `{database}` CHARACTER SET utf8mb4",
        )

    def _grant_reader(self, database: str) -> None:
        who = f"'{READER}'@'127.0.0.1'"
        self.execute(
            "",
            f"CREATE USER IF NOT EXISTS {who} IDENTIFIED BY '{READER_PASSWORD}'",
            f"GRANT SELECT ON `{database}`.* TO {who}",
        )

    def load(self, database: str, name: str, data: pa.Table, key: Sequence[str]) -> None:
        columns = [
            f"`{f.name}` {_mysql_type(f.type, f.name in key)}"
            + (" NOT NULL" if f.name in key else " NULL")
            for f in data.schema
        ]
        if key:
            columns.append("PRIMARY KEY (" + ", ".join(f"`{k}`" for k in key) + ")")
        path = self.folder / f"{name}.csv"
        _write_csv(data, path)
        self.execute(
            database,
            f"CREATE TABLE `{name}` ({', '.join(columns)}) ENGINE=InnoDB",
            "SET SESSION sql_mode='', unique_checks=0, foreign_key_checks=0",
            f"LOAD DATA LOCAL INFILE '{path}' INTO TABLE `{name}` CHARACTER SET utf8mb4 "
            "FIELDS TERMINATED BY ',' OPTIONALLY ENCLOSED BY '\"' ESCAPED BY '' "
            "LINES TERMINATED BY '\\n'",
        )
        path.unlink()
        self.execute(database, f"ANALYZE TABLE `{name}`")


class PostgreSql(Server):
    """Debian's `postgresql`; it refuses to run as root, so it then runs as its own user."""

    scheme = "postgresql"
    package = "postgresql"

    def _install(self) -> None:
        require_driver("psycopg")
        initdb = _program("initdb", self.package)
        secret = self.folder / "secret"
        secret.write_text(PASSWORD)
        self._own()
        self._finish(
            [initdb, "-D", self.folder / "data", "-U", ADMIN, "--no-sync", "-E", "UTF8",
             "--locale=C.UTF-8", "--auth=scram-sha-256", f"--pwfile={secret}"],
            **_as_postgres(),
        )  # fmt: skip

    def _launch(self, settings: Mapping[str, str]) -> None:
        options = {
            "listen_addresses": "127.0.0.1",
            "port": str(self.port),
            "unix_socket_directories": "",
            "fsync": "off",
            "full_page_writes": "off",
            "synchronous_commit": "off",
            "max_wal_size": "2GB",
            **settings,
        }
        flags = [part for item in options.items() for part in ("-c", "=".join(item))]
        self.process = self._spawn(
            [
                *_dying_with_us(),
                _program("postgres", self.package),
                "-D",
                self.folder / "data",
                *flags,
            ],
            **_as_postgres(),
        )

    def _own(self) -> None:
        how = _as_postgres()
        if how:
            for path in (self.folder, *self.folder.iterdir()):
                shutil.chown(path, how["user"], how["group"])

    def connect(self, database: str = "", **more: Any) -> Any:
        """A psycopg connection as the administrator."""
        import psycopg

        return psycopg.connect(
            host="127.0.0.1",
            port=self.port,
            user=ADMIN,
            password=PASSWORD,
            dbname=database or "postgres",
            autocommit=True,
            **more,
        )

    def execute(self, database: str, *statements: str) -> None:
        with self.connect(database) as connection:
            for statement in statements:
                connection.execute(statement)

    def create_database(self, database: str) -> None:
        self.execute(
            "",
            f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)',
            f'CREATE DATABASE "{database}"',
        )

    def _grant_reader(self, database: str) -> None:
        self.execute(
            database,
            f"DO $$ BEGIN CREATE ROLE {READER} LOGIN PASSWORD '{READER_PASSWORD}'; "
            "EXCEPTION WHEN duplicate_object THEN NULL; END $$",
            f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {READER}",
        )

    def load(self, database: str, name: str, data: pa.Table, key: Sequence[str]) -> None:
        columns = [f'"{f.name}" {_postgres_type(f.type)}' for f in data.schema]
        if key:
            columns.append("PRIMARY KEY (" + ", ".join(f'"{k}"' for k in key) + ")")
        path = self.folder / f"{name}.csv"
        _write_csv(data, path)
        with self.connect(database) as connection, path.open("rb") as file:
            connection.execute(f'CREATE TABLE "{name}" ({", ".join(columns)})')
            with connection.cursor().copy(
                f"COPY \"{name}\" FROM STDIN (FORMAT csv, NULL 'NULL')"
            ) as copy:
                while block := file.read(1 << 20):
                    copy.write(block)
            connection.execute(f'ANALYZE "{name}"')
        path.unlink()


def load_tables(
    server: Server,
    tables: Mapping[str, pa.Table],
    *,
    keys: Mapping[str, Sequence[str]] | None = None,
    database: str = "shop",
) -> str:
    """Create `database` anew, fill it with `tables`, and give its address (as administrator).

    `keys` names each table's primary key. Every other column may be null, so dirt stays dirt; but a
    database takes no second row of one key and no null key: leave such tables without a key.
    """
    server.create_database(database)
    for name, data in tables.items():
        server.load(database, name, data, list((keys or {}).get(name, ())))
    return server.url(database)


def running(kind: type[Server]) -> Iterator[Server]:
    """The body of a fixture: one server for the session, or a skip that names what is missing."""
    try:
        server = kind.start()
    except Absent as missing:
        pytest.skip(str(missing))
    with server:
        yield server


class Proxy:
    """A loopback proxy in front of a server that stalls or cuts the line after some bytes.

    `stall_after` and `cut_after` count the bytes from the server over all connections; a stalled
    line stays open and silent, a cut one is reset.
    """

    def __init__(
        self, port: int, *, stall_after: int | None = None, cut_after: int | None = None
    ) -> None:
        self._target = port
        self._stall_after, self._cut_after = stall_after, cut_after
        self._passed = 0
        self._sockets: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])

    def __enter__(self) -> Proxy:
        self._run(self._accept)
        return self

    def __exit__(self, *_: object) -> None:
        for one in (self._listener, *self._sockets):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()
        for thread in self._threads:
            thread.join()

    def _run(self, work: Callable[..., None], *arguments: Any) -> None:
        thread = threading.Thread(target=work, args=arguments, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                server = socket.create_connection(("127.0.0.1", self._target))
                self._sockets += [client, server]
                self._run(self._pass_on, client, server, False)
                self._run(self._pass_on, server, client, True)

    def _pass_on(self, source: socket.socket, target: socket.socket, answers: bool) -> None:
        with contextlib.suppress(OSError):
            while block := source.recv(65536):
                if answers:
                    self._passed += len(block)
                    if self._cut_after is not None and self._passed > self._cut_after:
                        _reset(target)
                        return
                    if self._stall_after is not None and self._passed > self._stall_after:
                        return
                target.sendall(block)
            target.shutdown(socket.SHUT_WR)


def _reset(line: socket.socket) -> None:
    """Close with RST, as a firewall that forgot the connection would."""
    line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    line.shutdown(socket.SHUT_RD)
    line.close()


@pytest.fixture(scope="session")
def mariadb_server() -> Iterator[Server]:
    """A MariaDB for the whole test session; make a database per test."""
    yield from running(MariaDb)


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[Server]:
    """A PostgreSQL for the whole test session; make a database per test."""
    yield from running(PostgreSql)


def free_port() -> int:
    """A loopback port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def require_driver(name: str) -> None:
    """Raise `Absent` unless the Python driver `name` can be imported."""
    try:
        __import__(name)
    except ImportError:
        raise Absent(f"The Python package {name} is not installed: pip install {name}") from None


def _program(name: str, package: str) -> str:
    places = [*sorted(map(str, Path("/usr/lib/postgresql").glob("*/bin")), reverse=True)]
    found = shutil.which(name, path=os.pathsep.join([os.environ["PATH"], "/usr/sbin", *places]))
    if found is None:
        raise Absent(f"{name} is not installed: apt-get install {package}")
    return found


def _as_postgres() -> dict[str, Any]:
    if os.geteuid() != 0:
        return {}
    return {"user": "postgres", "group": "postgres", "extra_groups": []}


def _dying_with_us() -> list[str]:
    """A prefix that has the kernel kill the server when the test run is killed."""
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", "KILL", "--"] if setpriv else []


def _children(pid: int) -> list[int]:
    with contextlib.suppress(OSError):
        return [int(c) for c in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return []


def _write_csv(data: pa.Table, path: Path) -> None:
    """Text quoted, nulls as a bare NULL: what both LOAD DATA and COPY read back exactly."""
    texts = [f.name for f in data.schema if _is_text(f.type)]
    chosen = ", ".join(_csv_column(f) for f in data.schema)
    quote = f", FORCE_QUOTE ({', '.join(map(_quoted, texts))})" if texts else ""
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        connection.register("data", data)
        connection.execute(
            f"COPY (SELECT {chosen} FROM data) TO '{path}' "
            f"(FORMAT csv, HEADER false, NULLSTR 'NULL'{quote})"
        )


def _csv_column(field: pa.Field) -> str:
    name = _quoted(field.name)
    if pa.types.is_boolean(field.type):
        return f"{name}::tinyint AS {name}"
    if pa.types.is_timestamp(field.type):
        return f"strftime({name}::timestamp, '%Y-%m-%d %H:%M:%S.%f') AS {name}"
    return name


def _is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _mysql_type(kind: pa.DataType, in_key: bool) -> str:
    if _is_text(kind):
        return "VARCHAR(191)" if in_key else "LONGTEXT"
    if pa.types.is_decimal(kind):
        return f"DECIMAL({kind.precision},{kind.scale})"
    if pa.types.is_timestamp(kind):
        return "DATETIME(6)"
    return _MYSQL[str(kind)]


def _postgres_type(kind: pa.DataType) -> str:
    if pa.types.is_decimal(kind):
        return f"NUMERIC({kind.precision},{kind.scale})"
    if pa.types.is_timestamp(kind):
        return "TIMESTAMPTZ" if kind.tz else "TIMESTAMP"
    return _POSTGRES[str(kind)]


_MYSQL = {
    "bool": "TINYINT(1)", "int8": "TINYINT", "int16": "SMALLINT", "int32": "INT",
    "int64": "BIGINT", "uint8": "TINYINT UNSIGNED", "uint16": "SMALLINT UNSIGNED",
    "uint32": "INT UNSIGNED", "uint64": "BIGINT UNSIGNED", "float": "FLOAT", "double": "DOUBLE",
    "date32[day]": "DATE",
}  # fmt: skip
_POSTGRES = {
    "bool": "BOOLEAN", "int8": "SMALLINT", "int16": "SMALLINT", "int32": "INTEGER",
    "int64": "BIGINT", "uint8": "SMALLINT", "uint16": "INTEGER", "uint32": "BIGINT",
    "uint64": "NUMERIC(20,0)", "float": "REAL", "double": "DOUBLE PRECISION",
    "date32[day]": "DATE", "string": "TEXT", "large_string": "TEXT",
}  # fmt: skip
