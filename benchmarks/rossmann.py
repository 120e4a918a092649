"""Rossmann's stores, day by day: 48 days ahead from ten origins, with what is known beforehand.

    python -m benchmarks.rossmann [--full] [--validation] [MODEL…]

1,115 stores (Kaggle, Rossmann Store Sales). Closed days are re-created as 0 and known: the weekday,
whether a store is open, its promotions, state and school holidays; the customers are not. MASE: the
errors of all days, closed ones too, over the in-sample error of the seasonal naive (7 days) on all
days; the mean over stores and windows. Every model gets the same folds, the same filled history and
the same nought on closed days. The dear peers are fitted to every 28th store (`--full`: to all), and
ours, which learn from all stores, are read on those as well. The ten windows end with the data and
do not overlap; what parameters were chosen on (`--validation`: four windows) lies before them.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from omnix.ml import metrics
from omnix.ml.folds import Fold, rolling_origin
from omnix.ml.forecasting import calendar, candidate, candidates

if __package__ in {None, ""}:
    sys.path.insert(0, str(Path(__file__).parents[1]))
from benchmarks.report import Figure, table_text

ROOT = Path(__file__).parents[1]
FILE = ROOT.parent / "shared" / "data" / "rossmann" / "rossmann.parquet"
HORIZON, WINDOWS, SEASON = 48, 10, 7
SEED = 1
GOAL = 0.36
#: Every so many stores the dear peers are fitted to one.
EVERY = 28
GLOBAL = ("seasonal_naive", "lightgbm_direct", "lightgbm_recursive", "lstm")
#: " alone": as the library gives it, without what omnix tells it of promotions.
ALONE = " alone"
PEERS = ("auto_arima", "auto_arima alone", "auto_ets", "auto_ets alone", "prophet")


@dataclass(frozen=True)
class Scores:
    """MASE by window and store, and what the fits and answers cost."""

    errors: pd.DataFrame
    cpu_s: float
    wall_s: float

    def mean(self, stores: Sequence[str] | None = None) -> float:
        """Over windows and stores."""
        found = self.errors if stores is None else self.errors[list(stores)]
        return float(found.to_numpy().mean())


def panel() -> pd.DataFrame:
    """Every store and day from its first: unique_id, ds, y, and what is known beforehand."""
    names = ["Store", "Date", "Sales", "Promo", "StateHoliday", "SchoolHoliday"]
    read = pd.read_parquet(FILE, columns=names).rename(columns={"Store": "store", "Date": "ds"})
    read = read[read["Sales"] > 0]
    first = read.groupby("store")["ds"].min()
    days = pd.date_range(read["ds"].min(), read["ds"].max(), name="ds")
    grid = pd.MultiIndex.from_product([first.index, days]).to_frame(index=False)
    grid = grid[grid["ds"] >= grid["store"].map(first)]
    rows = grid.merge(read, how="left", on=["store", "ds"]).sort_values(["store", "ds"])
    return _known(rows.reset_index(drop=True))


def _known(rows: pd.DataFrame) -> pd.DataFrame:
    """Promotions and holidays of a closed day, which is not in the file, are those of other stores."""
    closed, workday = rows["Sales"].isna(), rows["ds"].dt.weekday < 6
    by_day, by_store = rows.groupby("ds"), rows.groupby("store")
    open_share = by_day["Sales"].transform("count") / by_day["Sales"].transform("size")
    holiday = (rows["StateHoliday"].fillna("0") != "0") | (closed & workday & (open_share < 0.5))
    shut = (closed & workday).astype(float).groupby(rows["store"])
    return pd.DataFrame(
        {
            "unique_id": "store=" + rows["store"].astype(str).str.zfill(4),
            "ds": rows["ds"],
            "y": rows["Sales"].fillna(0.0).astype(float),
            "closed": closed.astype(float),
            "promo": by_day["Promo"].transform("max").fillna(0.0).astype(float),
            "holiday": holiday.astype(float),
            "school_holiday": by_store["SchoolHoliday"].ffill().fillna(0.0).astype(float),
            "before_holiday": shut.shift(-1).fillna(0.0),
            "after_holiday": shut.shift(1).fillna(0.0),
        }
    )


def folds(rows: pd.DataFrame, *, validation: bool = False) -> list[Fold]:
    """The ten windows that are reported; or the four before them."""
    reported = rolling_origin(rows["ds"].max().date(), HORIZON, WINDOWS)
    return rolling_origin(reported[0].cut, HORIZON, 4) if validation else reported


def measured(rows: pd.DataFrame, windows: Sequence[Fold], name: str) -> Scores:
    """The candidate `name` in all windows."""
    errors, cpu, wall = {}, 0.0, 0.0
    for fold in windows:
        split = fold.split(rows)
        train, future = calendar.filled(split.train), _within(split.future)
        if name.endswith(ALONE):
            train = train.drop(columns="promo")
        began, ticked = time.perf_counter(), time.process_time()
        answer = candidate(name.removesuffix(ALONE)).fit(train, seed=SEED).predict(future)
        wall, cpu = wall + time.perf_counter() - began, cpu + time.process_time() - ticked
        shut = calendar.shut(answer, future)
        errors[fold.cut] = _mase(split.train, split.actual, shut)
    return Scores(pd.DataFrame.from_dict(errors, orient="index"), cpu, wall)


def _within(future: pd.DataFrame) -> pd.DataFrame:
    """`future` as it is known: whether the day after the last one is closed is not."""
    last = future["ds"] == future["ds"].max()
    return future.assign(before_holiday=future["before_holiday"].where(~last, 0.0))


def _mase(train: pd.DataFrame, actual: pd.DataFrame, answer: pd.DataFrame) -> dict[str, float]:
    """By store."""
    past = {name: own.to_numpy() for name, own in train.groupby("unique_id")["y"]}
    both = actual.merge(answer, on=["unique_id", "ds"])
    return {
        name: metrics.mase(own["y"], own["yhat"], past[name], SEASON)
        for name, own in both.groupby("unique_id")
        if name in past
    }


def run(full: bool, chosen: Sequence[str] = (), *, validation: bool = False) -> list[Figure]:
    """All figures; none where the data are not there."""
    if not FILE.exists():
        return [Figure("rossmann", note=f"{FILE} is not there")]
    rows = panel()
    stores = sorted(rows["unique_id"].unique())
    sample = stores if full else stores[::EVERY]
    own = rows[rows["unique_id"].isin(sample)].reset_index(drop=True)
    windows, found = folds(rows, validation=validation), {}
    wanted = chosen or candidates()
    for name in [each for each in (*GLOBAL, *PEERS) if each.removesuffix(ALONE) in wanted]:
        found[name] = measured(own if name in PEERS else rows, windows, name)
        print(_row(name, found[name]), flush=True)
    return [*_everywhere(found), *_beside(found, sample)]


def _row(name: str, scores: Scores) -> str:
    by_window = " ".join(f"{each:.3f}" for each in scores.errors.mean(axis=1))
    return f"  {name}: {scores.mean():.4f} ({by_window}); {scores.cpu_s:.0f} CPU s"


def _everywhere(found: Mapping[str, Scores]) -> list[Figure]:
    """Ours, on all stores."""
    figures = []
    for name, scores in found.items():
        if name in GLOBAL:
            goal: dict[str, Any] = {"goal": f"≤ {GOAL}", "met": scores.mean() <= GOAL}
            figures.append(
                Figure(
                    f"Rossmann, {scores.errors.shape[1]} stores, {name}: MASE",
                    scores.wall_s, scores.cpu_s, runs=len(scores.errors), value=scores.mean(),
                    **(goal if name.startswith("lightgbm") else {}),
                )
            )  # fmt: skip
    return figures


def _beside(found: Mapping[str, Scores], sample: Sequence[str]) -> list[Figure]:
    """Ours and the peers, on the same stores."""
    peers = [found[name].mean(sample) for name in PEERS if name in found]
    figures = []
    for name, scores in found.items():
        mase = scores.mean(sample)
        beats: dict[str, Any] = (
            {"goal": "better than the peers", "met": mase < min(peers)} if peers else {}
        )
        figures.append(
            Figure(
                f"Rossmann, {len(sample)} stores, {name}: MASE",
                scores.wall_s if name in PEERS else None,
                scores.cpu_s if name in PEERS else None,
                runs=len(scores.errors),
                value=mase,
                **(beats if name.startswith("lightgbm") else {}),
            )
        )
    return figures


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("models", nargs="*", metavar="MODEL", help="one of the candidates")
    parser.add_argument("--full", action="store_true", help="the peers on every store")
    parser.add_argument("--validation", action="store_true", help="the windows of the choice")
    asked = parser.parse_args()
    print(table_text(run(asked.full, asked.models, validation=asked.validation)))


if __name__ == "__main__":
    main()
