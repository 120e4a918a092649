"""What forecasts cost: 1,000 series of two years of days, 30 days ahead.

    python -m benchmarks speed_forecast

The whole selection (a backtest of what the budget pays for, choice, intervals, the final fit), the
chosen forecast alone, and Prophet fitted to a sample of the same series in the same process.
"""

from __future__ import annotations

import resource
import time
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.report import Figure

if TYPE_CHECKING:
    from omnix.ml.forecasting.task import Task

SERIES, DAYS, HORIZON = 1_000, 730, 30
#: Series that Prophet is fitted to, to be multiplied.
_SAMPLE = 20
_BUDGET = 200.0


def run(full: bool) -> list[Figure]:  # noqa: ARG001 - one size
    """The selection, the chosen forecast, the peer, and how cost grows."""
    from omnix.ml.forecasting.bundle import Chosen
    from omnix.ml.forecasting.outlook import outlook
    from omnix.ml.forecasting.run import run as forecast

    task = shop(SERIES)
    wall, cpu = time.monotonic(), time.process_time()
    made = forecast(task, budget_seconds=_BUDGET)
    whole = time.monotonic() - wall, time.process_time() - cpu
    wall, cpu = time.monotonic(), time.process_time()
    asked = task.at(task.last)
    chosen = Chosen(made.plan).fit(asked.train, seed=7)
    outlook(task, chosen, (), {}, made.plan.scales, asked.future)
    alone = time.monotonic() - wall, time.process_time() - cpu
    peer = _prophet(task)
    tried = sorted(set(made.comparison["model"]) - {"ensemble"})
    half = shop(SERIES // 2)
    cpu = time.process_time()
    forecast(half, models=tried)
    grown = whole[1] / (time.process_time() - cpu)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    models = sorted({choice.model for choice in made.plan.choices.values()})
    return [
        Figure(
            "choosing for 1,000 series, all of it", *whole, peak_mb=peak, goal="300 s, 3,000 MB",
            met=whole[0] <= 300 and peak <= 3_000,
            note=f"budget {_BUDGET:.0f} s; {', '.join(sorted(made.comparison['model'].unique()))}",
        ),
        Figure(
            "the chosen forecast with intervals", *alone, ratio=peer / alone[1], to="Prophet on each",
            goal="20 times faster", met=peer / alone[1] >= 20, note=f"chosen: {', '.join(models)}",
        ),
        Figure("Prophet on each", cpu_s=peer, note=f"{_SAMPLE} series, times {SERIES // _SAMPLE}"),
        Figure(
            "cost of twice as many series, the same candidates", value=grown, goal="at most 2.2 times", met=grown <= 2.2
        ),
    ]  # fmt: skip


def shop(series: int) -> Task:
    """Products with weekdays, a year, promotions and noise of their own."""
    import pandas as pd

    from omnix.ml.forecasting.task import Known, Task

    rng = np.random.default_rng(3)
    ds = pd.date_range("2023-01-02", periods=DAYS)
    week = np.array([1.0, 0.9, 0.9, 1.0, 1.2, 1.6, 1.3])[ds.weekday]
    year = 1 + 0.3 * np.sin(2 * np.pi * ds.dayofyear.to_numpy() / 365.25)
    names = [f"product={at:04d}" for at in range(series)]
    sizes = rng.lognormal(3, 1, series)
    y = rng.poisson(sizes[:, None] * week * year * rng.gamma(20, 1 / 20, (series, DAYS)))
    rows = pd.DataFrame({
        "unique_id": np.repeat(names, DAYS), "ds": np.tile(ds.to_numpy(), series), "y": y.ravel().astype(float),
    })  # fmt: skip
    known = Known(daily=pd.DataFrame({"ds": ds, "y": y.sum(axis=0).astype(float)}))
    return Task("day", rows, dict.fromkeys(names, "product"), {"product": HORIZON}, known)


def _prophet(task: Task) -> float:
    """CPU seconds of Prophet for all series, from a sample; its own processes included."""
    from omnix.ml.forecasting import candidate

    names = frozenset(sorted(task.levels)[:: SERIES // _SAMPLE])
    part = replace(task.only(names))
    asked = part.at(part.last)
    before = _spent()
    candidate("prophet").fit(asked.train, seed=7).predict(asked.future)
    return (_spent() - before) * SERIES / len(names)


def _spent() -> float:
    own, others = (
        resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return own.ru_utime + own.ru_stime + others.ru_utime + others.ru_stime
