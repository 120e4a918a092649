"""`omnix forecast [LEVEL=ITEM …]`: what will be sold."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from omnix.app.forecasting.service import Computation, Forecasting
    from omnix.app.forecasting.subject import Subject

Metric = Annotated[str, typer.Option(help="net_sales, orders, units or customers.")]
GrainName = Annotated[str, typer.Option("--grain", help="day, week or month.")]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("forecast")(forecast)


def forecast(
    context: typer.Context,
    levels: Annotated[
        list[str] | None,
        typer.Argument(
            help="shop, country=GB, store=ID, category=ID, product=ID; the shop unless given."
        ),
    ] = None,
    metric: Metric = "net_sales",
    grain: GrainName = "day",
    horizon: Annotated[int, typer.Option(help="Periods ahead, 1 to 365.")] = 14,
    model: Annotated[
        str, typer.Option(help="A candidate to forecast with now; auto reads what the run chose.")
    ] = "auto",
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Show what is forecast, with intervals and the baseline beside it, and why that model."""
    from omnix.app.app import App
    from omnix.app.forecasting.service import ForecastWanted
    from omnix.cli.output import emit_json

    service = opened(App.open(context.obj))
    asked = {
        level: ForecastWanted(
            metric=metric, horizon=horizon, model=model, grain=grain, **place(level)
        )
        for level in levels or ["shop"]
    }
    answers = {level: answered(service.forecast(wanted)) for level, wanted in asked.items()}
    if json:
        emit_json(answers)
        return
    for level, answer in answers.items():
        _show(level, answer)
        if words := _left_out(service, asked[level].subject):
            typer.echo(words)


def opened(app: Any) -> Forecasting:
    """The forecasts of a home."""
    from omnix.app.analytics.reader import Reader
    from omnix.app.forecasting.service import Forecasting

    return Forecasting(app, Reader(app))


def place(level: str) -> dict[str, Any]:
    """ "country=GB" as the service is asked.

    Raises:
        QuestionError: it names no level, or no item of one.

    """
    from omnix.app.analytics.errors import QuestionError

    fields = {
        "country": "country", "store": "store_id", "category": "category_id", "product": "product_id",
    }  # fmt: skip
    name, _, item = level.partition("=")
    if name == "shop" and not item:
        return {}
    if name not in fields or not item:
        raise QuestionError(
            "level", f"{level!r} is no part of a shop.", "Give shop, country=GB, store=ID, category=ID or product=ID."
        )  # fmt: skip
    return {fields[name]: item}


def answered(found: Mapping[str, Any] | Computation) -> Mapping[str, Any]:
    """The answer; what is computed for it is told on the error stream as it goes."""
    from omnix.cli.output import errors

    if isinstance(found, Mapping):
        return found
    answer: Mapping[str, Any] = {}
    for event in found.events():
        if step := event.get("progress"):
            done = f" ({step['done']}/{step['total']})" if step["total"] else ""
            errors.print(f"{step['words']}{done}", markup=False)
        answer = event.get("answer", answer)
    return answer


def _left_out(service: Forecasting, subject: Subject) -> str:
    """That money of some orders is not in the answer; empty where all of it is."""
    import json

    from omnix.app.forecasting.history import YEAR
    from omnix.app.forecasting.phrases import left_out

    told = json.loads(
        service.series(subject.metric.name, subject.level, subject.item, subject.grain, 0, 1)
    )
    return left_out(told["unconverted_orders"], YEAR, told["currency"])


def _show(level: str, answer: Mapping[str, Any]) -> None:
    from omnix.cli.output import print_rows

    told = answer.get("metadata") or {}
    currency = f" in {told['currency']}" if told.get("currency") else ""
    typer.echo(f"\n{level}: {told.get('metric', '')} by {told.get('grain', '')}{currency}")
    if answer.get("empty_because"):
        typer.echo(f"{answer['empty_because']} Needed: {answer['needed']}")
        return
    bands: Mapping[str, Mapping[str, Sequence[Any]]] = answer["intervals"]
    unit = 100 if told.get("currency") else 1
    columns = [
        answer["forecast"], *(bands[str(at)][end] for at in (80, 95) for end in ("lower", "upper")),
        answer["baseline"],
    ]  # fmt: skip
    rows = [
        (day, *(f"{value / unit:,.2f}" for value in values))
        for day, *values in zip(answer["dates"], *columns, strict=True)
    ]
    names = ("from", "forecast", "80 % from", "to", "95 % from", "to ", "baseline")
    print_rows(names, rows, right=names[1:])
    typer.echo(f"Model: {answer['model']}. {answer.get('reason') or ''}")
    if scores := answer.get("evaluation_metrics"):
        words: Mapping[str, Callable[[float], str]] = {
            "mase": lambda value: f"{value:.3f}",
            "wape": lambda value: f"{value:.1%}",
            "rmse": lambda value: f"{value / unit:,.2f}",
        }
        shown = [f"{name} {say(scores[name])}" for name, say in words.items() if scores.get(name) is not None]  # fmt: skip
        typer.echo(f"On past {told['grain']}s that took no part in the choice: {', '.join(shown)}.")
