"""Panels of stores whose sales follow a rule that global models can learn."""

from __future__ import annotations

import numpy as np
import pandas as pd

_WEEK = np.array([1.0, 0.9, 0.8, 1.0, 1.2, 1.8, 0.0])


def stores(count: int, days: int, *, promo: float = 0.5, seed: int = 1) -> pd.DataFrame:
    """Stores of many sizes, closed on Sundays; a promotion adds the share `promo` to a day."""
    rng = np.random.default_rng(seed)
    ds = pd.date_range("2023-01-02", periods=days)
    parts = []
    for at in range(count):
        on = (rng.uniform(size=days) < 0.3).astype(float)
        noise = rng.uniform(0.95, 1.05, days)
        y = 100 * 3.0**at * _WEEK[ds.weekday] * (1 + promo * on) * noise
        closed = (ds.weekday == 6).astype(float)
        parts.append(
            pd.DataFrame(
                {"unique_id": f"store={at}", "ds": ds, "y": y, "promo": on, "closed": closed}
            )
        )
    return pd.concat(parts, ignore_index=True)


def split(frame: pd.DataFrame, horizon: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """All but the last `horizon` days, and these."""
    cut = frame["ds"].max() - pd.Timedelta(days=horizon)
    return (
        frame[frame["ds"] <= cut].reset_index(drop=True),
        frame[frame["ds"] > cut].reset_index(drop=True),
    )


def error(answer: pd.DataFrame, actual: pd.DataFrame) -> float:
    """The share of what was sold on open days by which the answer is off."""
    both = actual[actual["closed"] == 0].merge(answer, on=["unique_id", "ds"])
    return float((both["yhat"] - both["y"]).abs().sum() / both["y"].sum())
