"""`omnix ops`: the same graph in Dagster's UI."""

from __future__ import annotations

from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("ops")(ops)


def ops(
    context: typer.Context,
    port: Annotated[int, typer.Option(help="Port on this machine.")] = 3000,
) -> None:
    """Open Dagster on the graph: assets, checks, the daily schedule, the sensor (extra `dagster`)."""
    from omnix.app.app import App
    from omnix.app.ops import serve

    serve(App.open(context.obj), port)
