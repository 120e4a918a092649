"""What a database's catalogue says of its tables and columns, and how each value is read exactly."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa

#: Names of the column that says when a row last changed, letters only, most telling first.
WATERMARKS = (
    "updatedat", "updatedatgmt", "updateddate", "updatedon", "updated", "dateupdated", "dateupd",
    "updatetime", "updatedtime", "updatetimestamp", "lastupdate", "lastupdated", "lastupdatedat",
    "lastupdatetime", "modifiedat", "modifiedon", "modified", "modifieddate", "modifiedtime",
    "modifiedgmt", "postmodifiedgmt", "datemodified", "datemodifiedgmt", "dateupdatedgmt",
    "lastmodified", "lastmodifiedat", "lastmodifieddate", "lastmodifiedon", "changedat", "changed",
    "lastchange", "lastchanged", "rowupdatedat", "mtime",
)  # fmt: skip


@dataclass(frozen=True)
class Column:
    """One column: its place in Arrow and the SQL that reads it without loss.

    `value` gives the value, SQL null where Arrow cannot hold it; `odd` is a condition true for those
    values, and `notices` pairs conditions with words for a note (how many values are changed how).
    `encoding` says how `value` becomes text: "plain" (digits), "text", "base64", or "marked" (text,
    but where it holds the quote itself: the quote, then base64).
    `moment` is "naive" or "utc" for a time stamp. `check` is a condition that no row may break,
    else the column is read as `otherwise`.
    """

    name: str
    source_type: str
    arrow: pa.DataType
    value: str
    encoding: str = "plain"
    odd: str | None = None
    notices: tuple[tuple[str, str], ...] = ()
    moment: str | None = None
    check: str | None = None
    otherwise: Column | None = None


@dataclass(frozen=True)
class Relation:
    """One table as the catalogue shows it to this account.

    `sql` is its quoted name; `columns` are those that may be read, `hidden` the names of those
    that may not. `remarks` are facts about it that preflight tells.
    """

    name: str
    sql: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    rows: int | None = None
    view: bool = False
    remarks: tuple[str, ...] = ()

    @property
    def watermark(self) -> Column | None:
        """The time stamp that says when a row changed, found by its name."""
        stamps = {
            re.sub(r"[^a-z]", "", column.name.lower()): column
            for column in reversed(self.columns)
            if column.moment
        }
        return next((stamps[name] for name in WATERMARKS if name in stamps), None)

    def column(self, name: str) -> Column:
        """The column of that name; the names of a key are always among them."""
        return next(column for column in self.columns if column.name == name)
