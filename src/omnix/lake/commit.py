"""Adding one commit to a table's log."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from omnix.core.errors import LakeError
from omnix.lake import failures
from omnix.lake.log import data_files, open_table
from omnix.lake.snapshot import DataFile

if TYPE_CHECKING:
    from deltalake import DeltaTable, Field, PostCommitHookProperties

    from omnix.lake.files import Files

Operation = Literal["publish", "append", "changes", "compact"]

#: No engine may put the smallest and largest value of any column into the log: they are people's.
_CONFIGURATION = {"delta.dataSkippingNumIndexedCols": "0", "delta.checkpointInterval": "20"}


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
        """The commit's metadata and transaction.

        delta-rs must not go after another's commit by itself: whether the rows may still be written
        then is for the caller to think over.
        """
        from deltalake import CommitProperties, Transaction

        rows = self.added.rows if self.added else 0
        told = {"operation": self.operation, "rows": rows, "metadata": dict(self.metadata)}
        return CommitProperties(
            custom_metadata={"omnix": told},
            app_transactions=[Transaction(*self.transaction)] if self.transaction else None,
            max_commit_retries=0,
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
        cause = error.__cause__
        if isinstance(cause, CommitFailedError):
            return False
        if delta is None and isinstance(cause, DeltaError) and "already exists" in str(cause):
            return False
        raise
    return True


def _try_commit(files: Files, table: str, delta: DeltaTable | None, change: Change) -> None:
    from deltalake import Schema
    from deltalake.transaction import create_table_with_add_actions

    schema = Schema(list(change.fields))
    if delta is None:
        create_table_with_add_actions(
            files.url(table), schema, change.actions(), mode="error", configuration=_CONFIGURATION,
            storage_options=files.options, commit_properties=change.properties(),
            post_commithook_properties=after_commit(),
        )  # fmt: skip
        return
    delta.create_write_transaction(
        change.actions(), mode="overwrite" if change.replaces else "append", schema=schema,
        commit_properties=change.properties(), post_commithook_properties=after_commit(),
    )  # fmt: skip


def after_commit() -> PostCommitHookProperties:
    """Checkpoints, but no cleaning: that is `vacuum`'s, once the checkpoint is durable."""
    from deltalake import PostCommitHookProperties

    return PostCommitHookProperties(create_checkpoint=True, cleanup_expired_logs=False)


def _landed(files: Files, table: str, change: Change) -> bool:
    try:
        delta = open_table(files, table)
    except LakeError:
        return False
    return delta is not None and change.added is not None and change.added in data_files(delta)
