"""How good published forecasts are: whole shops through the pipeline, scored on days that no choice saw.

    python -m benchmarks accuracy_forecast [--full]

The medium sample shop, Online Retail II and Olist (where their files are there) are initialised and run
in a temporary home; what is told by level is read from `forecast_model_comparison` as any user would:
the choice there was made once, before the days that are reported. The last eight weeks of the whole shop
are forecast anew at each of eight weekly cuts, as `omnix run` of that day would have. Every candidate saw
the same cuts. With `--full` the sample shop's last year as well, four weeks at a time: its promotions.
The store chain and the hierarchy of departments have benchmarks of their own: `rossmann` and `walmart`.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.report import Figure

if TYPE_CHECKING:
    import pandas as pd

    from omnix.ml.forecasting.task import Task

DATA = Path(__file__).parents[1].parent / "shared" / "data"
#: The peers that are named beside ours, whether chosen or not.
PEERS = (
    "seasonal_naive",
    "auto_arima",
    "auto_ets",
    "prophet",
    "theta",
    "lightgbm_direct",
    "ensemble",
)
_BEATS = 0.2
#: Cuts of the rolling evaluation, a week apart, and what may be spent at each.
WEEKS, SECONDS = 8, 60.0
#: Days on which a data set's orders peter out because the collection ended, by shop: no day to forecast.
ENDS = {"olist": "2018-08-20"}


def run(full: bool) -> list[Figure]:
    """Three shops."""
    found: list[Figure] = []
    for name, source in _shops():
        with tempfile.TemporaryDirectory() as folder:
            home = _built(Path(folder) / "home", source, ENDS.get(name))
            found += [*_rolling(name, home), *_levels(name, home), *_shop(name, home)]
            if full and name == "sample":
                found += _year(name, home)
    return found


def _shops() -> Iterator[tuple[str, dict[str, str]]]:
    yield "sample", {"kind": "sample", "location": "medium", "preset": ""}
    for name in ("online_retail_ii", "olist"):
        if (DATA / name).is_dir():
            yield name, {"kind": "files", "location": str(DATA / name), "preset": name}


def _built(home: Path, source: dict[str, str], end: str | None) -> Path:
    """A home with every table of market intelligence, as of `end` or the newest order."""
    import subprocess
    import sys

    home.parent.mkdir(parents=True, exist_ok=True)
    omnix = [str(Path(sys.executable).parent / "omnix"), "--home", str(home)]
    if source["kind"] == "sample":
        made = ["init", "--sample", source["location"]]
    else:
        preset = ["--preset", source["preset"]] if source["preset"] else []
        made = ["init", "--from", source["location"], *preset]
    until = ["--as-of", end] if end else []
    for command in (made, ["run", "--system", "market_intelligence", *until]):
        subprocess.run(
            [*omnix, *command],
            check=True,
            stdout=subprocess.DEVNULL,
            env={**os.environ, "COLUMNS": "200"},
        )
    return home


def _rows(home: Path, sql: str, table: str) -> list[dict[str, Any]]:
    from omnix.app.app import App
    from omnix.app.read import rows_of

    return rows_of(App.open(home), sql, f"analytics/{table}")


def _levels(shop: str, home: Path) -> Iterator[Figure]:
    """By level: what was chosen beside the seasonal naive, and whether intervals hold what they promise."""
    rows = _rows(
        home,
        """
        with naive as (
            select metric, grain, level, item, mase from forecast_model_comparison
            where model = 'seasonal_naive'
        )
        select c.level, count(*) as series, avg(c.mase) as mase, avg(n.mase) as naive,
            avg(c.wape) as wape, avg(c.coverage_80) as c80, avg(c.coverage_95) as c95
        from forecast_model_comparison c join naive n using (metric, grain, level, item)
        where c.chosen and c.metric = 'net_sales' and c.grain = 'day'
        group by c.level order by position(c.level in 'shop country category product')
        """,
        "forecast_model_comparison",
    )
    for row in rows:
        less = 1 - row["mase"] / row["naive"]
        note = f"seasonal naive {row['naive']:.3f} ({less:+.0%} less), WAPE {row['wape']:.1%}, {row['series']} series"
        yield Figure(
            f"{shop}, {row['level']}: MASE of what was chosen", value=row["mase"], note=note,
            goal=f"{_BEATS:.0%} below the seasonal naive" if row["level"] == "shop" else "",
            met=less >= _BEATS if row["level"] == "shop" else None,
        )  # fmt: skip
        for promised, held in ((80, row["c80"]), (95, row["c95"])):
            if held is not None:
                yield Figure(
                    f"{shop}, {row['level']}: {promised} % intervals hold", value=100 * held,
                    goal=f"{promised} ± 2", met=abs(100 * held - promised) <= 2,
                )  # fmt: skip


def _shop(shop: str, home: Path) -> Iterator[Figure]:
    """The shop's net sales by day: every candidate on the same days."""
    rows = _rows(
        home,
        """
        select model, mase, r2, chosen from forecast_model_comparison
        where metric = 'net_sales' and grain = 'day' and level = 'shop' order by mase
        """,
        "forecast_model_comparison",
    )
    for row in rows:
        if row["chosen"] or row["model"] in PEERS:
            chosen = " (chosen)" if row["chosen"] else ""
            yield Figure(
                f"{shop}, whole shop by day: {row['model']}{chosen}", value=row["mase"],
                note=f"MASE; R² {row['r2']:.2f}", goal="R² > 0.85" if row["chosen"] and shop == "sample" else "",
                met=row["r2"] > 0.85 if row["chosen"] and shop == "sample" else None,
            )  # fmt: skip


