"""A seasonal baseline forecast, chosen and calibrated on rolling origins.

Each candidate forecasts from many past moments; the one with the least root mean squared error is taken.
Its intervals are split conformal (Lei et al. 2018): quantiles of its own past misses, those of steps
about as far ahead taken together. What is said of its accuracy comes from folds that took no part in
choosing it nor in measuring its misses (leave one fold out).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats: TypeAlias = NDArray[np.float64]
    Model: TypeAlias = Callable[[Floats, int, int], Floats]

LEVELS = (0.8, 0.95)
#: Past moments to forecast from.
_FOLDS = 12


@dataclass(frozen=True)
class Accuracy:
    """How far off forecasts of the past were; `mape` leaves out what was nought."""

    mae: float
    rmse: float
    mape: float | None


@dataclass(frozen=True)
class Forecast:
    """Values for the next steps, and how good such forecasts have been.

    intervals: level → (lower, upper). coverage: level → share of past values inside of it.
    baseline:  the seasonal naive forecast's accuracy in the same test.
    """

    model: str
    values: list[float]
    intervals: Mapping[float, tuple[list[float], list[float]]]
    accuracy: Accuracy
    coverage: Mapping[float, float]
    baseline: Accuracy
    folds: int
    tested_steps: int


def needed(season: int) -> int:
    """How many values a forecast of that season needs."""
    return max(4 * season, 8) if season <= 12 else 2 * season + season // 2


def forecast(values: Floats, season: int, horizon: int, floor: float | None = None) -> Forecast:
    """The next `horizon` values of a series without gaps.

    `season`: after how many steps it repeats; 1 = never. `floor`: no value can lie below it.

    Raises:
        ValueError: there are fewer than `needed(season)` values.

    """
    import numpy as np

    if len(values) < needed(season):
        raise ValueError(f"{len(values)} values, {needed(season)} needed")
    origins, tested = _origins(len(values), season, horizon)
    actual = np.stack([values[at : at + tested] for at in origins])
    past = {
        name: np.stack([_floored(model(values[:at], season, tested), floor) for at in origins])
        for name, model in MODELS.items()
    }
    misses = {name: actual - made for name, made in past.items()}
    chosen = _best(misses, np.ones(len(origins), dtype=bool))
    accuracy, coverage = _held_out(misses, actual)
    made = _floored(MODELS[chosen](values, season, horizon), floor)
    widths = {level: _widths(misses[chosen], level, horizon) for level in LEVELS}
    return Forecast(
        model=chosen,
        values=[float(value) for value in made],
        intervals={
            level: (
                [float(value) for value in _floored(made - width, floor)],
                [float(value) for value in made + width],
            )
            for level, width in widths.items()
        },
        accuracy=accuracy,
        coverage=coverage,
        baseline=_accuracy(misses["seasonal_naive"], actual),
        folds=len(origins),
        tested_steps=tested,
    )


def _origins(count: int, season: int, horizon: int) -> tuple[list[int], int]:
    """The moments to forecast from, and how many steps ahead can be tested."""
    tested = max(1, min(horizon, count // 4))
    least = max(2 * season, count // 3, 4)
    newest = count - tested
    step = max(1, min(tested, (newest - least) // (_FOLDS - 1)))
    origins = [newest - step * number for number in range(_FOLDS)]
    return [at for at in reversed(origins) if at >= min(least, newest)], tested


def _best(misses: Mapping[str, Floats], folds: NDArray[np.bool_]) -> str:
    import numpy as np

    return min(misses, key=lambda name: float(np.mean(misses[name][folds] ** 2)))


def _held_out(misses: Mapping[str, Floats], actual: Floats) -> tuple[Accuracy, dict[float, float]]:
    """Accuracy and coverage, each fold judged by what the others taught."""
    import numpy as np

    folds, steps = actual.shape
    own, inside = np.empty_like(actual), {level: [] for level in LEVELS}  # type: ignore[var-annotated]
    for fold in range(folds):
        others = np.arange(folds) != fold if folds > 1 else np.ones(1, dtype=bool)
        name = _best(misses, others)
        own[fold] = misses[name][fold]
        for level in LEVELS:
            width = _widths(misses[name][others], level, steps)
            inside[level].append(np.mean(np.abs(own[fold]) <= width))
    shares = {level: float(np.mean(found)) for level, found in inside.items()}
    return _accuracy(own, actual), shares


def _widths(misses: Floats, level: float, horizon: int) -> Floats:
    """Half the interval at each step: it never narrows, and beyond what was tested grows by √."""
    import numpy as np

    steps = misses.shape[1]
    near = max(3, steps // 10)
    found = np.empty(horizon)
    for step in range(min(steps, horizon)):
        pool = np.sort(np.abs(misses[:, max(0, step - near) : step + near + 1]), axis=None)
        rank = math.ceil((len(pool) + 1) * level)
        found[step] = pool[min(rank, len(pool)) - 1]
    for step in range(steps, horizon):
        found[step] = found[steps - 1] * math.sqrt((step + 1) / steps)
    return np.asarray(np.maximum.accumulate(found))


def _accuracy(misses: Floats, actual: Floats) -> Accuracy:
    import numpy as np

    there = actual != 0
    mape = float(np.mean(np.abs(misses[there] / actual[there]))) if there.any() else None
    return Accuracy(float(np.mean(np.abs(misses))), float(np.sqrt(np.mean(misses**2))), mape)


def _floored(values: Floats, floor: float | None) -> Floats:
    import numpy as np

    return values if floor is None else np.maximum(values, floor)


def seasonal_naive(history: Floats, season: int, horizon: int) -> Floats:
    """The last season again and again."""
    import numpy as np

    return np.resize(history[-season:], horizon)


def seasonal_naive_drift(history: Floats, season: int, horizon: int) -> Floats:
    """The last season again, each time higher by the mean step between seasons so far."""
    import numpy as np

    seasons = min(len(history) // season - 1, 8)
    if seasons < 1:
        return seasonal_naive(history, season, horizon)
    newest, oldest = history[-season:], history[-season * (seasons + 1) :][:season]
    drift = (newest.mean() - oldest.mean()) / (seasons * season)
    passed = season * (1 + np.arange(horizon) // season)
    return np.asarray(np.resize(newest, horizon) + drift * passed)


def seasonal_moving_average(history: Floats, season: int, horizon: int) -> Floats:
    """The mean of the last eight values (fewer where there are fewer) of the same place in the season."""
    import numpy as np

    seasons = max(1, min(8, len(history) // season))
    recent = history[-season * seasons :].reshape(seasons, season)
    return np.resize(recent.mean(axis=0), horizon)


def moving_average(history: Floats, season: int, horizon: int) -> Floats:
    """The mean of the last four seasons, or of eight values where there is no season."""
    import numpy as np

    span = 4 * season if season > 1 else 8
    return np.full(horizon, history[-span:].mean())


def year_before(history: Floats, season: int, horizon: int) -> Floats:
    """The weekday's usual share of a level that moves as it did a year before (daily series)."""
    import numpy as np

    year = 364
    if season != 7 or len(history) < year + 56:
        return seasonal_moving_average(history, season, horizon)
    smooth = np.convolve(history, np.full(28, 1 / 28), mode="valid")  # ends at 27, 28, …
    level = smooth[-1]
    before = smooth[len(smooth) - 1 - year]
    ahead = np.arange(1, horizon + 1)
    at = np.minimum((ahead - 1) % year + 14, year)  # centred: 28 days end two weeks later
    moved = smooth[len(smooth) - 1 - year + at] / before if before > 0 else np.ones(horizon)
    weekdays = seasonal_moving_average(history, season, season)
    mean = weekdays.mean()
    share = np.resize(weekdays / mean, horizon) if mean else np.ones(horizon)
    return np.asarray(level * np.clip(moved, 0.2, 5.0) * share)


MODELS: Mapping[str, Model] = {
    "seasonal_naive": seasonal_naive,
    "seasonal_naive_drift": seasonal_naive_drift,
    "seasonal_moving_average": seasonal_moving_average,
    "moving_average": moving_average,
    "year_before": year_before,
}
