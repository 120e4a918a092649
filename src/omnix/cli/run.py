"""`omnix run`: bring tables up to date and say what was found."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from omnix.core.errors import LakeError

if TYPE_CHECKING:
    from omnix.app.app import App, Report
    from omnix.pipeline.workspace import Built

#: Exit code when the books do not balance.
RED = 6


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("run")(run)


def run(
    context: typer.Context,
    tables: Annotated[
        list[str] | None,
        typer.Argument(help="Tables to build, with what they read; all unless given."),
    ] = None,
    system: Annotated[str | None, typer.Option(help="Build one system's tables.")] = None,
    as_of: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"],
            help="Nothing on or after this day counts; the day after the newest order unless given.",
        ),
    ] = None,
    full: Annotated[
        bool, typer.Option("--full", help="Read and build everything again, changed or not.")
    ] = False,
    no_ingest: Annotated[
        bool, typer.Option("--no-ingest", help="Work on what is in raw already.")
    ] = False,
    wait: Annotated[
        float | None, typer.Option(help="Seconds to wait for another run to end.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Read what is new, then build every table whose inputs, code or parameters have changed."""
    from omnix.app.app import App
    from omnix.cli.output import emit_json, errors
    from omnix.cli.progress import Bar

    home = App.open(context.obj)
    todo = len(home.graph.chosen(tables or (), system))
    with home.locked("run", wait_seconds=wait, waiting=errors.print), Bar(todo) as bar:
        report = home.run(
            tables or (),
            system=system,
            as_of=as_of.date() if as_of else None,
            full=full,
            ingest_first=not no_ingest,
            progress=lambda table, rows: bar.say(f"reading {table}, {rows:,} rows"),
            began=lambda name: bar.say(f"building {name}"),
            report=lambda _built: bar.advance(),
        )
    red = _red(home, report)
    if json:
        emit_json(_record(report, red))
    else:
        _print(home, report, red)
    raise typer.Exit(report.exit_code or (RED if red else 0))


def _red(home: App, report: Report) -> list[dict[str, Any]]:
    """Every balance that is red; books that cannot be read are a failure of the run."""
    from omnix.app.state import red_books
    from omnix.pipeline.workspace import Built

    try:
        return red_books(home)
    except LakeError as error:
        report.built.append(Built("books_balance", "failed", error=error))
        return []


def _record(report: Report, red: list[dict[str, Any]]) -> dict[str, Any]:
    from omnix.cli.ingest import as_record

    return {
        "run_id": report.run_id,
        "ingested": [as_record(each) for each in report.ingested],
        "tables": [
            {
                "table": b.table, "outcome": b.result, "rows": b.rows, "version": b.version, "versions_in": dict(b.versions_in),
                "cpu_seconds": round(b.cpu_seconds, 4), "wall_seconds": round(b.wall_seconds, 4),
                "message": str(b.error) if b.error else b.note or None,
            }
            for b in report.built
        ],
        "books_out_of_balance": red,
    }  # fmt: skip


def _print(home: App, report: Report, red: list[dict[str, Any]]) -> None:
    from omnix.cli.ingest import print_ingested
    from omnix.cli.output import console, print_rows

    print_ingested(report.ingested)
    fresh = [b for b in report.built if b.result == "built"]
    if fresh:
        rows = [(b.table, b.rows, b.version, round(b.cpu_seconds, 2), b.note) for b in fresh]
        print_rows(
            ("table", "rows", "version", "CPU s", ""), rows, right=["rows", "version", "CPU s"]
        )
    unchanged = sum(b.result == "unchanged" for b in report.built)
    console.print(f"{len(fresh)} tables built, {unchanged} unchanged.")
    for each in report.failures:
        _print_failure(each)
    for line in red:
        console.print(
            f"[bold red]The books do not balance[/]: {line['step']}, {line['table_name']}: {line['rows_difference']:,} rows, "
            f"{(line['money_difference_cents'] or 0) / 100:,.2f} in money. Raw rows {line['differing_rows'] or 'unknown'}."
        )
    with suppress(LakeError):  # what is damaged was told above, or is nothing of this run
        if home.lake.snapshot("analytics/sales_daily"):
            _print_findings(home)


def _print_failure(each: Built) -> None:
    from omnix.cli.output import console

    words = str(each.error) if each.error else each.note
    console.print(f"[bold red]{each.table} {each.result}:[/] {words.replace('[', chr(92) + '[')}")


def _print_findings(home: App) -> None:
    from omnix.app.read import rows_of
    from omnix.cli.output import console, print_rows
    from omnix.core.money import show_cents

    sales = rows_of(
        home,
        """select currency, min(sold_on) as since, max(sold_on) as upto, sum(net_cents)::bigint as net,
                  sum(gross_cents)::bigint as gross, sum(refund_cents)::bigint as refunds
           from sales_daily group by currency order by gross desc limit 5""",
        "analytics/sales_daily",
    )
    print_rows(
        ("currency", "from", "to", "gross", "refunds", "net"),
        [(s["currency"], s["since"], s["upto"], show_cents(s["gross"]), show_cents(s["refunds"]), show_cents(s["net"])) for s in sales],
        title="\nSales", right=["gross", "refunds", "net"],
    )  # fmt: skip
    console.print(
        "Where to look next: [bold]omnix show sales_daily[/], [bold]omnix quality[/], [bold]omnix quarantine list[/], [bold]omnix lineage sales_daily[/]."
    )
