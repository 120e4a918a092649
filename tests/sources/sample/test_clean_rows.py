"""What must hold in every row that nobody spoilt."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from omnix.sources.sample import make_sample_shop
from sources.sample.conftest import opened

# Each query counts the rows that break the rule.
RULES = {
    "item total is quantity x price - discount": """
        from order_items where total_amount <> quantity * unit_price - discount_amount""",
    "order total is items + tax + shipping - discount": """
        from orders join (select order_id, sum(total_amount) as items, sum(tax_amount) as tax
                          from order_items group by order_id) using (order_id)
        where total_amount <> items + tax_amount + shipping_amount - discount_amount
           or tax <> tax_amount""",
    "every order has items": """
        from orders anti join order_items using (order_id)""",
    "nothing costs less than nothing": """
        from orders where total_amount <= 0 or shipping_amount < 0 or discount_amount < 0
        or tax_amount < 0""",
    "the payment is the order's total": """
        from payments join orders using (order_id)
        where amount <> orders.total_amount or payments.currency <> orders.currency""",
    "one payment per order that did not fail": """
        from (select order_id, count(*) filter (payment_status <> 'failed') as good
              from orders join payments using (order_id)
              group by order_id) where good > 1""",
    "refunds never exceed what was paid": """
        from (select order_id, sum(amount) as back from refunds group by order_id)
        join orders using (order_id) where back > total_amount""",
    "a refund is of an item of its order, no more than was bought": """
        from refunds left join order_items using (order_item_id)
        where refunds.kind = 'refund' and (order_items.order_id is distinct from refunds.order_id
          or order_items.product_id <> refunds.product_id
          or refunds.quantity not between 1 and order_items.quantity)""",
    "a refund comes after its order": """
        from refunds join orders using (order_id) where refunded_at <= order_date""",
    "a cancelled order gives back all of it, later": """
        from orders left join (from refunds where kind = 'cancellation') r using (order_id)
        where order_status = 'cancelled' and order_id not in
            (select b.order_id from raw.refunds b join truth.dirt on key = refund_id)
          and (r.amount is null or r.amount <> total_amount or refunded_at <= order_date)""",
    "only cancelled orders are cancelled": """
        from refunds join orders using (order_id)
        where refunds.kind = 'cancellation' and order_status <> 'cancelled'""",
    "a chargeback comes 20 to 91 days after the order": """
        from refunds join orders using (order_id) where refunds.kind = 'chargeback'
        and date_diff('day', order_date, refunded_at) not between 19 and 91""",
    "a chargeback stands on the payment": """
        from refunds join payments using (order_id) where refunds.kind = 'chargeback'
        and payment_status not in ('chargeback', 'failed')""",
    "shipped after ordered, delivered after shipped": """
        from shipments join orders using (order_id)
        where shipped_date < order_date or actual_delivery_date < shipped_date""",
    "delivered orders arrived": """
        from orders join shipments using (order_id)
        where (order_status = 'delivered') <> (actual_delivery_date is not null)""",
    "a review comes after the delivery of what it is about": """
        from reviews where not exists (
          from order_items join raw.orders using (order_id) left join raw.shipments using (order_id)
          where order_items.product_id = reviews.product_id
            and coalesce(actual_delivery_date, raw.orders.created_at) < reviews.created_at
            and (raw.orders.customer_id = reviews.customer_id
                 or raw.orders.customer_id = 'C999999X'))""",
    "ratings": "from reviews where rating not between 1 and 5",
    "no order before the customer": """
        from orders join customers using (customer_id) where order_date < customers.created_at""",
    "no order of a product before its launch": """
        from order_items join products using (product_id)
        where order_items.created_at < products.created_at""",
    "reserved is within available": """
        from inventory where quantity_reserved not between 0 and quantity_available""",
    "one currency per country": """
        from (select shipping_country, count(distinct currency) as n from orders group by all)
        where n > 1""",
    "the list price holds": """
        from (select i.*, o.order_date, o.currency from order_items i join orders o using (order_id))
        i asof join price_history h on i.product_id = h.product_id and i.currency = h.currency
          and i.order_date >= h.valid_from
        where unit_price <> h.price""",
    "tax is that of the country": """
        from order_items join orders using (order_id) where order_items.total_amount > 1
        and shipping_country = 'DE' and not (order_items.tax_amount / order_items.total_amount
          between 0.06 and 0.20)""",
    "a product sells above its cost": "from products where price <= cost",
    "no card number in payments": """
        from payments where payment_method = 'card' and (length(card_bin) <> 6
        or length(card_last_four) <> 4 or card_token not like 'tok\\_%' escape '\\')""",
    "coupons run when they are used": """
        from orders join promotions on coupon_code = promotion_code
        where order_date not between start_date and end_date""",
}


@pytest.mark.parametrize("rule", RULES)
def test_no_clean_row_breaks(db: duckdb.DuckDBPyConnection, rule: str) -> None:
    assert db.execute(f"select count(*) {RULES[rule]}").fetchone() == (0,)


@pytest.mark.slow
@pytest.mark.parametrize("rule", RULES)
def test_no_clean_row_of_the_medium_shop_breaks(
    medium: duckdb.DuckDBPyConnection, rule: str
) -> None:
    assert medium.execute(f"select count(*) {RULES[rule]}").fetchone() == (0,)


@pytest.mark.parametrize("seed", [2, 3, 4])
def test_no_clean_row_of_other_shops_breaks(tmp_path: Path, seed: int) -> None:
    db = opened(make_sample_shop(tmp_path, size="small", seed=seed))
    broken = [
        r for r, query in RULES.items() if db.execute(f"select count(*) {query}").fetchone() != (0,)
    ]
    db.close()
    assert broken == []


TIMED = [
    "customers", "categories", "products", "inventory", "orders", "order_items", "payments",
    "refunds", "shipments", "reviews", "promotions",
]  # fmt: skip


@pytest.mark.parametrize("table", TIMED)
def test_rows_are_updated_after_they_are_created(db: duckdb.DuckDBPyConnection, table: str) -> None:
    bad = f"""select count(*) from {table} where created_at is null or updated_at is null
        or created_at > updated_at or updated_at > timestamp '2026-06-30 23:59:59'"""
    assert db.execute(bad).fetchone() == (0,)


def test_an_order_is_updated_with_its_last_event(db: duckdb.DuckDBPyConnection) -> None:
    late = """
        select count(*) from orders join (
            select order_id, refunded_at as moment from refunds
            union all select order_id, shipped_date from shipments
            union all select order_id, actual_delivery_date from shipments
        ) using (order_id) where moment > updated_at"""
    assert db.execute(late).fetchone() == (0,)


PARENTS = (
    ("order_items", "order_id", "orders"),
    ("order_items", "product_id", "products"),
    ("orders", "customer_id", "customers"),
    ("payments", "order_id", "orders"),
    ("refunds", "order_id", "orders"),
    ("refunds", "order_item_id", "order_items"),
    ("shipments", "order_id", "orders"),
    ("reviews", "product_id", "products"),
    ("reviews", "customer_id", "customers"),
    ("inventory", "product_id", "products"),
    ("products", "category_id", "categories"),
    ("consents", "customer_id", "customers"),
    ("competitor_prices", "product_id", "products"),
    ("price_history", "product_id", "products"),
)


@pytest.mark.parametrize(("table", "column", "parent"), PARENTS)
def test_what_a_clean_row_points_to_is_there(
    db: duckdb.DuckDBPyConnection, table: str, column: str, parent: str
) -> None:
    orphans = f"""select count(*) from {table} where {column} is not null
        and {column} not in (select {column} from raw.{parent} where {column} is not null)"""
    assert db.execute(orphans).fetchone() == (0,)


def test_keys_are_unique_among_clean_rows(db: duckdb.DuckDBPyConnection) -> None:
    from omnix.sources.sample.dirt import KEYS

    for table, key in KEYS.items():
        query = f"select count(*) - count(distinct {key}) from {table}"
        assert db.execute(query).fetchone() == (0,), table
