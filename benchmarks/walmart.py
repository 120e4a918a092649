"""Walmart's stores and departments, week by week: 39 weeks ahead, every level, before and after adding up.

    python -m benchmarks.walmart [--full]

45 stores x 81 departments (Kaggle, Walmart Recruiting), 143 weeks. The levels: all, store, department,
department in a store; all = stores = departments, each the sum of its crossings. Known beforehand: the
public holidays and Easter. Everything is chosen on origins whose weeks end before the 39 that are
reported: the weights of the candidates, and how far each series may be moved.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple, TypeAlias

import numpy as np
import pandas as pd

from benchmarks.report import Figure, table_text
from omnix.ml import metrics
from omnix.ml.errors import TooLittleData
from omnix.ml.folds import Fold, shift
from omnix.ml.forecasting import calendar, candidate, candidates, choose
from omnix.ml.forecasting.reconcile import Structure, reconcile
from omnix.ml.frames import KEY

ROOT = Path(__file__).parents[1]
FOLDER = ROOT.parent / "shared" / "data" / "walmart"
HORIZON = 39
LEVELS = ("all", "store", "department", "store x department")
SEED = 7
Weights: TypeAlias = Mapping[str, float]
#: Candidates that are quick enough for three thousand series, then those for the levels above.
CHEAP = (
    "seasonal_naive", "last_year", "moving_average", "lightgbm_direct", "lightgbm_recursive", "theta", "auto_ets",
)  # fmt: skip
DEAR = ("mstl", "auto_arima", "prophet")


class Shop(NamedTuple):
    """The weeks of every series with what is known beforehand, and the sums that hold."""

    rows: pd.DataFrame
    structure: Structure


def hierarchy() -> Shop:
    """Every level, dense from its first week; a week is named by its Monday."""
    read = pd.read_parquet(
        FOLDER / "train.parquet", columns=["Store", "Dept", "Date", "Weekly_Sales"]
    )
    read["ds"] = pd.to_datetime(read["Date"]) - pd.Timedelta(days=4)  # weeks are named by Friday
    store = "store=" + read["Store"].astype(str).str.zfill(2)
    dept = "department=" + read["Dept"].astype(str).str.zfill(2)
    both = "store x department=" + store.str[6:] + "/" + dept.str[11:]
    parts = [
        read.assign(unique_id=names)
        .groupby(["unique_id", "ds"], as_index=False)["Weekly_Sales"]
        .sum()
        for names in ("all=", store, dept, both)
    ]
    rows = _dense(pd.concat(parts).rename(columns={"Weekly_Sales": "y"}))
    keys = pd.DataFrame({"store": store, "dept": dept, "both": both}).drop_duplicates()
    return Shop(rows.merge(_known(rows["ds"]), on="ds"), _sums(keys))


def _dense(rows: pd.DataFrame) -> pd.DataFrame:
    """Nought in the weeks without a row since the first."""
    first = rows.groupby("unique_id")["ds"].min()
    grid = pd.MultiIndex.from_product(
        [first.index, sorted(rows["ds"].unique())], names=["unique_id", "ds"]
    )
    wide = grid.to_frame(index=False).merge(rows, how="left", on=["unique_id", "ds"])
    return (
        wide[wide["ds"] >= wide["unique_id"].map(first)].fillna({"y": 0.0}).reset_index(drop=True)
    )


def _known(weeks: pd.Series) -> pd.DataFrame:
    """Holidays of the United States and Easter, which is none, by week."""
    own = weeks.drop_duplicates().sort_values()
    holidays = calendar.holidays_of(["US"], date(2010, 1, 1), date(2013, 1, 31))
    told = calendar.covariates(own, holidays, calendar.Calendar(), "week").drop(columns="closed")
    easter = pd.to_datetime(["2010-04-04", "2011-04-24", "2012-04-08"]) - pd.Timedelta(days=6)
    return told.assign(easter=told["ds"].isin(easter).astype(float))


def _sums(keys: pd.DataFrame) -> Structure:
    """All of the stores and of the departments, and each of these of its crossings."""
    upper = [("all=", tuple(sorted(keys[name].unique()))) for name in ("store", "dept")]
    lower = [
        (str(parent), tuple(sorted(own["both"])))
        for name in ("store", "dept")
        for parent, own in keys.groupby(name)
    ]
    return Structure((*upper, *lower))


def origins(rows: pd.DataFrame) -> tuple[list[Fold], Fold]:
    """Those of the choice, whose weeks end where the reported ones begin; and the reported one."""
    cut = shift(rows["ds"].max().date(), -HORIZON, "week")
    choice = [Fold(shift(cut, -back, "week"), back, "week") for back in (HORIZON, 26, 13)]
    return choice, Fold(cut, HORIZON, "week")


def forecasts(rows: pd.DataFrame, fold: Fold, names: Sequence[str], full: bool) -> pd.DataFrame:
    """By series and week `y` and a column for each candidate, of the series that have begun.

    Dear candidates have no forecasts of the lowest level unless `full`.
    """
    train, future, actual = fold.split(rows)
    future = future[future["unique_id"].isin(train["unique_id"])]
    found = future[KEY].merge(actual, on=KEY).set_index(KEY)
    for name in names:
        parts = [
            _answer(name, *(own[level_of(own["unique_id"]) == level] for own in (train, future)))
            for level in (LEVELS if full or name in CHEAP else LEVELS[:-1])
        ]
        # What is sold can be less than nought, after returns; what is forecast should not.
        found[name] = pd.concat(parts).set_index(KEY)["yhat"].clip(lower=0.0)
    return found


def _answer(name: str, train: pd.DataFrame, future: pd.DataFrame) -> pd.DataFrame:
    try:
        return candidate(name, "week").fit(train, seed=SEED).predict(future)
    except TooLittleData:
        return future[KEY].assign(yhat=np.nan)


def weights(folds: Sequence[pd.DataFrame], level: str) -> Weights:
    """Shares of the candidates as the product picks them, every dollar counting alike."""
    own = pd.concat([each[_at(each, level)] for each in folds]).dropna(axis="columns")
    index = own.index.to_frame(index=False).assign(actual=own["y"].to_numpy(), scale=1.0)
    return choose.weights(
        own.drop(columns="y").set_axis(pd.MultiIndex.from_frame(index)), squared=False
    )


def mixed(fold: pd.DataFrame, shares: Mapping[str, Weights]) -> pd.Series:
    """The forecast by the shares of each level."""
    parts = []
    for level, own in shares.items():
        rows = fold[_at(fold, level)]
        parts.append(
            sum((rows[name] * share for name, share in own.items()), start=0.0 * rows["y"])
        )
    return pd.concat(parts).reindex(fold.index)


def spreads(folds: Sequence[pd.DataFrame], made: Sequence[pd.Series]) -> dict[str, pd.Series]:
    """By name, ways to say how far each series may be moved: the variances of `reconcile`."""
    actual = pd.concat([each["y"] for each in folds])
    squared = ((pd.concat(made) - actual) ** 2).groupby(level=0).mean()
    usual = squared.groupby(level_of(squared.index.to_series())).transform("mean")
    return {
        "its squared errors": np.maximum(squared, 1e-4 * usual),
        "what it sells": np.maximum(actual.abs().groupby(level=0).mean(), 1.0),
    }


def added_up(made: pd.Series, spread: pd.Series, structure: Structure) -> pd.Series:
    """`made` with levels that add up, over the series that have begun."""
    wide = made.unstack("ds")
    known = set(wide.index)
    # A department that a store opens later is no part of its sum yet.
    sums = Structure(
        tuple((name, tuple(sorted(known.intersection(own)))) for name, own in structure.sums)
    )
    variances = spread.reindex(wide.index).fillna(spread.median())
    points = reconcile(wide.to_numpy(), variances.to_numpy(), list(wide.index), sums)
    whole = pd.DataFrame(points, index=wide.index, columns=wide.columns)
    return whole.stack().reindex(made.index)


def way_of(folds: Sequence[pd.DataFrame], structure: Structure) -> str:
    """Which of `spreads` is best on origins that took no part in weights and spreads."""
    lost: dict[str, float] = {}
    for at, fold in enumerate(folds):
        others = [each for place, each in enumerate(folds) if place != at]
        shares = {level: weights(others, level) for level in LEVELS}
        made = [mixed(each, shares) for each in others]
        for name, spread in spreads(others, made).items():
            told = added_up(mixed(fold, shares), spread, structure)
            lost[name] = lost.get(name, 0.0) + sum(wapes(fold, told).values())
    return min(lost, key=lambda name: lost[name])


def wapes(fold: pd.DataFrame, made: pd.Series) -> dict[str, float]:
    """By level the absolute errors as a share of what was sold; NaN where nothing was forecast."""
    at = {level: _at(fold, level) for level in LEVELS}
    return {
        level: metrics.wape(fold["y"][own], made[own]) if made[own].notna().all() else np.nan
        for level, own in at.items()
    }


def level_of(names: pd.Series) -> pd.Series:
    """The level of each series."""
    return names.str.partition("=")[0]


def _at(fold: pd.DataFrame, level: str) -> np.ndarray:
    return fold.index.get_level_values("unique_id").str.startswith(f"{level}=")


def measured(shop: Shop, full: bool) -> pd.DataFrame:
    """WAPE by level (columns), of what was forecast as it is and after it was made to add up (rows)."""
    names = [name for name in (*CHEAP, *DEAR) if name in candidates("week")]
    choice, reported = origins(shop.rows)
    past = [forecasts(shop.rows, each, names, full) for each in choice]
    fold = forecasts(shop.rows, reported, names, full)
    shares = {level: weights(past, level) for level in LEVELS}
    way = way_of(past, shop.structure)
    spread = spreads(past, [mixed(each, shares) for each in past])[way]
    print(f"  shares: {shares}; a series is moved by {way}")
    found = {}
    for name, made in {
        "chosen": mixed(fold, shares),
        **{name: fold[name] for name in names},
    }.items():
        found[name, "as it is"] = wapes(fold, made)
        if made.notna().all():
            found[name, "added up"] = wapes(fold, added_up(made, spread, shop.structure))
    return pd.DataFrame.from_dict(found, orient="index")[list(LEVELS)]


def run(full: bool) -> list[Figure]:
    """All figures; none where the data are not there. `full`: every candidate on every level."""
    if not FOLDER.exists():
        return [Figure("walmart", note=f"{FOLDER} is not there")]
    found = measured(hierarchy(), full)
    print(found.map("{:.4f}".format).to_string(), flush=True)
    return [figure for level in LEVELS for figure in _figures(level, found[level])]


def _figures(level: str, found: pd.Series) -> list[Figure]:
    """One level: ours, before and after, and the best single candidate."""
    ours, plain = found["chosen", "added up"], found["chosen", "as it is"]
    single = found.drop("chosen", level=0).xs("as it is", level=1)
    title = f"Walmart weekly, {level}: WAPE"
    goal = {"goal": "below the two that follow", "met": bool(ours < min(plain, single.min()))}
    return [
        Figure(f"{title}, chosen and added up", value=float(ours), **goal),
        Figure(f"{title}, chosen as it is", value=float(plain)),
        Figure(
            f"{title}, best candidate alone", value=float(single.min()), note=str(single.idxmin())
        ),
    ]


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--full", action="store_true", help="every candidate on every level")
    print(table_text(run(parser.parse_args().full)))


if __name__ == "__main__":
    main()
