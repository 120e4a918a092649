"""`omnix tables`: what there is."""

from __future__ import annotations

from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("tables")(tables)


def tables(
    context: typer.Context,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """List every table: what one row is, how many there are, since when."""
    from omnix.app.app import App
    from omnix.app.state import table_states
    from omnix.cli.output import emit_json, print_rows

    states = table_states(App.open(context.obj))
    if json:
        emit_json([vars(state) for state in states])
        return
    print_rows(
        ("table", "system", "rows", "version", "built (UTC)", "one row per"),
        [
            (s.table, s.system, s.rows, s.version, f"{s.built_at:%Y-%m-%d %H:%M}" if s.built_at else "never", s.empty_because or s.about.splitlines()[0].removeprefix("One row per "))
            for s in states
        ],
        right=["rows", "version"],
    )  # fmt: skip
