"""Skill is told from luck: the tests agree with their twins, and do not cry wolf."""

from __future__ import annotations

import math
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom, ttest_1samp

from omnix.ml.compare import LEAST, better, diebold_mariano, paired_bootstrap
from omnix.ml.errors import MetricError

ERROR = st.floats(-1e3, 1e3).map(lambda x: round(x, 3))
ERRORS = st.lists(st.tuples(ERROR, ERROR), min_size=3, max_size=40)


def slow_diebold_mariano(e1, e2, h):
    """Diebold and Mariano (1995) with Harvey, Leybourne and Newbold (1997), equation by equation."""
    d = [a * a - b * b for a, b in zip(e1, e2, strict=True)]
    n, mean = len(d), sum(d) / len(d)
    gamma = [sum((d[t] - mean) * (d[t - k] - mean) for t in range(k, n)) / n for k in range(h)]
    variance = (gamma[0] + 2 * sum(gamma[1:])) / n
    if variance <= 0:
        return None
    return mean / math.sqrt(variance) * math.sqrt((n + 1 - 2 * h + h * (h - 1) / n) / n)


@given(ERRORS, st.integers(1, 4))
def test_diebold_mariano_is_its_formula(pairs, h) -> None:
    e1, e2 = [p[0] for p in pairs], [p[1] for p in pairs]
    found = diebold_mariano(e1, e2, h)
    assert 0 <= found.p_value <= 1
    slow = slow_diebold_mariano(e1, e2, h)
    spread = np.ptp(np.square(e1) - np.square(e2))
    if slow is not None and h < len(pairs) and spread > 1 and math.isfinite(found.statistic):
        assert found.statistic == pytest.approx(slow, rel=1e-4, abs=1e-6)


def test_one_step_ahead_it_is_the_paired_t_test() -> None:
    rng = np.random.default_rng(1)
    e1, e2 = rng.normal(0, 1, 30), rng.normal(0, 1.3, 30)
    expected = ttest_1samp(e1**2 - e2**2, 0)
    found = diebold_mariano(e1, e2)
    assert found.statistic == pytest.approx(expected.statistic)
    assert found.p_value == pytest.approx(expected.pvalue)


@given(ERRORS, st.integers(1, 6))
def test_who_comes_first_changes_only_the_sign(pairs, h) -> None:
    e1, e2 = [p[0] for p in pairs], [p[1] for p in pairs]
    one, other = diebold_mariano(e1, e2, h), diebold_mariano(e2, e1, h)
    assert (one.statistic, one.p_value) == (-other.statistic, other.p_value)


@pytest.mark.parametrize(
    ("e1", "e2", "h", "expected"),
    [
        ([1.0, 2.0], [1.0, 2.0], 1, (0.0, 1.0)),
        ([1.0], [2.0], 1, (0.0, 1.0)),
        ([1.0, 5.0, 1.0], [2.0, 1.0, 3.0], 7, (0.0, 1.0)),
        ([1.0] * 5, [2.0] * 5, 1, (-math.inf, 0.0)),
        ([3.0] * 5, [2.0] * 5, 2, (math.inf, 0.0)),
    ],
)
def test_the_edges_have_answers(e1, e2, h, expected) -> None:
    found = diebold_mariano(e1, e2, h)
    assert (found.statistic, found.p_value) == expected


def test_huge_errors_do_not_overflow() -> None:
    rng = np.random.default_rng(1)
    e1, e2 = rng.normal(size=30), rng.normal(size=30)
    assert diebold_mariano(e1 * 1e200, e2 * 1e200).p_value == pytest.approx(diebold_mariano(e1, e2).p_value)  # fmt: skip


def test_alternating_errors_need_the_other_weights() -> None:
    swing = np.array([1.0, -1.0] * 10)
    e1, e2 = np.sqrt(2 + swing + 0.1), np.sqrt(np.full(20, 2.0))
    assert slow_diebold_mariano(e1, e2, 2) is None
    found = diebold_mariano(e1, e2, 2)
    assert math.isfinite(found.statistic)
    assert found.statistic > 0


def test_a_bootstrap_is_the_same_for_the_same_seed() -> None:
    rng = np.random.default_rng(2)
    one, two = rng.gamma(2, size=50), rng.gamma(2.2, size=50)
    assert paired_bootstrap(one, two, 3) == paired_bootstrap(one, two, 3)
    assert paired_bootstrap(one, two, 3) != paired_bootstrap(one, two, 4)
    found = paired_bootstrap(one, two, 3)
    assert found.margin == pytest.approx(1 - one.sum() / two.sum())
    assert found.lower < found.margin < found.upper


