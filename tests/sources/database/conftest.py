"""Both servers, each with an empty database for the test."""

from __future__ import annotations

import pytest

from servers import Server, mariadb_server, postgresql_server

__all__ = ["mariadb_server", "postgresql_server"]


@pytest.fixture(params=["mariadb_server", "postgresql_server"])
def server(request: pytest.FixtureRequest) -> Server:
    """A server of each kind in turn, with an empty database `shop`."""
    found: Server = request.getfixturevalue(request.param)
    found.create_database("shop")
    return found


@pytest.fixture
def mariadb(mariadb_server: Server) -> Server:
    """MariaDB with an empty database `shop`."""
    mariadb_server.create_database("shop")
    return mariadb_server


@pytest.fixture
def postgresql(postgresql_server: Server) -> Server:
    """PostgreSQL with an empty database `shop`."""
    postgresql_server.create_database("shop")
    return postgresql_server
