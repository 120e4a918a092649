"""How good published forecasts are: whole shops through the pipeline, scored on days that no choice saw.

    python -m benchmarks accuracy_forecast

The medium sample shop, Online Retail II and Olist (where their files are there) are initialised and run
in a temporary home; what is told is read from `forecast_model_comparison` and `forecast_scoreboard` as
any user would. Every candidate saw the same cuts. The store chain and the hierarchy of departments have
benchmarks of their own: `rossmann` and `walmart`.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.report import Figure

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


def run(full: bool) -> list[Figure]:  # noqa: ARG001 - every shop is small
    """Three shops."""
    found: list[Figure] = []
    for name, source in _shops():
        with tempfile.TemporaryDirectory() as folder:
            home = _built(Path(folder) / "home", source)
            found += [*_levels(name, home), *_shop(name, home), *_near_and_far(name, home)]
    return found


def _shops() -> Iterator[tuple[str, dict[str, str]]]:
    yield "sample", {"kind": "sample", "location": "medium", "preset": ""}
    for name in ("online_retail_ii", "olist"):
        if (DATA / name).is_dir():
            preset = name if name == "online_retail_ii" else ""
            yield name, {"kind": "files", "location": str(DATA / name), "preset": preset}


def _built(home: Path, source: dict[str, str]) -> Path:
    """A home with every table of market intelligence."""
    import subprocess
    import sys

    home.parent.mkdir(parents=True, exist_ok=True)
    omnix = [str(Path(sys.executable).parent / "omnix"), "--home", str(home)]
    if source["kind"] == "sample":
        made = ["init", "--sample", source["location"]]
    else:
        preset = ["--preset", source["preset"]] if source["preset"] else []
        made = ["init", "--from", source["location"], *preset]
    for command in (made, ["run", "--system", "market_intelligence"]):
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


def _near_and_far(shop: str, home: Path) -> Iterator[Figure]:
    """MAPE of the shop's net sales on open days, 1-7 and 8-28 days ahead."""
    rows = _rows(
        home,
        """
        select case when ahead <= 7 then '1-7' else '8-28' end as days,
            100 * avg(abs(error) / actual) as mape, 100 * median(abs(error) / actual) as middle
        from forecast_scoreboard
        where metric = 'net_sales' and grain = 'day' and level = 'shop' and kind = 'backtest' and actual > 0
            and lower_80 is not null
        group by all order by 1
        """,
        "forecast_scoreboard",
    )
    for row in rows:
        goal = 10 if row["days"] == "1-7" else 20
        yield Figure(
            f"{shop}, whole shop: MAPE of open days, {row['days']} days ahead", value=row["mape"],
            note=f"median {row['middle']:.1f} %", goal=f"< {goal} %", met=row["mape"] < goal,
        )  # fmt: skip
