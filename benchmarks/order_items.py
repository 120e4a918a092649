"""Ten million order items: curated, summed by day, turned into customer features.

The items lie in raw as the door leaves them: ids as text, amounts as decimals, 2 % of the rows newer
versions of others, 0.5 % broken. Beside it stand the limit, DuckDB's `COPY` of the same Parquet, and
the baseline, the same job in plain SQL with a window over every row. Both results must be equal.
"""

from __future__ import annotations

import json
import math
import shutil
import sys
import tempfile
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.process import Clock, run_steps
from benchmarks.report import Cost, Figure, figure

if TYPE_CHECKING:
    import duckdb

SIZES = {False: (300_000, 1_000_000), True: (1_000_000, 3_000_000, 10_000_000)}
REPEATS = 3
GOAL_ROWS, GOAL_CPU, GOAL_PEAK_MB, GOAL_SLOPE = 10_000_000, 20.0, 2_500.0, 1.05
JOB = ("order_items", "sales_daily", "customer_features")

#: Item `i` before anything is wrong with it; three of them make order `i // 3`.
CLEAN = """
    select
        i, i // 3 as n, quantity, unit_price, discount_amount,
        (quantity * unit_price - discount_amount)::decimal(12, 2) as total_amount,
        (0.2 * (quantity * unit_price - discount_amount))::decimal(12, 2) as tax_amount,
        timestamp '2024-01-01' + to_seconds((i // 3) * 77760000 // ($items // 3 + 1)) as created_at
    from (
        select *, case when h % 10 = 0 then (0.1 * quantity * unit_price)::decimal(12, 2) else 0::decimal(12, 2) end as discount_amount
        from (
            select i, h, (1 + h % 4)::integer as quantity, ((100 + h // 7 % 9900) / 100)::decimal(12, 2) as unit_price
            from (select i, hash(i) % 1000000007 as h from range($items) r(i))
        )
    )
"""
ITEM = """
    'I' || lpad(i::varchar, 8, '0') as order_item_id,
    'O' || lpad((n + if(i % 800 = 7, 90000000, 0))::varchar, 8, '0') as order_id,
    if(i % 800 = 207, null, 'P' || lpad((i * 7919 % 2003)::varchar, 5, '0')) as product_id,
    if(i % 800 = 407, 0, quantity)::integer as quantity,
    unit_price, discount_amount, tax_amount,
    (total_amount + if(i % 800 = 607, 9, 0))::decimal(12, 2) as total_amount,
    created_at
"""
TABLES = {
    # Every fiftieth row is a newer version of one before it, and comes last.
    "order_items": f"""
        select {ITEM}, created_at + to_hours(i % 100) as updated_at from ({CLEAN})
        union all
        select {ITEM}, created_at + to_hours(200) as updated_at from ({CLEAN}) where i % 50 = 3
    """,
    "orders": f"""
        select
            'O' || lpad(n::varchar, 8, '0') as order_id,
            'C' || lpad((hash(n) % ($items // 30 + 1))::varchar, 7, '0') as customer_id,
            min(created_at) as order_date,
            case when n % 50 = 1 then 'cancelled' else 'delivered' end as order_status,
            (sum(total_amount) + sum(tax_amount) + 4.90)::decimal(12, 2) as total_amount,
            sum(tax_amount)::decimal(12, 2) as tax_amount, 4.90::decimal(12, 2) as shipping_amount,
            0::decimal(12, 2) as discount_amount, 'EUR' as currency, 'card' as payment_method,
            ['web', 'app', 'store'][1 + n % 3] as channel,
            case when n % 12 = 0 then 'SPRING10' end as coupon_code,
            ['DE', 'FR', 'IT', 'ES', 'PL', 'NL', 'AT', 'BE'][1 + (hash(n) % 8)::integer] as shipping_country,
            min(created_at) as created_at, min(created_at) + interval 3 day as updated_at
        from ({CLEAN}) group by n order by n
    """,
    "customers": """
        select 'C' || lpad(i::varchar, 7, '0') as customer_id, 'c' || i || '@example.com' as email,
            'DE' as country, timestamp '2023-01-01' as created_at, timestamp '2023-01-01' as updated_at
        from range($items // 30 + 1) r(i)
    """,
    "products": """
        select 'P' || lpad(i::varchar, 5, '0') as product_id, 'Product ' || i as product_name,
            'K' || (i % 40) as category_id, 10.00::decimal(12, 2) as price, 'EUR' as currency
        from range(2003) r(i)
    """,
    "categories": "select 'K' || i as category_id, 'Category ' || i as category_name from range(40) r(i)",
}

