"""`omnix history TABLE`: its versions."""

from __future__ import annotations

from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("history")(history)


def history(
    context: typer.Context,
    table: Annotated[str, typer.Argument(help="A table, for example orders; raw/NAME for raw.")],
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """List a table's versions: when, from which inputs, by which run."""
    from omnix.app.app import App
    from omnix.app.read import path_of
    from omnix.cli.output import emit_json, print_rows
    from omnix.core.errors import LakeError

    home = App.open(context.obj)
    path = path_of(home, table)
    if home.lake.snapshot(path) is None:
        raise LakeError(f"{table} was never built.", f"`omnix run {table}` builds it.")
    commits = home.lake.history(path)
    if json:
        emit_json(
            [
                {
                    "version": c.version,
                    "at": c.at,
                    "operation": c.operation,
                    "rows": c.rows,
                    "metadata": dict(c.metadata),
                }
                for c in commits
            ]
        )
        return
    print_rows(
        ("version", "at (UTC)", "operation", "rows", "run", "inputs"),
        [(c.version, f"{c.at:%Y-%m-%d %H:%M:%S}", c.operation, c.rows, c.metadata.get("omnix.run_id", ""), c.metadata.get("omnix.inputs", "")) for c in commits],
        right=["version", "rows"],
    )  # fmt: skip
