"""Nobody finds out whether somebody has an account: same words, same work."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest

from house import ADMIN, PASSWORD, House

#: Fixed, so that answers can be compared byte by byte.
REQUEST_ID = {"X-Request-ID": "the-same-request"}


def seen(answer: httpx.Response) -> tuple[int, bytes, list[tuple[str, str]]]:
    """All that a client sees of an answer, but for the time of day."""
    headers = sorted((k.lower(), v) for k, v in answer.headers.items() if k.lower() != "date")
    return answer.status_code, answer.content, headers


class Counting:
    """Stands for the hashing and counts."""

    def __init__(self, real: Any) -> None:
        self.real, self.calls = real, []  # type: ignore[var-annotated]

    def verify(self, content: bytes, hashed: str) -> bool:
        self.calls.append(("verify", hashed.partition("$m=")[2][:10]))
        return bool(self.real.verify(content, hashed))

    def hash(self, content: bytes) -> str:
        self.calls.append(("hash", ""))
        return str(self.real.hash(content))


@contextmanager
def counted(house: House) -> Iterator[Counting]:
    passwords = house.accounts.parts.passwords
    real = passwords._argon2
    passwords._argon2 = counting = Counting(real)  # type: ignore[assignment]
    try:
        yield counting
    finally:
        passwords._argon2 = real


@pytest.fixture
def people(house: House) -> dict[str, str]:
    """An address of every state that an account can be in."""
    admin = house.admin()
    disabled = house.join("disabled@shop.example")
    user_id = disabled.get("/user/profile").json()["id"]
    admin.patch(f"/admin/users/{user_id}", json={"isActive": False})
    house.accounts.users.invite("invited@shop.example", "Invited", "analyst")
    body = {"email": "waiting@shop.example", "password": PASSWORD, "name": "Waiting"}
    house.guest().post("/auth/register", json=body)
    house.accounts.settle()
    return {
        "known": ADMIN, "unknown": "nobody@shop.example", "disabled": "disabled@shop.example",
        "invited": "invited@shop.example", "waiting": "waiting@shop.example",
    }  # fmt: skip


def ask(house: House, path: str, people: dict[str, str], body: dict[str, str]) -> set[Any]:
    """What each of the people is answered; each asks from an address of their own."""
    found = set()
    for number, email in enumerate(people.values()):
        guest = house.guest(f"198.51.100.{number}")
        status, content, headers = seen(
            guest.post(path, json={**body, "email": email}, headers=REQUEST_ID)
        )
        found.add((status, content, tuple(headers)))
    return found


def test_a_wrong_password_says_nothing(house: House, people: dict[str, str]) -> None:
    with counted(house) as counting:
        [(status, _, _)] = ask(house, "/auth/login", people, {"password": "not this one"})
    assert status == 401
    assert [call[0] for call in counting.calls] == ["verify"] * len(people)
    assert len({call[1] for call in counting.calls}) == 1, "the same parameters for nobody"


def test_the_right_password_of_who_may_not_sign_in_says_nothing(
    house: House, people: dict[str, str]
) -> None:
    shut = {name: email for name, email in people.items() if name != "known"}
    [(status, _, _)] = ask(house, "/auth/login", shut, {"password": PASSWORD})
    assert status == 401


@pytest.mark.parametrize("path", ["/auth/forgot-password", "/auth/resend-verification"])
def test_asking_for_a_mail_says_nothing(house: House, people: dict[str, str], path: str) -> None:
    with counted(house) as counting:
        [(status, _, _)] = ask(house, path, people, {})
    assert status == 200
    assert counting.calls == []


def test_registering_says_nothing(house: House, people: dict[str, str]) -> None:
    with counted(house) as counting:
        body = {"password": "eleven quiet harbours", "name": "Somebody"}
        [(status, _, _)] = ask(house, "/auth/register", people, body)
    assert status == 201
    assert counting.calls == [("hash", "")] * len(people)
    assert house.guest().sign_in(ADMIN).status_code == 200, "nothing has changed"


def test_being_throttled_says_nothing(house: House, people: dict[str, str]) -> None:
    answers = set()
    for number, email in enumerate(people.values()):
        guest = house.guest(f"203.0.113.{number}")
        guest.headers.update(REQUEST_ID)
        tried = tuple(seen(guest.sign_in(email, "not this one"))[:2] for _ in range(11))
        answers.add(tried)
    [tried] = answers
    assert [status for status, _ in tried] == [401] * 10 + [429]


def test_too_many_mails_say_nothing(house: House, people: dict[str, str]) -> None:
    answers = set()
    for number, email in enumerate(people.values()):
        guest = house.guest(f"203.0.113.{number}")
        guest.headers.update(REQUEST_ID)
        body = {"email": email}
        tried = tuple(seen(guest.post("/auth/forgot-password", json=body))[:2] for _ in range(6))
        answers.add(tried)
    assert len(answers) == 1
    assert len(house.letters(ADMIN)) <= 3, "and nobody's box is filled"


def test_what_is_no_address_is_nobodys(house: House) -> None:
    house.guest()
    body = {"password": "not this one"}
    odd = {
        str(n): text for n, text in enumerate(("x", "", " ", "@", "a@b", "\u05d0@\u05d1.example"))
    }
    [(status, _, _)] = ask(house, "/auth/login", {**odd, "nobody": "nobody@shop.example"}, body)
    assert status == 401
