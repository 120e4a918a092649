"""Rows of `sales_series`, and tables that look at whole series built from them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np

from omnix.core.clock import as_of_moment
from omnix.core.table import Table, quoted
from omnix.pipeline.graph import contracts
from systems.building import AS_OF, connection, create, rows


def days(values: Iterable[float], level: str = "shop", item: str = "", *, as_of: date = AS_OF, **given: Any) -> list[dict[str, Any]]:  # fmt: skip
    """A row for each day that is not nought; the last value is that of the day before `as_of`."""
    units = [round(float(each)) for each in values]
    first = as_of - timedelta(days=len(units))
    parent = "k1" if level == "product" else None
    return [
        {
            "level": level, "item": item, "sold_on": first + timedelta(days=n), "units": each, "orders": each,
            "customers": each, "net_cents": 100 * each, "parent": parent, **given,
        }
        for n, each in enumerate(units) if each or n == 0
    ]  # fmt: skip


def noisy(
    count: int, seed: int = 1, mean: float = 400, noise: float = 0.1, year: float = 0.1
) -> np.ndarray:
    """Days with a weekday, a season and noise."""
    random, at = np.random.default_rng(seed), np.arange(count)
    week = np.array([0.9, 0.95, 1.0, 1.0, 1.1, 1.3, 0.75])[at % 7]
    season = year * np.cos(2 * np.pi * at / 365.25)
    return mean * week * np.exp(season + random.normal(0, noise, count))


def made(table: Table, given: Sequence[Mapping[str, Any]], as_of: date = AS_OF) -> list[dict[str, Any]]:  # fmt: skip
    """The rows of the table, in the order of its key; they keep its contract."""
    con = connection()
    create(con, "sales_series", contracts()["sales_series"], ())
    if given:
        import pyarrow as pa

        con.register("given", pa.Table.from_pylist([dict(each) for each in given]))
        blank = {"currency": "'EUR'", "promoted": "false", "unconverted_orders": "0"}
        names = [n for n in contracts()["sales_series"] if n in given[0] or n in blank]
        cells = ", ".join(quoted(n) if n in given[0] else f"{blank[n]} as {n}" for n in names)
        con.execute(f"insert into sales_series by name select {cells} from given")
        con.unregister("given")
    con.register(
        "made", table.build(sales_series=con.table("sales_series"), as_of=as_of_moment(as_of))
    )
    con.execute("create or replace temp table built as from made")
    con.unregister("made")
    assert table.violations(con, "built") == []
    return rows(con, f"select * from built order by {', '.join(map(quoted, table.key))}")
