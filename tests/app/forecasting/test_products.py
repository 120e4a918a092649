"""Demand of products: forecast, trend, season, stock; and the list of the shop's parts."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from app.forecasting.hand import AS_OF, ahead, candidate, publish, sales
from omnix.app.analytics.errors import NotFoundError, QuestionError, VersionGoneError
from omnix.app.forecasting.service import LevelsAsked, ProductsAsked
from omnix.app.service import Service


def demand(item: str, value: float, **more: Any) -> list[dict[str, Any]]:
    return ahead(
        [value] * 30, spread=1.0, metric="units", level="product", item=item, currency=None, **more
    )


def shelves(shop: Service, *, stock: bool = True) -> None:
    """p1 sold 10 a day and will again; p2 sold 4 and will sell 2; p3 is new."""
    publish(shop.app, "sales_series", [
        *sales("shop", "", [7_000] * 90), *sales("product", "p1", [5_000] * 90), *sales("product", "p2", [2_000] * 90),
        *sales("product", "p3", [1_000] * 5),
    ])  # fmt: skip
    publish(shop.app, "forecasts", [*demand("p1", 10.0), *demand("p2", 2.0), *demand("p3", 1.0)])
    publish(shop.app, "products", [
        {"product_id": each, "product_name": f"Thing {each}", "sku": f"S-{each}", "currency": "GBP"}
        for each in ("p1", "p2", "p3", "p4")
    ])  # fmt: skip
    if stock:
        publish(shop.app, "inventory", [
            {"inventory_id": "i1", "product_id": "p1", "quantity_available": 65, "quantity_reserved": 5,
             "quantity_free": 60, "reorder_point": 25, "reorder_quantity": 50},
            {"inventory_id": "i2", "product_id": "p2", "quantity_available": 500, "quantity_free": 500, "reorder_point": 5},
        ])  # fmt: skip


def page(shop: Service, **more: Any) -> Any:
    return json.loads(shop.forecasting.products(ProductsAsked(**more)))


def test_a_page_holds_those_that_sell_most(shop: Service) -> None:
    shelves(shop)
    told = page(shop, limit=2)
    assert [each["productId"] for each in told["data"]] == ["p1", "p2"]
    assert told["pagination"] == {"page": 1, "limit": 2, "total": 3, "pages": 2}
    assert [each["productId"] for each in page(shop, limit=2, page=2)["data"]] == ["p3"]
    first = told["data"][0]
    assert (first["productName"], first["productSku"], first["forecastDays"]) == (
        "Thing p1",
        "S-p1",
        30,
    )
    assert first["data"][0] == {
        "date": str(AS_OF), "predicted": 10.0, "actual": None, "confidence": 0.8, "lower": 9.0, "upper": 11.0,
    }  # fmt: skip


def test_stock_says_when_to_order_and_how_much(shop: Service) -> None:
    shelves(shop)
    one, two, three = page(shop)["data"]
    # 60 free, 10 a day: before the fifth day 20 are left, below the 25 at which the shop orders.
    assert one["nextOrderDate"] == str(AS_OF + timedelta(days=4))
    # 30 days at the upper end (11) and the reorder point, less what is there: 330 + 25 − 60.
    assert one["recommendedQuantity"] == 295
    assert (two["nextOrderDate"], two["recommendedQuantity"]) == (None, 0)
    assert three["nextOrderDate"] is three["recommendedQuantity"] is None
    assert "stock is not known" in three["reasons"]["nextOrderDate"]


def test_what_runs_out_within_a_week_is_critical(shop: Service) -> None:
    shelves(shop)
    told = json.loads(shop.forecasting.product_metrics(30))
    # The seventh day ends with 60 − 70 pieces.
    assert (told["totalForecasts"], told["upcomingReorders"], told["criticalItems"]) == (3, 1, 1)
    assert told["potentialSavings"] is None
    assert "holding stock" in told["reasons"]["potentialSavings"]


def test_without_stock_nothing_is_made_up(shop: Service) -> None:
    shelves(shop, stock=False)
    told = json.loads(shop.forecasting.product_metrics(30))
    assert told["upcomingReorders"] is told["criticalItems"] is None
    assert set(told["reasons"]) == {"potentialSavings", "upcomingReorders", "criticalItems", "averageAccuracy"}  # fmt: skip


def test_the_trend_is_against_as_many_days_before(shop: Service) -> None:
    shelves(shop)
    told = {each["productId"]: each["trend"] for each in page(shop)["data"]}
    assert told == {"p1": "stable", "p2": "decreasing", "p3": None}
    assert [each["productId"] for each in page(shop, trend="decreasing")["data"]] == ["p2"]


def test_a_season_is_what_weekdays_explain(shop: Service) -> None:
    shelves(shop)
    weekly = [5_000 if at % 7 else 0 for at in range(91)]
    publish(shop.app, "sales_series", [*sales("shop", "", [7_000] * 91), *sales("product", "p1", weekly), *sales("product", "p2", [2_000] * 91)])  # fmt: skip
    told = {each["productId"]: each["seasonality"] for each in page(shop)["data"]}
    assert told["p1"] == "high"
    assert told["p2"] == "low"
    assert told["p3"] is None


def test_accuracy_is_that_of_the_chosen_model(shop: Service) -> None:
    shelves(shop)
    rows = [candidate("theta", 2.5, metric="units", level="product", item="p1", chosen=True)]
    publish(shop.app, "forecast_model_comparison", rows)
    assert page(shop)["data"][0]["accuracy"] == 0.75
    assert json.loads(shop.forecasting.product_metrics(30))["averageAccuracy"] == 0.75


def test_one_product_and_one_that_is_not_there(shop: Service) -> None:
    shelves(shop)
    assert json.loads(shop.forecasting.product("p2", 7))["forecastDays"] == 7
    idle = json.loads(shop.forecasting.product("p4", 30))
    assert idle["data"] == []
    assert "too little was sold" in idle["empty_because"]
    with pytest.raises(NotFoundError, match="'p9'"):
        shop.forecasting.product("p9", 30)


def test_nothing_built_is_an_empty_page(shop: Service) -> None:
    told = page(shop)
    assert told["data"] == []
    assert "forecasts was never built" in told["empty_because"]


def levels(shop: Service, **more: Any) -> Any:
    return json.loads(shop.forecasting.levels(LevelsAsked(**more)))


def parts(shop: Service) -> None:
    publish(shop.app, "sales_series", [
        *sales("shop", "", [1_000] * 60), *sales("country", "DE", [600] * 60), *sales("country", "FR", [400] * 60),
        *sales("product", "p_1", [400] * 60, item_name="100 % cotton"), *sales("product", "p21", [600] * 60),
    ])  # fmt: skip
    publish(shop.app, "forecasts", [
        *ahead([1_100] * 30), *ahead([700] * 30, level="country", item="DE"), *ahead([500] * 20, level="country", item="FR"),
    ])  # fmt: skip


def test_levels_tell_the_last_and_the_next_four_weeks(shop: Service) -> None:
    parts(shop)
    whole, first, second, *products = levels(shop)["data"]
    assert (whole["value_28d"], whole["forecast_28d"], whole["change"]) == (28_000, 30_800, 0.1)
    assert (first["item"], first["value_28d"], first["forecast_28d"]) == ("DE", 16_800, 19_600)
    assert second["forecast_28d"] is None  # twenty days are not twenty-eight
    assert [row["item"] for row in products] == ["p21", "p_1"]


@pytest.mark.parametrize(("search", "found"), [("_", ["p_1"]), ("100 %", ["p_1"]), ("P2", ["p21"]), ("!", [])])  # fmt: skip
def test_a_search_is_for_what_is_written(shop: Service, search, found) -> None:
    parts(shop)
    assert [row["item"] for row in levels(shop, level="product", search=search)["data"]] == found


def test_products_of_a_category(shop: Service) -> None:
    parts(shop)
    assert len(levels(shop, parent="c1")["data"]) == 2
    assert levels(shop, parent="c2")["data"] == []


def test_a_page_after_a_change_is_refused(shop: Service) -> None:
    parts(shop)
    cursor = levels(shop, limit=2)["next_cursor"]
    assert [row["item"] for row in levels(shop, limit=2, cursor=cursor)["data"]] == ["FR", "p21"]
    with pytest.raises(QuestionError):
        levels(shop, limit=2, cursor=cursor, level="product")
    publish(shop.app, "forecasts", ahead([1_100] * 30))
    with pytest.raises(VersionGoneError):
        levels(shop, limit=2, cursor=cursor)


def test_products_are_not_forecast_by_orders(shop: Service) -> None:
    parts(shop)
    assert {row["level"] for row in levels(shop, metric="orders")["data"]} == {"shop", "country"}


def test_stores_stand_between_countries_and_categories(shop: Service) -> None:
    kinds = (("shop", ""), ("country", "DE"), ("category", "c1"), ("store", "s1"), ("store", "s2"))
    publish(shop.app, "sales_series", [row for kind in kinds for row in sales(*kind, [1_000] * 60)])
    for metric in ("net_sales", "orders", "customers"):
        rows = levels(shop, metric=metric)["data"]
        assert [row["level"] for row in rows] == ["shop", "country", "store", "store", "category"]


def test_a_shop_without_stores_has_none_of_them(shop: Service) -> None:
    parts(shop)
    assert levels(shop, level="store")["data"] == []
