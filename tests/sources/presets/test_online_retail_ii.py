from __future__ import annotations

from decimal import Decimal

import pytest

from sources.presets.mapping import MappedShop, shop_folder, values

COLUMNS = (
    "Invoice varchar, StockCode varchar, Description varchar, Quantity bigint, "
    'InvoiceDate timestamp, Price double, "Customer ID" bigint, Country varchar, sheet varchar'
)
UK = "United Kingdom"
LATE = "2010-2011"
EARLY = "2009-2010"


def mapped(*lines: tuple, as_text: bool = False) -> MappedShop:
    """The shop of these invoice lines."""
    raw = values(COLUMNS, list(lines), as_text=as_text)
    return MappedShop("online_retail_ii", {"online_retail_ii": raw})


def line(
    invoice="500001", code="85123A", quantity=1, price=2.5, *, day="2011-03-01", text="LAMP",
    customer=12345, country=UK, sheet=LATE,
):  # fmt: skip
    return (invoice, code, text, quantity, f"{day} 10:00:00", price, customer, country, sheet)


def excluded(shop: MappedShop, table: str = "order_items") -> list[str | None]:
    return shop.column(f"select _excluded from mapped.{table} order by _row")


@pytest.mark.parametrize("as_text", [False, True])
def test_an_invoice_becomes_an_order(as_text):
    shop = mapped(
        line(quantity=6),
        line(code="22423", price=12.75, text="CAKESTAND"),
        line(code="POST", price=18.0, text="POSTAGE"),
        line(code="D", quantity=-1, price=3.0, text="Discount"),
        as_text=as_text,
    )
    assert shop.row(
        """select order_id, customer_id::bigint, order_date::varchar, order_status, total_amount,
                shipping_amount, discount_amount, currency, shipping_country, _row from mapped.orders""",
    ) == (
        "500001",
        12345,
        "2011-03-01 10:00:00",
        "delivered",
        Decimal("42.75"),
        18,
        3,
        "GBP",
        UK,
        1,
    )
    assert excluded(shop) == [
        None,
        None,
        "service code POST: postage, counted in the shipping of the order",
        "service code D: a discount, counted in the discount of the order",
    ]
    lines = shop.rows(
        "select product_id, quantity::int, total_amount from mapped.order_items order by _row"
    )
    assert lines[:2] == [("85123A", 6, 15), ("22423", 1, Decimal("12.75"))]


@pytest.mark.parametrize(
    ("given", "why"),
    [
        (line(code="M"), "service code M: an amount entered by hand, no product"),
        (line(code=" m "), "service code M: an amount entered by hand, no product"),
        (line(code="POST"), "service code POST: postage on an invoice without goods, no order"),
        (line(code="D"), "service code D: a discount withdrawn, no product"),
        (line(code="S"), "service code S: samples, no sale"),
        (line(code="AMAZONFEE"), "service code AMAZONFEE: a fee, no product"),
        (line(code="ADJUST2"), "service code ADJUST2: a correction of the books, no product"),
        (line(code="TEST001"), "service code TEST001: a test, no sale"),
        (line("A500002", "B", price=-11062.06), "service code B: bad debt, no sale"),
        (
            line(quantity=-3, price=0),
            "stock correction: a negative quantity on what is no cancellation",
        ),
        (line(price=0), "no price: given away or written off, no sale"),
        (line(code="POST", price=0), "no price: given away or written off, no sale"),
    ],
)
def test_a_line_that_sells_no_goods_is_left_out_by_name(given, why):
    shop = mapped(given)
    assert excluded(shop) == [why]
    assert shop.row("select count(*) from mapped.orders") == (0,)


@pytest.mark.parametrize("code", ["85123a", "gift_0001_20", "PADS", "DCGS0003", "SP1002"])
def test_goods_with_odd_codes_are_sold(code):
    shop = mapped(line(code=code))
    assert excluded(shop) == [None]
    assert shop.row("select product_id, price from mapped.products") == (code.upper(), 2.5)


