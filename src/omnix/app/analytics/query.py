"""Rows of any published table: chosen columns, typed filters, an order, page by page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import orjson

from omnix.app.analytics.cursor import position, sealed
from omnix.app.analytics.errors import (
    NotFoundError,
    PersonalColumnError,
    QuestionError,
    VersionGoneError,
)
from omnix.app.analytics.filters import conditions, parsed, unknown_column
from omnix.app.analytics.provenance import provenance
from omnix.core.errors import LakeError, nearest
from omnix.core.table import Column, Table, quoted

if TYPE_CHECKING:
    from omnix.app.analytics.reader import Reader
    from omnix.lake.snapshot import Snapshot

#: Rows of one JSON page, and of one file: a file is streamed, so that it may hold a whole table.
PAGE, MOST_ROWS, MOST_EXPORTED = 100, 1_000, 1_000_000_000


@dataclass(frozen=True)
class Asked:
    """A question for rows, as it came.

    columns: names, in the order wanted; empty means every column that the caller may see.
    filters: JSON text. order: column names, each with a "-" before it for descending.
    cursor:  of the page before. version: of the table; None is the newest.
    personal: whether the caller may see columns that describe a person.
    """

    system: str
    table: str
    columns: Sequence[str] = ()
    filters: str = ""
    order: Sequence[str] = ()
    limit: int = PAGE
    cursor: str = ""
    version: int | None = None
    personal: bool = False


@dataclass(frozen=True)
class Plan:
    """A question that holds together: SQL over the view `shown`, at one version."""

    table: Table
    snapshot: Snapshot
    provenance: list[dict[str, Any]]
    columns: dict[str, Column]
    sql: str
    params: dict[str, Any]
    offset: int
    limit: int
    question: list[Any] = field(default_factory=list)

    @property
    def page_sql(self) -> str:
        """The page's rows, and one more that tells whether there is another page."""
        return f"{self.sql} limit {self.limit + 1} offset {self.offset}"

    def next_cursor(self) -> str:
        """Where the page after this one begins, in this very version."""
        return sealed([self.snapshot.version], self.offset + self.limit, self.question)


@dataclass(frozen=True)
class Page:
    """Rows, and where they go on."""

    plan: Plan
    rows: list[tuple[Any, ...]]
    next_cursor: str | None

    @property
    def columns(self) -> list[dict[str, str]]:
        """Name and type of each column."""
        return [{"name": n, "type": c.dtype} for n, c in self.plan.columns.items()]

    @property
    def records(self) -> list[dict[str, Any]]:
        """Each row: column → value."""
        names = list(self.plan.columns)
        return [dict(zip(names, row, strict=True)) for row in self.rows]

    def body(self) -> bytes:
        """The page as JSON."""
        return dumps(
            {
                "system": self.plan.table.system,
                "table": self.plan.table.name,
                "rowCount": len(self.rows),
                "columns": self.columns,
                "data": self.records,
                "next_cursor": self.next_cursor,
                "provenance": self.plan.provenance,
            }
        )


def dumps(value: Any) -> bytes:
    """JSON with moments in UTC ("…Z") and without NaN."""
    return orjson.dumps(
        value, option=orjson.OPT_NAIVE_UTC | orjson.OPT_UTC_Z | orjson.OPT_NON_STR_KEYS, default=str
    )


def table_of(tables: Mapping[str, Table], system: str, name: str) -> Table:
    """A published table of a system; "curation" is one as well.

    Raises:
        NotFoundError: there is no such system, or it has no such table.

    """
    systems: dict[str, list[str]] = {}
    for table in tables.values():
        systems.setdefault(table.system, []).append(table.name)
    if system not in systems:
        raise NotFoundError(
            f"There is no system {system[:80]!r}.", f"{nearest(system[:80], systems)}{_LISTED}"
        )
    if name not in systems[system]:
        where = f"{name} is a table of {tables[name].system}. " if name in tables else ""
        raise NotFoundError(
            f"{system} has no table {name[:80]!r}.",
            f"{where or nearest(name[:80], systems[system])}{_LISTED}",
        )
    return tables[name]


_LISTED = "GET /api/v1/catalog lists them."


def visible(table: Table, personal: bool) -> dict[str, Column]:
    """The columns that a caller may see."""
    return {n: c for n, c in table.columns.items() if personal or c.person != "detail"}


