"""What every source of a shop's data gives: tables, a consistent read, and its own measures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True)
class SourceTable:
    """One table (or set of files) of the shop, as the shop names it.

    `columns` maps the shop's column names to the source's own type names. `key` is empty where
    the source declares none (files); `watermark` names the column that says when a row changed.
    """

    name: str
    columns: Mapping[str, str]
    key: tuple[str, ...] = ()
    watermark: str | None = None
    rows: int | None = None


@dataclass
class Extract:
    """One read of one table.

    mode "replace": the batches are the whole table.
    mode "append":  they come on top of what was read before (new files).
    mode "changes": they are new versions of rows; `key` tells which, newest wins; `deleted` holds
                    keys (columns = key) that the source no longer has.
    mode "same":    nothing is new; `batches` is empty.

    `position` is JSON text, opaque to all but the source; it is committed with the data and handed
    back at the next read. It is final only after `batches` is exhausted, as are `deleted`,
    `source_rows` and `source_money`: the size of the whole table at the source, measured there and
    independently of the rows handed over (None where the source cannot say).
    """

    mode: Literal["replace", "append", "changes", "same"]
    batches: Iterator[pa.Table]
    position: str = "{}"
    key: tuple[str, ...] = ()
    deleted: pa.Table | None = None
    source_rows: int | None = None
    source_money: Decimal | None = None
    notes: list[str] = field(default_factory=list)


class Session(Protocol):
    """One consistent view of the source: all tables as they were at one moment."""

    def tables(self) -> list[SourceTable]:
        """Every table that the source offers."""
        ...

    def read(
        self, table: SourceTable, position: str | None, *, money: str | None = None
    ) -> Extract:
        """Read `table` from `position` on (None: from the beginning).

        `money` is a SQL expression over the table's columns; its sum over the whole table at the
        source becomes `Extract.source_money`.
        """
        ...


class Source(Protocol):
    """A shop's own data."""

    @property
    def description(self) -> str:
        """What it is, for people, without any secret: "folder /data/shop", "mysql://shop@db/shop"."""
        ...

    def open(self) -> AbstractContextManager[Session]:
        """Begin one consistent read.

        Raises:
            SourceUnavailable: it does not answer.
            SourceError: it answers, but cannot be read; the message says what is missing.

        """
        ...

    def preflight(self) -> list[str]:
        """What stands in the way of reading, in words with the fix; empty when all is well."""
        ...
