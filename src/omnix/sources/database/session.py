"""One consistent read of a database: which rows are taken of each table, and which are gone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal

from omnix.core.errors import SourceError, nearest
from omnix.sources.base import Extract, SourceTable
from omnix.sources.database import keys
from omnix.sources.database.arrow import tables as arrow_tables
from omnix.sources.database.measure import (
    Measure,
    measure,
    next_position,
    unchanged_table,
    view,
)
from omnix.sources.database.position import Position, shape_of
from omnix.sources.database.relation import Relation

if TYPE_CHECKING:
    import pyarrow as pa

    from omnix.sources.database.server import Server


Mode = Literal["replace", "changes", "same"]


class Batches:
    """The rows of one table as they stream in; another read of the session ends it.

    An ended one raises at the next step, so that nobody takes half a table for the whole.
    """

    def __init__(self, name: str, source: Iterator[pa.Table]) -> None:
        self._name = name
        self._source = source
        self._ended = False

    def __iter__(self) -> Batches:
        return self

    def __next__(self) -> pa.Table:
        if self._ended:
            raise SourceError(
                f"The read of table {self._name!r} was ended by another read of its session.",
                "Exhaust the batches of one table before the next is read.",
            )
        return next(self._source)

    def end(self) -> None:
        """Stop, and free the connection."""
        self._ended = True
        close = getattr(self._source, "close", None)
        if close:
            close()


class DatabaseSession:
    """All tables of a database as they were at one moment. For one thread, one read at a time."""

    def __init__(
        self,
        server: Server,
        chosen: Sequence[str] | None,
        *,
        chunk_rows: int,
        overlap: timedelta,
        keys_every: int,
    ) -> None:
        self._server = server
        self._relations = choose(server, server.relations(), chosen)
        self._chunk_rows = chunk_rows
        self._overlap = overlap
        self._keys_every = keys_every
        self._reading: Batches | None = None

    def tables(self) -> list[SourceTable]:
        """Every table that may be read (or those asked for); `rows` is the server's estimate."""
        return [_source_table(relation) for relation in self._relations.values()]

    def read(
        self, table: SourceTable, position: str | None, *, money: str | None = None
    ) -> Extract:
        """Read `table` from `position` on; see `omnix.sources.base.Session.read`.

        With a key and a watermark, rows changed since then less the overlap ("changes"); else all
        of them ("replace"); and "same" where count, money and a hash over the rows in view are as
        before. `source_rows` and `source_money` come from the server, in the same snapshot.

        Raises:
            SourceError: there is no such table, or `money` does not fit it.
            SourceUnavailable: the server is gone (also while the batches are taken).

        """
        self._end_reading()
        relation = self._relation(table.name)
        before = Position.parse(position)
        measured = measure(self._server, relation, before, money)
        if before and before.shape != shape_of(relation, measured.columns):
            before = None
        mode = _mode(measured, before)
        base = before if mode in ("changes", "same") else None
        after = next_position(self._server, relation, measured, base, self._overlap)
        extract = Extract(
            mode=mode,
            batches=iter(()),
            position=after.text(),
            key=relation.key,
            source_rows=measured.rows,
            source_money=measured.money,
            notes=[*measured.notes, *_mode_notes(mode, before, measured)],
        )
        if mode != "same":
            since = base.since if base else None
            extract.batches = self._batches(relation, measured, since, extract.notes)
        return extract

    def missing_keys(self, table: SourceTable, known_keys: pa.Table) -> pa.Table:
        """Those rows of `known_keys` (columns: the key of `table`) that the source has no more.

        To be asked when `Extract.source_rows` differs from one's own count, or `keys_due`. It is
        answered from the same snapshot as `read`, some thousand keys at a time.
        """
        self._end_reading()
        return keys.missing(self._server, self._relation(table.name), known_keys)

    def keys_due(self, position: str | None) -> bool:
        """Whether `position` (of an Extract) is one of every `keys_every`, to compare keys at.

        A row deleted and another one missed leave the count as it was; only keys show that.
        """
        known = Position.parse(position)
        return bool(known and known.reads and known.reads % self._keys_every == 0)

    def _relation(self, name: str) -> Relation:
        if name not in self._relations:
            raise SourceError(
                f"The database {self._server.url.description} has no readable table {name!r}.",
                f"{nearest(name, self._relations)}Its tables: {', '.join(self._relations)}.",
            )
        return self._relations[name]

    def _batches(
        self, relation: Relation, measured: Measure, since: str | None, notes: list[str]
    ) -> Iterator[pa.Table]:
        sql = self._server.csv_select(
            relation, measured.columns, view(self._server, relation, since)
        )
        source = self._counted(relation, measured, whole=since is None, sql=sql, notes=notes)
        self._reading = Batches(relation.name, source)
        return self._reading

    def _counted(
        self, relation: Relation, measured: Measure, *, whole: bool, sql: str, notes: list[str]
    ) -> Iterator[pa.Table]:
        count = 0
        lines = self._server.lines(sql)
        for table in arrow_tables(lines, measured.columns, self._chunk_rows, notes):
            count += table.num_rows
            yield table
        if whole:
            unchanged_table(measured.rows, count, relation)

    def _end_reading(self) -> None:
        if self._reading is not None:
            self._reading.end()
            self._reading = None


def choose(
    server: Server, relations: Sequence[Relation], chosen: Sequence[str] | None
) -> dict[str, Relation]:
    """The relations asked for by name; without names all tables, but no views.

    Raises:
        SourceError: one of them is not there, or may not be read.

    """
    known = {relation.name: relation for relation in relations}
    if chosen is None:
        return {name: relation for name, relation in known.items() if not relation.view}
    for name in chosen:
        if name not in known:
            raise SourceError(
                f"The database {server.url.description} shows no table {name!r} to the account "
                f"{server.account()}: it is not there, or it may not be read.",
                f"{nearest(name, known)}Run: {server.grant(name)}",
            )
    return {name: known[name] for name in chosen}


def _source_table(relation: Relation) -> SourceTable:
    watermark = relation.watermark
    return SourceTable(
        name=relation.name,
        columns={column.name: column.source_type for column in relation.columns},
        key=relation.key,
        watermark=watermark.name if watermark else None,
        rows=relation.rows,
    )


def _mode(measured: Measure, before: Position | None) -> Mode:
    if before is None:
        return "replace"
    still = (measured.rows, measured.digest) == (before.rows, before.digest)
    if still and _money_agrees(measured, before):
        return "same"
    if before.since is None or measured.newest is None or _went_back(measured, before) or still:
        return "replace"
    return "changes"


def _money_agrees(measured: Measure, before: Position) -> bool:
    if measured.money is None or before.money is None:
        return True
    return str(measured.money) == before.money


def _went_back(measured: Measure, before: Position) -> bool:
    """The newest change lies before all that was in view: a backup was restored, or much deleted."""
    if measured.newest is None or before.since is None:
        return False
    return measured.newest.replace(tzinfo=None) < datetime.fromisoformat(before.since)


def _mode_notes(mode: str, before: Position | None, measured: Measure) -> list[str]:
    if mode != "replace" or before is None or before.since is None:
        return []
    if _went_back(measured, before):
        return [f"The newest change went back to {measured.newest}: read again in full."]
    if measured.newest is not None:
        return ["Amounts changed in rows that say they did not change: read again in full."]
    return []
