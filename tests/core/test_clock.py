from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from omnix.core.clock import as_of_moment, utc_now


def test_now_is_in_utc() -> None:
    assert utc_now().utcoffset() == timedelta(0)
    assert utc_now() - datetime.now(UTC) < timedelta(seconds=1)


@given(st.dates())
def test_the_cut_is_the_first_moment_of_the_day(day: date) -> None:
    cut = as_of_moment(day)
    assert (cut.date(), cut.tzinfo, cut.time().isoformat()) == (day, None, "00:00:00")
