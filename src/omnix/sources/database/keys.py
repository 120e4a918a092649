"""Which known keys a table no longer has, without holding the keys of the source."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from omnix.sources.database.arrow import tables as arrow_tables

if TYPE_CHECKING:
    import pyarrow as pa

    from omnix.sources.database.relation import Column, Relation
    from omnix.sources.database.server import Server

#: Keys compared at a time: as a range of whole numbers, or each written out.
RANGE = 100_000
LISTED = 5_000


def missing(server: Server, relation: Relation, known: pa.Table) -> pa.Table:
    """Those rows of `known` (columns: the table's key) whose key `relation` does not have."""
    import pyarrow as pa

    columns = [relation.column(name) for name in relation.key]
    if not columns or not known.num_rows:
        return known.slice(0, 0)
    known = known.select(list(relation.key))
    ranged = len(columns) == 1 and pa.types.is_integer(known.schema.field(0).type)
    size = RANGE if ranged else LISTED
    known = known.sort_by(known.column_names[0]) if ranged else known
    found = []
    for start in range(0, known.num_rows, size):
        block = known.slice(start, size)
        where = _between(server, columns, block) if ranged else _listed(server, columns, block)
        found.append(_absent(server, relation, columns, block, where))
    return pa.concat_tables(found)


def _absent(
    server: Server,
    relation: Relation,
    columns: Sequence[Column],
    block: pa.Table,
    where: str,
) -> pa.Table:
    """The rows of `block` not among the source's keys, which stream past it."""
    lines = server.lines(server.csv_select(relation, columns, where))
    for there in arrow_tables(lines, columns, RANGE, []):
        if block.num_rows:
            present = there.cast(block.schema)
            block = block.join(present, keys=block.column_names, join_type="left anti")
    return block


def _between(server: Server, columns: Sequence[Column], block: pa.Table) -> str:
    name = server.quoted(columns[0].name)
    first, last = block[0][0].as_py(), block[0][-1].as_py()
    return f"{name} BETWEEN {first} AND {last}"


def _listed(server: Server, columns: Sequence[Column], block: pa.Table) -> str:
    names = ", ".join(server.quoted(column.name) for column in columns)
    values = [
        "(" + ", ".join(server.literal(value) for value in row.values()) + ")"
        for row in block.to_pylist()
    ]
    return f"({names}) IN ({', '.join(values)})"
