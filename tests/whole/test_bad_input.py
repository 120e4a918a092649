"""One bad file among good ones, through `omnix run`: told in words, nothing lost, the rest goes on."""

from __future__ import annotations

import gzip
import io
from collections.abc import Callable
from pathlib import Path

import pytest

from cli.command import omnix
from shop import query, run
from whole import tiny


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the tiny shop and its built home. Copied, never changed."""
    folder = tmp_path_factory.mktemp("good") / "shop"
    tiny.built(folder)
    return folder


@pytest.fixture
def shop(good: Path, tmp_path: Path) -> tuple[Path, Path]:
    """One's own copy of shop and home."""
    return tiny.copied(good, tmp_path / "own")


def parquet_cut_short(source: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    text = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(tiny.tables()["orders"]), text)
    (source / "orders.csv").unlink()
    (source / "orders.parquet").write_bytes(text.getvalue()[:-200])


def gzip_cut_short(source: Path) -> None:
    packed = gzip.compress((source / "orders.csv").read_bytes())
    (source / "orders.csv").unlink()
    (source / "orders.csv.gz").write_bytes(packed[: len(packed) // 2])


def no_longer_text(source: Path) -> None:
    (source / "orders.csv").write_bytes(bytes(range(256)) * 40)


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (parquet_cut_short, "orders.parquet"),
        (gzip_cut_short, "orders.csv.gz"),
        (no_longer_text, "orders.csv"),
    ],
)
def test_a_broken_file_is_named_and_the_last_good_version_stays(
    shop: tuple[Path, Path], spoil: Callable[[Path], None], words: str
) -> None:
    source, home = shop
    before = tiny.ids(home, "orders", "order_id")
    more = tiny.tables()["customers"] + [
        {
            "customer_id": "c9",
            "email": "c9@example.com",
            "country": "DE",
            "created_at": "2025-01-01 00:00:00",
        }
    ]
    (source / "customers.csv").write_text(tiny.as_csv(more))
    spoil(source)
    told = omnix(home, "run")
    assert told.code == 3, told.words
    assert words in told.words
    assert "orders failed:" in told.words
    assert "Traceback" not in told.words
    assert tiny.ids(home, "orders", "order_id") == before
    assert "c9" in tiny.ids(home, "customers", "customer_id")
    assert omnix(home, "show", "orders", "--limit", 0).code == 0
    assert tiny.balanced(home)


def test_after_the_file_is_mended_the_next_run_goes_on(shop: tuple[Path, Path]) -> None:
    source, home = shop
    good = (source / "orders.csv").read_text()
    no_longer_text(source)
    assert omnix(home, "run").code == 3
    (source / "orders.csv").write_text(good.replace("delivered", "shipped", 1))
    assert omnix(home, "run").code == 0
    assert query(home, "select count(*) as n from orders where status = 'shipped'", "orders") == [
        {"n": 1}
    ]


def test_an_empty_file_is_told_and_takes_nothing_away(shop: tuple[Path, Path]) -> None:
    source, home = shop
    (source / "orders.csv").write_text("")
    told = omnix(home, "run")
    assert told.code == 3, told.words
    assert "orders.csv" in told.words
    assert "is empty" in told.words
    assert len(tiny.ids(home, "orders", "order_id")) == 12


def test_another_delimiter_is_found(shop: tuple[Path, Path]) -> None:
    source, home = shop
    before = query(home, "select * from orders order by order_id", "orders")
    (source / "orders.csv").write_text(tiny.as_csv(tiny.tables()["orders"], delimiter=";"))
    assert omnix(home, "run").code == 0
    assert query(home, "select * from orders order by order_id", "orders") == before


def test_a_renamed_key_is_told_by_name_and_nothing_is_lost(shop: tuple[Path, Path]) -> None:
    source, home = shop
    text = (source / "orders.csv").read_text()
    (source / "orders.csv").write_text(text.replace("order_id", "order_number", 1))
    told = omnix(home, "run")
    assert told.code == 3, told.words
    assert "order_id" in told.words
    assert len(tiny.ids(home, "orders", "order_id")) == 12
    assert len(tiny.ids(home, "customers", "customer_id")) == 4


def test_an_extra_column_does_no_harm(shop: tuple[Path, Path]) -> None:
    source, home = shop
    rows = [{**row, "loyalty": "gold"} for row in tiny.tables()["orders"]]
    (source / "orders.csv").write_text(tiny.as_csv(rows))
    assert omnix(home, "run").code == 0
    assert len(tiny.ids(home, "orders", "order_id")) == 12
    assert query(home, "select count(*) as n from orders where notes = 'Ring 3'", "orders") == [
        {"n": 1}
    ]
    assert omnix(home, "show", "raw/orders", "--limit", 1, "--json").json[0]["loyalty"] == "gold"


AMOUNTS = ("1,234.50", "1.234,50", "1 234.50", "1'234.50", "1234.50 EUR")


