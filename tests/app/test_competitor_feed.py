"""Competitors' prices sent as a file end where the shop's own feed does, once, and are told."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from omnix.app import competitor_feed
from omnix.app.analytics.errors import NotFoundError, QuestionError
from omnix.app.analytics.quality import quarantine_csv, quarantine_rows
from omnix.app.analytics.reader import Reader
from omnix.app.app import App, sample_folder
from omnix.app.competitor_feed import UPLOADED, FeedError, outcome, take_in, with_uploads
from omnix.app.competitor_uploads import find
from omnix.app.read import quarantined
from omnix.core.errors import LockedError
from omnix.sources.preset import RawTable, agreed_shape
from omnix.sources.sample import make_sample_shop
from shop import copy_home, new_home, query, run

pytestmark = pytest.mark.slow

TABLES = ("competitive_pricing", "books_balance", "data_quality")
HEAD = "product_id,competitor_name,competitor_price,observed_at,currency\n"


@pytest.fixture(scope="module")
def priced(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the small sample shop and the tables that hang on prices. Not to be changed."""
    home = new_home(tmp_path_factory.mktemp("priced") / "home")
    make_sample_shop(sample_folder(home).parent, size="small")
    assert run(home, *TABLES).failures == []
    return home


@pytest.fixture
def copied(priced: Path, tmp_path: Path) -> Path:
    """One's own copy of it."""
    return copy_home(priced, tmp_path / "home")


def feed(home: Path, *lines: str) -> bytes:
    products = query(home, "select product_id from products order by 1 limit 2", "products")
    first, second = (row["product_id"] for row in products)
    return (HEAD + "".join(f"{line}\n" for line in lines)).replace("P1", first).replace("P2", second).encode()  # fmt: skip


def new_prices(home: Path) -> list[dict]:
    return query(
        home,
        "select competitor_name, price_cents, currency, cast(observed_at as varchar) as at from competitor_prices where competitor_name like 'New%' order by all",
        "competitor_prices",
    )


def raw_count(home: Path) -> int:
    snapshot = App.open(home).lake.snapshot(f"raw/{UPLOADED}")
    return snapshot.rows if snapshot else 0


def test_a_file_stands_beside_the_shops_own_feed(copied: Path):
    before = query(copied, "select count(*) as n from competitor_prices", "competitor_prices")[0]["n"]  # fmt: skip
    content = feed(
        copied,
        "P1,New 1,12.50,2026-06-20,",
        "P2,New 2,7.00,2026-06-21 08:30,eur",
        "P1,New 3,-1,2026-06-20,",
        "nobody,New 4,5,2026-06-20,",
        "P1,New 5,5,never,",
        "P2,New 6,7,2026-06-22,",
    )
    taken = take_in(App.open(copied), content)
    assert (taken.rows, taken.accepted, taken.quarantined, taken.known) == (6, 3, 3, False)
    assert taken.run_id
    assert new_prices(copied) == [
        {"competitor_name": "New 1", "price_cents": 1_250, "currency": "EUR", "at": "2026-06-20 00:00:00"},
        {"competitor_name": "New 2", "price_cents": 700, "currency": "EUR", "at": "2026-06-21 08:30:00"},
        {"competitor_name": "New 6", "price_cents": 700, "currency": "EUR", "at": "2026-06-22 00:00:00"},
    ]  # fmt: skip
    count = query(copied, "select count(*) as n from competitor_prices", "competitor_prices")[0][
        "n"
    ]
    assert count == before + 3
    names = {r["competitor_name"] for r in query(copied, "from competitive_pricing", "competitive_pricing")}  # fmt: skip
    assert {"New 1", "New 2"} <= names
    books = query(copied, "select balanced from books_balance", "books_balance")
    assert all(row["balanced"] for row in books)

    # The same file again changes nothing; a new one adds to it; so does a run that reads the shop.
    again = take_in(App.open(copied), content)
    assert (again.accepted, again.quarantined, again.known, again.run_id) == (3, 3, True, None)
    assert raw_count(copied) == 6
    more = take_in(App.open(copied), feed(copied, "P1,New 7,3,2026-06-23,", "P1,New 1,12.50,2026-06-20,"))  # fmt: skip
    assert (more.accepted + more.quarantined + more.repeated, len(new_prices(copied))) == (2, 4)
    report = run(copied, *TABLES, full=True)
    assert report.failures == []
    assert not any(UPLOADED in note for each in report.ingested for note in each.notes)
    assert len(new_prices(copied)) == 4


