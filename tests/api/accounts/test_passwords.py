"""Forgotten, reset and changed passwords."""

from __future__ import annotations

import pytest

from house import ADMIN, PASSWORD, House

EMAIL = "noa@shop.example"
NEW = "eleven quiet harbours at dusk"


def test_forgot_and_reset(house: House) -> None:
    noa, guest = house.join(EMAIL), house.guest()
    answer = guest.post("/auth/forgot-password", json={"email": EMAIL})
    assert answer.status_code == 200
    assert noa.get("/user/profile").status_code == 200, "asking alone ends nothing"
    body = {"token": house.secret(EMAIL), "newPassword": NEW}
    answer = guest.post("/auth/reset-password", json=body)
    assert answer.status_code == 200
    assert "accessToken" not in answer.text
    assert noa.get("/user/profile").status_code == 401, "every session has ended"
    assert guest.sign_in(EMAIL).status_code == 401
    assert guest.sign_in(EMAIL, NEW).status_code == 200
    assert "was changed" in house.letters(EMAIL)[-1].text
    assert guest.post("/auth/reset-password", json=body).status_code == 401, "once only"


def test_a_reset_link_ends_after_ten_minutes(house: House) -> None:
    house.join(EMAIL)
    guest = house.guest()
    for minutes, status in ((10, 401), (9.99, 200)):
        guest.post("/auth/forgot-password", json={"email": EMAIL})
        token = house.secret(EMAIL)
        house.later(minutes=minutes)
        answer = guest.post("/auth/reset-password", json={"token": token, "newPassword": NEW})
        assert answer.status_code == status, answer.text


def test_the_newest_link_is_the_only_one(house: House) -> None:
    house.join(EMAIL)
    guest = house.guest()
    tokens = []
    for _ in range(2):
        guest.post("/auth/forgot-password", json={"email": EMAIL})
        tokens.append(house.secret(EMAIL))
    old, new = tokens
    assert old != new
    for token, status in ((old, 401), (new, 200)):
        answer = guest.post("/auth/reset-password", json={"token": token, "newPassword": NEW})
        assert answer.status_code == status


def test_only_a_digest_of_the_link_is_kept(house: House) -> None:
    from sqlalchemy import select

    from omnix.auth.opaque import digest
    from omnix.store.models import OneTimeToken

    house.join(EMAIL)
    house.guest().post("/auth/forgot-password", json={"email": EMAIL})
    token = house.secret(EMAIL)
    with house.service.store.reading() as session:
        [kept] = session.scalars(select(OneTimeToken).where(OneTimeToken.purpose == "reset")).all()
    assert kept.token_hash == digest(token)
    assert len(token) == 43, "256 bits"


def test_a_weak_new_password_leaves_the_link_good(house: House) -> None:
    house.join(EMAIL)
    guest = house.guest()
    guest.post("/auth/forgot-password", json={"email": EMAIL})
    token = house.secret(EMAIL)
    weak = guest.post("/auth/reset-password", json={"token": token, "newPassword": "password1"})
    assert weak.status_code == 422
    assert weak.json()["errors"][0]["field"] == "newPassword"
    good = guest.post("/auth/reset-password", json={"token": token, "newPassword": NEW})
    assert good.status_code == 200


@pytest.mark.parametrize("token", ["", "x", "x" * 43, "x" * 4096, "\u05d0" * 43, "a\u0000b"])
def test_a_link_that_is_none_of_ours(house: House, token: str) -> None:
    body = {"token": token, "newPassword": NEW}
    answer = house.guest().post("/auth/reset-password", json=body)
    assert answer.status_code == 401
    assert answer.json()["step"]


def test_links_are_good_for_what_they_were_made_only(house: House) -> None:
    """A reset link verifies no address, an invitation sets nothing up, and so on."""
    house.join(EMAIL)
    guest = house.guest()
    guest.post("/auth/forgot-password", json={"email": EMAIL})
    reset = house.secret(EMAIL)
    assert guest.post("/auth/verify-email", json={"token": reset}).status_code == 401
    assert guest.post("/auth/verify", json={"token": reset}).status_code == 401
    assert guest.post("/auth/refresh", json={"refreshToken": reset}).status_code == 401
    body = {"challenge": reset, "code": "123456"}
    assert guest.post("/auth/two-factor", json=body).status_code == 401
    guest.headers["Authorization"] = f"Bearer {reset}"
    assert guest.get("/user/profile").status_code == 401


def test_a_host_header_leads_no_link_astray(house: House) -> None:
    house.join(EMAIL)
    guest = house.guest()
    headers = {"Host": "evil.example", "X-Forwarded-Host": "evil.example"}
    guest.post("/auth/forgot-password", json={"email": EMAIL}, headers=headers)
    text = house.letters(EMAIL)[-1].text
    assert "evil" not in text
    assert f"{house.service.settings.service.address}/reset-password#token=" in text


def test_changing_needs_the_old_one_and_ends_the_other_sessions(house: House) -> None:
    here, there = house.join(EMAIL), house.guest()
    there.sign_in(EMAIL)
    wrong = {"currentPassword": "not this one", "newPassword": NEW}
    answer = here.post("/auth/change-password", json=wrong)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "currentPassword"
    same = {"currentPassword": PASSWORD, "newPassword": PASSWORD}
    assert here.post("/auth/change-password", json=same).status_code == 422
    right = {"currentPassword": PASSWORD, "newPassword": NEW}
    here.keep(here.post("/auth/change-password", json=right))
    assert here.get("/user/profile").status_code == 200
    assert there.get("/user/profile").status_code == 401
    assert house.guest().sign_in(EMAIL).status_code == 401


def test_changing_with_a_cookie_gives_a_new_cookie(house: House) -> None:
    guest = house.guest()
    guest.sign_in(ADMIN, cookie=True)
    answer = guest.post(
        "/auth/change-password", json={"currentPassword": PASSWORD, "newPassword": NEW}
    )
    assert answer.json()["refreshToken"] is None
    assert "omnix_refresh=" in answer.headers["set-cookie"]
    renewed = guest.post("/auth/refresh", headers={"X-Omnix-Client": "dashboard"})
    assert renewed.status_code == 200


def test_what_is_kept_is_argon2id_and_made_anew_with_todays_parameters(house: House) -> None:
    from sqlalchemy import select

    from omnix.auth.passwords import Passwords
    from omnix.store.models import User

    def kept() -> str:
        with house.service.store.reading() as session:
            return str(session.scalar(select(User.password_hash).where(User.email == EMAIL)))

    house.join(EMAIL)
    before = kept()
    assert before.startswith("$argon2id$v=19$m=8,t=1,p=1$")
    object.__setattr__(house.accounts.parts, "passwords", Passwords(time_cost=2, memory_kib=16))
    assert house.guest().sign_in(EMAIL).status_code == 200
    assert kept().startswith("$argon2id$v=19$m=16,t=2,p=1$")
    assert house.guest().sign_in(EMAIL).status_code == 200
