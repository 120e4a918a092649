"""Weeks and months are whole, and hold what their days held."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from omnix.ml.forecasting.calendar import coarser


def days(first: str, last: str, name: str = "a") -> pd.DataFrame:
    ds = pd.date_range(first, last)
    return pd.DataFrame({"unique_id": name, "ds": ds, "y": 1.0})


@pytest.mark.parametrize(
    ("first", "last", "until", "weeks"),
    [
        ("2024-01-01", "2024-01-14", date(2024, 1, 14), ["2024-01-01", "2024-01-08"]),
        ("2024-01-02", "2024-01-14", date(2024, 1, 14), ["2024-01-08"]),
        ("2024-01-01", "2024-01-13", date(2024, 1, 13), ["2024-01-01"]),
        ("2024-01-01", "2024-01-12", date(2024, 1, 14), ["2024-01-01", "2024-01-08"]),
        ("2024-01-02", "2024-01-07", date(2024, 1, 7), []),
    ],
)
def test_only_whole_weeks(first, last, until, weeks) -> None:
    got = coarser(days(first, last), "week", until)
    assert got["ds"].dt.strftime("%Y-%m-%d").tolist() == weeks


def test_months_hold_their_days() -> None:
    got = coarser(days("2023-12-31", "2024-04-29"), "month", date(2024, 4, 29))
    assert got["y"].tolist() == [31.0, 29.0, 31.0]
    assert got["ds"].dt.day.eq(1).all()


def test_an_item_born_within_a_period_keeps_it_so_that_levels_add_up() -> None:
    rows = pd.concat([days("2024-01-01", "2024-01-28"), days("2024-01-11", "2024-01-28", "b")])
    got = coarser(rows, "week", date(2024, 1, 28))
    assert got[got["unique_id"] == "b"]["y"].tolist() == [4.0, 7.0, 7.0]


def test_periods_without_a_row_are_nought() -> None:
    rows = days("2024-01-01", "2024-03-31")
    rows = rows[rows["ds"].isin(pd.to_datetime(["2024-01-01", "2024-01-20", "2024-03-02"]))]
    assert coarser(rows, "month", date(2024, 4, 30))["y"].tolist() == [2.0, 0.0, 1.0, 0.0]


def test_covariates_are_counted_or_averaged() -> None:
    rows = days("2024-01-01", "2024-01-14").assign(closed=0.0, holiday=0.0, price=1.0, promo=0.0)
    rows.loc[[5, 6], "closed"] = 1.0
    rows.loc[[0, 3], "holiday"] = 1.0
    rows.loc[0, "price"] = 1.7
    first = coarser(rows, "week", date(2024, 1, 14)).iloc[0]
    assert (first["closed"], first["holiday"]) == (pytest.approx(2 / 7), 2.0)
    assert first["price"] == pytest.approx(1.1)


def test_days_stay_days() -> None:
    rows = days("2024-01-03", "2024-01-04")
    assert coarser(rows, "day", date(2024, 1, 4)) is rows
