"""What was sold, day by day."""

from omnix.core.table import Column, table


@table(
    key=("sold_on", "country", "category_id", "currency"),
    columns={
        "sold_on": Column(
            "date", "The day, UTC: of the order; of the refund for money given back."
        ),
        "country": Column(
            "string", "Where the order counts; '(unknown)' where the shop does not say."
        ),
        "category_id": Column(
            "string",
            "The product's category; '(none)' where it has none or the whole order is meant.",
        ),
        "category_name": Column("string", "Its name.", nullable=True),
        "currency": Column("string", "ISO 4217 code of all the money in the row."),
        "gross_cents": Column("int64", "Quantity × unit price, before discount and tax."),
        "discount_cents": Column(
            "int64", "Discounts on lines, and each order's own discount spread over its categories."
        ),
        "refund_cents": Column(
            "int64",
            "Refunds, cancellations and chargebacks made on the day, tax and postage in them included.",
        ),
        "net_cents": Column("int64", "Gross − discounts − refunds."),
        "tax_cents": Column(
            "int64",
            "Tax on lines, and what an order's tax exceeds theirs by, spread over its categories.",
        ),
        "quantity": Column("int64", "Pieces sold."),
        "orders": Column(
            "int64", "Orders placed with a line in this row; not additive over categories."
        ),
        "customers": Column("int64", "Customers among them, guests left out; not additive."),
        "aov_cents": Column(
            "int64",
            "Average order value: (gross − discounts) / orders; empty without orders.",
            nullable=True,
        ),
    },
    checks={
        "net = gross − discounts − refunds": "net_cents = gross_cents - discount_cents - refund_cents",
        "nothing is negative but net": "least(gross_cents, discount_cents, refund_cents, tax_cents, quantity, orders) >= 0",
        "not more customers than orders": "customers <= orders",
    },
)
def sales_daily(orders, order_items, products, categories, refunds, *, as_of):
    """One row per day, country, category and currency with a sale or a refund before `as_of`.

    An order is a sale on the day it was placed, paid or not. A cancelled or failed one is a sale
    only when money was given back for it, on whatever day: that then counts on its own day. Without
    such a refund it never was a sale. Every refund counts once for each row that the shop has.

    What belongs to a whole order (its own discount, tax beyond that of its lines) is spread over its
    categories by the value of the lines; by pieces when none has a value. It adds up to the cent.
    An order without any line counts under '(none)' with what its total leaves for goods.
    """
    return """
        with given_back as (
            select
                coalesce(r.order_id, i.order_id) as order_id, i.order_id as line_order_id,
                i.product_id as line_product_id, r.product_id, r.country, r.currency,
                r.refunded_at, r.refunded_on, r.amount_cents
            from refunds r
            left join order_items i on r.order_item_id = i.order_item_id
        ),
        sold_orders as (
            select
                order_id, ordered_on, coalesce(country, '(unknown)') as country, currency,
                customer_id, discount_cents, tax_cents,
                greatest(total_cents - tax_cents - shipping_cents + discount_cents, 0) as goods_cents
            from orders
            where ordered_at < $as_of
              and (
                  status not in ('cancelled', 'failed')
                  or order_id in (select order_id from given_back where order_id is not null and amount_cents > 0)
              )
        ),
        lines as (
            select
                i.order_id, coalesce(p.category_id, '(none)') as category_id,
                sum(i.gross_cents) as gross_cents,
                sum(i.discount_cents) as discount_cents,
                sum(i.tax_cents) as tax_cents,
                sum(i.quantity) as quantity,
                sum(greatest(i.total_cents, 0)) as value_cents
            from order_items i
            left join products p on i.product_id = p.product_id
            group by i.order_id, coalesce(p.category_id, '(none)')
        ),
        lined as (
            select order_id, sum(tax_cents) as tax_cents
            from lines
            group by order_id
        ),
        parts as (
            select order_id, category_id, gross_cents, discount_cents, tax_cents, quantity, value_cents
            from lines
            union all
            select order_id, '(none)', goods_cents, 0, 0, 0, 1
            from sold_orders
            where order_id not in (select order_id from lined)
        ),
        to_spread as (
            select
                o.order_id, o.ordered_on, o.country, o.currency, o.discount_cents,
                greatest(o.tax_cents - coalesce(l.tax_cents, 0), 0) as tax_cents
            from sold_orders o
            left join lined l on o.order_id = l.order_id
            where o.discount_cents > 0 or o.tax_cents > coalesce(l.tax_cents, 0)
        ),
        weighted as (
            select
                o.order_id, o.ordered_on, o.country, p.category_id, o.currency, o.discount_cents, o.tax_cents,
                case when sum(p.value_cents) over (partition by p.order_id) > 0
                    then p.value_cents else p.quantity
                end as weight
            from parts p
            join to_spread o on p.order_id = o.order_id
        ),
        cumulated as (
            select
                ordered_on, country, category_id, currency, discount_cents, tax_cents, weight,
                sum(weight) over (partition by order_id order by category_id) as upto,
                sum(weight) over (partition by order_id) as whole
            from weighted
        ),
        both_sides as (
            select
                o.ordered_on as sold_on, o.country, p.category_id, o.currency,
                sum(p.gross_cents) as gross_cents,
                sum(p.discount_cents) as discount_cents,
                0 as refund_cents,
                sum(p.tax_cents) as tax_cents,
                sum(p.quantity) as quantity,
                count(*) as orders,
                count(distinct o.customer_id) as customers
            from parts p
            join sold_orders o on p.order_id = o.order_id
            group by o.ordered_on, o.country, p.category_id, o.currency
            union all
            select
                ordered_on, country, category_id, currency, 0,
                (discount_cents * upto) // whole - (discount_cents * (upto - weight)) // whole, 0,
                (tax_cents * upto) // whole - (tax_cents * (upto - weight)) // whole, 0, 0, 0
            from cumulated
            union all
            select
                g.refunded_on, coalesce(g.country, o.country, '(unknown)'), coalesce(p.category_id, '(none)'),
                g.currency, 0, 0, g.amount_cents, 0, 0, 0, 0
            from given_back g
            left join orders o on g.order_id = o.order_id and o.ordered_at < $as_of
            left join products p
                on coalesce(g.product_id, case when g.line_order_id = o.order_id then g.line_product_id end) = p.product_id
            where g.refunded_at < $as_of
        ),
        days as (
            select
                sold_on, country, category_id, currency,
                cast(sum(gross_cents) as bigint) as gross_cents,
                cast(sum(discount_cents) as bigint) as discount_cents,
                cast(sum(refund_cents) as bigint) as refund_cents,
                cast(sum(tax_cents) as bigint) as tax_cents,
                cast(sum(quantity) as bigint) as quantity,
                cast(sum(orders) as bigint) as orders,
                cast(sum(customers) as bigint) as customers
            from both_sides
            group by sold_on, country, category_id, currency
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
