"""Whatever is sent, the answer is a problem in words: never a 500, a path, a stack or a secret."""

from __future__ import annotations

import asyncio
import json
import re
import shutil
import sys
from collections.abc import Iterator
from copy import copy
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from house import ADMIN, PASSWORD, Guest, House, living

sys.path.insert(0, str(Path(__file__).parent))
from asgi import Answered, ask
from routes import Route, routes

from omnix.api import create_app
from omnix.app.accounts import SignedIn

#: What only we should see: places on this machine, parts of Python, SQL, drivers.
TELLTALE = re.compile(
    r"/(?:tmp|home|root|usr|var|work)/|Traceback|File \"|site-packages|\.py\b|sqlalchemy|psycopg"
    r"|sqlite3|pydantic|starlette|<class |object at 0x|argon2id",
    re.IGNORECASE,
)
DEEP = b"[" * 100_000 + b"]" * 100_000
LARGE = 1 << 20

BODIES: dict[str, bytes] = {
    "nothing": b"",
    "a brace": b"{",
    "half an object": b'{"email": "a@b.example", "passw',
    "a trailing comma": b'{"email": "a@b.example",}',
    "single quotes": b"{'email': 'a@b.example'}",
    "two documents": b'{"email": "a"} {"email": "b"}',
    "bad UTF-8": b'{"email": "\xff\xfe", "password": "\xc3\x28"}',
    "UTF-16": '{"email": "a@b.example"}'.encode("utf-16"),
    "a byte order mark": b'\xef\xbb\xbf{"email": "a"}',
    "zero bytes": b"\0\0\0\0",
    "half characters": b'{"email": "\\ud800", "password": "\\udfff", "name": "\\ud800"}',
    "NUL in texts": b'{"email": "a\\u0000@b.example", "password": "a\\u0000", "token": "\\u0000"}',
    "a list": b"[]",
    "a text": b'"text"',
    "a number": b"17",
    "null": b"null",
    "true": b"true",
    "NaN": b'{"email": NaN, "limit": Infinity, "horizon": -Infinity}',
    "a huge number": b'{"email": 1' + b"0" * 5000 + b"}",
    "a huge exponent": b'{"horizon": 1e999999}',
    "an unknown field": b'{"no such field": 1}',
    "a prototype": b'{"__proto__": {"role": "admin"}, "constructor": {}}',
    "an empty name": b'{"": ""}',
    "a very long name": b'{"' + b"x" * 100_000 + b'": 1}',
    "many fields": json.dumps({f"f{n}": n for n in range(5_000)}).encode(),
    "deep lists": DEEP,
    "deep objects": b'{"a":' * 50_000 + b"1" + b"}" * 50_000,
    "deep in a field": b'{"email": ' + b"[" * 5_000 + b"]" * 5_000 + b"}",
    "a comment": b'/* */ {"email": "a"}',
    "XML": b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
}
#: What Python's JSON reads although the standard does not ask for it; it does no harm.
READ_ALL_THE_SAME = {"UTF-16", "a byte order mark"}
TYPES = (
    "application/json; charset=utf-16", "text/plain", "application/xml", "", "image/png", "junk",
    "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/json\u00e9",
)  # fmt: skip
#: One of each type of JSON, to stand where another belongs.
WRONG: tuple[Any, ...] = (
    None,
    True,
    -1,
    1.5,
    10**30,
    "",
    "x",
    "\0",
    [],
    [[]],
    {},
    {"a": {}},
    [None],
)


def writing() -> list[Route]:
    return [route for route in routes() if route.method in {"POST", "PATCH", "PUT"}]


class Sender:
    """An administrator who keeps signing in, and looks at every answer with suspicion."""

    def __init__(self, house: House, loop: asyncio.Runner) -> None:
        self.house, self._loop = house, loop
        self._app = create_app(service=house.service)
        self._token = ""
        self.faults: list[str] = []

    def send(self, route: Route, what: str, address: str = "", **more: Any) -> Answered:
        """Send something to a route, signed in."""
        answer = self._sent(route, address or route.address, **more)
        if answer.status == 401 and not route.is_public:
            self._token = self._signed_in()
            answer = self._sent(route, address or route.address, **more)
        self.look(f"{route.name}: {what}", answer.status, answer.kind, answer.text)
        return answer

    def look(self, name: str, status: int, kind: str, text: str) -> None:
        """Note what is wrong with an answer."""
        if status >= 500 and status != 503:
            self.faults.append(f"{name}: {status} {text[:200]}")
        if status >= 400 and kind != "application/problem+json":
            self.faults.append(f"{name}: {status} is {kind}")
        if status >= 400 and (found := TELLTALE.search(_without_address(text))):
            self.faults.append(f"{name}: tells {found[0]!r}: {text[:300]}")

    def _sent(self, route: Route, address: str, **more: Any) -> Answered:
        return self._loop.run(ask(self._app, route.method, address, self._token, **more))

    def _signed_in(self) -> str:
        found = self.house.accounts.sign_in.login(ADMIN, PASSWORD)
        assert isinstance(found, SignedIn)
        return found.access_token


