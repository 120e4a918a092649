"""Reading a table's log: its versions, their files, and what is wrong when it cannot be read."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote

from omnix.core.errors import LakeError
from omnix.lake import failures
from omnix.lake.files import LOG, log_name
from omnix.lake.snapshot import Commit, DataFile, Snapshot
from omnix.lake.types import duckdb_columns, key_of

if TYPE_CHECKING:
    from deltalake import DeltaTable

    from omnix.lake.files import Files

#: What omnix itself writes; every such commit carries the metadata of the rows.
OPERATIONS: Final = ("publish", "append", "changes", "compact")


def open_table(files: Files, table: str, version: int | None = None) -> DeltaTable | None:
    """The Delta table, or None when there is none.

    Raises:
        LakeError: no such version, the log is damaged, or another tool used a feature that plain
            files do not show.

    """
    for last in (False, False, True):
        try:
            delta = _opened(files, table, version)
        except LakeError as error:
            if error.__cause__ is None or not _is_empty_log(error.__cause__):
                raise
            if not _versions(files, table):
                return None  # another process is just writing its first commit
            if last:
                raise
        else:
            if delta is not None:
                _refuse_strangers(table, delta)
            return delta
    raise AssertionError("unreachable")  # pragma: no cover - the last attempt returns or raises


def _is_empty_log(error: BaseException) -> bool:
    """Whether the log was listed before its first commit stood in it."""
    return "No files in log segment" in str(error)


def _opened(files: Files, table: str, version: int | None) -> DeltaTable | None:
    from deltalake import DeltaTable
    from deltalake.exceptions import DeltaError, TableNotFoundError

    if version is not None:
        _refuse_unwritten(files, table, version)
    try:
        with failures.in_words(files, table, "opening the table"):
            return DeltaTable(files.url(table), version=version, storage_options=files.options)
    except LakeError as error:
        if isinstance(error.__cause__, TableNotFoundError) and not _versions(files, table):
            return None
        if isinstance(error.__cause__, DeltaError):
            raise _unreadable(files, table, version) or error from error.__cause__
        raise


def _refuse_unwritten(files: Files, table: str, version: int) -> None:
    """Delta's kernel counts up to a version that is not there: to 2**53 for a hundred years."""
    there = _versions(files, table)
    if there and not 0 <= version <= there[-1]:
        raise failures.no_version(table, version, there[-1])


def existing(files: Files, table: str, version: int | None = None) -> DeltaTable:
    """The Delta table.

    Raises:
        LakeError: as `open_table`, and when there is none.

    """
    delta = open_table(files, table, version)
    if delta is None:
        raise failures.missing(table, files.names())
    return delta


def _versions(files: Files, table: str) -> list[int]:
    """The versions whose commits are still in the log, ascending."""
    names = [
        entry.path.rpartition("/")[2]
        for entry in files.listing(table)
        if entry.path.startswith(LOG)
    ]
    return sorted(int(name[:20]) for name in names if name[:20].isdigit() and name[20:] == ".json")


def _unreadable(files: Files, table: str, version: int | None) -> LakeError | None:
    """Why a log, or a version of it, cannot be read; None when nothing is seen to be wrong."""
    there = _versions(files, table)
    if not there:
        return None
    if version is not None and version > there[-1]:
        return failures.no_version(table, version, there[-1])
    if version is not None and version < there[0]:
        return failures.vacuumed(table, version, oldest_readable(files, table))
    for number in range(version if version is not None else there[-1], there[0] - 1, -1):
        if number not in there:
            return failures.damaged_log(
                table, number, f"its commit {table}/{log_name(number)} is missing"
            )
        try:
            actions(files, table, number)
        except LakeError as error:
            return error
    return None


def oldest_readable(files: Files, table: str) -> int:
    """The oldest version that is still whole.

    Raises:
        LakeError: not even the newest is.

    """
    newest = existing(files, table)
    there = {entry.path for entry in files.listing(table)}
    active, oldest = {file.path for file in data_files(newest)}, newest.version()
    if lost := active - there:
        raise failures.corrupt(table, oldest, f"its file {table}/{min(lost)} is missing")
    for entry in entries(files, table, oldest):
        if not active <= there:
            break
        oldest = entry.commit.version
        active = (active - entry.added) | entry.removed  # the files of the version before
    return oldest


