"""Conformal bands: they cover what they promise, hold one another, and say what they rest on."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom

from omnix.ml.conformal import BUCKETS, LEVELS, Bands, calibrate
from omnix.ml.errors import MetricError

MISSES = st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=60)

DRAWS = {
    "normal": lambda rng, n: rng.normal(0, 3, n),
    "skewed": lambda rng, n: rng.gamma(0.7, 5, n) - 2,
    "heavy": lambda rng, n: rng.standard_t(2, n),
    "counts": lambda rng, n: rng.poisson(1.5, n) - 1.2,
}


@pytest.mark.parametrize("kind", DRAWS)
@pytest.mark.parametrize("count", [39, 200])
def test_bands_cover_what_they_promise(kind, count) -> None:
    """Over many calibrations: at least the level and, without ties, not much more."""
    rng = np.random.default_rng(5)
    tries = 3000
    inside = dict.fromkeys(LEVELS, 0)
    for _ in range(tries):
        bands = calibrate({("shop", 1): DRAWS[kind](rng, count)})
        value = DRAWS[kind](rng, 1)
        for level, (low, high) in bands.apply([0.0], "shop", 1).items():
            inside[level] += int(low[0] <= value[0] <= high[0])
    for level, hits in inside.items():
        assert hits >= binom.ppf(0.001, tries, level)
        if kind in {"normal", "heavy"}:
            assert hits <= binom.ppf(0.999, tries, min(level + 2 / (count + 1), 0.999))


@given(MISSES, st.lists(st.floats(0.01, 0.99), min_size=1, max_size=5), st.integers(1, 400))
def test_bands_hold_their_point_and_one_another(misses, levels, h) -> None:
    found = calibrate({("a", 1): misses, ("b", 9): misses[::-1]}, levels).apply([10.0], "a", h)
    assert list(found) == sorted(set(levels))
    last = (np.array([10.0]), np.array([10.0]))
    for low, high in found.values():
        assert low <= last[0]
        assert high >= last[1]
        last = (low, high)


@given(MISSES, st.floats(0.1, 10))
def test_a_floor_and_a_scale(misses, scale) -> None:
    free, floored = (calibrate({("a", 1): misses}, floor=floor) for floor in (None, 0.0))
    for level in LEVELS:
        low, high = free.apply([5.0], "a", 1, scale)[level]
        one_low, one_high = free.apply([5.0], "a", 1)[level]
        assert low - 5 == pytest.approx((one_low - 5) * scale, abs=1e-6)
        assert high - 5 == pytest.approx((one_high - 5) * scale, abs=1e-6)
        assert floored.apply([5.0], "a", 1)[level][0] == max(one_low[0], 0.0)


def test_buckets_are_calibrated_apart() -> None:
    rng = np.random.default_rng(2)
    bands = calibrate({("a", h): rng.normal(0, h, 500) for h in (1, 7, 28)})
    widths = [np.diff(bands.apply([0.0], "a", h)[0.8], axis=0).item() for h in (1, 7, 28, 112)]
    assert widths == sorted(widths)
    assert widths[2] / widths[0] == pytest.approx(28, rel=0.2)
    assert widths[3] / widths[2] == pytest.approx(2)  # four times as far, beyond what was tested


def test_too_few_misses_borrow_from_the_neighbours_then_from_all() -> None:
    rng = np.random.default_rng(3)
    bands = calibrate({
        ("few", 1): rng.normal(0, 1, 5), ("few", 2): rng.normal(0, 1, 200), ("wide", 1): rng.normal(0, 50, 900),
    })  # fmt: skip
    low, high = bands.apply([0.0], "few", 1)[0.95]
    assert 3 < (high - low).item() < 6
    alone = calibrate({("few", 1): rng.normal(0, 1, 5), ("wide", 1): rng.normal(0, 50, 900)})
    low, high = alone.apply([0.0], "few", 1)[0.95]
    assert (high - low).item() > 100
    assert (bands.count("few", 1), bands.count("few", 3), bands.count("nobody", 1)) == (5, 200, 905)


def test_an_unknown_group_is_answered_by_all() -> None:
    bands = calibrate({("a", 1): np.arange(-50, 51), ("b", 1): np.arange(-50, 51)})
    assert bands.apply([0.0], "new", 1)[0.5] == bands.apply([0.0], "a", 1)[0.5]


def test_many_points_at_once_are_as_one_by_one() -> None:
    rng = np.random.default_rng(4)
    bands = calibrate({(g, h): rng.normal(0, h, 80) for g in "ab" for h in range(1, 30)}, floor=0.0)
    points, groups = rng.uniform(0, 40, 60), ["a", "b", "c"] * 20
    steps, scales = rng.integers(1, 60, 60), rng.uniform(0.5, 2, 60)
    found = bands.apply(points, groups, steps, scales)
    for at in range(60):
        alone = bands.apply([points[at]], groups[at], steps[at], scales[at])
        for level in LEVELS:
            assert [ends[at] for ends in found[level]] == [ends[0] for ends in alone[level]]


def test_bands_pass_through_json() -> None:
    bands = calibrate(
        {("a", h): np.random.default_rng(h).normal(size=50) for h in BUCKETS}, floor=0.0
    )
    assert Bands.from_dict(json.loads(json.dumps(bands.to_dict()))) == bands


def test_no_forecasts_have_no_bands() -> None:
    assert [len(low) for low, _ in calibrate({("a", 1): [1.0]}).apply([], "a", 1).values()] == [
        0
    ] * 3


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda: calibrate({}), "no misses"),
        (lambda: calibrate({("a", 1): []}), "no misses"),
        (lambda: calibrate({("a", 1): [np.nan]}), "not finite"),
        (lambda: calibrate({("a", 0): [1.0]}), "step"),
        (lambda: calibrate({("a", 1): [1.0]}, [1.0]), "levels"),
        (lambda: calibrate({("a", 1): [1.0]}, []), "levels"),
        (lambda: calibrate({("a", 1): [1.0]}).apply([1.0], "a", 0), "step ahead is 0"),
        (lambda: calibrate({("a", 1): [1.0]}).apply([1.0, 2.0], ["a"], 1), "1 groups"),
        (lambda: calibrate({("a", 1): [1.0]}).apply([1.0, 2.0], "a", [1, 2, 3]), "one each"),
    ],
)  # fmt: skip
def test_wrong_input_is_told(call, told) -> None:
    with pytest.raises(MetricError, match=told):
        call()


def test_one_wild_day_does_not_make_an_interval() -> None:
    usual = np.linspace(-10, 10, 200)
    errors = {("g", 1): usual[:9], ("g", 2): np.append(usual[10:19], 5_000.0), ("g", 7): usual}
    bands = calibrate(errors)
    for step in (1, 2, 7):
        _, high = bands.apply(0.0, "g", step)[0.8]
        assert high[0] <= 10
