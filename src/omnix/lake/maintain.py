"""Compaction and retention."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from omnix.lake import failures
from omnix.lake.files import LOG, Listed
from omnix.lake.log import entries
from omnix.lake.reading import folded_sql
from omnix.lake.snapshot import Snapshot
from omnix.lake.writing import Query, Start, Writing, write_sql

if TYPE_CHECKING:
    from omnix.lake.files import Files

#: Without changes only smaller files are merged: rewriting large ones gains nothing.
SMALL_FILE = 64 * 1024 * 1024
#: A file that no commit names may belong to a write that is still going on.
ORPHAN_AGE = timedelta(hours=1)
#: How long the history of commits is kept beyond the versions that can be read.
LOG_AGE = timedelta(days=30)


def compact(writing: Writing, start: Start, snapshot: Snapshot) -> Snapshot:
    """Fold the version's changes, or its small files, into one base file.

    What the last commit of data carried is carried on.
    """
    import duckdb

    folded = [
        file for file in snapshot.data_files if snapshot.has_changes or file.size < SMALL_FILE
    ]
    if not folded or (len(folded) == 1 and not snapshot.has_changes):
        return snapshot
    base = [snapshot.locate(file) for file in folded if not file.is_change]
    changes = [snapshot.locate(file) for file in folded if file.is_change]
    spill = writing.stage().parent / ".spill"  # beside the data: it may hold people's rows
    with duckdb.connect(config={"temp_directory": str(spill)}) as con:
        query = Query(con, folded_sql(con, snapshot, base, changes))
        return write_sql(writing, query, removed=folded, start=start)


def vacuum(
    files: Files, snapshot: Snapshot, keep_versions: int | None, older_than: timedelta | None
) -> list[str]:
    """Delete what no kept version reads; give the names."""
    table, now = snapshot.name, datetime.now(UTC)
    since = now - older_than if older_than is not None else now
    active = {file.path for file in snapshot.data_files}
    kept, known, oldest = set(active), set(active), snapshot.version
    for entry in entries(files, table, snapshot.version):
        number = entry.commit.version
        if snapshot.version - number < (keep_versions or 1) or entry.commit.at >= since:
            kept |= active
            oldest = number
        known |= active | entry.removed
        active = (active - entry.added) | entry.removed  # the files of the version before
    young, ancient = (now - ORPHAN_AGE).timestamp(), (now - LOG_AGE).timestamp()
    there = list(files.listing(table))
    data = [entry for entry in there if not entry.path.startswith(LOG)]
    gone = [e.path for e in data if e.path not in kept and (e.path in known or e.written < young)]
    with failures.in_words(files, table, "vacuuming"):
        files.remove(table, gone)
        files.remove(table, _old_commits(there, oldest, ancient))
    return gone


def _old_commits(there: list[Listed], oldest: int, ancient: float) -> list[str]:
    """The log's files that reading `oldest` and all later versions does not need.

    They go only when old and when a checkpoint stands at or before `oldest`.
    """
    log = [e for e in there if re.match(rf"{LOG}/\d{{20}}\.", e.path)]
    version = {entry.path: int(entry.path[len(LOG) + 1 :][:20]) for entry in log}
    starts = [version[e.path] for e in log if "checkpoint" in e.path and version[e.path] <= oldest]
    start = max(starts, default=0)
    return [entry.path for entry in log if version[entry.path] < start and entry.written < ancient]
