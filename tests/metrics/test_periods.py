"""Named periods and what they are compared with."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omnix.metrics.periods import KINDS, compared, latest

CUT = date(2026, 7, 1)  # a Wednesday
LONG_AGO = date(2020, 1, 1)


@pytest.mark.parametrize(
    ("kind", "start", "last", "label", "before"),
    [
        ("day", date(2026, 6, 30), date(2026, 6, 30), "Tuesday 30 June 2026", date(2026, 6, 23)),
        ("week", date(2026, 6, 22), date(2026, 6, 28), "week of 22 June 2026", date(2026, 6, 15)),
        ("month", date(2026, 6, 1), date(2026, 6, 30), "June 2026", date(2025, 6, 1)),
        ("quarter", date(2026, 4, 1), date(2026, 6, 30), "Q2 2026", date(2025, 4, 1)),
        ("year", date(2025, 1, 1), date(2025, 12, 31), "2025", date(2024, 1, 1)),
        ("7d", date(2026, 6, 24), date(2026, 6, 30), "7 days to 30 June 2026", date(2026, 6, 17)),
        ("28d", date(2026, 6, 3), date(2026, 6, 30), "28 days to 30 June 2026", date(2026, 5, 6)),
        ("90d", date(2026, 4, 2), date(2026, 6, 30), "90 days to 30 June 2026", date(2026, 1, 2)),
        ("364d", date(2025, 7, 2), date(2026, 6, 30), "364 days to 30 June 2026", date(2024, 7, 3)),
    ],
)
def test_by_example(kind, start, last, label, before) -> None:
    period = latest(kind, CUT)
    assert (period.start, period.last, period.label) == (start, last, label)
    assert compared(kind, period, LONG_AGO).start == before


def test_a_month_without_its_year_before_is_compared_with_the_month_before() -> None:
    june = latest("month", CUT)
    assert compared("month", june, date(2025, 6, 1)).label == "June 2025"
    assert compared("month", june, date(2025, 6, 2)).label == "May 2026"
    assert compared("quarter", latest("quarter", CUT), date(2026, 1, 1)).label == "Q1 2026"


@given(st.sampled_from(KINDS), st.dates(date(1990, 1, 1), date(2100, 1, 1)), st.integers(0, 2_000))
def test_a_period_is_whole_over_and_newest(kind, until, reach) -> None:
    period = latest(kind, until)
    assert period.start < period.end <= until
    after = latest(kind, period.end)
    assert after == period  # as soon as it is over it is the latest
    assert latest(kind, period.end - timedelta(days=1)).start < period.start
    before = compared(kind, period, until - timedelta(days=reach))
    assert before.start < before.end <= period.start
    if kind not in ("month", "quarter", "year"):
        assert before.days == period.days
