"""Facts of a curation add up: those of a table and of rows that came on top give those of both."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_COUNTS = (
    "rows_mapped", "money_mapped", "rows_quarantined", "money_quarantined", "rows_excluded",
    "rows_invalid", "rows_inconsistent", "rows_duplicate", "cells", "cells_filled",
)  # fmt: skip


def added_up(before: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    """The facts of all rows, given those of the old ones and of the new ones."""
    facts = dict(before)
    for name in _COUNTS:
        given = [value for value in (before[name], new[name]) if value is not None]
        facts[name] = sum(given) if given else None
    facts["rules"] = _rules(before["rules"], new["rules"])
    facts["evidence"] = {
        name: [
            old + fresh
            for old, fresh in zip(
                before["evidence"].get(name, [0] * len(counts)), counts, strict=True
            )
        ]
        for name, counts in new["evidence"].items()
    }
    futures = [each["future_from"] for each in (before, new) if each["future_from"]]
    facts["future_from"] = min(futures, default=None)
    return facts


def _rules(before: list[dict[str, Any]], new: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows for each rule, summed; rules that only the new rows broke come last."""
    rows: dict[tuple[str, str, str], int] = {}
    for rule in (*before, *new):
        place = (rule["rule"], rule["severity"], rule["part"])
        rows[place] = rows.get(place, 0) + rule["rows"]
    return [
        {"rule": words, "severity": severity, "part": part, "rows": n}
        for (words, severity, part), n in rows.items()
    ]
