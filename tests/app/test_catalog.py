"""The catalogue: everything that the graph holds, as the lake has it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.analytics.changing import publish
from omnix.app.analytics.errors import NotFoundError, QuestionError
from omnix.app.analytics.reader import Reader
from omnix.app.app import App
from omnix.app.catalog import Catalog, Health, worst
from omnix.app.registered.systems import Systems
from omnix.core.errors import LakeError
from omnix.core.table import Table


@pytest.fixture(scope="module")
def catalog(built: Path) -> Iterator[Catalog]:
    reader = Reader(App.open(built))
    yield Catalog(reader)
    reader.close()


@pytest.fixture
def reader(copied: Path) -> Iterator[Reader]:
    found = Reader(App.open(copied))
    yield found
    found.close()


def test_every_table_and_system_is_listed(catalog: Catalog) -> None:
    told = catalog.listing()
    graph = catalog._reader.app.graph
    assert {each["name"] for each in told["tables"]} == set(graph.tables)
    assert {each["name"] for each in told["systems"]} == set(graph.systems())
    orders = next(each for each in told["tables"] if each["name"] == "orders")
    assert orders["health"] == {"state": "ok", "reasons": []}
    assert orders["columns_count"] == len(graph.tables["orders"].columns)
    assert orders["quality"] > 0.9
    assert orders["rows"] > 1_000
    assert not orders["registered"]


def test_a_table_is_told_in_full(catalog: Catalog) -> None:
    told = catalog.table("sales_daily", personal=False)
    columns = {each["name"]: each for each in told["columns"]}
    assert columns["net_cents"]["about"] == "Gross − discounts − refunds."
    assert {"table": "refunds", "column": "amount_cents"} in columns["refund_cents"]["lineage"]
    assert {each["rule"] for each in told["checks"]} >= {"nothing is negative but net"}
    assert told["sql"].startswith("with given_back")
    assert "orders" in told["inputs"]
    assert told["versions"][0]["operation"] == "publish"
    assert told["versions"][0]["run_id"] == told["provenance"][0]["run_id"]


def test_a_curated_table_leads_to_raw_and_its_rules(catalog: Catalog) -> None:
    told = catalog.table("orders", personal=False)
    columns = {each["name"]: each for each in told["columns"]}
    assert columns["total_cents"]["lineage"] == [{"table": "raw/orders", "column": "total_amount"}]
    assert told["sql"] is None
    assert "raw/orders" in told["inputs"]
    assert "sales_daily" in told["read_by"]
    assert {each["rule"] for each in told["checks"]} >= {"the total is not negative"}


def test_personal_columns_are_named_but_marked(catalog: Catalog) -> None:
    for personal in (True, False):
        columns = catalog.table("customers", personal=personal)["columns"]
        hidden = {each["name"] for each in columns if each["personal_hidden"]}
        assert hidden == (set() if personal else {c["name"] for c in columns if c["person"] == "detail"})  # fmt: skip
        shown = set(catalog.preview("customers", 2, personal=personal).plan.columns)
        assert ("email" in shown) is personal
    with pytest.raises(QuestionError):
        catalog.preview("customers", 0, personal=False)


@pytest.mark.parametrize("name", ["", "order", "raw/orders", "../x", "quarantine/orders", "runs"])
def test_what_is_no_table_is_told(catalog: Catalog, name: str) -> None:
    for call in (
        lambda: catalog.table(name, personal=True),
        lambda: catalog.preview(name, 5, personal=True),
        lambda: catalog.lineage(name),
    ):
        with pytest.raises(NotFoundError, match="There is no table"):
            call()


def test_the_picture_holds_every_table_and_leads_down_to_raw(catalog: Catalog) -> None:
    whole = catalog.lineage(None)
    names = {node["name"] for node in whole["nodes"]}
    assert set(catalog._reader.tables) <= names
    assert {"raw/orders", "curations"} <= names
    assert all({edge["from"], edge["to"]} <= names for edge in whole["edges"])
    part = catalog.lineage("refunds")
    around = {node["name"] for node in part["nodes"]}
    assert {"raw/refunds", "orders", "sales_daily"} <= around
    assert "inventory" not in around
    assert {tuple(e.values()) for e in part["edges"]} <= {tuple(e.values()) for e in whole["edges"]}


def test_a_table_that_was_never_built_is_empty_with_its_reason(reader: Reader) -> None:
    reader.app.lake.delete("analytics/sales_daily")
    told = Catalog(reader).table("sales_daily", personal=False)
    assert told["health"] == {"state": "empty", "reasons": ["sales_daily was never built."]}
    assert told["rows"] is told["version"] is told["built_at"] is None
    assert told["versions"] == []


def test_a_damaged_log_is_that_tables_own_matter(reader: Reader) -> None:
    log = Path(reader.app.settings.lake) / "analytics" / "sales_daily" / "_delta_log"
    for entry in log.iterdir():
        entry.write_bytes(b"nonsense")
    told = {each["name"]: each for each in Catalog(reader).listing()["tables"]}
    assert told["sales_daily"]["health"]["state"] == "failed"
    assert told["sales_daily"]["error"]
    assert told["orders"]["health"]["state"] == "ok"


def test_bad_quality_and_a_failed_run_are_warnings(reader: Reader, monkeypatch) -> None:
    publish(reader.app, "data_quality", "select * replace (0.2::double as score) from shown")
    told = {each["name"]: each for each in Catalog(reader).listing()["tables"]}
    assert told["orders"]["health"]["state"] == "warning"
    assert "quality 0.20, below 0.7" in told["orders"]["health"]["reasons"][0]

    def broken(self: Table) -> str:
        raise LakeError("The disk is full.")

    monkeypatch.setattr(Table, "sql", broken)
    with reader.app.locked("test", wait_seconds=0):
        done = reader.app.run(["sales_daily"], ingest_first=False, force=frozenset(["sales_daily"]))
    monkeypatch.undo()
    assert done.failures
    told = {each["name"]: each for each in Catalog(reader).listing()["tables"]}
    health = told["sales_daily"]["health"]
    assert health["state"] == "warning"
    assert "failed in the last run: The disk is full." in health["reasons"][0]
    assert "The version before is shown." in health["reasons"][0]


def test_red_books_are_a_warning(reader: Reader) -> None:
    publish(reader.app, "books_balance", "select * replace (table_name <> 'orders' as balanced) from shown")  # fmt: skip
    told = Catalog(reader).table("books_balance", personal=False)
    assert told["health"]["state"] == "warning"
    assert "orders" in told["health"]["reasons"][0]


def test_registered_systems_stand_in_the_catalogue(reader: Reader) -> None:
    definition = {
        "name": "regions", "description": "Sales by region.",
        "tables": [{"name": "region_sales", "description": "One row per country.", "key": ["country"],
                    "sql": "select country, count(*) as days from sales_daily group by country"}],
    }  # fmt: skip
    Systems(reader.app).register(definition)
    catalog = Catalog(reader)
    told = catalog.table("region_sales", personal=False)
    assert told["registered"]
    assert told["system"] == "regions"
    assert told["columns"][0]["lineage"] == [{"table": "sales_daily", "column": "country"}]
    assert "region_sales" in {node["name"] for node in catalog.lineage("sales_daily")["nodes"]}
    file = reader.app.registry.folder / "regions.toml"
    file.write_text(file.read_text().replace("sales_daily", "sales_gone"))
    listed = {each["name"]: each for each in catalog.listing()["tables"]}
    assert listed["region_sales"]["health"]["state"] == "failed"
    with pytest.raises(NotFoundError, match="cannot be built"):
        catalog.table("region_sales", personal=False)


def test_the_worst_counts_but_emptiness_beside_order_does_not() -> None:
    ok, empty = Health("ok"), Health("empty", ("none",))
    assert worst([]).state == "empty"
    assert worst([ok, empty]) == ok
    assert worst([empty, empty]).reasons == ("none", "none")
    assert worst([ok, Health("warning", ("w",)), Health("failed", ("f",))]) == Health("failed", ("f",))  # fmt: skip
