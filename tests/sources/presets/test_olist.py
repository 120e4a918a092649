from __future__ import annotations

from decimal import Decimal

import pytest

from sources.presets.mapping import MappedShop, shop_folder, values

COLUMNS = {
    "olist_customers_dataset": "customer_id varchar, customer_unique_id varchar, customer_zip_code_prefix varchar, customer_city varchar, customer_state varchar",
    "olist_orders_dataset": "order_id varchar, customer_id varchar, order_status varchar, order_purchase_timestamp timestamp, order_approved_at timestamp, order_delivered_carrier_date timestamp, order_delivered_customer_date timestamp, order_estimated_delivery_date timestamp",
    "olist_order_items_dataset": "order_id varchar, order_item_id integer, product_id varchar, price decimal(18,2), freight_value decimal(18,2)",
    "olist_order_payments_dataset": "order_id varchar, payment_sequential integer, payment_type varchar, payment_value decimal(18,2)",
    "olist_order_reviews_dataset": "review_id varchar, order_id varchar, review_score integer, review_comment_title varchar, review_comment_message varchar, review_creation_date timestamp, review_answer_timestamp timestamp",
    "olist_products_dataset": "product_id varchar, product_category_name varchar, product_weight_g integer, product_length_cm integer, product_height_cm integer, product_width_cm integer",
    "product_category_name_translation": "product_category_name varchar, product_category_name_english varchar",
}  # fmt: skip

CUSTOMERS = [("c1", "ana", "01001", "sao paulo", "SP"), ("c2", "ana", "20001", "rio", "RJ")]
PRODUCTS = [
    ("p1", "artes", 100, 3, 1, 2),
    ("p2", "pc_gamer", None, None, 1, 2),
    ("p3", None, 1, 1, 1, 1),
]
WORDS = [("artes", "art"), ("beleza", "beauty")]


def day(number: int) -> str:
    return f"2018-01-{number:02} 12:00:00"


def mapped(
    orders: list[tuple],
    items: list[tuple] = (),
    payments: list[tuple] = (),
    reviews: list[tuple] = (),
    *,
    as_text: bool = True,
) -> MappedShop:
    """A small shop; `as_text`: as CSV files give it, else as a database does."""
    tables = [CUSTOMERS, orders, items, payments, reviews, PRODUCTS, WORDS]
    raw = {
        name: values(columns, list(rows), as_text=as_text)
        for (name, columns), rows in zip(COLUMNS.items(), tables, strict=True)
    }
    return MappedShop("olist", raw)


def order(
    name="o1", status="delivered", *, customer="c1", bought=1, approved=2, carried=3, arrived=5
):
    """An order, with the day in January of each thing that happened to it."""
    times = [each and day(each) for each in (bought, approved, carried, arrived)]
    return (name, customer, status, *times, day(20))


@pytest.mark.parametrize("as_text", [True, False])
def test_an_order_is_worth_its_items_and_their_freight(as_text):
    shop = mapped(
        [order()],
        [("o1", 1, "p1", 10, 2.5), ("o1", 2, "p1", 10, 2.5)],
        [("o1", 1, "voucher", 5), ("o1", 2, "credit_card", 20)],
        as_text=as_text,
    )
    assert shop.row(
        """select customer_id, total_amount, shipping_amount, payment_method, order_status, currency,
            shipping_country, shipping_state, order_date::varchar, _row from mapped.orders"""
    ) == ("ana", 25, 5, "credit_card", "delivered", "BRL", "BR", "SP", day(1), 1)
    assert shop.rows(
        "select order_item_id, quantity, unit_price::int, total_amount::int, product_id from mapped.order_items"
    ) == [("o1-1", 1, 10, 10, "p1"), ("o1-2", 1, 10, 10, "p1")]
    assert shop.rows(
        "select payment_id, payment_status, payment_method, amount::int, payment_date::varchar from mapped.payments"
    ) == [
        ("o1-1", "completed", "voucher", 5, day(2)),
        ("o1-2", "completed", "credit_card", 20, day(2)),
    ]
    assert shop.rows("select * from mapped.refunds") == []


@pytest.mark.parametrize(
    ("given", "status", "paid"),
    [
        (order(status="created", approved=None), "processing", "pending"),
        (order(status="approved"), "processing", "completed"),
        (order(status="invoiced"), "processing", "completed"),
        (order(status="processing"), "processing", "completed"),
        (order(status="shipped"), "shipped", "completed"),
        (order(status="delivered", approved=None), "delivered", "completed"),
        (order(status="canceled"), "cancelled", "refunded"),
        (order(status="canceled", approved=None), "cancelled", "failed"),
        (order(status="unavailable"), "cancelled", "refunded"),
    ],
)
def test_statuses_are_ours(given, status, paid):
    shop = mapped([given], [("o1", 1, "p1", 10, 2.5)], [("o1", 1, "boleto", 12.5)])
    assert shop.row("select order_status from mapped.orders") == (status,)
    assert shop.row("select payment_status from mapped.payments") == (paid,)
    refunded = shop.row("select count(*) from mapped.refunds")[0]
    assert refunded == (1 if paid == "refunded" else 0)


