"""Signing in and out over the API."""

from __future__ import annotations

from house import ADMIN, PASSWORD, House


def test_the_administrator_signs_in(house: House) -> None:
    guest = house.guest()
    answer = guest.sign_in(ADMIN)
    assert answer.status_code == 200, answer.text
    given = answer.json()
    assert given["token"] == given["accessToken"] == given["data"]["accessToken"]
    assert given["refreshToken"] == given["data"]["refreshToken"]
    assert given["expiresIn"] == 900
    assert given["userId"] == given["user"]["id"]
    assert answer.headers["cache-control"] == "no-store"
    assert guest.get("/user/profile").json()["email"] == ADMIN
