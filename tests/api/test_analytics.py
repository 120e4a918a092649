"""The data routes over HTTP: what the models promise is what comes; bad input is told, never a 500."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from omnix.api import data_models as models
from omnix.metrics.catalogue import all_metrics
from serving import Served

QUERY = "/analytics/market_intelligence/query?table=sales_daily"


def kept(answer, model) -> dict:
    """The answer's body; it keeps the model's word, and says nothing that the model does not."""
    assert answer.status_code == 200, answer.text
    told = json.loads(answer.content)
    promised = model.model_validate_json(answer.content).model_dump(mode="json", by_alias=True)
    assert list(unnamed(told, promised)) == []
    return told


def unnamed(told, promised, at: str = "") -> Iterator[str]:
    """Where an answer has fields that its model does not name."""
    if isinstance(told, dict):
        yield from (f"{at}.{name}" for name in told if name not in promised)
        for name in told.keys() & promised.keys():
            yield from unnamed(told[name], promised[name], f"{at}.{name}")
    elif isinstance(told, list):
        for number, (one, other) in enumerate(zip(told, promised, strict=True)):
            yield from unnamed(one, other, f"{at}[{number}]")


def problem(answer, status: int) -> dict:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    return answer.json()


@pytest.mark.parametrize(
    ("path", "model"),
    [
        (QUERY, models.RowsAnswer),
        (f"{QUERY}&columns=sold_on,net_cents&order=-net_cents&limit=3", models.RowsAnswer),
        ("/analytics/curation/query?table=orders", models.RowsAnswer),
        *[
            (f"/analytics/{system}/insights?type={kind}&period={period}", models.InsightsAnswer)
            for system in ("market_intelligence", "compliance_guardian", "curation")
            for kind in ("summary", "trends", "anomalies")
            for period in ("week", "year")
        ],
        ("/metrics-catalog", models.MetricsAnswer),
        *[(f"/kpi?metric={name}&period=month", models.KpiAnswer) for name in all_metrics()],
        ("/kpi?metric=orders", models.KpiAnswer),
    ],
)
def test_answers_keep_their_models(served: Served, path, model) -> None:
    told = kept(served.get(path), model)
    if "metrics" not in told and "curation/insights" not in path:
        assert told["provenance"]


def test_a_field_that_no_model_names_is_noticed() -> None:
    told = {"rows": [{"name": "a", "odd": 1}], "more": None, "new": 2}
    assert list(unnamed(told, {"rows": [{"name": "a"}], "more": None})) == [".new", ".rows[0].odd"]


def test_a_forecast_keeps_its_model(served: Served) -> None:
    for body in ({"metric": "orders"}, {"metric": "net_sales", "horizon": 365, "granularity": "month", "filters": {"country": ["FR", None]}}):  # fmt: skip
        answer = served.ask("POST", "/analytics/market_intelligence/forecast", "analyst", json=body)
        told = kept(answer, models.ForecastAnswer)
        assert told["forecast"]["metric"] == body["metric"]


def test_pages_lead_through_all_rows(served: Served) -> None:
    first = kept(served.get(f"{QUERY}&limit=1000"), models.RowsAnswer)
    assert first["rowCount"] == len(first["data"]) == 1_000
    second = kept(served.get(f"{QUERY}&limit=1000&cursor={first['next_cursor']}"), models.RowsAnswer)  # fmt: skip
    assert second["data"][0] not in first["data"]
    assert second["provenance"] == first["provenance"]


def test_the_same_data_is_not_sent_twice(served: Served) -> None:
    for path in (QUERY, "/kpi?metric=orders", "/analytics/market_intelligence/insights"):
        tag = served.get(path).headers["etag"]
        again = served.get(path, headers={"If-None-Match": tag})
        assert (again.status_code, again.content) == (304, b"")
        assert served.get(path, headers={"If-None-Match": 'W/"other"'}).status_code == 200


def test_files_in_every_format(served: Served) -> None:
    path = "/analytics/curation/query?table=orders&columns=order_id,total_cents"
    rows = served.get(f"{path}&limit=1000").json()["data"]
    text = served.get(f"{path}&format=csv")
    assert text.headers["content-type"].startswith("text/csv")
    assert text.headers["content-disposition"].startswith("attachment;")
    read = list(csv.DictReader(io.StringIO(text.text)))
    assert len(read) == int(text.headers["x-omnix-rows"]) > 1_000
    assert [row["order_id"] for row in read[:1000]] == [row["order_id"] for row in rows]
    arrow = served.get(f"{path}&format=arrow&limit=1000")
    assert pa.ipc.open_stream(arrow.content).read_all().to_pylist() == rows
    assert arrow.headers["x-omnix-next-cursor"]
    parquet = served.get(f"{path}&format=parquet&limit=1000")
    assert pq.read_table(io.BytesIO(parquet.content)).to_pylist() == rows


def test_what_describes_people_needs_its_permission_and_is_audited(served: Served) -> None:
    path = "/analytics/curation/query?table=customers&limit=1"
    assert "email" not in served.get(path).json()["data"][0]
    assert "email" in served.get(path, "manager").json()["data"][0]
    told = problem(served.get(f"{path}&columns=email"), 403)
    assert "customers.email" in told["detail"]
    problem(served.get(f"{path}&order=email"), 403)
    problem(served.get(path, "customer"), 403)
    problem(served.get(path, None), 401)
    served.get(f"{path}&format=csv", "manager")
    done = served.get("/admin/audit?limit=20", "admin").json()["data"]
    assert {"personal.read", "table.exported"} <= {row["action"] for row in done}
    assert "@" not in json.dumps([row["detail"] for row in done])


@pytest.mark.parametrize(
    ("path", "status", "field"),
    [
        ("/analytics/nobody/query?table=orders", 404, None),
        ("/analytics/curation/query?table=raw/orders", 404, None),
        ("/analytics/curation/query?table=..%2F..%2Fetc%2Fpasswd", 404, None),
        ("/analytics/..%2Fcuration/query?table=orders", 404, None),
        ("/analytics/curation/query", 422, "table"),
        ("/analytics/curation/query?table=orders&tabel=x", 422, "tabel"),
        (f"{QUERY}&limit=0", 422, "limit"),
        (f"{QUERY}&limit=-5", 422, "limit"),
        (f"{QUERY}&limit=1001", 422, "limit"),
        (f"{QUERY}&limit=99999999999999999999999", 422, "limit"),
        (f"{QUERY}&limit=ten", 422, "limit"),
        (f"{QUERY}&columns=nope", 422, "columns"),
        (f"{QUERY}&columns=,", 422, "columns"),
        (f"{QUERY}&order=nope", 422, "order"),
        (f"{QUERY}&filters=nope", 422, "filters"),
        (f"{QUERY}&filters=%7B%22nope%22:1%7D", 422, "filters"),
        (f"{QUERY}&filters={'%5B' * 5000}", 422, "filters"),
        (f"{QUERY}&cursor=nope", 422, "cursor"),
        (f"{QUERY}&version=99999", 422, "version"),
        (f"{QUERY}&version=-1", 422, "version"),
        (f"{QUERY}&format=xlsx", 422, "format"),
        ("/analytics/market_intelligence/insights?type=x", 422, "type"),
        ("/analytics/market_intelligence/insights?period=x", 422, "period"),
        ("/analytics/nobody/insights", 404, None),
        ("/kpi", 422, "metric"),
        ("/kpi?metric=x", 422, "metric"),
        ("/kpi?metric=orders&period=x", 422, "period"),
    ],
)
def test_a_wrong_question_names_the_field(served: Served, path, status, field) -> None:
    told = problem(served.get(path), status)
    if field:
        assert told["errors"][0]["field"] == field
    assert "/tmp" not in json.dumps(told)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "metric"),
        ({"metric": "x"}, "metric"),
        ({"metric": None}, "metric"),
        ({"metric": "orders", "horizon": 0}, "horizon"),
        ({"metric": "orders", "horizon": 366}, "horizon"),
        ({"metric": "orders", "horizon": 1.5}, "horizon"),
        ({"metric": "orders", "granularity": "hour"}, "granularity"),
        ({"metric": "orders", "more": 1}, "more"),
        ({"metric": "orders", "filters": {"x": "y"}}, "filters.x"),
        (
            {"metric": "orders", "filters": {"country": {"a": {}}}},
            "filters.country.constrained-str",
        ),
    ],
)
def test_a_wrong_forecast_names_the_field(served: Served, body, field) -> None:
    path = "/analytics/market_intelligence/forecast"
    told = problem(served.ask("POST", path, "analyst", json=body), 422)
    assert told["errors"][0]["field"] == field


def test_a_forecast_that_is_no_json_is_refused(served: Served) -> None:
    path = "/analytics/market_intelligence/forecast"
    for content in (b"", b"{", b"[1]", b"\xff", b'{"metric": NaN}', b"[" * 100_000, b'{"a":' * 50_000):  # fmt: skip
        answer = served.ask("POST", path, "analyst", content=content, headers={"Content-Type": "application/json"})  # fmt: skip
        assert answer.status_code in (400, 422), answer.text


text = st.text(max_size=40) | st.sampled_from(["' or 1=1 --", '"; drop table shown', "\0", "%00", "../..", "sold_on", "{}", '{"a":{"b":{}}}', "-1", "9" * 400])  # fmt: skip


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.dictionaries(
        st.sampled_from(["table", "columns", "filters", "order", "limit", "cursor", "version", "format"]),
        text,
    ),
    text,
)  # fmt: skip
def test_whatever_is_asked_is_never_our_error(served: Served, params, system) -> None:
    params = {"table": "sales_daily", **params}
    with served.client("analyst") as client:
        for name in ("market_intelligence", system):
            try:
                url = client.build_request("GET", f"/api/v1/analytics/{name}/query", params=params)
            except Exception:  # no URL can hold it
                continue
            assert client.send(url).status_code in (200, 403, 404, 405, 410, 422)
