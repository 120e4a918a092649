"""The Python client against the real service on loopback, and against one that stumbles."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from typing import Any, get_type_hints

import httpx
import pyarrow.parquet as pq
import pytest

from omnix.api import catalog_models
from omnix.api import data_models as models
from omnix.api.models import Provenance
from omnix.api.routes import runs as run_models
from omnix.api.routes import sql as sql_models
from omnix.client import ApiError, Client, Event, NotReachableError, answers
from omnix.client.runs import parsed
from serving import PASSWORD, Served, email_of


@pytest.fixture
def shop(served: Served) -> Iterator[Client]:
    with Client(served.url) as client:
        yield client.sign_in(email_of("manager"), PASSWORD)


@pytest.mark.parametrize(
    ("typed", "model"),
    [
        (answers.Provenance, Provenance),
        (answers.DataColumn, models.DataColumn),
        (answers.Page, models.RowsAnswer),
        (answers.Point, models.PointAnswer),
        (answers.Period, models.PeriodAnswer),
        (answers.Comparison, models.ComparisonAnswer),
        (answers.Kpi, models.KpiAnswer),
        (answers.Insights, models.InsightsAnswer),
        (answers.Interval, models.IntervalAnswer),
        (answers.ForecastPart, models.ForecastPart),
        (answers.Forecast, models.ForecastAnswer),
        (answers.Home, catalog_models.HomeAnswer),
        (answers.Catalog, catalog_models.CatalogAnswer),
        (answers.Customer, catalog_models.CustomerAnswer),
        (answers.SqlRows, sql_models.SqlAnswer),
        (answers.RunStarted, run_models.RunStarted),
    ],
)
def test_the_types_name_what_the_service_sends(typed: Any, model: Any) -> None:
    sent = {field.alias or name for name, field in model.model_fields.items()}
    assert get_type_hints(typed).keys() == sent


def test_rows_come_page_by_page(shop: Client) -> None:
    asked: dict[str, Any] = {"columns": ["order_id", "total_cents"], "filters": {"currency": "EUR"}, "order": ["-total_cents"]}  # fmt: skip
    rows = list(shop.rows("curation", "orders", **asked, limit=500))
    assert len(rows) > 1_000
    assert len({row["order_id"] for row in rows}) == len(rows)
    totals = [row["total_cents"] for row in rows]
    assert totals == sorted(totals, reverse=True)
    table = shop.arrow("curation", "orders", **asked)
    assert table.to_pylist() == rows
    parquet = b"".join(shop.download("curation", "orders", "parquet", **asked))
    assert pq.read_table(io.BytesIO(parquet)).to_pylist() == rows


def test_every_method_gives_its_answer(shop: Client) -> None:
    assert shop.home()["cards"]
    assert shop.catalog()["tables"]
    assert shop.table("sales_daily")["columns"]
    assert shop.page("market_intelligence", "sales_daily", limit=3)["rowCount"] == 3
    assert {"name", "expression"} <= shop.metrics()[0].keys()
    assert shop.kpi("net_sales", "month")["currency"] == "EUR"
    assert shop.insights("market_intelligence", "trends")["insights"]["trend_data"]
    told = shop.forecast("market_intelligence", "units", horizon=7, filters={"country": "FR"})
    assert len(told["forecast"]["forecast"]) == 7
    assert shop.customer("C000001")["data"]
    assert next(shop.runs.list())["run_id"]
    assert shop.runs.get(next(shop.runs.list())["run_id"])["tables"]


def test_a_refusal_is_told_in_words(shop: Client) -> None:
    with pytest.raises(ApiError) as told:
        shop.page("market_intelligence", "sales_dayly")
    assert told.value.status == 404
    assert "Did you mean 'sales_daily'" in told.value.step
    assert told.value.request_id
    with pytest.raises(ApiError) as told:
        shop.page("market_intelligence", "sales_daily", columns=["nope"])
    assert told.value.errors[0]["field"] == "columns"
    for name in ("../../auth/login", "a/b", "?x=1", "%00", ""):
        with pytest.raises(ApiError):
            shop.table(name)["columns"]


def test_an_api_key_asks_with_its_scopes(served: Served) -> None:
    body = {"name": "a program", "scopes": ["tables:read"]}
    made = served.ask("POST", "/user/api-keys", "manager", json=body)
    assert made.status_code in (200, 201), made.text
    with Client(served.url, api_key=made.json()["key"]) as client:
        assert client.kpi("orders")["value"]
        with pytest.raises(ApiError) as told:
            client.arrow("curation", "orders")
        assert told.value.status == 403
    with Client(served.url, api_key="omx_nonsense") as client, pytest.raises(ApiError) as told:
        client.home()
    assert told.value.status == 401


def test_where_nobody_listens_is_told() -> None:
    waited: list[float] = []
    client = Client("http://127.0.0.1:9", tries=3, sleep=waited.append)
    with client, pytest.raises(NotReachableError, match="does not answer"):
        client.home()
    assert len(waited) == 2
    assert waited[1] > waited[0]


# --- a service that stumbles ------------------------------------------------------------------


def stumbling(*told: Callable[[httpx.Request], httpx.Response]) -> tuple[Client, list[httpx.Request], list[float]]:  # fmt: skip
    """A client of a service that answers as told, one after the other."""
    seen: list[httpx.Request] = []
    waited: list[float] = []

    def handle(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return told[min(len(seen), len(told)) - 1](request)

    client = Client("http://shop", transport=httpx.MockTransport(handle), sleep=waited.append)
    return client, seen, waited


def status(code: int, body: Any = None, **headers: str) -> Callable[[httpx.Request], httpx.Response]:  # fmt: skip
    return lambda _request: httpx.Response(code, json=body or {}, headers=headers)


def test_a_busy_service_is_asked_again_when_it_says() -> None:
    client, seen, waited = stumbling(
        status(429, **{"Retry-After": "7"}), status(503), status(200, {"cards": []})
    )
    assert client.home()["cards"] == []
    assert len(seen) == 3
    assert waited[0] == 7
    assert 0 < waited[1] < 1


def test_it_gives_up_in_the_end_with_the_last_problem() -> None:
    client, seen, _ = stumbling(status(503, {"detail": "The lake does not answer."}))
    with pytest.raises(ApiError, match="The lake does not answer"):
        client.home()
    assert len(seen) == 4


@pytest.mark.parametrize("code", [400, 401, 403, 404, 409, 410, 422, 500])
def test_what_will_not_get_better_is_not_asked_again(code: int) -> None:
    client, seen, waited = stumbling(status(code))
    with pytest.raises(ApiError):
        client.home()
    assert (len(seen), waited) == (1, [])


def test_a_session_is_renewed_once_and_the_request_sent_again() -> None:
    session = {"accessToken": "one", "refreshToken": "r1"}
    renewed = {"accessToken": "two", "refreshToken": "r2"}
    client, seen, _ = stumbling(
        status(200, session), status(401), status(200, renewed), status(200, {"cards": []})
    )
    client.sign_in("a@b.example", "secret")
    assert client.home()["cards"] == []
    assert [request.url.path.rpartition("/")[2] for request in seen] == ["login", "home", "refresh", "home"]  # fmt: skip
    assert json.loads(seen[2].content) == {"refreshToken": "r1"}
    assert seen[3].headers["authorization"] == "Bearer two"


def test_a_session_that_cannot_be_renewed_ends() -> None:
    client, seen, _ = stumbling(
        status(200, {"accessToken": "one", "refreshToken": "r1"}), status(401), status(401)
    )
    client.sign_in("a@b.example", "secret")
    with pytest.raises(ApiError):
        client.home()
    assert len(seen) == 3


def test_two_factor_is_told() -> None:
    client, _, _ = stumbling(status(200, {"twoFactorRequired": True, "challenge": "x"}))
    with pytest.raises(ApiError, match="API key"):
        client.sign_in("a@b.example", "secret")


def test_an_answer_that_is_no_problem_is_an_error_all_the_same() -> None:
    client, _, _ = stumbling(lambda _r: httpx.Response(502, text="<html>"))
    with pytest.raises(ApiError, match="502"):
        client.home()


def test_a_run_is_heard_to_its_end_over_a_broken_line() -> None:
    def broken() -> Iterator[bytes]:
        yield b'id: 1\nevent: progress\ndata: {"table": "orders",\ndata: "done": 1}\n\n: beat\n\n'
        raise httpx.ReadError("gone")

    client, seen, _ = stumbling(
        status(202, {"run_id": "r1", "status": "running", "events": ""}),
        lambda _r: httpx.Response(200, content=broken()),
        lambda _r: httpx.Response(200, text='id: 2\nevent: end\ndata: {"status": "succeeded"}\n\n'),
        status(200, {"status": "succeeded"}),
    )
    assert client.runs.start(["orders"])["run_id"] == "r1"
    events = list(client.runs.events("r1"))
    assert events == [
        Event("progress", {"table": "orders", "done": 1}, "1"),
        Event("end", {"status": "succeeded"}, "2"),
    ]
    assert seen[2].headers["last-event-id"] == "1"
    assert client.runs.get("r1")["status"] == "succeeded"


def test_events_are_read_as_the_standard_says() -> None:
    lines = ["data:{}", "", "event:log", "", "data: [1]", "junk", "", "data: 1"]
    assert [event.data for event in parsed(iter(lines))] == [{}, [1]]
