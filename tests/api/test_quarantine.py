"""Quarantine over HTTP: who may look, who may bring back, and what is refused."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from api.test_analytics import kept, problem
from omnix.api import catalog_models as models
from serving import Served, serve

CSV = {"Content-Type": "text/csv"}


def test_answers_keep_their_models(served: Served) -> None:
    counts = kept(served.get("/quarantine", "manager"), models.QuarantineCountsAnswer)["data"]
    assert counts
    for table in {each["table"] for each in counts}:
        kept(served.get(f"/quarantine/{table}?limit=5", "manager"), models.QuarantineAnswer)
    kept(served.get("/quarantine/holidays", "manager"), models.QuarantineAnswer)


def test_pages_go_on(served: Served) -> None:
    first = served.get("/quarantine/orders?limit=2", "manager").json()
    assert first["data"][0]["source_row"]
    second = served.get(f"/quarantine/orders?limit=2&cursor={first['next_cursor']}", "manager")
    assert not {r["row_id"] for r in first["data"]} & {r["row_id"] for r in second.json()["data"]}


@pytest.mark.parametrize("role", ["analyst", "customer"])
def test_analysts_and_customers_do_not_look(served: Served, role) -> None:
    for path in ("/quarantine", "/quarantine/orders"):
        problem(served.get(path, role), 403)
    problem(served.ask("POST", "/quarantine/orders/replay", role), 403)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/quarantine/nope", 404),
        ("/quarantine/sales_daily", 404),
        ("/quarantine/..%2Fcurated", 404),
        ("/quarantine/orders?severity=x", 422),
        ("/quarantine/orders?limit=0", 422),
        ("/quarantine/orders?cursor=x", 422),
        ("/quarantine/orders?format=xml", 422),
    ],
)
def test_a_wrong_question_is_told(served: Served, path, status) -> None:
    problem(served.get(path, "manager"), status)


def test_rows_are_corrected_and_come_back(copied: Path) -> None:
    with serve(copied) as own:
        path = "/quarantine/orders?format=csv&rule=the total is not negative"
        text = own.get(path, "manager")
        assert text.headers["content-type"].startswith("text/csv")
        rows = list(csv.DictReader(io.StringIO(text.text)))
        for row in rows:
            row["total_amount"] = row["total_amount"].lstrip("'-")
        out = io.StringIO()
        writer = csv.DictWriter(out, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
        done = own.ask("POST", "/quarantine/orders/replay", "manager", content=out.getvalue().encode(), headers=CSV)  # fmt: skip
        assert kept(done, models.ReplayAnswer)["replayed"] == len(rows)
        audit = own.get("/admin/audit?action=quarantine.replayed", "admin").json()["data"]
        assert audit[0]["detail"]["corrected"] == len(rows)
        with own.service.app.locked("a run", wait_seconds=0):
            problem(own.ask("POST", "/quarantine/orders/replay", "manager"), 409)


def test_rows_that_come_back_as_they_were_listed_stay_what_they_were(copied: Path) -> None:
    """Telephone numbers, which are listed with a quote; and rows that only drew a warning."""

    def listed(own: Served) -> list[dict[str, str]]:
        rows = own.get("/quarantine/customers", "manager").json()["data"]
        assert {row["severity"] for row in rows} == {"error", "warning"}
        return [
            {k: str(v).lower() for k, v in (row | (row["source_row"] or {})).items()}
            for row in rows
        ]

    with serve(copied) as own:
        before = [row | {"source_row": ""} for row in listed(own)]
        file = own.get("/quarantine/customers?format=csv", "manager").content
        assert b",'+" in file
        done = own.ask("POST", "/quarantine/customers/replay", "manager", content=file, headers=CSV)
        assert done.json()["corrected"], done.text
        assert [row | {"source_row": ""} for row in listed(own)] == before


@pytest.mark.parametrize(
    ("content", "headers", "status"),
    [
        (b"row_id\n1\n", {"Content-Type": "application/json"}, 415),
        (b"row_id\n1\n", {}, 415),
        (b"\xff\xff", CSV, 422),
        (b"nonsense\n1\n", CSV, 409),
        (b"row_id,total_amount\n99999999,1\n", CSV, 409),
    ],
)
def test_what_is_no_correction_is_refused(served: Served, content, headers, status) -> None:
    answer = served.ask("POST", "/quarantine/orders/replay", "manager", content=content, headers=headers)  # fmt: skip
    told = problem(answer, status)
    assert "/tmp" not in told["detail"]
    assert "replay-" not in told["detail"]
