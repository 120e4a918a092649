"""The baseline forecast: each model by example, honest accuracy, intervals that hold."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from omnix.metrics.baseline import MODELS, forecast, needed

WEEK = np.array([1.0, 0.9, 0.8, 1.0, 1.2, 1.6, 1.5])


def sales(seed: int, count: int = 700, growth: float = 0.0) -> np.ndarray:
    at = np.arange(count)
    level = 100 * WEEK[at % 7] * (1 + growth * at)
    return np.random.default_rng(seed).poisson(level).astype(float)


def test_the_last_season_is_repeated() -> None:
    history = np.array([9.0, 9, 9, 1, 2, 3])
    assert list(MODELS["seasonal_naive"](history, 3, 5)) == [1, 2, 3, 1, 2]


def test_a_drift_adds_the_step_between_seasons() -> None:
    history = np.array([1.0, 2, 3, 4, 5, 6, 7, 8])  # one more each step
    assert list(MODELS["seasonal_naive_drift"](history, 2, 5)) == [9, 10, 11, 12, 13]
    assert list(MODELS["seasonal_naive_drift"](history[:3], 2, 3)) == [2, 3, 2]


def test_places_in_the_season_are_averaged() -> None:
    history = np.array([1.0, 10, 3, 20])
    assert list(MODELS["seasonal_moving_average"](history, 2, 3)) == [2, 15, 2]
    assert list(MODELS["moving_average"](history, 1, 2)) == [8.5, 8.5]


def test_the_year_before_moves_the_level() -> None:
    at = np.arange(900)
    history = 100 + 50 * np.sin(2 * np.pi * at / 364)
    ahead = MODELS["year_before"](history, 7, 180)
    truth = 100 + 50 * np.sin(2 * np.pi * (900 + np.arange(180)) / 364)
    flat = MODELS["moving_average"](history, 7, 180)
    assert np.abs(ahead - truth).mean() < np.abs(flat - truth).mean() / 2


def test_the_weekly_pattern_is_found_and_beats_the_baseline() -> None:
    made = forecast(sales(1), 7, 28, floor=0.0)
    truth = 100 * WEEK[(700 + np.arange(28)) % 7]
    assert np.abs(np.array(made.values) - truth).mean() < 6
    assert made.accuracy.rmse < made.baseline.rmse
    assert made.model != "seasonal_naive"
    assert made.accuracy.mape == pytest.approx(0.09, abs=0.04)
    assert (made.folds, made.tested_steps) == (12, 28)


def test_where_nothing_beats_the_baseline_it_is_used() -> None:
    """A random walk of whole weeks: the newest week says all that can be known."""
    steps = np.random.default_rng(5).standard_normal(100).cumsum() * 30 + 1_000
    made = forecast(np.repeat(steps, 7) * np.tile(WEEK, 100), 7, 7)
    assert made.model == "seasonal_naive"
    assert made.accuracy.rmse == pytest.approx(made.baseline.rmse, rel=0.3)


@pytest.mark.parametrize("horizon", [7, 28, 90])
def test_intervals_hold_what_they_promise_on_what_was_never_seen(horizon: int) -> None:
    inside: dict[float, list[float]] = {0.8: [], 0.95: []}
    claimed: dict[float, list[float]] = {0.8: [], 0.95: []}
    for seed in range(12):
        values = sales(seed, 500 + horizon)
        made = forecast(values[:500], 7, horizon)
        for level, (low, high) in made.intervals.items():
            truth = values[500:]
            inside[level].append(np.mean((truth >= low) & (truth <= high)))
            claimed[level].append(made.coverage[level])
    for level, shares in inside.items():
        assert np.mean(shares) == pytest.approx(level, abs=0.07)
        assert np.mean(claimed[level]) == pytest.approx(np.mean(shares), abs=0.06)


@settings(max_examples=40)
@given(
    st.sampled_from([1, 7, 12, 52]),
    st.integers(0, 300),
    st.integers(1, 365),
    st.integers(0, 10_000),
    st.sampled_from([None, 0.0]),
)
def test_any_series_gives_finite_nested_intervals(season, more, horizon, seed, floor) -> None:
    values = np.random.default_rng(seed).integers(-5 if floor is None else 0, 20, needed(season) + more)  # fmt: skip
    made = forecast(values.astype(float), season, horizon, floor)
    assert len(made.values) == horizon
    (low80, high80), (low95, high95) = made.intervals[0.8], made.intervals[0.95]
    assert np.isfinite([*made.values, *low80, *high80, *low95, *high95]).all()
    for place in range(horizon):
        assert low95[place] <= low80[place] <= made.values[place] <= high80[place] <= high95[place]
    widths = np.array(high95) - np.array(made.values)
    assert (np.diff(widths) >= -1e-6 * np.abs(widths[1:]).max(initial=1)).all(), (
        "certainty never grows"
    )
    if floor is not None:
        assert min(low95) >= floor
    assert 0 <= made.coverage[0.8] <= made.coverage[0.95] <= 1


def test_too_little_is_refused() -> None:
    for season in (1, 7, 12, 52):
        with pytest.raises(ValueError, match="needed"):
            forecast(np.ones(needed(season) - 1), season, 1)


def test_constant_and_empty_series_have_no_percentage_of_nought() -> None:
    made = forecast(np.zeros(60), 7, 14)
    assert made.accuracy.mape is None
    assert made.values == [0.0] * 14
    assert forecast(np.full(60, 5.0), 7, 14).accuracy.mae == 0