@pytest.mark.parametrize("as_text", [True, False])
@pytest.mark.parametrize(
    ("given", "when"),
    [
        (order(status="canceled", carried=None, arrived=None), day(2)),
        (order(status="canceled", approved=4, carried=3, arrived=None), day(4)),
        (order(status="unavailable"), day(5)),
    ],
)
def test_a_paid_order_that_was_cancelled_gives_its_goods_back(given, when, as_text):
    shop = mapped([given], [("o1", 1, "p1", 10, 2.5), ("o1", 2, "p2", 7, 0)], as_text=as_text)
    assert shop.rows(
        """select refund_id, order_id, order_item_id, customer_id, product_id, kind, quantity,
            amount::int, currency, country, reason, refunded_at::varchar from mapped.refunds order by 1"""
    ) == [
        (
            f"cancelled-o1-{n}",
            "o1",
            f"o1-{n}",
            "ana",
            product,
            "cancellation",
            1,
            amount,
            "BRL",
            "BR",
            given[2],
            when,
        )
        for n, product, amount in ((1, "p1", 10), (2, "p2", 7))
    ]


def test_an_order_without_items_is_worth_nothing():
    shop = mapped([order(status="unavailable")], payments=[("o1", 1, "boleto", 12.5)])
    assert shop.row("select total_amount, shipping_amount from mapped.orders") == (0, 0)
    assert shop.rows("select * from mapped.refunds") == []


def test_a_person_has_many_orders_and_lives_where_the_latest_went():
    shop = mapped([order("o2", customer="c2", bought=9), order("o1", customer="c1", bought=1)])
    assert shop.rows(
        "select customer_id, city, state, postal_code, country from mapped.customers"
    ) == [("ana", "rio", "RJ", "20001", "BR")]
    assert shop.column("select distinct customer_id from mapped.orders") == ["ana"]


def test_a_parcel_is_what_a_carrier_has():
    shop = mapped(
        [
            order(),
            order("o2", "shipped", arrived=None),
            order("o3", "invoiced", carried=None, arrived=None),
        ]
    )
    assert shop.rows(
        """select order_id, shipment_status, shipped_date, actual_delivery_date, estimated_delivery_date
            from mapped.shipments order by 1"""
    ) == [("o1", "delivered", day(3), day(5), day(20)), ("o2", "in_transit", day(3), None, day(20))]


def test_a_review_is_about_a_product_where_it_can_only_be_that():
    shop = mapped(
        [order(), order("o2"), order("o3")],
        [
            ("o1", 1, "p1", 1, 1),
            ("o1", 2, "p1", 1, 1),
            ("o2", 1, "p1", 1, 1),
            ("o2", 2, "p2", 1, 1),
        ],
        reviews=[("r1", name, 5, "bom", None, day(6), day(7)) for name in ("o1", "o2", "o3")],
    )
    assert shop.rows(
        """select review_id, product_id, customer_id, rating, review_title, created_at, updated_at
            from mapped.reviews order by 1"""
    ) == [
        (f"r1-{name}", product, "ana", "5", "bom", day(6), day(7))
        for name, product in (("o1", "p1"), ("o2", None), ("o3", None))
    ]


def test_products_stand_in_categories_with_english_names():
    shop = mapped([order()])
    assert shop.rows("select category_id, category_name from mapped.categories order by 1") == [
        ("artes", "art"),
        ("pc_gamer", "pc_gamer"),
    ]
    assert shop.rows(
        "select product_id, category_id, weight, dimensions from mapped.products order by 1"
    ) == [
        ("p1", "artes", "100", "3 x 2 x 1 cm"),
        ("p2", "pc_gamer", None, None),
        ("p3", None, "1", "1 x 1 x 1 cm"),
    ]


@pytest.fixture(scope="module")
def real():
    """The real shop, mapped."""
    folder = shop_folder("olist")
    return MappedShop(
        "olist",
        {
            name: f"read_csv('{folder / name}.csv', all_varchar = true, header = true)"
            for name in COLUMNS
        },
    )


def file(name: str) -> str:
    return f"read_csv('{shop_folder('olist') / name}.csv', header = true)"


