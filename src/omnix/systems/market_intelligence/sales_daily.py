"""What was sold, day by day."""

from omnix.core.table import Column, table


@table(
    key=("sold_on", "country", "category_id", "currency"),
    columns={
        "sold_on": Column("date", "The day, UTC: of the order; of the refund for money given back."),
        "country": Column("string", "Where the order counts; '(unknown)' where the shop does not say."),
        "category_id": Column("string", "The product's category; '(none)' where it has none or the whole order is meant."),
        "category_name": Column("string", "Its name.", nullable=True),
        "currency": Column("string", "ISO 4217 code of all the money in the row."),
        "gross_cents": Column("int64", "Quantity × unit price, before discount and tax."),
        "discount_cents": Column("int64", "Discounts on lines, and each order's own discount spread over its lines by value."),
        "refund_cents": Column("int64", "Refunds, cancellations and chargebacks made on the day, tax and postage in them included."),
        "net_cents": Column("int64", "Gross − discounts − refunds."),
        "tax_cents": Column("int64", "Tax on the day's lines."),
        "quantity": Column("int64", "Pieces sold."),
        "orders": Column("int64", "Orders placed with a line in this row; not additive over categories."),
        "customers": Column("int64", "Customers among them, guests left out; not additive."),
        "aov_cents": Column("int64", "Average order value: (gross − discounts) / orders; empty without orders.", nullable=True),
    },
    checks={
        "net = gross − discounts − refunds": "net_cents = gross_cents - discount_cents - refund_cents",
        "nothing is negative but net": "least(gross_cents, discount_cents, refund_cents, tax_cents, quantity, orders) >= 0",
        "not more customers than orders": "customers <= orders",
    },
)
def sales_daily(orders, order_items, products, categories, refunds, *, as_of):
    """One row per day, country, category and currency with a sale or a refund before `as_of`.

    A cancelled order counts as sold on its own day when the shop has a row for the cancellation,
    which then counts on its day; without such a row it was never a sale.
    """
    return """
        with sold_orders as (
            select order_id, ordered_on, country, currency, customer_id, discount_cents
            from orders
            where ordered_at < $as_of
              and (
                  status not in ('cancelled', 'failed')
                  or order_id in (select order_id from refunds where kind = 'cancellation' and order_id is not null)
              )
        ),
        lines as (
            select
                o.order_id, o.ordered_on, o.country, o.currency, o.customer_id, p.category_id,
                i.quantity, i.gross_cents, i.tax_cents, i.discount_cents as line_discount_cents,
                o.discount_cents as order_discount_cents, i.order_item_id, i.total_cents
            from order_items i
            join sold_orders o on i.order_id = o.order_id
            left join products p on i.product_id = p.product_id
        ),
        discounted as (
            select
                order_item_id, order_discount_cents,
                sum(total_cents) over (partition by order_id order by order_item_id) as upto_cents,
                sum(total_cents) over (partition by order_id) as order_cents,
                total_cents
            from lines
            where order_discount_cents > 0
        ),
        shares as (
            select
                order_item_id,
                case when order_cents > 0 then
                    cast(floor(order_discount_cents * upto_cents / order_cents) as bigint)
                    - cast(floor(order_discount_cents * (upto_cents - total_cents) / order_cents) as bigint)
                else 0 end as share_cents
            from discounted
        ),
        sales as (
            select
                l.ordered_on as sold_on, l.country, l.category_id, l.currency,
                sum(l.gross_cents) as gross_cents,
                sum(l.line_discount_cents + coalesce(s.share_cents, 0)) as discount_cents,
                cast(0 as bigint) as refund_cents,
                sum(l.tax_cents) as tax_cents,
                sum(l.quantity) as quantity,
                count(distinct l.order_id) as orders,
                count(distinct l.customer_id) as customers
            from lines l
            left join shares s on l.order_item_id = s.order_item_id
            group by l.ordered_on, l.country, l.category_id, l.currency
        ),
        given_back as (
            select
                r.refunded_on as sold_on,
                coalesce(r.country, o.country) as country,
                p.category_id, r.currency,
                sum(r.amount_cents) as refund_cents
            from refunds r
            left join orders o on r.order_id = o.order_id
            left join order_items i on r.order_item_id = i.order_item_id
            left join products p on coalesce(r.product_id, i.product_id) = p.product_id
            where r.refunded_at < $as_of
            group by r.refunded_on, coalesce(r.country, o.country), p.category_id, r.currency
        ),
        both_sides as (
            select sold_on, country, category_id, currency, gross_cents, discount_cents,
                   refund_cents, tax_cents, quantity, orders, customers
            from sales
            union all
            select sold_on, country, category_id, currency, 0, 0, refund_cents, 0, 0, 0, 0
            from given_back
        ),
        days as (
            select
                sold_on,
                coalesce(country, '(unknown)') as country,
                coalesce(category_id, '(none)') as category_id,
                currency,
                cast(sum(gross_cents) as bigint) as gross_cents,
                cast(sum(discount_cents) as bigint) as discount_cents,
                cast(sum(refund_cents) as bigint) as refund_cents,
                cast(sum(tax_cents) as bigint) as tax_cents,
                cast(sum(quantity) as bigint) as quantity,
                cast(sum(orders) as bigint) as orders,
                cast(sum(customers) as bigint) as customers
            from both_sides
            group by sold_on, coalesce(country, '(unknown)'), coalesce(category_id, '(none)'), currency
        )
        select
            d.sold_on, d.country, d.category_id, c.category_name, d.currency,
            d.gross_cents, d.discount_cents, d.refund_cents,
            d.gross_cents - d.discount_cents - d.refund_cents as net_cents,
            d.tax_cents, d.quantity, d.orders, d.customers,
            case when d.orders > 0
                then cast(round((d.gross_cents - d.discount_cents) / d.orders) as bigint)
            end as aov_cents
        from days d
        left join categories c on d.category_id = c.category_id
    """
