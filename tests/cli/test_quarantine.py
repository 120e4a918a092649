"""`omnix quarantine replay`: rows that were set aside come back, and the books still balance."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from cli.command import omnix
from shop import query
from whole import tiny


@pytest.fixture(scope="module")
def bad(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a shop of which two orders and a line of an order are bad, and its home."""

    def spoil(source: Path) -> None:
        made = tiny.tables()
        made["orders"][2]["total_amount"] = "-16.00"
        made["orders"][3]["total_amount"] = "sixteen"
        made["order_items"][0]["order_id"] = "nowhere"
        tiny.write(source, made)

    folder = tmp_path_factory.mktemp("bad") / "spoilt"
    tiny.built(folder, spoil)
    return folder


@pytest.fixture
def spoilt(bad: Path, tmp_path: Path) -> tuple[Path, Path]:
    """One's own copy of that shop and its home."""
    return tiny.copied(bad, tmp_path / "own")


def corrected(
    home: Path, to: Path, changes: dict[str, dict[str, str]], only: list[str] | None = None
) -> Path:
    """The listing of quarantined orders with these cells changed, as a user would send it back."""
    listed = omnix(home, "quarantine", "list", "orders", "--csv").out
    rows = [row for row in csv.DictReader(io.StringIO(listed)) if row["order_id"] in changes]
    for row in rows:
        row.update(changes[row["order_id"]])
    kept = [{name: row[name] for name in only or row} for row in rows]
    to.write_text(tiny.as_csv(kept), encoding="utf-8")
    return to


def test_a_corrected_row_comes_back_with_what_hangs_on_it(
    spoilt: tuple[Path, Path], tmp_path: Path
) -> None:
    _, home = spoilt
    assert {"o2", "o3"} <= tiny.rules(home, "orders").keys()
    assert "i2-0" in tiny.rules(home, "order_items")
    file = corrected(home, tmp_path / "fix.csv", {"o2": {"total_amount": "16.00"}})
    told = omnix(home, "quarantine", "replay", "orders", "--from", file)
    assert told.code == 0, told.words
    assert "1 corrected rows taken in." in told.words
    assert "Set aside before: 2; now: 1." in told.words
    assert query(home, "select total_cents, notes from orders where order_id = 'o2'", "orders") == [
        {"total_cents": 1600, "notes": "Ring 2"}
    ]
    assert {"i2-0", "i2-1"} <= set(tiny.ids(home, "order_items", "order_item_id"))
    assert "o3" in tiny.rules(home, "orders")
    assert tiny.balanced(home)
    day = query(
        home,
        "select sum(gross_cents)::bigint as gross from sales_daily where sold_on = '2026-01-03'",
        "sales_daily",
    )
    assert day == [{"gross": 1400}]


def test_a_correction_holds_on_when_raw_is_read_anew_and_rows_have_other_numbers(
    spoilt: tuple[Path, Path], tmp_path: Path
) -> None:
    source, home = spoilt
    file = corrected(home, tmp_path / "fix.csv", {"o2": {"total_amount": "16.00"}})
    assert omnix(home, "quarantine", "replay", "orders", "--from", file).code == 0
    lines = (source / "orders.csv").read_text().splitlines()
    (source / "orders.csv").write_text("\n".join([lines[0], *reversed(lines[1:])]) + "\n")
    assert omnix(home, "run").code == 0
    kept = query(
        home, "select order_id, total_cents, notes from orders order by order_id", "orders"
    )
    assert {row["order_id"] for row in kept} == {f"o{n}" for n in range(12)} - {"o3"}
    assert all(
        row["notes"] == f"Ring {row['order_id'][1:]}" and row["total_cents"] == 1600 for row in kept
    )
    assert tiny.balanced(home)


def test_a_second_correction_of_a_row_takes_the_place_of_the_first(
    spoilt: tuple[Path, Path], tmp_path: Path
) -> None:
    _, home = spoilt
    for amount in ("-1.00", "16.00"):
        file = corrected(home, tmp_path / "fix.csv", {"o2": {"total_amount": amount}})
        assert omnix(home, "quarantine", "replay", "orders", "--from", file).code == 0
    assert "o2" in tiny.ids(home, "orders", "order_id")
    assert tiny.balanced(home)


def test_columns_that_the_file_leaves_out_stay_as_they_came(
    spoilt: tuple[Path, Path], tmp_path: Path
) -> None:
    _, home = spoilt
    file = corrected(
        home, tmp_path / "fix.csv", {"o2": {"total_amount": "16.00"}}, ["row_id", "total_amount"]
    )
    assert omnix(home, "quarantine", "replay", "orders", "--from", file).code == 0
    assert query(home, "select customer_id, notes from orders where order_id = 'o2'", "orders") == [
        {"customer_id": "c2", "notes": "Ring 2"}
    ]


def test_a_card_number_in_a_correction_stays_outside(
    spoilt: tuple[Path, Path], tmp_path: Path
) -> None:
    _, home = spoilt
    file = corrected(
        home,
        tmp_path / "fix.csv",
        {"o2": {"total_amount": "16.00", "notes": "card 4111 1111 1111 1111 cvv 123"}},
    )
    assert omnix(home, "quarantine", "replay", "orders", "--from", file).code == 0
    (row,) = query(home, "select notes from orders where order_id = 'o2'", "orders")
    assert "4111 1111 1111 1111" not in row["notes"]
    assert "1111" in row["notes"]


def test_replay_without_corrections_after_the_source_was_mended(spoilt: tuple[Path, Path]) -> None:
    source, home = spoilt
    tiny.write(source)
    assert omnix(home, "ingest").code == 0
    told = omnix(home, "quarantine", "replay")
    assert told.code == 0, told.words
    assert "now: 0." in told.words
    assert len(tiny.ids(home, "orders", "order_id")) == 12


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("order_id,total_amount\no2,16.00\n", "has no column row_id"),
        ("row_id,colour\n3,red\n", "has the column 'colour', which the table does not have"),
        ("row_id,total_amount\nthree,16.00\n", "line 2: row_id is 'three', not a number"),
        ("row_id,total_amount\n999,16.00\n", "orders has no row 999"),
        ("row_id,total_amount\n3,16.00\n3,17.00\n", "holds row_id 3 more than once"),
        ("row_id,notes\n3,Gru\u0308\u00df\n".encode("utf-16"), "is no CSV in UTF-8"),
    ],
)
def test_a_wrong_file_of_corrections_is_explained(
    spoilt: tuple[Path, Path], tmp_path: Path, text: str | bytes, words: str
) -> None:
    _, home = spoilt
    (tmp_path / "fix.csv").write_bytes(text if isinstance(text, bytes) else text.encode())
    told = omnix(home, "quarantine", "replay", "orders", "--from", tmp_path / "fix.csv")
    assert told.code == 3
    assert words in told.words
    assert "o2" in tiny.rules(home, "orders")


def test_replay_wants_a_table_and_a_file_that_exist(
    spoilt: tuple[Path, Path], tmp_path: Path
) -> None:
    _, home = spoilt
    (tmp_path / "fix.csv").write_text("row_id\n")
    assert (
        "Corrected rows belong to one table."
        in omnix(home, "quarantine", "replay", "--from", tmp_path / "fix.csv").words
    )
    assert (
        "does not exist"
        in omnix(home, "quarantine", "replay", "orders", "--from", tmp_path / "no.csv").words
    )
    told = omnix(home, "quarantine", "replay", "order")
    assert told.code == 2
    assert "Did you mean 'orders'?" in told.words
