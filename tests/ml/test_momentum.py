"""Slopes against their slow twin, intervals that cover, chances that are ones."""

from __future__ import annotations

from itertools import combinations
from statistics import median

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from omnix.ml.momentum import NEEDED, momentum

numbers = st.lists(st.floats(-1e6, 1e6, allow_subnormal=False), min_size=NEEDED, max_size=30)


@given(numbers)
@settings(max_examples=60, deadline=None)
def test_the_slope_is_the_median_of_all_pairs(values):
    slow = median((values[j] - values[i]) / (j - i) for i, j in combinations(range(len(values)), 2))
    found = momentum(np.array(values))
    assert found.slope == pytest.approx(slow, rel=1e-9, abs=1e-9)
    assert found.lower <= found.slope <= found.upper
    assert 0 <= found.p <= 1


@given(numbers)
@settings(max_examples=30, deadline=None)
def test_turned_around_it_goes_the_other_way(values):
    there, back = momentum(np.array(values)), momentum(np.array(values[::-1]))
    assert back.slope == pytest.approx(-there.slope, abs=1e-9)
    assert back.p == pytest.approx(there.p, abs=0.05)


def test_a_steady_rise_is_no_chance():
    assert momentum(np.arange(26.0)).p < 1e-6


def test_what_never_varies_has_none():
    found = momentum(np.ones(26))
    assert (found.slope, found.lower, found.upper, found.p) == (0, 0, 0, 1)


@pytest.mark.parametrize("memory", [0.0, 0.3])
def test_chance_is_called_a_trend_about_as_often_as_it_says(memory):
    random = np.random.default_rng(5)
    alarms = covered = 0
    for _ in range(400):
        noise = random.standard_normal(26)
        for at in range(1, 26):
            noise[at] += memory * noise[at - 1]
        found = momentum(noise)
        alarms += found.p < 0.05
        covered += found.lower <= 0 <= found.upper
    assert alarms <= 0.07 * 400
    assert covered >= 0.92 * 400


def test_too_few_values_are_refused():
    with pytest.raises(ValueError, match="8 finite ones needed"):
        momentum(np.arange(7.0))
