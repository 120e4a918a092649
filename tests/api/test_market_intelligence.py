"""The routes on forecasts over HTTP: what the models promise is what comes; bad input is told."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from api.test_analytics import kept
from app.forecasting import hand
from omnix.api import demand_models, market_models, registry_models
from omnix.api import forecast_models as models
from omnix.api import on_demand_models as computed
from omnix.api.data_models import ForecastAnswer
from omnix.api.problems import without_paths
from omnix.app.forecasting import child as children
from serving import Served, serve

MI = "/market-intelligence"


TESTS = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The service of a home whose tables were published by hand: no run is needed."""
    home = tmp_path_factory.mktemp("by-hand") / "home"
    shop = hand.service(home)
    days = [10_000 + 1_000 * (at % 7) for at in range(200)]
    parts = [
        ("country", "DE"),
        ("country", "GB"),
        ("country", "FR"),
        ("store", "s1"),
        ("store", "s2"),
        ("category", "c1"),
        ("product", "p1"),
    ]
    hand.publish(shop.app, "sales_series", [
        *(row for level, item in [("shop", ""), *parts] for row in hand.sales(level, item, days)),
        *hand.sales("country", "US", days, unconverted_orders=3),
    ])  # fmt: skip
    hand.publish(shop.app, "forecasts", [
        *hand.ahead([12_000.0] * 90, spread=500.0),
        *hand.ahead([7_000.0] * 90, level="store", item="s1"),
        *hand.ahead([5.0] * 30, metric="units", level="product", item="p1", currency=None, spread=1.0),
    ])  # fmt: skip
    hand.publish(shop.app, "forecast_model_comparison", [
        hand.candidate("theta", 0.8, chosen=True, margin=0.2, coverage_80=0.8, coverage_95=0.95),
        hand.candidate("seasonal_naive", 1.0, is_baseline=True),
        hand.candidate("theta", 0.8, chosen=True, metric="units", level="product", item="p1"),
    ])  # fmt: skip
    hand.publish(shop.app, "forecast_scoreboard", [
        *hand.scored(date(2026, 6, 1), [(10_000.0, 11_000.0)] * 7),
        *hand.scored(date(2026, 6, 28), [(10_000.0, 11_000.0)] * 3 + [(1.0, None)], kind="live"),
    ])  # fmt: skip
    hand.publish(shop.app, "trends", [
        {"level": "shop", "item": "", "currency": "GBP", "metric": "net_sales", "since": date(2026, 1, 1),
         "until": date(2026, 6, 30), "trend_type": "stable", "value_28d": 1.0, "growth_28d": 0.1, "reason": "Steady."},
    ])  # fmt: skip
    hand.publish(shop.app, "trend_changes", [
        {"level": "shop", "item": "", "currency": "GBP", "metric": "net_sales", "changed_on": date(2026, 6, 1),
         "kind": "level", "before": 1.0, "after": 2.0, "change": 1.0, "p": 0.001, "q": 0.01, "reason": "Up 100 %."},
    ])  # fmt: skip
    hand.publish(
        shop.app, "products", [{"product_id": "p1", "product_name": "One", "currency": "GBP"}]
    )
    hand.publish(shop.app, "competitive_pricing", [
        {"product_id": "p1", "competitor_name": "Shop & Co", "currency": "GBP", "competitor_price_cents": 900,
         "observed_at": date(2026, 6, 1), "our_price_cents": 1_000, "gap_cents": 100, "gap_share": 1 / 9,
         "competitors": 1, "price_index": 111.1, "position": "luxury", "reason": "The cost is unknown."},
    ])  # fmt: skip
    for name in ("promotions", "holidays", "categories", "competitor_prices", "inventory"):
        hand.publish(shop.app, name, [])
    shop.close()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(children, "_WORKER", "app.forecasting.stand_in")
        patch.setenv("PYTHONPATH", str(TESTS))
        with serve(home) as running:
            yield running


READ = [
    (f"{MI}/levels", models.LevelsAnswer),
    (f"{MI}/levels?level=product&limit=2&metric=units", models.LevelsAnswer),
    (f"{MI}/series", models.SeriesAnswer),
    (f"{MI}/series?level=country&item=DE&grain=week&metric=orders", models.SeriesAnswer),
    (f"{MI}/series?grain=month&history=24&horizon=365", models.SeriesAnswer),
    (f"{MI}/series?level=store&item=s1&metric=customers", models.SeriesAnswer),
    (f"{MI}/comparison", models.ModelComparisonAnswer),
    (f"{MI}/comparison?level=product&metric=units", models.ModelComparisonAnswer),
    (f"{MI}/comparison?level=store", models.ModelComparisonAnswer),
    (f"{MI}/scoreboard?kind=backtest", models.ScoreboardAnswer),
    (f"{MI}/trends", market_models.MarketTrendsAnswer),
    (
        f"{MI}/trends?start_date=2026-01-01&end_date=2026-06-30&level=shop",
        market_models.MarketTrendsAnswer,
    ),
    (f"{MI}/trends?level=store&item=s1", market_models.MarketTrendsAnswer),
    (f"{MI}/competitive-pricing", market_models.CompetitivePricingAnswer),
    ("/forecasts", demand_models.ForecastsAnswer),
    ("/forecasts?trend=increasing&days=7&page=2", demand_models.ForecastsAnswer),
    ("/forecasts/metrics", demand_models.DemandMetricsAnswer),
    ("/models", registry_models.ModelsAnswer),
]


