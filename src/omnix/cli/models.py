"""`omnix models`: the trained models, their versions, and which of them answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from omnix.ml.shelf import Shelf

Name = Annotated[str, typer.Argument(help="A model, for example forecast-net_sales.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(help="Trained models: versions, champions.", no_args_is_help=True)
    group.command("list")(list_models)
    for command in (show, promote, rollback):
        group.command()(command)
    app.add_typer(group, name="models")


def list_models(
    context: typer.Context,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """List every model with its champion."""
    from omnix.cli.output import emit_json, print_rows

    registry = _shelf(context).registry
    rows = []
    for name in registry.names():
        versions = registry.versions(name)
        best = next((each for each in versions if each.state == "champion"), None)
        rows.append({
            "model": name, "champion": best.semantic if best else None,
            "since": f"{best.created_at:%Y-%m-%d %H:%M}" if best else None, "versions": len(versions),
            "reason": best.reason if best else "",
        })  # fmt: skip
    if json:
        emit_json(rows)
    elif rows:
        print_rows(tuple(rows[0]), [tuple(row.values()) for row in rows], right=["versions"])
    else:
        typer.echo("No model was trained yet: `omnix run` trains them.")


def show(
    context: typer.Context,
    name: Name,
    version: Annotated[
        str, typer.Option(help="Its card; the champion's unless given.")
    ] = "champion",
) -> None:
    """Print a model's card: what it is for, what it was trained on, how it did, its versions."""
    typer.echo(_shelf(context).registry.card(name, version))


def promote(
    context: typer.Context,
    name: Name,
    version: Annotated[str, typer.Argument(help="The version, for example 1.2.0, or challenger.")],
) -> None:
    """Make a version champion by hand; it stays until a better one has won on the same past days."""
    made = _shelf(context).promote(name, version)
    typer.echo(f"{name} {made.semantic} is champion; `omnix run forecasts` publishes its answers.")


def rollback(context: typer.Context, name: Name) -> None:
    """Make the champion before this one champion again; its answers are the old ones, byte for byte."""
    made = _shelf(context).rollback(name)
    typer.echo(f"{name} {made.semantic} is champion; `omnix run forecasts` publishes its answers.")


def _shelf(context: typer.Context) -> Shelf:
    from omnix.app.app import App

    return App.open(context.obj).models()