NAIVE = {
    "order_items": """
        select * exclude (place) from (
            select *, row_number() over (partition by order_item_id order by updated_at desc) as place
            from '{folder}/order_items.parquet'
            where quantity > 0 and unit_price >= 0 and discount_amount >= 0 and tax_amount >= 0
              and abs(quantity * unit_price - discount_amount - total_amount) <= greatest(1, quantity) / 100
              and order_id in (select order_id from '{folder}/orders.parquet')
              and product_id in (select product_id from '{folder}/products.parquet')
        ) where place = 1
    """,
    "sales_daily": """
        select order_date::date as sold_on, shipping_country, category_id, o.currency,
            sum(quantity * unit_price) as gross, sum(i.discount_amount) as discount, sum(i.tax_amount) as tax,
            sum(quantity) as quantity, count(distinct order_id) as orders, count(distinct customer_id) as customers
        from '{folder}/naive_order_items.parquet' i
        join '{folder}/orders.parquet' o using (order_id) join '{folder}/products.parquet' p using (product_id)
        where order_status <> 'cancelled' group by all
    """,
    "customer_features": """
        select customer_id, o.currency, min(order_date) as first, max(order_date) as last,
            count(distinct order_id) as orders, sum(i.total_amount) as money, sum(quantity) as items,
            count(distinct product_id) as products, mode(channel) as channel
        from '{folder}/naive_order_items.parquet' i join '{folder}/orders.parquet' o using (order_id)
        where order_status <> 'cancelled' group by all
    """,
}


def run(full: bool) -> list[Figure]:
    """Each size in turn, `REPEATS` times; `full` goes to ten million rows."""
    costs: dict[tuple[int, str], list[Cost]] = defaultdict(list)
    with tempfile.TemporaryDirectory(prefix="omnix-items-") as folder:
        for rows in SIZES[full]:
            run_steps("order_items", "make", f"{folder}/{rows}", str(rows))
        for _ in range(REPEATS):
            for rows in SIZES[full]:
                for program in ("job", "naive", "limit"):
                    _measure(Path(folder, str(rows)), rows, program, costs)
                run_steps("order_items", "check", f"{folder}/{rows}")
    return [each for rows in SIZES[full] for each in _figures(rows, costs)] + [_slope(costs)]


def _measure(
    folder: Path, rows: int, program: str, costs: dict[tuple[int, str], list[Cost]]
) -> None:
    for layer in ("curated", "quarantine", "analytics"):
        if program == "job":
            shutil.rmtree(folder / "home" / "lake" / layer, ignore_errors=True)
    whole, told = run_steps("order_items", program, str(folder))
    costs[rows, f"{program}: process"].append(whole)
    for step, cost in told.items():
        costs[rows, f"{program}: {step}"].append(Cost(**cost))
    steps = [costs[rows, f"{program}: {each}"][-1] for each in JOB if f"{each}" in told]
    if steps:
        wall, cpu = sum(each.wall_s for each in steps), sum(each.cpu_s for each in steps)
        costs[rows, f"{program}: together"].append(Cost(wall, cpu, whole.peak_mb))


def _figures(rows: int, costs: dict[tuple[int, str], list[Cost]]) -> list[Figure]:
    shown = f"{rows / 1e6:g} M items"
    limit = figure(
        f"{shown}: COPY of the same Parquet", costs[rows, "limit: copy"], note="the limit"
    )
    found = [limit]
    for program, words in (("job", "omnix"), ("naive", "plain SQL, a window over all")):
        told: dict[str, Any] = {"limit": limit}
        found += [
            figure(f"{shown}: {words}: {step}", costs[rows, f"{program}: {step}"], **told)
            for step in JOB
        ]
        together = figure(
            f"{shown}: {words}: the three together", costs[rows, f"{program}: together"], **told
        )
        found.append(_judged(together) if program == "job" and rows == GOAL_ROWS else together)
    orders = figure(
        f"{shown}: omnix: orders ({rows / 3.06e6:.2g} M)", costs[rows, "job: orders"], limit=limit
    )
    whole = figure(f"{shown}: omnix: the whole process", costs[rows, "job: process"], limit=limit)
    return [*found, orders, whole]


def _judged(row: Figure) -> Figure:
    within = (row.cpu_s or 0) <= GOAL_CPU and (row.peak_mb or 0) <= GOAL_PEAK_MB
    words = f"≤ {GOAL_CPU:g} CPU-s, ≤ {GOAL_PEAK_MB:,.0f} MB"
    return Figure(**{**vars(row), "goal": words, "met": within})


