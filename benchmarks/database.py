"""What a database costs as a source: `python benchmarks/database.py [--rows N]`.

Starts a private MariaDB and a private PostgreSQL, fills a table of order items, and measures the
first read, the keys, a read with nothing new and one with 1 % changed. The driver's own rows
(`fetchmany` into tuples, no Arrow) stand beside it. Memory is the peak of a process of its own.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from omnix.sources.database import DatabaseSource

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from servers import MariaDb, PostgreSql, Server, load_tables

ITEMS = """
    select i as order_item_id, i // 3 as order_id, (i * 7919) % 2000 as product_id,
        (1 + i % 5)::integer as quantity, ((i * 31) % 9999 / 100.0)::decimal(12, 2) as unit_price,
        0::decimal(12, 2) as discount_amount, 1.23::decimal(12, 2) as tax_amount,
        ((1 + i % 5) * ((i * 31) % 9999 / 100.0)::decimal(12, 2))::decimal(12, 2) as total_amount,
        case when i % 10 = 0 then 'gift, "wrapped"' end as note,
        timestamp '2024-01-01' + interval (i) second as created_at,
        timestamp '2024-01-01' + interval (i) second as updated_at
    from range($rows) r(i)
"""
MONEY = "quantity * unit_price - discount_amount"
Figures = dict[str, dict[str, float]]


@contextmanager
def timed(figures: Figures, name: str) -> Iterator[None]:
    """Wall and own CPU seconds; what the server spends is wall less CPU at most."""
    wall, cpu = time.perf_counter(), time.process_time()
    yield
    figures[name] = {
        "wall_s": round(time.perf_counter() - wall, 2),
        "cpu_s": round(time.process_time() - cpu, 2),
    }


def read(url: str, position: str | None, figures: Figures, name: str) -> tuple[str, int]:
    """Read the items, keeping no batch; give the new position and the rows that came."""
    with DatabaseSource(url).open() as session:
        (table,) = session.tables()
        with timed(figures, f"{name}: measured"):
            extract = session.read(table, position, money=MONEY)
        with timed(figures, f"{name}: streamed ({extract.mode})"):
            rows = sum(batch.num_rows for batch in extract.batches)
        return extract.position, rows


def compare_keys(url: str, known: pa.Table) -> int:
    """How many of `known` are gone."""
    with DatabaseSource(url).open() as session:
        return int(session.missing_keys(session.tables()[0], known).num_rows)


def driver_rows(server: Any) -> None:
    """All rows as tuples, as the driver gives them."""
    if isinstance(server, MariaDb):
        from pymysql.cursors import SSCursor

        with server.connect("shop") as connection, connection.cursor(SSCursor) as cursor:
            cursor.execute("SELECT * FROM order_items")
            while cursor.fetchmany(1000):
                pass
        return
    with (
        server.connect("shop") as connection,
        connection.transaction(),
        connection.cursor("rows") as cursor,
    ):
        cursor.execute("SELECT * FROM order_items")
        while cursor.fetchmany(10_000):
            pass


def measure(kind: type[Server], rows: int) -> Figures:
    """All figures of one kind of server."""
    figures: Figures = {}
    items = duckdb.sql(ITEMS, params={"rows": rows}).to_arrow_table()
    with kind.start() as server:
        url = load_tables(server, {"order_items": items}, keys={"order_items": ["order_item_id"]})
        server.execute("shop", "CREATE INDEX changed ON order_items (updated_at)")
        figures["first read: peak"] = {"mib": peak(url)}
        position, _ = read(url, None, figures, "first read")
        with timed(figures, "driver's rows"):
            driver_rows(server)
        with timed(figures, "keys compared"):
            compare_keys(url, items.select(["order_item_id"]))
        position, _ = read(url, position, figures, "nothing new")
        server.execute(
            "shop",
            "UPDATE order_items SET quantity = 9, updated_at = '2026-01-01' "
            f"WHERE order_item_id < {rows // 100}",
        )
        read(url, position, figures, "1 % changed")
    return figures


def peak(url: str) -> float:
    """Peak memory of a first read in a fresh process."""
    done = subprocess.run(
        [sys.executable, __file__, "--read", url], check=True, capture_output=True, text=True
    )
    return float(done.stdout)


def main() -> None:
    """Print a table and JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--read", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.read:
        read(options.read, None, {}, "")
        # Not ru_maxrss, which a child inherits from the process that started it.
        status = Path("/proc/self/status").read_text()
        print(int(status.partition("VmHWM:")[2].split()[0]) / 1024)
        return
    kinds: list[type[Server]] = [MariaDb, PostgreSql]
    found = {kind.__name__: measure(kind, options.rows) for kind in kinds}
    for kind, figures in found.items():
        for name, values in figures.items():
            shown = "  ".join(f"{unit} {value:8.2f}" for unit, value in values.items())
            print(f"{kind:11} {name:32} {shown}")
    print(json.dumps({"rows": options.rows, **found}))


if __name__ == "__main__":
    main()
