"""A table that fails or is too bad: told, its last good version kept, all others built."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from cli.command import omnix
from omnix.pipeline import building, curating, runner
from omnix.pipeline.graph import all_tables, built_in
from shop import query
from whole import tiny


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the tiny shop and its built home. Copied, never changed."""
    folder = tmp_path_factory.mktemp("good") / "shop"
    tiny.built(folder)
    return folder


@pytest.fixture
def shop(good: Path, tmp_path: Path) -> tuple[Path, Path]:
    """One's own copy of shop and home; the shop has changed since it was built."""
    source, home = tiny.copied(good, tmp_path / "own")
    tiny.write(source, tiny.tables(orders=14))
    return source, home


def outcomes(home: Path) -> dict[str, tuple[str, str | None]]:
    """What the run table tells of the last run."""
    rows = omnix(home, "show", "runs", "--limit", 0, "--json").json
    last = max(row["started_at"] for row in rows)
    return {
        row["table_name"]: (row["outcome"], row["message"])
        for row in rows
        if row["started_at"] == last
    }


def test_a_bug_in_one_table_takes_down_only_what_reads_it(
    shop: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, home = shop
    real = curating.curate

    def curate(work, table, **options):
        if table.name == "orders":
            raise ZeroDivisionError("by nought")
        return real(work, table, **options)

    monkeypatch.setattr(runner, "curate", curate)
    before = len(tiny.ids(home, "order_items", "order_item_id"))
    told = omnix(home, "run")
    assert told.code == 1
    assert "orders failed: orders: ZeroDivisionError: by nought Please report this." in told.words
    found = outcomes(home)
    hanging = {
        name
        for name in built_in().downstream("orders")
        if not {"curations", "ingests"} & set(all_tables()[name].inputs)
    }
    assert {name for name, (result, _) in found.items() if result == "skipped"} == hanging
    assert found["order_items"] == ("skipped", "orders did not succeed")
    assert found["orders"][0] == "failed"
    assert {
        found[name][0] for name in ("customers", "products", "data_quality", "books_balance")
    } <= {"built", "unchanged"}
    assert len(tiny.ids(home, "order_items", "order_item_id")) == before
    assert {
        each["table"] for each in omnix(home, "status", "--json").json["last_run"]["failed"]
    } == hanging | {"orders"}

    monkeypatch.undo()
    assert omnix(home, "run").code == 0
    assert len(tiny.ids(home, "orders", "order_id")) == 14
    assert tiny.balanced(home)


def test_a_table_that_breaks_its_contract_is_not_published(
    shop: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, home = shop
    real = all_tables()["sales_daily"]
    lying = replace(real, checks={"nothing was ever sold": "gross_cents = 0"})
    monkeypatch.setattr(
        runner,
        "build",
        lambda work, table, **more: building.build(
            work, lying if table.name == "sales_daily" else table, **more
        ),
    )
    before = query(home, "select sum(gross_cents)::bigint as gross from sales_daily", "sales_daily")
    told = omnix(home, "run", "--json")
    assert told.code == 1
    (failed,) = [each for each in told.json["tables"] if each["outcome"] == "failed"]
    assert failed["table"] == "sales_daily"
    assert "sales_daily breaks its contract:" in failed["message"]
    assert "nothing was ever sold" in failed["message"]
    assert "the last good version stays" in failed["message"]
    assert (
        query(home, "select sum(gross_cents)::bigint as gross from sales_daily", "sales_daily")
        == before
    )
    assert len(tiny.ids(home, "customer_features", "customer_id")) == 4


def test_a_table_below_the_line_keeps_its_last_good_version_and_says_why(
    shop: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    source, home = shop
    made = tiny.tables(orders=14)
    for row in made["orders"][:9]:
        row["total_amount"] = "-16.00"
    tiny.write(source, made)
    monkeypatch.setenv("OMNIX_QUALITY_LINE", "0.95")
    told = omnix(home, "run")
    assert told.code == 1
    assert "orders blocked: orders has the quality" in told.words
    assert "0.95 is asked for. 9 rows: the total is not negative." in told.words
    assert len(tiny.ids(home, "orders", "order_id")) == 12
    assert outcomes(home)["orders"][0] == "blocked"
    assert outcomes(home)["sales_daily"][0] == "skipped"

    monkeypatch.setenv("OMNIX_QUALITY_BLOCKS", "false")
    assert omnix(home, "run").code == 0
    assert len(tiny.ids(home, "orders", "order_id")) == 5
    assert tiny.balanced(home)


def test_what_can_pass_by_itself_is_tried_again(
    shop: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    from tenacity import nap

    from omnix.core.errors import LakeUnavailable

    _, home = shop
    monkeypatch.setattr(
        nap, "time", type("Clock", (), {"sleep": staticmethod(lambda _seconds: None)})
    )
    tries: dict[str, int] = {}
    real = curating.curate

    def curate(work, table, **options):
        tries[table.name] = tries.get(table.name, 0) + 1
        if table.name == "customers" and tries["customers"] < 3:
            raise LakeUnavailable("The store does not answer.", "Wait.")
        return real(work, table, **options)

    monkeypatch.setattr(runner, "curate", curate)
    assert omnix(home, "run").code == 0
    assert (tries["customers"], tries["orders"]) == (3, 1)


def test_red_books_are_loud(shop: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    """Two rows lost between raw and the mapping: told with their money and numbers, exit code 6."""
    _, home = shop
    from omnix.sources import preset

    real = preset._identity
    monkeypatch.setattr(
        preset, "_identity",
        lambda name, agreed, columns: real(name, agreed, columns) + (" where order_id not in ('o3', 'o13')" if agreed == "orders" else ""),
    )  # fmt: skip
    told = omnix(home, "run", "books_balance")
    assert told.code == 6
    assert (
        "The books do not balance: raw to mapped, orders: 2 rows, 32.00 in money. Raw rows 4, 14."
        in told.words
    )
    books = [each for each in omnix(home, "doctor", "--json").json if each["what"] == "books"]
    assert books[0]["fix"]
    assert omnix(home, "status", "--json").json["books_balance"] is False
    (red,) = omnix(home, "run", "orders", "--json").json["books_out_of_balance"]
    assert (red["table_name"], red["differing_rows"]) == ("orders", "4, 14")
