"""Compaction and retention, and saying which file is at fault."""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from omnix.core.errors import LakeError
from omnix.lake import failures
from omnix.lake.commit import commits, open_table, snapshot_of
from omnix.lake.reading import folded_sql
from omnix.lake.snapshot import Snapshot
from omnix.lake.writing import Writing, write_sql

if TYPE_CHECKING:
    from omnix.lake.files import Files

#: Without changes only smaller files are merged: rewriting large ones gains nothing.
SMALL_FILE = 64 * 1024 * 1024
#: A file that no commit names may belong to a write that is still going on.
ORPHAN_AGE = timedelta(hours=1)


def compact(writing: Writing, snapshot: Snapshot) -> Snapshot:
    """Fold the version's changes, or its small files, into one base file."""
    import duckdb

    folded = [
        file for file in snapshot.data_files if snapshot.has_changes or file.size < SMALL_FILE
    ]
    if len(folded) < 2:
        return snapshot
    with duckdb.connect() as con:
        sql = folded_sql(
            con,
            snapshot,
            [snapshot.locate(file) for file in folded if not file.is_change],
            [snapshot.locate(file) for file in folded if file.is_change],
        )
        return write_sql(writing, con, sql, None, snapshot.metadata, None, folded)


def vacuum(
    files: Files, snapshot: Snapshot, keep_versions: int | None, older_than: timedelta | None
) -> list[str]:
    """Delete what no kept version reads; give the names."""
    table = snapshot.name
    kept, known = {file.path for file in snapshot.data_files}, set()
    since = datetime.now(UTC) - older_than if older_than is not None else None
    for commit in commits(files, table, snapshot.version):
        try:
            old = snapshot_of(files, table, open_table(files, table, commit.version))
        except LakeError:
            break
        paths = {file.path for file in old.data_files}
        known |= paths
        if snapshot.version - commit.version < (keep_versions or 1) or (
            since and commit.at >= since
        ):
            kept |= paths
    young = time.time() - ORPHAN_AGE.total_seconds()
    gone = [
        path
        for path, written in files.listing(table)
        if path not in kept and (path in known or written < young)
    ]
    with failures.in_words(files, table, "vacuuming"):
        files.remove(table, gone)
    return gone


def explain_missing(files: Files, table: str, snapshot: Snapshot) -> None:
    """Raise the error for an old version whose files are gone."""
    newest = snapshot_of(files, table, open_table(files, table))
    if snapshot.version == newest.version:
        return
    for version in range(snapshot.version + 1, newest.version + 1):
        later = snapshot_of(files, table, open_table(files, table, version))
        if files.has(table, later.data_files):
            raise failures.vacuumed(table, snapshot.version, version)


def explain_query(files: Files, error: Exception) -> LakeError | None:
    """The `LakeError` for a query's error that names one of the lake's Parquet files."""
    found = re.search(r"([\w.-]+(?:/[\w.-]+)*)/((?:base|change)-[0-9a-f-]+\.parquet)", str(error))
    if found is None:
        return None
    table = next((name for name in files.names() if found[1].endswith(name)), found[1])
    return failures.corrupt(table, "(newest)", f"its file {table}/{found[2]} is damaged")