def _rolling(shop: str, home: Path) -> Iterator[Figure]:
    """The shop's net sales of the last eight weeks, as they would have been forecast week by week.

    At each cut everything is chosen anew from what was known then, as a run at that time would have.
    """
    told = _again(home, [7 * weeks for weeks in range(WEEKS, 0, -1)])
    actual, scale = told["y"], told["scale"]
    mase = float(((actual - told["value"]).abs() / scale).mean())
    naive = float(((actual - told["naive"]).abs() / scale).mean())
    yield Figure(
        f"{shop}, last 8 weeks, rolling: MASE", value=mase,
        note=f"seasonal naive {naive:.3f} ({1 - mase / naive:+.0%} less)",
        goal=f"{_BEATS:.0%} below the seasonal naive", met=mase <= (1 - _BEATS) * naive,
    )  # fmt: skip
    spread = ((actual - actual.mean()) ** 2).sum()
    r2 = float(1 - ((actual - told["value"]) ** 2).sum() / spread)
    yield Figure(
        f"{shop}, last 8 weeks, rolling: R²", value=r2, goal="> 0.85" if shop == "sample" else "",
        met=r2 > 0.85 if shop == "sample" else None,
    )  # fmt: skip
    yield Figure(
        f"{shop}, last 84 days: adjusted R² of week, weekday and promotion in hindsight", value=_hindsight(home),
        note="of the days that sold; to compare with",
    )  # fmt: skip
    opened = told[(actual > 0) & ~told["closed"].astype(bool)]
    for days, rows, goal in (
        ("1-7", opened[opened["ahead"] <= 7], 10),
        ("8-30", opened[opened["ahead"] > 7], 20),
    ):
        misses = 100 * (rows["y"] - rows["value"]).abs() / rows["y"]
        yield Figure(
            f"{shop}, last 8 weeks, rolling: MAPE of open days, {days} days ahead", value=float(misses.mean()),
            note=f"median {misses.median():.1f} %", goal=f"< {goal} %", met=bool(misses.mean() < goal),
        )  # fmt: skip
    for level in (80, 95):
        inside = opened["y"].between(opened[f"lower_{level}"], opened[f"upper_{level}"])
        held = 100 * float(inside.mean())
        yield Figure(
            f"{shop}, last 8 weeks, rolling: {level} % intervals hold", value=held,
            goal=f"{level} ± 2", met=abs(held - level) <= 2,
        )  # fmt: skip


