"""POST /sql and GET /sql/schema, on a real port over the small sample shop."""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from house import House, furnish, living
from shop import sample_folder

pytestmark = pytest.mark.skipif("sys.platform != 'linux'", reason="queries need Linux")


@pytest.fixture(scope="module")
def sql_house(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    home = tmp_path_factory.mktemp("sql") / "home"
    shutil.copytree(built, home)
    shutil.copytree(sample_folder(built).parent, sample_folder(home).parent)
    with living(home, sql={"seconds": 5, "rows": 50}) as house:
        furnish(house)
        yield house


@pytest.fixture(scope="module")
def guests(sql_house: House) -> dict[str, Any]:
    roles = ("analyst", "manager", "customer")
    joined = {role: sql_house.join(f"{role}@shop.example", role) for role in roles}
    return {"admin": sql_house.admin(), **joined}


def ask(guest: Any, sql: str, **more: Any) -> Any:
    return guest.post("/sql", json={"sql": sql, **more})


def test_rows_come_with_columns_and_provenance(guests: dict[str, Any]) -> None:
    answer = ask(guests["analyst"], "select count(*) as n, 'a' as letter from orders")
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert found["columns"] == [
        {"name": "n", "type": "int64"},
        {"name": "letter", "type": "string"},
    ]
    assert found["rows"][0][0] > 1000
    assert (found["row_count"], found["truncated"]) == (1, False)
    (read,) = found["provenance"]
    assert (read["table"], read["layer"], read["version"]) == ("orders", "curated", 0)


def test_more_rows_than_the_setting_are_cut_and_said(guests: dict[str, Any]) -> None:
    found = ask(guests["analyst"], "select * from order_items").json()
    assert (found["row_count"], len(found["rows"]), found["truncated"]) == (50, 50, True)
    found = ask(guests["analyst"], "select * from order_items", limit=3).json()
    assert (found["row_count"], found["truncated"]) == (3, True)


def test_csv_and_arrow(guests: dict[str, Any]) -> None:
    sql = "select order_id, '=1+1' as formula from orders order by 1 limit 2"
    as_csv = ask(guests["analyst"], sql, format="csv")
    assert as_csv.headers["content-type"] == "text/csv; charset=utf-8"
    assert as_csv.text.splitlines()[0] == "order_id,formula"
    assert as_csv.text.splitlines()[1].endswith(",'=1+1")
    assert as_csv.headers["x-omnix-provenance"] == "orders@0"
    as_arrow = ask(guests["analyst"], sql, format="arrow")
    table = pa.ipc.open_stream(io.BytesIO(as_arrow.content)).read_all()
    assert table.column_names == ["order_id", "formula"]
    assert table.num_rows == 2


def test_details_of_persons_exist_for_those_who_may_see_them(guests: dict[str, Any]) -> None:
    refused = ask(guests["analyst"], "select email from customers")
    assert refused.status_code == 422
    assert "email" in refused.json()["detail"]
    for role in ("manager", "admin"):
        assert ask(guests[role], "select email from customers limit 1").status_code == 200
    seen = ask(guests["analyst"], "select * from customers limit 1").json()
    assert not {"email", "first_name", "phone"} & {each["name"] for each in seen["columns"]}


def test_a_customer_may_not_ask(guests: dict[str, Any], sql_house: House) -> None:
    assert ask(guests["customer"], "select 1").status_code == 403
    assert guests["customer"].get("/sql/schema").status_code == 403
    assert ask(sql_house.guest(), "select 1").status_code == 401


@pytest.mark.parametrize(
    ("sql", "words"),
    [
        ("select * from orderz", "Did you mean 'orders'"),
        ("select\n  custmer_id from orders", "Line 2, column 3"),
        ("drop table orders", "no SELECT"),
        ("select * from read_text('secret')", "read_text() cannot be read from"),
        ("select 1; select 2", "more than one statement"),
        ("select cast('x' as int)", "Could not convert"),
        ("\ud800", ""),
    ],
)
def test_what_is_refused_says_where_and_what_to_do(
    guests: dict[str, Any], sql: str, words: str
) -> None:
    answer = guests["analyst"].post(
        "/sql", content=('{"sql": "' + sql.replace("\n", "\\n") + '"}').encode("utf-8", "replace")
        if words else b'{"sql": "\\ud800"}', headers={"content-type": "application/json"},
    )  # fmt: skip
    assert answer.status_code in {400, 422}, answer.text
    assert answer.headers["content-type"].startswith("application/problem+json")
    told = answer.json()
    assert words in told["detail"] + told.get("step", "")


def test_a_query_without_end_is_stopped(guests: dict[str, Any]) -> None:
    answer = ask(guests["analyst"], "select count(*) from range(9999999) a, range(9999999) b")
    assert answer.status_code == 422
    assert "seconds" in answer.json()["detail"]


def test_a_wrong_body_is_told(guests: dict[str, Any]) -> None:
    for body in (
        {},
        {"sql": ""},
        {"sql": 1},
        {"sql": "select 1", "limit": 0},
        {"sql": "x", "y": 1},
    ):
        assert guests["analyst"].post("/sql", json=body).status_code == 422
    assert ask(guests["analyst"], "select '" + "x" * 100_001 + "'").status_code == 422


def test_the_schema_lists_what_a_role_sees(guests: dict[str, Any]) -> None:
    found = {role: guests[role].get("/sql/schema").json() for role in ("analyst", "manager")}
    columns = {
        role: {t["name"]: [c["name"] for c in t["columns"]] for t in each["tables"]}
        for role, each in found.items()
    }
    assert "email" in columns["manager"]["customers"]
    assert "email" not in columns["analyst"]["customers"]
    assert "customer_id" in columns["analyst"]["customers"]
    assert found["analyst"]["limits"]["rows"] == 50
    assert {"sum", "date_trunc"} <= set(found["analyst"]["functions"])
    assert "read_csv" not in found["analyst"]["functions"]
    orders = next(each for each in found["analyst"]["tables"] if each["name"] == "orders")
    assert (orders["schema"], orders["built"]) == ("curated", True)


def test_each_query_is_in_the_audit_log_without_its_values(
    guests: dict[str, Any], sql_house: House
) -> None:
    ask(guests["analyst"], "select 'very secret value' from orders limit 1")
    ask(guests["analyst"], "select 'very secret value' from nowhere")
    failed, done = sql_house.audit("sql.run")[:2]
    assert (failed.outcome, done.outcome) == ("failure", "success")
    assert done.detail["tables"] == ["orders"]
    assert "secret value" not in repr(failed) + repr(done)


def test_a_key_without_exports_takes_no_files_away(guests: dict[str, Any]) -> None:
    scopes = {"name": "reader", "scopes": ["sql:run", "tables:read"]}
    key = guests["analyst"].post("/user/api-keys", json=scopes).json()["key"]
    header = {"Authorization": f"Bearer {key}"}
    statuses = {
        form: guests["analyst"]
        .post("/sql", json={"sql": "select 1", "format": form}, headers=header)
        .status_code
        for form in ("json", "csv", "arrow")
    }
    assert statuses == {"json": 200, "csv": 403, "arrow": 403}
