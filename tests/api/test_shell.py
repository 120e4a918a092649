"""What stands around every route, asked through a small application of its own."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import brotli
import httpx
import pytest
from fastapi import APIRouter, FastAPI, Request
from hypothesis import given
from hypothesis import strategies as st

from omnix.api import problems
from omnix.api.answers import Answers, encoding_for, etag_of
from omnix.api.asked import client_address, networks
from omnix.api.limits import Buckets
from omnix.api.observe import Observer
from omnix.api.rules import refuse_undeclared, rule
from omnix.api.shell import Shell
from omnix.app.accounts import Principal
from omnix.auth.roles import ROLES
from omnix.core.errors import ContractError, LakeError, SettingsError
from omnix.core.settings import ServiceSettings
from serving import Served, listening


class FakeAccounts:
    """Tokens are the names of roles."""

    def remembered(self, _token: str) -> None:
        return None

    def principal_of(self, token: str) -> Principal | None:
        if token not in ROLES:
            return None
        return Principal(token, token, ROLES[token], "user", None, None, f"{token}@shop.example")


class FakeClock:
    stamp = "one"


class FakeService:
    """Settings and accounts are all that the shell asks for."""

    def __init__(self, **settings: Any) -> None:
        self.accounts = FakeAccounts()
        self.settings = type("Settings", (), {"service": ServiceSettings(**settings)})()


class Calls:
    made = 0


def _routes(calls: Calls) -> APIRouter:
    router = APIRouter()

    @router.get("/kept", **rule("tables:read", cached=True))
    def kept() -> dict[str, Any]:
        calls.made += 1
        return {"made": calls.made, "padding": "x" * 2000}

    @router.get("/never", **rule("tables:read"))
    def never() -> dict[str, Any]:
        calls.made += 1
        return {"made": calls.made}

    @router.get("/lake", **rule("tables:read"))
    def lake() -> None:
        raise LakeError(
            "The table at /srv/shop/home/lake/orders is damaged.", "Mend /srv/shop.d/x."
        )

    @router.get("/broken", **rule("tables:read"))
    def broken() -> None:
        raise RuntimeError("the password is hunter2")

    @router.get("/dear", **rule("tables:read", costs=3))
    def dear() -> None:
        return None

    @router.post("/echo", **rule("tables:read"))
    async def echo(request: Request) -> int:
        return len(await request.body())

    return router


@contextmanager
def running(
    calls: Calls | None = None, **settings: Any
) -> Iterator[tuple[httpx.Client, FakeClock]]:
    app, clock = FastAPI(), FakeClock()
    problems.register(app)
    app.include_router(_routes(calls or Calls()), prefix="/api/v1")
    service: Any = FakeService(**settings)
    app.state.service = service
    shell = Shell(app, service, clock, Observer(log=False))  # type: ignore[arg-type]
    app.state.buckets = shell.buckets
    with listening(shell) as url, httpx.Client(base_url=url + "/api/v1") as client:
        yield client, clock


def _as(role: str, **more: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {role}", **more}


def test_an_answer_is_kept_until_the_data_changes() -> None:
    calls = Calls()
    with running(calls) as (client, clock):
        first = client.get("/kept", headers=_as("analyst"))
        assert client.get("/kept", headers=_as("analyst")).json() == first.json()
        assert calls.made == 1
        clock.stamp = "two"
        fresh = client.get("/kept", headers=_as("analyst"))
    assert fresh.json()["made"] == 2
    assert fresh.headers["etag"] != first.headers["etag"]
    assert fresh.headers["cache-control"] == "private, no-cache"


def test_nobody_is_given_what_was_kept_for_other_permissions() -> None:
    calls = Calls()
    with running(calls) as (client, _):
        tags = {
            role: client.get("/kept", headers=_as(role)).headers["etag"]
            for role in ("analyst", "admin")
        }
        refused = [
            client.get("/kept", headers=h).status_code for h in ({}, _as("nobody"), _as("customer"))
        ]
    assert tags["analyst"] != tags["admin"]
    assert refused == [401, 401, 403]
    assert calls.made == 2


def test_a_client_that_has_the_answer_gets_304_and_no_other_does() -> None:
    with running() as (client, clock):
        tag = client.get("/kept", headers=_as("analyst")).headers["etag"]
        same = client.get("/kept", headers=_as("analyst", **{"If-None-Match": tag}))
        other = client.get("/kept", headers=_as("admin", **{"If-None-Match": tag}))
        clock.stamp = "two"
        later = client.get("/kept", headers=_as("analyst", **{"If-None-Match": tag}))
    assert (same.status_code, same.content) == (304, b"")
    assert (other.status_code, later.status_code) == (200, 200)


def test_nothing_is_kept_while_the_data_cannot_be_seen() -> None:
    calls = Calls()
    with running(calls) as (client, clock):
        clock.stamp = ""
        for _ in range(3):
            client.get("/kept", headers=_as("analyst"))
    assert calls.made == 3


def test_what_is_not_declared_as_cached_is_never_kept() -> None:
    calls = Calls()
    with running(calls) as (client, _):
        answers = [client.get("/never", headers=_as("analyst")) for _ in range(2)]
    assert calls.made == 2
    assert answers[0].headers["cache-control"] == "no-store"


@pytest.mark.parametrize("encoding", ["br", "gzip", ""])
def test_an_answer_comes_in_the_encoding_that_was_asked_for(encoding: str) -> None:
    with running() as (client, _):
        headers = _as("analyst", **{"Accept-Encoding": encoding or "identity"})
        bodies = []
        for _ in range(2):  # made, then kept
            with client.stream("GET", "/kept", headers=headers) as answer:
                bodies.append(b"".join(answer.iter_raw()))
                assert answer.headers.get("content-encoding", "") == encoding
    plain = {"br": brotli.decompress, "gzip": gzip.decompress, "": bytes}[encoding]
    assert plain(bodies[0]) == plain(bodies[1])
    assert b"padding" in plain(bodies[0])


def test_no_answer_tells_a_path_or_what_an_unforeseen_error_said() -> None:
    with running() as (client, _):
        lake = client.get("/lake", headers=_as("analyst"))
        broken = client.get("/broken", headers=_as("analyst"))
    assert lake.status_code == 503
    assert "/srv" not in lake.text
    assert lake.headers["content-type"] == "application/problem+json"
    assert broken.status_code == 500
    assert "hunter2" not in broken.text
    assert broken.json()["request_id"] == broken.headers["x-request-id"]


def test_every_answer_carries_the_security_headers() -> None:
    with running(public_url="https://omnix.example") as (client, _):
        answers = [
            client.get(path, headers=_as("analyst")) for path in ("/kept", "/broken", "/nowhere")
        ]
        answers.append(client.get("/kept"))
    for answer in answers:
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
        assert answer.headers["strict-transport-security"].startswith("max-age=31536000")


@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_that_is_too_large_is_refused_before_it_is_whole(chunked: bool) -> None:
    with running(body_bytes=10_000) as (client, _):
        body: Any = (b"x" * 1000 for _ in range(50)) if chunked else b"x" * 50_000
        large = client.post("/echo", content=body, headers=_as("analyst"))
        fits = client.post("/echo", content=b"x" * 10_000, headers=_as("analyst"))
    assert large.status_code == 413
    assert fits.json() == 10_000


def test_requests_are_limited_for_each_principal_apart() -> None:
    with running(requests_per_minute=5) as (client, _):
        statuses = [client.get("/never", headers=_as("analyst")) for _ in range(7)]
        other = client.get("/never", headers=_as("admin"))
    assert [each.status_code for each in statuses[:5]] == [200] * 5
    assert statuses[-1].status_code == 429
    assert int(statuses[-1].headers["retry-after"]) >= 1
    assert other.status_code == 200


def test_a_dear_request_counts_for_several() -> None:
    with running(requests_per_minute=6) as (client, _):
        statuses = [client.get("/dear", headers=_as("analyst")).status_code for _ in range(3)]
    assert statuses == [200, 200, 429]


def test_a_request_id_is_taken_over_only_if_it_is_harmless() -> None:
    with running() as (client, _):
        kept = client.get("/never", headers=_as("analyst", **{"X-Request-ID": "abc-12345"}))
        made = client.get("/never", headers=_as("analyst", **{"X-Request-ID": "a b;<c>"}))
    assert kept.headers["x-request-id"] == "abc-12345"
    assert "<" not in made.headers["x-request-id"]


def test_a_route_without_a_rule_keeps_the_service_from_starting() -> None:
    router = APIRouter()
    router.get("/open")(lambda: None)
    with pytest.raises(ContractError, match="/open"):
        refuse_undeclared([router])
    with pytest.raises(ContractError):
        rule()
    with pytest.raises(ValueError, match="no:such"):
        rule("no:such")


@pytest.mark.parametrize(
    ("peer", "forwarded", "proxies", "address"),
    [
        ("203.0.113.9", b"1.2.3.4", "", "203.0.113.9"),
        ("10.0.0.1", b"1.2.3.4", "10.0.0.0/8", "1.2.3.4"),
        ("10.0.0.1", b"6.6.6.6, 1.2.3.4, 10.0.0.7", "10.0.0.0/8", "1.2.3.4"),
        ("10.0.0.1", b"rubbish", "10.0.0.0/8", ""),
    ],
)
def test_only_our_proxies_are_believed(
    peer: str, forwarded: bytes, proxies: str, address: str
) -> None:
    assert client_address({"client": (peer, 1)}, forwarded, networks(proxies)) == address


def test_a_bucket_refills_evenly() -> None:
    now = [0.0]
    buckets = Buckets(lambda: now[0], per_minute=2)
    assert [buckets.take("a") > 0 for _ in range(3)] == [False, False, True]
    now[0] += 30
    assert [buckets.take("a") > 0 for _ in range(2)] == [False, True]


def test_what_is_dear_takes_more_and_needs_at_most_a_full_bucket() -> None:
    now = [0.0]
    buckets = Buckets(lambda: now[0], per_minute=10)
    assert buckets.take("a", 6) == 0
    assert buckets.take("a", 6) == pytest.approx(12)
    assert buckets.take("a", 4) == 0
    now[0] += 60
    assert buckets.take("a", 60) == 0
    assert buckets.take("a") > 60


def test_what_is_least_asked_for_is_forgotten_first() -> None:
    answers = Answers(lambda: 0.0, kept=2)
    for name in ("a", "b"):
        answers.keep((name,), "s", [], b"")
    answers.get(("a",), "s")
    answers.keep(("c",), "s", [], b"")
    assert [answers.get((name,), "s") is not None for name in "abc"] == [True, False, True]


def test_kept_answers_take_no_more_bytes_than_they_may() -> None:
    """Addresses written in thousands of ways, or with headers of kilobytes."""
    answers = Answers(lambda: 0.0, bytes_=100_000)
    for n in range(500):
        answers.keep((f"{n}", "x" * 5_000), "s", [], b"y" * 10_000)
    held = [n for n in range(500) if answers.get((f"{n}", "x" * 5_000), "s")]
    assert held == [497, 498, 499]
    for n in held:
        answers.keep((f"{n}", "x" * 5_000), "t", [], b"")
    assert all(answers.get((f"{n}", "x" * 5_000), "t") for n in held)


@given(st.text(), st.text(), st.text(), st.text())
def test_two_addresses_never_share_an_etag(a: str, b: str, c: str, d: str) -> None:
    if (a, b) != (c, d):
        assert etag_of("s", (a, b)) != etag_of("s", (c, d)) or "\0" in a + b + c + d


@given(st.binary())
def test_any_accept_encoding_is_understood_or_ignored(header: bytes) -> None:
    assert encoding_for(header) in {"br", "gzip", ""}


def test_settings_of_the_service_say_what_they_expect(tmp_path: Any) -> None:
    from omnix.core.settings import Settings

    for wrong in (
        {"public_url": "ftp://x"},
        {"trusted_proxies": "10.0.0.0/99"},
        {"cors_origins": "*"},
    ):
        with pytest.raises(SettingsError):
            Settings.load(tmp_path, service=wrong)


def test_a_wrong_method_is_told_every_right_one(served: Served) -> None:
    for path, allowed in (("/settings", "GET, PATCH"), ("/admin/systems", "GET, POST")):
        answer = served.ask("TRACE", path, "admin")
        assert (answer.status_code, answer.headers["allow"]) == (405, allowed)


def test_a_moment_is_no_number(served: Served) -> None:
    assert served.get("/admin/audit?until=0.5", "admin").status_code == 422
    assert served.get("/admin/audit?until=2026-01-31T12:00:00Z", "admin").status_code == 200


def test_only_whoever_corrects_rows_may_send_much_csv() -> None:
    body, kind = b"x" * 5000, {"Content-Type": "text/csv"}
    with running(body_bytes=2000) as (client, _):
        statuses = {
            role: client.post("/echo", content=body, headers=_as(role) | kind).status_code
            for role in ("manager", "analyst", "nobody")
        }
    assert statuses == {"manager": 200, "analyst": 413, "nobody": 413}
