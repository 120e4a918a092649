"""What is asked of the candidates: every series of one metric at one grain, and what is known ahead."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from omnix.ml.folds import Grain, shift

if TYPE_CHECKING:
    import pandas as pd

    from omnix.ml.forecasting.calendar import Calendar

#: Covariates that a model may read of the future as well, as they are named everywhere.
KNOWN = ("closed", "holiday", "before_holiday", "after_holiday", "promo", "price")


class Asked(NamedTuple):
    """One origin: what may be learnt from, and which periods are asked, both with covariates."""

    train: pd.DataFrame
    future: pd.DataFrame


@dataclass(frozen=True)
class Known:
    """What a shop knows of a day before it comes, as far as the data up to a cut tells.

    daily:    the whole shop's orders, `ds, y`: the days on which it opens are learnt from them.
    holidays: public holidays by day, past and future.
    promo:    days with a promotion that concerns everything.
    price:    `unique_id, ds, price`: what an item cost, on days when that is known.
    closed:   days that the shop says it will be closed.
    """

    daily: pd.DataFrame | None = None
    holidays: Mapping[date, str] = field(default_factory=dict)
    promo: frozenset[date] = frozenset()
    price: pd.DataFrame | None = None
    closed: frozenset[date] = frozenset()
    _learnt: dict[date, Calendar] = field(default_factory=dict, repr=False, compare=False)

    def calendar(self, cut: date) -> Calendar:
        """The shop's week and closings, as the days up to `cut` show them."""
        if self.daily is None:
            raise ValueError("a calendar is learnt from the shop's days, and there are none")
        from omnix.ml.forecasting.calendar import learn

        if cut not in self._learnt:  # many tasks share a shop's cuts
            days = self.daily[self.daily["ds"] <= np.datetime64(cut)]
            self._learnt[cut] = learn(days, self.holidays)
        return self._learnt[cut]


@dataclass(frozen=True)
class Task:
    """One metric at one grain.

    history:  `unique_id, ds, y`, each series dense from its first period to the last of all; further
        columns are covariates that were known beforehand.
    levels:   the level of each series.
    horizons: how many periods are asked, by level.
    known:    what else is known of days; None when `history` has all of it in its columns.
    ahead:    with `known` None: the covariates of the periods after the last, `unique_id, ds, …`.
    floor:    whether no value can be below nought.
    """

    grain: Grain
    history: pd.DataFrame
    levels: Mapping[str, str]
    horizons: Mapping[str, int]
    known: Known | None = None
    ahead: pd.DataFrame | None = None
    floor: bool = True

    @property
    def last(self) -> date:
        """The last period that is known."""
        last: date = self.history["ds"].max().date()
        return last

    def only(self, names: set[str] | frozenset[str]) -> Task:
        """The same for some of its series."""
        ahead = self.ahead
        return replace(
            self,
            history=self.history[self.history["unique_id"].isin(names)].reset_index(drop=True),
            levels={name: level for name, level in self.levels.items() if name in names},
            ahead=ahead if ahead is None else ahead[ahead["unique_id"].isin(names)],
        )

    def at(self, cut: date, horizons: Mapping[str, int] | None = None) -> Asked:
        """What was known at the end of `cut`; `horizons` instead of the task's own."""
        from omnix.ml.forecasting.calendar import filled

        moment = np.datetime64(cut)
        train = self.history[self.history["ds"] <= moment].reset_index(drop=True)
        if self.floor:
            train = _bounded(train)
        future = self._future(train, cut, horizons or self.horizons)
        if self.known is None:
            future = self._given(future, moment)
            return Asked(filled(train), future)
        rows = _joined(train, future)
        dressed = dress(rows, self.known, cut, self.grain)
        past = dressed["ds"] <= moment
        train = dressed[past].reset_index(drop=True)
        return Asked(filled(train), dressed[~past].drop(columns="y").reset_index(drop=True))

    def opened(self) -> pd.DataFrame:
        """`unique_id, ds, y, closed`: what happened, and on which days nothing could."""
        if "closed" in self.history.columns or self.known is None:
            return self.history
        days = self.history["ds"]
        told = of_days(days.drop_duplicates().sort_values(), self.known, self.last, self.grain)
        shut = dict(zip(told["ds"], told["closed"], strict=True))
        return self.history.assign(closed=days.map(shut))

    def _future(self, train: pd.DataFrame, cut: date, horizons: Mapping[str, int]) -> pd.DataFrame:
        """`unique_id, ds` for every period that is asked of every series that has begun."""
        import pandas as pd

        names = sorted(train["unique_id"].unique())
        parts = []
        for level in sorted({self.levels[name] for name in names}):
            own = [name for name in names if self.levels[name] == level]
            steps = horizons[level]
            days = [pd.Timestamp(shift(cut, step, self.grain)) for step in range(1, steps + 1)]
            parts.append(
                pd.DataFrame({
                    "unique_id": np.repeat(np.array(own, dtype=object), steps),
                    "ds": np.tile(np.array(days, dtype="datetime64[ns]"), len(own)),
                })
            )  # fmt: skip
        if not parts:
            return train[["unique_id", "ds"]].iloc[:0]
        return pd.concat(parts, ignore_index=True)

    def _given(self, future: pd.DataFrame, cut: np.datetime64) -> pd.DataFrame:
        """`future` with the covariates that `history` and `ahead` give for its periods."""
        import pandas as pd

        told = self.history[self.history["ds"] > cut].drop(columns="y")
        if self.ahead is not None:
            told = pd.concat([told, self.ahead], ignore_index=True)
        names = [name for name in told.columns if name not in {"unique_id", "ds"}]
        return future.merge(told, on=["unique_id", "ds"], how="left") if names else future


