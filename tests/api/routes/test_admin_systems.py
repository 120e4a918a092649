"""New systems without code by the API: planned, registered, run, asked, switched off."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from app.registered import shops
from house import together
from serving import Served, serve
from whole import tiny

SYSTEMS = "/admin/systems"


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The tiny shop, served."""
    home = tiny.built(tmp_path_factory.mktemp("systems") / "shop")[1]
    with serve(home) as running:
        yield running


@pytest.fixture(autouse=True)
def _none_left(shop: Served) -> Iterator[None]:
    """Every test begins without registered systems."""
    yield
    for each in (shop.service.settings.home / "systems").glob("*.toml"):
        each.unlink()


def body(name: str = "loyalty", *tables: dict[str, Any], **more: Any) -> dict[str, Any]:
    return shops.system(name, *tables, **more)


def register(shop: Served, given: dict[str, Any], status: int = 201) -> dict[str, Any]:
    answer = shop.ask("POST", SYSTEMS, "admin", json=given)
    assert answer.status_code == status, answer.text
    return answer.json()


def finished(shop: Served, **asked: Any) -> str:
    run_id = shop.ask("POST", "/runs", "admin", json={"ingest": False, **asked}).json()["run_id"]
    assert "event: end" in shop.get(f"/runs/{run_id}/events").text
    return shop.get(f"/runs/{run_id}").json()["status"]


def test_registered_run_asked_and_switched_off(shop: Served):
    made = register(shop, body("loyalty", shops.loyal(), shops.top()))
    assert made["ok"]
    assert made["enabled"]
    assert [each["name"] for each in made["tables"]] == ["loyal_customers", "top_customers"]
    spent = made["tables"][1]["columns"][2]
    assert spent["lineage"] == [{"table": "loyal_customers", "column": "spent_cents"}]

    assert finished(shop, system="loyalty") == "succeeded"
    rows = shop.get("/analytics/loyalty/query?table=loyal_customers").json()
    assert rows["rowCount"] > 0
    assert {"customer_id", "spent_cents"} <= set(rows["data"][0])

    answer = shop.ask("PATCH", f"{SYSTEMS}/loyalty", "admin", json={"enabled": False})
    assert answer.json()["enabled"] is False
    assert shop.get("/analytics/loyalty/query?table=loyal_customers").status_code == 404
    assert shop.get(f"{SYSTEMS}/loyalty").json()["enabled"] is False
    again = shop.ask("PATCH", f"{SYSTEMS}/loyalty", "admin", json={"enabled": True})
    assert again.json()["enabled"] is True
    assert shop.get("/analytics/loyalty/query?table=loyal_customers").json() == rows
    assert shop.ask("DELETE", f"{SYSTEMS}/loyalty", "admin").status_code == 204
    assert shop.get(f"{SYSTEMS}/loyalty").status_code == 404
    actions = {each.action for each in shop.accounts.audit.list(limit=50).data}
    assert {"system.registered", "system.disabled", "system.enabled", "system.removed"} <= actions


def test_bad_sql_is_refused_with_the_reason_and_the_place(shop: Served):
    bad = shops.table("bad", "select nope from orders", ["nope"])
    told = register(shop, body("loyalty", shops.loyal(), bad), 422)
    assert "nothing it reads has a column 'nope'" in told["detail"]
    assert told["errors"][0]["field"] == "tables.1"
    assert shop.get(SYSTEMS).json()["data"] == []


def test_a_plan_tells_each_table_and_keeps_nothing(shop: Served):
    bad = shops.table("bad", "select * from read_csv('/etc/passwd')", ["x"])
    plan = shop.ask("POST", f"{SYSTEMS}/plan", "admin", json=body("loyalty", shops.loyal(), bad))
    assert plan.status_code == 200
    first, second = plan.json()["tables"]
    assert first["error"] is None
    assert {c["name"]: c["type"] for c in first["columns"]}["spent_cents"] == "int64"
    assert second["error"]
    assert second["step"]
    assert shop.get(SYSTEMS).json()["data"] == []


def test_what_is_derived_from_details_is_hidden_from_analysts(shop: Served):
    mails = shops.table("mails", "select customer_id, upper(email) as mail from customers", ["customer_id"])  # fmt: skip
    made = register(shop, body("letters", mails))
    assert {c["name"]: c["person"] for c in made["tables"][0]["columns"]} == {
        "customer_id": "id", "mail": "detail",
    }  # fmt: skip
    assert finished(shop, system="letters") == "succeeded"
    seen = shop.get("/analytics/letters/query?table=mails", "analyst").json()
    assert "mail" not in seen["data"][0]
    assert "mail" in shop.get("/analytics/letters/query?table=mails", "manager").json()["data"][0]


