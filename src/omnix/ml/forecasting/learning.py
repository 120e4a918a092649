"""How a calendar is learnt: days without sales that chance does not explain.

A day without a sale is a closing when that is implausible for an open one: by the usual sales of its
weekday near it (a negative binomial, as daily orders scatter more than Poisson's), and by how often
that weekday sold nothing anyway. A tiny shop, to which empty days just happen, is thus not closed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np

from omnix.ml.forecasting.opening import Calendar, Feast, Flags, names_of, spans
from omnix.ml.forecasting.weekdays import WEEKS, Floats, Week, runs

if TYPE_CHECKING:
    import pandas as pd

#: Chance explains so many of all empty runs; never more than the second for one.
_RUNS, _RUN_CHANCE = 0.2, 0.01
#: The chance that all empty days of some holiday were open ones, shared among the holidays.
_FEAST_CHANCE = 0.001
#: Empty days of a weekday up to this share are exceptions, beyond it they are usual.
_RARE = 0.05
#: Values of the same weekday, nearest to an empty day, that tell what was usual there.
_NEAR = 6
#: Empty runs of this length hold every weekday, so they tell nothing of the week.
_GAP = 7
#: Days after which a closing that has not ended is none any more, if none at that time of the year took as long.
_GIVEN_UP, _YEAR = 28, 365.25
#: Past occurrences of a holiday that count, and the share that must have been closed.
_OCCURRENCES, _MOSTLY = 4, 2 / 3
#: Days around a holiday that are looked at.
_AROUND = 14


def learn(daily: pd.DataFrame, holidays: Mapping[date, str]) -> Calendar:
    """The calendar of the shop that sold `daily` (ds, y: orders; a day that is missing had none).

    holidays: public holidays by day, past and future; several of one day are joined by semicolons.
    With less than four weeks nothing is said of the weeks to come.
    """
    days = _dense(daily)
    if days is None:
        return Calendar()
    chances, closed = _empty_runs(days, holidays)
    closed &= ~_given_up(closed)
    week = Week.of(days.first, days.y, _gaps(closed) | (_holiday(days, holidays) & (days.y == 0)))
    usual = week.usual_closings()
    closed |= usual & (days.y == 0)
    feasts = _feasts(days, holidays, chances, closed, usual)
    now = week.closed_now()
    last = days.day(len(days.y) - 1)
    sold = [days.day(int(at)) for at in np.flatnonzero(usual & (days.y != 0))]
    found = Calendar(
        first=days.day(0), last=last, weekdays=now, feasts=feasts,
        closings=spans([days.day(int(at)) for at in np.flatnonzero(closed)]),
        openings=tuple(day for day in sold if day.weekday() in now),
    )  # fmt: skip
    ahead = sorted(day for day in found.feast_days(holidays) if day > last)
    return replace(found, ahead=tuple(ahead))


@dataclass(frozen=True)
class _Days:
    """Every day from the first sale to the last that is known."""

    first: date
    y: Floats

    def day(self, at: int) -> date:
        return self.first + timedelta(days=at)

    def at(self, day: date) -> int | None:
        """The place of a day, None outside."""
        place = (day - self.first).days
        return place if 0 <= place < len(self.y) else None


def _dense(daily: pd.DataFrame) -> _Days | None:
    """The days from the first with a sale on; later rows without one are kept, as is what lies between."""
    rows = daily[daily["y"].notna()]
    sold = rows[rows["y"] != 0]
    if sold.empty:
        return None
    first = sold["ds"].min().normalize()
    rows = rows[rows["ds"] >= first]
    places = (rows["ds"] - first).dt.days.to_numpy()
    total = np.bincount(places, weights=rows["y"].to_numpy(dtype=np.float64))
    return _Days(first.date(), total.astype(np.float64))


def _holiday(days: _Days, holidays: Mapping[date, str]) -> Flags:
    found = np.zeros(len(days.y), dtype=bool)
    found[[at for day in holidays if (at := days.at(day)) is not None]] = True
    return found


def _empty_runs(days: _Days, holidays: Mapping[date, str]) -> tuple[Floats, Flags]:
    """By day the chance that an open one sells nothing (1 where it sold), and the runs that are closings."""
    chances, closed = np.ones(len(days.y)), np.zeros(len(days.y), dtype=bool)
    usual = ~(_holiday(days, holidays) & (days.y == 0))
    scatter = _scatter(days)
    limit = min(_RUN_CHANCE, _RUNS / len(days.y))
    for start, end in sorted(runs(days.y == 0), key=lambda run: run[0] - run[1]):
        known = usual & ~closed
        known[start:end] = False
        for at in range(start, end):
            chances[at] = _chance(days.y, at, known, scatter)
        if np.prod(chances[start:end]) < limit:
            closed[start:end] = True
    return chances, closed


def _chance(y: Floats, at: int, known: Flags, scatter: float) -> float:
    """How likely the day is empty though open, from the nearest days of its weekday that are known."""
    low, high = at % 7, len(y)
    places = np.arange(low, high, 7)
    places = places[known[places]]
    places = places[np.argsort(np.abs(places - at), kind="stable")][:WEEKS]
    if not len(places):
        return 1.0
    empty = float(np.mean(y[places] == 0))
    mean = float(np.mean(np.abs(y[places[:_NEAR]])))
    usual = float((1 + scatter * mean) ** (-1 / scatter))
    return max(usual, empty if empty > _RARE else 0.0)


def _scatter(days: _Days) -> float:
    """The negative binomial's dispersion, from days that sold against others of their weekday."""
    y = np.abs(days.y)
    ratios, noise = [], []
    for weekday in range(7):
        own = y[weekday::7]
        own = own[own > 0]
        if len(own) >= 3:
            near = (own[:-2] + own[2:]) / 2
            ratios.append(own[1:-1] / near)
            noise.append(1.5 / near)
    if not ratios:
        return 0.5
    found = np.concatenate(ratios)
    low, high = np.quantile(found, [0.05, 0.95])
    kept = found[(found >= low) & (found <= high)]
    # The mean of two neighbours scatters too: one and a half times the variance of a single day.
    return float(np.clip(np.var(kept) / 1.5 - np.mean(np.concatenate(noise)) / 1.5, 0.02, 2.0))


