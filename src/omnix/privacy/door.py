"""The door: card data is taken out of a batch before anything of it is written.

Decided per column, with evidence over all its values, because one random number in forty looks
like a card's. What was done is told as findings that name the place and never hold a value.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from omnix.privacy.token import checked_key

if TYPE_CHECKING:
    import pyarrow

    from omnix.privacy.column import State

Kind = Literal["card_number", "security_code", "track_data", "pin"]
Action = Literal["masked", "removed"]


@dataclass(frozen=True)
class Finding:
    """Card data found in one column of one batch; it never holds a value.

    `rows` counts the rows that were changed; `evidence` says in words why.
    """

    table: str
    column: str
    kind: Kind
    action: Action
    rows: int
    evidence: str


class Door:
    """Lets batches of one ingest through, without their card data.

    What has been decided about a column holds for all later batches of its table: a column of card
    numbers keeps its masked form and its sibling `<column>_token` even in a batch without any.
    A numeric column whose first batches have already left as numbers keeps its type; its card
    numbers become null and their masks stand in `<column>_masked`.
    """

    def __init__(self, key: bytes) -> None:
        """A door whose tokens are keyed with `key`.

        Raises:
            SettingsError: the key is shorter than 32 bytes.
        """
        self._key = checked_key(key)
        self._columns: dict[tuple[str, str], State] = {}
        self._findings: dict[tuple[str, str, Kind, Action], Finding] = {}

    @property
    def findings(self) -> list[Finding]:
        """All findings so far, one per table, column, kind and action, rows added up."""
        return list(self._findings.values())

    def remember(self, table: str, columns: Iterable[str]) -> None:
        """Take over what an earlier ingest decided, from the columns that `table` has in the lake.

        A column beside its `<column>_token` is one of card numbers, however few rows come now;
        three new rows alone would be too little evidence.
        """
        from omnix.privacy.batch import remembered

        self._columns.update(remembered(table, columns))

    def admit(self, table: str, batch: pyarrow.Table) -> tuple[pyarrow.Table, list[Finding]]:
        """`batch` without card data, its rows and their order unchanged, and what was found in it.

        Card numbers become first six, stars, last four; security codes, PINs and magnetic-stripe
        data go entirely.
        """
        from omnix.privacy.batch import Batch

        work = Batch(self._key, self._columns, table, batch)
        admitted = work.admitted()
        for finding in work.findings:
            place = (finding.table, finding.column, finding.kind, finding.action)
            before = self._findings.get(place)
            rows = finding.rows + (before.rows if before else 0)
            self._findings[place] = replace(finding, rows=rows)
        return admitted, work.findings