@pytest.mark.parametrize(("path", "model"), READ)
def test_answers_keep_their_models(served: Served, path, model) -> None:
    assert kept(served.get(path), model)


def test_orders_whose_money_is_left_out_are_told(served: Served) -> None:
    told = kept(served.get(f"{MI}/series?level=country&item=US&history=1"), models.SeriesAnswer)
    assert told["unconverted_orders"] == 3 * 200
    assert served.get(f"{MI}/series?level=country&item=DE").json()["unconverted_orders"] == 0


def test_a_product_keeps_its_model(served: Served) -> None:
    told = served.get(f"{MI}/levels?level=product&limit=1").json()
    item = told["data"][0]["item"]
    demand = kept(served.get(f"/forecasts/{item}"), demand_models.ProductForecastAnswer)
    assert demand["productId"] == item
    series = kept(
        served.get(f"{MI}/series?level=product&item={item}&metric=units"), models.SeriesAnswer
    )
    assert series["item"] == item
    prices = kept(
        served.get(f"{MI}/competitive-pricing?product_id={item}"),
        market_models.CompetitivePricingAnswer,
    )
    assert {row["product_id"] for row in prices["pricing"]} <= {item}


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        (f"{MI}/series?level=planet", 422, "level"),
        (f"{MI}/series?horizon=0", 422, "horizon"),
        (f"{MI}/series?horizon=366", 422, "horizon"),
        (f"{MI}/series?horizon=-1", 422, "horizon"),
        (f"{MI}/series?level=country", 422, "Which country is not said"),
        (f"{MI}/series?level=shop&item=DE", 422, "The shop has no item"),
        (f"{MI}/series?level=country&item=XX", 404, "No sale of country"),
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


def test_what_to_do_next_names_the_address(served: Served) -> None:
    told = served.get(f"{MI}/series?item=GB").json()
    assert told["step"] == f"GET /api/v1{MI}/levels lists them."
    assert without_paths("GET /user/sessions lists yours; see /srv/shop/home.") == "GET /user/sessions lists yours; see …"  # fmt: skip
    assert without_paths("The registry sqlite:////srv/a.b/c.sqlite is gone.") == "The registry sqlite:… is gone."  # fmt: skip


def test_a_store_answers_as_every_part_does(served: Served) -> None:
    rows = served.get(f"{MI}/levels?level=store").json()["data"]
    assert [(row["item"], row["forecast_28d"]) for row in rows] == [("s1", 28 * 7_000), ("s2", None)]  # fmt: skip
    told = kept(ask(served, f"{MI}/forecast", {"store_id": "s1"}), computed.MadeForecastAnswer)
    assert told["forecast"] == [7_000] * 30
    assert (told["metadata"]["store_id"], told["metadata"]["country"]) == ("s1", None)
    missing = served.get(f"{MI}/series?level=store&item=s3")
    assert missing.status_code == 404
    assert "No sale of store 's3'" in missing.text


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


def ask(served: Served, path: str, body: dict[str, Any], **headers: str) -> Any:
    with served.client("analyst", **headers) as client:
        return client.post(f"/api/v1{path}", json=body)


def test_a_stored_forecast_needs_no_computing(served: Served) -> None:
    told = kept(ask(served, f"{MI}/forecast", {"metric": "sales"}), computed.MadeForecastAnswer)
    assert told["stored"] is True
    assert told["forecast"] == [12_000] * 30
    assert told["provenance"]


def test_a_stored_forecast_comes_as_events_too(served: Served) -> None:
    with served.client("analyst", Accept="text/event-stream") as client:
        answer = client.post(f"/api/v1{MI}/forecast", json={"horizon": 2})
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert [name for name, _ in events(answer.text)] == ["answer", "end"]


def events(text: str) -> list[tuple[str, Any]]:
    """Name and data of each event."""
    found = []
    for block in text.strip().split("\n\n"):
        if block.startswith("event: "):
            name, _, data = block.removeprefix("event: ").partition("\ndata: ")
            found.append((name, json.loads(data)))
    return found


def test_what_is_computed_is_told_as_it_goes(served: Served) -> None:
    with served.client("analyst", Accept="text/event-stream") as client:
        answer = client.post(f"/api/v1{MI}/compare-models", json={"models": ["theta"]})
    told = events(answer.text)
    assert [name for name, _ in told] == ["progress", "progress", "answer", "end"]
    assert told[1][1] == {"step": "fitting", "done": 0, "total": 1, "words": "Fitting."}
    assert told[-1][1] == {"status": "succeeded"}
    again = ask(served, f"{MI}/compare-models", {"models": ["theta"]})
    assert again.json()["metadata"]["cached"] is True


