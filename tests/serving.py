"""The service on a real port, with one account for each role.

Every test may ask for `served`: the small sample shop's service, started once per test session.
It is shared: what a test changes (an account, a session) it makes for itself.
"""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn

from omnix.api import create_app
from omnix.app.accounts import Accounts
from omnix.app.service import Service
from omnix.core.settings import save
from shop import copy_home

PASSWORD = "correct horse battery staple 47"
ROLES = ("admin", "manager", "analyst", "customer")


@dataclass
class Served:
    """A running service: where it listens, and how to ask it as somebody."""

    url: str
    service: Service
    _tokens: dict[str, str] = field(default_factory=dict)

    @property
    def accounts(self) -> Accounts:
        """The accounts behind it."""
        return self.service.accounts

    def token(self, role: str) -> str:
        """An access token of the account that has this role."""
        if role not in self._tokens:
            with self.client() as client:
                given = {"email": email_of(role), "password": PASSWORD}
                answer = client.post("/api/v1/auth/login", json=given)
            assert answer.status_code == 200, answer.text
            self._tokens[role] = answer.json()["accessToken"]
        return self._tokens[role]

    def client(self, role: str | None = None, **headers: str) -> httpx.Client:
        """A client that is signed in as `role`, or not at all. Close it, or use `with`."""
        if role:
            headers["Authorization"] = f"Bearer {self.token(role)}"
        return httpx.Client(base_url=self.url, headers=headers, timeout=60)

    def get(self, path: str, role: str | None = "analyst", **more: Any) -> httpx.Response:
        """One GET as `role`; the prefix /api/v1 is added to paths below it."""
        return self.ask("GET", path, role, **more)

    def ask(self, method: str, path: str, role: str | None, **more: Any) -> httpx.Response:
        """One request as `role`."""
        with self.client(role) as client:
            return client.request(method, f"/api/v1{path}", **more)


def email_of(role: str) -> str:
    """The address of the account that has this role."""
    return f"{role}@shop.example"


@pytest.fixture(scope="session")
def served(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The service of a copy of the small sample shop, shared by all tests."""
    home = copy_home(built, tmp_path_factory.mktemp("served") / "home")
    with serve(home) as running:
        yield running


@contextmanager
def serve(home: Path, **settings: Mapping[str, Any]) -> Iterator[Served]:
    """Serve a home folder on a free port, with one account for each role."""
    service = {"requests_per_minute": 1_000_000, "log": False, **settings.pop("service", {})}
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("OMNIX_HOME", raising=False)
        save(home, {"service": service, **settings})
        opened = Service.open(home)
    with listening(create_app(service=opened)) as url:
        people(opened.accounts)
        yield Served(url, opened)
    opened.close()


def people(accounts: Accounts) -> None:
    """One account for each role; all have the same password."""
    if not accounts.setup.needed():
        return
    token = accounts.setup.link().rpartition("token=")[2]
    accounts.setup.complete(token, email_of("admin"), PASSWORD, "Ada Admin")
    for role in ROLES[1:]:
        link = accounts.users.invite(email_of(role), f"{role.title()} Example", role, by=None).link
        accounts.passwords.reset(link.rpartition("token=")[2], PASSWORD)


@contextmanager
def listening(app: Any) -> Iterator[str]:
    """Serve an ASGI application from a thread of this process; give its address."""
    bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    bound.bind(("127.0.0.1", 0))
    config = uvicorn.Config(
        app, log_level="error", access_log=False, timeout_graceful_shutdown=1, proxy_headers=False,
        http="omnix.api.protocol:GuardedProtocol",
    )  # fmt: skip
    server = uvicorn.Server(config)
    up = threading.Event()
    startup = server.startup

    async def started(sockets: list[socket.socket] | None = None) -> None:
        await startup(sockets)
        up.set()

    server.startup = started  # type: ignore[method-assign]
    thread = threading.Thread(target=lambda: asyncio.run(server.serve([bound])), daemon=True)
    thread.start()
    try:
        assert up.wait(60), "the service did not start"
        yield f"http://127.0.0.1:{bound.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(30)
        bound.close()
