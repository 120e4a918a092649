"""Runs by the API: started, streamed, refused, compared; on a real port with real processes."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from omnix.api.routes import runs as routes
from omnix.app.locking import exclusive
from serving import PASSWORD, Served, email_of, serve
from whole import tiny


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The tiny shop, served; each test changes it and runs it."""
    folder = tmp_path_factory.mktemp("runs") / "shop"
    home = tiny.built(folder)[1]
    with serve(home) as running:
        yield running


def started(shop: Served, **asked: Any) -> str:
    answer = shop.ask("POST", "/runs", "manager", json=asked)
    assert answer.status_code == 202, answer.text
    given = answer.json()
    assert given["events"] == f"/api/v1/runs/{given['run_id']}/events"
    return given["run_id"]


def stream(shop: Served, run_id: str, last: str = "", upto: int = 10_000) -> list[dict[str, Any]]:
    """The events of a run until its end, or so many of them."""
    found: list[dict[str, Any]] = []
    headers = {"Last-Event-ID": last} if last else {}
    with (
        shop.client("analyst", **headers) as client,
        client.stream("GET", f"/api/v1/runs/{run_id}/events") as answer,
    ):
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/event-stream")
        assert answer.headers["cache-control"] == "no-store"
        event: dict[str, Any] = {}
        for line in answer.iter_lines():
            name, _, value = line.partition(": ")
            if name in {"id", "event", "data"}:
                event[name] = value
            elif not line and "data" in event:
                found.append({**event, "data": json.loads(event["data"])})
                event = {}
                if len(found) >= upto:
                    break
    return found


def test_a_run_is_told_while_it_works_and_alike_to_all_who_listen(shop: Served):
    home = shop.service.settings.home
    with exclusive(home / "omnix.lock"):
        run_id = started(shop, ingest=False)
        told: list[list[dict[str, Any]]] = [[], [], []]

        def listen(place: int) -> None:
            told[place] = stream(shop, run_id)

        listeners = [threading.Thread(target=listen, args=(n,)) for n in range(2)]
        for each in listeners:
            each.start()
        first = stream(shop, run_id, upto=1)
        assert first[0]["event"] == "log"
    for each in listeners:
        each.join(60)
    told[2] = stream(shop, run_id)
    assert told[0] == told[1] == told[2]
    assert told[0][-1]["event"] == "end"
    assert told[0][-1]["data"]["status"] == "succeeded"
    kinds = {each["event"] for each in told[0]}
    assert kinds == {"log", "progress", "end"}
    middle = len(told[0]) // 2
    assert stream(shop, run_id, told[0][middle]["id"]) == told[0][middle + 1 :]
    assert stream(shop, run_id, "nonsense") == told[0]

    detail = shop.get(f"/runs/{run_id}").json()
    assert detail["status"] == "succeeded"
    assert detail["started_by"] == "Manager Example"
    assert {each["table"] for each in detail["tables"]} == set(shop.service.app.graph.tables)
    assert [each["message"] for each in detail["log"]] == [
        each["data"]["message"] for each in told[0] if each["event"] == "log"
    ]
    assert shop.get("/runs").json()["data"][0]["run_id"] == run_id


def test_two_at_once_are_one_after_the_other_and_a_third_is_409(shop: Served):
    home = shop.service.settings.home
    with exclusive(home / "omnix.lock"):
        a, b = started(shop, tables=["orders"]), started(shop, tables=["orders"])
        refused = shop.ask("POST", "/runs", "manager", json={})
        assert refused.status_code == 409
        assert a in refused.json()["detail"]
        assert shop.get(f"/runs/{b}").json()["status"] == "queued"
    assert [stream(shop, each)[-1]["data"]["status"] for each in (a, b)] == ["succeeded"] * 2
    compared = shop.get(f"/runs/compare?a={a}&b={b}").json()
    assert compared["a"]["run_id"] == a
    assert {each["table"] for each in compared["tables"]} >= {"orders", "customers"}


def test_a_run_is_stopped(shop: Served):
    with exclusive(shop.service.settings.home / "omnix.lock"):
        run_id = started(shop)
        stream(shop, run_id, upto=1)
        answer = shop.ask("POST", f"/runs/{run_id}/stop", "manager")
        assert answer.status_code == 200
        assert stream(shop, run_id)[-1]["data"]["status"] == "interrupted"
    actions = [each.action for each in shop.accounts.audit.list(limit=50).data]
    assert {"run.started", "run.stopped"} <= set(actions)


