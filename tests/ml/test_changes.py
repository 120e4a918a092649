"""Change points: planted ones found, none invented, whatever the series."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from omnix.ml.changes import NEEDED, find_changes

DAYS = 900


def shop(seed: int, days: int = DAYS, noise: float = 0.2, year: float = 0.3, mean: float = 100.0):
    """Weekdays, a yearly season, noise that remembers, wild days."""
    random = np.random.default_rng(seed)
    at = np.arange(days)
    rest = random.normal(0, noise, days)
    rest[1:] += 0.2 * rest[:-1]
    wild = (random.random(days) < 0.01) * random.normal(1, 0.5, days)
    season = random.normal(0, 0.2, 7)[at % 7] + year * np.cos(2 * np.pi * at / 365.25)
    return mean * np.exp(season + rest + wild)


@pytest.mark.parametrize("effect", [-0.35, 0.5])
def test_planted_steps_are_found_within_a_week(effect):
    near = 0
    for seed in range(20):
        at = 100 + 35 * seed
        values = shop(seed)
        values[at:] *= 1 + effect
        found = find_changes(values).changes
        near += any(abs(c.at - at) <= 7 and abs(c.effect - effect) < 0.2 for c in found)
    assert near >= 18


def test_a_bend_is_found_within_two_months():
    values = shop(1, noise=0.1)
    values *= np.exp(0.8 * np.maximum(np.arange(DAYS) - 400, 0) / 365.25)
    (found,) = find_changes(values).changes
    assert (found.kind, abs(found.at - 400) < 60) == ("growth", True)
    assert found.effect == pytest.approx(0.8, abs=0.25)


def test_two_steps_are_told_apart():
    values = shop(2)
    values[300:] *= 1.6
    values[600:] *= 0.6
    assert [abs(c.at - at) <= 7 for c, at in zip(find_changes(values).changes, (300, 600), strict=True)] == [True, True]  # fmt: skip


def test_nothing_is_found_where_nothing_changes():
    alarms = sum(bool(find_changes(shop(seed)).changes) for seed in range(100, 160))
    assert alarms <= 3


def test_a_busy_fortnight_is_no_new_level():
    alarms = 0
    for seed in range(20):
        values = shop(seed)
        values[400:414] *= 2
        alarms += bool(find_changes(values).changes)
    assert alarms <= 2


def test_days_that_are_marked_explain_themselves():
    values, marks = shop(3), np.zeros((DAYS, 1))
    marks[500:700] = 1
    values[500:700] *= 1.8
    assert find_changes(values).changes
    assert find_changes(values, marks=marks).changes == ()


def test_what_comes_back_each_year_is_season():
    values = shop(4, days=3 * 365 + 100)
    for year in range(3):
        values[300 + 365 * year : 330 + 365 * year] *= 1.9
    assert find_changes(values).changes == ()


def test_closed_days_do_not_matter():
    values = shop(5)
    values[300:] *= 1.5
    values[5::7] = 0
    (found,) = find_changes(values, first_weekday=0).changes
    assert abs(found.at - 300) <= 7


def test_what_sells_rarely_is_looked_at_by_weeks():
    random = np.random.default_rng(6)
    values = random.poisson(np.where(np.arange(DAYS) < 450, 0.5, 2.0)).astype(float)
    (found,) = find_changes(values).changes
    assert abs(found.at - 450) <= 21


def test_the_size_does_not_matter():
    values = shop(7)
    values[450:] *= 1.5
    small, large = (find_changes(values * size).changes for size in (1e-3, 1e6))
    assert [(c.at, c.kind) for c in small] == [(c.at, c.kind) for c in large]


@pytest.mark.parametrize("odd", [np.zeros(200), np.ones(200), np.r_[np.zeros(199), 5.0], -shop(8)])
def test_odd_series_are_answered(odd):
    found = find_changes(odd)
    assert 0 <= found.p <= 1


@pytest.mark.parametrize("values", [np.ones(NEEDED - 1), np.r_[np.ones(200), np.nan]])
def test_too_little_or_unknown_is_refused(values):
    with pytest.raises(ValueError, match="finite ones needed"):
        find_changes(values)


@given(st.lists(st.sampled_from([0.0, 0.0, 1.0, 3.0, -2.0, 1e9]), min_size=NEEDED, max_size=200))
@settings(max_examples=25, deadline=None)
def test_any_series_is_answered(values):
    found = find_changes(np.array(values))
    assert all(0 < c.at < len(values) and 0 <= c.p <= 0.01 for c in found.changes)
    assert [c.at for c in found.changes] == sorted(c.at for c in found.changes)


def test_the_same_series_gives_the_same_answer():
    values = shop(9)
    values[500:] *= 1.4
    assert find_changes(values) == find_changes(values.copy())


def test_before_and_after_are_the_levels_a_change_lies_between():
    values = shop(3)
    values[500:] *= 1.5
    (found,) = find_changes(values).changes
    # Of two whole years: right before the step the season stands below its mean.
    assert found.before == pytest.approx(shop(3)[:730].mean(), rel=0.1)
    assert found.after / found.before == pytest.approx(1.5, abs=0.1)
    assert found.after / found.before - 1 == pytest.approx(found.effect, rel=0.05)
    assert not found.near


def test_the_levels_of_what_sells_rarely_are_of_a_day():
    values = np.random.default_rng(3).poisson(0.3, DAYS).astype(float)
    values[600:] += np.random.default_rng(4).poisson(0.9, 300)
    found = find_changes(values).changes[0]
    assert 0.2 < found.before < 0.4
    assert 0.9 < found.after < 1.6


@pytest.mark.parametrize("before", [0.0, 1.0])
def test_no_share_tells_a_rise_from_nearly_nought(before):
    values = shop(5, noise=0.1)
    values[:400] *= before / 100
    found = next(c for c in find_changes(values).changes if c.kind == "level")
    assert abs(found.at - 400) <= 7
    assert found.near
    assert 0 <= found.before < 10 < found.after


def test_of_growth_the_growth_of_a_year_stands_before_and_after():
    values = shop(1, noise=0.1)
    values *= np.exp(0.8 * np.maximum(np.arange(DAYS) - 400, 0) / 365.25)
    (found,) = find_changes(values).changes
    assert found.kind == "growth"
    assert found.before == pytest.approx(0, abs=0.1)
    assert found.after == pytest.approx(np.expm1(0.8), rel=0.2)
    assert np.log1p(found.after) - np.log1p(found.before) == pytest.approx(found.effect)
