"""Days added up to weeks or months."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from omnix.ml.folds import Grain
from omnix.ml.forecasting.periods import first_of, whole
from omnix.ml.frames import KEY, covariates

if TYPE_CHECKING:
    import pandas as pd

#: Covariates that are counted; the others are averaged over the days.
_COUNTED = frozenset({"holiday", "before_holiday", "after_holiday"})


def coarser(frame: pd.DataFrame, grain: Grain, complete_until: date) -> pd.DataFrame:
    """`frame` (unique_id, ds, y, covariates; days) as weeks (`ds` their Monday) or months (the first).

    `y` is added up, holidays are counted, other covariates averaged. The first period of all and the
    last are left out where the days do not cover them: the last known day is `complete_until`. Periods
    without a row inside a series are 0 where there are no covariates.
    """
    if grain == "day" or not len(frame):
        return frame
    first, last = whole(frame["ds"].min().date(), complete_until, grain)
    known = covariates(frame)
    ways = {name: "sum" if name in _COUNTED else "mean" for name in known}
    rows = frame.assign(ds=first_of(frame["ds"], grain))
    rows = rows.groupby(KEY, as_index=False, sort=True).agg({"y": "sum", **ways})
    if not known:
        rows = _dense(rows, grain, last)
    inside = (rows["ds"].dt.date >= first) & (rows["ds"].dt.date <= last)
    return rows[inside].reset_index(drop=True)


def _dense(rows: pd.DataFrame, grain: Grain, last: date) -> pd.DataFrame:
    """Every period of each series from its first to `last`, 0 where there was no row."""
    import pandas as pd

    end = max(pd.Timestamp(last), rows["ds"].max())
    every = pd.DataFrame({
        "ds": pd.date_range(rows["ds"].min(), end, freq="W-MON" if grain == "week" else "MS")
    })  # fmt: skip
    starts = rows.groupby("unique_id", as_index=False)["ds"].min().rename(columns={"ds": "start"})
    grid = starts.merge(every, how="cross")
    grid = grid.loc[grid["ds"] >= grid["start"], KEY]
    return grid.merge(rows, on=KEY, how="left").fillna({"y": 0.0})