def test_an_error_on_the_way_is_an_event(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    told = asked_with(served, monkeypatch, {"error": True}, "text/event-stream")
    assert [name for name, _ in events(told.text)][-2:] == ["problem", "end"]
    assert events(told.text)[-2][1]["status"] == 404
    plain = asked_with(served, monkeypatch, {"error": True}, "application/json")
    assert plain.status_code == 404
    assert plain.headers["content-type"] == "application/problem+json"


def asked_with(
    served: Served, monkeypatch: pytest.MonkeyPatch, more: dict[str, Any], accept: str
) -> Any:
    """A comparison whose stand-in also hears `more`."""
    engine = served.service.forecasting.on_demand
    real = engine.ask
    monkeypatch.setattr(engine, "ask", lambda task, asked: real(task, {**asked, **more}))
    with served.client("analyst", Accept=accept) as client:
        answer = client.post(f"/api/v1{MI}/compare-models", json={})
    monkeypatch.undo()
    return answer


@pytest.mark.parametrize("accept", ["text/event-stream", "application/json"])
def test_whoever_hangs_up_ends_the_computation(
    served: Served, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, accept: str
) -> None:
    engine, pid = served.service.forecasting.on_demand, tmp_path / "pid"
    real = engine.ask
    more = {"started": str(pid), "wait_for": str(tmp_path / "never")}
    monkeypatch.setattr(engine, "ask", lambda task, asked: real(task, {**asked, **more}))
    with served.client("analyst", Accept=accept) as client:
        hang_up(client, pid)
    child = int(pid.read_text())
    wait_until(lambda: ended(child))
    assert ended(child)


def hang_up(client: Any, pid: Path) -> None:
    """Ask, and go away as soon as the child is at work."""
    import socket

    url = client.base_url
    body = b'{"horizon": 3}'
    head = (
        f"POST /api/v1{MI}/compare-models HTTP/1.1\r\nHost: {url.host}\r\nContent-Length: {len(body)}\r\n"
        f"Content-Type: application/json\r\nAccept: {client.headers['accept']}\r\n"
        f"Authorization: {client.headers['authorization']}\r\n\r\n"
    )
    with socket.create_connection((url.host, url.port)) as line:
        line.sendall(head.encode() + body)
        wait_until(lambda: pid.exists() and bool(pid.read_text()))


def wait_until(so: Callable[[], bool]) -> None:
    pause = threading.Event()
    for _ in range(3_000):
        if so():
            return
        pause.wait(0.02)
    raise AssertionError("it never came to pass")


def ended(pid: int) -> bool:
    with suppress(ProcessLookupError):
        os.kill(pid, 0)
        return False
    return True


@pytest.mark.parametrize(
    ("path", "body", "said"),
    [
        (f"{MI}/forecast", {"horizon": 0}, "horizon"),
        (f"{MI}/forecast", {"horizon": 366}, "horizon"),
        (f"{MI}/forecast", {"horizon": -1}, "horizon"),
        (f"{MI}/forecast", {"metric": "joy"}, "metric"),
        (f"{MI}/forecast", {"model": "crystal_ball"}, "model"),
        (f"{MI}/forecast", {"country": "DE", "product_id": "p1"}, "Name one of"),
        (f"{MI}/compare-models", {"models": ["nothing"]}, "models.0"),
        (f"{MI}/what-if", {"changes": []}, "changes"),
        (f"{MI}/what-if", {"changes": [{"kind": "price", "from": "2026-07-02", "to": "2026-07-03"}]}, "times the usual"),
        (f"{MI}/what-if", {"changes": [{"kind": "closed", "from": "2026-07-03", "to": "2026-07-02"}]}, "after its end"),
    ],
)  # fmt: skip
def test_wishes_that_cannot_be_are_refused(served: Served, path, body, said) -> None:
    answer = ask(served, path, body)
    assert answer.status_code == 422, answer.text
    assert said in answer.text


def test_other_systems_answer_from_the_table(served: Served) -> None:
    body = {"metric": "net_sales", "horizon": 30}
    told = kept(ask(served, "/analytics/market_intelligence/forecast", body), ForecastAnswer)
    assert told["forecast"]["source"] == "forecasts"


def test_a_feed_must_be_csv(served: Served) -> None:
    path = f"/api/v1{MI}/competitor-prices"
    with served.client("manager") as client:
        assert client.post(path, json={}).status_code == 415
        assert (
            client.post(path, content=b" ", headers={"Content-Type": "text/csv"}).status_code == 422
        )
        wrong = client.post(path, content=b"a,b\n1,2\n", headers={"Content-Type": "text/csv"})
    assert wrong.status_code == 422
    with served.client("analyst") as client:
        refused = client.post(path, content=b"a,b\n", headers={"Content-Type": "text/csv"})
    assert refused.status_code == 403


def test_models_that_are_not_there(served: Served) -> None:
    assert served.get("/models").json()["data"] == []
    for path in ("/models/forecast-x", "/models/forecast-x/card"):
        assert served.get(path).status_code == 404
    for path in ("promote", "rollback"):
        assert served.ask("POST", f"/models/forecast-x/{path}", "admin", json={}).status_code == 404
        assert (
            served.ask("POST", f"/models/forecast-x/{path}", "manager", json={}).status_code == 403
        )
