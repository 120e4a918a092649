"""Reading a table's log and adding one commit to it."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import unquote

from omnix.core.errors import LakeError
from omnix.lake import failures
from omnix.lake.snapshot import Commit, DataFile, Snapshot
from omnix.lake.types import duckdb_columns, key_of

if TYPE_CHECKING:
    from deltalake import DeltaTable, Field

    from omnix.lake.files import Files

Operation = Literal["publish", "append", "changes", "compact"]

#: No engine may put the smallest and largest value of any column into the log: they are people's.
_CONFIGURATION = {
    "delta.dataSkippingNumIndexedCols": "0",
    "delta.checkpointInterval": "50",
    "delta.logRetentionDuration": "interval 30 days",
}
_RETRIES = 5


@dataclass(frozen=True)
class Change:
    """What one commit does to a table."""

    operation: Operation
    fields: Sequence[Field]
    added: DataFile | None
    removed: Sequence[DataFile] = ()
    metadata: Mapping[str, str] = field(default_factory=dict)
    transaction: tuple[str, int] | None = None

    @property
    def replaces(self) -> bool:
        """Whether it leaves nothing of what was there."""
        return self.operation == "publish"

    def actions(self) -> list[Any]:
        """The file actions of the Delta protocol. The only statistic is the number of rows."""
        from deltalake.transaction import AddAction, RemoveAction

        now, moves = int(time.time() * 1000), self.operation != "compact"
        gone: list[Any] = [
            RemoveAction(f.path, moves, now, size=f.size, partition_values={}) for f in self.removed
        ]
        if self.added is None:
            return gone
        statistics = json.dumps({"numRecords": self.added.rows})
        return [*gone, AddAction(self.added.path, self.added.size, {}, now, moves, statistics)]

    def properties(self) -> Any:
        """The commit's metadata and transaction; a replacing commit yields to any other."""
        from deltalake import CommitProperties, Transaction

        rows = self.added.rows if self.added else 0
        told = {"operation": self.operation, "rows": rows, "metadata": dict(self.metadata)}
        return CommitProperties(
            custom_metadata={"omnix": told},
            app_transactions=[Transaction(*self.transaction)] if self.transaction else None,
            max_commit_retries=0 if self.replaces else _RETRIES,
        )


def open_table(files: Files, table: str, version: int | None = None) -> DeltaTable | None:
    """The Delta table, or None when there is none.

    Raises:
        LakeError: the log is damaged, or another tool has used a feature that would be misread.

    """
    from deltalake import DeltaTable
    from deltalake.exceptions import TableNotFoundError

    try:
        with failures.in_words(files, table, "opening the table"):
            delta = DeltaTable(files.url(table), storage_options=files.options)
            newest = delta.version()
            if version is not None and version != newest:
                if not 0 <= version <= newest:
                    raise failures.no_version(table, version, newest)
                _go_back(files, delta, table, version)
    except LakeError as error:
        if isinstance(error.__cause__, TableNotFoundError):
            return None
        raise
    _readable(table, delta)
    return delta


def _go_back(files: Files, delta: DeltaTable, table: str, version: int) -> None:
    """Load an older version, whose commits retention may have cleaned away."""
    from deltalake.exceptions import DeltaError

    newest = delta.version()
    try:
        delta.load_as_version(version)
    except DeltaError as error:
        oldest = next((v for v in range(version + 1, newest) if files.log_entry(table, v)), newest)
        if files.log_entry(table, version) is None:
            raise failures.vacuumed(table, version, oldest) from error
        raise


def _readable(table: str, delta: DeltaTable) -> None:
    """Refuse what would be misread from plain files."""
    features = delta.protocol().reader_features or []
    strange = [f for f in features if f in ("deletionVectors", "columnMapping")]
    strange += [f"partitions by {column}" for column in delta.metadata().partition_columns]
    if strange:
        raise LakeError(
            f"{table} was written by another tool with {', '.join(strange)}, which omnix does not read.",
            f"Rebuild it with `omnix run {table.rpartition('/')[2]} --full`.",
        )


