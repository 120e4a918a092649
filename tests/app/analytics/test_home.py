"""The cards: every system, its number, freshness and health; a fault stays where it is."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.analytics.changing import publish
from omnix.app.analytics.service import Analytics
from omnix.app.app import App
from omnix.app.registered.systems import Systems


@pytest.fixture
def own(copied: Path) -> Iterator[Analytics]:
    found = Analytics(App.open(copied))
    yield found
    found.close()


def cards(analytics: Analytics) -> dict[str, Any]:
    return {card["system"]: card for card in json.loads(analytics.home())["cards"]}


REGIONS = {
    "name": "regions",
    "title": "Our regions",
    "description": "Sales by region.",
    "tables": [
        {
            "name": "region_sales",
            "description": "One row per country.",
            "sql": "select country, cast(sum(net_cents) as bigint) as net_cents from sales_daily group by country",
            "key": ["country"],
        }
    ],
}


def test_every_system_has_a_card_with_a_number(own: Analytics) -> None:
    found = cards(own)
    assert found.keys() == {s for s in own.app.graph.systems() if s != "curation"}
    headlines = {name: card["headline"] for name, card in found.items()}
    assert headlines["market_intelligence"]["metric"] == "net_sales"
    assert headlines["customer_intelligence"]["metric"] == "customers"
    assert headlines["compliance_guardian"]["metric"] == "payment_failure_rate"
    for card in found.values():
        head = card["headline"]
        assert head["value"] is not None
        assert head["period"]["label"] == "28 days to 30 June 2026"
        assert head["comparison"]["label"] == "28 days to 2 June 2026"
        assert len(head["sparkline"]) == 28
        assert card["health"] == {"state": "ok", "reasons": []}
        assert card["tables"] >= 1
        assert not card["freshness"]["stale"]
    assert found["market_intelligence"]["title"] == "Market Intelligence Hub"
    assert found["market_intelligence"]["about"] == "What sells, when and where."
    assert found["market_intelligence"]["freshness"]["as_of"] == "2026-07-01"
    told = json.loads(own.home())["provenance"]
    assert {"sales_daily", "orders", "payments"} <= {each["table"] for each in told}


def test_a_registered_system_stands_beside_the_others(own: Analytics) -> None:
    systems = Systems(own.app)
    systems.register(REGIONS)
    card = cards(own)["regions"]
    assert card["registered"]
    assert (card["title"], card["about"]) == ("Our regions", "Sales by region.")
    assert card["headline"] is None
    assert "a run builds them" in card["empty_reason"]
    assert card["health"]["state"] == "empty"

    with own.app.locked("test", wait_seconds=0):
        assert own.app.run(["region_sales"], ingest_first=False).failures == []
    head = cards(own)["regions"]["headline"]
    assert (head["label"], head["unit"], head["comparison"]) == ("Rows of region_sales", "count", None)  # fmt: skip
    assert head["value"] == len(head["sparkline"]) + head["value"] - 1 > 1
    assert list(cards(own))[-1] == "regions"

    publish(own.app, "region_sales", "from shown limit 2")
    head = cards(own)["regions"]["headline"]
    assert head["value"] == 2
    assert head["comparison"]["label"] == "version 0"
    assert head["comparison"]["change"] < 0

    systems.set_enabled("regions", False)
    assert "regions" not in cards(own)


def test_one_damaged_table_leaves_the_other_cards_alone(own: Analytics) -> None:
    snapshot = own.app.lake.snapshot("curated/payments")
    assert snapshot
    Path(snapshot.files[0]).write_bytes(b"not parquet")
    found = cards(own)
    assert found["compliance_guardian"]["headline"] is None
    assert "payments" in found["compliance_guardian"]["empty_reason"]
    assert found["market_intelligence"]["headline"]["value"]


def test_a_shop_without_sales_has_cards_that_say_so(own: Analytics) -> None:
    for name, table in own.app.graph.tables.items():
        if table.system == "market_intelligence":
            publish(own.app, name, "from shown limit 0")
    card = cards(own)["market_intelligence"]
    assert card["headline"] is None
    assert card["empty_reason"] == "Nothing was sold yet."
    assert card["health"]["state"] == "empty"


def test_a_metric_without_anything_to_count_says_so(own: Analytics) -> None:
    publish(own.app, "payments", "from shown limit 0")
    card = cards(own)["compliance_guardian"]
    assert card["headline"] is None
    assert (
        card["empty_reason"] == "Failed payments: nothing to count in the 28 days to 30 June 2026."
    )


def test_a_shop_that_fell_silent_needs_a_look(own: Analytics) -> None:
    publish(own.app, "sales_daily", "from shown where sold_on <= date '2026-05-20'")
    for card in cards(own).values():
        assert card["health"]["state"] == "warning"
        assert (
            "Nothing was sold after 20 May 2026, and the data goes on to 30 June 2026."
            in card["health"]["reasons"]
        )


def test_newer_inputs_make_a_card_stale(own: Analytics) -> None:
    publish(own.app, "orders")
    card = cards(own)["market_intelligence"]
    assert card["freshness"]["stale"]
    assert card["health"]["state"] == "warning"
    assert "sales_daily is older than what it is made of" in card["health"]["reasons"][0]


def test_a_compaction_makes_nothing_stale(own: Analytics) -> None:
    con = own.reader.separate()
    own.reader.show(con, "orders", own.reader.snapshot("orders"), "shown")  # type: ignore[arg-type]
    own.app.lake.append("curated/orders", con, "from shown limit 0", dict(own.app.graph.tables["orders"].columns))  # fmt: skip
    con.close()
    before = cards(own)["market_intelligence"]["freshness"]["stale"]
    own.app.lake.compact("curated/orders")
    assert cards(own)["market_intelligence"]["freshness"]["stale"] == before
