"""What the commands print: tables for people, JSON and CSV for programs."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from rich.console import Console
from rich.table import Table as RichTable

from omnix.core.spreadsheets import safe

#: Characters of a line where the output goes to no terminal that could say its width.
_UNSEEN = 160

console = Console(highlight=False, width=None if sys.stdout.isatty() else _UNSEEN)
errors = Console(stderr=True, highlight=False, width=None if sys.stderr.isatty() else _UNSEEN)


def emit_json(value: object) -> None:
    """`value` as JSON on standard output: one document, nothing else.

    Dates and times are in ISO 8601 form, times in UTC and marked so; decimals are text, so that
    none of their digits is lost.
    """
    sys.stdout.write(json.dumps(value, default=_plain, ensure_ascii=False, indent=2) + "\n")


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        moment = value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
        return moment.isoformat().replace("+00:00", "Z")
    return value.isoformat() if isinstance(value, date) else str(value)


def emit_csv(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Rows as CSV with a header on standard output.

    A text that a spreadsheet would take for a formula gets an apostrophe in front.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([_safe(cell) for cell in row] for row in rows)
    sys.stdout.write(text.getvalue())


def _safe(cell: object) -> object:
    return safe(cell) if isinstance(cell, str) else cell


def print_rows(
    columns: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    title: str = "",
    right: Iterable[str] = (),
) -> None:
    """Rows as a table for people; the columns named in `right` are set flush right."""
    table = RichTable(
        title=title or None, title_justify="left", box=None, pad_edge=False, header_style="bold"
    )
    flush = set(right)
    for name in columns:
        table.add_column(name, justify="right" if name in flush else "left", overflow="fold")
    for row in rows:
        table.add_row(*(_shown(cell) for cell in row))
    console.print(table)


def print_records(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Rows one below the other, a line for each cell: for tables wider than the terminal."""
    width = max(map(len, columns), default=0)
    for number, row in enumerate(rows, 1):
        console.print(f"[bold]row {number}[/]")
        for name, cell in zip(columns, row, strict=True):
            console.print(f"  {name:<{width}}  {_shown(cell)}")


def fits(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> bool:
    """Whether the rows fit side by side on the terminal."""
    widths = [
        max([len(name), *(len(_shown(row[n])) for row in rows)]) for n, name in enumerate(columns)
    ]
    return sum(widths) + 2 * len(widths) <= console.width


def _shown(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, int):
        return f"{cell:,}"
    if isinstance(cell, float):
        return f"{cell:,.4g}" if abs(cell) < 1e6 else f"{cell:,.0f}"
    return str(cell).replace("[", r"\[")


def records(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> list[Mapping[str, Any]]:
    """Rows as mappings, for JSON."""
    return [dict(zip(columns, row, strict=True)) for row in rows]
