"""Strength of seasons: of a pure one, of none, of odd series."""

from __future__ import annotations

import numpy as np
import pytest

from omnix.ml.seasonality import STRONG, seasonal

WEEK = np.array([0, 1, 2, 3, 4, 9, -5], dtype=float)


def test_a_pure_season_is_as_strong_as_can_be():
    season, strength = seasonal(np.tile(WEEK, 20), 7)
    assert strength > 0.99
    assert season[:7] - season[0] == pytest.approx(WEEK, abs=0.2)


def test_noise_has_hardly_any():
    random = np.random.default_rng(3)
    assert np.mean([seasonal(random.standard_normal(200), 7)[1] for _ in range(20)]) < 0.15


def test_it_falls_with_the_noise():
    random = np.random.default_rng(4)
    noise = random.standard_normal(210)
    found = [seasonal(np.tile(WEEK, 30) + size * noise, 7)[1] for size in (1, 5, 20)]
    assert found[0] > STRONG > found[2]
    assert found == sorted(found, reverse=True)


def test_one_wild_day_does_not_hide_it():
    values = np.tile(WEEK, 20)
    values[33] = 1_000
    assert np.ptp(seasonal(values, 7)[0]) < 30


def test_a_constant_has_none():
    assert seasonal(np.ones(30), 7)[1] == 0


@pytest.mark.parametrize(("count", "period"), [(13, 7), (20, 1), (0, 7)])
def test_too_little_is_refused(count, period):
    with pytest.raises(ValueError, match="two periods"):
        seasonal(np.ones(count), period)
