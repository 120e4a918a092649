"""The analytics of the built sample shop against plain SQL over its curated tables."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
import pytest

from omnix.app.app import sample_folder
from omnix.core.table import literal
from shop import new_home, query, run

pytestmark = pytest.mark.slow

CUT = date(2025, 6, 30)
ANALYTICS = ("sales_daily", "customer_features")

#: The orders that are sales, said in another way than the tables do.
COUNTED = """
    select o.* from orders o
    where o.status not in ('cancelled', 'failed')
       or exists (from refunds r where r.order_id = o.order_id and r.amount_cents > 0)
"""


def test_sales_add_up_to_what_lies_in_the_curated_tables(built: Path):
    sold = f"""
        with counted as ({COUNTED}),
        lines as (select i.* from order_items i join counted using (order_id)),
        taxes as (select order_id, sum(tax_cents) as tax from lines group by order_id)
        select
            (select sum(gross_cents) from lines) as gross,
            (select sum(discount_cents) from lines) + (select sum(discount_cents) from counted) as discount,
            (select sum(amount_cents) from refunds) as refund,
            (select sum(greatest(c.tax_cents, coalesce(t.tax, 0))) from counted c left join taxes t using (order_id)) as tax,
            (select sum(quantity) from lines) as quantity
    """
    told = """
        select sum(gross_cents) as gross, sum(discount_cents) as discount, sum(refund_cents) as refund,
               sum(tax_cents) as tax, sum(quantity) as quantity
        from sales_daily
    """
    (wanted,) = query(built, sold, "orders", "order_items", "refunds")
    assert query(built, told, "sales_daily") == [wanted]
    assert wanted["discount"] > 0
    assert wanted["refund"] > 0


def test_sales_of_a_country_and_month_are_those_of_its_orders(built: Path):
    sold = f"""
        select o.country, o.currency, date_trunc('month', o.ordered_on) as month, sum(i.gross_cents) as gross
        from ({COUNTED}) o join order_items i using (order_id)
        group by all order by all
    """
    told = """
        select country, currency, date_trunc('month', sold_on) as month, sum(gross_cents) as gross
        from sales_daily group by all having sum(gross_cents) > 0 order by all
    """
    wanted = query(built, sold, "orders", "order_items", "refunds")
    assert query(built, told, "sales_daily") == wanted
    assert len(wanted) > 100


def test_every_customer_with_a_counted_order_has_features_per_currency(built: Path):
    wanted = query(
        built,
        f"""select customer_id, currency, count(*) as frequency, sum(total_cents) as paid_cents
            from ({COUNTED}) where customer_id is not null group by all order by all""",
        "orders", "refunds",
    )  # fmt: skip
    told = "select customer_id, currency, frequency, paid_cents from customer_features order by all"
    assert query(built, told, "customer_features") == wanted
    assert len(wanted) > 300


def test_the_books_of_the_sample_balance(built: Path):
    rows = query(
        built,
        "select step, table_name, rows_quarantined, balanced from books_balance",
        "books_balance",
    )
    assert [row for row in rows if not row["balanced"]] == []
    assert {row["step"] for row in rows} == {"source to raw", "raw to mapped", "mapped to curated"}
    assert sum(row["rows_quarantined"] for row in rows) > 0


def test_every_table_of_the_sample_has_its_quality(built: Path):
    rows = query(built, "select table_name, rows_mapped, score from data_quality", "data_quality")
    assert [row for row in rows if row["rows_mapped"] and not 0.7 < row["score"] <= 1] == []
    assert len(rows) == 16


def test_a_run_as_of_a_day_is_that_of_the_shop_on_that_day(copied: Path, tmp_path: Path):
    assert run(copied, *ANALYTICS, as_of=CUT, ingest_first=False).failures == []
    before = new_home(tmp_path / "before")
    cut_shop(copied, before)
    assert run(before, *ANALYTICS, as_of=CUT).failures == []
    for name in ANALYTICS:
        now, then = (query(home, f"from {name}", name) for home in (copied, before))
        assert now == then, name
        assert len(now) > 100


def cut_shop(home: Path, to: Path) -> None:
    """Write into `to` the sample shop of `home` as it was at the cut.

    A shop's own database tells only how an order stands now. One that was cancelled later, which
    its refund tells, had not been cancelled yet.
    """
    source, target = sample_folder(home), sample_folder(to)
    target.mkdir(parents=True)
    con = duckdb.connect()
    con.execute(f"set variable cut = timestamp '{CUT} 00:00:00'")
    undone = query(
        home, "select order_id, refunded_at from refunds where amount_cents > 0", "refunds"
    )
    con.execute("create table undone (order_id varchar, refunded_at timestamp)")
    con.executemany("insert into undone values (?, ?)", [list(row.values()) for row in undone])
    ordered = "select order_id from orders where order_date < getvariable('cut')"
    kept = {
        "orders": """
            select * replace (case
                when order_status = 'cancelled'
                    and (select min(refunded_at) from undone u where u.order_id = orders.order_id) >= getvariable('cut')
                then 'processing' else order_status end as order_status)
            from orders where order_date < getvariable('cut')
        """,
        "refunds": "from refunds where refunded_at < getvariable('cut')",
        "order_items": f"from order_items where order_id in ({ordered})",
        "payments": f"from payments where order_id in ({ordered})",
        "shipments": f"from shipments where order_id in ({ordered})",
    }
    for path in source.glob("*.parquet"):
        con.execute(f"create view {path.stem} as from {literal(str(path))}")
    for path in source.glob("*.parquet"):
        sql = kept.get(path.stem, f"from {path.stem}")
        con.execute(f"copy ({sql}) to {literal(str(target / path.name))}")
