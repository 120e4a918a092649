"""The own account and its API keys."""

from __future__ import annotations

from typing import Any

import pytest

from house import PASSWORD, Guest, House

EMAIL = "noa@shop.example"


def test_the_profile_has_every_field_and_no_secret(house: House) -> None:
    profile = house.join(EMAIL, "analyst").get("/user/profile").json()
    assert set(profile) == {
        "id", "email", "name", "role", "isActive", "emailVerified", "twoFactorEnabled", "language",
        "theme", "customerId", "createdAt", "lastLoginAt", "permissions",
    }  # fmt: skip
    assert profile["lastLoginAt"] == "2026-03-01T12:00:00Z"
    assert "tables:read" in profile["permissions"]


def test_name_language_and_theme_are_ones_own_to_change(house: House) -> None:
    noa = house.join(EMAIL)
    change = {"name": "  Noa   Levi ", "language": "he", "theme": "dark"}
    assert noa.patch("/user/profile", json=change).status_code == 200
    profile = noa.get("/user/profile").json()
    assert (profile["name"], profile["language"], profile["theme"]) == ("Noa Levi", "he", "dark")


@pytest.mark.parametrize(
    "change",
    [
        {"role": "admin"}, {"isActive": True}, {"permissions": ["users:manage"]}, {"id": "x"},
        {"emailVerified": True}, {"customerId": "c-1"}, {"is_active": False}, {"theme": "pink"},
        {"language": "xx"}, {"name": ""}, {"name": ["a"]},
    ],
)  # fmt: skip
def test_nothing_else_is(house: House, change: dict[str, Any]) -> None:
    noa = house.join(EMAIL)
    before = noa.get("/user/profile").json()
    answer = noa.patch("/user/profile", json=change)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == next(iter(change))
    assert noa.get("/user/profile").json() == before


def test_a_new_address_needs_the_password_and_its_own_link(house: House) -> None:
    noa, new = house.join(EMAIL), "noa.levi@shop.example"
    for body in ({"email": new}, {"email": new, "currentPassword": "not this one"}):
        answer = noa.patch("/user/profile", json=body)
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["field"] == "currentPassword"
    body = {"email": new, "currentPassword": PASSWORD}
    assert noa.patch("/user/profile", json=body).status_code == 200
    assert noa.get("/user/profile").json()["email"] == EMAIL, "not before the link is opened"
    token = house.secret(new)
    assert house.guest().post("/auth/verify-email", json={"token": token}).status_code == 200
    assert house.guest().sign_in(new).status_code == 200
    assert house.guest().sign_in(EMAIL).status_code == 401
    assert "new e-mail address" in house.letters(EMAIL)[-1].text


def test_a_taken_address_is_not_given_away(house: House) -> None:
    house.join("dana@shop.example")
    noa = house.join(EMAIL)
    answers = [
        noa.patch("/user/profile", json={"email": email, "currentPassword": PASSWORD})
        for email in ("dana@shop.example", "nobody@shop.example")
    ]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].json() == answers[1].json()


def make_key(guest: Guest, *scopes: str, **more: Any) -> dict[str, Any]:
    answer = guest.post("/user/api-keys", json={"name": "robot", "scopes": scopes, **more})
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def test_a_key_is_shown_once_and_may_do_what_its_scopes_say(house: House) -> None:
    admin = house.admin()
    made = make_key(admin, "self", "audit:read")
    assert made["key"].startswith(made["prefix"])
    [listed] = admin.get("/user/api-keys").json()["data"]
    assert listed["key"] is None
    assert {**listed, "key": made["key"]} == made
    for headers in ({"Authorization": f"Bearer {made['key']}"}, {"X-API-Key": made["key"]}):
        robot = house.guest()
        robot.headers.update(headers)
        assert robot.get("/admin/audit").status_code == 200
        assert robot.get("/admin/users").status_code == 403
        assert robot.get("/user/profile").json()["permissions"]
    assert admin.get("/user/api-keys").json()["data"][0]["lastUsedAt"]


def test_a_key_may_not_what_only_a_person_may(house: House) -> None:
    admin = house.admin()
    robot = house.guest()
    robot.headers["X-API-Key"] = make_key(admin, "self", "users:manage")["key"]
    for method, path, body in (
        ("POST", "/user/api-keys", {"name": "wider", "scopes": ["audit:read"]}),
        (
            "POST",
            "/auth/change-password",
            {"currentPassword": PASSWORD, "newPassword": "x y z w q"},
        ),
        ("POST", "/user/two-factor", None),
        ("POST", "/auth/logout-all", None),
        ("PATCH", "/user/profile", {"name": "Robot"}),
    ):
        assert robot.request(method, path, json=body).status_code == 403, path


def test_a_key_ends_when_revoked_expired_or_its_owner_is_disabled(house: House) -> None:
    admin, noa = house.admin(), house.join(EMAIL, "analyst")
    keys = [
        make_key(noa, "self"),
        make_key(noa, "self", expiresAt="2026-03-01T12:30:00Z"),
        make_key(noa, "self"),
    ]
    robots = []
    for key in keys:
        robot = house.guest()
        robot.headers["X-API-Key"] = key["key"]
        assert robot.get("/user/profile").status_code == 200
        robots.append(robot)
    assert noa.delete(f"/user/api-keys/{keys[0]['id']}").status_code == 200
    assert robots[0].get("/user/profile").status_code == 401
    admin.patch(f"/admin/users/{noa.get('/user/profile').json()['id']}", json={"isActive": False})
    assert robots[2].get("/user/profile").status_code == 401
    house.later(minutes=31)
    assert robots[1].get("/user/profile").status_code == 401


def test_a_key_loses_what_its_owner_loses(house: House) -> None:
    admin, noa = house.admin(), house.join(EMAIL, "admin")
    robot = house.guest()
    robot.headers["X-API-Key"] = make_key(noa, "self", "audit:read")["key"]
    assert robot.get("/admin/audit").status_code == 200
    user_id = noa.get("/user/profile").json()["id"]
    admin.patch(f"/admin/users/{user_id}", json={"role": "analyst"})
    assert robot.get("/admin/audit").status_code == 403


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"scopes": ["audit:read"]}, "scopes"),
        ({"scopes": []}, "scopes"),
        ({"scopes": ["everything"]}, "scopes"),
        ({"scopes": "self"}, "scopes"),
        ({"name": ""}, "name"),
        ({"expiresAt": "2026-02-01T00:00:00Z"}, "expiresAt"),
        ({"expiresAt": "tomorrow"}, "expiresAt"),
        ({"key": "omx_mine"}, "key"),
    ],
)
def test_a_key_that_cannot_be_made(house: House, change: dict[str, Any], field: str) -> None:
    body = {"name": "robot", "scopes": ["self"], **change}
    answer = house.join(EMAIL).post("/user/api-keys", json=body)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == field


def test_nobody_revokes_somebody_elses_key(house: House) -> None:
    noa, dana = house.join(EMAIL), house.join("dana@shop.example")
    key = make_key(noa, "self")
    assert dana.delete(f"/user/api-keys/{key['id']}").status_code == 404
    assert dana.get("/user/api-keys").json() == {"data": []}
    assert noa.get("/user/api-keys").json()["data"]


def test_only_a_digest_of_a_key_is_kept(house: House) -> None:
    from sqlalchemy import select

    from omnix.store.models import ApiKey

    key = make_key(house.join(EMAIL), "self")["key"]
    with house.service.store.reading() as session:
        [row] = session.scalars(select(ApiKey)).all()
    assert key not in str(vars(row))
