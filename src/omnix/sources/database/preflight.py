"""What stands between an account and a good read of its database, with the statement that helps."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from omnix.core.errors import nearest

if TYPE_CHECKING:
    from omnix.sources.database.relation import Relation
    from omnix.sources.database.server import Server


def findings(server: Server, chosen: Sequence[str] | None) -> Iterator[str]:
    """Each thing that is missing, too much or surprising, most serious first."""
    relations = server.relations()
    wanted = [
        relation
        for relation in relations
        if (relation.name in chosen if chosen is not None else not relation.view)
    ]
    yield from _unreadable(server, relations, chosen)
    for relation in wanted:
        yield from _hidden(server, relation)
        yield from relation.remarks
        yield from _identity(relation)
        yield from _clock(server, relation)
    yield from _surplus(server)


def _unreadable(
    server: Server, relations: Sequence[Relation], chosen: Sequence[str] | None
) -> Iterator[str]:
    known = [relation.name for relation in relations]
    for name in chosen or ():
        if name not in known:
            yield (
                f"No SELECT on table {name!r}, or it is not there. {nearest(name, known)}"
                f"Run: {server.grant(name)}"
            )
    if chosen is None:
        for name in server.unreadable():
            yield f"No SELECT on table {name!r}: it is left out. Run: {server.grant(name)}"
        if not known:
            yield (
                f"{server.url.description} shows no table to the account {server.account()}: it is "
                f"empty, or nothing may be read. Run: {server.grant()}"
            )


def _hidden(server: Server, relation: Relation) -> Iterator[str]:
    if relation.hidden:
        yield (
            f"No SELECT on column {', '.join(relation.hidden)} of table {relation.name!r}: "
            f"left out. If they are wanted, run: {server.grant(relation.name)}"
        )


def _identity(relation: Relation) -> Iterator[str]:
    if not relation.key:
        yield (
            f"Table {relation.name!r} has no primary key that omnix can read: after any change it "
            f"is read in full. Declare one: ALTER TABLE {relation.sql} ADD PRIMARY KEY (…);"
        )
    elif relation.watermark is None:
        yield (
            f"Table {relation.name!r} has no time stamp such as updated_at: after any change it "
            "is read in full. Add one that the database keeps up to date, with an index."
        )


def _clock(server: Server, relation: Relation) -> Iterator[str]:
    watermark = relation.watermark
    if watermark is not None and watermark.moment == "naive" and server.offset:
        yield (
            f"The server's clock is {server.offset / 3600:+g} h from UTC and "
            f"{relation.name}.{watermark.name} ({watermark.source_type}) names no time zone: "
            "omnix takes it for UTC, and reads one more hour back for the end of summer time. "
            "Store UTC, or a type with a time zone."
        )


def _surplus(server: Server) -> Iterator[str]:
    names = server.surplus()
    if names:
        shown = ", ".join(names[:6]) + (f" and {len(names) - 6} more" if len(names) > 6 else "")
        yield (
            f"The account {server.account()} has more than it needs: {shown}; SELECT is enough. "
            f"Make an account only for omnix and run for it: {server.grant()}"
        )
