"""The commands that read: in words, as JSON whose field names programs rely on, and as CSV."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from cli.command import omnix
from omnix.app.app import App
from omnix.pipeline.graph import all_tables
from shop import query

#: What programs rely on. A name may be added; none may go or change.
FIELDS = {
    "tables": {"table", "layer", "system", "about", "rows", "version", "built_at", "empty_because", "error"},
    "status": {"home", "source", "last_run", "tables", "books_balance", "card_data"},
    "history": {"version", "at", "operation", "rows", "metadata"},
    "lineage": {"table", "about", "inputs", "raw", "columns", "read_by"},
    "quality": {"tables", "rules"},
    "doctor": {"what", "found", "fix"},
    "quarantine": {"table_name", "row_id", "row_key", "severity", "rules", "money_cents", "source_row"},
    "finding": {"table", "column", "kind", "action", "rows", "evidence"},
}  # fmt: skip


def test_tables_lists_every_table_with_its_rows(built: Path) -> None:
    told = omnix(built, "tables", "--json")
    assert told.code == 0
    assert [row["table"] for row in told.json] == list(all_tables())
    assert all(row.keys() == FIELDS["tables"] for row in told.json)
    rows = {row["table"]: row["rows"] for row in told.json}
    assert rows["orders"] == query(built, "select count(*) as n from orders", "orders")[0]["n"]
    assert all(row["built_at"].endswith("Z") and "T" in row["built_at"] for row in told.json)
    words = omnix(built, "tables").words
    assert "order, in whatever state it is." in words
    assert f"{rows['orders']:,}" in words


def test_tables_of_a_home_that_never_ran_are_all_there_and_never_built(tmp_path: Path) -> None:
    from shop import new_home

    home = new_home(tmp_path / "home")
    assert all(row["version"] is None for row in omnix(home, "tables", "--json").json)
    assert "never" in omnix(home, "tables").words


@pytest.mark.parametrize(
    "table",
    [
        "sales_daily",
        "runs",
        "raw/orders",
        "quarantine",
        "curations",
        "ingests",
        "quarantine/orders",
    ],
)
def test_show_takes_every_kind_of_name(built: Path, table: str) -> None:
    told = omnix(built, "show", table, "--limit", 3, "--json")
    assert told.code == 0, told.err
    assert len(told.json) == 3
    rows = csv.DictReader(io.StringIO(omnix(built, "show", table, "--limit", 3, "--csv").out))
    assert rows.fieldnames == list(told.json[0])


def test_show_in_words_says_when_there_is_more(built: Path) -> None:
    assert (
        "The first 2 rows; `--limit 0` shows all."
        in omnix(built, "show", "categories", "--limit", 2).words
    )
    everything = omnix(built, "show", "categories", "--limit", 0)
    assert "--limit 0" not in everything.words
    assert len(omnix(built, "show", "categories", "--limit", 0, "--json").json) == 40


def test_show_in_json_has_the_contracts_columns_and_iso_times(built: Path) -> None:
    first = omnix(built, "show", "orders", "--limit", 1, "--json").json[0]
    assert list(first) == list(all_tables()["orders"].columns)
    assert first["ordered_at"].endswith("Z")
    assert isinstance(first["total_cents"], int)


def test_show_refuses_what_excludes_itself(built: Path) -> None:
    told = omnix(built, "show", "orders", "--json", "--csv")
    assert (told.code, told.out) == (1, "")
    assert "exclude each other" in told.err


def test_show_refuses_a_negative_limit(built: Path) -> None:
    assert omnix(built, "show", "orders", "--limit", -1).code == 2


@pytest.mark.parametrize("command", ["show", "lineage", "history"])
def test_an_unknown_table_names_the_nearest(built: Path, command: str) -> None:
    told = omnix(built, command, "sales_dayly")
    assert told.code == 2
    assert "There is no table 'sales_dayly'. Did you mean 'sales_daily'?" in told.words


def test_an_unknown_version_names_the_newest(built: Path) -> None:
    told = omnix(built, "show", "orders", "--version", 7)
    assert told.code == 4
    assert (
        "curated/orders has no version 7; its newest is 0. `omnix history orders` lists them."
        in told.words
    )


def test_a_table_that_was_never_built_says_what_builds_it(tmp_path: Path) -> None:
    from shop import new_home

    home = new_home(tmp_path / "home")
    for command in (["show", "orders"], ["history", "orders"], ["quality"]):
        told = omnix(home, *command)
        assert told.code == 4, command
        assert "was never built. `omnix run" in told.words
    assert "Nothing was curated yet" in omnix(home, "quarantine", "list").words


def test_a_cell_that_a_spreadsheet_would_run_is_made_safe(
    capsys: pytest.CaptureFixture[str],
) -> None:
    from omnix.cli.output import emit_csv

    emit_csv(["a", "b"], [["=1+1", -5], ["@x", "+49 30"], ["-", "plain"], ["\tx", None]])
    assert list(csv.reader(io.StringIO(capsys.readouterr().out))) == [
        ["a", "b"], ["'=1+1", "-5"], ["'@x", "'+49 30"], ["'-", "plain"], ["'\tx", ""],
    ]  # fmt: skip


def test_json_keeps_decimals_dates_and_moments(capsys: pytest.CaptureFixture[str]) -> None:
    from datetime import UTC, date, datetime, timedelta, timezone
    from decimal import Decimal

    from omnix.cli.output import emit_json

    east = timezone(timedelta(hours=2))
    emit_json(
        [
            Decimal("1.10"),
            date(2026, 1, 2),
            datetime(2026, 1, 2, 3),
            datetime(2026, 1, 2, 5, tzinfo=east),
            datetime(2026, 1, 2, 3, tzinfo=UTC),
        ]
    )
    assert json.loads(capsys.readouterr().out) == [
        "1.10",
        "2026-01-02",
        *["2026-01-02T03:00:00Z"] * 3,
    ]


def test_lineage_goes_down_to_raw_and_up_to_the_readers(built: Path) -> None:
    told = omnix(built, "lineage", "sales_daily", "--json").json
    assert told.keys() == FIELDS["lineage"]
    assert told["columns"].keys() == all_tables()["sales_daily"].columns.keys()
    assert "refunds.amount_cents" in told["columns"]["refund_cents"]
    assert "sales_daily" in omnix(built, "lineage", "orders", "--json").json["read_by"]
    words = omnix(built, "lineage", "sales_daily").words
    assert "raw/order_items (version 0)" in words
    assert omnix(built, "lineage", "orders", "--json").json["columns"]["total_cents"] == [
        "mapped total_amount"
    ]


def test_history_tells_versions_runs_and_inputs(built: Path) -> None:
    told = omnix(built, "history", "orders", "--json").json
    assert told[0].keys() == FIELDS["history"]
    assert [each["version"] for each in told] == [0]
    assert json.loads(told[0]["metadata"]["omnix.inputs"])["raw/orders"] == 0
    assert told[0]["metadata"]["omnix.run_id"] in omnix(built, "history", "orders").words
    assert omnix(built, "history", "raw/orders", "--json").json[0]["version"] == 0


def test_quality_tells_scores_and_rules(built: Path) -> None:
    told = omnix(built, "quality", "--json").json
    assert told.keys() == FIELDS["quality"]
    scores = {row["table_name"]: row["score"] for row in told["tables"]}
    assert 0.9 < scores["orders"] < 1
    assert {"table_name", "severity", "rules", "rows", "money_cents"} == told["rules"][0].keys()
    words = omnix(built, "quality").words
    assert "What rows broke" in words
    assert "the order was not placed in the future" in words


def test_status_tells_source_run_books_and_cards(built: Path) -> None:
    told = omnix(built, "status", "--json").json
    assert told.keys() == FIELDS["status"]
    assert told["source"] == {"kind": "sample", "location": "small", "mapping": "agreed_shape"}
    assert told["last_run"].keys() == {"run_id", "started_at", "ended_at", "failed"}
    assert told["tables"].keys() == {"built", "all", "rows"}
    assert told["books_balance"] is True
    assert all(each.keys() == FIELDS["finding"] for each in told["card_data"])
    words = omnix(built, "status").words
    assert "Books in balance" in words
    assert "Cards found in 2 columns and taken out at the door" in words


def test_doctor_finds_nothing_wrong_in_a_good_home(built: Path) -> None:
    told = omnix(built, "doctor", "--json")
    assert [each for each in told.json if each["fix"]] == []
    assert told.code == 0
    assert all(each.keys() == FIELDS["doctor"] for each in told.json)
    assert {
        "home folder",
        "disk",
        "card key",
        "source",
        "mapping",
        "lake",
        "books",
        "audit log",
    } == {each["what"] for each in told.json}
    assert "✓ books: every row and cent accounted for" in omnix(built, "doctor").words


def test_quarantine_lists_rows_with_their_rules_in_words(built: Path) -> None:
    told = omnix(built, "quarantine", "list", "orders", "--limit", 0, "--json").json
    assert all(row.keys() == FIELDS["quarantine"] for row in told)
    assert {row["severity"] for row in told} == {"error"}
    assert any(row["rules"] == "the total is not negative" for row in told)
    assert len(omnix(built, "quarantine", "list", "--limit", 5, "--json").json) == 5
    warned = omnix(built, "quarantine", "list", "--warnings", "--limit", 0, "--json").json
    assert {row["severity"] for row in warned} == {"warning"}
    assert (
        "After a fix: omnix quarantine replay" in omnix(built, "quarantine", "list", "orders").words
    )


def test_quarantine_as_csv_has_the_sources_own_columns(built: Path) -> None:
    rows = list(
        csv.DictReader(io.StringIO(omnix(built, "quarantine", "list", "orders", "--csv").out))
    )
    assert list(rows[0])[:4] == ["row_id", "rules", "order_id", "customer_id"]
    assert not [name for name in rows[0] if name.startswith("_")]
    told = omnix(built, "quarantine", "list", "--csv")
    assert told.code == 1
    assert "Name it: `omnix quarantine list orders --csv`." in told.words


def test_quarantine_of_an_unknown_table_names_the_nearest(built: Path) -> None:
    told = omnix(built, "quarantine", "list", "order")
    assert told.code == 2
    assert "Did you mean 'orders'?" in told.words


def test_what_reads_writes_nothing(built: Path) -> None:
    """Reading needs no lock, makes no version, and leaves no file of its own in the lake."""
    before = {path for path in (built / "lake").rglob("*") if path.is_file()}
    with App.open(built).locked("something else", wait_seconds=0):
        for command in (
            ["tables"],
            ["status"],
            ["doctor"],
            ["quality"],
            ["show", "orders"],
            ["history", "orders"],
        ):
            assert omnix(built, *command).code == 0, command
    assert {path for path in (built / "lake").rglob("*") if path.is_file()} == before
