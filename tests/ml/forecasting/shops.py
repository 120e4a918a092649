"""A shop with two countries and three products, closed on Sundays, for the engine's tests."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from omnix.ml.forecasting.reconcile import Structure
from omnix.ml.forecasting.task import Known, Task

WEEK = np.array([1.0, 0.9, 0.8, 1.0, 1.3, 1.7, 0.0])
SUMS = Structure((("shop=", ("country=A", "country=B")),))


def shop(days: int = 200, *, seed: int = 5, noise: float = 0.08) -> Task:
    """The task of one metric by day; `shop=` is the sum of `country=A` and `country=B`."""
    rng = np.random.default_rng(seed)
    ds = pd.date_range("2024-01-01", periods=days)
    week = WEEK[ds.weekday]
    parts = {
        name: size * week * rng.uniform(1 - noise, 1 + noise, days)
        for name, size in {"country=A": 100.0, "country=B": 40.0}.items()
    }
    parts["shop="] = parts["country=A"] + parts["country=B"]
    parts["product=rare"] = np.where(rng.uniform(size=days) < 0.15, 3.0, 0.0) * (week > 0)
    rows = pd.concat(
        [pd.DataFrame({"unique_id": name, "ds": ds, "y": y}) for name, y in sorted(parts.items())],
        ignore_index=True,
    )
    daily = pd.DataFrame({"ds": ds, "y": parts["shop="]})
    levels = {name: name.partition("=")[0] for name in parts}
    horizons = {"shop": 28, "country": 28, "product": 14}
    return Task(
        "day", rows, levels, horizons, Known(daily=daily, holidays={date(2024, 1, 1): "New Year"})
    )
