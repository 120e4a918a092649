"""Accounts of others, and the audit log."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest

from house import ADMIN, House
from omnix.api.routes.admin_audit import COLUMNS, as_csv
from omnix.app.accounts import AuditRow


def test_accounts_are_listed_page_by_page(house: House) -> None:
    admin = house.admin()
    for number in range(5):
        house.accounts.users.invite(f"p{number}@shop.example", f"Person {number}", "analyst")
        house.later(seconds=1)
    seen: list[str] = []
    cursor: str | None = None
    while True:
        page = admin.get(
            "/admin/users", params={"limit": 2} | ({"cursor": cursor} if cursor else {})
        )
        given = page.json()
        assert len(given["data"]) <= 2
        seen += [user["email"] for user in given["data"]]
        cursor = given["next_cursor"]
        if cursor is None:
            break
    assert sorted(seen) == sorted([ADMIN, *(f"p{n}@shop.example" for n in range(5))])
    assert len(set(seen)) == 6


def test_accounts_are_searched_by_part_and_role(house: House) -> None:
    admin = house.admin()
    house.accounts.users.invite("noa@shop.example", "Noa %_ Cohen", "analyst")

    def found(**query: str) -> list[str]:
        data = admin.get("/admin/users", params=query).json()["data"]
        return [user["email"] for user in data]

    assert found(search="NOA@") == ["noa@shop.example"]
    assert found(search="cohen") == ["noa@shop.example"]
    assert found(search="%_") == ["noa@shop.example"]
    assert found(search="' or 1=1 --") == []
    assert found(role="admin") == [ADMIN]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"limit": "0"}, "limit"), ({"limit": "201"}, "limit"), ({"limit": "many"}, "limit"),
        ({"cursor": "junk"}, "cursor"), ({"role": "king"}, "role"), ({"page": "2"}, "page"),
    ],
)  # fmt: skip
def test_a_wrong_parameter_is_named(house: House, query: dict[str, str], field: str) -> None:
    answer = house.admin().get("/admin/users", params=query)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == field


def test_a_customer_of_the_shop_is_linked_and_unlinked(house: House) -> None:
    admin, noa = house.admin(), house.join("noa@shop.example")
    path = f"/admin/users/{noa.get('/user/profile').json()['id']}"
    assert admin.patch(path, json={"customerId": "c-17"}).json()["customerId"] == "c-17"
    assert admin.patch(path, json={"role": "customer"}).json()["customerId"] == "c-17"
    assert admin.patch(path, json={"customerId": ""}).json()["customerId"] is None


def test_the_last_administrator_stays(house: House) -> None:
    admin = house.admin()
    path = f"/admin/users/{admin.get('/user/profile').json()['id']}"
    for change in ({"role": "manager"}, {"isActive": False}):
        answer = admin.patch(path, json=change)
        assert answer.status_code == 409
        assert answer.json()["step"]
    assert admin.get("/user/profile").status_code == 200


@pytest.mark.parametrize("user_id", ["nobody", "..", "%00", "x" * 65, "' or 1=1"])
def test_an_account_that_is_not_there(house: House, user_id: str) -> None:
    answer = house.admin().patch(f"/admin/users/{user_id}", json={"role": "admin"})
    assert answer.status_code in {404, 405, 422}


def test_inviting_twice_or_one_who_is_there(house: House) -> None:
    admin = house.admin()
    body = {"email": "noa@shop.example", "name": "Noa", "role": "analyst"}
    assert admin.post("/admin/users", json=body).status_code == 201
    assert admin.post("/admin/users", json=body).status_code == 201, "a new link"
    answer = admin.post("/admin/users", json={**body, "email": ADMIN})
    assert answer.status_code == 409
    assert len(house.letters("noa@shop.example")) == 2


def test_what_is_done_stands_in_the_log(house: House) -> None:
    admin, noa = house.admin(), house.join("noa@shop.example", "analyst")
    house.guest().sign_in("noa@shop.example", "not this one")
    user_id = noa.get("/user/profile").json()["id"]
    admin.patch(f"/admin/users/{user_id}", json={"role": "manager"})
    rows = admin.get("/admin/audit", params={"limit": 200}).json()["data"]
    actions = {(row["action"], row["outcome"]) for row in rows}
    assert actions >= {
        ("user.invited", "success"), ("account.password_reset", "success"),
        ("session.begun", "success"), ("session.begun", "failure"), ("user.changed", "success"),
    }  # fmt: skip
    [changed] = [row for row in rows if row["action"] == "user.changed"]
    assert changed["actorEmail"] == ADMIN
    assert changed["object"] == user_id
    assert changed["detail"] == {"role": ["analyst", "manager"]}
    assert changed["address"] == "127.0.0.1"
    assert changed["requestId"]
    assert [row["id"] for row in rows] == sorted((row["id"] for row in rows), reverse=True)


def test_the_log_is_filtered_and_paged(house: House) -> None:
    admin = house.admin()
    house.later(hours=1)
    house.join("noa@shop.example")

    def found(**query: Any) -> list[dict[str, Any]]:
        answer = admin.get("/admin/audit", params=query)
        assert answer.status_code == 200, answer.text
        return list(answer.json()["data"])

    admin.keep(admin.post("/auth/refresh", json={"refreshToken": admin.refresh_token}))
    assert {row["action"] for row in found(action="user.invited")} == {"user.invited"}
    assert {row["actorEmail"] for row in found(actor="noa@shop.example")} == {"noa@shop.example"}
    assert {row["actorEmail"] for row in found(actor=ADMIN)} == {ADMIN}
    assert all(row["at"] >= "2026-03-01T13" for row in found(since="2026-03-01T13:00:00Z"))
    assert all(row["at"] < "2026-03-01T13" for row in found(until="2026-03-01T15:00:00+02:00"))
    first = admin.get("/admin/audit", params={"limit": 2}).json()
    second = admin.get("/admin/audit", params={"limit": 2, "cursor": first["next_cursor"]}).json()
    assert second["data"][0]["id"] < first["data"][-1]["id"]


def test_the_log_goes_out_as_csv_and_says_so(house: House) -> None:
    admin = house.admin()
    admin.headers["User-Agent"] = "=cmd()"
    answer = admin.get("/admin/audit/export", params={"action": "session.begun"})
    assert answer.headers["content-type"].startswith("text/csv")
    assert "attachment" in answer.headers["content-disposition"]
    assert answer.headers["cache-control"] == "no-store"
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert {row["action"] for row in rows} == {"session.begun"}
    [exported] = house.audit("audit.exported")
    assert exported.actor_email == ADMIN


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r", "\n", "\0"])
def test_no_cell_is_taken_for_a_formula(sign: str, house: House) -> None:
    row = AuditRow(
        id=1, at=house.clock.now, actor_id=None, actor_email=f"{sign}a@b.example", action="a",
        object=f"{sign}1+1", outcome="success", address=None, request_id=None,
        detail={"a": f"{sign}b, \"c\""},
    )  # fmt: skip
    [read] = csv.DictReader(io.StringIO("".join(as_csv([row])), newline=""))
    assert set(read) == set(COLUMNS)
    assert read["object"] == f"'{sign}1+1"
    assert read["actor_email"].startswith("'")
    assert read["at"] == "2026-03-01T12:00:00Z"


def test_the_log_is_whole_after_all_of_this(house: House) -> None:
    house.join("noa@shop.example").post("/auth/logout-all")
    assert house.accounts.audit.chain.check().is_whole
