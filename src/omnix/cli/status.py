"""`omnix status`: how things stand."""

from __future__ import annotations

from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("status")(status)


def status(
    context: typer.Context,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Show the source, the last run, the books and what the door found."""
    from omnix.app.app import App
    from omnix.app.state import status as look
    from omnix.cli.output import console, emit_json

    found = look(App.open(context.obj))
    if json:
        emit_json(found)
        return
    source, tables, last = found["source"], found["tables"], found["last_run"]
    console.print(f"Home     {found['home']}")
    console.print(f"Source   {source['kind']} {source['location']} (mapping: {source['mapping']})")
    console.print(f"Tables   {tables['built']} of {tables['all']} built, {tables['rows']:,} rows")
    console.print(
        f"Last run {last['run_id']}, ended {last['ended_at']:%Y-%m-%d %H:%M:%S} UTC"
        if last
        else "Last run none yet: `omnix run`"
    )
    for each in (last or {}).get("failed", []):
        console.print(
            f"  [bold red]{each['table']} {each['outcome']}[/] {(each['message'] or '').replace('[', chr(92) + '[')}"
        )
    words = {
        True: "in balance",
        False: "[bold red]out of balance[/]: `omnix show books_balance`",
        None: "not written yet",
    }
    console.print(f"Books    {words[found['books_balance']]}")
    cards = found["card_data"]
    places = {(each["table"], each["column"]) for each in cards}
    console.print(
        f"Cards    {f'found in {len(places)} columns and taken out at the door' if cards else 'no card data found at the door'}"
    )
    for each in cards:
        console.print(
            f"  {each['table']}.{each['column']}: {each['rows']:,} rows, {each['kind'].replace('_', ' ')} {each['action']}"
        )
