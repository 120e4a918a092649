"""`omnix doctor`: what is wrong, and how to mend it."""

from __future__ import annotations

from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("doctor")(doctor)


def doctor(
    context: typer.Context,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Check everything that may be wrong and say the fix; exit code 1 when something is."""
    from omnix.app.app import App
    from omnix.app.state import doctor as look
    from omnix.cli.output import console, emit_json

    checks = list(look(App.open(context.obj)))
    if json:
        emit_json([vars(check) for check in checks])
    else:
        for check in checks:
            mark = "[bold red]✗[/]" if check.fix else "[green]✓[/]"
            console.print(f"{mark} {check.what}: {check.found.replace('[', chr(92) + '[')}")
            if check.fix:
                console.print(f"  {check.fix.replace('[', chr(92) + '[')}")
    raise typer.Exit(1 if any(check.fix for check in checks) else 0)
