"""`omnix show TABLE`: its rows."""

from __future__ import annotations

from typing import Annotated

import typer

from omnix.core.errors import OmnixError


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("show")(show)


def show(
    context: typer.Context,
    table: Annotated[
        str,
        typer.Argument(
            help="A table, for example sales_daily; raw/NAME for raw; quarantine; runs."
        ),
    ],
    limit: Annotated[int, typer.Option(help="Rows to show; 0 for all.", min=0)] = 20,
    version: Annotated[
        int | None, typer.Option(help="An older version, as `omnix history` lists them.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print CSV.")] = False,
) -> None:
    """Show a table's rows, now or as they were."""
    from omnix.app.app import App
    from omnix.app.read import table_rows
    from omnix.cli.output import (
        console,
        emit_csv,
        emit_json,
        errors,
        fits,
        print_records,
        print_rows,
        records,
    )

    if json and as_csv:
        raise OmnixError("`--json` and `--csv` exclude each other.", "Give one of them.")
    found = table_rows(App.open(context.obj), table, limit=limit or None, version=version)
    if json:
        emit_json(records(found.columns, found.rows))
    elif as_csv:
        emit_csv(found.columns, found.rows)
    elif not fits(found.columns, found.rows):
        print_records(found.columns, found.rows)
    else:
        numbers = [
            c
            for n, c in enumerate(found.columns)
            if found.rows and isinstance(found.rows[0][n], int | float)
        ]
        print_rows(found.columns, found.rows, right=numbers)
    if limit and len(found.rows) == limit:
        where = errors if json or as_csv else console  # a file of rows holds nothing else
        where.print(f"[dim]The first {limit:,} rows; `--limit 0` shows all.[/]")