def _slope(costs: dict[tuple[int, str], list[Cost]]) -> Figure:
    """Of log CPU over log rows, by least squares."""
    points = [
        (math.log(rows), math.log(figure("", several).cpu_s or 1))
        for (rows, name), several in costs.items()
        if name == "job: together"
    ]
    x, y = (sum(each) / len(points) for each in zip(*points, strict=True))
    slope = sum((a - x) * (b - y) for a, b in points) / sum((a - x) ** 2 for a, _ in points)
    return Figure(
        "growth of the three together: log-log slope",
        runs=REPEATS, value=slope, goal=f"≤ {GOAL_SLOPE}", met=slope <= GOAL_SLOPE,
    )  # fmt: skip


def _connect(folder: Path) -> duckdb.DuckDBPyConnection:
    """A connection as the pipeline has it."""
    from omnix.core.settings import Settings
    from omnix.pipeline.engine import connect

    settings = Settings.load(folder / "home")
    return connect(
        threads=settings.threads, memory_limit=settings.memory_limit, spill=folder / "spill"
    )


def make(folder: Path, rows: int) -> dict[str, Any]:
    """Write the shop's Parquet files, and its raw tables as `omnix ingest` would leave them."""
    from omnix.lake import Lake

    (folder / "home").mkdir(parents=True)
    con, lake = _connect(folder), Lake(folder / "home" / "lake")
    for name, sql in TABLES.items():
        file = f"{folder}/{name}.parquet"
        bound = {"items": round(rows / 1.02)} if "$items" in sql else {}
        con.execute(f"copy ({sql}) to '{file}' (format parquet, compression zstd)", bound)
        columns = {c: t for c, t, *_ in con.execute(f"describe from '{file}'").fetchall()}
        (count,) = con.execute(f"select count(*) from '{file}'").fetchone() or (0,)
        told = {"position": "{}", "next_row": str(count + 1), "reads": "1", "ingested_at": "2026-07-01 00:00:00",
                "source_rows": str(count), "source_money": "", "findings": "[]", "mode": "replace"}  # fmt: skip
        lake.publish(
            f"raw/{name}", con,
            f"select * exclude (file_row_number), file_row_number + 1 as _row, false as _deleted from read_parquet('{file}', file_row_number = true)",
            columns, metadata={f"omnix.{key}": value for key, value in told.items()},
        )  # fmt: skip
    return {}


def job(folder: Path) -> dict[str, Any]:
    """The pipeline itself, from raw; what each table cost."""
    from omnix.app.app import App
    from omnix.core.settings import Settings

    report = App(Settings.load(folder / "home")).run(JOB, ingest_first=False)
    if report.failures:
        raise RuntimeError(
            "; ".join(f"{each.table}: {each.error or each.note}" for each in report.failures)
        )
    return {
        each.table: {"wall_s": each.wall_seconds, "cpu_s": each.cpu_seconds}
        for each in report.built
    }


def naive(folder: Path) -> dict[str, Any]:
    """The same job in plain SQL over the Parquet files."""
    con = _connect(folder)
    clock = Clock()
    for name, sql in NAIVE.items():
        con.execute(
            f"copy ({sql.format(folder=folder)}) to '{folder}/naive_{name}.parquet' (format parquet, compression zstd)"
        )
        clock.lap(name)
    return clock.steps


def limit(folder: Path) -> dict[str, Any]:
    """Read and write once."""
    con = _connect(folder)
    clock = Clock()
    con.execute(
        f"copy (from '{folder}/order_items.parquet') to '{folder}/copy.parquet' (format parquet, compression zstd)"
    )
    clock.lap("copy")
    return clock.steps


def check(folder: Path) -> dict[str, Any]:
    """Both jobs kept the same items and the same money, or the comparison is void."""
    from omnix.lake import Lake

    con = _connect(folder)
    Lake(folder / "home" / "lake").view(con, "curated/order_items", as_name="ours")
    ours = con.execute(
        "select count(*), sum(total_cents), sum(hash(order_item_id)) from ours"
    ).fetchone()
    theirs = con.execute(
        f"select count(*), sum((total_amount * 100)::bigint), sum(hash(order_item_id)) from '{folder}/naive_order_items.parquet'"
    ).fetchone()
    if ours != theirs:
        raise RuntimeError(
            f"omnix keeps {ours}, plain SQL {theirs} (rows, cents, hash of the ids)."
        )
    return {}


if __name__ == "__main__":
    _program, _folder, *_rest = sys.argv[1:]
    print(json.dumps(globals()[_program](Path(_folder), *map(int, _rest))))
