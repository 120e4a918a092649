"""Series to put models to the test: a usual one, and what shops really have."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

_WEEK = np.array([1.0, 0.9, 0.8, 1.0, 1.2, 1.8, 1.6])
_START = "2023-01-02"


def usual(days: int, *names: str) -> pd.DataFrame:
    """Daily sales of about 100 with weekdays, noise and promotions."""
    import pandas as pd

    rng = np.random.default_rng(11)
    ds = pd.date_range(_START, periods=days)
    parts = []
    for at, name in enumerate(names or ("north", "south")):
        promo = (rng.uniform(size=days) < 0.15).astype(float)
        y = 100 * (at + 1) * _WEEK[ds.weekday] * (1 + 0.4 * promo) * rng.uniform(0.9, 1.1, days)
        parts.append(pd.DataFrame({"unique_id": name, "ds": ds, "y": y, "promo": promo}))
    return pd.concat(parts, ignore_index=True)


def together(days: int) -> pd.DataFrame:
    """A usual series beside one of each strange kind, which is its name."""
    import pandas as pd

    frame = usual(days, "usual")
    y, day = frame["y"], np.arange(days)
    kinds = {
        "usual": frame,
        "constant": frame.assign(y=25.0),
        "nought": frame.assign(y=0.0),
        "one point": frame.assign(y=40.0).iloc[-1:],
        "gaps": frame[(day < 40) | (day > days - 30)][::2],
        "negative": frame.assign(y=-y),
        "refunds": frame.assign(y=y.where(day % 30 != 7, -5 * y)),
        "rare": frame.assign(y=np.where(day % 17 == 0, 3.0, 0.0)),
        "huge": frame.assign(y=y * 1e12),
    }
    parts = [part.assign(unique_id=name) for name, part in kinds.items()]
    return pd.concat(parts, ignore_index=True)


def asked(history: pd.DataFrame, horizon: int) -> pd.DataFrame:
    """The days after the last one of `history`, for all its series, without promotions."""
    import pandas as pd

    ds = pd.date_range(history["ds"].max(), periods=horizon + 1)[1:]
    names = sorted(history["unique_id"].unique())
    parts = [pd.DataFrame({"unique_id": name, "ds": ds, "promo": 0.0}) for name in names]
    return pd.concat(parts, ignore_index=True)


def seasonal_naive(train: pd.DataFrame, future: pd.DataFrame) -> pd.DataFrame:
    """The same weekday of the last week: the honest baseline, as plain as it can be."""
    last = train[train["ds"] > train["ds"].max() - np.timedelta64(7, "D")]
    day = last.assign(weekday=last["ds"].dt.weekday)[["unique_id", "weekday", "y"]]
    asked = future[["unique_id", "ds"]].assign(weekday=future["ds"].dt.weekday)
    found = asked.merge(day, on=["unique_id", "weekday"])
    return found.rename(columns={"y": "yhat"})[["unique_id", "ds", "yhat"]]
