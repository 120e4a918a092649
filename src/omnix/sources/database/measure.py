"""One question that measures a whole table where it lies, and what its answer says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from omnix.core.errors import SourceUnavailable
from omnix.sources.database.money import amount, money_sql
from omnix.sources.database.position import Position, shape_of
from omnix.sources.database.relation import Column, Relation

if TYPE_CHECKING:
    from omnix.sources.database.server import Server

#: Columns that hold local time repeat an hour when summer ends.
REPEATED_HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Measure:
    """A table in numbers. `newest` is its last change that is not in the future, in UTC.

    `digest` is over the rows in view of the position before; None where there was none.
    """

    columns: tuple[Column, ...]
    rows: int
    money: Decimal | None
    newest: datetime | None
    digest: str | None
    notes: tuple[str, ...]


def measure(
    server: Server, relation: Relation, before: Position | None, money: str | None
) -> Measure:
    """Count, sum and check `relation`, and hash its rows in view of `before`."""
    checked = [column for column in relation.columns if column.check]
    notices = [(c, sql, words) for c in relation.columns for sql, words in c.notices]
    asked = [
        "COUNT(*)",
        f"SUM({money_sql(money, relation, server.sql_dialect)})" if money else "NULL",
        _newest(server, relation.watermark),
        server.digest(relation.columns, view(server, relation, before.since)) if before else "NULL",
        *(_count(column.check or "") for column in checked),
        *(_count(sql) for _, sql, _ in notices),
    ]
    rows, total, newest, digest, *counts = server.rows(
        f"SELECT {', '.join(asked)} FROM {relation.sql}"
    )[0]
    broken = {c.name for c, count in zip(checked, counts[: len(checked)], strict=True) if count}
    return Measure(
        columns=tuple(_settled(column, column.name in broken) for column in relation.columns),
        rows=int(rows),
        money=amount(total) if money else None,
        newest=newest,
        digest=str(digest) if before else None,
        notes=(
            *_broken_notes(relation, broken),
            *_odd_notes(relation, notices, counts[len(checked) :]),
            *_money_notes(relation, money, total),
        ),
    )


def view(server: Server, relation: Relation, since: str | None) -> str:
    """The rows that may have changed since: later ones, and those that do not say when."""
    watermark = relation.watermark
    if since is None or watermark is None:
        return "1 = 1"
    name = server.quoted(watermark.name)
    later = f"{name} >= '{since}' OR {name} IS NULL"
    return f"({later} OR {watermark.odd})" if watermark.odd else f"({later})"


def next_position(
    server: Server,
    relation: Relation,
    measured: Measure,
    before: Position | None,
    overlap: timedelta,
) -> Position:
    """Where the read after this one begins."""
    since = _since(server, relation, measured, overlap)
    digest = measured.digest if before and before.since == since else None
    return Position(
        shape=shape_of(relation, measured.columns),
        since=since,
        digest=digest or _digest(server, relation, since),
        rows=measured.rows,
        money=None if measured.money is None else str(measured.money),
        reads=before.reads + 1 if before else 0,
    )


def _since(server: Server, relation: Relation, measured: Measure, overlap: timedelta) -> str | None:
    watermark = relation.watermark
    if measured.newest is None or watermark is None or not relation.key:
        return None
    if watermark.moment == "naive" and server.offset:
        overlap += REPEATED_HOUR
    try:
        begin = measured.newest.replace(tzinfo=None) - overlap
    except OverflowError:
        return None
    return begin.isoformat(sep=" ", timespec="microseconds")


def _digest(server: Server, relation: Relation, since: str | None) -> str:
    where = view(server, relation, since)
    sql = f"SELECT {server.digest(relation.columns, where)} FROM {relation.sql} WHERE {where}"
    return str(server.rows(sql)[0][0])


def _newest(server: Server, watermark: Column | None) -> str:
    if watermark is None:
        return "NULL"
    past = f"{server.quoted(watermark.name)} <= {server.now(watermark)}"
    return f"MAX(CASE WHEN {past} THEN {watermark.value} END)"


def _count(condition: str) -> str:
    return f"SUM(CASE WHEN {condition} THEN 1 ELSE 0 END)"


def _settled(column: Column, broken: bool) -> Column:
    if broken and column.otherwise:
        return column.otherwise
    return replace(column, check=None, otherwise=None)


def _broken_notes(relation: Relation, broken: set[str]) -> list[str]:
    return [
        f"{relation.name}.{name} holds other values than 0 and 1: read as numbers."
        for name in sorted(broken)
    ]


def _odd_notes(
    relation: Relation, notices: Sequence[tuple[Column, str, str]], counts: Sequence[int | None]
) -> list[str]:
    return [
        f"{relation.name}.{column.name}: {count} value{'s' if count > 1 else ''} with {words}."
        for (column, _, words), count in zip(notices, counts, strict=True)
        if count
    ]


def _money_notes(relation: Relation, money: str | None, total: object) -> list[str]:
    if money and amount(total) is None:
        return [f"The sum of {money} over {relation.name} is no finite number: {total}."]
    return []


def unchanged_table(rows: int, read: int, relation: Relation) -> None:
    """Check that as many rows came as the server had counted in the same snapshot.

    Raises:
        SourceUnavailable: it is not so; the table has no transactions, or the read broke off.

    """
    if rows != read:
        raise SourceUnavailable(
            f"Table {relation.name!r} changed while it was read: {rows} rows were counted, "
            f"{read} came.",
            "Run the same command again while nobody writes to it; nothing half-read was kept.",
        )
