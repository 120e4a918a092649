"""The only place that reads the wall clock. What computes is handed `as_of` instead."""

from __future__ import annotations

from datetime import UTC, date, datetime


def utc_now() -> datetime:
    """This moment, in UTC, with its time zone."""
    return datetime.now(UTC)


def as_of_moment(day: date) -> datetime:
    """The cut that an as-of date stands for: midnight UTC at which `day` begins.

    Everything strictly before it is known; nothing at or after it is.
    The result has no time zone, as timestamps inside our SQL have none (they are all UTC).
    """
    return datetime(day.year, day.month, day.day)  # noqa: DTZ001
