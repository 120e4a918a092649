"""One shop, three ways in: files, MariaDB, PostgreSQL. What comes out is the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from cli.command import omnix
from omnix.app.app import sample_folder
from omnix.pipeline.graph import all_tables
from servers import Server, load_tables, mariadb_server, postgresql_server
from shop import query, run
from whole import tiny

__all__ = ["mariadb_server", "postgresql_server"]

pytestmark = pytest.mark.slow

#: Keys that a database would declare. The other tables keep their duplicates, hence have no key.
KEYS = {
    "categories": "category_id", "customers": "customer_id", "orders": "order_id", "order_items": "order_item_id",
    "payments": "payment_id", "shipments": "shipment_id",
}  # fmt: skip
LATER = "2026-07-02 10:00:00"
CHANGES = (
    f"update orders set order_status = 'cancelled', updated_at = '{LATER}' where order_id in ('O00000003', 'O00000005')",
    "insert into orders (order_id, customer_id, order_date, order_status, total_amount, tax_amount, shipping_amount,"
    " discount_amount, currency, created_at, updated_at) values ('O7', 'C000003', '2026-07-01 09:00:00', 'delivered',"
    f" 12.00, 2.00, 0.00, 0.00, 'EUR', '2026-07-01 09:00:00', '{LATER}')",
    "insert into order_items (order_item_id, order_id, product_id, quantity, unit_price, discount_amount, tax_amount,"
    " total_amount, created_at, updated_at) values ('I7', 'O7', 'P00001', 2, 5.00, 0.00, 2.00, 10.00,"
    f" '2026-07-01 09:00:00', '{LATER}')",
    "delete from payments where order_id = 'O00000009'",
    "delete from reviews where rating = 9",
)


@dataclass(frozen=True)
class Route:
    """One way in: the server, and a home that has read from it once."""

    server: Server
    url: str
    home: Path


@pytest.fixture(scope="module")
def shop(built: Path) -> Mapping[str, pa.Table]:
    """The small sample shop as tables that a database can take: no key of `KEYS` twice."""
    made = {}
    for file in sorted((sample_folder(built)).glob("*.parquet")):
        table = pq.read_table(file)
        made[file.stem] = _once(table, KEYS[file.stem]) if file.stem in KEYS else table
    return made


def _once(table: pa.Table, key: str) -> pa.Table:
    first: dict[Any, int] = {}
    for number, value in enumerate(table[key].to_pylist()):
        first.setdefault(value, number)
    return table.take(list(first.values()))


@pytest.fixture(scope="module")
def from_files(shop: Mapping[str, pa.Table], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home that read the shop as Parquet files."""
    folder = tmp_path_factory.mktemp("files")
    (folder / "shop").mkdir()
    for name, table in shop.items():
        pq.write_table(table, folder / "shop" / f"{name}.parquet")
    home = tiny.home_of(folder / "shop", folder / "home")
    assert run(home).exit_code == 0
    return home


@pytest.fixture(scope="module", params=["mariadb_server", "postgresql_server"])
def route(
    request: pytest.FixtureRequest,
    shop: Mapping[str, pa.Table],
    tmp_path_factory: pytest.TempPathFactory,
) -> Route:
    """Each server in turn, holding the shop, read once by an account that may only SELECT."""
    server: Server = request.getfixturevalue(request.param)
    load_tables(server, shop, keys={name: [key] for name, key in KEYS.items()})
    url = server.reader("shop")
    home = tiny.home_of(url, tmp_path_factory.mktemp("home") / "home")
    assert run(home).exit_code == 0
    return Route(server, url, home)


def rows(home: Path, name: str) -> list[dict[str, Any]]:
    """Every row of a table with every column of its contract, in the order of its key."""
    table = all_tables()[name]
    return query(
        home, f"select {', '.join(table.columns)} from {name} order by {', '.join(table.key)}", name
    )


@pytest.mark.parametrize("name", all_tables())
def test_a_database_gives_what_files_give(route: Route, from_files: Path, name: str) -> None:
    there = rows(route.home, name)
    assert there == rows(from_files, name)
    assert there


def test_no_password_stands_in_what_is_printed_or_listed(route: Route) -> None:
    for command in (["status"], ["doctor"], ["status", "--json"]):
        assert "look-but-do-not-touch" not in omnix(route.home, *command).words


def test_what_changes_in_the_database_is_all_that_is_read(route: Route, tmp_path: Path) -> None:
    route.server.execute("shop", *CHANGES)
    told = omnix(route.home, "run", "--json")
    assert told.code == 0, told.words
    modes = {each["table"]: (each["mode"], each["rows"]) for each in told.json["ingested"]}
    assert modes["orders"] == ("changes", 3)
    assert modes["order_items"] == ("changes", 1)
    assert modes["payments"][0] == "changes"
    assert modes["customers"][0] == "same"
    assert tiny.balanced(route.home)

    fresh = tiny.home_of(route.url, tmp_path / "fresh")
    assert run(fresh).exit_code == 0
    for name in all_tables():
        if name != "books_balance" and not all_tables()[name].keep_days:
            assert rows(route.home, name) == rows(fresh, name), name
    assert {"O7"} <= set(tiny.ids(fresh, "orders", "order_id"))

    again = omnix(route.home, "run", "--json").json
    assert {each["mode"] for each in again["ingested"]} == {"same"}
    assert {each["outcome"] for each in again["tables"]} == {"unchanged"}