def _gaps(closed: Flags) -> Flags:
    """The closings that are long enough to hold a whole week."""
    found = np.zeros(len(closed), dtype=bool)
    for start, end in runs(closed):
        found[start:end] = end - start >= _GAP
    return found


def _given_up(closed: Flags) -> Flags:
    """The last run, where it reaches the end and is longer than four weeks and than those of its season.

    Nobody can tell whether that shop will open again: its empty days are days without sales.
    """
    found = np.zeros(len(closed), dtype=bool)
    every = list(runs(closed))
    if every and every[-1][1] == len(closed):
        start, end = every[-1]
        longest = max(
            (to - since for since, to in every[:-1] if _same_season(since, start)), default=0
        )
        found[start:] = end - start > max(_GIVEN_UP, longest)
    return found


def _same_season(one: int, other: int) -> bool:
    """Whether two days lie whole years apart, four weeks more or less."""
    years = round((other - one) / _YEAR)
    return years >= 1 and abs(other - one - years * _YEAR) <= _GIVEN_UP


def _feasts(
    days: _Days, holidays: Mapping[date, str], chances: Floats, closed: Flags, usual: Flags
) -> tuple[Feast, ...]:
    """The holidays on which the shop was closed; those found join `closed`."""
    found = []
    known = _occurrences(days, holidays)
    for name, places in sorted(known.items()):
        # A holiday on a weekday that is closed anyway tells nothing.
        telling = [at for at in places if not usual[at]][-_OCCURRENCES:]
        empty = [at for at in telling if days.y[at] == 0]
        if not empty or empty[-1] != telling[-1] or len(empty) < _MOSTLY * len(telling):
            continue
        if np.prod(chances[empty]) < _FEAST_CHANCE / len(known):
            closed[empty] = True
            found.append((name, places))
    return tuple(Feast(name, *_reach(closed, usual, places)) for name, places in found)


def _occurrences(days: _Days, holidays: Mapping[date, str]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for day in sorted(holidays):
        if (at := days.at(day)) is not None:
            for name in names_of(holidays[day]):
                found.setdefault(name, []).append(at)
    return found


def _reach(closed: Flags, usual: Flags, places: list[int]) -> tuple[int, int]:
    """Days before and after a holiday that were closed too, each of the newest times, at least twice.

    Closed weekdays are passed over inside, and do not count at the ends.
    """
    whole = [at for at in places[-_OCCURRENCES:] if _AROUND <= at < len(closed) - _AROUND]
    if len(whole) < 2:
        return 0, 0
    sides = []
    for step in (-1, 1):
        shut = [closed[at + step * np.arange(1, _AROUND + 1)] for at in whole]
        telling = [~usual[at + step * np.arange(1, _AROUND + 1)] for at in whole]
        every = np.all(shut, axis=0)
        length = int(np.argmin(every)) if not every.all() else _AROUND
        real = np.flatnonzero(np.any(telling, axis=0)[:length])
        sides.append(int(real[-1]) + 1 if len(real) else 0)
    return sides[0], sides[1]
