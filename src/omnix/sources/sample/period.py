"""The time that the sample shop covers: 2024-01-01 to 2026-06-30, days counted from 0, in UTC.

Moments are whole seconds since 1970; `NEVER` stands for what does not happen within the period.
"""

from __future__ import annotations

from datetime import UTC, date, datetime

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

START = date(2024, 1, 1)
END = date(2026, 6, 30)
DAYS = (END - START).days + 1
DAY = 86_400
HOUR = 3_600
FIRST = int(datetime(START.year, START.month, START.day, tzinfo=UTC).timestamp())
LAST = FIRST + DAYS * DAY - 1
NEVER = np.iinfo(np.int64).max // 4


def day_number(when: date) -> int:
    """The day of the period on which `when` falls (negative before it)."""
    return (when - START).days


def day_of(moments: Ints) -> Ints:
    """The day of the period of each moment."""
    return (moments - FIRST) // DAY


def moment(days: Ints | Floats) -> Ints:
    """The moment at which each day (a fraction is a time of day) begins."""
    return (FIRST + np.asarray(days) * DAY).astype(np.int64)


def weekdays() -> Ints:
    """0 for Monday … 6 for Sunday, per day of the period."""
    return (np.arange(DAYS) + START.weekday()) % 7


def days_of_year() -> Floats:
    """1.0 … 366.0 per day of the period."""
    first = np.datetime64(START)
    days = first + np.arange(DAYS)
    within: Ints = (days - days.astype("datetime64[Y]")).astype(np.int64)
    return (within + 1).astype(np.float64)


def stream(seed: int, subject: str) -> np.random.Generator:
    """The random numbers of one subject; a change in one subject leaves all others as they are."""
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, *subject.encode()])))
