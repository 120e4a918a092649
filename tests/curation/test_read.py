from datetime import date, datetime
from decimal import Decimal

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from omnix.curation.read import filled, read, style_of


@pytest.fixture(scope="module")
def con():
    con = duckdb.connect()
    con.execute("set TimeZone = 'UTC'")
    return con


def read_all(con, kind, cells, duckdb_type="VARCHAR", zone="UTC"):
    con.execute(f"create or replace table cells (cell {duckdb_type})")
    con.executemany("insert into cells values (?)", [[cell] for cell in cells])
    style = style_of(con, "cells", "cell", kind) if duckdb_type == "VARCHAR" else None
    from omnix.curation.read import Style

    sql = read(kind, "cell", duckdb_type, style or Style(), zone)
    return [row[0] for row in con.execute(f"select {sql} from cells").fetchall()]


@pytest.mark.parametrize(
    ("cells", "cents"),
    [
        (
            ["12.50", "1,234.56", "-4", "(3.20)", "$1,234,567.89", "5 EUR", "€ 5"],
            [1250, 123456, -400, -320, 123456789, 500, 500],
        ),
        (["12,50", "1.234,56", "1.234", "EUR 12,00", "−3,5"], [1250, 123456, 123400, 1200, -350]),
        (["12.50", "1,00"], [1250, 100]),  # two digits behind one mark are cents, whichever mark
        (["1,234", "1.50"], [123400, 150]),
        (["x", "", "12-34", "twelve", "1.2.3.4"], [None] * 5),
    ],
)
def test_money_in_the_hand_of_its_column(con, cells, cents):
    assert read_all(con, "money", cells) == cents


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=2))
def test_money_written_plainly_is_read_to_the_cent(value):
    con = duckdb.connect()
    assert read_all(con, "money", [f"{value:.2f}"]) == [int(value * 100)]
    assert read_all(con, "money", [f"{value:,.2f}"]) == [int(value * 100)]
    german = f"{value:,.2f}".translate(str.maketrans(",.", ".,"))
    assert read_all(con, "money", [german]) == [int(value * 100)]


def test_money_of_typed_columns(con):
    assert read_all(con, "money", [Decimal("12.34"), None], "DECIMAL(12,2)") == [1234, None]
    assert read_all(con, "money", [0.1 + 0.2], "DOUBLE") == [30]
    assert read_all(con, "money", [float("nan"), float("inf")], "DOUBLE") == [None, None]


@pytest.mark.parametrize(
    ("cells", "moments"),
    [
        (
            ["2024-01-02 03:04:05", "2024-01-02T03:04:05Z", "2024-01-02T05:04:05+02:00"],
            [datetime(2024, 1, 2, 3, 4, 5)] * 3,
        ),
        (
            ["25/12/2024", "02/01/2024 10:30"],
            [datetime(2024, 12, 25), datetime(2024, 1, 2, 10, 30)],
        ),
        (["12/25/2024", "2/1/2024 1:05 PM"], [datetime(2024, 12, 25), datetime(2024, 2, 1, 13, 5)]),
        (
            ["01.02.2024", "Jan 5, 2024", "20240105"],
            [datetime(2024, 2, 1), datetime(2024, 1, 5), datetime(2024, 1, 5)],
        ),
        (["99/99/2024", "yesterday", "2024-02-30"], [None] * 3),
        (["infinity", "-infinity", "epoch"], [None] * 3),
    ],
)
def test_moments_in_the_hand_of_their_column(con, cells, moments):
    assert read_all(con, "moment", cells) == moments


def test_a_date_that_two_hands_may_have_written_is_not_guessed(con):
    assert read_all(con, "moment", ["25/12/2024", "12/25/2024", "02/01/2024"])[2] is None
    assert read_all(con, "moment", ["02/01/2024"]) == [None]


def test_moments_without_a_zone_are_the_shops(con):
    summer = read_all(con, "moment", ["2024-07-01 12:00"], zone="Europe/London")
    assert summer == [datetime(2024, 7, 1, 11, 0)]


def test_whole_numbers_since_1970(con):
    assert (
        read_all(con, "moment", [1704164645, 1704164645000, 1704164645000000], "BIGINT")
        == [datetime(2024, 1, 2, 3, 4, 5)] * 3
    )


@pytest.mark.parametrize(
    ("kind", "duckdb_type", "cells", "values"),
    [
        ("text", "DOUBLE", [13085.0, 1.5], ["13085", "1.5"]),
        ("text", "VARCHAR", ["  a ", "", "\\N"], ["a", None, None]),
        ("whole", "VARCHAR", ["3", "3.0", "3.5", "1,234"], [3, 3, None, 1234]),
        ("whole", "DOUBLE", [3.0, 3.5], [3, None]),
        ("flag", "VARCHAR", ["Yes", "nein", "1", "maybe"], [True, False, True, None]),
        ("flag", "TINYINT", [1, 0, 2], [True, False, None]),
        ("day", "VARCHAR", ["2024-01-02", "31.12.2024"], [date(2024, 1, 2), date(2024, 12, 31)]),
        ("number", "VARCHAR", ["1.5", "nan", "inf", "-2e3"], [1.5, None, None, -2000.0]),
    ],
)
def test_other_kinds(con, kind, duckdb_type, cells, values):
    assert read_all(con, kind, cells, duckdb_type) == values


@given(
    st.text(max_size=30),
    st.sampled_from(["text", "money", "number", "whole", "flag", "moment", "day"]),
)
def test_no_text_makes_reading_fail(cell, kind):
    con = duckdb.connect()
    assert len(read_all(con, kind, [cell.replace("\x00", "")])) == 1


def test_what_counts_as_empty(con):
    cells = ["", " ", "NULL", "\\N", "n/a", "0", "x"]
    con.execute("create or replace table cells (cell varchar)")
    con.executemany("insert into cells values (?)", [[cell] for cell in cells])
    assert [
        row[0] for row in con.execute(f"select {filled('cell', 'VARCHAR')} from cells").fetchall()
    ] == [False] * 5 + [True] * 2