@pytest.fixture(scope="module")
def dirty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built home of a shop with many kinds of bad rows, each in a row of its own."""

    def spoil(source: Path) -> None:
        made = tiny.tables()
        orders, items = made["orders"], made["order_items"]
        orders[1]["total_amount"] = "sixteen"
        orders[2]["total_amount"] = "n/a"
        for order, written in zip(
            orders[3:6], ("2026-01-31 10:00:00", "31/01/2026", "Jan 31, 2026"), strict=True
        ):
            order["order_date"] = written
        orders.insert(
            0, {**orders[6], "updated_at": "2026-03-01 00:00:00", "order_status": "cancelled"}
        )
        for order in orders:
            del order["tax_amount"]
            order["total_amount"] = order["total_amount"].replace("16.00", "14.00")
        items[0].update(unit_price="-4.50", total_amount="-9.00")
        items[1].update(unit_price="0.00", total_amount="0.00")
        items[14]["order_id"] = "nowhere"
        made["products"][2]["price"] = "-2.00"
        tiny.write(source, made)
        (source / "refunds.csv").write_text("refund_id,order_id,kind,amount,currency,refunded_at\n")

    return tiny.built(tmp_path_factory.mktemp("dirty"), spoil)[1]


def test_all_that_is_bad_leaves_the_books_in_balance(dirty: Path) -> None:
    assert tiny.balanced(dirty)
    assert omnix(dirty, "run").code == 0


def test_a_header_alone_is_a_table_without_rows(dirty: Path) -> None:
    assert tiny.ids(dirty, "refunds", "refund_id") == []


def test_a_missing_column_empties_what_hangs_on_it_only(dirty: Path) -> None:
    (found,) = query(
        dirty,
        "select count(*) as n, count(tax_cents) as tax, sum(tax_cents) as sum from orders",
        "orders",
    )
    assert found["n"] > 8
    assert not found["sum"]


def test_a_type_that_changes_half_way_sets_aside_only_those_rows(dirty: Path) -> None:
    told = tiny.rules(dirty, "orders")
    assert "total_amount cannot be read as an amount of money" in told["o1"]
    assert "total_amount" in told["o2"]
    assert not {"o0", "o3", "o7", "o8"} & told.keys()


def test_dates_in_three_formats_are_read_or_set_aside_never_guessed(dirty: Path) -> None:
    days = query(dirty, "select order_id, ordered_on::varchar as day from orders", "orders")
    read = {row["order_id"]: row["day"] for row in days}
    told = tiny.rules(dirty, "orders")
    for key in ("o3", "o4", "o5"):
        assert read.get(key) == "2026-01-31" or "order_date cannot be read" in told[key], key
    assert read["o3"] == "2026-01-31"


def test_negative_and_zero_prices(dirty: Path) -> None:
    kept, told = tiny.ids(dirty, "order_items", "order_item_id"), tiny.rules(dirty, "order_items")
    assert "i0-0" not in kept
    assert "negative" in told["i0-0"]
    assert "i0-1" in kept  # what is given away has been sold
    assert "negative" in tiny.rules(dirty, "products")["p2"]


def test_of_two_rows_with_one_key_the_newer_stays(dirty: Path) -> None:
    told = query(dirty, "select status from orders where order_id = 'o6'", "orders")
    assert told == [{"status": "cancelled"}]
    assert tiny.rules(dirty, "orders")["o6"] == "a newer row has the same key"


def test_a_reference_to_nothing_is_told(dirty: Path) -> None:
    assert tiny.rules(dirty, "order_items")["i7-0"] == "order_id is in orders"


@pytest.mark.parametrize("written", AMOUNTS)
def test_thousands_separators_are_read_or_set_aside_never_misread(
    tmp_path: Path, written: str
) -> None:
    source = tiny.write(tmp_path / "shop")
    rows = [{**row, "amount": written} for row in tiny.tables()["payments"]]
    (source / "payments.csv").write_text(tiny.as_csv(rows))
    home = tiny.home_of(source, tmp_path / "home")
    run(home, "payments", "books_balance")
    paid = [
        row["paid"] for row in query(home, "select amount_cents as paid from payments", "payments")
    ]
    assert set(paid) <= {123450}
    aside = [each for each in tiny.rules(home, "payments").values() if "amount" in each]
    assert len(paid) + len(aside) == 12
    assert tiny.balanced(home)


def test_a_folder_that_went_away_leaves_the_lake_as_it_was(shop: tuple[Path, Path]) -> None:
    source, home = shop
    source.rename(source.with_name("moved"))
    versions = omnix(home, "tables", "--json").json
    told = omnix(home, "run")
    assert told.code == 3
    assert str(source) in told.words
    assert omnix(home, "tables", "--json").json == versions
    assert any(
        each["what"] == "source" and each["fix"] for each in omnix(home, "doctor", "--json").json
    )


def test_a_table_that_went_away_keeps_its_last_good_version(shop: tuple[Path, Path]) -> None:
    source, home = shop
    (source / "refunds.csv").unlink()
    told = run(home)
    assert [each.table for each in told.failures] == []
    assert len(tiny.ids(home, "refunds", "refund_id")) == 3
