"""What a file of competitors' prices may be, and what it is told when it is not."""

from __future__ import annotations

import tracemalloc
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from omnix.app.competitor_file import MOST_BYTES, MOST_ROWS, FeedError, Known, read_feed

KNOWN = Known({"p1", "p2"}, {"EUR"}, date(2026, 7, 1))
HEAD = "product_id,competitor_name,competitor_price,observed_at"
REAL = Path(__file__).parents[3] / "shared" / "data" / "competitor_prices" / "retail_price.csv"


def read(*lines: str, head: str = HEAD, **given):
    return read_feed("\n".join([head, *lines]).encode(), KNOWN, **given)


def refused(*lines: str, head: str = HEAD, **given) -> FeedError:
    with pytest.raises(FeedError) as caught:
        read(*lines, head=head, **given)
    assert caught.value.step
    assert caught.value.errors[0]["message"] == caught.value.what
    return caught.value


def test_a_plain_file_is_read_as_it_is():
    assert read("p1,Rival,12.50,2026-06-01") == [
        {"product_id": "p1", "competitor_name": "Rival", "competitor_price": "12.50", "observed_at": "2026-06-01", "currency": ""}
    ]  # fmt: skip


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_columns_come_in_any_order_and_with_any_mark(mark):
    head = mark.join(
        ["Observed_At", "currency", "product_id", "competitor_price", "competitor_name"]
    )
    (row,) = read(mark.join(["2026-06-01 08:00", "eur", "p1", "9", "Rival"]), head=f"\ufeff{head}")
    assert row["product_id"] == "p1"
    assert row["currency"] == "EUR"


@pytest.mark.parametrize(
    ("written", "meant"),
    [("12.5", "12.5"), ('"12,50"', "12.50"), ('"1.234,50"', "1234.50"), ('"1,234.50"', "1234.50"), ('"1,234"', "1234"),
     ("-5", "-5"), ("free", "free"), ("", "")],
)  # fmt: skip
def test_prices_get_a_decimal_point_and_odd_ones_stay(written, meant):
    assert read(f"p1,Rival,{written},2026-06-01")[0]["competitor_price"] == meant


def test_dates_follow_the_hand_that_the_file_shows():
    days = read("p1,R,1,13/05/2026", "p1,R,1,02/05/2026 10:30", "p1,R,1,1/2/26")
    assert [row["observed_at"] for row in days] == ["2026-05-13", "2026-05-02 10:30", "2026-02-01"]
    months = read("p1,R,1,05/13/2026", "p1,R,1,05/02/2026")
    assert [row["observed_at"] for row in months] == ["2026-05-13", "2026-05-02"]


def test_dots_put_the_day_first():
    assert read("p1,R,1,02.05.2026")[0]["observed_at"] == "2026-05-02"


@pytest.mark.parametrize(("day_first", "meant"), [(True, "2026-05-01"), (False, "2026-01-05")])
def test_what_the_file_does_not_show_may_be_said(day_first, meant):
    assert read("p1,R,1,01/05/2026", day_first=day_first)[0]["observed_at"] == meant


def test_dates_that_nobody_can_tell_are_refused():
    error = refused("p1,R,1,01/05/2026")
    assert "Nobody can tell the day from the month in 01/05/2026 (row 1)" in error.what
    assert "2017-05-31" in error.step


def test_dates_in_two_ways_are_refused():
    assert "in two ways: 13/05/2026 (row 1) and 05/13/2026 (row 2)" in refused("p1,R,1,13/05/2026", "p1,R,1,05/13/2026").what  # fmt: skip


def test_days_to_come_are_refused():
    assert "still to come" in refused("p1,R,1,2027-01-01").what


@pytest.mark.parametrize("day", ["2099/01/01", "2099-1-1", "2099.01.01 10:00"])
def test_days_to_come_are_refused_however_they_are_written(day):
    assert "still to come" in refused(f"p1,R,1,{day}").what
    assert read(f"p1,R,1,{day.replace('2099', '2019')}")[0]["observed_at"].startswith("2019-01-01")


