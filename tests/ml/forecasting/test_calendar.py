"""A calendar says closed only where chance does not explain that nothing was sold."""

from __future__ import annotations

import json
from datetime import date

import numpy as np
import pandas as pd
import pytest

from omnix.ml.forecasting.calendar import Calendar, holidays_of, learn

GB = holidays_of(["GB"], date(2022, 1, 1), date(2026, 12, 31))


def shop(days: int = 700, mean: float = 40, closed: tuple[int, ...] = (), seed: int = 0, first: str = "2023-01-02") -> pd.DataFrame:  # fmt: skip
    """Orders of a shop that is closed on these weekdays; they scatter more than Poisson's."""
    ds = pd.date_range(first, periods=days)
    y = np.random.default_rng(seed).negative_binomial(5, 5 / (5 + mean), days).astype(float)
    y[np.isin(ds.weekday, closed)] = 0
    return pd.DataFrame({"ds": ds, "y": y})


def without(rows: pd.DataFrame, first: str, last: str | None = None, weekday: int | None = None) -> pd.DataFrame:  # fmt: skip
    """The same with nothing sold in these days."""
    gone = rows["ds"].between(first, last or first)
    if weekday is not None:
        gone &= rows["ds"].dt.weekday == weekday
    return rows.assign(y=rows["y"].where(~gone, 0.0))


def with_sales(rows: pd.DataFrame, first: str, last: str | None = None, weekday: int = 5) -> pd.DataFrame:  # fmt: skip
    sold = rows["ds"].between(first, last or first) & (rows["ds"].dt.weekday == weekday)
    return rows.assign(y=rows["y"].where(~sold, 30.0))


def next_week(calendar: Calendar) -> list[int]:
    assert calendar.last is not None
    days = pd.date_range(calendar.last, periods=8)[1:]
    return sorted(days[calendar.closed(days)].weekday)


@pytest.mark.parametrize("mean", [0.1, 0.5, 2, 8, 40, 1000])
@pytest.mark.parametrize("seed", range(8))
def test_a_shop_that_never_closes_however_tiny(mean, seed) -> None:
    found = learn(shop(700, mean, seed=seed), GB)
    assert found.weekdays == ()
    assert found.feasts == ()
    assert sum((end - start).days + 1 for start, end in found.closings) <= 20


@pytest.mark.parametrize("mean", [2, 8, 40, 1000])
@pytest.mark.parametrize("closed", [(5,), (5, 6), (0, 2, 4), (0, 1, 2, 3, 4, 5)])
def test_closed_weekdays(mean, closed) -> None:
    rows = shop(700, mean, closed)
    found = learn(rows, GB)
    assert found.weekdays == closed
    assert next_week(found) == list(closed)
    past = pd.Series(found.closed(rows["ds"]))
    assert past[rows["ds"].dt.weekday.isin(closed)].mean() > 0.99
    assert not past[rows["y"] > 0].any()


def test_one_opening_all_the_same() -> None:
    for day in ("2023-11-25", "2024-11-23", "2024-11-30"):
        found = learn(with_sales(shop(699, 40, (5,)), day), GB)
        assert found.weekdays == (5,)
        assert not found.closed([date.fromisoformat(day)])[0]
        assert found.openings == (date.fromisoformat(day),)
        assert "once" in found.words()[1]


def test_a_shop_that_changed_its_week() -> None:
    opened = learn(with_sales(shop(699, 40, (5,)), "2024-11-06", "2024-12-31"), GB)
    assert opened.weekdays == ()
    assert opened.closed([date(2024, 11, 2), date(2024, 11, 9)]).tolist() == [True, False]
    shut = learn(without(shop(699), "2024-10-30", "2024-12-31", weekday=6), GB)
    assert shut.weekdays == (6,)
    assert shut.closed([date(2024, 10, 27), date(2024, 11, 3)]).tolist() == [False, True]
    long_ago = learn(without(shop(699), "2023-01-02", "2023-12-31", weekday=6), GB)
    assert long_ago.weekdays == ()
    assert long_ago.closed([date(2023, 6, 4)])[0]


@pytest.mark.parametrize("closed", [(), (5,), (5, 6)])
def test_two_weeks_claim_nothing(closed) -> None:
    found = learn(shop(14, 40, closed), GB)
    assert found.weekdays == ()
    assert not found.closings
    assert next_week(found) == []
    assert "2 whole weeks" in found.words()[0]
    assert learn(shop(28, 40, (5,)), {}).weekdays == (5,)


def test_a_month_closed_is_a_closing_and_no_weekday() -> None:
    rows = without(shop(699, 40, (6,)), "2024-08-01", "2024-08-31")
    found = learn(rows, GB)
    assert found.weekdays == (6,)
    assert found.closed(pd.date_range("2024-08-01", "2024-08-31")).all()
    assert not found.closed([date(2024, 7, 31), date(2024, 9, 2), date(2025, 8, 5)]).any()
    assert any("1 August 2024" in words and "days)" in words for words in found.words())
    ended = learn(without(shop(699), "2024-11-01", "2024-11-30"), GB)
    assert ended.weekdays == ()


