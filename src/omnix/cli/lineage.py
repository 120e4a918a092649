"""`omnix lineage TABLE`: where its numbers come from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from omnix.app.app import App


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("lineage")(lineage)


def lineage(
    context: typer.Context,
    table: Annotated[str, typer.Argument(help="A table, for example sales_daily.")],
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Show what a table is made of, column by column, down to the source; and what reads it."""
    from omnix.app.app import App
    from omnix.cli.output import console, emit_json

    home = App.open(context.obj)
    found = _lineage(home, table)
    if json:
        emit_json(found)
        return
    console.print(f"[bold]{table}[/]: {found['about'].splitlines()[0]}")
    for line in _tree(home, table, 0):
        console.print(line)
    console.print("\n[bold]Columns[/]")
    for column, sources in found["columns"].items():
        console.print(f"  {column} ← {', '.join(sources) or 'a constant'}")
    console.print(f"\nRead by: {', '.join(found['read_by']) or 'nothing yet'}")


def _lineage(home: App, name: str) -> dict[str, Any]:
    from omnix.core.errors import UnknownTableError
    from omnix.curation.shape import Curated

    tables = home.graph.tables
    if name not in tables:
        raise UnknownTableError(name, tables)
    table = tables[name]
    columns = _curated_columns(table) if isinstance(table, Curated) else _sql_columns(home, table)
    return {
        "table": name, "about": table.about, "inputs": list(table.inputs), "raw": _raw_of(home, name),
        "columns": columns, "read_by": home.graph.downstream(name),
    }  # fmt: skip


def _curated_columns(table: Any) -> dict[str, list[str]]:
    """Source columns of a curated table: what the mapping gives; derived columns name their SQL."""
    columns = {name: [f"mapped {source}"] for name, source in table.sources.items()}
    return columns | {name: [each.sql] for name, each in table.derived.items()}


def _sql_columns(home: App, table: Any) -> dict[str, list[str]]:
    from omnix.core.sql import lineage_of

    known = home.graph.contracts()
    found = lineage_of(table, {name: known[name] for name in table.inputs})
    return {
        column: [f"{source}.{name}" if name else source for source, name in origins]
        for column, origins in found.items()
    }


def _raw_of(home: App, name: str) -> list[str]:
    preset = home.preset()
    return list(preset.reads(name)) if name in preset.tables else []


def _tree(home: App, name: str, depth: int) -> list[str]:
    tables = home.graph.tables
    if name not in tables:
        return [f"{'  ' * depth}{name} (the pipeline's record)"] if depth else []
    snapshot = home.lake.snapshot(tables[name].path)
    version = f"version {snapshot.version}" if snapshot else "never built"
    lines = [f"{'  ' * depth}{tables[name].path} ({version})"]
    for raw in _raw_of(home, name):
        found = home.lake.snapshot(f"raw/{raw}")
        lines.append(
            f"{'  ' * (depth + 1)}raw/{raw} ({f'version {found.version}' if found else 'never ingested'})"
        )
    for each in tables[name].inputs:
        lines += _tree(home, each, depth + 1)
    return lines
