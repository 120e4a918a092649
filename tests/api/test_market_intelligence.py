"""The routes on forecasts over HTTP: what the models promise is what comes; bad input is told."""

from __future__ import annotations

import json

import pytest

from omnix.api import forecast_models as models
from omnix.api import registry_models
from serving import Served

MI = "/market-intelligence"


def strict(model: type) -> type:
    """The same model, refusing fields that it does not name."""
    return type(f"Strict{model.__name__}", (model,), {"model_config": {"extra": "forbid"}})


def kept(answer, model) -> dict:
    """The answer's body; it keeps the model's word."""
    assert answer.status_code == 200, answer.text
    strict(model).model_validate_json(answer.content)
    return json.loads(answer.content)


READ = [
    (f"{MI}/levels", models.LevelsAnswer),
    (f"{MI}/levels?level=product&limit=2&metric=units", models.LevelsAnswer),
    (f"{MI}/series", models.SeriesAnswer),
    (f"{MI}/series?level=country&item=DE&grain=week&metric=orders", models.SeriesAnswer),
    (f"{MI}/series?grain=month&history=24&horizon=365", models.SeriesAnswer),
    (f"{MI}/comparison", models.ModelComparisonAnswer),
    (f"{MI}/comparison?level=product&metric=units", models.ModelComparisonAnswer),
    (f"{MI}/scoreboard?kind=backtest", models.ScoreboardAnswer),
    (f"{MI}/trends", models.MarketTrendsAnswer),
    (f"{MI}/trends?start_date=2026-01-01&end_date=2026-06-30&level=shop", models.MarketTrendsAnswer),
    (f"{MI}/competitive-pricing", models.CompetitivePricingAnswer),
    ("/forecasts", models.ForecastsAnswer),
    ("/forecasts?trend=increasing&days=7&page=2", models.ForecastsAnswer),
    ("/forecasts/metrics", models.DemandMetricsAnswer),
    ("/models", registry_models.ModelsAnswer),
]


@pytest.mark.parametrize(("path", "model"), READ)
def test_answers_keep_their_models(served: Served, path, model) -> None:
    kept(served.get(path), model)


def test_a_product_keeps_its_model(served: Served) -> None:
    told = served.get(f"{MI}/levels?level=product&limit=1").json()
    item = told["data"][0]["item"]
    kept(served.get(f"/forecasts/{item}"), models.ProductForecastAnswer)
    kept(served.get(f"{MI}/series?level=product&item={item}&metric=units"), models.SeriesAnswer)
    kept(served.get(f"{MI}/competitive-pricing?product_id={item}"), models.CompetitivePricingAnswer)


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        (f"{MI}/series?level=planet", 422, "level"),
        (f"{MI}/series?horizon=0", 422, "horizon"),
        (f"{MI}/series?horizon=366", 422, "horizon"),
        (f"{MI}/series?horizon=-1", 422, "horizon"),
        (f"{MI}/series?level=country", 422, "Which country is not said"),
        (f"{MI}/series?level=shop&item=DE", 422, "The shop has no item"),
        (f"{MI}/series?level=country&item=XX", 404, "was ever sold"),
        (f"{MI}/series?level=product&item=p1&metric=customers", 422, "not forecast by product"),
        (f"{MI}/levels?cursor=abc", 422, "cursor"),
        (f"{MI}/trends?start_date=2026-02-01&end_date=2026-01-01", 422, "is after end_date"),
        (f"{MI}/scoreboard?kind=dream", 422, "kind"),
        ("/forecasts/no-such-product", 404, "There is no product"),
        ("/forecasts?page=0", 422, "page"),
        ("/models/forecast-nothing", 404, "There is no model"),
    ],
)
def test_bad_questions_are_told(served: Served, path, status, said) -> None:
    answer = served.get(path)
    assert answer.status_code == status, answer.text
    assert said in answer.text


def test_levels_lead_through_all_parts(served: Served) -> None:
    seen, cursor = [], ""
    while True:
        page = served.get(f"{MI}/levels?level=country&limit=2&cursor={cursor}").json()
        seen += [row["item"] for row in page["data"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    whole = served.get(f"{MI}/levels?level=country&limit=1000").json()
    assert seen == [row["item"] for row in whole["data"]]
    assert len(seen) == len(set(seen)) > 2