def test_what_is_set_aside_of_a_file_is_found_by_its_id(copied: Path):
    app = App.open(copied)
    first = take_in(app, feed(copied, "P1,New 1,5,2026-06-20,", "P1,New 2,-1,2026-06-20,", "P2,New 3,5,soon,"))  # fmt: skip
    second = take_in(app, feed(copied, "P2,New 4,free,2026-06-21,", "P2,New 5,6,2026-06-21,"))
    assert first.upload_id != second.upload_id
    reader = Reader(app)
    found = {
        sent.upload_id: quarantine_rows(
            reader, "competitor_prices", upload=sent.upload_id, personal=True
        )["data"]
        for sent in (first, second)
    }
    names = [[row["source_row"]["competitor_name"] for row in rows] for rows in found.values()]
    assert names == [["New 2", "New 3"], ["New 4"]]
    assert all(row["rules"] for rows in found.values() for row in rows)
    listed = quarantined(app, "competitor_prices", limit=None, upload=second.upload_id).rows
    assert [row[1] for row in listed] == [row["row_id"] for row in found[second.upload_id]]
    csv = b"".join(quarantine_csv(reader, "competitor_prices", None, None, first.upload_id).chunks)
    assert b"New 2" in csv
    assert b"New 4" not in csv
    later = outcome(app, find(app, first.upload_id))
    assert replace(later, run_id=first.run_id, known=False) == first
    reader.close()


@pytest.mark.parametrize("upload", ["", "0" * 16, "%", "'; --", "0" * 64])
def test_no_upload_has_another_id(copied: Path, upload: str):
    app = App.open(copied)
    take_in(app, feed(copied, "P1,New 1,5,2026-06-20,"))
    with pytest.raises(NotFoundError, match="There is no upload"):
        find(app, upload)


def test_only_competitors_prices_come_with_uploads(copied: Path):
    with pytest.raises(QuestionError, match="Rows of orders do not come with uploads"):
        quarantined(App.open(copied), "orders", limit=None, upload="0" * 16)


def test_a_file_that_is_refused_leaves_nothing(copied: Path):
    app = App.open(copied)
    for lines, said in (
        (["P1,New,5,2026-06-20,USD2"], "'USD2'"),
        (["x,New,5,2026-06-20,", "y,New,5,2026-06-20,"], "does not have"),
        (["P1,New,5,01/02/2026,"], "Nobody can tell"),
    ):
        with pytest.raises(FeedError, match=said):
            take_in(app, feed(copied, *lines))
    assert raw_count(copied) == 0


def test_a_shop_without_a_feed_of_its_own_gets_one(copied: Path):
    (sample_folder(copied) / "competitor_prices.parquet").unlink()
    app = App.open(copied)
    app.lake.delete("raw/competitor_prices")
    assert run(copied, *TABLES, full=True).failures == []
    assert query(copied, "from competitive_pricing", "competitive_pricing") == []
    taken = take_in(app, feed(copied, "P1,New 1,12.50,2026-06-20,"))
    assert (taken.accepted, taken.quarantined) == (1, 0)
    (row,) = query(copied, "from competitive_pricing", "competitive_pricing")
    assert (row["competitor_name"], row["competitor_price_cents"]) == ("New 1", 1_250)
    assert all(row["balanced"] for row in query(copied, "from books_balance", "books_balance"))


def test_what_curation_cannot_take_is_taken_back(copied: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("OMNIX_QUALITY_LINE", "1.0")
    with pytest.raises(FeedError, match="could not be curated"):
        take_in(App.open(copied), feed(copied, "P1,New 1,-5,2026-06-20,"))
    assert raw_count(copied) == 0


def test_a_file_whose_run_was_killed_is_curated_when_it_is_sent_again(
    copied: Path, monkeypatch: pytest.MonkeyPatch
):
    content = feed(copied, "P1,New 1,12.50,2026-06-20,")
    with monkeypatch.context() as patch:
        patch.setattr(competitor_feed, "_build", killed)
        with pytest.raises(KeyboardInterrupt):
            take_in(App.open(copied), content)
    assert (raw_count(copied), new_prices(copied)) == (1, [])
    again = take_in(App.open(copied), content)
    assert (again.accepted, again.repeated, again.known) == (1, 0, False)
    assert [row["price_cents"] for row in new_prices(copied)] == [1_250]
    assert take_in(App.open(copied), content).known
    assert raw_count(copied) == 1


def killed(app: App) -> None:
    """In the middle of a file nobody else may hold the home: a run would find half of the work."""
    with pytest.raises(LockedError), app.locked("a run", wait_seconds=0):
        raise AssertionError("the home was free")
    raise KeyboardInterrupt


def test_a_mapping_without_row_numbers_gets_them():
    preset = agreed_shape({"competitor_prices": ("product_id", "competitor_name", "competitor_price", "observed_at")})  # fmt: skip
    bare = with_uploads(preset_with(preset, "select product_id, competitor_name, competitor_price, observed_at from competitor_prices"))  # fmt: skip
    assert "row_number() over () as _row" in bare.tables["competitor_prices"]
    assert bare.reads("competitor_prices") == ("competitor_prices", UPLOADED)
    assert bare.raw[UPLOADED] == RawTable(UPLOADED)


def preset_with(preset, sql):
    return replace(preset, tables={**preset.tables, "competitor_prices": sql})