def test_the_store_knows_who_asked_and_how_it_ended(shop: Served):
    from omnix.store.models.runs import ServiceRun

    run_id = started(shop, tables=["orders"], ingest=False)
    stream(shop, run_id)
    shop.service.runs._watchers[-1].join(30)
    with shop.service.store.reading() as session:
        row = session.get(ServiceRun, run_id)
    assert row.status == "succeeded"
    assert row.request == {"tables": ["orders"], "system": None, "full": False, "ingest": False}
    assert row.ended_at >= row.requested_at


@pytest.mark.parametrize(
    ("method", "path", "role", "status"),
    [
        ("GET", "/runs", None, 401),
        ("GET", "/runs", "customer", 403),
        ("POST", "/runs", "analyst", 403),
        ("GET", "/runs/20260102T030405-abcdef", "analyst", 404),
        ("GET", "/runs/..%2f..%2fetc", "analyst", 404),
        ("GET", "/runs/20260102T030405-abcdef/events", "analyst", 404),
        ("GET", "/runs/x/events", "analyst", 404),
        ("POST", "/runs/x/stop", "manager", 404),
        ("GET", "/runs?cursor=x", "analyst", 404),
        ("GET", "/runs?limit=0", "analyst", 422),
        ("GET", "/runs/compare?a=x&b=y", "analyst", 404),
        ("GET", "/runs/compare?a=x", "analyst", 422),
        ("GET", "/runs/compare", None, 401),
    ],
)
def test_what_is_refused(shop: Served, method: str, path: str, role: str | None, status: int):
    answer = shop.ask(method, path, role)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert str(shop.service.settings.home) not in answer.text


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"tables": ["ordrs"]}, 404),
        ({"system": "nope"}, 404),
        ({"tables": "orders"}, 422),
        ({"full": "perhaps"}, 422),
        ({"as_root": True}, 422),
        ({"tables": [{}]}, 422),
        ([], 422),
    ],
)
def test_what_cannot_be_run_is_told(shop: Served, body: Any, status: int):
    answer = shop.ask("POST", "/runs", "manager", json=body)
    assert answer.status_code == status, answer.text


def test_a_quiet_stream_gives_signs_of_life_and_ends_in_time(
    shop: Served, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(routes, "BEAT", 0.0)
    monkeypatch.setattr(routes, "LOOK", 0.01)
    monkeypatch.setattr(routes, "LONGEST", 1.0)
    with exclusive(shop.service.settings.home / "omnix.lock"):
        run_id = started(shop)
        with (
            shop.client("analyst") as client,
            client.stream("GET", f"/api/v1/runs/{run_id}/events") as answer,
        ):
            lines = list(answer.iter_lines())
        assert lines[0] == f"retry: {routes.COME_BACK}"
        assert ": still here" in lines
        shop.service.runs.stop(run_id)


def test_a_listener_that_goes_away_holds_nothing_up(shop: Served, tmp_path: Path):
    with exclusive(shop.service.settings.home / "omnix.lock"):
        run_id = started(shop)
        for _ in range(60):  # more than there are threads to wait in
            stream(shop, run_id, upto=1)
        with httpx.Client(base_url=shop.url, timeout=10) as client:
            assert client.get("/health").status_code == 200
        shop.service.runs.stop(run_id)


def test_whoever_signs_out_hears_no_more(shop: Served):
    given = {"email": email_of("analyst"), "password": PASSWORD}
    with exclusive(shop.service.settings.home / "omnix.lock"):
        run_id = started(shop)
        token = shop.ask("POST", "/auth/login", None, json=given).json()["accessToken"]
        headers = {"Authorization": f"Bearer {token}"}
        with (
            httpx.Client(base_url=shop.url, headers=headers, timeout=10) as client,
            client.stream("GET", f"/api/v1/runs/{run_id}/events") as answer,
        ):
            lines = answer.iter_lines()
            assert next(lines).startswith("retry: ")
            assert client.post("/api/v1/auth/logout", json={}).status_code == 200
            assert "event: end" not in list(lines)
        shop.service.runs.stop(run_id)