def test_blank_lines_take_no_memory():
    content = (HEAD + "\n" * 300_000 + "p1,R,1,2026-06-01").encode()
    tracemalloc.start()
    try:
        assert len(read_feed(content, KNOWN)) == 1
        assert tracemalloc.get_traced_memory()[1] < 8_000_000  # as lists they would take 19 MB
    finally:
        tracemalloc.stop()


def test_unreadable_dates_stay_for_curation():
    assert read("p1,R,1,soon", "p1,R,1,31/02/2026")[1]["observed_at"] == "31/02/2026"


@pytest.mark.parametrize(
    ("head", "said"),
    [
        ("product_id,competitor_name,price,observed_at", "no column 'competitor_price'"),
        ("sku,competitor_name,competitor_price,observed_at", "no column 'product_id'"),
        (HEAD + ",shop", "a column 'shop' that means nothing"),
        (HEAD + ",product_id", "the column 'product_id' twice"),
        ("", "no column 'product_id'"),
    ],
)
def test_wrong_columns_are_refused(head, said):
    error = refused("p1,R,1,2026-06-01", head=head)
    assert said in error.what
    assert "Needed: product_id, competitor_name, competitor_price, observed_at" in error.step


def test_another_currency_is_refused():
    error = refused("p1,R,1,2026-06-01,EUR", "p1,R,1,2026-06-01,USD", head=HEAD + ",currency")
    assert error.what == "Row 2 is in 'USD'; the shop has prices in EUR."


def test_another_shops_products_are_refused():
    error = refused("x1,R,1,2026-06-01", "x2,R,1,2026-06-01", "p1,R,1,2026-06-01")
    assert "2 of 3 rows name products that the shop does not have, such as 'x1'" in error.what


def test_a_few_unknown_products_are_for_curation():
    assert len(read("x1,R,1,2026-06-01", "p1,R,1,2026-06-01")) == 2


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"x" * (MOST_BYTES + 1), "bytes; 20,000,000 are taken at most"),
        ((HEAD + "\n" + "p1,R,1,2026-06-01\n" * (MOST_ROWS + 1)).encode(), "rows; 200,000 are taken at most"),
        (HEAD.encode(), "no rows below its header"),
        (b"", "no column"),
        (b"\xff\xfe\x00", "no UTF-8"),
        ((HEAD + "\np1,R\0,1,2026-06-01").encode(), "the byte 0"),
        ((HEAD + "\np1,R,1").encode(), "Line 2 has 3 cells, the header 4"),
        ((HEAD + '\np1,"R,1,2026-06-01').encode(), "no CSV"),
        ((HEAD + f"\np1,{'R' * 2_000},1,2026-06-01").encode(), "more than 1,000 characters"),
        (b"PK\x03\x04 not a csv", "no column"),
    ],
)  # fmt: skip
def test_what_is_no_feed_is_refused(content, said):
    with pytest.raises(FeedError, match=said):
        read_feed(content, KNOWN)


@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda t: (HEAD + "\n" + t).encode()))
@settings(max_examples=150, deadline=None)
def test_any_bytes_are_read_or_refused_in_words(content):
    caught, rows = None, []
    try:
        rows = read_feed(content, KNOWN)
    except FeedError as error:
        caught = error
    assert rows if caught is None else (caught.what.endswith(".") and caught.step)


@pytest.mark.skipif(not REAL.exists(), reason=f"{REAL} is not there")
def test_a_real_file_is_asked_which_way_its_dates_are_meant():
    import csv

    with REAL.open(encoding="utf-8") as file:
        real = list(csv.DictReader(file))
    known = Known({row["product_id"] for row in real}, {"USD"}, date(2026, 7, 1))
    lines = [
        f"{r['product_id']},competitor {n},{r[f'comp_{n}']},{r['month_year']}"
        for r in real
        for n in (1, 2, 3)
    ]
    content = "\n".join([HEAD, *lines]).encode()
    with pytest.raises(FeedError, match="Nobody can tell the day from the month in 01/05/2017"):
        read_feed(content, known)
    rows = read_feed(content, known, day_first=True)
    assert len(rows) == 3 * 676
    assert {row["observed_at"][8:] for row in rows} == {"01"}
    assert max(row["observed_at"] for row in rows) == "2018-08-01"