def test_drawing_in_parts_draws_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(2)
    one, two = rng.gamma(2, size=50), rng.gamma(2.2, size=50)
    whole = paired_bootstrap(one, two, 3)
    monkeypatch.setattr("omnix.ml.compare._CELLS", 70)
    assert paired_bootstrap(one, two, 3) == whole


def test_the_interval_holds_the_true_margin() -> None:
    rng = np.random.default_rng(8)
    tries, hits = 200, 0
    for seed in range(tries):
        common = rng.gamma(2, size=80)
        found = paired_bootstrap(common * 0.9 * rng.uniform(0.8, 1.2, 80), common, seed, draws=400)
        hits += found.lower <= 0.1 <= found.upper
    assert hits >= binom.ppf(0.001, tries, 0.93)


def keyed(losses):
    return {
        (f"s{at % 5}", date(2024, 1, 1) + timedelta(days=at // 5)): x for at, x in enumerate(losses)
    }


def test_a_better_one_wins_a_worse_one_does_not() -> None:
    rng = np.random.default_rng(1)
    champion = rng.gamma(3, size=60)
    challenger = champion * rng.uniform(0.7, 1.0, 60)
    verdict = better(keyed(challenger), keyed(champion))
    assert verdict.wins
    assert 0.1 < verdict.margin < 0.2
    assert verdict.p_value < 0.001
    assert verdict.reason.startswith(f"{verdict.margin:.1%} less loss on 60 shared forecasts")
    back = better(keyed(champion), keyed(challenger))
    assert not back.wins
    assert back.margin < 0
    assert "no better" in back.reason
    assert not better(keyed(champion), keyed(champion)).wins


@pytest.mark.parametrize("count", [5, 30])
def test_luck_seldom_wins(count) -> None:
    rng = np.random.default_rng(4)
    tries = 300
    wins = sum(
        better(keyed(rng.gamma(2, size=count)), keyed(rng.gamma(2, size=count)), seed=seed).wins
        for seed in range(tries)
    )
    assert wins <= binom.ppf(0.999, tries, 0.05)


def test_forecasts_that_hang_together_count_once() -> None:
    """Ten lucky products on one good day are one stroke of luck."""
    days = [0.6, 1.2, 0.8, 1.1, 0.9, 1.0]
    champion = {(str(p), d): 1.0 for p in range(200) for d in range(6)}
    challenger = {(p, d): days[d] for p, d in champion}
    alone = better(challenger, champion)
    together = better(challenger, champion, cluster=lambda key: key[1])
    assert together.margin == pytest.approx(alone.margin)
    assert alone.wins
    assert not together.wins
    assert "on 6 shared forecasts" in together.reason
    assert "may be luck" in together.reason


def test_a_margin_can_be_asked_for() -> None:
    champion = keyed([1.0, 2.0] * 20)
    challenger = {key: 0.99 * loss for key, loss in champion.items()}
    assert better(challenger, champion).wins
    refused = better(challenger, champion, least=0.02)
    assert not refused.wins
    assert "less than the 2.0% that is asked" in refused.reason


def test_too_few_forecasts_tell_nothing() -> None:
    few = better(keyed([0.1] * (LEAST - 1)), keyed([1.0] * (LEAST - 1)))
    assert not few.wins
    assert f"{LEAST} are needed" in few.reason


def test_what_was_perfect_cannot_be_beaten() -> None:
    assert better(keyed([0.0] * 9), keyed([0.0] * 9)).margin == 0
    lost = better(keyed([1.0] * 9), keyed([0.0] * 9))
    assert not lost.wins
    assert lost.margin == -math.inf
    assert "infinitely more loss" in lost.reason


@given(st.permutations(range(20)))
def test_the_order_of_the_forecasts_is_no_matter(order) -> None:
    rng = np.random.default_rng(3)
    one, two = keyed(rng.gamma(2, size=20)), keyed(rng.gamma(2, size=20))
    mixed = {list(one)[at]: list(one.values())[at] for at in order}
    assert better(mixed, two, seed=1) == better(one, two, seed=1)


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda: diebold_mariano([1.0], [1.0, 2.0]), "e1 has 1 values, e2 has 2"),
        (lambda: diebold_mariano([1.0], [1.0], 0), "h is 0"),
        (lambda: diebold_mariano([], []), "e1 is empty"),
        (lambda: paired_bootstrap([1.0], [math.nan], 1), "loss2 is nan"),
        (lambda: paired_bootstrap([1.0], [-1.0], 1), "negative"),
        (lambda: paired_bootstrap([1.0], [1.0], 1, draws=0), "draws is 0"),
        (lambda: better({"a": 1.0}, {"b": 1.0}), "not judged on the same forecasts: 2"),
        (lambda: better({}, {}), "empty"),
    ],
)
def test_wrong_input_is_told(call, told) -> None:
    with pytest.raises(MetricError, match=told):
        call()
