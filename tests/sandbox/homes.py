"""A home with a canary in every place that no query may reach, and what a role sees of it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest

from omnix.app.app import App
from omnix.app.untrusted_sql import UntrustedSql
from omnix.auth.roles import permissions_of
from omnix.core.settings import Settings
from omnix.core.table import DUCKDB_TYPES, Column, quoted
from shop import new_home

#: In personal columns: an analyst must not see it. In raw, files, environment: nobody must.
PERSONAL, NOBODY = "canary-of-a-person", "canary-of-nobody"
ROLES = ("analyst", "manager", "admin")
TABLES = ("customers", "orders", "reviews", "payments", "sales_daily")

_VALUES = {
    "string": "'v' || i", "int32": "i", "int64": "i * 100", "float64": "i / 2.0",
    "bool": "i % 2 = 0", "date": "date '2024-01-01' + i::int",
    "timestamp": "timestamp '2024-01-01' + interval (i) hour",
}  # fmt: skip


@dataclass
class Canaries:
    """The home, its app, and the paths that queries try to reach."""

    home: Path
    app: App
    sql: UntrustedSql
    paths: Mapping[str, str]

    def digest(self) -> str:
        """One hash over every file of the home and beside it."""
        found = hashlib.sha256()
        for path in sorted(self.home.parent.rglob("*")):
            if path.is_file():
                found.update(f"{path}\n".encode() + hashlib.sha256(path.read_bytes()).digest())
        return found.hexdigest()

    def seen(self, role: str) -> tuple[str, ...]:
        """The canaries that this role must not see."""
        return (NOBODY, PERSONAL) if role == "analyst" else (NOBODY,)


def rows_sql(columns: Mapping[str, Column], rows: int, canary: str = PERSONAL) -> str:
    """Rows that fit a contract, with a canary in every personal detail."""
    parts = [
        f"'{canary}' || i as {quoted(name)}"
        if column.person == "detail" and column.dtype == "string"
        else f"cast({_VALUES[column.dtype]} as {DUCKDB_TYPES[column.dtype]}) as {quoted(name)}"
        for name, column in columns.items()
    ]
    return f"select {', '.join(parts)} from range({rows}) r(i)"


def publish(app: App, name: str, rows: int = 50, **more: Any) -> None:
    """Write a version of a table."""
    table = app.graph.tables[name]
    with duckdb.connect() as con:
        app.lake.publish(table.path, con, rows_sql(table.columns, rows), table.columns, **more)


def permissions(role: str) -> frozenset[str]:
    """What a role may do."""
    return frozenset(str(each) for each in permissions_of(role))


@contextmanager
def canaries(folder: Path, **sql: Any) -> Iterator[Canaries]:
    """A home full of canaries."""
    home = new_home(folder / "home")
    (home / "keys").mkdir()
    secret = home / "keys" / "secret.txt"
    secret.write_text(f"{NOBODY}-in-a-file\n", "utf-8")
    app = App(Settings.load(home, **({"sql": sql} if sql else {})))
    for name in TABLES:
        publish(app, name)
    plain = {"id": "BIGINT", "email": "VARCHAR"}
    with duckdb.connect() as con:
        for name in ("raw/customers", "quarantine/customers"):
            app.lake.publish(
                name, con, f"select i as id, '{NOBODY}' || i as email from range(9) r(i)", plain
            )
    queries = UntrustedSql(app)
    try:
        queries.prepare()
        yield Canaries(home, app, queries, _paths(app, secret, queries))
    finally:
        queries.close()


def _paths(app: App, secret: Path, queries: UntrustedSql) -> dict[str, str]:
    def first(name: str) -> str:
        snapshot = app.lake.snapshot(name)
        assert snapshot
        return snapshot.files[0]

    exposure = queries._exposures.of(permissions("analyst"))
    mine = next(each.files[0] for each in exposure.tables if each.name == "customers")
    return {
        "secret": str(secret), "raw": first("raw/customers"), "personal": first("curated/customers"),
        "mine": mine, "out": str(app.settings.home.parent / "out"), "lake": app.settings.lake,
    }  # fmt: skip


@pytest.fixture(scope="module")
def canary_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Canaries]:
    """One home full of canaries; its queries may take two seconds."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CANARY", f"{NOBODY}-in-the-environment")
        limits = {"seconds": 2, "rows": 1000, "memory_mb": 512}
        with canaries(tmp_path_factory.mktemp("canaries"), **limits) as made:
            yield made