def test_a_cancellation_is_a_refund_on_its_own_day():
    shop = mapped(
        line("C500009", quantity=-4, day="2011-04-05"),
        line("C500010", "POST", quantity=-1, price=18.0),
        line("C500011", sheet=EARLY, quantity=-1),
    )
    assert shop.row(
        """select customer_id, product_id, kind, quantity::int, amount, currency, country,
            refunded_at::varchar, _excluded from mapped.refunds where _row = 1""",
    ) == (12345, "85123A", "cancellation", 4, 10, "GBP", UK, "2011-04-05 10:00:00", None)
    assert excluded(shop, "refunds")[1:] == [
        "service code POST: postage taken back, no product",
        "overlap: the sheet 2010-2011 has this line too",
    ]
    assert shop.row("select count(*) from mapped.orders") == (0,)
    assert shop.row("select count(*) from mapped.order_items") == (0,)


def test_exact_copies_have_one_key_and_count_once():
    shop = mapped(
        line(), line(), line(quantity=2), line(price=2.55), line(text="LAMP "), line(customer=None)
    )
    keys = shop.column("select order_item_id from mapped.order_items order by _row")
    assert keys[0] == keys[1]
    assert len(set(keys)) == 5
    assert shop.row("select total_amount from mapped.orders") == (Decimal("15.05"),)


def test_the_later_sheet_wins_where_both_have_a_day():
    shop = mapped(
        line(sheet=EARLY, day="2010-12-01"),
        line(day="2010-12-01"),
        line("500002", sheet=EARLY, day="2010-11-30"),
    )
    assert excluded(shop) == ["overlap: the sheet 2010-2011 has this line too", None, None]
    assert shop.row("select sum(total_amount) from mapped.orders") == (5,)


def test_fractions_of_a_penny_are_rounded_on_each_line():
    shop = mapped(line(price=0.001), line(code="22423", quantity=10, price=0.555))
    assert excluded(shop) == [None, None]
    assert shop.row("select total_amount from mapped.orders") == (Decimal("5.55"),)


def test_people_and_products_are_told_by_their_latest_line():
    shop = mapped(
        line(day="2011-04-01", code="85123a"),
        line("500002", day="2011-05-01", country="France", text=" NEW LAMP ", price=3.0),
        line("500005", day="2011-03-01", price=2.0),
        line("500003", day="2011-06-01", customer=None, text="damaged", price=0),
        line("500004", code="POST"),
    )
    assert shop.rows("select customer_id, country, _row from mapped.customers") == [
        (12345, "France", 1)
    ]
    assert shop.rows("select product_id, product_name, price from mapped.products") == [
        ("85123A", "NEW LAMP", 3.0)
    ]
    assert shop.row("select customer_id from mapped.orders where order_id = '500001'") == (12345,)


@pytest.fixture(scope="module")
def real():
    """The real shop, mapped."""
    file = shop_folder("online_retail_ii") / "online_retail_ii.parquet"
    return MappedShop("online_retail_ii", {"online_retail_ii": f"'{file}'"})


#: Written straight over the file, with a list of what IS a product instead of what is none.
INDEPENDENT = """
    with trade as (
        select distinct Invoice, StockCode, Description, Quantity, InvoiceDate, Price, "Customer ID", Country
        from '{file}'
        where (sheet = '2010-2011' or InvoiceDate < '2010-12-01')
          and regexp_matches(StockCode, '^(\\d{{5}}|DCGS|gift_|SP1002|PADS|C?GIFT)')
          and Price > 0
    )
    select
        Country,
        (100 * sum(round(Quantity * Price::decimal(18,3), 2)))::bigint as net,
        count(distinct Invoice) filter (where Quantity > 0) as orders,
        count(distinct "Customer ID") filter (where Quantity > 0) as customers
    from trade
    where Quantity > 0 or Invoice like 'C%'
    group by Country
    having orders > 0 or net <> 0
    order by Country
"""

