"""From nobody to an account: register, verify, set up, be invited."""

from __future__ import annotations

import pytest

from house import ADMIN, PASSWORD, Guest, House, secret_in

EMAIL = "noa@shop.example"


def register(guest: Guest, email: str = EMAIL, **change: object) -> dict[str, object]:
    body = {"email": email, "password": PASSWORD, "name": "Noa Cohen", **change}
    answer = guest.post("/auth/register", json=body)
    return {"status": answer.status_code, **answer.json()}


def test_register_verify_sign_in(house: House) -> None:
    guest = house.guest()
    assert register(guest)["status"] == 201
    assert guest.sign_in(EMAIL).status_code == 401, "not before the address is verified"
    assert guest.post("/auth/verify-email", json={"token": house.secret(EMAIL)}).status_code == 200
    assert guest.sign_in(EMAIL).status_code == 200
    profile = guest.get("/user/profile").json()
    assert profile["emailVerified"] is True
    assert profile["role"] == "customer", "who comes by himself may see nothing of the shop"
    assert profile["permissions"] == ["customers:own", "self"]


def test_a_link_works_once_and_not_after_a_day(house: House) -> None:
    guest = house.guest()
    register(guest)
    token = house.secret(EMAIL)
    house.later(hours=24)
    assert guest.post("/auth/verify-email", json={"token": token}).status_code == 401
    guest.post("/auth/resend-verification", json={"email": EMAIL})
    register(guest)
    token = house.secret(EMAIL)
    assert guest.post("/auth/verify-email", json={"token": token}).status_code == 200
    assert guest.post("/auth/verify-email", json={"token": token}).status_code == 401


def test_a_new_link_ends_the_older_one(house: House) -> None:
    guest = house.guest()
    register(guest)
    old = house.secret(EMAIL)
    guest.post("/auth/resend-verification", json={"email": EMAIL})
    new = house.secret(EMAIL)
    assert new != old
    assert guest.post("/auth/verify-email", json={"token": old}).status_code == 401
    assert guest.post("/auth/verify-email", json={"token": new}).status_code == 200


def test_the_letter_speaks_the_chosen_language_and_links_to_the_public_address(
    house: House,
) -> None:
    guest = house.guest()
    guest.headers["Host"] = "evil.example"
    register(guest, language="he")
    [letter] = house.letters(EMAIL)
    assert letter.language == "he"
    assert "evil" not in letter.text
    assert f"{house.service.settings.service.address}/verify-email#token=" in letter.text
    assert "Noa" not in letter.text + letter.subject, "a stranger may have chosen the name"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"email": "no address"}, "email"),
        ({"email": "a@b.example\r\nBcc: all@b.example"}, "email"),
        ({"email": "x" * 300 + "@b.example"}, "email"),
        ({"name": " "}, "name"),
        ({"name": "a\u0007b"}, "name"),
        ({"name": "x" * 101}, "name"),
        ({"password": "short"}, "password"),
        ({"password": "password1"}, "password"),
        ({"password": "noa@shop.example"}, "password"),
        ({"password": "x" * 1001}, "password"),
        ({"language": "xx"}, "language"),
        ({"role": "admin"}, "role"),
        ({"email": None}, "email"),
        ({"password": 12345678}, "password"),
    ],
)
def test_what_cannot_be_taken_is_named(house: House, change: dict[str, object], field: str) -> None:
    found = register(house.guest(), **change)
    assert found["status"] == 422
    assert [error["field"] for error in found["errors"]] == [field]  # type: ignore[attr-defined]
    assert found["errors"][0]["message"]  # type: ignore[index]


def test_passwords_of_every_length_are_taken_whole(house: House) -> None:
    base = "plum violet tram under seven yellow lemons "
    for number, length in enumerate((64, 71, 72, 73, 128, 1000)):
        password = (base * 30)[:length]
        guest = house.join(f"p{number}@shop.example", address=f"192.0.2.{number}")
        body = {"currentPassword": PASSWORD, "newPassword": password}
        answer = guest.post("/auth/change-password", json=body)
        assert answer.status_code == 200, (length, answer.text)
        other = house.guest(f"192.0.2.{number}")
        assert other.sign_in(guest.email, password[:-1] + "#").status_code == 401
        assert other.sign_in(guest.email, password).status_code == 200


def test_an_address_is_one_however_it_is_written(house: House) -> None:
    house.join(EMAIL)
    assert house.guest().sign_in(" NOA@Shop.Example ").status_code == 200


def test_registration_can_be_closed(house: House) -> None:
    service = house.service.settings.service.model_copy(update={"registration": "closed"})
    closed = house.service.settings.model_copy(update={"service": service})
    object.__setattr__(house.accounts.parts, "settings", closed)
    assert register(house.guest())["status"] == 403


def test_set_up_is_over_once_there_is_an_administrator(house: House) -> None:
    guest = house.guest()
    assert guest.get("/auth/setup").json() == {"needed": False}
    body = {"token": "x" * 43, "email": "b@b.example", "password": PASSWORD, "name": "B"}
    assert guest.post("/auth/setup", json=body).status_code == 401
    assert not guest.post("/auth/setup", json={**body, "token": ""}).is_success


def test_an_invitation_leads_to_an_account(house: House) -> None:
    admin = house.admin()
    body = {"email": EMAIL, "name": "Noa Cohen", "role": "analyst"}
    made = admin.post("/admin/users", json=body)
    assert made.status_code == 201
    assert "link" not in made.text, "the link goes to its owner's address only"
    guest = house.guest()
    token = house.secret(EMAIL)
    answer = guest.post("/auth/reset-password", json={"token": token, "newPassword": PASSWORD})
    assert answer.status_code == 200
    assert "token" not in answer.text.lower(), "nobody is signed in by a link"
    assert guest.sign_in(EMAIL).status_code == 200
    assert guest.get("/user/profile").json()["role"] == "analyst"


def test_the_first_administrator_comes_by_a_link(house: House) -> None:
    """In a house whose administrator has gone, as on the first day."""
    from sqlalchemy import delete

    from omnix.store.models import User

    with house.service.store.session() as session:
        session.execute(delete(User))
    guest = house.guest()
    assert guest.get("/auth/setup").json() == {"needed": True}
    token = secret_in(house.accounts.setup.link())
    body = {"token": token, "email": ADMIN, "password": "password1", "name": "Ada"}
    assert guest.post("/auth/setup", json=body).status_code == 422, "the link stays good"
    guest.keep(guest.post("/auth/setup", json={**body, "password": PASSWORD}))
    assert guest.get("/user/profile").json()["role"] == "admin"
    assert guest.post("/auth/setup", json={**body, "password": PASSWORD}).status_code == 401
