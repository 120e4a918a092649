"""Sales as forecasting asks for them: which levels there are, and which sums hold."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import duckdb
import numpy as np
import pytest

from omnix.pipeline.graph import contracts
from omnix.systems.market_intelligence._outlooks import made
from omnix.systems.market_intelligence._trials import tried
from omnix.systems.market_intelligence.tasks import Sales
from systems.building import AS_OF, create
from systems.market_intelligence.series import days, noisy

NORTH, SOUTH = noisy(200, seed=1).round(), noisy(200, seed=2, mean=100).round()


def sales(*rows: list[dict[str, Any]], **others: list[dict[str, Any]]) -> Sales:
    con = duckdb.connect()  # of its own: relations read tables by name, and later
    given = {"sales_series": [row for each in rows for row in each], "promotions": [], "holidays": [], "categories": []} | others  # fmt: skip
    for name, own in given.items():
        create(con, name, contracts()[name], own)
    return Sales(*(con.table(name) for name in given), AS_OF)


def shop(values: np.ndarray) -> list[dict[str, Any]]:
    return [*days(values), *days(values, "country", "FR")]


@pytest.fixture(scope="module")
def chain() -> Sales:
    stores = (("north", NORTH), ("south", SOUTH))
    return sales(shop(NORTH + SOUTH), *(days(values, "store", name) for name, values in stores))


def test_the_shop_is_the_sum_of_its_stores_where_a_metric_adds_up(chain: Sales):
    of_stores = ("shop=", ("store=north", "store=south"))
    for metric in ("net_sales", "units", "orders"):
        assert of_stores in chain.structures(metric)[0].sums
    assert chain.structures("customers") == ()


def test_stores_are_forecast_as_far_as_countries(chain: Sales):
    task = chain.task("customers", "day")
    assert {"store=north", "store=south"} <= set(task.levels)
    assert task.horizons["store"] == task.horizons["country"] == 90


def test_forecasts_of_stores_add_up_to_the_shop(chain: Sales):
    rows = made(chain, tried(chain, 0), None)
    assert set(rows["level"]) == {"shop", "country", "store"}
    keys = ["metric", "grain", "period"]
    adding = rows[rows["metric"] != "customers"]
    sums = adding.pivot_table("value", keys, "level", aggfunc="sum")
    assert set(sums.index.get_level_values("grain")) == {"day", "week", "month"}
    np.testing.assert_allclose(sums["store"], sums["shop"], rtol=1e-9)
    north = rows[(rows["item"] == "north") & (rows["metric"] == "orders") & (rows["grain"] == "day")]  # fmt: skip
    assert len(north) == 90
    assert north["value"].mean() == pytest.approx(NORTH[-28:].mean(), rel=0.1)


def test_a_shop_without_stores_knows_nothing_of_them():
    plain = sales(shop(NORTH))
    assert plain.structures("orders")[0].sums == (("shop=", ("country=FR",)),)
    assert set(plain.task("orders", "day").levels.values()) == {"shop", "country"}
    assert "store" not in set(tried(plain, 0)["level"])


def planned(name: str, first: int, last: int, **more: Any) -> dict[str, Any]:
    """A promotion from so many days after the cut to so many."""
    start, end = (AS_OF + timedelta(days=by) for by in (first, last))
    return {
        "promotion_id": name, "promotion_name": name, "starts_at": start, "ends_at": end, "is_active": True, **more,
    }  # fmt: skip


def test_planned_promotions_concern_the_shop_unless_they_name_a_category():
    categories = [{"category_id": "1", "category_name": "Fashion"}, {"category_id": "2", "category_name": "TV"}]  # fmt: skip
    campaigns = [
        planned("Summer", 2, 3), planned("Fashion days", 5, 6), planned("fashionable", 8, 8),
        planned("All of it", 10, 10, description="Even (fashion)!"), planned("Sale of TV sets", 12, 12),
        planned("Standing", 0, 92), planned("Off", 14, 14, is_active=False), planned("Quarter", 20, 111),
    ]  # fmt: skip
    known = sales(shop(NORTH), promotions=campaigns, categories=categories).known
    ahead = sorted((day - AS_OF).days for day in known.promo if day >= AS_OF)
    assert ahead == [2, 3, 8, 12, *range(20, 112)]


def test_a_product_born_yesterday_leaves_its_neighbour_as_it_is():
    steady, born = np.full(120, 300.0), np.zeros(120)
    born[-1] = 100.0
    rows = (
        days([100.0], "product", "born", parent="c"),
        days(steady, "product", "steady", parent="c"),
    )
    both = sales(shop(steady + born), days(steady + born, "category", "c"), *rows)
    told = made(both, tried(both, 0), None)
    own = told[(told["item"] == "steady") & (told["metric"] == "net_sales") & (told["grain"] == "day")]  # fmt: skip
    assert own["value"].to_numpy() == pytest.approx(30_000, rel=0.01)
