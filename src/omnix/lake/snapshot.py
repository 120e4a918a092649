"""One readable version of a table, and one line of its history."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

#: File names say what the rows are; every name is new, so a file never changes.
BASE, CHANGE = "base-", "change-"


@dataclass(frozen=True)
class DataFile:
    """One Parquet file of a version: its path inside the table's folder, bytes and rows."""

    path: str
    size: int
    rows: int

    @property
    def is_change(self) -> bool:
        """Whether its rows are newer versions of keyed rows."""
        return self.path.startswith(CHANGE)


@dataclass(frozen=True)
class Snapshot:
    """One version of one table.

    `columns` are the visible ones with DuckDB's name of their type, `hidden` those whose names
    begin with an underscore. `metadata` is what the last commit of data carried.
    """

    name: str
    version: int
    at: datetime
    data_files: tuple[DataFile, ...]
    columns: Mapping[str, str]
    hidden: Mapping[str, str]
    metadata: Mapping[str, str]
    key: tuple[str, ...]
    locate: Callable[[DataFile], str] = field(repr=False, compare=False)
    transaction: Callable[[str], int | None] = field(repr=False, compare=False)

    @property
    def rows(self) -> int:
        """Rows in the files. With change files: before the newest version of each key is chosen."""
        return sum(file.rows for file in self.data_files)

    @property
    def files(self) -> list[str]:
        """The local paths of its Parquet files; those of an object store are fetched on first use.

        Raises:
            LakeError: a file is missing or cut short, or the store does not answer.

        """
        return [self.locate(file) for file in self.data_files]

    @property
    def has_changes(self) -> bool:
        """Whether reading must choose the newest version of each key."""
        return any(file.is_change for file in self.data_files)

    def transaction_version(self, app_id: str) -> int | None:
        """The number of the last transaction that `app_id` committed, or None."""
        return self.transaction(app_id)


@dataclass(frozen=True)
class Commit:
    """One version of a table in its history. `rows` is how many the commit wrote."""

    version: int
    at: datetime
    operation: str
    rows: int
    metadata: Mapping[str, str]
