"""What is known of each customer from what they bought: recency, frequency, money and friends."""

from omnix.core.table import Column, table


@table(
    key=("customer_id", "currency"),
    columns={
        "customer_id": Column("string", "The shop's customer.", person="id"),
        "currency": Column("string", "ISO 4217 code; who pays in two currencies has two rows."),
        "first_ordered_at": Column("timestamp", "First order, UTC."),
        "last_ordered_at": Column("timestamp", "Latest order before the as-of date, UTC."),
        "recency_days": Column(
            "int64",
            "Days from the day of the latest order to the as-of date; the day before it gives 1.",
        ),
        "tenure_days": Column("int64", "Days from the day of the first order to the as-of date."),
        "frequency": Column("int64", "Orders."),
        "monetary_cents": Column(
            "int64", "Paid for all orders less what was given back; below zero when more was."
        ),
        "paid_cents": Column("int64", "Totals of all orders, tax and postage included."),
        "refund_cents": Column(
            "int64", "Given back before the as-of date in this currency, chargebacks included."
        ),
        "aov_cents": Column("int64", "Average order value: paid / orders."),
        "items": Column("int64", "Pieces bought."),
        "distinct_products": Column("int64", "Different products bought."),
        "mean_gap_days": Column(
            "float64", "Mean days between the days of orders; empty with one order.", nullable=True
        ),
        "orders_90d": Column("int64", "Orders in the 90 days before the as-of date."),
        "paid_90d_cents": Column("int64", "Paid for them."),
        "coupon_orders": Column("int64", "Orders with a coupon."),
        "favourite_channel": Column(
            "string", "Channel of most orders; the first by name of equals.", nullable=True
        ),
        "country": Column(
            "string",
            "Country of the latest order that has one; of equals, of the last by order id.",
            nullable=True,
        ),
    },
    checks={
        "the first order is not after the latest": "first_ordered_at <= last_ordered_at",
        "recency is not negative": "recency_days >= 0",
        "there is at least one order": "frequency >= 1",
        "money = paid − refunds": "monetary_cents = paid_cents - refund_cents",
    },
)
def customer_features(orders, order_items, refunds, *, as_of):
    """One row per customer and currency with at least one order before `as_of`.

    Orders count as in `sales_daily`: when placed, paid or not; a cancelled or failed one only when
    money was given back for it, on whatever day. Orders of guests belong to nobody.
    """
    return """
        with given_back as (
            select
                coalesce(r.order_id, i.order_id) as order_id, r.customer_id, r.currency,
                r.refunded_at, r.amount_cents
            from refunds r
            left join order_items i on r.order_id is null and r.order_item_id = i.order_item_id
        ),
        counted as (
            select order_id, customer_id, currency, ordered_at, total_cents, coupon_code, channel, country
            from orders
            where customer_id is not null
              and ordered_at < $as_of
              and (
                  status not in ('cancelled', 'failed')
                  or order_id in (select order_id from given_back where order_id is not null and amount_cents > 0)
              )
        ),
        ordered as (
            select
                customer_id, currency,
                min(ordered_at) as first_ordered_at,
                max(ordered_at) as last_ordered_at,
                count(*) as frequency,
                cast(sum(total_cents) as bigint) as paid_cents,
                count(*) filter (where ordered_at >= $as_of - interval 90 day) as orders_90d,
                cast(coalesce(sum(total_cents) filter (where ordered_at >= $as_of - interval 90 day), 0) as bigint) as paid_90d_cents,
                count(coupon_code) as coupon_orders,
                max_by(country, (ordered_at, order_id)) filter (where country is not null) as country
            from counted
            group by customer_id, currency
        ),
        channels as (
            select customer_id, currency, channel, count(*) as used
            from counted
            where channel is not null
            group by customer_id, currency, channel
        ),
        favourites as (
            select customer_id, currency, min(channel) as favourite_channel
            from (
                select customer_id, currency, channel, used,
                       max(used) over (partition by customer_id, currency) as most
                from channels
            )
            where used = most
            group by customer_id, currency
        ),
        baskets as (
            select customer_id, currency, product_id, sum(quantity) as pieces
            from order_items
            join counted using (order_id)
            group by customer_id, currency, product_id
        ),
        bought as (
            select customer_id, currency, cast(sum(pieces) as bigint) as items, count(*) as distinct_products
            from baskets
            group by customer_id, currency
        ),
        returned as (
            select
                coalesce(g.customer_id, o.customer_id) as customer_id, g.currency,
                cast(sum(g.amount_cents) as bigint) as refund_cents
            from given_back g
            left join orders o on g.order_id = o.order_id and o.ordered_at < $as_of
            where g.refunded_at < $as_of
            group by coalesce(g.customer_id, o.customer_id), g.currency
        )
        select
            f.customer_id, f.currency, f.first_ordered_at, f.last_ordered_at,
            date_diff('day', cast(f.last_ordered_at as date), cast($as_of as date)) as recency_days,
            date_diff('day', cast(f.first_ordered_at as date), cast($as_of as date)) as tenure_days,
            f.frequency,
            f.paid_cents - coalesce(r.refund_cents, 0) as monetary_cents,
            f.paid_cents,
            coalesce(r.refund_cents, 0) as refund_cents,
            cast(round(f.paid_cents / f.frequency) as bigint) as aov_cents,
            coalesce(b.items, 0) as items,
            coalesce(b.distinct_products, 0) as distinct_products,
            case when f.frequency > 1
                then date_diff('day', cast(f.first_ordered_at as date), cast(f.last_ordered_at as date)) / cast(f.frequency - 1 as double)
            end as mean_gap_days,
            f.orders_90d, f.paid_90d_cents, f.coupon_orders,
            v.favourite_channel, f.country
        from ordered f
        left join bought b on f.customer_id = b.customer_id and f.currency = b.currency
        left join returned r on f.customer_id = r.customer_id and f.currency = r.currency
        left join favourites v on f.customer_id = v.customer_id and f.currency = v.currency
    """
