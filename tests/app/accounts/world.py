"""Accounts on an empty store of each kind, with a clock that tests set and letters they can read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import pytest

from omnix.app.accounts import Accounts, Origin, Principal, Profile, SignedIn
from omnix.app.accounts.errors import AccountError
from omnix.auth import totp
from omnix.auth.errors import AuthError
from omnix.auth.mail import Letter
from omnix.auth.passwords import Passwords
from omnix.core.settings import Settings
from omnix.store import Store
from store.opening import again

T = TypeVar("T")

HOME = Origin("203.0.113.7", "Firefox", "req-1")
AWAY = Origin("198.51.100.9", "curl", "req-2")
PASSWORD = "purple tractors sing at dawn"
OTHER_PASSWORD = "nine quiet lamps behind the mill"


class Clock:
    """A clock that stands still until it is told."""

    def __init__(self) -> None:
        self.now = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **by: float) -> None:
        self.now += timedelta(**by)


class Letters:
    """Keeps what is sent."""

    def __init__(self) -> None:
        self.sent: list[Letter] = []

    def send(self, letter: Letter) -> None:
        self.sent.append(letter)


def cheap_passwords() -> Passwords:
    return Passwords(time_cost=1, memory_kib=8, concurrent=4, waiting=500)


@dataclass
class World:
    """Accounts and all that surrounds them."""

    store: Store
    settings: Settings
    clock: Clock = field(default_factory=Clock)
    letters: Letters = field(default_factory=Letters)

    def __post_init__(self) -> None:
        self._opened: list[Accounts] = []
        self.accounts = self.process()

    def process(self, **more: Any) -> Accounts:
        """Accounts as another process has them: the same store and keys, nothing else shared."""
        given = {
            "passwords": cheap_passwords(),
            "mailer": self.letters,
            "clock": self.clock,
            **more,
        }
        store = again(self.store)
        found = Accounts(self.settings, store, pause=lambda _seconds: None, **given)
        self._opened.append(found)
        return found

    def mails(self, to: str = "") -> list[Letter]:
        """What was sent, once nothing more is on its way."""
        self.accounts.settle()
        return [letter for letter in self.letters.sent if to in ("", letter.to)]

    def secret(self, to: str) -> str:
        """The secret in the newest link to somebody."""
        return secret_in(self.mails(to)[-1].text)

    def person(
        self, email: str = "dana@shop.example", role: str = "analyst", password: str = PASSWORD
    ) -> Profile:
        """Somebody with an account."""
        invited = self.accounts.users.invite(email, "Dana Levi", role)
        self.accounts.passwords.reset(secret_in(invited.link), password)
        return self.accounts.users.get(invited.user.id)

    def sign_in(
        self, email: str = "dana@shop.example", password: str = PASSWORD, origin: Origin = HOME
    ) -> SignedIn:
        found = self.accounts.sign_in.login(email, password, origin=origin)
        assert isinstance(found, SignedIn)
        return found

    def principal(self, signed_in: SignedIn) -> Principal:
        found = self.accounts.principal_of(signed_in.access_token)
        assert found is not None
        return found

    def somebody(self, email: str = "dana@shop.example", role: str = "analyst") -> Principal:
        """Somebody with an account who is signed in."""
        self.person(email, role)
        return self.principal(self.sign_in(email))

    def two_factor(self, principal: Principal) -> tuple[str, tuple[str, ...]]:
        """Switch on the second factor; gives the secret and the recovery codes."""
        secret = self.accounts.two_factor.begin(principal).secret
        codes = self.accounts.two_factor.confirm(principal, self.code(secret))
        self.clock.advance(seconds=60)
        return secret, codes

    def code(self, secret: str, **later: float) -> str:
        """What an authenticator app shows now, or later."""
        import pyotp

        return pyotp.TOTP(secret).at(self.clock.now + timedelta(**later))

    def actions(self, outcome: str = "") -> list[str]:
        """What the audit log says, oldest first."""
        self.accounts.settle()
        rows = self.accounts.audit.export()
        return [row.action for row in rows if outcome in ("", row.outcome)]

    def refused(self, token: str) -> bool:
        """Whether an access token or key opens nothing, here and in another process."""
        return (
            self.accounts.principal_of(token) is None and self.process().principal_of(token) is None
        )

    def close(self) -> None:
        for each in self._opened:
            each.close()
            each.parts.store.close()


def secret_in(text: str) -> str:
    """The secret of the link in `text`."""
    return text.split("#token=")[1].split(maxsplit=1)[0]


def at_once(times: int, do: Callable[[], T]) -> tuple[list[T], list[Exception]]:
    """Do it so many times in parallel; gives the results and the refusals."""
    done: list[T] = []
    refused: list[Exception] = []

    def one(_number: int) -> None:
        try:
            done.append(do())
        except (AccountError, AuthError) as error:
            refused.append(error)

    with ThreadPoolExecutor(times) as pool:
        list(pool.map(one, range(times)))
    return done, refused


@pytest.fixture
def world(store: Store) -> Iterator[World]:
    """Accounts on an empty store, SQLite and PostgreSQL."""
    found = World(store, Settings.load(store.home, service={"public_url": "https://omnix.example"}))
    yield found
    found.close()


__all__ = [
    "AWAY",
    "HOME",
    "OTHER_PASSWORD",
    "PASSWORD",
    "Clock",
    "Letters",
    "World",
    "at_once",
    "totp",
]
