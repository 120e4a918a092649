"""`omnix ingest`: bring what is new into raw."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from collections.abc import Iterable

    from omnix.pipeline.ingest import Ingested


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("ingest")(ingest)


def ingest(
    context: typer.Context,
    full: Annotated[
        bool, typer.Option("--full", help="Forget what was read before and read everything.")
    ] = False,
    wait: Annotated[
        float | None, typer.Option(help="Seconds to wait for another run to end.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Read what is new at the source, through the door, into raw."""
    from omnix.app.app import App
    from omnix.cli.output import console, emit_json, errors
    from omnix.cli.progress import steps

    home = App.open(context.obj)
    with home.locked("ingest", wait_seconds=wait, waiting=errors.print), steps("Reading") as say:
        done = home.ingest(full=full, progress=lambda table, rows: say(f"{table} {rows:,} rows"))
    if json:
        emit_json([as_record(each) for each in done])
    else:
        print_ingested(done)
        news = [each for each in done if each.mode != "same"]
        console.print("Nothing is new." if not news else "Next: [bold]omnix run[/]")
    failed = [each.error for each in done if each.error]
    raise typer.Exit(failed[0].exit_code if failed else 0)


def as_record(each: Ingested) -> dict[str, Any]:
    """One table's ingest for programs."""
    return {
        "table": each.table,
        "mode": each.mode,
        "rows": each.rows,
        "version": each.version,
        "findings": [vars(finding) for finding in each.findings],
        "notes": each.notes,
        "error": str(each.error) if each.error else None,
    }


def print_ingested(done: Iterable[Ingested]) -> None:
    """What came in, what the door found, what went wrong."""
    from omnix.cli.output import console, print_rows

    done = list(done)
    news = [each for each in done if each.mode != "same"]
    if news:
        print_rows(
            ("raw table", "rows", "read"),
            [(n.table, n.rows, _WORDS.get(n.mode, n.mode)) for n in news],
            right=["rows"],
        )
    for finding in (finding for each in done for finding in each.findings):
        console.print(
            f"[yellow]Card data {finding.action}[/] in {finding.table}.{finding.column}: {finding.rows:,} rows ({finding.kind.replace('_', ' ')}). {finding.evidence}"
        )
    for each in done:
        for note in each.notes:
            console.print(f"[dim]{each.table}: {note.replace('[', chr(92) + '[')}[/]")
        if each.error:
            console.print(
                f"[bold red]{each.table} failed:[/] {str(each.error).replace('[', chr(92) + '[')}"
            )


_WORDS = {"replace": "in full", "append": "new files", "changes": "changes", "failed": "failed"}
