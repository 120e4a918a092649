"""Noise stays, walks do not, and odd series are answered."""

from __future__ import annotations

import numpy as np
import pytest

from omnix.ml.stationarity import NEEDED, Stationarity, stationarity


def drawn(walk: bool):
    random = np.random.default_rng(7)
    for _ in range(40):
        noise = random.standard_normal(130)
        found = stationarity(np.cumsum(noise) if walk else noise)
        assert found is not None
        yield found.stationary


def test_noise_is_mostly_stationary_and_a_walk_mostly_not():
    noise, walks = list(drawn(walk=False)), list(drawn(walk=True))
    assert noise.count(True) >= 30
    assert noise.count(False) == 0
    assert walks.count(False) >= 25
    assert walks.count(True) <= 2


@pytest.mark.parametrize(
    ("adf", "kpss", "said"),
    [(0.01, 0.1, True), (0.5, 0.01, False), (0.01, 0.01, None), (0.5, 0.1, None)],
)
def test_where_the_tests_disagree_nothing_is_said(adf, kpss, said):
    assert Stationarity(adf, kpss).stationary is said


def test_what_never_varies_is_neither():
    assert stationarity(np.ones(50)) is None


def test_one_wild_value_among_equal_ones_is_answered():
    values = np.ones(60)
    values[30] = 5
    found = stationarity(values)
    assert found is None or (0 <= found.adf_p <= 1 and 0 <= found.kpss_p <= 1)


def test_too_few_values_are_refused():
    with pytest.raises(ValueError, match=f"{NEEDED} finite"):
        stationarity(np.arange(10.0))
