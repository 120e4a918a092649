"""The rows of `forecast_scoreboard`: what stands there, what is new, and what has come to pass."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np

from omnix.ml.folds import Grain, shift
from omnix.ml.forecasting.intervals import foretold
from omnix.ml.forecasting.reconcile import Structure
from omnix.systems.market_intelligence._scores import Tested, tested
from omnix.systems.market_intelligence.tasks import METRICS, Sales

if TYPE_CHECKING:
    import pandas as pd

#: Periods ahead for which live forecasts are kept, and items of each level, the largest.
_AHEAD: Mapping[str, int] = {"day": 28, "week": 8, "month": 3}
_ITEMS: Mapping[str, int] = {
    "shop": 1, "country": 10, "store": 20, "category": 20, "product": 50,
}  # fmt: skip
_KEY = ["metric", "grain", "level", "item", "kind", "made_on", "period"]
_BOUNDS = ["lower_80", "upper_80", "lower_95", "upper_95"]
_FLOATS = ("predicted", "baseline", *_BOUNDS, "actual", "error")
_DATES = ("made_on", "period", "settled_on")
_SAID = [*_KEY, "ahead", "predicted", "baseline", *_BOUNDS, "model", "model_version"]
_COLUMNS = [*_SAID, "actual", "error", "settled_on"]


def scoreboard(
    sales: Sales, forecasts: pd.DataFrame, backtests: pd.DataFrame, before: pd.DataFrame | None
) -> pd.DataFrame:
    """All rows: those of `before` as they are, the new ones, and what happened where it is known now."""
    import pandas as pd

    parts = [_blank(), _live(sales, forecasts)]
    if before is not None:
        parts.insert(0, before[_COLUMNS])
    if before is None or not (before["kind"] == "backtest").any():
        parts += [_past(sales, each) for each in tested(backtests)]
    whole = pd.concat([_typed(part) for part in parts], ignore_index=True)
    whole = whole.drop_duplicates(_KEY, keep="first").reset_index(drop=True)
    return _settle(sales, whole)[_COLUMNS]


def _live(sales: Sales, forecasts: pd.DataFrame) -> pd.DataFrame:
    """What is published today, as far as it is kept."""
    kept = _largest(sales)
    near = forecasts["ahead"] <= forecasts["grain"].map(dict(_AHEAD))
    names = forecasts["level"] + "=" + forecasts["item"]
    told = forecasts[near & names.isin(kept)].rename(columns={"value": "predicted"})
    told = told.assign(kind="live", actual=np.nan, error=np.nan, settled_on=None)
    return told[_COLUMNS]


def _past(sales: Sales, each: Tested) -> pd.DataFrame:
    """What the choice would have said on past cuts; intervals of the report from what was known at its cuts."""
    kept = _largest(sales)
    levels = {name: name.partition("=")[0] for name in each.classes}
    plan = each.plan(levels, each.classes)
    upper = sales.structures(each.metric)[:1]
    said = each.hindsight(plan, upper[0] if upper else Structure(()))
    told = said.assign(**dict.fromkeys(_BOUNDS, np.nan))
    known = foretold(said, floor=True)
    told.loc[known.index, _BOUNDS] = known[_BOUNDS]
    shown = told["unique_id"].isin(kept) & (told["ahead"] <= _AHEAD[each.grain])
    told = told[shown].reset_index(drop=True)
    if not len(told):
        return _blank()
    name = told["unique_id"].str.partition("=")
    made = {cut: shift(cut.date(), 1, each.grain) for cut in told["cut"].unique()}
    return told.assign(
        metric=each.metric, grain=each.grain, level=name[0], item=name[2], kind="backtest",
        made_on=told["cut"].map(made), period=told["ds"], model_version=None,
        model=told["unique_id"].map({own: plan.choice(own).model for own in levels}),
        actual=np.nan, error=np.nan, settled_on=None,
    )[_COLUMNS]  # fmt: skip


def _largest(sales: Sales) -> frozenset[str]:
    """The items whose forecasts are kept."""
    ranked = sales.items.sort_values(["value", "unique_id"], ascending=[False, True])
    return frozenset(
        name
        for level, most in _ITEMS.items()
        for name in ranked.loc[ranked["level"] == level, "unique_id"].head(most)
    )


def _settle(sales: Sales, rows: pd.DataFrame) -> pd.DataFrame:
    """`rows` with what happened, where a period is over and nothing is written yet."""
    import pandas as pd

    over = {
        (grain, period): _ends(period, grain) < sales.until
        for grain, period in rows[["grain", "period"]].drop_duplicates().itertuples(index=False)
    }
    due = rows["actual"].isna() & np.array(
        [over[key] for key in zip(rows["grain"], rows["period"], strict=True)], dtype=bool
    )
    if not due.any():
        return rows
    found = pd.concat([_actual(sales, metric, rows[due]) for metric in METRICS])
    keys = ["metric", "grain", "level", "item", "period"]
    known = rows.loc[due, keys].merge(found, on=keys, how="left")["happened"].fillna(0.0)
    rows.loc[due, "actual"] = known.to_numpy()
    rows.loc[due, "error"] = rows.loc[due, "predicted"].to_numpy() - known.to_numpy()
    rows.loc[due, "settled_on"] = np.datetime64(sales.until)
    return rows


def _ends(period: pd.Timestamp, grain: Grain) -> date:
    """The last day of a period."""
    return shift(period.date(), 1, grain) - timedelta(days=1)


def _actual(sales: Sales, metric: str, due: pd.DataFrame) -> pd.DataFrame:
    """`metric, grain, level, item, period, happened` from the first day that is due."""
    import pandas as pd

    own = due[due["metric"] == metric]
    parts = [pd.DataFrame(columns=["metric", "grain", "level", "item", "period", "happened"])]
    for grain, rows in own.groupby("grain"):
        names = frozenset(rows["level"] + "=" + rows["item"])
        told = sales.history(metric, grain, names, since=rows["period"].min().date())
        if not len(told):
            continue
        name = told["unique_id"].str.partition("=")
        parts.append(
            told.assign(metric=metric, grain=grain, level=name[0], item=name[2])
            .rename(columns={"ds": "period", "y": "happened"})
            .drop(columns="unique_id")
        )
    return pd.concat([part for part in parts if len(part)] or parts, ignore_index=True)


def _blank() -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame({name: pd.Series(dtype="object") for name in _COLUMNS})


def _typed(rows: pd.DataFrame) -> pd.DataFrame:
    """`rows` with the types that all parts share, whatever is empty in them."""
    import pandas as pd

    moments = {name: pd.to_datetime(rows[name]).astype("datetime64[ns]") for name in _DATES}
    kinds = {**dict.fromkeys(_FLOATS, "float64"), "ahead": "int32"}
    return rows.assign(**moments).astype(kinds)
