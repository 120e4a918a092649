"""Predicted against happened, and every candidate on the same folds."""

from __future__ import annotations

import json
from datetime import date, timedelta

from app.forecasting.hand import candidate, publish, scored
from omnix.app.service import Service


def board(shop: Service, errors: list[float], **more: object) -> dict:
    """A scoreboard of weekly forecasts that were off by these shares, oldest first."""
    rows = [
        row
        for number, error in enumerate(errors)
        for row in scored(date(2026, 1, 5) + timedelta(days=7 * number), [(100 * (1 + error), 100.0)] * 7, **more)
    ]  # fmt: skip
    publish(shop.app, "forecast_scoreboard", rows)
    return json.loads(shop.forecasting.scoreboard("net_sales", "shop", "", "day", "", 400))


def test_it_gets_better(shop: Service) -> None:
    told = board(shop, [0.30, 0.28, 0.31, 0.29, 0.10, 0.09, 0.11, 0.08])
    assert told["verdict"] == "better"
    assert told["sentence"] == (
        "The last 4 forecasts of 7 days were off by 10 % on average, the 4 before by 30 %: "
        "they are getting better."
    )


def test_it_gets_worse(shop: Service) -> None:
    assert board(shop, [0.08, 0.09, 0.10, 0.11, 0.30, 0.28, 0.31, 0.29])["verdict"] == "worse"


def test_what_chance_makes_is_no_verdict(shop: Service) -> None:
    assert board(shop, [0.1, 0.3, 0.2, 0.25, 0.15, 0.28, 0.12, 0.22])["verdict"] == "same"


def test_a_few_tell_nothing(shop: Service) -> None:
    told = board(shop, [0.1, 0.2])
    assert told["verdict"] == "unknown"
    assert "2 forecasts of 7 days over so far; 6 are needed" in told["sentence"]


def test_weeks_are_sums_of_what_was_said_last(shop: Service) -> None:
    told = board(shop, [0.5, 0.2])
    assert [week["periods"] for week in told["weeks"]] == [7, 7]
    first = told["weeks"][0]
    assert (first["predicted"], first["actual"], first["error_share"]) == (1_050, 700, 0.5)
    assert first["wape"] == 0.5
    assert first["within_80"] == 0.0  # 150 ± 10 against 100
    assert told["rows"][0]["period"] == "2026-01-18"


def test_the_error_of_a_week_is_that_of_its_sum_of_errors(shop: Service) -> None:
    # A day of hardly any sales is ten times too high, and no week of 1,000 % for that.
    publish(
        shop.app,
        "forecast_scoreboard",
        scored(date(2026, 1, 5), [(11.0, 1.0), *[(90.0, 100.0)] * 6]),
    )
    told = json.loads(shop.forecasting.scoreboard("net_sales", "shop", "", "day", "", 400))
    (week,) = told["weeks"]
    assert week["wape"] == round(70 / 601, 4)


def test_what_is_not_over_has_no_error(shop: Service) -> None:
    publish(
        shop.app, "forecast_scoreboard", scored(date(2026, 6, 28), [(100.0, 90.0), (100.0, None)])
    )
    told = json.loads(shop.forecasting.scoreboard("net_sales", "shop", "", "day", "", 400))
    after, before = told["rows"]
    assert (after["actual"], after["error"], after["within_80"]) == (None, None, None)
    assert (before["error"], before["error_share"], before["within_80"]) == (10, 0.1111, True)


def test_nothing_is_told_with_the_reason(shop: Service) -> None:
    told = json.loads(shop.forecasting.scoreboard("net_sales", "shop", "", "day", "", 400))
    assert told["verdict"] == "unknown"
    assert "was never built" in told["empty_because"]


def test_candidates_of_a_series_the_chosen_first(shop: Service) -> None:
    rows = [
        candidate("seasonal_naive", 1.0, is_baseline=True),
        candidate("auto_ets", 0.7),
        candidate("theta", 0.8, chosen=True, margin=0.2, p_value=0.01),
    ]
    publish(shop.app, "forecast_model_comparison", rows)
    told = json.loads(shop.forecasting.comparison("net_sales", "day", "", ""))
    assert [row["model"] for row in told["rows"]] == ["theta", "auto_ets", "seasonal_naive"]
    (group,) = told["by_class"]
    assert (group["model"], group["series"], group["baseline_mase"], group["margin"]) == ("theta", 1, 1.0, 0.2)  # fmt: skip


def test_a_level_is_the_mean_of_its_series(shop: Service) -> None:
    rows = [
        candidate(model, mase + at, level="country", item=item, chosen=model == "theta", margin=0.0)
        for at, item in enumerate(("DE", "FR"))
        for model, mase in (("theta", 0.5), ("mstl", 0.7))
    ]
    publish(shop.app, "forecast_model_comparison", rows)
    told = json.loads(shop.forecasting.comparison("net_sales", "day", "country", ""))
    assert [(row["model"], row["mase"]) for row in told["rows"]] == [("theta", 1.0), ("mstl", 1.2)]
    assert told["rows"][0]["reason"] == "Chosen for 2 of 2 series."


def test_of_a_level_the_margin_is_that_of_the_mean_errors(shop: Service) -> None:
    rows = [
        # Half the baseline's 0.8, and twice its 0.1: 0.6 against 0.9 in all, not 25 % worse.
        candidate("theta", 0.4, level="country", item="DE", chosen=True, margin=0.5),
        candidate("theta", 0.2, level="country", item="FR", chosen=True, margin=-1.0),
    ]
    publish(shop.app, "forecast_model_comparison", rows)
    told = json.loads(shop.forecasting.comparison("net_sales", "day", "country", ""))
    assert (told["rows"][0]["mase"], told["rows"][0]["margin"]) == (0.3, 0.3333)
    assert told["by_class"][0]["margin"] == 0.3333
