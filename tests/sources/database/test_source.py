"""Servers that refuse, stall, or die: each is told in words, without the password."""

from __future__ import annotations

import sys
import traceback

import pyarrow as pa
import pytest

from omnix.core.errors import SourceError, SourceUnavailable
from omnix.sources.base import Source
from omnix.sources.database import DatabaseSource
from servers import (
    PASSWORD,
    READER,
    Absent,
    MariaDb,
    PostgreSql,
    Proxy,
    Server,
    free_port,
    load_tables,
)

WRONG = "not-the-password"


def refused(url: str) -> SourceError:
    with pytest.raises(SourceError) as caught, DatabaseSource(url).open():
        pass
    told = "".join(traceback.format_exception(caught.value)) + repr(caught.value)
    assert WRONG not in told
    assert PASSWORD not in told
    assert caught.value.step
    return caught.value


def wide(rows: int) -> pa.Table:
    """More bytes than any socket buffers: about 1 KB a row."""
    return pa.table({
        "id": pa.array(range(rows), pa.int64()),
        "text": pa.array([f"{n:08d}" * 128 for n in range(rows)]),
    })  # fmt: skip


def test_it_is_a_source_and_shows_no_password(server: Server) -> None:
    source: Source = DatabaseSource(server.url())
    assert source.description == f"{server.scheme}://root@127.0.0.1:{server.port}/shop"
    assert PASSWORD not in repr(source)


def test_a_wrong_password(server: Server) -> None:
    error = refused(server.url(password=WRONG))
    assert f"127.0.0.1:{server.port} does not let user 'root' in" in error.what
    assert "OMNIX_SOURCE_PASSWORD" in error.step


def test_the_password_of_the_environment_is_used(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OMNIX_SOURCE_PASSWORD", PASSWORD)
    with DatabaseSource(server.url().replace(f":{PASSWORD}@", "@")).open() as session:
        assert session.tables() == []


def test_an_unknown_user(server: Server) -> None:
    assert "does not let user 'nobody' in" in refused(server.url(user="nobody")).what


def test_an_unknown_database(server: Server) -> None:
    assert "has no database 'shoop'" in refused(server.url("shoop")).what


def test_nobody_listens(server: Server) -> None:
    port = free_port()
    error = refused(server.url().replace(f":{server.port}/", f":{port}/"))
    assert isinstance(error, SourceUnavailable)
    assert f"127.0.0.1:{port} does not answer" in error.what
    assert "refused" in error.what


def test_a_server_without_encryption(server: Server) -> None:
    error = refused(server.url() + "?sslmode=require")
    assert not isinstance(error, SourceUnavailable)
    assert "No encrypted connection" in error.what
    assert "sslmode=require" in error.what


def test_an_authority_file_that_is_not_there(server: Server) -> None:
    assert "/no/such.pem" in refused(server.url() + "?ssl_ca=/no/such.pem").what


def test_a_host_that_does_not_exist(server: Server) -> None:
    error = refused(server.url().replace("127.0.0.1", "shop.invalid"))
    assert isinstance(error, SourceUnavailable)
    assert "shop.invalid" in error.what


def test_a_missing_driver_names_the_command(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    driver, extra = ("pymysql", "mysql") if isinstance(server, MariaDb) else ("psycopg", "postgres")
    monkeypatch.setitem(sys.modules, driver, None)
    monkeypatch.delitem(sys.modules, "omnix.sources.database.patient", raising=False)
    error = refused(server.url())
    assert driver in error.what
    assert error.step == f"Run: pip install 'omnix[{extra}]'"


def test_a_server_that_says_nothing(server: Server) -> None:
    with Proxy(server.port, stall_after=0) as proxy:
        url = server.url().replace(f":{server.port}/", f":{proxy.port}/")
        error = refused(f"{url}?connect_timeout=0.2&sslmode=disable")
    assert isinstance(error, SourceUnavailable)
    assert f"127.0.0.1:{proxy.port}" in error.what


def test_a_server_that_stalls_in_the_middle(server: Server) -> None:
    load_tables(server, {"t": wide(4000)}, keys={"t": ["id"]})
    with Proxy(server.port, stall_after=2_000_000) as proxy:
        url = server.url().replace(f":{server.port}/", f":{proxy.port}/")
        with (
            DatabaseSource(f"{url}?read_timeout=0.5", chunk_rows=500).open() as session,
            pytest.raises(SourceUnavailable, match=r"no answer for 0\.5 s") as caught,
        ):
            list(session.read(session.tables()[0], None).batches)
    assert f"127.0.0.1:{proxy.port} was lost" in caught.value.what
    assert "read_timeout" in caught.value.step


def test_a_connection_that_is_reset_in_the_middle(server: Server) -> None:
    load_tables(server, {"t": wide(4000)}, keys={"t": ["id"]})
    with Proxy(server.port, cut_after=2_000_000) as proxy:
        url = server.url().replace(f":{server.port}/", f":{proxy.port}/")
        with (
            DatabaseSource(url, chunk_rows=500).open() as session,
            pytest.raises(SourceUnavailable, match="was lost"),
        ):
            list(session.read(session.tables()[0], None).batches)


@pytest.mark.slow
@pytest.mark.parametrize("kind", [MariaDb, PostgreSql])
def test_a_server_killed_in_the_middle(kind: type[Server]) -> None:
    try:
        server = kind.start()
    except Absent as missing:
        pytest.skip(str(missing))
    with server:
        url = load_tables(server, {"t": wide(25_000)}, keys={"t": ["id"]})
        with DatabaseSource(url, chunk_rows=1000).open() as session:
            batches = session.read(session.tables()[0], None).batches
            next(batches)
            server.kill()
            with pytest.raises(SourceUnavailable, match=f"{server.port} was lost") as caught:
                list(batches)
            assert "nothing half-read was kept" in caught.value.step
            with pytest.raises(SourceUnavailable):
                session.read(session.tables()[0], None)


def test_a_query_killed_by_an_administrator(postgresql: Server) -> None:
    load_tables(postgresql, {"t": wide(10_000)}, keys={"t": ["id"]})
    with DatabaseSource(postgresql.url(), chunk_rows=100).open() as session:
        batches = session.read(session.tables()[0], None).batches
        next(batches)
        postgresql.execute(
            "",
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE application_name = 'omnix'",
        )
        with pytest.raises(SourceUnavailable, match="was lost"):
            list(batches)


def test_too_many_connections_is_said_as_unavailable(mariadb: Server) -> None:
    url = mariadb.reader()
    mariadb.execute("", f"ALTER USER '{READER}'@'127.0.0.1' WITH MAX_USER_CONNECTIONS 1")
    try:
        with DatabaseSource(url).open():
            error = refused(url)
    finally:
        mariadb.execute("", f"ALTER USER '{READER}'@'127.0.0.1' WITH MAX_USER_CONNECTIONS 0")
    assert isinstance(error, SourceUnavailable)
    assert "max_user_connections" in error.what
