"""The graph: what there is, what hangs on what, and what is told of names that nobody knows."""

from __future__ import annotations

import pytest

from omnix.core.errors import UnknownTableError
from omnix.curation import curated_tables
from omnix.curation.records import RECORDS
from omnix.pipeline.graph import all_tables, built_in, contracts, system_of


def test_every_table_comes_after_what_it_reads():
    seen = set(RECORDS)
    for name, table in all_tables().items():
        assert set(table.inputs) <= seen, name
        seen.add(name)


def test_the_tables_are_found_once_and_cannot_be_changed():
    assert all_tables() is all_tables()
    with pytest.raises(TypeError):
        all_tables()["orders"] = None  # type: ignore[index]


def test_a_table_may_read_tables_and_the_pipelines_records():
    assert contracts().keys() == all_tables().keys() | RECORDS.keys()
    assert contracts()["orders"] is all_tables()["orders"].columns
    assert contracts()["curations"] is RECORDS["curations"]


def test_the_system_of_a_table_is_the_package_it_stands_in():
    systems = {name: system_of(table) for name, table in all_tables().items()}
    assert systems["orders"] == "curation"
    assert systems["sales_daily"] == "market_intelligence"
    assert systems["books_balance"] == "compliance_guardian"


def test_nothing_asked_for_means_everything_in_building_order():
    assert list(built_in().chosen([])) == list(all_tables())


def test_what_a_table_reads_comes_with_it_and_nothing_else():
    assert list(built_in().chosen(["customers"])) == ["customers"]
    assert set(built_in().chosen(["refunds"])) == {"customers", "orders", "refunds"}
    assert list(built_in().chosen(["sales_daily"]))[-1] == "sales_daily"
    assert set(built_in().chosen(["sales_daily"])) == {
        "customers", "categories", "products", "orders", "order_items", "refunds", "sales_daily",
    }  # fmt: skip


def test_a_system_comes_with_what_its_tables_read():
    picked = built_in().chosen([], "customer_intelligence")
    assert "customer_features" in picked
    assert "order_items" in picked
    assert "sales_daily" not in picked


def test_records_are_no_tables_to_build():
    assert not RECORDS.keys() & built_in().chosen(["books_balance"]).keys()


def test_books_are_kept_over_tables_that_are_up_to_date():
    assert set(built_in().chosen(["books_balance"])) == {*curated_tables(), "books_balance"}


@pytest.mark.parametrize(("wrong", "meant"), [("sales_dayly", "sales_daily"), ("order", "orders")])
def test_an_unknown_table_is_told_with_the_nearest(wrong, meant):
    with pytest.raises(UnknownTableError, match=f"{wrong}.*{meant}"):
        built_in().chosen([wrong])


def test_an_unknown_system_is_told_with_the_nearest():
    with pytest.raises(UnknownTableError, match=r"market_inteligence.*market_intelligence"):
        built_in().chosen([], "market_inteligence")


def test_downstream_is_everything_that_reads_it_and_not_itself():
    assert built_in().downstream("forecast_scoreboard") == []
    assert {"orders", "order_items", "refunds", "sales_daily", "customer_features"} <= set(
        built_in().downstream("customers")
    )
    assert "customers" not in built_in().downstream("customers")
    order = list(all_tables())
    assert built_in().downstream("orders") == sorted(
        built_in().downstream("orders"), key=order.index
    )
