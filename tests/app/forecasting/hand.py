"""A home with tables published by hand: rows that a test can add up in its head, and no run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa

from omnix.app.app import App
from omnix.app.service import Service
from omnix.core.settings import save
from omnix.core.table import DUCKDB_TYPES, Table

AS_OF = date(2026, 7, 1)
#: What a column holds that a test does not speak of.
_PLAIN: Mapping[str, Any] = {
    "string": "", "int32": 0, "int64": 0, "float64": 0.0, "bool": False, "date": AS_OF, "timestamp": AS_OF,
}  # fmt: skip


def service(home: Path) -> Service:
    """The service of a home that has nothing yet."""
    home.mkdir(parents=True, exist_ok=True)
    save(home, {"source": {"kind": "sample", "location": "small", "preset": ""}, "threads": 1})
    return Service.open(home)


def publish(app: App, name: str, rows: Iterable[Mapping[str, Any]], as_of: date = AS_OF) -> None:
    """A version of a table that holds these rows; columns that they leave out are null or plain."""
    table = app.graph.tables[name]
    listed = [_whole(table, row) for row in rows]
    with app.workspace() as work:
        con = work.connection(threads=1)
        con.register("told", pa.Table.from_pylist(listed or [dict.fromkeys(table.columns)]))
        columns = ", ".join(
            f'cast("{n}" as {DUCKDB_TYPES[c.dtype]}) as "{n}"' for n, c in table.columns.items()
        )
        con.execute(f"create temp table fresh as select {columns} from told limit {len(listed)}")
        assert table.violations(con, "fresh") == []
        app.lake.publish(
            table.path, con, "from fresh", dict(table.columns),
            metadata={"omnix.as_of": str(as_of), "omnix.run_id": "by-hand"},
        )  # fmt: skip


def _whole(table: Table, row: Mapping[str, Any]) -> dict[str, Any]:
    assert set(row) <= set(table.columns), set(row) - set(table.columns)
    plain = {n: None if c.nullable else _PLAIN[c.dtype] for n, c in table.columns.items()}
    return {**plain, **row}


def sales(level: str, item: str, cents: Iterable[int], **more: Any) -> list[dict[str, Any]]:
    """Days of `sales_series` up to the as-of date, the last one the day before."""
    values = list(cents)
    first = AS_OF - timedelta(days=len(values))
    return [
        {
            "level": level, "item": item, "sold_on": first + timedelta(days=at), "net_cents": value,
            "currency": "GBP", "orders": value // 1000, "units": value // 500, "customers": 0,
            **({"parent": "c1"} if level == "product" else {}), **more,
        }
        for at, value in enumerate(values)
        if value
    ]  # fmt: skip


def ahead(
    values: Iterable[float], *, spread: float = 0.0, closed: Iterable[date] = (), **more: Any
) -> list[dict[str, Any]]:
    """Days of `forecasts` from the as-of date on, ± `spread` with 80 %."""
    shut = set(closed)
    whole = {"metric": "net_sales", "grain": "day", "level": "shop", "item": "", "model": "theta", "baseline_model": "seasonal_naive", "series_class": "smooth", "made_on": AS_OF, "reason": "Lowest error.", "currency": "GBP"}  # fmt: skip
    found = []
    for at, value in enumerate(values):
        day = AS_OF + timedelta(days=at)
        real = 0.0 if day in shut else value
        ends = {
            f"{end}_{level}": real + sign * (0 if day in shut else spread) * factor
            for end, sign in (("lower", -1), ("upper", 1))
            for level, factor in ((50, 0.5), (80, 1.0), (95, 2.0))
        }
        found.append({**whole, "period": day, "ahead": at + 1, "value": real, "baseline": real, "closed": day in shut, **ends, **more})  # fmt: skip
    return found


def scored(made_on: date, pairs: Iterable[tuple[float, float | None]], **more: Any) -> list[dict[str, Any]]:  # fmt: skip
    """Days of `forecast_scoreboard`: (predicted, actual) from `made_on` on."""
    whole = {"metric": "net_sales", "grain": "day", "level": "shop", "item": "", "kind": "backtest", "made_on": made_on, "model": "theta"}  # fmt: skip
    return [
        {
            **whole, "period": made_on + timedelta(days=at), "ahead": at + 1, "predicted": predicted,
            "baseline": predicted, "actual": actual, "lower_80": predicted - 10, "upper_80": predicted + 10,
            "lower_95": predicted - 20, "upper_95": predicted + 20,
            "error": None if actual is None else predicted - actual,
            "settled_on": None if actual is None else AS_OF, **more,
        }
        for at, (predicted, actual) in enumerate(pairs)
    ]  # fmt: skip


def candidate(model: str, mase: float, **more: Any) -> dict[str, Any]:
    """A row of `forecast_model_comparison`."""
    return {
        "metric": "net_sales", "grain": "day", "level": "shop", "item": "", "series_class": "smooth",
        "model": model, "family": "statistical", "is_baseline": False, "chosen": False, "mase": mase,
        "wape": mase / 10, "rmse": 100 * mase, "mae": 80 * mase, "folds": 3, "horizon": 28,
        "tested_from": date(2026, 4, 1), "tested_to": date(2026, 6, 30), "reason": "", **more,
    }  # fmt: skip
