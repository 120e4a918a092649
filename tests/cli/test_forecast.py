"""`omnix forecast`, `backtest` and `models` on the small shop, whose run tried the baselines alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.forecasting import hand
from cli.command import omnix
from shop import new_home, query


def test_the_stored_forecast_with_its_intervals(built: Path) -> None:
    told = omnix(built, "forecast", "shop", "--horizon", "7")
    assert told.code == 0
    for word in ("shop: net_sales by day", "80 % from", "baseline", "Model: "):
        assert word in told.words
    answer = omnix(built, "forecast", "shop", "--horizon", "7", "--json").json["shop"]
    rows = query(
        built,
        "select value from forecasts where metric = 'net_sales' and grain = 'day' and level = 'shop'"
        " and ahead <= 7 order by ahead",
        "forecasts",
    )
    assert answer["forecast"] == [round(row["value"]) for row in rows]
    assert len(answer["dates"]) == 7


def test_several_parts_at_once(built: Path) -> None:
    (row,) = query(
        built,
        "select item from sales_series where level = 'product' group by item order by sum(units) desc, item limit 1",
        "sales_series",
    )  # fmt: skip
    told = omnix(built, "forecast", "shop", f"product={row['item']}", "--metric", "units", "--json")
    assert list(told.json) == ["shop", f"product={row['item']}"]


def test_a_store_of_a_chain(tmp_path: Path) -> None:
    home = tmp_path / "home"
    shop = hand.service(home)
    kinds = {"": "shop", "s1": "store", "s2": "store"}
    hand.publish(shop.app, "sales_series", [
        row for item, level in kinds.items() for row in hand.sales(level, item, [10_000] * 60)
    ])  # fmt: skip
    hand.publish(shop.app, "forecasts", hand.ahead([12_300.0] * 30, level="store", item="s1"))
    shop.close()
    told = omnix(home, "forecast", "store=s1", "--horizon", "7", "--json")
    assert told.json["store=s1"]["forecast"] == [12_300] * 7
    assert told.json["store=s1"]["metadata"]["store_id"] == "s1"
    assert "'s3'" in omnix(home, "forecast", "store=s3").words


def test_errors_stand_in_the_unit_of_the_forecast_beside_the_baseline_they_are_held_against(
    tmp_path: Path,
) -> None:
    home = tmp_path / "home"
    shop = hand.service(home)
    hand.publish(shop.app, "sales_series", hand.sales("shop", "", [10_000] * 60))
    hand.publish(shop.app, "forecasts", hand.ahead([12_300.0] * 30))
    hand.publish(shop.app, "forecast_model_comparison", [
        hand.candidate("theta", 0.8, chosen=True, margin=0.5, wape=0.08, rmse=123_456.789),
        hand.candidate("seasonal_naive", 1.2, is_baseline=True, margin=0.25),
        hand.candidate("moving_average", 1.6, is_baseline=True, margin=0.0),
    ])  # fmt: skip
    shop.close()
    told = omnix(home, "forecast", "--horizon", "7").words
    assert (
        "On past days that took no part in the choice: mase 0.800, wape 8.0%, rmse 1,234.57."
        in told
    )
    (row,) = omnix(home, "backtest", "--json").json
    assert (row["mase"], row["baseline_mase"]) == (0.8, 1.6)
    assert omnix(home, "backtest", "--metric", "sales", "--json").json == [row]
    assert "Needed: 6 months of history." in omnix(home, "backtest", "--grain", "month").words
    unknown = omnix(home, "backtest", "--metric", "joy")
    assert (unknown.code, "Give one of net_sales" in unknown.words) == (2, True)


def test_money_that_no_rate_converts_is_told_below_the_answer(tmp_path: Path) -> None:
    home = tmp_path / "home"
    shop = hand.service(home)
    days = [30_000] * 60
    hand.publish(shop.app, "sales_series", [
        *hand.sales("shop", "", days, unconverted_orders=20),
        *hand.sales("country", "US", days[:1], unconverted_orders=1),
        *hand.sales("country", "GB", days),
    ])  # fmt: skip
    hand.publish(shop.app, "forecasts", [
        *hand.ahead([12_300.0] * 30), *hand.ahead([9.0] * 30, metric="orders", currency=None),
        *(row for item in ("US", "GB") for row in hand.ahead([12_300.0] * 30, level="country", item=item)),
    ])  # fmt: skip
    shop.close()
    told = omnix(home, "forecast").words
    assert told.rstrip().endswith(
        "The money of 1,200 orders of the last 365 days is left out, as no exchange rate converts it "
        "to GBP: add a table `exchange_rates` to the source and start a run (see the documentation: "
        "Forecasting, Several currencies)."
    )
    assert (
        "The money of 1 order of the last 365 days" in omnix(home, "forecast", "country=US").words
    )
    assert "left out" not in omnix(home, "forecast", "country=GB").words
    assert "left out" not in omnix(home, "forecast", "--metric", "orders").words


def test_a_shop_without_stores_has_none(built: Path) -> None:
    for table in ("sales_series", "forecasts", "trends"):
        assert query(built, f"select * from {table} where level = 'store'", table) == []
    assert "No sale of store 's1'" in omnix(built, "forecast", "store=s1").words


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("region=north",), "region=north"),
        (("country=Nowhere",), "Nowhere"),
        (("shop", "--metric", "profit"), "profit"),
        (("shop", "--grain", "hour"), "hour"),
        (("shop", "--horizon", "0"), "horizon is 0"),
        (("shop", "--horizon", "366"), "horizon is 366"),
        (("shop", "--horizon", "-1"), "-1"),
        (("shop", "--model", "crystal_ball"), "crystal_ball"),
    ],
)
def test_what_cannot_be_forecast_is_told(built: Path, arguments, words) -> None:
    told = omnix(built, "forecast", *arguments)
    assert told.code != 0
    assert words in told.words
    assert "Traceback" not in told.words


def test_before_any_run_it_says_what_is_needed(tmp_path: Path) -> None:
    home = new_home(tmp_path / "home")
    assert "Needed:" in omnix(home, "forecast").words
    assert "omnix run" in omnix(home, "backtest").words
    assert "No model was trained yet" in omnix(home, "models", "list").words


def test_the_last_run_s_trials_by_level_and_kind(built: Path) -> None:
    rows = omnix(built, "backtest", "--metric", "units", "--json").json
    assert {"shop", "country", "category", "product"} <= {row["level"] for row in rows}
    told = omnix(built, "backtest", "--metric", "units").words
    assert "baseline's mase" in told
    assert "95 % holds" in told


@pytest.mark.slow
def test_candidates_are_tried_on_one_series_now(built: Path) -> None:
    told = omnix(
        built,
        "backtest",
        "shop",
        "--models",
        "seasonal_naive,croston",
        "--metric",
        "orders",
        "--json",
    )
    assert told.code == 0, told.words
    assert {"seasonal_naive", "croston"} <= {row["model"] for row in told.json["comparison"]}
    assert told.json["best_model"]


@pytest.mark.slow
def test_an_unknown_model_is_told(built: Path) -> None:
    told = omnix(built, "models", "show", "forecast-profit")
    assert told.code != 0
    assert "forecast-profit" in told.words
