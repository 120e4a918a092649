"""Is one model better than another, or was it lucky? Both judged on the same folds."""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
from numpy.typing import ArrayLike

from omnix.ml._numbers import Floats, pair
from omnix.ml.errors import MetricError

K = TypeVar("K", bound=Hashable)

#: Independent forecasts below which nobody can tell skill from luck.
LEAST = 4
_DRAWS = 2000
_CELLS = 4_000_000  # numbers drawn at a time: 32 MB


@dataclass(frozen=True)
class Difference:
    """`statistic` below nought: the first has less loss. `p_value`: of no difference, both ways."""

    statistic: float
    p_value: float


@dataclass(frozen=True)
class Bootstrap:
    """By what share the first has less loss than the second.

    margin:       1 - loss of the first / loss of the second.
    lower, upper: of its 95 % interval.
    p_value:      chance of the margin, or a better one, if the first were no better.
    """

    margin: float
    lower: float
    upper: float
    p_value: float


@dataclass(frozen=True)
class Verdict:
    """Whether the challenger wins, by which share less loss, how surely, and that in words."""

    wins: bool
    margin: float
    p_value: float
    reason: str


def diebold_mariano(e1: ArrayLike, e2: ArrayLike, h: int = 1, *, power: float = 2) -> Difference:
    """Test of equal accuracy of two forecasts `h` steps ahead, from their errors, in time's order.

    Loss is |error| to the `power`. The correction for small samples is that of Harvey, Leybourne and
    Newbold (1997); where the variance of Diebold and Mariano (1995) is not positive, Bartlett's
    weights make it so. Too few errors for `h`: p is 1. Equal errors: p is 1. A difference that is
    always the same: p is 0.

    Raises:
        MetricError: errors are empty, not finite, differ in number, or `h` is below 1.

    """
    if h < 1:
        raise MetricError(f"h is {h}.", "Give the steps ahead, 1 or more.")
    first, second = pair(e1, e2, "e1 and e2")
    # One scale for both keeps powers of huge errors finite and changes no test.
    scale = max(float(np.max(np.abs(first))), float(np.max(np.abs(second)))) or 1.0
    lost = np.abs(first / scale) ** power - np.abs(second / scale) ** power
    count, mean = len(lost), float(np.mean(lost))
    small = (count + 1 - 2 * h + h * (h - 1) / count) / count
    if count < 2 or h >= count or small <= 0 or not lost.any():
        return Difference(0.0, 1.0)
    if np.all(lost == lost[0]):
        return Difference(math.copysign(math.inf, mean), 0.0)
    statistic = mean / math.sqrt(_variance_of_mean(lost, h)) * math.sqrt(small)
    return Difference(statistic, _two_sided(statistic, count - 1))


def paired_bootstrap(
    loss1: ArrayLike, loss2: ArrayLike, seed: int, *, draws: int = _DRAWS
) -> Bootstrap:
    """Compare losses pair by pair by drawing pairs again, with the same answer for the same seed.

    Pairs must not depend on one another: add up what does (days of one fold) before. When the
    second has no loss at all the margin is 0 if neither has the first, else minus infinity.

    Raises:
        MetricError: losses are empty, negative, not finite or differ in number; no draws.

    """
    first, second = _losses(loss1, loss2)
    if draws < 1:
        raise MetricError(f"draws is {draws}.", "Give 1 or more; 2000 is usual.")
    margin = _margin(float(first.sum()), float(second.sum()))
    sums = _drawn_sums(first, second, draws, np.random.default_rng(seed))
    drawn = np.array([_margin(one, two) for one, two in sums])
    lower, upper = np.quantile(drawn, [0.025, 0.975], method="inverted_cdf")
    p_value = (1 + int(np.sum(drawn <= 0))) / (draws + 1)
    return Bootstrap(margin, float(lower), float(upper), p_value)


