"""When a shop is open: the week, the holidays and the closings that its own sales show."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pandas as pd

Flags: TypeAlias = NDArray[np.bool_]
Days: TypeAlias = NDArray[np.datetime64]

WEEKDAYS = ("Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays")
#: Weeks below which nothing is said of the week to come.
LEAST_WEEKS = 4
#: Days from which a closing is told by its dates.
_LONG = 4
#: How many of the newest long closings, and of the holidays, are told.
_TOLD = 3
_MOST_NAMES = 8


@dataclass(frozen=True, order=True)
class Feast:
    """A holiday on which the shop was closed, with the days around it on which it always was too."""

    name: str
    before: int = 0
    after: int = 0

    def days(self, on: date) -> Iterator[date]:
        """The closed days of the one that falls `on` that day."""
        return (on + timedelta(days=by) for by in range(-self.before, self.after + 1))


@dataclass(frozen=True)
class Calendar:
    """The days on which a shop is closed, learnt from those on which it sold nothing.

    first, last: the days it was learnt from; None when there were none.
    weekdays:    weekdays (0 is Monday) on which it is closed from now on.
    feasts:      holidays on which it is closed.
    closings:    closed days of the past, from and until, both included, oldest first.
    openings:    days on which it sold although the weekday was a closed one.
    ahead:       days after `last` that are closed for a holiday, as far as holidays were told.
    """

    first: date | None = None
    last: date | None = None
    weekdays: tuple[int, ...] = ()
    feasts: tuple[Feast, ...] = ()
    closings: tuple[tuple[date, date], ...] = ()
    openings: tuple[date, ...] = ()
    ahead: tuple[date, ...] = ()

    @property
    def weeks(self) -> int:
        """Whole weeks it was learnt from."""
        return (
            0
            if self.first is None or self.last is None
            else ((self.last - self.first).days + 1) // 7
        )

    def closed(self, days: pd.Series | Iterable[Any]) -> Flags:
        """Whether the shop is closed on each of `days`: of the past what happened, else the rule."""
        asked = as_days(days)
        numbers = asked.astype(np.int64)
        rule = np.isin((numbers + 3) % 7, self.weekdays) | np.isin(asked, self._ahead)
        if self.first is None or self.last is None:
            return rule
        past = (asked >= np.datetime64(self.first)) & (asked <= np.datetime64(self.last))
        return np.where(past, np.isin(asked, self._closings), rule)

    def feast_days(self, holidays: Mapping[date, str]) -> set[date]:
        """The days on which it is closed for one of these holidays, by the rule."""
        known = {feast.name: feast for feast in self.feasts}
        found: set[date] = set()
        for day, told in holidays.items():
            for name in names_of(told):
                found.update(known[name].days(day) if name in known else ())
        return found

    def words(self) -> list[str]:
        """What is known, in sentences for a shopkeeper."""
        if self.first is None:
            return ["There are no sales yet, so nothing is known of closed days."]
        return [*self._week(), *self._holidays(), *self._closed_lately()]

    def to_dict(self) -> dict[str, Any]:
        """As JSON can hold it."""
        return {
            "first": self.first and self.first.isoformat(),
            "last": self.last and self.last.isoformat(),
            "weekdays": list(self.weekdays),
            "feasts": [[each.name, each.before, each.after] for each in self.feasts],
            "closings": [[start.isoformat(), end.isoformat()] for start, end in self.closings],
            "openings": [day.isoformat() for day in self.openings],
            "ahead": [day.isoformat() for day in self.ahead],
        }

    @classmethod
    def from_dict(cls, told: Mapping[str, Any]) -> Calendar:
        """What `to_dict` told."""
        day = date.fromisoformat
        return cls(
            first=day(told["first"]) if told["first"] else None,
            last=day(told["last"]) if told["last"] else None,
            weekdays=tuple(told["weekdays"]),
            feasts=tuple(Feast(*each) for each in told["feasts"]),
            closings=tuple((day(start), day(end)) for start, end in told["closings"]),
            openings=tuple(map(day, told["openings"])),
            ahead=tuple(map(day, told["ahead"])),
        )

    @cached_property
    def _ahead(self) -> Days:
        return np.array(self.ahead, dtype="datetime64[D]")

    @cached_property
    def _closings(self) -> Days:
        spans = [np.datetime64(start, "D") + np.arange((end - start).days + 1) for start, end in self.closings]  # fmt: skip
        return np.concatenate(spans) if spans else np.array([], dtype="datetime64[D]")

    def _week(self) -> list[str]:
        if self.weeks < LEAST_WEEKS:
            much = f"{self.weeks} whole week{'' if self.weeks == 1 else 's'} of sales"
            return [f"Only {much}: too few to say on which weekdays it is closed; {LEAST_WEEKS} are needed."]  # fmt: skip
        if not self.weekdays:
            return ["Open on every day of the week."]
        said = f"Closed on {_listed([WEEKDAYS[day] for day in self.weekdays])}."
        if not self.openings:
            return [said]
        times = "once" if len(self.openings) == 1 else f"{len(self.openings)} times"
        return [said, f"It sold on such a day {times}, last on {_day(self.openings[-1])}."]

    def _holidays(self) -> list[str]:
        if not self.feasts:
            return []
        names = [_feast(each) for each in self.feasts[:_MOST_NAMES]]
        more = len(self.feasts) - len(names)
        return [f"Closed on {_listed([*names, *([f'{more} other holidays'] if more else [])])}."]

    def _closed_lately(self) -> list[str]:
        long = [span for span in self.closings if (span[1] - span[0]).days + 1 >= _LONG]
        return [
            f"It was closed from {_day(start)} to {_day(end)} ({(end - start).days + 1} days)."
            for start, end in long[-_TOLD:]
        ]


def as_days(days: pd.Series | Iterable[Any]) -> Days:
    """Dates, moments or a column of them as whole days."""
    array = getattr(days, "to_numpy", None)
    found = np.asarray(array() if array else list(days))
    return found.astype("datetime64[D]")


def names_of(told: str) -> list[str]:
    """The holidays that fall on one day; several are joined by semicolons."""
    return [name.strip() for name in told.split(";") if name.strip()]


def spans(days: Collection[date]) -> tuple[tuple[date, date], ...]:
    """Runs of days that follow each other, from and until."""
    found: list[tuple[date, date]] = []
    for day in sorted(days):
        if found and (day - found[-1][1]).days == 1:
            found[-1] = (found[-1][0], day)
        else:
            found.append((day, day))
    return tuple(found)


def _feast(each: Feast) -> str:
    around = [
        f"the {'day' if count == 1 else f'{count} days'} {side} it"
        for count, side in ((each.before, "before"), (each.after, "after"))
        if count
    ]
    return f"{each.name} (with {' and '.join(around)})" if around else each.name


def _listed(names: list[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else names[0]


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