def test_net_revenue_orders_and_customers_per_state(real):
    ours = real.rows(
        """
        with sold as (
            select order_id, shipping_state as state, customer_id from mapped.orders
            where order_status <> 'cancelled'
              or order_id in (select order_id from mapped.refunds)
        ),
        money as (
            select state, cast(total_amount as decimal(18,2)) as amount
            from mapped.order_items join sold using (order_id)
            union all
            select state, -cast(amount as decimal(18,2)) from mapped.refunds join sold using (order_id)
        ),
        net as (select state, sum(amount) as net from money group by state),
        who as (
            select shipping_state as state, count(*) as orders, count(distinct customer_id) as customers
            from mapped.orders where order_status <> 'cancelled' group by 1
        )
        select state, net, orders, customers from net join who using (state) order by state
        """
    )
    independent = real.rows(
        f"""
        with o as (
            select order_id, customer_state as state, customer_unique_id as person
            from {file("olist_orders_dataset")} join {file("olist_customers_dataset")} using (customer_id)
            where order_status not in ('canceled', 'unavailable')
        ),
        i as (
            select order_id, sum(price::decimal(18,2)) as amount
            from {file("olist_order_items_dataset")} group by order_id
        )
        select state, sum(amount), count(*), count(distinct person)
        from o left join i using (order_id) group by state order by state
        """
    )
    assert ours == independent
    assert len(ours) == 27


def test_every_row_has_one_home(real):
    counts = {raw: real.homes(raw) for raw, each in real.preset.raw.items() if each.home}
    assert counts == {
        "olist_orders_dataset": [(1, 32_936)],
        "olist_order_items_dataset": [(1, 36_753)],
        "olist_order_payments_dataset": [(1, 34_668)],
        "olist_order_reviews_dataset": [(1, 19_501)],
        "olist_products_dataset": [(1, 32_951)],
    }


def test_every_total_holds_and_all_money_has_come(real):
    assert real.row(
        """
        select count(*), count(*) filter (total_amount <> coalesce(items, 0) + shipping_amount)
        from mapped.orders
        left join (
            select order_id, sum(cast(total_amount as decimal(18,2))) as items
            from mapped.order_items group by order_id
        ) using (order_id)
        """
    ) == (32_936, 0)
    independent = real.row(
        f"""
        select
            (select sum(price::decimal(18,2)) from {file("olist_order_items_dataset")}),
            (select sum(freight_value::decimal(18,2)) from {file("olist_order_items_dataset")}),
            (select sum(payment_value::decimal(18,2)) from {file("olist_order_payments_dataset")})
        """
    )
    assert independent == real.row(
        """
        select
            (select sum(total_amount::decimal(18,2)) from mapped.order_items),
            (select sum(shipping_amount) from mapped.orders),
            (select sum(amount::decimal(18,2)) from mapped.payments)
        """
    )
    assert independent[2] == Decimal("5409950.30")


def test_refunds_undo_just_what_was_paid_for_and_cancelled(real):
    assert real.row(
        f"""
        select count(*), sum(price::decimal(18,2))
        from {file("olist_order_items_dataset")}
        join {file("olist_orders_dataset")} using (order_id)
        where order_status in ('canceled', 'unavailable') and order_approved_at is not null
        """
    ) == real.row("select count(*), sum(amount::decimal(18,2)) from mapped.refunds")


@pytest.mark.parametrize(
    ("table", "key"),
    [
        ("customers", "customer_id"),
        ("orders", "order_id"),
        ("order_items", "order_item_id"),
        ("payments", "payment_id"),
        ("refunds", "refund_id"),
        ("shipments", "shipment_id"),
        ("products", "product_id"),
        ("categories", "category_id"),
    ],
)
def test_keys_are_keys(real, table, key):
    rows, keys = real.row(f"select count(*), count(distinct {key}) from mapped.{table}")
    assert rows == keys


def test_only_true_copies_of_a_review_have_one_key(real):
    copies = "select count(*) - count(distinct {}) from {}"
    assert real.row(copies.format("review_id", "mapped.reviews")) == real.row(
        copies.format("(review_id, order_id)", "olist_order_reviews_dataset")
    )


def test_what_refers_to_something_finds_it(real):
    for table, column, parent in (
        ("orders", "customer_id", "customers"),
        ("order_items", "order_id", "orders"),
        ("order_items", "product_id", "products"),
        ("payments", "order_id", "orders"),
        ("refunds", "order_item_id", "order_items"),
        ("shipments", "order_id", "orders"),
        ("reviews", "customer_id", "customers"),
        ("reviews", "product_id", "products"),
        ("products", "category_id", "categories"),
    ):
        lost = f"select count(*) from mapped.{table} where {column} not in (select {column} from mapped.{parent})"
        assert real.row(lost) == (0,), (table, column)
