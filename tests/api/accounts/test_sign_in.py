"""Signing in, staying in, going out."""

from __future__ import annotations

import pytest

from house import ADMIN, PASSWORD, Guest, House

EMAIL = "noa@shop.example"


def test_the_answer_has_every_field_that_clients_look_for(house: House) -> None:
    guest = house.guest()
    answer = guest.sign_in(ADMIN)
    given = answer.json()
    assert given["token"] == given["accessToken"] == given["data"]["accessToken"]
    assert given["refreshToken"] == given["data"]["refreshToken"]
    assert given["expiresIn"] == 900
    assert given["userId"] == given["user"]["id"] == given["data"]["user"]["id"]
    assert given["name"] == given["user"]["name"] == "Ada Admin"
    assert given["twoFactorRequired"] is False
    assert given["challenge"] is None
    assert answer.headers["cache-control"] == "no-store"
    assert "set-cookie" not in answer.headers


def test_a_token_is_good_for_a_quarter_of_an_hour(house: House) -> None:
    guest = house.join(EMAIL)
    house.later(minutes=14, seconds=59)
    assert guest.get("/user/profile").status_code == 200
    house.later(seconds=1)
    refused = guest.get("/user/profile")
    assert refused.status_code == 401
    assert refused.headers["www-authenticate"] == "Bearer"
    assert refused.headers["content-type"].startswith("application/problem+json")


def test_refreshing_goes_on_and_the_old_token_is_used_up(house: House) -> None:
    guest = house.join(EMAIL)
    house.later(minutes=20)
    first = guest.refresh_token
    answer = guest.post("/auth/refresh", json={"refreshToken": first})
    guest.keep(answer)
    assert guest.refresh_token != first
    assert guest.get("/user/profile").status_code == 200


def test_an_old_refresh_token_played_back_ends_the_session(house: House) -> None:
    guest = house.join(EMAIL)
    first = guest.refresh_token
    guest.keep(guest.post("/auth/refresh", json={"refreshToken": first}))
    house.later(seconds=1)
    assert guest.post("/auth/refresh", json={"refreshToken": first}).status_code == 401
    again = guest.post("/auth/refresh", json={"refreshToken": guest.refresh_token})
    assert again.status_code == 401, "the family is dead"
    assert guest.get("/user/profile").status_code == 401
    assert "used from two places" in house.letters(EMAIL)[-1].text
    assert any(row.outcome == "failure" or "replay" in str(row) for row in house.audit_all())


def test_a_session_ends_when_it_is_not_used_for_a_week(house: House) -> None:
    guest = house.join(EMAIL)
    for _ in range(3):
        house.later(days=6)
        guest.keep(guest.post("/auth/refresh", json={"refreshToken": guest.refresh_token}))
    house.later(days=7)
    answer = guest.post("/auth/refresh", json={"refreshToken": guest.refresh_token})
    assert answer.status_code == 401


def cookie_of(guest: Guest) -> str:
    [cookie] = [each for each in guest.cookies.jar if each.name == "omnix_refresh"]
    return cookie.value or ""


def test_the_refresh_token_can_be_a_cookie_that_no_script_reads(house: House) -> None:
    guest = house.guest()
    answer = guest.sign_in(ADMIN, cookie=True)
    assert answer.json()["refreshToken"] is None
    assert answer.json()["data"]["refreshToken"] is None
    cookie = answer.headers["set-cookie"]
    for part in ("HttpOnly", "SameSite=strict", "Path=/api/v1/auth", "Max-Age=604800"):
        assert part.lower() in cookie.lower()
    assert "secure" not in cookie.lower(), "plain http on this machine"
    first = cookie_of(guest)
    assert guest.post("/auth/refresh", json={}).status_code == 400, "the header is missing"
    renewed = guest.post("/auth/refresh", headers={"X-Omnix-Client": "dashboard"})
    assert renewed.status_code == 200
    assert renewed.json()["refreshToken"] is None
    assert cookie_of(guest) != first


def test_a_cookie_is_only_for_https_where_the_address_is(house: House) -> None:
    settings = house.service.settings
    service = settings.service.model_copy(update={"public_url": "https://omnix.example"})
    house.service.app.settings = settings.model_copy(update={"service": service})
    assert "; secure" in house.guest().sign_in(ADMIN, cookie=True).headers["set-cookie"].lower()


def test_a_cookie_that_is_refused_is_taken_away(house: House) -> None:
    guest = house.guest()
    guest.sign_in(ADMIN, cookie=True)
    house.later(days=8)
    refused = guest.post("/auth/refresh", headers={"X-Omnix-Client": "dashboard"})
    assert refused.status_code == 401
    assert "max-age=0" in refused.headers["set-cookie"].lower()
    assert not [each for each in guest.cookies.jar if each.value]
    assert guest.post("/auth/refresh", headers={"X-Omnix-Client": "x"}).status_code == 401