def page(reader: Reader, asked: Asked) -> Page:
    """One page of rows.

    Raises:
        NotFoundError: no such system or table.
        QuestionError: a column, filter, order, limit, cursor or version is wrong.
        PersonalColumnError: a column describes people and the caller may not see it.
        VersionGoneError: the version of the cursor can be read no more.

    """
    plan = planned(reader, asked, most=MOST_ROWS)
    with reader.cursor({}) as con:
        try:
            reader.show(con, plan.table.name, plan.snapshot, "shown")
            rows = con.execute(plan.page_sql, plan.params).fetchall()
        except Exception as error:
            told = reader.explained(error, {plan.table.name: plan.snapshot})
            if told is None:
                raise
            raise told from error
    more = len(rows) > plan.limit
    return Page(plan, rows[: plan.limit], plan.next_cursor() if more else None)


def planned(reader: Reader, asked: Asked, *, most: int) -> Plan:
    """The question checked and turned into SQL. `most`: the largest limit."""
    table = table_of(reader.tables, asked.system, asked.table)
    if not 1 <= asked.limit <= most:
        raise QuestionError("limit", f"limit is {asked.limit}.", f"Give 1 to {most:,}.")
    columns = _chosen(table, asked)
    params: dict[str, Any] = {}
    seen = visible(table, asked.personal)
    filters = parsed(asked.filters)
    for name in filters:
        _allowed(table, name, "filters", asked.personal)
    where = conditions(filters, seen, params)
    order = _ordered(table, asked)
    version, offset = _position(asked)
    snapshot = _at(reader, table, version, from_cursor=bool(asked.cursor))
    sql = f"select {', '.join(map(quoted, columns))} from shown"
    sql += f" where {' and '.join(where)}" if where else ""
    sql += f" order by {', '.join(order)}"
    told = provenance(reader.tables, {table.name: snapshot})
    return Plan(table, snapshot, told, columns, sql, params, offset, asked.limit, _question(asked))


def _chosen(table: Table, asked: Asked) -> dict[str, Column]:
    if not asked.columns:
        return visible(table, asked.personal)
    for name in asked.columns:
        _allowed(table, name, "columns", asked.personal)
    return {name: table.columns[name] for name in asked.columns}


def _allowed(table: Table, name: str, field: str, personal: bool) -> None:
    if name not in table.columns:
        raise unknown_column(field, name, visible(table, personal))
    if not personal and table.columns[name].person == "detail":
        raise PersonalColumnError(
            f"{table.name}.{name} describes a person.",
            "Leave it out, or ask for the permission tables:personal.",
        )


def _ordered(table: Table, asked: Asked) -> list[str]:
    """Always a total order: the key decides between equals, so that pages never overlap."""
    found: dict[str, str] = {}
    for each in asked.order:
        name = each.removeprefix("-")
        _allowed(table, name, "order", asked.personal)
        found.setdefault(name, f"{quoted(name)} {'desc' if each != name else 'asc'} nulls last")
    for name in table.key:
        found.setdefault(name, quoted(name))
    return list(found.values())


def _question(asked: Asked) -> list[Any]:
    """What a cursor is tied to."""
    return [asked.system, asked.table, list(asked.columns), asked.filters, list(asked.order)]


def _position(asked: Asked) -> tuple[int | None, int]:
    versions, offset = position(asked.cursor, _question(asked))
    if versions is None:
        return asked.version, offset
    (version,) = versions
    if asked.version not in (None, version):
        raise QuestionError("version", f"The cursor reads version {version}, not {asked.version}.", "Leave the version out.")  # fmt: skip
    return version, offset


def _at(reader: Reader, table: Table, version: int | None, *, from_cursor: bool) -> Snapshot:
    newest = reader.snapshot(table.name)
    if version is not None and (newest is None or newest.version != version):
        try:
            newest = reader.app.lake.snapshot(table.path, version) if version >= 0 else None
        except LakeError as error:
            if error.transient:
                raise
            if not from_cursor and "was removed" not in error.what:
                raise QuestionError("version", f"{table.name} has no version {version}.", error.step) from None  # fmt: skip
            newest = None
        if newest is None:
            raise VersionGoneError(
                f"Version {version} of {table.name} is gone.",
                "Ask again without cursor and version; the newest is read then.",
            )
    if newest is None:
        raise NotFoundError(f"{table.name} was never built.", "A run builds it.")
    return newest