def better(
    challenger: Mapping[K, float],
    champion: Mapping[K, float],
    *,
    cluster: Callable[[K], Any] | None = None,
    least: float = 0.0,
    alpha: float = 0.05,
    seed: int = 0,
) -> Verdict:
    """Whether `challenger` has less loss than `champion` by more than noise and by more than `least`.

    Both map the same forecasts (such as series and cut) to their loss. `cluster`: what forecasts
    have in common that makes them depend on one another (such as the cut); they are added up. Both
    a paired t-test (Diebold-Mariano's for independent forecasts, corrected for small samples) and a
    paired bootstrap must say so; the verdict's `p_value` is the larger one-sided p of the two.

    Raises:
        MetricError: they are not of the same forecasts, or a loss is negative or not finite.

    """
    one, two = _clustered(challenger, champion, cluster)
    drawn = paired_bootstrap(one, two, seed)
    tested = diebold_mariano(one, two, power=1)
    one_sided = tested.p_value / 2 if tested.statistic < 0 else 1 - tested.p_value / 2
    p_value = max(one_sided, drawn.p_value)
    wins = len(one) >= LEAST and drawn.margin > least and p_value < alpha
    return Verdict(wins, drawn.margin, p_value, _reason(len(one), drawn, p_value, least, alpha))


def _reason(count: int, drawn: Bootstrap, p_value: float, least: float, alpha: float) -> str:
    if count < LEAST:
        return f"{count} independent forecasts cannot tell skill from luck; {LEAST} are needed."
    size = "infinitely" if math.isinf(drawn.margin) else f"{abs(drawn.margin):.1%}"
    less = "less" if drawn.margin > 0 else "more"
    said = f"{size} {less} loss on {count} shared forecasts (p = {p_value:.3g})"
    if drawn.margin <= 0:
        return f"{said}: no better." if drawn.margin < 0 else f"The same loss on {count} forecasts."
    if drawn.margin <= least:
        return f"{said}: less than the {least:.1%} that is asked."
    return f"{said}." if p_value < alpha else f"{said}: it may be luck, p must be below {alpha}."


def _clustered(
    challenger: Mapping[K, float], champion: Mapping[K, float], cluster: Callable[[K], Any] | None
) -> tuple[Floats, Floats]:
    """Losses of both added up by cluster, in one order that does not depend on the mappings'."""
    if other := challenger.keys() ^ champion.keys():
        raise MetricError(
            f"Challenger and champion were not judged on the same forecasts: {len(other)} are of one "
            f"only, such as {min(other, key=repr)!r}.",
            "Backtest both on the same folds and series.",
        )
    keys = sorted(challenger, key=repr)
    if cluster is None:
        return _losses([challenger[key] for key in keys], [champion[key] for key in keys])
    names = [repr(cluster(key)) for key in keys]
    _, place = np.unique(names, return_inverse=True)
    one, two = _losses([challenger[key] for key in keys], [champion[key] for key in keys])
    sums = [np.bincount(place, weights=losses) for losses in (one, two)]
    return _losses(sums[0], sums[1])


def _losses(loss1: ArrayLike, loss2: ArrayLike) -> tuple[Floats, Floats]:
    first, second = pair(loss1, loss2, "loss1 and loss2")
    if min(first.min(), second.min()) < 0:
        raise MetricError(
            "A loss is negative.", "Give losses, such as absolute errors, not errors."
        )
    return first, second


def _margin(first: float, second: float) -> float:
    if second > 0:
        return 1 - first / second
    return 0.0 if first == 0 else -math.inf


def _drawn_sums(first: Floats, second: Floats, draws: int, rng: np.random.Generator) -> Floats:
    """For each draw, the sums of both losses over as many pairs as there are."""
    rows, count = max(1, _CELLS // len(first)), len(first)
    parts = []
    for start in range(0, draws, rows):
        taken = rng.integers(0, count, size=(min(rows, draws - start), count))
        parts.append(np.column_stack([first[taken].sum(axis=1), second[taken].sum(axis=1)]))
    return np.concatenate(parts)


def _variance_of_mean(lost: Floats, h: int) -> float:
    """Of a series that is correlated up to `h` - 1 steps."""
    count = len(lost)
    middle = lost - lost.mean()
    of_lag = [float(middle[lag:] @ middle[: count - lag]) / count for lag in range(h)]
    plain = of_lag[0] + 2 * sum(of_lag[1:])
    if plain <= 0:
        plain = of_lag[0] + 2 * sum(
            value * (1 - lag / h) for lag, value in enumerate(of_lag) if lag
        )
    return plain / count


def _two_sided(statistic: float, freedom: int) -> float:
    from scipy.stats import t

    return float(2 * t.sf(abs(statistic), freedom))
