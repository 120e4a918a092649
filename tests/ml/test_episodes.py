"""What past episodes went with: planted effects lie in the interval, and where none is, nought does."""

from __future__ import annotations

import numpy as np
import pytest

from omnix.ml.episodes import (
    AROUND,
    Episode,
    closings,
    effect,
    expected,
    prices,
    raised,
    spans,
)

DAYS = 900


def shop(random: np.random.Generator, mean: float = 100.0, noise: float = 0.2):
    """Weekdays, a yearly season, noise that remembers."""
    at = np.arange(DAYS)
    rest = random.normal(0, noise, DAYS)
    rest[1:] += 0.2 * rest[:-1]
    season = random.normal(0, 0.2, 7)[at % 7] + 0.2 * np.cos(2 * np.pi * at / 365.25)
    return mean * np.exp(season + rest)


def starts(random: np.random.Generator, count: int, apart: int):
    return np.sort(random.choice(np.arange(40, DAYS - 40, apart), count, replace=False))


def promoted(seed: int, count: int, up: float, differ: float = 0.0, **how):
    """The effect told from so many promotions of a week, and that of the next one."""
    random = np.random.default_rng(seed)
    y, ran = shop(random, **how), np.zeros(DAYS, dtype=bool)
    for first in starts(random, count, 21):
        y[first : first + 7] *= 1 + up + differ * random.normal()
        ran[first : first + 7] = True
    return effect(*raised(y, spans(ran), ~ran)), up + differ * random.normal()


def held(told) -> float:
    return np.mean([found.lower <= truth <= found.upper for found, truth in told])


@pytest.mark.parametrize("count", [2, 5, 12])
@pytest.mark.parametrize("up", [0.0, 0.3, -0.2])
def test_a_planted_effect_lies_in_four_of_five_intervals(count, up):
    told = [promoted(seed, count, up) for seed in range(60)]
    assert held(told) >= 0.75
    assert np.mean([found.mean for found, _ in told]) == pytest.approx(up, abs=0.03)


def test_an_interval_is_no_wider_than_it_must_be():
    wide = [found.upper - found.lower for found, _ in (promoted(s, 12, 0.3) for s in range(20))]
    assert np.mean(wide) < 0.3


def test_promotions_that_differ_make_the_next_one_unsure():
    told = [promoted(seed, 8, 0.3, differ=0.25) for seed in range(80)]
    assert 0.68 <= held(told) <= 0.92
    assert np.mean([found.upper - found.lower for found, _ in told]) > 0.5


def test_of_a_single_one_the_next_is_not_told():
    told = [promoted(seed, 1, 1.0)[0] for seed in range(20)]
    assert np.mean([found.mean for found in told]) == pytest.approx(1.0, abs=0.15)
    assert {(found.lower, found.upper) for found in told} == {(None, None)}


def test_without_any_there_is_nothing():
    y = shop(np.random.default_rng(0))
    assert effect(*raised(y, [], np.ones(DAYS, dtype=bool))) is None


def test_two_that_are_alike_by_luck_are_no_certainty():
    alike = [Episode(0, 6, 0.2, 1.0), Episode(20, 26, 0.2, 1.0)]
    quiet = [Episode(at, at, gain, 1.0) for at, gain in enumerate(np.tile([-0.3, 0.3], 10))]
    found = effect(alike, quiet)
    assert found.upper - found.lower > 0.5
    assert effect(alike, []).upper == pytest.approx(0.2)


def test_what_holds_without_an_episode_is_taken_off():
    quiet = [Episode(at, at, gain, 1.0) for at, gain in enumerate(np.tile([0.0, 0.2], 10))]
    assert effect([Episode(0, 0, 0.5, 1.0)], quiet).mean == pytest.approx(0.4)


def closed(seed: int, count: int, back: float):
    """Closings of two days of which the days around take back a share."""
    random = np.random.default_rng(seed)
    y, shut = shop(random), np.zeros(DAYS, dtype=bool)
    for first in starts(random, count, 22):
        lost = y[first : first + 2].sum()
        shut[first : first + 2] = True
        for day in (*range(first - AROUND, first), *range(first + 2, first + 2 + AROUND)):
            y[day] += back * lost / (2 * AROUND)
    y[shut] = np.nan
    return effect(*closings(y, spans(shut), ~shut)), back - 1


@pytest.mark.parametrize("back", [0.0, 0.4])
def test_what_customers_make_up_for_lies_in_the_interval(back):
    told = [closed(seed, 6, back) for seed in range(60)]
    assert held(told) >= 0.75
    assert np.mean([found.mean for found, _ in told]) == pytest.approx(back - 1, abs=0.1)


def priced(seed: int, elasticity: float, changes: int = 5):
    random = np.random.default_rng(seed)
    y, level = shop(random, mean=8.0), np.ones(DAYS)
    for at in starts(random, changes, 75):
        level[at:] = np.exp(random.uniform(-0.33, 0.29))
    y = random.poisson(y * level**elasticity).astype(float)
    price = 10 * level * np.exp(random.normal(0, 0.03, DAYS))
    price[y == 0] = np.nan
    return prices(y, price, np.ones(DAYS, dtype=bool))


@pytest.mark.parametrize("elasticity", [0.0, -1.5])
def test_a_planted_elasticity_lies_in_four_of_five_intervals(elasticity):
    told = [effect(*priced(seed, elasticity)) for seed in range(40)]
    known = [(found, elasticity) for found in told if found and found.lower is not None]
    assert len(known) >= 36
    assert held(known) >= 0.75


def test_a_price_that_only_wavers_never_changed():
    assert sum(len(priced(seed, -1.5, changes=0)[0]) for seed in range(20)) <= 2


def test_the_ordinary_is_that_of_the_weekday_nearby():
    y = np.tile([1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0], 20)
    y[70:77] = 100.0
    ordinary = np.ones(140, dtype=bool)
    ordinary[70:77] = False
    assert expected(y, ordinary, np.arange(70, 77)).tolist() == [1, 2, 3, 4, 5, 6, 7]
    ordinary[:] = False
    ordinary[7] = True
    assert np.isnan(expected(y, ordinary, np.array([14]))).all()


def test_runs_are_not_parted_by_what_bridges_them():
    flags = np.array([1, 1, 0, 1, 0, 0, 1], dtype=bool)
    bridge = np.array([0, 0, 1, 0, 0, 1, 0], dtype=bool)
    assert spans(flags) == [(0, 1), (3, 3), (6, 6)]
    assert spans(flags, bridge) == [(0, 3), (6, 6)]