def _bounded(train: pd.DataFrame) -> pd.DataFrame:
    """`train` in which a period's refunds count for no more than the series' best period.

    What is forecast cannot lie below nought: a mass refund is told of the past, and teaches nothing. A
    series of refunds alone stays as it is.
    """
    if not (train["y"] < 0).any():
        return train
    best = train.groupby("unique_id")["y"].transform("max")
    return train.assign(y=np.maximum(train["y"], -best.where(best > 0, np.inf)))


def dress(rows: pd.DataFrame, known: Known, cut: date, grain: Grain) -> pd.DataFrame:
    """`rows` (unique_id, ds, y) with the covariates that are known at `cut`."""
    import pandas as pd

    days = rows["ds"].to_numpy()
    periods = np.unique(days)
    told = of_days(pd.Series(periods), known, cut, grain)
    place = np.searchsorted(periods, days)
    columns = {name: told[name].to_numpy()[place] for name in told.columns if name != "ds"}
    dressed = rows.assign(**columns)
    if known.price is not None:
        dressed["price"] = _priced(dressed, known.price, cut, grain)
    return dressed


def of_days(periods: pd.Series, known: Known, cut: date, grain: Grain) -> pd.DataFrame:
    """`ds` and the covariates that hold for the whole shop in these periods."""
    from omnix.ml.forecasting.calendar import covariates

    learnt = known.calendar(cut)
    told = covariates(periods, known.holidays, learnt, grain)
    told["promo"] = _share(periods, known.promo, grain)
    if known.closed:
        told["closed"] = np.maximum(told["closed"], _share(periods, known.closed, grain))
    return told


def _share(periods: pd.Series, days: frozenset[date], grain: Grain) -> NDArray[np.float64]:
    """The share of each period's days that are among `days`."""
    found = np.zeros(len(periods))
    for at, first in enumerate(periods):
        start = first.date()
        length = (shift(start, 1, grain) - start).days
        own = (date.fromordinal(start.toordinal() + day) for day in range(length))
        found[at] = sum(day in days for day in own) / length
    return found


def _priced(rows: pd.DataFrame, price: pd.DataFrame, cut: date, grain: Grain) -> pd.Series:
    """The item's price relative to its median so far, for each row; the last one holds from then on."""
    import pandas as pd

    from omnix.ml.forecasting.periods import first_of

    told = price[
        (price["ds"] <= np.datetime64(cut)) & price["unique_id"].isin(rows["unique_id"].unique())
    ]
    relative = pd.Series(np.nan, index=rows.index)
    if not len(told):
        return relative.fillna(1.0)
    told = told.assign(ds=first_of(told["ds"], grain))
    told = told.groupby(["unique_id", "ds"], as_index=False, sort=False)["price"].mean()
    usual = told.groupby("unique_id")["price"].transform("median")
    told["price"] = (told["price"] / usual.where(usual > 0)).clip(0.1, 10)
    with_one = rows.loc[rows["unique_id"].isin(told["unique_id"].unique()), ["unique_id", "ds"]]
    both = with_one.reset_index().merge(told, on=["unique_id", "ds"], how="left")
    both = both.sort_values(["unique_id", "ds"], kind="stable")
    relative.loc[both["index"]] = both.groupby("unique_id", sort=False)["price"].ffill().to_numpy()
    return relative.fillna(1.0)


def _joined(train: pd.DataFrame, future: pd.DataFrame) -> pd.DataFrame:
    import pandas as pd

    return pd.concat([train, future.assign(y=np.nan)], ignore_index=True)
