"""One series: its sentence, its days, its events; and why there is nothing where there is nothing."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest

from app.forecasting.hand import AS_OF, ahead, candidate, publish, sales, scored
from omnix.app.analytics.errors import NotFoundError, QuestionError
from omnix.app.service import Service

SATURDAYS = [date(2026, 7, 4) + timedelta(days=7 * week) for week in range(4)]


def series(shop: Service, level: str = "shop", item: str = "", **more: Any) -> Any:
    asked = {"metric": "net_sales", "grain": "day", "past": 30, "horizon": 14, **more}
    return json.loads(
        shop.forecasting.series(asked["metric"], level, item, asked["grain"], asked["past"], asked["horizon"])
    )  # fmt: skip


def full(shop: Service) -> None:
    publish(shop.app, "sales_series", sales("shop", "", [600_000] * 200))
    publish(shop.app, "forecasts", ahead([700_000] * 30, spread=80_000, closed=SATURDAYS))


def test_the_sentence_says_what_comes_and_how_the_last_one_did(shop: Service) -> None:
    full(shop)
    publish(shop.app, "forecast_scoreboard", scored(date(2026, 6, 1), [(624_000, 600_000)] * 7))
    told = series(shop)
    # Six open days of 7,000.00; one past sum only, so that the intervals are added up: 6 × 800.00.
    assert told["next"]["value"] == 4_200_000
    assert told["next"]["spread"] == 480_000
    assert told["sentence"] == (
        "Next 7 days: GBP 42,000 ± 4,800; the last one tried on the past was 4 % high."
    )
    assert told["last_forecast"]["error_share"] == 0.04


def test_a_live_forecast_comes_before_one_that_was_tried(shop: Service) -> None:
    full(shop)
    tried = scored(date(2026, 6, 20), [(900_000, 600_000)] * 7)
    live = scored(date(2026, 6, 1), [(588_000, 600_000)] * 7, kind="live")
    publish(shop.app, "forecast_scoreboard", [*tried, *live])
    assert series(shop)["sentence"].endswith("the last forecast was 2 % low.")


def test_a_forecast_that_is_not_over_is_not_judged(shop: Service) -> None:
    full(shop)
    begun = scored(date(2026, 6, 28), [(1.0, 2.0)] * 3 + [(1.0, None)] * 4, kind="live")
    publish(shop.app, "forecast_scoreboard", begun)
    told = series(shop)
    assert told["last_forecast"] is None
    assert told["sentence"].endswith("no forecast is over yet.")


def test_the_spread_is_that_of_past_sums_where_there_are_enough(shop: Service) -> None:
    full(shop)
    past = [
        row
        for number, off in enumerate([1_000, 2_000, 3_000, 4_000, 5_000])
        for row in scored(date(2026, 5, 1) + timedelta(days=7 * number), [(off, 0.0)] * 7)
    ]
    publish(shop.app, "forecast_scoreboard", past)
    # Of five sums that were off by 7 × 1,000 … 7 × 5,000 the fifth bounds four fifths (5 = ⌈0.8 × 6⌉).
    assert series(shop)["next"]["spread"] == 35_000


def test_days_without_a_sale_are_nought_up_to_the_cut(shop: Service) -> None:
    publish(shop.app, "sales_series", sales("shop", "", [100] * 40 + [0, 0, 7, 0]))
    told = series(shop, past=5)["history"]
    assert [each["value"] for each in told] == [100, 0, 0, 7, 0]
    assert told[-1]["date"] == str(AS_OF - timedelta(days=1))


def test_weeks_and_months_are_whole_ones(shop: Service) -> None:
    publish(
        shop.app, "sales_series", sales("shop", "", [100] * 70)
    )  # from 22 April 2026, a Wednesday
    weeks = series(shop, grain="week", past=100)["history"]
    assert weeks[0] == {"date": "2026-04-27", "value": 700}
    assert weeks[-1] == {"date": "2026-06-22", "value": 700}
    months = series(shop, grain="month")["history"]
    assert months == [
        {"date": "2026-05-01", "value": 3_100},
        {"date": "2026-06-01", "value": 3_000},
    ]


def test_closed_days_are_told_in_words_and_on_the_axis(shop: Service) -> None:
    full(shop)
    told = series(shop)
    assert told["calendar"] == ["Closed on Saturdays."]
    shut = [each for each in told["events"] if each["kind"] == "closed"]
    assert [each["date"] for each in shut] == ["2026-07-04", "2026-07-11"]
    assert [p["value"] for p in told["forecast"] if p["closed"]] == [0, 0]


def test_changes_holidays_and_promotions_stand_on_the_axis(shop: Service) -> None:
    full(shop)
    publish(shop.app, "trend_changes", [
        {"level": "shop", "item": "", "currency": "GBP", "metric": "net_sales", "changed_on": date(2026, 6, 10),
         "kind": "level", "before": 1.0, "after": 2.0, "change": 1.0, "p": 0.001, "q": 0.01, "reason": "Up 100 %."},
    ])  # fmt: skip
    publish(shop.app, "holidays", [
        {"holiday_date": date(2026, 6, 20), "country": each, "holiday_name": "Midsummer"} for each in ("SE", "FI")
    ])  # fmt: skip
    told = [(each["date"], each["kind"], each["label"]) for each in series(shop)["events"]]
    assert ("2026-06-10", "change", "Up 100 %.") in told
    assert ("2026-06-20", "holiday", "Midsummer (FI, SE)") in told


def test_the_model_stands_beside_its_own_baseline(shop: Service) -> None:
    full(shop)
    rows = [
        candidate("theta", 0.8, chosen=True, coverage_80=0.79, coverage_95=0.96),
        candidate("moving_average", 0.9, is_baseline=True),
        candidate("seasonal_naive", 1.0, is_baseline=True),
    ]
    publish(shop.app, "forecast_model_comparison", rows)
    told = series(shop)
    assert told["model"]["name"] == "theta"
    assert told["model"]["about"]
    assert told["scores"]["model"]["mase"] == 0.8
    assert told["scores"]["baseline"]["mase"] == 1.0  # what `forecasts.baseline_model` names
    assert told["scores"]["coverage_80"] == 0.79


def test_nothing_built_is_an_empty_answer_with_the_reason(shop: Service) -> None:
    told = series(shop)
    assert told["forecast"] == told["history"] == []
    assert told["unconverted_orders"] == 0
    assert "sales_series was never built" in told["empty_because"]
    assert "omnix run" in told["needed"]


def test_too_little_history_says_how_much_is_needed(shop: Service) -> None:
    publish(shop.app, "sales_series", sales("shop", "", [100] * 14))
    publish(shop.app, "forecasts", [])
    told = series(shop)
    assert "14 days of history are too few" in told["empty_because"]
    assert told["needed"] == "28 days of history."
    assert told["sentence"] == told["empty_because"]


def test_a_shop_that_sold_nothing_says_so(shop: Service) -> None:
    publish(shop.app, "sales_series", [])
    assert series(shop)["empty_because"] == "Nothing was sold yet."


def test_what_was_never_sold_is_not_there(shop: Service) -> None:
    publish(
        shop.app, "sales_series", [*sales("shop", "", [1] * 3), *sales("country", "GB", [1] * 3)]
    )
    with pytest.raises(NotFoundError, match="'GX'") as told:
        series(shop, "country", "GX")
    assert "Did you mean" in told.value.step


@pytest.mark.parametrize(
    ("level", "item", "metric"),
    [("shop", "GB", "net_sales"), ("country", "", "net_sales"), ("planet", "", "net_sales"), ("shop", "", "sails"), ("product", "p1", "orders")],
)  # fmt: skip
def test_what_cannot_be_meant_is_refused(shop: Service, level, item, metric) -> None:
    with pytest.raises(QuestionError):
        series(shop, level, item, metric=metric)


def test_counts_have_no_currency(shop: Service) -> None:
    publish(shop.app, "sales_series", sales("shop", "", [100_000] * 60))
    publish(shop.app, "forecasts", ahead([10.0] * 30, spread=2.0, metric="orders", currency=None))
    told = series(shop, metric="order_count")
    assert told["currency"] is None
    assert told["sentence"].startswith("Next 7 days: 70 ± 14 orders")


def test_money_that_no_rate_converts_is_counted_by_order_over_the_year_before_the_cut(
    shop: Service,
) -> None:
    # 400 days with two such orders each, of the shop; one country has them, the other has none.
    publish(shop.app, "sales_series", [
        *sales("shop", "", [5_000] * 400, unconverted_orders=2),
        *sales("country", "US", [2_000] * 400, unconverted_orders=2),
        *sales("country", "GB", [3_000] * 400),
        *({**row, "sold_on": AS_OF} for row in sales("shop", "", [5_000], unconverted_orders=5)),
    ])  # fmt: skip
    assert series(shop)["unconverted_orders"] == 2 * 365
    assert series(shop, past=0, grain="month")["unconverted_orders"] == 2 * 365
    assert series(shop, "country", "US")["unconverted_orders"] == 2 * 365
    assert series(shop, "country", "GB")["unconverted_orders"] == 0
    # Counts have these orders like all others.
    assert series(shop, metric="orders")["unconverted_orders"] == 0


def test_a_price_with_a_wrong_date_does_not_push_the_past_out_of_the_picture(shop: Service) -> None:
    seen = {"product_id": "p1", "competitor_name": "Rival", "currency": "GBP"}
    publish(shop.app, "competitor_prices", [
        {**seen, "price_cents": 900, "observed_at": date(2026, 6, 1)},
        {**seen, "price_cents": 100, "observed_at": date(2099, 1, 1)},
    ])  # fmt: skip
    publish(shop.app, "competitive_pricing", [])
    told = json.loads(shop.forecasting.pricing("p1"))["history"]
    assert [(each["date"], each["competitor_price"]) for each in told] == [("2026-06-01", 900)]