def _year(shop: str, home: Path) -> Iterator[Figure]:
    """The whole shop's last year, forecast four weeks ahead at thirteen cuts; apart, the days with a promotion."""
    told = _again(home, [28 * back for back in range(13, 0, -1)])
    told = told[told["ahead"] <= 28]
    promoted = told["ds"].dt.date.isin(_promoted(home))
    for words, rows in (("all days", told), ("days with a promotion", told[promoted])):
        size = rows["y"].abs().sum()
        wape, naive = (
            100 * float((rows["y"] - rows[name]).abs().sum() / size) for name in ("value", "naive")
        )
        yield Figure(
            f"{shop}, last year, four weeks at a time: WAPE of {words}", value=wape,
            note=f"seasonal naive {naive:.1f} %, {len(rows)} days",
        )  # fmt: skip


def _promoted(home: Path) -> set[date]:
    sql = "select sold_on from sales_series where level = 'shop' and promoted"
    return {row["sold_on"] for row in _rows(home, sql, "sales_series")}


def _again(home: Path, backs: list[int]) -> pd.DataFrame:
    """`ds, ahead, value, naive, lower_80 … upper_95, closed, y, scale` of cuts so many days before the end."""
    import pandas as pd

    from omnix.ml.forecasting import SEASONS, candidate
    from omnix.ml.forecasting.backtest import honest, scale
    from omnix.ml.forecasting.run import run as forecast

    until = _made_on(home)
    happened = _task(home, until).history[["ds", "y"]]
    parts = []
    for back in backs:
        task = _task(home, until - timedelta(days=back))
        rows = forecast(task, budget_seconds=SECONDS).rows
        asked = task.at(task.last)
        naive = candidate("seasonal_naive").fit(asked.train, seed=7).predict(asked.future)
        naive = honest(naive, asked.future, floor=task.floor).rename(columns={"yhat": "naive"})
        unit = float(scale(task.history, SEASONS["day"]).iloc[0])
        parts.append(rows.merge(naive, on=["unique_id", "ds"]).assign(scale=unit))
    return pd.concat(parts, ignore_index=True).merge(happened, on="ds")


def _hindsight(home: Path) -> float:
    """How much of the shop's days is told by the level of every single week, its weekdays and promotions."""
    import numpy as np
    import pandas as pd

    rows = _rows(
        home,
        """
        select sold_on::timestamp as day, net_cents::double as y, promoted::double as promoted
        from sales_series where level = 'shop' order by sold_on desc limit 84
        """,
        "sales_series",
    )
    days = pd.DataFrame(rows)
    week, weekday = days["day"].dt.strftime("%G-%V"), days["day"].dt.weekday.astype(str)
    told = pd.get_dummies(pd.DataFrame({"week": week, "weekday": weekday})).astype(float)
    known, y = told.assign(promoted=days["promoted"]).to_numpy(), days["y"].to_numpy()
    left = y - known @ np.linalg.lstsq(known, y, rcond=None)[0]
    free = len(y) - np.linalg.matrix_rank(known)
    return float(1 - (left @ left / free) / y.var(ddof=1))


def _made_on(home: Path) -> date:
    found = _rows(home, "select max(made_on) as made_on from forecasts", "forecasts")
    until: date = found[0]["made_on"]
    return until


def _task(home: Path, until: date) -> Task:
    """The shop's net sales by day before `until`, 30 days ahead."""
    import duckdb

    from omnix.app.app import App
    from omnix.systems.market_intelligence.tasks import Sales

    app, con = App.open(home), duckdb.connect()
    names = ("sales_series", "promotions", "holidays", "categories")
    for name in names:
        app.lake.view(con, app.graph.tables[name].path, as_name=name)
    sales = Sales(*(con.table(name) for name in names), until)
    whole = sales.task("net_sales", "day", frozenset({"shop="}))
    return replace(whole, horizons={"shop": 30})
