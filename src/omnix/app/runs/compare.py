"""Two runs side by side."""

from __future__ import annotations

from omnix.app.runs.views import Comparison, Outcome, RunDetail, TableDifference


def compared(a: RunDetail, b: RunDetail) -> Comparison:
    """Every table that either run touched; what differs comes first, then by name."""
    of_a = {each.table: each for each in a.tables}
    of_b = {each.table: each for each in b.tables}
    tables = [
        _difference(name, of_a.get(name), of_b.get(name)) for name in of_a.keys() | of_b.keys()
    ]
    tables.sort(key=lambda d: (d.same_version and d.same_outcome, d.table))
    return Comparison(a.run, b.run, tuple(tables))


def _difference(name: str, a: Outcome | None, b: Outcome | None) -> TableDifference:
    counted = a is not None and b is not None and None not in (a.rows, b.rows)
    return TableDifference(
        name,
        a,
        b,
        rows_change=(b.rows or 0) - (a.rows or 0) if a and b and counted else None,
        seconds_change=round(b.wall_seconds - a.wall_seconds, 4) if a and b else None,
        same_version=bool(a and b and a.version == b.version),
        same_outcome=bool(a and b and a.outcome == b.outcome),
    )
