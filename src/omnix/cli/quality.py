"""`omnix quality`: how good the data is."""

from __future__ import annotations

from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("quality")(quality)


def quality(
    context: typer.Context,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Show each table's quality score and the rules that rows broke."""
    from omnix.app.app import App
    from omnix.app.read import quarantine_counts, table_rows
    from omnix.cli.output import emit_json, print_rows, records

    home = App.open(context.obj)
    found = table_rows(home, "data_quality", limit=None)
    rules = quarantine_counts(home)
    if json:
        emit_json(
            {
                "tables": records(found.columns, found.rows),
                "rules": records(rules.columns, rules.rows),
            }
        )
        return
    wanted = (
        "table_name",
        "rows_mapped",
        "rows_curated",
        "rows_quarantined",
        "completeness",
        "validity",
        "uniqueness",
        "consistency",
        "score",
    )
    places = [found.columns.index(name) for name in wanted]
    names = ("table", "came", "kept", "set aside", *wanted[4:])
    print_rows(names, [[row[p] for p in places] for row in found.rows if row[1]], right=names[1:])
    for row in found.rows:
        if reason := row[found.columns.index("empty_because")]:
            typer.echo(f"{row[0]} is empty: {reason}")
    if rules.rows:
        print_rows(
            ("table", "severity", "broken rules", "rows"),
            [row[:4] for row in rules.rows],
            title="\nWhat rows broke",
            right=["rows"],
        )