def test_a_closing_that_has_not_ended_is_believed_for_four_weeks() -> None:
    rows = shop(700)
    end = rows["ds"].max()
    for length, closings in ((28, 1), (29, 0)):
        first = str((end - pd.Timedelta(days=length - 1)).date())
        assert len(learn(without(rows, first, str(end.date())), {}).closings) == closings


@pytest.mark.parametrize(("before", "believed"), [("2023-10-20", True), ("2023-06-01", False)])
def test_a_shop_that_closes_at_that_time_every_year_is_expected_back(
    before: str, believed: bool
) -> None:
    rows = shop(700)
    end, first = rows["ds"].max(), pd.Timestamp(before)
    rows = without(rows, before, str((first + pd.Timedelta(days=60)).date()))
    rows = without(rows, str((end - pd.Timedelta(days=49)).date()), str(end.date()))
    assert len(learn(rows, {}).closings) == 1 + believed


def test_a_single_closed_day() -> None:
    found = learn(without(shop(), "2024-03-12"), {})
    assert found.closings == ((date(2024, 3, 12), date(2024, 3, 12)),)


def test_holidays_that_are_closed_and_holidays_that_are_not() -> None:
    rows = without(without(shop(760), "2023-12-25"), "2024-12-25")
    found = learn(rows, GB)
    assert [feast.name for feast in found.feasts] == ["Christmas Day"]
    assert found.closed([date(2025, 12, 25), date(2025, 12, 26)]).tolist() == [True, False]
    assert "Closed on Christmas Day." in found.words()
    again = with_sales(rows, "2024-12-25", weekday=2)
    assert learn(again, GB).feasts == ()


def test_days_around_a_holiday_that_are_closed_every_time() -> None:
    rows = without(without(shop(760), "2023-12-24", "2024-01-01"), "2024-12-24", "2024-12-31")
    found = learn(rows, GB)
    christmas = next(feast for feast in found.feasts if feast.name == "Christmas Day")
    assert (christmas.before, christmas.after) == (1, 6)
    shut = found.closed(pd.date_range("2025-12-22", "2026-01-01"))
    assert shut.tolist() == [False] * 2 + [True] * 8 + [False]
    once = learn(rows[rows["ds"] < "2024-06-01"], GB)
    assert next(each for each in once.feasts if each.name == "Christmas Day").after == 0


def test_a_holiday_on_a_day_that_is_closed_anyway_tells_nothing() -> None:
    """New Year's Day fell on a Sunday in 2023."""
    rows = shop(300, 40, (6,), first="2022-12-05")
    assert "New Year's Day" not in [feast.name for feast in learn(rows, GB).feasts]


def test_days_may_be_missing_mixed_and_there_twice() -> None:
    rows = without(shop(300, 40, (5,)), "2023-05-01", "2023-05-20")
    sold = rows[rows["y"] > 0]
    halves = pd.concat([sold.assign(y=sold["y"] - 1.0), sold.assign(y=1.0)])
    assert learn(halves.sample(frac=1, random_state=1), GB) == learn(rows[rows["ds"] <= sold["ds"].max()], GB)  # fmt: skip


def test_money_does_for_orders_and_a_day_of_refunds_is_open() -> None:
    money = shop(400, 40, (5,)).assign(y=lambda rows: rows["y"] * 1234.0)
    money.loc[money["ds"] == "2023-06-07", "y"] = -5e6
    found = learn(money, GB)
    assert found.weekdays == (5,)
    assert not found.closed([date(2023, 6, 7)])[0]
    tiny = shop(700, 0.5).assign(y=lambda rows: rows["y"] * 1999.0)
    assert learn(tiny, GB).weekdays == ()


def test_nothing_sold_ever() -> None:
    nothing = shop(100).assign(y=0.0)
    for rows in (nothing, nothing.iloc[:0]):
        found = learn(rows, GB)
        assert found == Calendar()
        assert not found.closed([date(2024, 1, 6)]).any()
        assert "no sales yet" in found.words()[0]
    assert learn(shop(1), GB).closed([date(2030, 1, 1)]).tolist() == [False]


def test_a_calendar_passes_through_json() -> None:
    found = learn(without(without(shop(760, 40, (5,)), "2023-12-23", "2024-01-03"), "2024-12-24", "2024-12-26"), GB)  # fmt: skip
    assert found.feasts
    told = json.loads(json.dumps(found.to_dict()))
    assert Calendar.from_dict(told) == found
    assert Calendar.from_dict(Calendar().to_dict()) == Calendar()


def test_an_open_week_is_told() -> None:
    assert learn(shop(300), {}).words() == ["Open on every day of the week."]
    assert learn(shop(300, 40, (4, 5, 6)), {}).words() == ["Closed on Fridays, Saturdays and Sundays."]  # fmt: skip
