"""Who may call what: every role and every route, against the table that people have reviewed.

A route that is new, gone, or asks for something else fails until `matrix.json` says so:

    PYTHONPATH=tests python tests/api/security/test_matrix.py
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest

from house import ADMIN, Guest, House

sys.path.insert(0, str(Path(__file__).parent))
from routes import CALLERS, KEYS, PUBLIC, Route, matrix, routes, written

GOLDEN = Path(__file__).with_name("matrix.json")


def test_the_reviewed_table_is_the_api_that_is_served() -> None:
    reviewed = json.loads(GOLDEN.read_text())
    found = matrix()
    assert sorted(reviewed) == sorted(found), "a route is new or gone: review it, write it anew"
    assert reviewed == found


def test_every_route_asks_for_something() -> None:
    assert all(route.wants for route in routes())
    assert len(routes()) >= 30


def test_only_these_are_open_to_all() -> None:
    """A longer list is a decision, not an accident."""
    public = {route.name for route in routes() if route.is_public}
    assert {name for name in public if not name.startswith("POST /api/v1/auth/")} == {
        "GET /api/v1/auth/setup", "GET /health", "GET /ready",
    }  # fmt: skip


class Callers:
    """Somebody for each column of the table, signed in anew whenever their session has ended."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._guests: dict[str, Guest] = {"anonymous": house.guest()}
        for role in ("admin", "manager", "analyst", "customer"):
            email = ADMIN if role == "admin" else f"{role}@shop.example"
            self._guests[role] = house.join(email, role)
        for name, (role, scope) in KEYS.items():
            made = self._guests[role].post("/user/api-keys", json={"name": "k", "scopes": [scope]})
            self._guests[name] = house.guest()
            self._guests[name].headers["X-API-Key"] = made.json()["key"]

    def ask(self, caller: str, route: Route) -> httpx.Response:
        """Ask as `caller`, with a body that no route takes: nobody's data change."""
        guest = self._guests[caller]
        body = {"no such field": 1} if route.method in {"POST", "PATCH", "PUT"} else None
        answer = guest.request(route.method, self._house.url + route.address, json=body)
        if route.path.endswith("/logout-all") and guest.email:
            guest.sign_in(guest.email)
        return answer


@pytest.mark.parametrize("house", ["sqlite"], indirect=True)
def test_every_caller_is_answered_as_the_table_says(house: House) -> None:
    callers = Callers(house)
    wrong: list[Any] = []
    for route in routes():
        for caller in CALLERS:
            answer = callers.ask(caller, route)
            status, expected = answer.status_code, route.expected(caller)
            told = "in" if _let_in(route, status) else status
            if told != expected or (status >= 500 and status != 503):
                wrong.append((route.name, caller, status, expected, answer.text[:120]))
    assert wrong == []


def _let_in(route: Route, status: int) -> bool:
    """401 from a public route is about what was sent (a token, a code), not about the caller."""
    return status not in {401, 403} or route.is_public


@pytest.mark.parametrize("house", ["sqlite"], indirect=True)
def test_refusals_say_what_is_missing_and_nothing_more(house: House) -> None:
    callers = Callers(house)
    for route in routes():
        if route.is_public:
            continue
        refused = callers.ask("anonymous", route)
        assert refused.headers["content-type"].startswith("application/problem+json"), route.name
        assert refused.headers["www-authenticate"] == "Bearer"
        assert refused.headers["cache-control"] == "no-store"
        if "customer" in CALLERS and route.expected("customer") == 403:
            told = callers.ask("customer", route)
            assert any(permission in told.json()["detail"] for permission in route.wants)


def test_public_is_the_only_word_that_opens() -> None:
    assert PUBLIC == "public"
    assert not any(PUBLIC in route.wants for route in routes() if not route.is_public)


if __name__ == "__main__":
    GOLDEN.write_text(written())
