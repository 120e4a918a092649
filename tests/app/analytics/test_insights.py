"""Summary, trends, anomalies, single numbers and forecasts from the sample shop and changed ones."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from app.analytics.changing import publish
from app.registered import shops
from omnix.app.analytics.errors import NotFoundError, QuestionError
from omnix.app.analytics.kpi import change
from omnix.app.analytics.service import Analytics, ForecastAsked
from omnix.app.app import App
from omnix.app.registered.definition import system_of
from omnix.app.registered.files import write
from omnix.metrics.catalogue import all_metrics
from shop import query


@pytest.fixture(scope="module")
def analytics(built: Path) -> Iterator[Analytics]:
    found = Analytics(App.open(built))
    yield found
    found.close()


@pytest.fixture
def own(copied: Path) -> Iterator[Analytics]:
    found = Analytics(App.open(copied))
    yield found
    found.close()


def insights(analytics: Analytics, kind: str, period: str, system: str = "market_intelligence") -> Any:  # fmt: skip
    return json.loads(analytics.insights(system, kind, period))


def forecast(analytics: Analytics, metric: str, **more: Any) -> Any:
    return json.loads(analytics.forecast(ForecastAsked("market_intelligence", metric, **more)))


def test_the_summary_is_what_the_tables_hold(analytics: Analytics, built: Path) -> None:
    told = insights(analytics, "summary", "month")["insights"]
    (twin,) = query(
        built,
        """select sum(net_cents)::bigint as net, sum(gross_cents - discount_cents)::bigint as goods from sales_daily
           where currency = 'EUR' and sold_on between '2026-06-01' and '2026-06-30'""",
        "sales_daily",
    )
    assert told["currency"] == "EUR"
    assert told["total_revenue"] == twin["net"]
    (euro,) = [row for row in told["by_currency"] if row["currency"] == "EUR"]
    assert told["avg_order_value"] == round(twin["goods"] / euro["total_orders"])
    assert sum(row["total_orders"] for row in told["by_currency"]) == told["total_orders"]
    assert told["dates"] == {"from": "2026-06-01", "to": "2026-06-30", "label": "June 2026"}
    compared = told["comparison"]
    assert compared["label"] == "June 2025"
    assert compared["change"]["total_orders"] == change(told["total_orders"], compared["total_orders"])  # fmt: skip


@pytest.mark.parametrize("period", ["day", "week", "month", "year"])
def test_trends_are_without_gaps_and_say_what_is_partial(analytics: Analytics, period: str) -> None:
    points = insights(analytics, "trends", period)["insights"]["trend_data"]
    days = [date.fromisoformat(point["date"]) for point in points]
    assert days == sorted(set(days))
    if period == "week":
        assert all(day.weekday() == 0 for day in days)
        assert points[-1]["partial"]  # 29 and 30 June of a week that ends on 5 July
    if period == "day":
        assert [b - a for a, b in pairwise(days)] == [timedelta(days=1)] * 89
    assert any(point["orders"] for point in points)
    assert not any(point["partial"] for point in points[1:-1])


def test_a_lost_day_is_an_anomaly_with_its_reason(own: Analytics) -> None:
    day = "2026-06-13"
    publish(own.app, "sales_daily", f"from shown where sold_on <> '{day}'")
    publish(own.app, "orders", f"from shown where ordered_on <> '{day}'")
    found = insights(own, "anomalies", "month")["insights"]
    mine = {each["metric"]: each for each in found if each["date"] == day}
    assert "orders" in mine or "units" in mine
    for each in mine.values():
        assert each["value"] == 0
        assert each["value"] < each["lower"] <= each["expected"] <= each["upper"]
        assert each["score"] < 0
        assert "13 June 2026" in each["reason"]
        assert "below" in each["reason"]


def test_a_sudden_product_is_named_as_the_reason(own: Analytics) -> None:
    """Forty times the pieces of one category on one day."""
    publish(
        own.app,
        "sales_daily",
        """select * replace (case when sold_on = '2026-06-20' and category_name = (
               select min(category_name) from shown where sold_on = '2026-06-20' and currency = 'EUR')
               then quantity + 900 else quantity end as quantity) from shown""",
    )
    found = insights(own, "anomalies", "month")["insights"]
    (mine,) = [each for each in found if each["metric"] == "units" and each["date"] == "2026-06-20"]
    assert mine["score"] > 0
    (name,) = {row["name"] for row in query(own.app.settings.home, "select min(category_name) as name from sales_daily where sold_on = '2026-06-20' and currency = 'EUR'", "sales_daily")}  # fmt: skip
    assert f"the category {name}" in mine["reason"]
    assert "% of the difference" in mine["reason"]


def test_anomalies_are_of_the_systems_own_metrics(analytics: Analytics) -> None:
    for system in ("compliance_guardian", "customer_intelligence"):
        own = {name for name, metric in all_metrics().items() if system in metric.systems}
        found = insights(analytics, "anomalies", "year", system)["insights"]
        assert {each["metric"] for each in found} <= own


@pytest.mark.parametrize(
    ("call", "field"),
    [
        (lambda a: a.insights("market_intelligence", "sumary", "month"), "type"),
        (lambda a: a.insights("market_intelligence", "summary", "decade"), "period"),
        (lambda a: a.kpi("nett_sales", "month"), "metric"),
        (lambda a: a.kpi("net_sales", "fortnight"), "period"),
        (lambda a: forecast(a, "nett_sales"), "metric"),
        (lambda a: forecast(a, "net_sales", horizon=0), "horizon"),
        (lambda a: forecast(a, "net_sales", horizon=366), "horizon"),
        (lambda a: forecast(a, "net_sales", granularity="year"), "granularity"),
        (lambda a: forecast(a, "net_sales", filters={"contry": "FR"}), "filters.contry"),
        (lambda a: forecast(a, "net_sales", filters={"country": 1}), "filters.country"),
        (lambda a: forecast(a, "net_sales", filters={"country": {"eq": "FR"}}), "filters.country"),
        (lambda a: forecast(a, "net_sales", filters={"country": ["x"] * 201}), "filters.country"),
    ],
)
def test_a_wrong_part_is_named(analytics: Analytics, call: Any, field: str) -> None:
    with pytest.raises(QuestionError) as told:
        call(analytics)
    assert told.value.errors[0]["field"] == field


def test_an_unknown_system_is_told(analytics: Analytics) -> None:
    for call in (
        lambda: analytics.insights("x", "summary", "month"),
        lambda: analytics.forecast(ForecastAsked("../x", "orders")),
    ):
        with pytest.raises(NotFoundError, match="no system"):
            call()


def test_a_number_is_held_against_its_named_period(analytics: Analytics, built: Path) -> None:
    told = json.loads(analytics.kpi("net_sales", "28d"))
    rows = query(
        built,
        """select sold_on between '2026-06-03' and '2026-06-30' as late, sum(net_cents)::bigint as net from sales_daily
           where currency = 'EUR' and sold_on between '2026-05-06' and '2026-06-30' group by all""",
        "sales_daily",
    )
    now, then = (next(row["net"] for row in rows if row["late"] is late) for late in (True, False))
    assert (told["value"], told["comparison"]["value"]) == (now, then)
    assert told["comparison"]["change"] == round((now - then) / abs(then), 4)
    assert told["comparison"]["label"] == "28 days to 2 June 2026"
    assert (told["unit"], told["currency"], told["good"]) == ("money", "EUR", "up")
    assert sum(point["value"] for point in told["sparkline"]) == now
    assert {each["table"] for each in told["provenance"]} == {"sales_daily"}


def test_what_the_data_does_not_reach_back_to_is_not_compared(analytics: Analytics) -> None:
    told = json.loads(analytics.kpi("orders", "year"))
    assert told["period"]["label"] == "2025"
    assert told["comparison"]["label"] == "2024"
    assert told["comparison"]["value"] is not None
    assert change(1, None) is change(None, 1) is change(1, 0) is None
    assert change(-50, -100) == 0.5


@pytest.mark.parametrize("metric", ["net_sales", "orders", "units_per_order"])
@pytest.mark.parametrize(("granularity", "horizon"), [("day", 30), ("week", 8), ("month", 6)])
def test_a_forecast_is_complete(analytics, metric, granularity, horizon) -> None:
    told = forecast(analytics, metric, granularity=granularity, horizon=horizon)
    made = told["forecast"]
    assert told["empty_because"] is None
    assert len(made["forecast"]) == horizon
    assert len(made["confidence_intervals"]) == 2 * horizon
    assert {each["level"] for each in made["confidence_intervals"]} == {0.8, 0.95}
    first = date.fromisoformat(made["forecast"][0]["date"])
    assert first == {"day": date(2026, 7, 1), "week": date(2026, 6, 29), "month": date(2026, 7, 1)}[granularity]  # fmt: skip
    assert date.fromisoformat(told["history"][-1]["date"]) < first
    assert {"rmse", "mae", "mape", "coverage_80", "coverage_95"} <= made["accuracy_metrics"].keys()
    assert made["baseline"]["model"] in {"seasonal_naive", "moving_average"}
    assert made["model"]
    if metric != "net_sales":
        assert min(each["lower"] for each in made["confidence_intervals"]) >= 0


def test_too_little_data_is_told_with_what_is_needed(own: Analytics) -> None:
    publish(own.app, "sales_daily", "from shown where sold_on >= '2026-06-20'")
    publish(own.app, "forecasts", "from shown limit 0")
    told = forecast(own, "net_sales")
    assert told["forecast"]["forecast"] == []
    assert told["forecast"]["model"] is None
    assert told["empty_because"] == "A forecast by day needs 28 whole days; there are 11."
    assert told["historical_data_points"] == 11
    nowhere = forecast(own, "net_sales", filters={"country": "Atlantis"}, granularity="day")
    assert nowhere["forecast"]["forecast"] == []


def test_a_forecast_of_nothing_is_told(analytics: Analytics) -> None:
    told = forecast(analytics, "net_sales", filters={"country": "Atlantis"})
    assert told["empty_because"] == "Net sales was nought all the time; there is nothing to forecast."  # fmt: skip
    gaps = forecast(analytics, "average_order_value")
    assert "nine in ten are needed" in gaps["empty_because"]
    nobody = forecast(analytics, "average_order_value", filters={"country": "Atlantis"})
    assert "nothing to count in any of" in nobody["empty_because"]


def test_filters_choose_what_is_forecast(analytics: Analytics, built: Path) -> None:
    told = forecast(analytics, "units", filters={"country": ["FR", "DE"]})
    rows = query(
        built,
        "select sum(quantity)::bigint as n from sales_daily where country in ('FR', 'DE') and sold_on = '2026-06-30'",
        "sales_daily",
    )
    assert told["history"][-1]["value"] == rows[0]["n"]


def test_without_any_sale_everything_says_so(own: Analytics) -> None:
    publish(own.app, "forecasts", "from shown limit 0")
    publish(own.app, "sales_daily", "from shown limit 0")
    for kind, empty in (("summary", {}), ("trends", {"trend_data": []}), ("anomalies", [])):
        told = insights(own, kind, "month")
        assert told["insights"] == empty
        assert told["empty_because"] == "Nothing was sold yet."
    assert json.loads(own.kpi("orders", "28d"))["empty_because"] == "Nothing was sold yet."
    assert forecast(own, "orders")["empty_because"] == "Nothing was sold yet."


@pytest.mark.parametrize("system", ["curation", "loyalty"])
def test_a_system_without_a_metric_is_not_told_the_shops_sales(own: Analytics, system: str) -> None:
    write(own.app.settings.home / "systems", system_of(shops.system()))
    for kind, empty in (("summary", {}), ("trends", {"trend_data": []}), ("anomalies", [])):
        told = insights(own, kind, "month", system)
        assert (told["insights"], told["provenance"]) == (empty, [])
        assert told["empty_because"] == f"{system} has no metric: its tables tell all it has."


def test_without_a_table_everything_names_it(own: Analytics) -> None:
    own.app.lake.delete("curated/orders")
    told = json.loads(own.kpi("orders", "28d"))
    assert told["value"] is None
    assert told["empty_because"] == "orders was never built: a run builds it."
    assert json.loads(own.kpi("net_sales", "28d"))["value"]
    assert insights(own, "trends", "week")["empty_because"].startswith("orders was never built")
