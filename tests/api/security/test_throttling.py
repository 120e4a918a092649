"""Guessing is stopped; the one whose account it is goes on."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from house import ADMIN, PASSWORD, House, living
from omnix.app.accounts import Accounts
from omnix.auth.passwords import Passwords
from omnix.auth.throttle import SIGN_IN_ACCOUNT, SIGN_IN_ADDRESS

EMAIL = "noa@shop.example"
WRONG = "not this one"


def test_after_ten_wrong_passwords_not_even_the_right_one_opens(house: House) -> None:
    guest = house.guest("198.51.100.7")
    for _ in range(10):
        assert guest.sign_in(ADMIN, WRONG).status_code == 401
    refused = guest.sign_in(ADMIN)
    assert refused.status_code == 429
    assert 1700 <= int(refused.headers["retry-after"]) <= 1800
    assert refused.json()["step"]
    house.later(minutes=30)
    assert guest.sign_in(ADMIN).status_code == 200


def test_a_right_password_clears_what_was_counted(house: House) -> None:
    guest = house.guest("198.51.100.7")
    for _ in range(3):
        for _ in range(9):
            assert guest.sign_in(ADMIN, WRONG).status_code == 401
        assert guest.sign_in(ADMIN).status_code == 200


def test_an_address_that_is_made_up_resets_nothing(house: House) -> None:
    """A proxy of ours adds the real address on the right; all to its left is the client's word."""
    guest = house.guest()
    statuses = []
    for number in range(12):
        guest.headers["X-Forwarded-For"] = f"10.0.0.{number}, 198.51.100.7"
        statuses.append(guest.sign_in(ADMIN, WRONG).status_code)
    assert statuses == [401] * 10 + [429] * 2


@pytest.mark.parametrize(
    "header", ["X-Forwarded-For", "X-Real-IP", "Forwarded", "True-Client-IP", "CF-Connecting-IP"]
)
def test_without_a_proxy_of_ours_no_header_is_believed(
    model_house: Path, tmp_path: Path, header: str
) -> None:
    home = tmp_path / "home"
    shutil.copytree(model_house, home)
    with living(home, service={"trusted_proxies": ""}) as house:
        guest = house.guest()
        statuses = []
        for number in range(12):
            guest.headers[header] = f"198.51.100.{number}"
            statuses.append(guest.sign_in(ADMIN, WRONG).status_code)
        assert statuses == [401] * 10 + [429] * 2


def test_the_victims_session_and_own_door_stay_open(house: House) -> None:
    noa = house.join(EMAIL, address="192.0.2.1")
    for number in range(SIGN_IN_ACCOUNT.attempts // 5 + 2):
        robber = house.guest(f"198.51.100.{number}")
        for _ in range(5):
            robber.sign_in(EMAIL, WRONG)
    stranger = house.guest("203.0.113.99")
    assert stranger.sign_in(EMAIL).status_code == 429, "strangers wait, with any password"
    assert noa.get("/user/profile").status_code == 200, "the live session goes on"
    noa.keep(noa.post("/auth/refresh", json={"refreshToken": noa.refresh_token}))
    assert house.guest("192.0.2.1").sign_in(EMAIL).status_code == 200, "from the known address"


def test_a_known_browser_is_let_in_from_anywhere(house: House) -> None:
    phone = house.guest("192.0.2.1")
    phone.sign_in(ADMIN, cookie=True)
    for number in range(SIGN_IN_ACCOUNT.attempts // 5 + 2):
        robber = house.guest(f"198.51.100.{number}")
        for _ in range(5):
            robber.sign_in(ADMIN, WRONG)
    phone.headers["X-Forwarded-For"] = "203.0.113.50"
    assert phone.sign_in(ADMIN, cookie=True).status_code == 200


def test_spraying_one_password_over_many_accounts_is_stopped(house: House) -> None:
    guest = house.guest("198.51.100.7")
    statuses = [
        guest.sign_in(f"person{number}@shop.example", WRONG).status_code
        for number in range(SIGN_IN_ADDRESS.attempts + 5)
    ]
    assert statuses == [401] * SIGN_IN_ADDRESS.attempts + [429] * 5
    assert house.guest("198.51.100.8").sign_in(ADMIN).status_code == 200


def test_one_network_of_ipv6_is_one_address(house: House) -> None:
    statuses = [
        house.guest(f"2001:db8:1:2::{number:x}").sign_in(ADMIN, WRONG).status_code
        for number in range(12)
    ]
    assert statuses == [401] * 10 + [429] * 2


def test_limits_outlive_the_process(house: House) -> None:
    guest = house.guest("198.51.100.7")
    for _ in range(10):
        guest.sign_in(ADMIN, WRONG)
    old = house.accounts
    house.service.__dict__["accounts"] = Accounts(
        house.service.settings, house.service.store,
        passwords=Passwords(time_cost=1, memory_kib=8), mailer=house.post, clock=house.clock,
    )  # fmt: skip
    old.close()
    assert guest.sign_in(ADMIN).status_code == 429


def test_a_flood_is_turned_away_quickly_and_costs_nobody_a_try(house: House) -> None:
    passwords = Passwords(time_cost=1, memory_kib=8, concurrent=1, waiting=0)
    object.__setattr__(house.accounts.parts, "passwords", passwords)
    with passwords._my_turn():
        for _ in range(15):
            refused = house.guest("198.51.100.7").sign_in(ADMIN)
            assert refused.status_code == 503
            assert refused.headers["retry-after"] == "1"
    assert house.guest("198.51.100.7").sign_in(ADMIN).status_code == 200


def test_guessing_links_is_stopped(house: House) -> None:
    guest = house.guest("198.51.100.7")
    body = {"token": "x" * 43, "newPassword": "eleven quiet harbours"}
    statuses = {guest.post("/auth/reset-password", json=body).status_code for _ in range(40)}
    assert statuses == {401, 429}


def test_guessing_the_current_password_is_stopped(house: House) -> None:
    noa = house.join(EMAIL)
    body = {"currentPassword": WRONG, "newPassword": "eleven quiet harbours"}
    statuses = [noa.post("/auth/change-password", json=body).status_code for _ in range(12)]
    assert statuses == [422] * 10 + [429] * 2
    assert noa.get("/user/profile").status_code == 200


def test_nobodys_box_is_filled(house: House) -> None:
    for number in range(30):
        guest = house.guest(f"198.51.100.{number}")
        guest.post("/auth/forgot-password", json={"email": ADMIN})
        body = {"email": "new@shop.example", "password": PASSWORD, "name": "New"}
        guest.post("/auth/register", json=body)
    assert len(house.letters(ADMIN)) == 3
    assert len(house.letters("new@shop.example")) == 3
