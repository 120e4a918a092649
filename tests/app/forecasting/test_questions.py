"""What may be asked of the engine; and a real answer of it."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from app.forecasting.hand import ahead, candidate, publish, sales
from omnix.app.analytics.errors import NotFoundError, QuestionError
from omnix.app.analytics.forecasting import ForecastAsked
from omnix.app.forecasting import engine_tasks
from omnix.app.forecasting.for_analytics import subject_of
from omnix.app.forecasting.service import Change, CompareWanted, ForecastWanted, WhatIfWanted
from omnix.app.service import Service


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"horizon": 0}, "horizon"),
        ({"horizon": 366}, "horizon"),
        ({"metric": "sails"}, "metric"),
        ({"model": "crystal_ball"}, "model"),
        ({"grain": "hour"}, "grain"),
        ({"product_id": "p1", "country": "GB"}, "product_id"),
        ({"store_id": "s1", "country": "GB"}, "store_id"),
        ({"product_id": "p1", "metric": "orders"}, "level"),
        ({"start_date": date(2026, 2, 1), "end_date": date(2026, 1, 1)}, "start_date"),
    ],
)
def test_what_cannot_be_is_refused_before_anything_runs(shop: Service, asked, field) -> None:
    with pytest.raises(QuestionError) as told:
        shop.forecasting.forecast(ForecastWanted(**asked))
    assert told.value.errors[0]["field"] == field


def test_other_names_of_models_are_known(shop: Service) -> None:
    publish(shop.app, "sales_series", [])
    told = shop.forecasting.compare(CompareWanted(ForecastWanted(), ("arima", "prophet", "lstm")))
    assert isinstance(told, dict)  # nothing to compute on
    with pytest.raises(QuestionError, match="'arimaa'") as refused:
        shop.forecasting.compare(CompareWanted(ForecastWanted(), ("arimaa",)))
    assert refused.value.errors[0]["field"] == "models.0"


@pytest.mark.parametrize(
    "change",
    [
        Change("price", date(2026, 7, 2), date(2026, 7, 3)),
        Change("price", date(2026, 7, 2), date(2026, 7, 3), 0.0),
        Change("price", date(2026, 7, 2), date(2026, 7, 3), float("nan")),
        Change("promotion", date(2026, 7, 3), date(2026, 7, 2)),
    ],
)
def test_plans_that_cannot_be(shop: Service, change: Change) -> None:
    with pytest.raises(QuestionError):
        shop.forecasting.what_if(WhatIfWanted("net_sales", "shop", "", "day", 30, (change,)))


def test_nothing_built_is_an_empty_answer(shop: Service) -> None:
    told = shop.forecasting.forecast(ForecastWanted())
    assert isinstance(told, dict)
    assert told["forecast"] == []
    assert "never built" in told["empty_because"]


def stored(shop: Service) -> None:
    days = [*sales("shop", "", [10_000] * 100), *sales("country", "GB", [10_000] * 100)]
    publish(shop.app, "sales_series", days)
    rows = [
        *ahead([12_345.4] * 30, spread=100.0),
        *ahead([11_000.0] * 30, level="country", item="GB"),
    ]
    publish(shop.app, "forecasts", rows)
    publish(shop.app, "forecast_model_comparison", [
        candidate("theta", 0.8, chosen=True, margin=0.2, coverage_80=0.8, coverage_95=0.95),
        candidate("seasonal_naive", 1.0, is_baseline=True), candidate("mstl", 0.7),
    ])  # fmt: skip
    for name in ("promotions", "holidays", "categories"):
        publish(shop.app, name, [])


def test_the_table_answers_where_it_can(shop: Service) -> None:
    stored(shop)
    told = shop.forecasting.forecast(ForecastWanted(metric="sales", horizon=7))
    assert isinstance(told, dict)
    assert told["stored"] is True
    assert told["forecast"] == [12_345] * 7
    assert told["lower_bound"] == [12_145] * 7  # 95 %: twice the 100 of the 80 % interval
    assert told["intervals"]["80"]["upper"] == [12_445] * 7
    assert told["selected_model"] == "theta"
    assert [(row["model"], row["is_best"], row["chosen"]) for row in told["model_comparison"]] == [
        ("mstl", True, False), ("theta", False, True), ("seasonal_naive", False, False),
    ]  # fmt: skip
    assert told["metadata"]["data_points"] == 100
    assert told["metadata"]["currency"] == "GBP"


def test_what_the_table_does_not_reach_is_computed(shop: Service) -> None:
    stored(shop)
    for wanted in (ForecastWanted(horizon=31), ForecastWanted(model="theta"), ForecastWanted(end_date=date(2026, 5, 1))):  # fmt: skip
        found = shop.forecasting.forecast(wanted)
        assert not isinstance(found, dict)
        found.stop()
    with pytest.raises(NotFoundError):
        shop.forecasting.forecast(ForecastWanted(country="XX"))


def test_other_systems_read_the_table_too(shop: Service) -> None:
    stored(shop)
    whole = analytics(shop)
    assert whole["forecast"]["source"] == "forecasts"
    assert whole["forecast"]["forecast"][0] == {"date": "2026-07-01", "value": 12_345}
    assert whole["forecast"]["accuracy_metrics"]["coverage_80"] == 0.8
    assert whole["forecast"]["baseline"]["model"] == "seasonal_naive"
    assert whole["historical_data_points"] == 100
    assert analytics(shop, filters={"country": "GB"})["forecast"]["forecast"][0]["value"] == 11_000
    assert analytics(shop, filters={"country": ["GB"]})["forecast"]["source"] == "forecasts"


def test_where_the_table_has_nothing_the_baseline_answers_and_says_so(shop: Service) -> None:
    stored(shop)
    for more in ({"horizon": 60}, {"granularity": "week"}, {"filters": {"country": "FR"}}, {"filters": {"country": ["GB", "FR"]}}):  # fmt: skip
        assert analytics(shop, **more)["forecast"]["source"] == "baseline"


def analytics(shop: Service, **more: Any) -> Any:
    asked = ForecastAsked("market_intelligence", "net_sales", **{"horizon": 30, **more})
    return json.loads(shop.analytics.forecast(asked))


def test_filters_that_are_no_single_item_have_no_series() -> None:
    assert subject_of("net_sales", "day", {"country": None}) is None
    assert subject_of("net_sales", "day", {"category_name": "Tea"}) is None
    assert subject_of("refund_rate", "day", {}) is None
    found = subject_of("units", "week", {"category_id": ["c1"]})
    assert found is not None
    assert (found.level, found.item) == ("category", "c1")


@pytest.mark.parametrize(
    ("end", "days"), [("9999-12-31", 100), ("2026-06-01", 71), ("0001-01-01", 0)]
)
def test_the_ends_of_the_calendar_are_days_too(shop: Service, end: str, days: int) -> None:
    stored(shop)
    tables = shop.app.graph.tables
    versions = {name: shop.app.lake.snapshot(tables[name].path).version for name in ("sales_series", "promotions", "holidays", "categories")}  # fmt: skip
    wanted = ForecastWanted(horizon=7, start_date=date.min, end_date=date.fromisoformat(end))
    told = engine_tasks.forecast(
        shop.app, {**wanted.asked(["moving_average"]), "versions": versions, "budget": 0}, lambda _: None
    )  # fmt: skip
    assert told["metadata"]["data_points"] == days
    assert bool(told["forecast"]) is bool(days)
    assert bool(told["empty_because"]) is not bool(days)


@pytest.mark.slow
def test_the_engine_answers(shop: Service) -> None:
    week = [10_000, 12_000, 9_000, 11_000, 20_000, 30_000, 0]
    publish(shop.app, "sales_series", sales("shop", "", week * 30))
    publish(shop.app, "orders", [])
    for name in ("promotions", "holidays", "categories"):
        publish(shop.app, name, [])
    found = shop.forecasting.forecast(ForecastWanted(model="seasonal_naive", horizon=14))
    assert not isinstance(found, dict)
    *steps, end = found.events()
    told = end["answer"]
    assert told["model"] == "seasonal_naive"
    assert sum(told["forecast"][:7]) == sum(week)
    assert told["metadata"]["data_points"] == 210
    fits = [each["progress"] for each in steps if each["progress"]["step"] == "fitting"]
    assert {each["model"] for each in fits} >= {"seasonal_naive"}
    assert [each["done"] for each in fits] == list(range(fits[0]["total"]))
    assert steps[-1]["progress"]["step"] == "finishing"
    plan = WhatIfWanted("net_sales", "shop", "", "day", 14, (Change("closed", date(2026, 7, 3), date(2026, 7, 4)),))  # fmt: skip
    asked = shop.forecasting.what_if(plan)
    assert not isinstance(asked, dict)
    *_, end = asked.events()
    changed = end["answer"]
    at = changed["dates"].index("2026-07-03")
    assert changed["changed"][at : at + 2] == [0, 0]
    assert changed["effect"] == changed["total_changed"] - changed["total_base"] < 0