def snapshot_of(files: Files, table: str, delta: DeltaTable) -> Snapshot:
    """The version that `delta` stands at.

    Raises:
        LakeError: its newest commit is damaged.

    """
    version = delta.version()
    schema = delta.schema()
    columns = duckdb_columns(schema)
    at, metadata = _last_data_commit(files, table, version)

    def locate(file: DataFile) -> str:
        with failures.in_words(files, table, f"fetching {file.path}"):
            path = files.locate(table, file)
        if path is None:
            raise failures.corrupt(
                table,
                version,
                f"its file {table}/{file.path} is missing or not {file.size:,} bytes long",
            )
        return str(path)

    return Snapshot(
        name=table,
        version=version,
        at=at,
        data_files=tuple(sorted(_data_files(delta), key=lambda file: file.path)),
        columns={name: kind for name, kind in columns.items() if name[0] != "_"},
        hidden={name: kind for name, kind in columns.items() if name[0] == "_"},
        metadata=metadata,
        key=key_of(schema),
        locate=locate,
        transaction=delta.transaction_version,
    )


def _data_files(delta: DeltaTable) -> Iterator[DataFile]:
    added = delta.get_add_actions(flatten=True)
    if not added.num_rows:
        return
    columns = [added.column(name).to_pylist() for name in ("path", "size_bytes", "num_records")]
    for path, size, rows in zip(*columns, strict=True):
        yield DataFile(unquote(path), size, rows or 0)


def _last_data_commit(files: Files, table: str, version: int) -> tuple[datetime, Mapping[str, str]]:
    """When the version was made, and the metadata of the last commit that omnix made until then."""
    at: datetime | None = None
    for commit in commits(files, table, version):
        at = at or commit.at
        if commit.operation in ("publish", "append", "changes", "compact"):
            return at, commit.metadata
    return at or datetime.fromtimestamp(0, UTC), {}


def commits(files: Files, table: str, version: int) -> Iterator[Commit]:
    """The commits from `version` down to the oldest that is kept, newest first.

    Raises:
        LakeError: one of them is damaged.

    """
    while version >= 0:
        with failures.in_words(files, table, f"reading commit {version}"):
            entry = files.log_entry(table, version)
        if entry is None:
            return
        yield _parsed(table, version, entry)
        version -= 1


def _parsed(table: str, version: int, entry: str) -> Commit:
    try:
        actions = [json.loads(line) for line in entry.splitlines()]
        info = next((action["commitInfo"] for action in actions if "commitInfo" in action), {})
        if not actions:
            raise ValueError("it is empty")
    except (ValueError, TypeError) as error:
        name = f"{table}/_delta_log/{version:020}.json"
        raise failures.corrupt(table, version, f"its commit {name} is damaged ({error})") from error
    told = info.get("omnix") or {}
    return Commit(
        version,
        datetime.fromtimestamp(info.get("timestamp", 0) / 1000, UTC),
        told.get("operation") or info.get("operation", "unknown").lower(),
        told.get("rows", 0),
        told.get("metadata", {}),
    )


def commit(files: Files, table: str, delta: DeltaTable | None, change: Change) -> bool:
    """Add one commit; False when another writer was faster and it must be thought over again.

    Raises:
        LakeError: the disk, the store or the log did not take it; then nothing was published.

    """
    from deltalake.exceptions import CommitFailedError, DeltaError

    try:
        with failures.in_words(files, table, "committing"):
            _try_commit(files, table, delta, change)
    except LakeError as error:
        if _landed(files, table, change):  # the answer was lost, not the commit
            return True
        if isinstance(error.__cause__, CommitFailedError) or (
            isinstance(error.__cause__, DeltaError) and "already exists" in str(error.__cause__)
        ):
            return False
        raise
    return True


def _try_commit(files: Files, table: str, delta: DeltaTable | None, change: Change) -> None:
    from deltalake import PostCommitHookProperties, Schema
    from deltalake.transaction import create_table_with_add_actions

    # Expired commits are cleaned by `vacuum` alone, after the checkpoint that replaces them is durable.
    hooks = PostCommitHookProperties(create_checkpoint=True, cleanup_expired_logs=False)
    schema = Schema(list(change.fields))
    if delta is None:
        create_table_with_add_actions(
            files.url(table), schema, change.actions(), mode="error", configuration=_CONFIGURATION,
            storage_options=files.options, commit_properties=change.properties(),
            post_commithook_properties=hooks,
        )  # fmt: skip
        return
    delta.create_write_transaction(
        change.actions(), mode="overwrite" if change.replaces else "append", schema=schema,
        commit_properties=change.properties(), post_commithook_properties=hooks,
    )  # fmt: skip


def _landed(files: Files, table: str, change: Change) -> bool:
    try:
        delta = open_table(files, table)
    except LakeError:
        return False
    if delta is None or change.added is None:
        return False
    return change.added in _data_files(delta)
