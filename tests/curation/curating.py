"""Curate a handful of rows, as the pipeline does, without a lake."""

from dataclasses import dataclass
from datetime import datetime

import duckdb

from omnix.core.table import quoted
from omnix.curation import curated_tables
from omnix.curation.curate import prepare

NOW = datetime(2026, 7, 1)


@dataclass
class Curated:
    good: list[dict]
    bad: list[dict]
    facts: dict

    def words(self, row_id):
        return [row["rules"] for row in self.bad if row["row_id"] == row_id]


def curate(table, rows, **parents):
    """`rows` are dicts of mapped columns; `_row` is their place from 1 on. Parents are lists of keys."""
    declared = curated_tables()[table]
    con = duckdb.connect()
    con.execute("set TimeZone = 'UTC'")
    names = list(dict.fromkeys(name for row in rows for name in row))
    con.execute(
        f"create table mapped ({', '.join(f'{quoted(n)} varchar' for n in names)}, _row bigint)"
    )
    for number, row in enumerate(rows, 1):
        con.execute(
            f"insert into mapped values ({', '.join('?' * (len(names) + 1))})",
            [*(row.get(n) for n in names), number],
        )
    for parent in declared.inputs:
        key = curated_tables()[parent].key[0]
        keys = parents.get(parent, [])
        con.execute(f"create table {quoted('curated.' + parent)} ({key} varchar)")
        con.executemany(
            f"insert into {quoted('curated.' + parent)} values (?)", [[k] for k in keys]
        ) if keys else None
    relations = {parent: quoted(f"curated.{parent}") for parent in declared.inputs}
    found = prepare(con, declared, "mapped", relations, ingested_at=NOW)
    return Curated(
        _rows(con, found.good + " order by _row"), _rows(con, "from bad_rows"), found.facts
    )


def _rows(con, sql):
    result = con.execute(sql)
    columns = [item[0] for item in result.description]
    return [dict(zip(columns, row, strict=True)) for row in result.fetchall()]