@pytest.mark.parametrize("way", ["body", "cookie", "access token"])
def test_signing_out_ends_the_session_at_once(house: House, way: str) -> None:
    guest = house.guest()
    guest.sign_in(ADMIN, cookie=way == "cookie")
    refresh = guest.refresh_token
    body = {"refreshToken": refresh} if way == "body" else {}
    if way != "access token":
        token = guest.headers.pop("Authorization")
    assert guest.post("/auth/logout", json=body).status_code == 200
    if way != "access token":
        guest.headers["Authorization"] = token
    assert guest.get("/user/profile").status_code == 401
    if refresh:
        answer = guest.post("/auth/refresh", json={"refreshToken": refresh})
        assert answer.status_code == 401


def test_signing_out_twice_or_without_a_session_is_no_error(house: House) -> None:
    guest = house.guest()
    for body in ({}, {"refreshToken": "x" * 43}, {"refreshToken": "junk"}, None):
        assert guest.post("/auth/logout", json=body).status_code == 200


def test_signing_out_everywhere(house: House) -> None:
    here, there = house.join(EMAIL), house.guest()
    there.sign_in(EMAIL)
    assert "2 sessions" in here.post("/auth/logout-all").json()["message"]
    for guest in (here, there):
        assert guest.get("/user/profile").status_code == 401
        answer = guest.post("/auth/refresh", json={"refreshToken": guest.refresh_token})
        assert answer.status_code == 401


def test_verify_says_whose_token_it_is(house: House) -> None:
    guest = house.join(EMAIL)
    token = guest.headers["Authorization"].removeprefix("Bearer ")
    given = house.guest().post("/auth/verify", json={"token": token}).json()
    assert given["valid"] is True
    assert (given["email"], given["role"]) == (EMAIL, "customer")
    guest.post("/auth/logout-all")
    assert house.guest().post("/auth/verify", json={"token": token}).status_code == 401


def test_sessions_are_listed_and_ended_one_by_one(house: House) -> None:
    here, there = house.join(EMAIL), house.guest("203.0.113.9")
    house.later(minutes=1)
    there.headers["User-Agent"] = "Phone/1"
    there.sign_in(EMAIL)
    listed = here.get("/user/sessions").json()["data"]
    assert [each["current"] for each in listed] == [False, True]
    assert (listed[0]["address"], listed[0]["agent"]) == ("203.0.113.9", "Phone/1")
    assert here.delete(f"/user/sessions/{listed[0]['id']}").status_code == 200
    assert there.get("/user/profile").status_code == 401
    assert here.get("/user/profile").status_code == 200
    assert here.delete(f"/user/sessions/{listed[0]['id']}").status_code == 404


def test_nobody_ends_somebody_elses_session(house: House) -> None:
    noa, dana = house.join(EMAIL), house.join("dana@shop.example")
    [session] = noa.get("/user/sessions").json()["data"]
    refused = dana.delete(f"/user/sessions/{session['id']}")
    nothing = dana.delete("/user/sessions/00000000-0000-0000-0000-000000000000")
    assert refused.status_code == nothing.status_code == 404
    assert refused.json()["detail"] == nothing.json()["detail"]
    assert noa.get("/user/profile").status_code == 200


def test_a_disabled_or_demoted_account_is_out_at_once(house: House) -> None:
    admin, noa = house.admin(), house.join(EMAIL, "analyst")
    user_id = noa.get("/user/profile").json()["id"]
    admin.patch(f"/admin/users/{user_id}", json={"role": "customer"})
    assert noa.get("/user/profile").status_code == 401
    assert noa.sign_in(EMAIL).status_code == 200
    assert noa.get("/user/profile").json()["role"] == "customer"
    admin.patch(f"/admin/users/{user_id}", json={"isActive": False})
    assert noa.get("/user/profile").status_code == 401
    answer = noa.post("/auth/refresh", json={"refreshToken": noa.refresh_token})
    assert answer.status_code == 401
    refused, wrong = noa.sign_in(EMAIL), noa.sign_in(EMAIL, "not the password")
    assert refused.status_code == wrong.status_code == 401
    assert refused.json()["detail"] == wrong.json()["detail"]


def test_password_strength_is_told_before_it_is_taken(house: House) -> None:
    guest = house.guest()
    weak = guest.post(
        "/auth/password-strength",
        json={"password": "noa.cohen1", "email": "noa.cohen@shop.example"},
    ).json()
    assert (weak["ok"], weak["score"] < 2) == (False, True)
    assert weak["warning"]
    strong = guest.post("/auth/password-strength", json={"password": PASSWORD}).json()
    assert (strong["ok"], strong["score"]) == (True, 4)
