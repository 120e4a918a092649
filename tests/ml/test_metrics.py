"""Metrics against slow, obvious twins; their undefined cases; their input errors."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from omnix.ml import metrics
from omnix.ml.metrics import MetricError

NUMBER = st.floats(-1e6, 1e6, allow_nan=False).map(lambda x: 0.0 if abs(x) < 1e-6 else x)
PAIRS = st.lists(st.tuples(NUMBER, NUMBER), min_size=1, max_size=40)
LABELLED = st.lists(
    st.tuples(st.integers(0, 1), st.integers(0, 8).map(lambda x: x / 8)), min_size=1, max_size=30
)
close = pytest.approx


def split(pairs):
    return [p[0] for p in pairs], [p[1] for p in pairs]


class Twins:
    """What each metric says, one row after the other."""

    @staticmethod
    def mae(y, f):
        return sum(abs(b - a) for a, b in zip(y, f, strict=True)) / len(y)

    @staticmethod
    def rmse(y, f):
        return math.sqrt(sum((b - a) ** 2 for a, b in zip(y, f, strict=True)) / len(y))

    @staticmethod
    def bias(y, f):
        return sum(b - a for a, b in zip(y, f, strict=True)) / len(y)

    @staticmethod
    def mape(y, f):
        shares = [abs(b - a) / abs(a) for a, b in zip(y, f, strict=True) if a]
        return sum(shares) / len(shares) if shares else math.nan

    @staticmethod
    def smape(y, f):
        total = 0.0
        for a, b in zip(y, f, strict=True):
            if a or b:
                total += 2 * abs(b - a) / (abs(a) + abs(b))
        return total / len(y)

    @staticmethod
    def wape(y, f):
        size = sum(abs(a) for a in y)
        return sum(abs(b - a) for a, b in zip(y, f, strict=True)) / size if size else math.nan

    @staticmethod
    def r2(y, f):
        if len(set(y)) == 1:
            return math.nan
        mean = sum(map(Fraction, y)) / len(y)
        total = sum((Fraction(a) - mean) ** 2 for a in y)
        return float(
            1 - sum((Fraction(b) - Fraction(a)) ** 2 for a, b in zip(y, f, strict=True)) / total
        )


@pytest.mark.parametrize("name", ["mae", "rmse", "bias", "mape", "smape", "wape", "r2"])
@given(pairs=PAIRS)
def test_a_metric_is_what_its_slow_twin_says(name, pairs) -> None:
    y, yhat = split(pairs)
    expected = getattr(Twins, name)(y, yhat)
    assert getattr(metrics, name)(y, yhat) == close(expected, rel=1e-6, abs=1e-6, nan_ok=True)


@given(PAIRS, st.lists(NUMBER, min_size=3, max_size=30), st.integers(1, 2))
def test_scaled_metrics_are_shares_of_the_seasonal_naive(pairs, train, season) -> None:
    y, yhat = split(pairs)
    naive, past = train[:-season], train[season:]
    for scaled, plain in ((metrics.mase, Twins.mae), (metrics.rmsse, Twins.rmse)):
        scale = plain(past, naive)
        expected = plain(y, yhat) / scale if scale else math.nan
        assert scaled(y, yhat, train, season) == close(expected, rel=1e-6, nan_ok=True)


@given(PAIRS, st.floats(0.01, 0.99))
def test_pinball_charges_each_side_its_share(pairs, tau) -> None:
    y, q = split(pairs)
    losses = [tau * (a - b) if a >= b else (1 - tau) * (b - a) for a, b in pairs]
    assert metrics.pinball(y, q, tau) == close(sum(losses) / len(losses), rel=1e-9, abs=1e-9)


def test_the_median_minimises_pinball_at_one_half() -> None:
    y = np.random.default_rng(1).gamma(2, size=501)
    at = {
        q: metrics.pinball(y, np.full(501, np.quantile(y, q)), 0.9) for q in (0.5, 0.8, 0.9, 0.99)
    }
    assert min(at, key=at.get) == 0.9


@given(st.lists(st.tuples(NUMBER, NUMBER, NUMBER), min_size=1, max_size=30), st.floats(0.1, 0.9))
def test_intervals_against_their_twins(rows, level) -> None:
    y = [r[0] for r in rows]
    low, high = [min(r[1:]) for r in rows], [max(r[1:]) for r in rows]
    ends = list(zip(y, low, high, strict=True))
    assert metrics.coverage(y, low, high) == close(sum(b <= a <= c for a, b, c in ends) / len(y))
    assert metrics.interval_width(low, high) == close(
        sum(c - b for _, b, c in ends) / len(y), abs=1e-9
    )
    score = sum(c - b + 2 / (1 - level) * (max(b - a, 0) + max(a - c, 0)) for a, b, c in ends)
    assert metrics.interval_score(y, low, high, level) == close(score / len(y), rel=1e-9, abs=1e-6)


@given(LABELLED)
def test_auc_is_the_chance_of_the_right_order(rows) -> None:
    ones = [s for t, s in rows if t]
    noughts = [s for t, s in rows if not t]
    wins = [1.0 if a > b else 0.5 if a == b else 0.0 for a in ones for b in noughts]
    expected = sum(wins) / len(wins) if wins else math.nan
    assert metrics.auc(*split(rows)) == close(expected, nan_ok=True)


@given(LABELLED)
def test_average_precision_walks_down_the_scores(rows) -> None:
    total = sum(t for t, _ in rows)
    expected, before = 0.0, 0
    for line in sorted({s for _, s in rows}, reverse=True):
        taken = [t for t, s in rows if s >= line]
        if total:
            expected += (sum(taken) - before) / total * sum(taken) / len(taken)
        before = sum(taken)
    assert metrics.average_precision(*split(rows)) == close(
        expected if total else math.nan, nan_ok=True
    )


@given(LABELLED, st.integers(1, 6))
def test_probabilities_against_their_twins(rows, bins) -> None:
    y, p = split(rows)
    assert metrics.brier(y, p) == close(sum((b - a) ** 2 for a, b in rows) / len(rows))
    kept = [min(max(b if a else 1 - b, 1e-15), 1 - 1e-15) for a, b in rows]
    assert metrics.log_loss(y, p) == close(-sum(map(math.log, kept)) / len(rows))
    gap = 0.0
    for number in range(bins):
        inside = [(a, b) for a, b in rows if min(int(b * bins), bins - 1) == number]
        if inside:
            mean_y = sum(a for a, _ in inside) / len(inside)
            mean_p = sum(b for _, b in inside) / len(inside)
            gap += len(inside) / len(rows) * abs(mean_p - mean_y)
    assert metrics.ece(y, p, bins) == close(gap, abs=1e-12)


@given(LABELLED, st.sampled_from([0.1, 0.3, 0.5, 1.0]))
def test_lift_is_the_mean_over_every_way_to_break_ties(rows, share) -> None:
    y, score = split(rows)
    taken = math.ceil(share * len(rows) - 1e-9)
    ordered = sorted(rows, key=lambda row: -row[1])
    line = ordered[taken - 1][1]
    sure = [t for t, s in rows if s > line]
    tied = [t for t, s in rows if s == line]
    found = sum(sure) + sum(tied) / len(tied) * (taken - len(sure))
    expected = found / taken / (sum(y) / len(y)) if any(y) else math.nan
    assert metrics.lift(y, score, share) == close(expected, nan_ok=True)


@given(LABELLED, st.randoms())
def test_the_order_of_rows_is_no_matter(rows, chance) -> None:
    mixed = chance.sample(rows, len(rows))
    for metric in (
        metrics.auc,
        metrics.average_precision,
        metrics.lift,
        metrics.ece,
        metrics.brier,
    ):
        assert metric(*split(rows)) == close(metric(*split(mixed)), nan_ok=True)


TWO = [
    metrics.mae, metrics.rmse, metrics.bias, metrics.mape, metrics.smape, metrics.wape, metrics.r2,
    metrics.auc, metrics.average_precision, metrics.brier, metrics.log_loss, metrics.ece, metrics.lift,
    lambda y, f: metrics.mase(y, f, [1, 2, 3]), lambda y, f: metrics.rmsse(y, f, [1, 2, 3]),
    lambda y, f: metrics.pinball(y, f, 0.5), lambda y, f: metrics.coverage(y, f, f),
    lambda y, f: metrics.interval_score(y, f, f, 0.8), metrics.interval_width,
]  # fmt: skip


@pytest.mark.parametrize("metric", TWO)
@pytest.mark.parametrize(
    ("y", "yhat", "told"),
    [
        ([], [], "is empty"),
        ([1.0, 0.0], [1.0], "has 2 values"),
        ([1.0, math.nan], [1.0, 1.0], "is nan at place 1"),
        ([1.0, 1.0], [math.inf, 1.0], "is inf at place 0"),
        ([1.0, None], [1.0, 1.0], "is nan at place 1"),
        (["a"], [1.0], "no number"),
        ([[1.0]], [[1.0]], "2 dimensions"),
    ],
)
def test_what_cannot_be_compared_is_told(metric, y, yhat, told) -> None:
    with pytest.raises(MetricError, match=told):
        metric(y, yhat)


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda: metrics.mase([1], [1], [1.0], 1), "has 1 values, the season is 1"),
        (lambda: metrics.rmsse([1], [1], [1.0, 2.0], 0), "season is 0"),
        (lambda: metrics.pinball([1], [1], 1.0), "tau is 1.0"),
        (lambda: metrics.interval_score([1], [1], [1], 0), "level is 0"),
        (lambda: metrics.coverage([1, 1], [0, 3], [2, 2]), "Interval 1 runs from 3.0 to 2.0"),
        (lambda: metrics.brier([1], [1.5]), "probability at place 0 is 1.5"),
        (lambda: metrics.auc([2], [0.5]), "y is 2.0 at place 0"),
        (lambda: metrics.ece([1], [0.5], 0), "0 bins"),
        (lambda: metrics.lift([1], [0.5], 0), "share is 0"),
    ],
)
def test_wrong_parameters_are_told(call, told) -> None:
    with pytest.raises(MetricError, match=told):
        call()


def test_noughts_are_left_out_of_mape_and_only_noughts_have_none() -> None:
    assert metrics.mape([0, 10], [5, 9]) == close(0.1)
    assert math.isnan(metrics.mape([0, 0], [1, 2]))
    assert math.isnan(metrics.wape([0, 0], [1, 2]))
    assert metrics.smape([0, 0], [0, 2]) == close(1.0)
    assert math.isnan(metrics.mase([1], [2], [5, 5, 5]))
    assert math.isnan(metrics.r2([0.1] * 10, [0.2] * 10))


def test_huge_values_do_not_overflow() -> None:
    assert metrics.rmse([1e200, 0], [0, 0]) == close(1e200 / math.sqrt(2))
    assert metrics.rmse([1e-200], [0]) == close(1e-200)


def test_a_perfect_forecast_and_a_perfect_ranking() -> None:
    y = [1.0, 4.0, 2.0, 8.0]
    assert (metrics.mae(y, y), metrics.rmse(y, y), metrics.bias(y, y), metrics.r2(y, y)) == (
        0,
        0,
        0,
        1,
    )
    assert metrics.auc([0, 0, 1, 1], [0.1, 0.2, 0.3, 0.4]) == 1
    assert metrics.average_precision([0, 0, 1, 1], [0.1, 0.2, 0.3, 0.4]) == 1
    assert metrics.lift([1] + [0] * 9, [1] + [0] * 9) == 10
