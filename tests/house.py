"""The accounts behind their routes: a service on a real port, quick to set up, whose clock stands.

    def test_something(house):                    # once on SQLite, once on PostgreSQL
        dana = house.join("dana@shop.example")
        dana.post("/auth/logout-all")

Mails are letters in `house.post.letters`; `house.later(minutes=11)` lets time pass. Passwords are
hashed with the cheapest parameters: what hashing costs is tested where it is written.
"""

from __future__ import annotations

import re
import shutil
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from omnix.api import create_app
from omnix.app.accounts import Accounts
from omnix.app.service import Service
from omnix.auth.mail import Letter
from omnix.auth.passwords import Passwords
from omnix.core.settings import save
from servers import Server
from serving import listening
from shop import new_home

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
PASSWORD = "violet tram under seven lemons"
API = "/api/v1"
ADMIN = "ada@shop.example"


class Clock:
    """Time that passes only when told."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now


class PostBox:
    """Keeps letters instead of sending them."""

    def __init__(self) -> None:
        self.letters: list[Letter] = []

    def send(self, letter: Letter) -> None:
        self.letters.append(letter)


class Guest(httpx.Client):
    """A client of the API: paths begin below /api/v1. Its e-mail and tokens, once signed in."""

    def __init__(self, house: House, address: str = "") -> None:
        headers = {"X-Forwarded-For": address} if address else {}
        super().__init__(base_url=house.url + API, headers=headers, timeout=60)
        self.house = house
        self.email = self.refresh_token = ""

    def sign_in(self, email: str, password: str = PASSWORD, **more: Any) -> httpx.Response:
        """Sign in; where it succeeds, every further request is signed in."""
        answer = self.post("/auth/login", json={"email": email, "password": password, **more})
        if answer.status_code == 200 and not answer.json()["twoFactorRequired"]:
            self.keep(answer)
        return answer

    def keep(self, answer: httpx.Response) -> None:
        """Take the tokens of an answer for all that follows."""
        assert answer.status_code == 200, answer.text
        given = answer.json()
        self.email, self.refresh_token = given["user"]["email"], given["refreshToken"] or ""
        self.headers["Authorization"] = f"Bearer {given['accessToken']}"


class House:
    """One service with its accounts, its clock and its letters."""

    def __init__(self, service: Service, clock: Clock, post: PostBox, url: str) -> None:
        self.service, self.clock, self.post, self.url = service, clock, post, url
        self._guests: list[Guest] = []

    @property
    def accounts(self) -> Accounts:
        """What stands behind the routes."""
        return self.service.accounts

    def guest(self, address: str = "") -> Guest:
        """A client that is not signed in; `address`: where a trusted proxy says it comes from."""
        self._guests.append(Guest(self, address))
        return self._guests[-1]

    def join(self, email: str, role: str = "customer", address: str = "") -> Guest:
        """Somebody with an account, signed in."""
        if email != ADMIN:
            link = self.accounts.users.invite(email, "Somebody Else", role).link
            self.accounts.passwords.reset(secret_in(link), PASSWORD)
        guest = self.guest(address)
        answer = guest.sign_in(email)
        assert answer.status_code == 200, answer.text
        return guest

    def admin(self) -> Guest:
        """The administrator, signed in."""
        return self.join(ADMIN)

    def later(self, **span: float) -> None:
        """Let time pass."""
        self.clock.now += timedelta(**span)

    def letters(self, to: str) -> list[Letter]:
        """What somebody was written, the oldest first."""
        self.accounts.settle()
        return [letter for letter in self.post.letters if letter.to == to]

    def secret(self, to: str) -> str:
        """What the link in somebody's newest letter holds."""
        return secret_in(self.letters(to)[-1].text)

    def audit(self, action: str) -> list[Any]:
        """What the audit log says of an action, the newest first."""
        return list(self.accounts.audit.list(action=action).data)

    def audit_all(self) -> list[Any]:
        """All of the audit log, the newest first."""
        return list(self.accounts.audit.list(limit=200).data)

    def close(self) -> None:
        """Close every client."""
        for guest in self._guests:
            guest.close()


def secret_in(text: str) -> str:
    """The secret behind `#token=`."""
    found = re.search(r"#token=([A-Za-z0-9_-]+)", text)
    assert found, f"no link in {text!r}"
    return found[1]


def together(count: int, task: Any) -> list[Any]:
    """Run `task(n)` in `count` threads that all start at the same moment."""
    start, results = threading.Barrier(count), [None] * count

    def run(number: int) -> None:
        start.wait(60)
        results[number] = task(number)

    threads = [threading.Thread(target=run, args=(n,)) for n in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    return results


@contextmanager
def living(home: Path, **settings: Any) -> Iterator[House]:
    """Serve the accounts in a home folder."""
    service = {"requests_per_minute": 1_000_000, "log": False, "trusted_proxies": "127.0.0.1"}
    service |= settings.pop("service", {})
    save(home, {"service": service, **settings})
    opened, clock, post = Service.open(home), Clock(), PostBox()
    accounts = Accounts(
        opened.settings, opened.store, passwords=Passwords(time_cost=1, memory_kib=8, waiting=200),
        mailer=post, clock=clock, pause=lambda _seconds: None,
    )  # fmt: skip
    opened.__dict__["accounts"] = accounts
    with listening(create_app(service=opened)) as url:
        house = House(opened, clock, post, url)
        try:
            yield house
        finally:
            house.close()
    house.accounts.close()
    opened.close()


def furnish(house: House) -> None:
    """An administrator, as everything begins."""
    token = secret_in(house.accounts.setup.link())
    house.accounts.setup.complete(token, ADMIN, PASSWORD, "Ada Admin")


@pytest.fixture(scope="session")
def model_house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home on SQLite with an administrator, to be copied."""
    home = new_home(tmp_path_factory.mktemp("house") / "home")
    with living(home) as house:
        furnish(house)
    return home


@pytest.fixture(scope="session")
def model_database(
    postgresql_server: Server, model_house: Path, tmp_path_factory: pytest.TempPathFactory
) -> str:
    """A PostgreSQL database with the same administrator and keys, to be copied."""
    name = f"house_{uuid.uuid4().hex[:8]}"
    postgresql_server.create_database(name)
    home = tmp_path_factory.mktemp("house-pg") / "home"
    shutil.copytree(model_house, home)
    with living(home, store={"url": postgresql_server.url(name)}) as house:
        furnish(house)
    return name


@pytest.fixture(params=["sqlite", "postgresql"])
def house(request: pytest.FixtureRequest, model_house: Path, tmp_path: Path) -> Iterator[House]:
    """A house of one's own, on each kind of store."""
    home = tmp_path / "home"
    shutil.copytree(model_house, home)
    settings: dict[str, Any] = {}
    if request.param == "postgresql":
        server: Server = request.getfixturevalue("postgresql_server")
        model, name = request.getfixturevalue("model_database"), f"house_{uuid.uuid4().hex[:8]}"
        server.execute("", f"create database {name} template {model}")
        settings["store"] = {"url": server.url(name)}
    with living(home, **settings) as house:
        yield house
    if settings:
        server.execute("", f"drop database {name} with (force)")
