"""Periods of days with names, the last whole one before a cut, and what it is compared with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

Kind = Literal["day", "week", "month", "quarter", "year", "7d", "28d", "90d", "364d"]
KINDS: tuple[Kind, ...] = ("day", "week", "month", "quarter", "year", "7d", "28d", "90d", "364d")
_ROLLING = {"7d": 7, "28d": 28, "90d": 90, "364d": 364}
_MONTHS = {"month": 1, "quarter": 3, "year": 12}


@dataclass(frozen=True)
class Period:
    """Days from `start` up to but without `end`, with a name for people."""

    start: date
    end: date
    label: str

    @property
    def last(self) -> date:
        """The last day that belongs to it."""
        return self.end - timedelta(days=1)

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.end - self.start).days


def latest(kind: Kind, until: date) -> Period:
    """The last whole period of that kind before the day `until`."""
    if kind in _ROLLING:
        return _rolling(until - timedelta(days=_ROLLING[kind]), until)
    if kind == "day":
        return _day(until - timedelta(days=1))
    if kind == "week":
        return _week(until - timedelta(days=until.weekday() + 7))
    months = _MONTHS[kind]
    first = until.replace(day=1)
    begun = _months_before(first, (first.month - 1) % months)
    return _calendar(_months_before(begun, months), months)


def compared(kind: Kind, period: Period, since: date) -> Period:
    """The period that `period` is fairly held against.

    A day: the same weekday a week earlier. A week, or a number of days: as many days just before.
    A month or quarter: the same one a year earlier where the data reaches back to it (`since` is
    its first day), for the season's sake; else the one before. A year: the year before.
    """
    if kind in _ROLLING:
        return _rolling(period.start - timedelta(days=period.days), period.start)
    if kind == "day":
        return _day(period.start - timedelta(days=7))
    if kind == "week":
        return _week(period.start - timedelta(days=7))
    months = _MONTHS[kind]
    year_before = _months_before(period.start, 12)
    if kind == "year" or year_before >= since:
        return _calendar(year_before, months)
    return _calendar(_months_before(period.start, months), months)


def day_name(day: date) -> str:
    """A day for people: "30 June 2026"."""
    return f"{day.day} {day:%B %Y}"


def _rolling(start: date, end: date) -> Period:
    last = end - timedelta(days=1)
    return Period(start, end, f"{(end - start).days} days to {day_name(last)}")


def _day(day: date) -> Period:
    return Period(day, day + timedelta(days=1), f"{day:%A} {day_name(day)}")


def _week(monday: date) -> Period:
    return Period(monday, monday + timedelta(days=7), f"week of {day_name(monday)}")


def _calendar(start: date, months: int) -> Period:
    end = _months_before(start, -months)
    names = {1: f"{start:%B %Y}", 3: f"Q{(start.month + 2) // 3} {start.year}", 12: f"{start.year}"}
    return Period(start, end, names[months])


def _months_before(first: date, months: int) -> date:
    """The first day of the month so many months before that of `first`; negative: after."""
    count = first.year * 12 + first.month - 1 - months
    return date(count // 12, count % 12 + 1, 1)
