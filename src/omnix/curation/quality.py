"""How good a table's rows are: four shares and one score."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

#: Weights of the score; those of the systems that omnix replaces, so that scores compare.
WEIGHTS = {"completeness": 0.3, "validity": 0.3, "uniqueness": 0.2, "consistency": 0.2}


@dataclass(frozen=True)
class Quality:
    """Four shares between 0 and 1; all None for a table without rows, which has no quality."""

    completeness: float | None
    validity: float | None
    uniqueness: float | None
    consistency: float | None

    @property
    def score(self) -> float | None:
        """The weighted mean of the four."""
        shares: dict[str, float | None] = asdict(self)
        total = 0.0
        for name, weight in WEIGHTS.items():
            share = shares[name]
            if share is None:
                return None
            total += weight * share
        return round(total, 6)


def quality_of(facts: Mapping[str, Any]) -> Quality:
    """The quality of a table from the facts of its curation.

    Rows that the mapping itself leaves out by a named rule are not counted: they are no fault.
    """
    rows = int(facts["rows_mapped"]) - int(facts["rows_excluded"])
    if rows <= 0:
        return Quality(None, None, None, None)

    def without(name: str) -> float:
        return round(max(0.0, 1 - int(facts[name]) / rows), 6)

    cells = facts["cells"]
    return Quality(
        completeness=round(facts["cells_filled"] / cells, 6) if cells else None,
        validity=without("rows_invalid"),
        uniqueness=without("rows_duplicate"),
        consistency=without("rows_inconsistent"),
    )