def _refuse_strangers(table: str, delta: DeltaTable) -> None:
    features = delta.protocol().reader_features or []
    strange = [feature for feature in features if feature in ("deletionVectors", "columnMapping")]
    strange += [f"partitions by {column}" for column in delta.metadata().partition_columns]
    if strange:
        raise LakeError(
            f"{table} was written by another tool with {', '.join(strange)}, which omnix does not read.",
            f"{failures.rebuild(table)}.",
        )


def snapshot_of(files: Files, table: str, delta: DeltaTable) -> Snapshot:
    """The version that `delta` stands at.

    Raises:
        LakeError: its newest commit is damaged.

    """
    version, schema = delta.version(), delta.schema()
    columns = duckdb_columns(schema)
    at, metadata = _last_data_commit(files, table, version)

    def locate(file: DataFile) -> str:
        with failures.in_words(files, table, f"fetching {file.path}"):
            path = files.locate(table, file)
        if path is None:
            raise failures.corrupt(
                table,
                version,
                f"its file {table}/{file.path} is missing or is not {file.size:,} bytes long",
            )
        return str(path)

    return Snapshot(
        name=table,
        version=version,
        at=at,
        data_files=tuple(sorted(data_files(delta), key=lambda file: file.path)),
        columns={name: kind for name, kind in columns.items() if name[0] != "_"},
        hidden={name: kind for name, kind in columns.items() if name[0] == "_"},
        metadata=metadata,
        key=key_of(schema),
        locate=locate,
        transaction=delta.transaction_version,
    )


def data_files(delta: DeltaTable) -> Iterator[DataFile]:
    """The active files of the version."""
    added = delta.get_add_actions(flatten=True)
    if not added.num_rows:
        return
    columns = [added.column(name).to_pylist() for name in ("path", "size_bytes", "num_records")]
    for path, size, rows in zip(*columns, strict=True):
        yield DataFile(unquote(path), size, rows or 0)


def _last_data_commit(files: Files, table: str, version: int) -> tuple[datetime, Mapping[str, str]]:
    """When the version was made, and what the last commit of omnix until then carried."""
    at = None
    for entry in entries(files, table, version):
        at = at or entry.commit.at
        if entry.commit.operation in OPERATIONS:
            return at, entry.commit.metadata
    return at or datetime.fromtimestamp(0, UTC), {}


@dataclass(frozen=True)
class Entry:
    """One commit with the paths it adds and removes."""

    commit: Commit
    added: frozenset[str]
    removed: frozenset[str]


def entries(files: Files, table: str, version: int) -> Iterator[Entry]:
    """The commits from `version` down to the oldest that is kept, newest first.

    Raises:
        LakeError: one of them is damaged.

    """
    for number in range(version, -1, -1):
        told = actions(files, table, number)
        if told is None:
            return
        yield Entry(_commit(number, told), _paths(told, "add"), _paths(told, "remove"))


def actions(files: Files, table: str, version: int) -> list[dict[str, Any]] | None:
    """The actions of one commit; None when it is not there.

    Raises:
        LakeError: it is damaged. An empty one counts as damaged, which delta-rs would overlook.

    """
    with failures.in_words(files, table, f"reading commit {version}"):
        text = files.log_entry(table, version)
    if text is None:
        return None
    try:
        told: list[dict[str, Any]] = [json.loads(line) for line in text.splitlines()]
        if not told:
            raise ValueError("it is empty")
    except ValueError as error:
        what = f"its commit {table}/{log_name(version)} is damaged ({error})"
        raise failures.damaged_log(table, version, what) from error
    return told


def _commit(version: int, told: list[dict[str, Any]]) -> Commit:
    info: dict[str, Any] = next(
        (action["commitInfo"] for action in told if "commitInfo" in action), {}
    )
    ours = info.get("omnix") or {}
    return Commit(
        version,
        datetime.fromtimestamp(info.get("timestamp", 0) / 1000, UTC),
        ours.get("operation") or info.get("operation", "unknown").lower(),
        ours.get("rows", 0),
        ours.get("metadata", {}),
    )


def _paths(told: list[dict[str, Any]], kind: str) -> frozenset[str]:
    return frozenset(unquote(action[kind]["path"]) for action in told if kind in action)