def _without_address(text: str) -> str:
    """The body without the address, which the sender knows."""
    try:
        told = json.loads(text)
    except ValueError:
        return text
    return json.dumps({name: value for name, value in told.items() if name != "instance"})


@pytest.fixture(scope="module")
def shared(model_house: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sender]:
    """One house for all that changes nothing in it."""
    home = tmp_path_factory.mktemp("bad-input") / "home"
    shutil.copytree(model_house, home)
    with living(home) as house, asyncio.Runner() as loop:
        yield Sender(house, loop)


@pytest.fixture
def sender(shared: Sender) -> Iterator[Sender]:
    shared.faults.clear()
    shared.house.later(hours=1)  # what the test before has tried is forgotten
    yield shared
    assert shared.faults == []


def test_every_fault_of_an_answer_is_noted(shared: Sender) -> None:
    """What the tests below hold every answer against."""
    sender = copy(shared)
    sender.faults = []
    problem = "application/problem+json"
    sender.look("good", 422, problem, '{"detail": "No such field.", "instance": "/var/www"}')
    sender.look("good", 200, "application/json", '{"path": "/home/shop"}')
    assert sender.faults == []
    sender.look("broken", 500, problem, "{}")
    sender.look("no problem", 404, "text/html", "not found")
    sender.look("a path", 400, problem, '{"detail": "/tmp/home/omnix.toml"}')
    sender.look("a driver", 400, problem, "psycopg.OperationalError")
    assert [each.partition(":")[0] for each in sender.faults] == [
        "broken", "no problem", "a path", "a driver"
    ]  # fmt: skip


@pytest.mark.parametrize("what", list(BODIES))
def test_a_body_that_is_none(sender: Sender, what: str) -> None:
    for route in writing():
        answer = sender.send(route, what, body=BODIES[what])
        if _asks_for_an_object(route) and what not in {"nothing", "null", *READ_ALL_THE_SAME}:
            assert 400 <= answer.status < 500, (route.name, answer.status)


def _asks_for_an_object(route: Route) -> bool:
    return route.body is not None and route.body.get("type") != "array"


def test_a_content_type_that_is_not_json(sender: Sender) -> None:
    for route in writing():
        for kind in TYPES:
            answer = sender.send(route, kind, body=b'{"no such field": 1}', kind=kind)
            if _asks_for_an_object(route):
                assert 400 <= answer.status < 500, (route.name, kind, answer.status)


def test_a_form_is_no_json(sender: Sender) -> None:
    """A page of another site can send forms, so none may count."""
    [login] = [route for route in writing() if route.path.endswith("/auth/login")]
    body = json.dumps({"email": ADMIN, "password": PASSWORD}).encode()
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data"):
        assert sender.send(login, kind, body=body, kind=kind).status in {415, 422}, kind


@pytest.mark.parametrize("piece", [0, 1 << 16])
def test_a_body_that_is_too_large(sender: Sender, piece: int) -> None:
    body = b'{"email": "' + b"x" * LARGE + b'"}'
    for route in writing():
        answer = sender.send(route, "large", body=body, piece=piece)
        assert answer.status == 413 or route.body is None, route.name


@pytest.mark.slow
def test_every_field_with_every_wrong_type(sender: Sender) -> None:
    for route in writing():
        for name, value in _one_wrong(route):
            sender.send(route, f"{name} = {value!r}", body=json.dumps({name: value}).encode())


def _one_wrong(route: Route) -> Iterator[tuple[str, Any]]:
    from omnix.api.app import openapi

    schema: Any = route.body or {}
    reference = next(iter(re.findall(r"schemas/([\w-]+)", json.dumps(schema))), None)
    known = openapi()["components"]["schemas"].get(reference, {}).get("properties", {})
    for name in known:
        for value in WRONG:
            yield name, value


@pytest.mark.parametrize(
    "piece",
    ["%00", "%2e%2e%2f%2e%2e%2fetc%2fpasswd", "..%5c..%5c", "%ff%fe", "%c0%ae%c0%ae", "a" * 5000,
     "%F0%9F%90%98", "'%20or%201=1--", "%22%3E%3Cscript%3E", "%24%7Bjndi:ldap:%2F%2Fx%7D", "-1",
     "curated%2Forders", "orders%3Bdrop%20table", "%25s%25n", "con", "%0d%0aSet-Cookie:a=b", "%20"],
)  # fmt: skip
def test_a_path_with_tricks(sender: Sender, piece: str) -> None:
    for route in routes():
        if "{" in route.path:
            address = re.sub(r"\{[^}]+\}", lambda _: piece, route.path)
            body = b'{"no such field": 1}' if route.method != "GET" else b""
            answer = sender.send(route, piece, address, body=body)
            assert b"set-cookie" not in dict(answer.headers)


