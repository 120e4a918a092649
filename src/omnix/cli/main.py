"""`omnix`: every command, found in the module that bears its name."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from omnix import __version__
from omnix.core.errors import OmnixError

#: In the order in which a newcomer meets them.
COMMANDS = (
    "init", "ingest", "run", "tables", "show", "lineage", "history", "quality",
    "quarantine", "status", "forecast", "backtest", "models", "doctor", "ops", "serve", "user",
)  # fmt: skip

app = typer.Typer(
    name="omnix",
    help="Commerce analytics in which every number is a row of a versioned table.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"omnix {__version__}")
        raise typer.Exit


@app.callback()
def root(
    context: typer.Context,
    home: Annotated[
        Path | None,
        typer.Option(
            "--home", envvar="OMNIX_HOME", help="The home folder; ./omnix-home unless given."
        ),
    ] = None,
    version: Annotated[  # noqa: ARG001 - its callback does the work
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Commerce analytics in which every number is a row of a versioned table."""
    context.obj = home


for _name in COMMANDS:
    import_module(f"omnix.cli.{_name}").register(app)


def main() -> None:
    """Run the command line; errors that omnix can explain end in words and their exit code."""
    try:
        app()
    except OmnixError as error:
        _tell(error)
    except OSError as error:
        if error.filename is None:
            raise
        words = f"{error.filename} cannot be used: {error.strerror}."
        _tell(
            OmnixError(words, "Check that it is there, who may use it, and that the disk has room.")
        )
    except KeyboardInterrupt:
        sys.exit(130)


def _tell(error: OmnixError) -> NoReturn:
    from omnix.cli.output import errors

    errors.print(f"[bold red]Error:[/] {_plain(error.what)}")
    if error.step:
        errors.print(_plain(error.step))
    sys.exit(error.exit_code)


def _plain(text: str) -> str:
    return text.replace("[", r"\[")


if __name__ == "__main__":
    main()
