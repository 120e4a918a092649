"""A damaged lake table: told by name with what to do; that heals it; all others go on."""

from __future__ import annotations

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


def data_file(home: Path, table: str) -> Path:
    (found,) = (home / "lake" / table).glob("*.parquet")
    return found


def garbage(home: Path, table: str) -> None:
    file = data_file(home, table)
    file.write_bytes((b"\x00garbage" * file.stat().st_size)[: file.stat().st_size])


def scratched(home: Path, table: str) -> None:
    """Its end, which tells what is in the file, is whole; the rows are not."""
    file = data_file(home, table)
    data = file.read_bytes()
    rows = len(data) - 8 - int.from_bytes(data[-8:-4], "little")
    file.write_bytes(data[:4] + b"\xff" * (rows - 4) + data[rows:])


def torn(home: Path, table: str) -> None:
    """Its end begins with garbage, though the marks of a Parquet file are there."""
    file = data_file(home, table)
    data = file.read_bytes()
    rows = len(data) - 8 - int.from_bytes(data[-8:-4], "little")
    file.write_bytes(data[:rows] + b"\xff" * 40 + data[rows + 40 :])


def cut(home: Path, table: str) -> None:
    file = data_file(home, table)
    file.write_bytes(file.read_bytes()[:-20])


def gone(home: Path, table: str) -> None:
    data_file(home, table).unlink()


def log_garbage(home: Path, table: str) -> None:
    log = home / "lake" / table / "_delta_log" / "00000000000000000000.json"
    log.write_text("{" + log.read_text()[5:])


DAMAGES = [garbage, torn, cut, gone, log_garbage]


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_curated_table_is_told_found_and_healed(
    shop: tuple[Path, Path], damage: Callable[[Path, str], None]
) -> None:
    source, home = shop
    before = query(home, "select * from order_items order by order_item_id", "order_items")
    damage(home, "curated/orders")

    told = omnix(home, "show", "orders")
    assert told.code == 4, told.words
    assert "curated/orders" in told.words
    assert "omnix run orders --full" in told.words
    assert "Traceback" not in told.words

    found = [each for each in omnix(home, "doctor", "--json").json if each["fix"]]
    assert [each["what"] for each in found] == ["lake curated/orders"], found
    assert "omnix run orders --full" in found[0]["fix"]

    # the source changes, so that what hangs on orders must be built again
    more = [
        *tiny.tables()["customers"],
        {
            "customer_id": "c9",
            "email": "c9@example.com",
            "country": "DE",
            "created_at": "2025-01-01 00:00:00",
        },
    ]
    (source / "customers.csv").write_text(tiny.as_csv(more))
    ran = omnix(home, "run")
    assert "c9" in tiny.ids(home, "customers", "customer_id")
    assert "Traceback" not in ran.words

    if damage is log_garbage:
        import shutil

        shutil.rmtree(home / "lake" / "curated" / "orders")  # as the message says
    healed = omnix(home, "run", "orders", "--full")
    assert healed.code == 0, healed.words
    assert omnix(home, "run").code == 0
    assert query(home, "select * from order_items order by order_item_id", "order_items") == before
    assert tiny.balanced(home)
    assert omnix(home, "doctor").code == 0


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_analytics_table_takes_nothing_else_down(
    shop: tuple[Path, Path], damage: Callable[[Path, str], None]
) -> None:
    _, home = shop
    damage(home, "analytics/sales_daily")
    told = omnix(home, "show", "sales_daily")
    assert told.code == 4
    assert "analytics/sales_daily" in told.words
    for command in (["tables"], ["status"], ["quality"], ["show", "orders"], ["lineage", "orders"]):
        assert omnix(home, *command).code == 0, command
    omnix(home, "run")
    if damage is log_garbage:
        import shutil

        shutil.rmtree(home / "lake" / "analytics" / "sales_daily")
    assert omnix(home, "run", "sales_daily", "--full", "--no-ingest").code == 0
    assert omnix(home, "show", "sales_daily").code == 0


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_raw_table_is_read_again(
    shop: tuple[Path, Path], damage: Callable[[Path, str], None]
) -> None:
    source, home = shop
    damage(home, "raw/orders")
    (source / "orders.csv").write_text(
        (source / "orders.csv").read_text().replace("Ring 0", "Knock")
    )
    told = omnix(home, "run")
    assert "Traceback" not in told.words
    if told.code:
        assert "raw/orders" in told.words
        if damage is log_garbage:
            import shutil

            shutil.rmtree(home / "lake" / "raw" / "orders")
        assert omnix(home, "run", "orders", "--full").code == 0
        assert omnix(home, "run").code == 0
    assert query(home, "select count(*) as n from orders where notes = 'Knock'", "orders") == [
        {"n": 1}
    ]
    assert tiny.balanced(home)


def test_a_scratch_in_the_middle_is_told_when_it_is_read(shop: tuple[Path, Path]) -> None:
    source, home = shop
    scratched(home, "curated/orders")
    scratched(home, "raw/payments")
    for table, name in (("orders", "curated/orders"), ("raw/payments", "raw/payments")):
        told = omnix(home, "show", table)
        assert told.code == 4, told.words
        assert f"{name} version 0 cannot be read: one of its files is damaged" in told.words
    tiny.write(source, tiny.tables(orders=14))
    assert omnix(home, "run").code == 0
    assert len(tiny.ids(home, "payments", "payment_id")) == 14


def test_a_run_goes_on_where_books_or_sales_cannot_be_read(shop: tuple[Path, Path]) -> None:
    source, home = shop
    tiny.write(source, tiny.tables(orders=14))
    for name in ("books_balance", "sales_daily"):
        log_garbage(home, f"analytics/{name}")
    told = omnix(home, "run")
    assert told.code == 4
    assert "books_balance failed:" in told.words
    assert "sales_daily failed:" in told.words
    assert len(tiny.ids(home, "orders", "order_id")) == 14


def test_a_damaged_run_table_or_quarantine_is_told(shop: tuple[Path, Path]) -> None:
    source, home = shop
    garbage(home, "quarantine/orders")
    garbage(home, "analytics/runs")
    for command in (["show", "runs"], ["quarantine", "list", "orders"]):
        told = omnix(home, *command)
        assert told.code == 4, told.words
        assert "is damaged" in told.words
    tiny.write(source, tiny.tables(orders=14))
    assert run(home).failures == []
    assert "quarantine/orders" not in omnix(home, "doctor").words


def test_a_run_whose_record_cannot_be_written_still_tells_what_it_built(
    shop: tuple[Path, Path],
) -> None:
    source, home = shop
    log_garbage(home, "analytics/runs")
    tiny.write(source, tiny.tables(orders=14))
    told = omnix(home, "run")
    assert told.code == 4
    assert "tables built" in told.words
    assert "upkeep failed: analytics/runs version 0 cannot be read" in told.words
    assert "Remove its folder analytics/runs/: the next run begins it anew" in told.words
    assert len(tiny.ids(home, "orders", "order_id")) == 14
