"""A shop's raw tables in DuckDB, mapped by a shipped preset."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from omnix.sources.preset import load_preset

DATA = Path(__file__).parents[3].parent / "shared" / "data"


def shop_folder(name: str) -> Path:
    """The folder of a real shop's data; the test is skipped where it is not."""
    folder = DATA / name
    if not folder.is_dir():
        pytest.skip(f"the public data set {name} is not in {DATA}")
    return folder


class MappedShop:
    """Raw tables under their own names, mapped tables as `mapped.<agreed table>`."""

    def __init__(self, preset: str, raw: dict[str, str]) -> None:
        """`raw` holds a relation for each raw table; its rows are numbered as ingest does."""
        self.con = duckdb.connect()
        self.preset = load_preset(preset)
        for name, relation in raw.items():
            self.con.execute(
                f"create table {name} as select *, row_number() over () as _row from {relation}"
            )
        self.con.execute("create schema mapped")
        for agreed, sql in self.preset.tables.items():
            self.con.execute(f"create table mapped.{agreed} as {sql}")

    def rows(self, sql: str) -> list[tuple]:
        return self.con.execute(sql).fetchall()

    def row(self, sql: str) -> tuple:
        (row,) = self.rows(sql)
        return row

    def column(self, sql: str) -> list:
        return [cell for (cell,) in self.rows(sql)]

    def homes(self, raw: str) -> list[tuple[int, int]]:
        """How many raw rows have no home, one, two …"""
        home = self.preset.raw[raw].home
        parts = " union all ".join(f"select _row from mapped.{table}" for table in home)
        return self.rows(
            f"""select n, count(*) from (
                    select r._row, count(h._row) as n
                    from {raw} as r left join ({parts}) as h on r._row = h._row
                    group by r._row
                ) group by n order by n"""
        )


def values(columns: str, rows: list[tuple], *, as_text: bool = False) -> str:
    """A relation of these rows, typed as `columns` say; `as_text`: as a CSV gives them."""

    def cell(value: object) -> str:
        return "null" if value is None else "'" + str(value).replace("'", "''") + "'"

    names, types = zip(*(each.rsplit(" ", 1) for each in columns.split(", ")), strict=True)
    typed = ", ".join(
        f"cast(cast({name} as {kind}) as {'varchar' if as_text else kind}) as {name}"
        for name, kind in zip(names, types, strict=True)
    )
    listed = ", ".join(f"({', '.join(map(cell, row))})" for row in rows)
    found = (
        f"(values {listed}) as v({', '.join(names)})"
        if rows
        else f"(select {', '.join(f'null as {n}' for n in names)} where false)"
    )
    return f"(select {typed} from {found})"
