"""Web vitals by the API: kept without names, summed up for administrators."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from serving import Served, serve
from shop import new_home

VITALS = "/telemetry/web-vitals"


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A home without data, served."""
    with serve(new_home(tmp_path_factory.mktemp("vitals") / "home")) as running:
        yield running


def vital(**more: Any) -> dict[str, Any]:
    return {"name": "LCP", "value": 900.5, "page": "/", "rating": "good", **more}


def test_measurements_are_summed_up_by_page(shop: Served):
    sent = [vital(page="/runs/20260301T120000-1a2b3c", value=n, rating="good" if n < 4 else "poor") for n in range(1, 9)]  # fmt: skip
    answer = shop.ask("POST", VITALS, "customer", json=sent)
    assert answer.status_code == 202, answer.text
    assert answer.json() == {"recorded": 8}
    data = shop.get(VITALS, "admin").json()["data"]
    assert data == [
        {"page": "/runs/:id", "name": "LCP", "count": 8, "p75": 6.0, "good_share": 0.375}
    ]


@pytest.mark.parametrize(
    "sent",
    [
        [vital(name="X")], [vital(value=-1)], [vital(value=1e9)], [vital(value="fast")],
        [vital(page="no path")], [vital(page="/a?email=dana@shop.example")], [vital(page="")],
        [vital(page="/a#b")], [vital(rating="great")], [vital(who="me")], [{}], {}, [vital()] * 51,
        [vital(page="/" + "a" * 300)], [vital(page="/é")], [vital(value=None)],
    ],
)  # fmt: skip
def test_what_no_browser_of_ours_sends_is_refused(shop: Served, sent: Any):
    assert shop.ask("POST", VITALS, "analyst", json=sent).status_code == 422


@pytest.mark.parametrize(
    ("method", "role", "status"),
    [("POST", None, 401), ("GET", None, 401), ("GET", "manager", 403), ("GET", "admin", 200)],
)
def test_who_may(shop: Served, method: str, role: str | None, status: int):
    given = [] if method == "POST" else None
    assert shop.ask(method, VITALS, role, json=given).status_code == status
