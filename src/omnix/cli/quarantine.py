"""`omnix quarantine list|replay`: rows that were set aside, and bringing them back."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(
        help="Rows that were set aside: list them, bring them back.", no_args_is_help=True
    )
    group.command("list")(list_rows)
    group.command("replay")(replay)
    app.add_typer(group, name="quarantine")


def list_rows(
    context: typer.Context,
    table: Annotated[str | None, typer.Argument(help="A curated table; all unless given.")] = None,
    limit: Annotated[int, typer.Option(help="Rows to show; 0 for all.", min=0)] = 20,
    warnings: Annotated[
        bool, typer.Option("--warnings", help="Rows that were kept and warned of instead.")
    ] = False,
    upload: Annotated[
        str | None,
        typer.Option(help="Only rows that came with this file; the answer to it names its id."),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    as_csv: Annotated[
        bool, typer.Option("--csv", help="Print CSV with the row's own columns, ready to correct.")
    ] = False,
) -> None:
    """List rows that were set aside, with every broken rule in words."""
    from omnix.app.app import App
    from omnix.app.read import quarantined
    from omnix.app.replay import expanded
    from omnix.cli.output import console, emit_csv, emit_json, print_rows, records
    from omnix.core.errors import OmnixError

    home = App.open(context.obj)
    if as_csv and not table:
        raise OmnixError(
            "Tables have different columns, so CSV is of one of them.",
            "Name it: `omnix quarantine list orders --csv`.",
        )
    everything = None if as_csv or not limit else limit
    severity = "warning" if warnings else "error"
    found = quarantined(home, table, limit=everything, severity=severity, upload=upload)
    if as_csv:
        emit_csv(*expanded(found))
    elif json:
        emit_json(records(found.columns, found.rows))
    else:
        shown = [(row[0], row[1], row[2], row[4], row[6]) for row in found.rows]
        print_rows(("table", "row", "key", "broken rules", "as it came"), shown, right=["row"])
        console.print(
            "After a fix: [bold]omnix quarantine replay[/]. To correct rows: [bold]omnix quarantine list TABLE --csv > fix.csv[/]."
        )


def replay(
    context: typer.Context,
    table: Annotated[str | None, typer.Argument(help="A curated table; all unless given.")] = None,
    corrected: Annotated[
        Path | None,
        typer.Option(
            "--from", help="CSV of corrected rows, as `quarantine list TABLE --csv` gives it."
        ),
    ] = None,
    wait: Annotated[
        float | None, typer.Option(help="Seconds to wait for another run to end.")
    ] = None,
) -> None:
    """Judge the rows again, after a fix or with corrected rows, and rebuild what hangs on them."""
    from omnix.app.app import App
    from omnix.app.replay import replay as again
    from omnix.cli.output import console, errors

    home = App.open(context.obj)
    with home.locked("quarantine replay", wait_seconds=wait, waiting=errors.print):
        done = again(home, table, corrected)
    if done.corrected:
        console.print(f"{done.corrected:,} corrected rows taken in.")
    console.print(f"Set aside before: {done.before:,}; now: {done.after:,}.")
    for each in done.report.failures:
        console.print(
            f"[bold red]{each.table} {each.result}:[/] {str(each.error or each.note).replace('[', chr(92) + '[')}"
        )
    raise typer.Exit(done.report.exit_code)
