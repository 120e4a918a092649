"""Unusual days: events are found, noise is left alone, nothing looks ahead."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from omnix.metrics.unusual import NEEDED, threshold, unusual

WEEK = np.array([1.0, 0.9, 0.8, 1.0, 1.2, 1.6, 1.5])
COUNT = 600


def days(count: int = COUNT) -> list[date]:
    return [date(2024, 1, 1) + timedelta(days=number) for number in range(count)]


def busy(seed: int, mean: float = 100, count: int = COUNT) -> np.ndarray:
    """Poisson sales with a weekday pattern and a season."""
    at = np.arange(count)
    level = mean * WEEK[at % 7] * (1 + 0.3 * np.sin(2 * np.pi * at / 365))
    return np.random.default_rng(seed).poisson(level).astype(float)


def found(values, last=365, tests=365, **more):
    return unusual(days(len(values)), list(values), last=last, tests=tests, **more)


@pytest.mark.parametrize(("factor", "sign"), [(0.0, -1), (0.4, -1), (2.0, 1), (5.0, 1)])
def test_an_event_is_found_with_band_and_direction(factor, sign) -> None:
    values = busy(3)
    values[500] *= factor
    event = next(each for each in found(values) if each.day == days()[500])
    assert np.sign(event.score) == sign
    assert abs(event.score) > threshold(365)
    assert event.value == values[500]
    assert event.lower < event.expected < event.upper
    assert not event.lower <= event.value <= event.upper
    assert event.expected == pytest.approx(100 * WEEK[500 % 7] * (1 + 0.3 * np.sin(2 * np.pi * 500 / 365)), rel=0.25)  # fmt: skip


def test_a_year_without_events_gives_a_false_alarm_seldom() -> None:
    alarms = [len(found(busy(seed))) for seed in range(20)]
    assert sum(bool(each) for each in alarms) <= 4
    assert sum(alarms) <= 5


def test_a_usual_weekend_peak_is_nothing_unusual() -> None:
    values = np.tile(np.array([10, 10, 10, 10, 10, 90, 80.0]), 60)
    assert found(values) == []
    values[397] = 10.0  # the last Saturday but one, like a weekday
    assert days()[397].weekday() == 5
    assert [each.day for each in found(values)] == [days()[397]]


def test_rare_things_are_not_unusual_each_time() -> None:
    values = np.random.default_rng(1).poisson(0.1, COUNT).astype(float)
    assert len(found(values)) <= 1
    values[550] = 9
    assert days()[550] in [each.day for each in found(values)]


def test_days_without_a_value_are_not_judged() -> None:
    values: list[float | None] = [*busy(5)]
    for at in range(400, 430):
        values[at] = None
    values[520] = 900.0
    assert [each.day for each in found(values)] == [days()[520]]
    assert found([None] * COUNT) == []


def test_too_short_a_past_is_not_judged() -> None:
    values = busy(7, count=NEEDED)
    values[-1] = 10_000
    assert found(values) == []
    assert found([]) == []


def test_only_the_last_days_are_looked_at() -> None:
    values = busy(9)
    values[500] = 0
    assert found(values, last=99, tests=99) == []
    assert len(found(values, last=100, tests=100)) == 1


@settings(max_examples=25)
@given(st.integers(300, COUNT - 1), st.integers(0, 1_000))
def test_nothing_of_later_changes_what_is_said_of_a_day(cut, seed) -> None:
    values = busy(seed % 7)
    values[cut - 1] *= 4
    changed = values.copy()
    changed[cut:] = np.random.default_rng(seed).uniform(0, 1e6, COUNT - cut)
    before = [each for each in found(values, last=COUNT) if each.day < days()[cut]]
    after = [each for each in found(changed, last=COUNT) if each.day < days()[cut]]
    assert before == after


def test_the_line_rises_with_the_number_of_looks() -> None:
    lines = [threshold(tests) for tests in (0, 1, 30, 365, 3_650)]
    assert lines == sorted(lines)
    assert lines[1] == pytest.approx(2.5758, abs=1e-4)


def test_shares_are_judged_as_they_are() -> None:
    values = 0.03 + 0.005 * np.random.default_rng(2).standard_normal(COUNT)
    values[580] = 0.2
    (event,) = found(values, last=30, tests=30, rooted=False)
    assert event.expected == pytest.approx(0.03, abs=0.01)