def test_a_change_is_taken_whole_or_not_at_all(shop: Served):
    register(shop, body("base", shops.loyal()))
    register(shop, body("leaders", shops.top()))
    other = {**shops.loyal(), "name": "other"}
    answer = shop.ask("PUT", f"{SYSTEMS}/base", "admin", json=body("base", other))
    assert answer.status_code == 409
    assert "top_customers of the system 'leaders'" in answer.json()["detail"]
    assert shop.ask("DELETE", f"{SYSTEMS}/base", "admin").status_code == 409
    both = body("base", shops.loyal(), other)
    assert shop.ask("PUT", f"{SYSTEMS}/base", "admin", json=both).status_code == 200
    renamed = shop.ask("PUT", f"{SYSTEMS}/base", "admin", json=body("bases", shops.loyal()))
    assert renamed.status_code == 422


def test_of_many_at_once_one_gets_the_name(shop: Served):
    statuses = together(8, lambda _n: shop.ask("POST", SYSTEMS, "admin", json=body()).status_code)
    assert sorted(statuses) == [201, *[409] * 7]


@pytest.mark.parametrize(
    ("method", "path", "role", "given", "status"),
    [
        ("GET", SYSTEMS, None, None, 401),
        ("GET", SYSTEMS, "customer", None, 403),
        ("GET", SYSTEMS, "analyst", None, 200),
        ("POST", SYSTEMS, "manager", shops.system(), 403),
        ("POST", f"{SYSTEMS}/plan", "analyst", shops.system(), 403),
        ("PATCH", f"{SYSTEMS}/x", "manager", {"enabled": True}, 403),
        ("DELETE", f"{SYSTEMS}/x", "manager", None, 403),
        ("GET", f"{SYSTEMS}/nope", "analyst", None, 404),
        ("PATCH", f"{SYSTEMS}/nope", "admin", {"enabled": True}, 404),
        ("PATCH", f"{SYSTEMS}/..%2Fomnix", "admin", {"enabled": True}, 404),
        ("DELETE", f"{SYSTEMS}/nope", "admin", None, 404),
        ("DELETE", f"{SYSTEMS}/..%2F..%2Fomnix", "admin", None, 404),
        ("PATCH", f"{SYSTEMS}/x", "admin", {"enabled": "off"}, 422),
        ("PATCH", f"{SYSTEMS}/x", "admin", {}, 422),
        ("POST", SYSTEMS, "admin", {}, 422),
        ("POST", SYSTEMS, "admin", [], 422),
        ("POST", SYSTEMS, "admin", {**shops.system(), "name": "../evil"}, 422),
        ("POST", SYSTEMS, "admin", {**shops.system(), "name": "curation"}, 422),
        ("POST", SYSTEMS, "admin", {**shops.system(), "enabled": True, "owner": 1}, 422),
        ("POST", SYSTEMS, "admin", shops.system("a", {**shops.loyal(), "name": "orders"}), 422),
        ("POST", SYSTEMS, "admin", shops.system("a", {**shops.loyal(), "key": []}), 422),
        ("POST", SYSTEMS, "admin", shops.system("a", {**shops.loyal(), "sql": "x" * 30_000}), 422),
        ("POST", SYSTEMS, "admin", shops.system("a", {**shops.loyal(), "sql": "(" * 9_000}), 422),
        ("POST", SYSTEMS, "admin", shops.system("a", {**shops.loyal(), "sql": "select 1 \x00"}), 422),
    ],
)  # fmt: skip
def test_what_is_refused(
    shop: Served, method: str, path: str, role: str | None, given: Any, status: int
):
    if isinstance(given, dict) and "name" in given:
        given = {key: value for key, value in given.items() if key != "enabled" or "owner" in given}
    answer = shop.ask(method, path, role, json=given)
    assert answer.status_code == status, answer.text
    assert str(shop.service.settings.home) not in answer.text


def test_half_a_character_is_refused(shop: Served):
    raw = b'{"name": "a", "tables": [{"name": "b", "description": "One row per \\ud800", "sql": "select 1 as a", "key": ["a"]}]}'
    answer = shop.ask(
        "POST", SYSTEMS, "admin", content=raw, headers={"Content-Type": "application/json"}
    )
    assert answer.status_code in {400, 422}
