"""Scores, books and what was set aside; corrected rows come back."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.analytics.changing import publish
from omnix.app.analytics.errors import NotFoundError, QuestionError, VersionGoneError
from omnix.app.analytics.service import Analytics
from omnix.app.app import App
from omnix.app.read import quarantine_counts, quarantined
from omnix.core.errors import LockedError, MappingError


@pytest.fixture(scope="module")
def analytics(built: Path) -> Iterator[Analytics]:
    found = Analytics(App.open(built))
    yield found
    found.close()


@pytest.fixture
def own(copied: Path) -> Iterator[Analytics]:
    found = Analytics(App.open(copied))
    yield found
    found.close()


def pages(analytics: Analytics, table: str, **asked: Any) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    cursor: str | None = ""
    while cursor is not None:
        told = json.loads(analytics.quarantine_rows(table, cursor=cursor, **asked))
        rows += told["data"]
        cursor = told["next_cursor"]
    return rows


def test_scores_and_rules_are_those_of_the_tables(analytics: Analytics) -> None:
    told = json.loads(analytics.quality())
    tables = {each["table"]: each for each in told["tables"]}
    (orders,) = [each for name, each in tables.items() if name == "orders"]
    assert orders["line"] == 0.7
    assert orders["blocked"] is False
    assert 0.9 < orders["score"] <= 1
    aside = sum(rule["rows"] for rule in orders["rules"] if rule["severity"] == "error")
    assert aside == orders["rows_quarantined"]
    for rule in orders["rules"]:
        assert rule["share"] == pytest.approx(rule["rows"] / orders["rows_mapped"], abs=1e-6)
    assert told["provenance"][0]["table"] == "data_quality"


def test_the_books_balance_and_say_when_not(own: Analytics) -> None:
    told = json.loads(own.books())
    assert told["balanced"] is True
    assert all(row["balanced"] for row in told["rows"])
    publish(own.app, "books_balance", "select * replace (table_name <> 'orders' as balanced) from shown")  # fmt: skip
    told = json.loads(own.books())
    assert told["balanced"] is False
    assert not told["rows"][0]["balanced"]
    own.app.lake.delete("analytics/books_balance")
    assert json.loads(own.books())["balanced"] is None


def test_counts_and_rows_are_those_of_the_lake(analytics: Analytics) -> None:
    counts = json.loads(analytics.quarantine_counts())["data"]
    twin = quarantine_counts(analytics.app).rows
    assert [tuple(row.values()) for row in counts] == twin
    assert list(counts[0]) == ["table", "severity", "rule", "rows", "money_cents"]
    everything = quarantined(analytics.app, None, limit=None).rows
    for table in {row["table"] for row in counts}:
        found = pages(analytics, table, limit=3)
        twin = [row for row in everything if row[0] == table]
        assert len(found) == len(twin) == sum(c["rows"] for c in counts if c["table"] == table)
        assert sorted(str(row["row_key"]) for row in found) == sorted(str(row[2]) for row in twin)


def test_rows_as_they_came_are_shown_only_to_whom_it_is_allowed(analytics: Analytics) -> None:
    assert all(row["source_row"] is None for row in pages(analytics, "customers"))
    shown = pages(analytics, "customers", severity="error", personal=True)
    assert all("email" in row["source_row"] for row in shown)


def test_rows_are_chosen_by_severity_and_rule(analytics: Analytics) -> None:
    warned = pages(analytics, "orders", severity="warning")
    assert warned
    assert {row["severity"] for row in warned} == {"warning"}
    rule = "a newer row has the same key"
    assert {row["rules"] for row in pages(analytics, "orders", rule=rule)} >= {rule}
    assert pages(analytics, "orders", rule="'; drop table x; --") == []


@pytest.mark.parametrize(
    ("table", "asked", "error"),
    [
        ("nobody", {}, NotFoundError),
        ("sales_daily", {}, NotFoundError),
        ("../orders", {}, NotFoundError),
        ("", {}, NotFoundError),
        ("orders", {"severity": "fatal"}, QuestionError),
        ("orders", {"limit": 0}, QuestionError),
        ("orders", {"limit": 1_001}, QuestionError),
        ("orders", {"cursor": "x"}, QuestionError),
    ],
)
def test_a_wrong_question_is_refused(analytics, table, asked, error) -> None:
    with pytest.raises(error):
        analytics.quarantine_rows(table, **asked)


def test_a_cursor_belongs_to_its_table_and_version(own: Analytics) -> None:
    cursor = json.loads(own.quarantine_rows("orders", limit=1))["next_cursor"]
    with pytest.raises(QuestionError, match="another question"):
        own.quarantine_rows("customers", limit=1, cursor=cursor)
    own.replay("orders", b"")
    own.app.lake.vacuum("quarantine/orders", keep_versions=1, older_than=None)
    with pytest.raises(VersionGoneError):
        own.quarantine_rows("orders", limit=1, cursor=cursor)


def test_a_corrected_row_comes_back(own: Analytics) -> None:
    made = own.quarantine_csv("orders", "error", "the total is not negative")
    text = b"".join(made.chunks).decode()
    rows = list(csv.DictReader(io.StringIO(text)))
    assert rows
    assert made.rows == len(rows)
    before = len(pages(own, "orders", severity="error"))
    for row in rows:
        row["total_amount"] = row["total_amount"].lstrip("'-")
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    done = own.replay("orders", out.getvalue().encode())
    assert done["corrected"] == len(rows)
    assert done["replayed"] == len(rows)
    assert done["still_quarantined"] == before - len(rows)
    assert done["failed"] == []
    assert len(pages(own, "orders", severity="error")) == before - len(rows)
    assert list((own.app.settings.home / "cache").glob("replay-*")) == []


@pytest.fixture(params=[131_072, 2**31 - 1])
def limit_of_python(request) -> Iterator[None]:
    """How long a cell may be for the whole process: reading a shop's files raises it."""
    before = csv.field_size_limit(request.param)
    yield
    csv.field_size_limit(before)


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (b"\xff\xfe", QuestionError),
        (b"row_id,total_amount\n1", QuestionError),
        (b'row_id\n"1', QuestionError),
        (b"row_id\n1\0", QuestionError),
        (b"total_amount\n1\n", MappingError),
        (b"row_id,nonsense\n1,2\n", MappingError),
        (b"row_id,total_amount\nx,2\n", MappingError),
        (b"row_id,total_amount\n1,2\n1,3\n", MappingError),
        (b"row_id,total_amount\n99999999,2\n", MappingError),
        (b"row_id,total_amount\n" + b"9" * 50 + b",2\n", MappingError),
        (b"row_id\n" + b"x" * 200_000 + b"\n", QuestionError),
    ],
)
@pytest.mark.usefixtures("limit_of_python")
def test_what_is_no_correction_is_refused_without_a_trace(own, body, error) -> None:
    version = own.app.lake.snapshot("curated/orders").version
    with pytest.raises(error) as told:
        own.replay("orders", body)
    assert str(own.app.settings.home) not in str(told.value)
    assert own.app.lake.snapshot("curated/orders").version == version
    assert own.app.lake.snapshot("corrections/orders") is None
    assert list((own.app.settings.home / "cache").glob("replay-*")) == []


def test_a_replay_does_not_wait_for_a_run(own: Analytics) -> None:
    with own.app.locked("a run", wait_seconds=0), pytest.raises(LockedError):
        own.replay("orders", b"")
    with pytest.raises(NotFoundError):
        own.replay("sales_daily", b"")
