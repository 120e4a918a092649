"""Orders and who placed them. What counts as an order is what `sales_daily` counts as a sale."""

from omnix.metrics.definitions.sales import SALES
from omnix.metrics.metric import Metric, Relation

_COUNTED = """
    select
        order_id, customer_id, ordered_on as day, currency,
        coalesce(country, '(unknown)') as country,
        coalesce(channel, '(unknown)') as channel,
        coalesce(payment_method, '(unknown)') as payment_method
    from orders
    where status not in ('cancelled', 'failed')
        or order_id in (
            select coalesce(r.order_id, i.order_id)
            from refunds r
            left join order_items i on r.order_item_id = i.order_item_id
            where r.amount_cents > 0 and coalesce(r.order_id, i.order_id) is not null
        )
"""
_PLACES = {
    "country": "Where the order counts.",
    "channel": "Where it was placed: web, app, store, marketplace and so on.",
    "payment_method": "How it was to be paid.",
    "currency": "ISO 4217 code of the order's money.",
}

ORDERS = Relation(tables=("orders", "refunds", "order_items"), sql=_COUNTED, dimensions=_PLACES)

FIRST_ORDERS = Relation(
    tables=ORDERS.tables,
    sql=f"""
        select order_id, customer_id, day, currency, country, channel, payment_method
        from ({_COUNTED})
        where customer_id is not null
        qualify row_number() over (partition by customer_id order by day, order_id) = 1
    """,
    dimensions=_PLACES,
)

orders = Metric(
    name="orders",
    title="Orders",
    about="Orders on the day they were placed, paid or not; a cancelled or failed one counts only "
    "when money was given back for it.",
    unit="count",
    relation=ORDERS,
    expression="count(*)",
    systems=("market_intelligence",),
)

customers = Metric(
    name="customers",
    title="Customers",
    about="Different customers with an order; guests belong to nobody and are left out.",
    unit="count",
    relation=ORDERS,
    expression="count(distinct customer_id)",
    additive=False,
    systems=("customer_intelligence",),
    heads=("customer_intelligence",),
)

new_customers = Metric(
    name="new_customers",
    title="New customers",
    about="Customers whose first order ever was on that day.",
    unit="count",
    relation=FIRST_ORDERS,
    expression="count(*)",
    systems=("customer_intelligence",),
)

average_order_value = Metric(
    name="average_order_value",
    title="Average order value",
    about="Gross sales less discounts, for each order of the same days; before tax and postage.",
    unit="money",
    relation=SALES,
    expression="sum(gross_cents - discount_cents)",
    per=orders,
    additive=False,
    systems=("market_intelligence",),
)

units_per_order = Metric(
    name="units_per_order",
    title="Units per order",
    about="Pieces sold for each order of the same days.",
    unit="ratio",
    relation=SALES,
    expression="sum(quantity)",
    per=orders,
    additive=False,
)

orders_per_customer = Metric(
    name="orders_per_customer",
    title="Orders per customer",
    about="Orders of known customers for each of them, within the period.",
    unit="ratio",
    relation=ORDERS,
    expression="count(customer_id)",
    per=customers,
    additive=False,
    systems=("customer_intelligence",),
)
