"""Retention and compaction, at the end of a run, of what the run has written."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from omnix.pipeline.fingerprint import fingerprint

if TYPE_CHECKING:
    from omnix.lake.lake import Lake
    from omnix.lake.snapshot import Snapshot

#: So many files of changes or of appended rows, and reading pays more than folding them costs.
MOST_FILES = 16


def keep_up(lake: Lake, names: Iterable[str], keep_versions: int) -> None:
    """Fold the changes of the named tables when they are many, and drop versions beyond retention."""
    for name in names:
        snapshot = lake.snapshot(name)
        if snapshot is None:
            continue
        if len(snapshot.data_files) > MOST_FILES:
            lake.compact(name)
        if snapshot.version >= keep_versions:
            lake.vacuum(name, keep_versions=keep_versions, older_than=None)


def data_mark(snapshot: Snapshot) -> str:
    """Changes with the rows of a raw table, but not when a compaction only moves them."""
    told = {name: value for name, value in snapshot.metadata.items() if name.startswith("omnix.")}
    return fingerprint(told=told) if told else str(snapshot.version)
