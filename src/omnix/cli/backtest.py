"""`omnix backtest [LEVEL=ITEM]`: how well forecasts would have done."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from omnix.cli.forecast import GrainName, Metric

_SCORES = ("mase", "wape", "smape", "rmse", "r2")


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("backtest")(backtest)


def backtest(
    context: typer.Context,
    level: Annotated[
        str,
        typer.Argument(
            help="Try candidates on this now: shop, country=GB, store=ID, category=ID, product=ID."
        ),
    ] = "",
    metric: Metric = "net_sales",
    grain: GrainName = "day",
    horizon: Annotated[int, typer.Option(help="Periods ahead, 1 to 365.")] = 28,
    models: Annotated[
        str,
        typer.Option(
            help="Candidates, separated by commas; those that time pays for unless given."
        ),
    ] = "",
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Show how each candidate did on the same past days: what the last run found, or one series now."""
    from omnix.app.app import App
    from omnix.app.forecasting.service import CompareWanted, ForecastWanted
    from omnix.cli.forecast import answered, opened, place
    from omnix.cli.output import emit_json, print_rows

    home = App.open(context.obj)
    if not level:
        _stored(home, metric, grain, json=json)
        return
    wanted = ForecastWanted(metric=metric, horizon=horizon, grain=grain, **place(level))
    named = tuple(name.strip() for name in models.split(",") if name.strip())
    answer = answered(opened(home).compare(CompareWanted(wanted, named)))
    if json:
        emit_json(dict(answer))
        return
    if answer.get("empty_because"):
        typer.echo(f"{answer['empty_because']} Needed: {answer['needed']}")
        return
    print_rows(
        ("model", *_SCORES, "below the baseline", "chosen"),
        [
            (row["model"], *(row[name] for name in _SCORES), _percent(row["margin"]), "yes" if row["chosen"] else "")
            for row in answer["comparison"]
        ],
        right=[*_SCORES, "below the baseline"],
    )  # fmt: skip


def _stored(home: Any, metric: str, grain: str, *, json: bool) -> None:
    """The mean scores of each level and kind of series, as the last run found them."""
    from omnix.app.forecasting.subject import GRAINS, LEAST, metric_of, one_of
    from omnix.app.read import rows_of
    from omnix.cli.output import emit_json, print_rows
    from omnix.core.errors import LakeError

    metric, grain = metric_of(metric).name, one_of("grain", grain, GRAINS)
    path = "analytics/forecast_model_comparison"
    if home.lake.snapshot(path) is None:
        raise LakeError(
            "No candidates were tried yet.", "`omnix run --system market_intelligence` tries them."
        )
    rows = [
        row
        for row in rows_of(home, _SUMMARY, path)
        if row["metric"] == metric and row["grain"] == grain
    ]
    if json:
        emit_json(rows)
        return
    if not rows:
        typer.echo(
            f"Nothing could be tried by {grain}. Needed: {LEAST[grain]} {grain}s of history."
        )
        return
    names = ("level", "kind", "series", "model", "mase", "wape", "baseline's mase", "80 % holds", "95 % holds")  # fmt: skip
    print_rows(
        names,
        [
            (
                row["level"], row["series_class"], row["series"], row["model"], _rounded(row["mase"]),
                _percent(row["wape"]), _rounded(row["baseline_mase"]), _percent(row["coverage_80"]),
                _percent(row["coverage_95"]),
            )
            for row in rows
        ],
        right=[names[2], *names[4:]],
    )  # fmt: skip


#: The baseline's errors follow from the margins: of the two it is the one that each series is held against.
_SUMMARY = """
    select
        metric, grain, level, series_class, count(*) as series, model, avg(mase) as mase,
        avg(wape) as wape, avg(mase / (1 - margin)) filter (margin < 1) as baseline_mase,
        avg(coverage_80) as coverage_80, avg(coverage_95) as coverage_95
    from forecast_model_comparison
    where chosen
    group by metric, grain, level, series_class, model
    order by position(level in 'shop country store category product'), series_class, model
"""


def _rounded(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"


def _percent(value: float | None) -> str:
    return "" if value is None else f"{value:.1%}"