@pytest.mark.parametrize(
    "query",
    ["no=such", "limit=-1", "limit=1e9", "limit=", "limit=1&limit=2", "cursor=%00", "cursor=%ff",
     "cursor=" + "A" * 4000, "cursor=eyJ9", "cursor=bnVsbA", "cursor=W10", "search=%00",
     "role=%00", "since=yesterday", "since=9999-12-31T23:59:59-23:59", "until=0001-01-01",
     "action=%27", "actor=%00", "filters=%7B", "filters=" + "%5B" * 1000, "columns=%00",
     "order=%00", "table=%00", "a[]=1", "%00=%00", "&&&", "=", "format=exe", "version=-1"],
)  # fmt: skip
def test_a_query_with_tricks(sender: Sender, query: str) -> None:
    for route in routes():
        if route.method == "GET":
            answer = sender.send(route, query, f"{route.address}?{query}")
            if "no=such" in query:
                assert 400 <= answer.status < 500, route.name


def test_headers_with_tricks(sender: Sender) -> None:
    for name, value in (
        ("X-Forwarded-For", "not an address"), ("X-Forwarded-For", "," * 2000),
        ("X-Forwarded-For", "1.2.3.4\t"), ("X-Request-ID", "a" * 5000), ("User-Agent", "a" * 9000),
        ("User-Agent", "\u00e9\u00ff".encode("latin-1").decode("latin-1")), ("Cookie", "=;;=;"),
        ("Cookie", "omnix_refresh=%00"), ("Accept", "*/*;q=x"), ("If-None-Match", 'W/"' * 500),
        ("Accept-Encoding", "br;q=nan, gzip;q=-1"), ("Accept-Language", "x" * 5000),
        ("Range", "bytes=0-"), ("Content-Encoding", "gzip"), ("X-API-Key", "omx_" + "x" * 43),
        ("X-API-Key", "\u00e9".encode("latin-1").decode("latin-1")), ("Host", "evil.example"),
        ("X-HTTP-Method-Override", "DELETE"), ("Expect", "200-ok"), ("Upgrade", "h2c"),
    ):  # fmt: skip
        guest = sender.house.guest()
        try:
            answer = guest.post(
                "/auth/login",
                json={"email": "a@b.example", "password": "x"},
                headers=[(name.encode(), value.encode("latin-1"))],
            )
        except httpx.LocalProtocolError:
            continue
        _look(sender, f"{name}: {value[:30]}", answer)
        assert "evil" not in answer.text


def _look(sender: Sender, name: str, answer: httpx.Response) -> None:
    kind = answer.headers.get("content-type", "")
    sender.look(name, answer.status_code, kind, answer.text)


def test_methods_that_are_not_served(sender: Sender) -> None:
    guest = sender.house.guest()
    for method in ("PUT", "TRACE", "PROPFIND", "OPTIONS", "DELETE", "GET"):
        answer = guest.request(method, "/auth/login")
        _look(sender, method, answer)
        assert answer.status_code == 405
        assert "POST" in answer.headers["allow"]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3)
    ),
    max_leaves=8,
)


@pytest.mark.parametrize("house", ["sqlite"], indirect=True)
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.dictionaries(st.sampled_from(["email", "password", "name", "token", "cookie"]), json_values)
)
def test_any_json_at_the_door(house: House, body: dict[str, Any]) -> None:
    guest: Guest = house.guest()
    content = json.dumps(body).encode()
    for path in ("/auth/login", "/auth/register", "/auth/verify-email", "/auth/setup"):
        answer = guest.post(path, content=content, headers={"Content-Type": "application/json"})
        assert answer.status_code in {201, 400, 401, 422, 429}, answer.text
        assert not TELLTALE.search(_without_address(answer.text)) or answer.status_code < 400


@pytest.mark.parametrize("house", ["sqlite"], indirect=True)
def test_a_wrong_password_is_repeated_nowhere(house: House) -> None:
    secret = "S3CR3T-that-nobody-repeats"
    guest = house.guest()
    for path, body in (
        ("/auth/login", {"email": secret, "password": secret, "other": 1}),
        ("/auth/register", {"email": "a@b.example", "password": [secret], "name": "a"}),
        ("/auth/reset-password", {"token": secret, "newPassword": {"a": secret}}),
        ("/auth/password-strength", {"password": secret}),
        ("/auth/two-factor", {"challenge": secret, "code": secret * 9}),
    ):
        answer = guest.post(path, json=body)
        assert secret not in answer.text, path


@pytest.mark.parametrize("house", ["sqlite"], indirect=True)
def test_a_store_that_is_gone_is_told_and_nobody_is_let_in(house: House, tmp_path: Path) -> None:
    admin = house.admin()
    house.service.store.close()
    for file in (tmp_path / "home" / "store").glob("omnix.sqlite*"):
        file.rename(file.with_suffix(".gone"))
    house.later(seconds=10)
    for answer in (
        admin.get("/user/profile"),
        house.guest().sign_in(ADMIN),
        house.guest().post("/auth/forgot-password", json={"email": ADMIN}),
    ):
        assert answer.status_code == 503, answer.text
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["step"]
        assert not TELLTALE.search(_without_address(answer.text)), answer.text