#: Of lines with one key the newest is kept, as curation does.
KEPT = """
    (
        select * from mapped.{table} where _excluded is null
        qualify row_number() over (partition by {key} order by _row desc) = 1
    )
"""
ITEMS = KEPT.format(table="order_items", key="order_item_id")
REFUNDS = KEPT.format(table="refunds", key="refund_id")


@pytest.mark.slow
def test_net_revenue_orders_and_customers_per_country(real):
    file = shop_folder("online_retail_ii") / "online_retail_ii.parquet"
    ours = real.rows(
        f"""
        with sold as (
            select o.shipping_country as country, round(i.total_amount, 2) as amount
            from {ITEMS} as i join mapped.orders as o using (order_id)
            union all
            select country, -round(amount, 2) from {REFUNDS}
        ),
        net as (select country, (100 * sum(amount))::bigint as net from sold group by country),
        who as (
            select shipping_country as country, count(*) as orders, count(distinct customer_id) as customers
            from mapped.orders group by shipping_country
        )
        select country, net, coalesce(orders, 0), coalesce(customers, 0)
        from net left join who using (country) order by country
        """
    )
    assert ours == real.rows(INDEPENDENT.format(file=file))
    assert len(ours) > 40


@pytest.mark.slow
def test_every_line_has_one_home(real):
    assert real.homes("online_retail_ii") == [(1, 1_067_370)]


@pytest.mark.slow
def test_every_total_is_the_sum_of_what_is_kept(real):
    assert real.row(
        f"""
        select
            count(*),
            count(*) filter (i.order_id is null),
            count(*) filter (o.order_id is null),
            count(*) filter (i.amount + o.shipping_amount - o.discount_amount <> o.total_amount)
        from mapped.orders as o
        full join (
            select order_id, sum(round(total_amount, 2)) as amount from {ITEMS} group by order_id
        ) as i using (order_id)
        """
    ) == (39_516, 0, 0, 0)


@pytest.mark.slow
def test_money_that_came_is_kept_or_left_out(real):
    money = real.preset.raw["online_retail_ii"].money
    (raw,) = real.row(f"select sum({money}) from online_retail_ii")
    kept, aside = real.row(
        """
        select sum(amount) filter (_excluded is null), sum(amount) filter (_excluded is not null)
        from (
            select total_amount as amount, _excluded from mapped.order_items
            union all
            select -amount, _excluded from mapped.refunds
        )
        """
    )
    assert raw == kept + aside
    assert kept == Decimal("18982948.1270")


@pytest.mark.slow
def test_every_line_that_is_left_out_says_why(real):
    assert real.row(
        """
        select count(*) filter (_excluded is null), count(*) filter (trim(_excluded) = '')
        from mapped.order_items
        where quantity <= 0 or unit_price <= 0 or product_id not in (select product_id from mapped.products)
        """
    ) == (0, 0)
    overlap = "select count(*) from mapped.{} where _excluded like 'overlap%'"
    assert (
        real.row(overlap.format("order_items"))[0] + real.row(overlap.format("refunds"))[0]
        == 22_523
    )


@pytest.mark.slow
def test_postage_is_counted_once(real):
    assert real.row(
        """
        select
            (select sum(shipping_amount) from mapped.orders),
            (
                select sum(total_amount) from mapped.order_items
                where _excluded like '%counted in the shipping of the order'
            )
        """
    ) == (Decimal("426389.28"), Decimal("426389.28"))


@pytest.mark.slow
def test_what_refers_to_something_finds_it(real):
    assert real.row(
        f"""
        select
            (select count(*) from {ITEMS} where order_id not in (select order_id from mapped.orders)),
            (select count(*) from {ITEMS} where product_id not in (select product_id from mapped.products)),
            (select count(*) from {REFUNDS} where product_id not in (select product_id from mapped.products)),
            (select count(*) from mapped.orders where customer_id not in (select customer_id from mapped.customers)),
            (select count(*) from mapped.customers)
        """
    ) == (0, 0, 0, 0, 5_942)
