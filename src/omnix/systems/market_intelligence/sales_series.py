"""What was sold each day by the shop, each country, store, category and product."""

from omnix.core.table import Column, table


@table(
    key=("level", "item", "sold_on"),
    columns={
        "level": Column("string", "shop, country, store, category or product."),
        "item": Column(
            "string",
            "The country, or the id of the store, category or product; empty for the shop.",
        ),
        "item_name": Column("string", "Its name, where it has one.", nullable=True),
        "parent": Column("string", "The category of a product.", nullable=True),
        "sold_on": Column(
            "date", "The day, UTC: of the order; of the refund for money given back."
        ),
        "net_cents": Column("int64", "Net sales as in `sales_daily`, in the main currency."),
        "currency": Column("string", "ISO 4217 code of the currency that most orders are in."),
        "orders": Column("int64", "Orders placed with something of the item; not additive."),
        "units": Column("int64", "Pieces sold."),
        "customers": Column("int64", "Customers among the orders, guests left out; not additive."),
        "price_cents": Column(
            "int64",
            "Paid for one piece on average, after discounts and before tax; empty where none was sold.",
            nullable=True,
        ),
        "promoted": Column("bool", "Whether a promotion that concerns it ran on that day."),
        "unconverted_orders": Column(
            "int64",
            "Orders among them in a currency that no rate converts: counted, but without their money.",
        ),
    },
    checks={
        "the level is known": "level in ('shop', 'country', 'store', 'category', 'product')",
        "only the shop has no item": "(level = 'shop') = (item = '')",
        "only a product has a parent": "(level = 'product') = (parent is not null)",
        "counts are not negative": "least(orders, units, customers, unconverted_orders) >= 0",
        "not more customers than orders": "customers <= orders",
        "not more orders left out than there are": "unconverted_orders <= orders",
        "a price needs pieces": "price_cents is null or units > 0",
    },
)
def sales_series(
    orders, order_items, products, categories, refunds, promotions, exchange_rates, sales_daily, *, as_of
):  # fmt: skip
    """One row per level, item and day with a sale or a refund before `as_of`.

    A day without a row, between the first row of an item and `as_of`, is a day without sales.
    Money adds up to the cent: countries, stores and categories to the shop, products to their
    category and day. What names no product is the product '(none)' of the category '(none)'.
    Other products without a sale in the two years before `as_of` are left out.

    Stores are there once orders of two were placed. An order without one, and a refund without a
    known order, count for the store '(none)'; any other refund counts for its order's store.

    Money in other currencies is converted at the newest rate on or before the day, to whole cents
    for each day, country and category, and these are dealt out to their stores and products, each
    part to within a cent. Without such a rate it is left out (`unconverted_orders`).

    A promotion concerns the categories whose names its own name or description mentions, those
    below them and their products; one that mentions none concerns the whole shop, each country and
    everything else. One that runs for more than 92 days is a standing offer and no promotion.
    """
    return """
        with main as (
            select currency as main_currency
            from (select currency, sum(orders) as orders from sales_daily group by currency)
            order by orders desc, currency
            limit 1
        ),
        base as (
            select base_currency as base
            from (select base_currency, count(*) as rates from exchange_rates group by base_currency)
            cross join main
            order by case when base_currency = main_currency then 0 else 1 end, rates desc, base_currency
            limit 1
        ),
        worth as (
            select
                e.currency, e.rate_date, e.rate,
                lead(e.rate_date) over (partition by e.currency order by e.rate_date) as until
            from exchange_rates e
            join base b on e.base_currency = b.base
        ),
        trading_days as (
            select distinct sold_on, currency
            from sales_daily
        ),
        factors as (
            select
                d.sold_on, d.currency,
                case
                    when d.currency = m.main_currency then 1.0
                    else (case when d.currency = b.base then 1.0 else own.rate end)
                        / (case when m.main_currency = b.base then 1.0 else theirs.rate end)
                end as factor
            from trading_days d
            cross join main m
            left join base b on true
            left join worth own
                on d.currency = own.currency and d.sold_on >= own.rate_date
                and (own.until is null or d.sold_on < own.until)
            left join worth theirs
                on m.main_currency = theirs.currency and d.sold_on >= theirs.rate_date
                and (theirs.until is null or d.sold_on < theirs.until)
        ),
        cells as (
            select
                s.sold_on, s.country, s.category_id, s.currency, s.orders, s.quantity,
                case when f.factor is not null then s.quantity else 0 end as priced,
                case when f.factor is null then s.orders else 0 end as unconverted,
                coalesce(round(s.net_cents * f.factor), 0) as net,
                coalesce(round((s.gross_cents - s.discount_cents) * f.factor), 0) as paid
            from sales_daily s
            join factors f on s.sold_on = f.sold_on and s.currency = f.currency
        ),
        given_back as (
            select
                coalesce(r.order_id, i.order_id) as order_id, i.order_id as line_order_id,
                i.product_id as line_product_id, r.product_id, r.country, r.currency,
                r.refunded_at, r.refunded_on, r.amount_cents
            from refunds r
            left join order_items i on r.order_item_id = i.order_item_id
        ),
        sold_orders as (
            select
                o.order_id, o.ordered_on, coalesce(o.country, '(unknown)') as country, o.currency,
                coalesce(o.store_id, '(none)') as store, o.customer_id, o.discount_cents,
                greatest(o.total_cents - o.tax_cents - o.shipping_cents + o.discount_cents, 0) as goods_cents,
                case when f.factor is null then 1 else 0 end as unconverted
            from orders o
            join factors f on o.ordered_on = f.sold_on and o.currency = f.currency
            where o.ordered_at < $as_of
              and (
                  o.status not in ('cancelled', 'failed')
                  or o.order_id in (select order_id from given_back where order_id is not null and amount_cents > 0)
              )
        ),
        branches as (
            select min(store) < max(store) as several
            from sold_orders
            where store <> '(none)'
        ),
        placed as (
            select product_id, coalesce(category_id, '(none)') as category_id
            from products
        ),
        lines as (
            select
                i.order_id, i.product_id,
                sum(i.gross_cents) as gross_cents,
                sum(i.discount_cents) as discount_cents,
                sum(i.quantity) as quantity,
                sum(greatest(i.total_cents, 0)) as value_cents
            from order_items i
            group by i.order_id, i.product_id
        ),
        parts as (
            select
                l.order_id, l.product_id, coalesce(p.category_id, '(none)') as category_id,
                l.gross_cents, l.discount_cents, l.quantity, l.value_cents
            from lines l
            left join placed p on l.product_id = p.product_id
            union all
            select order_id, '(none)', '(none)', goods_cents, 0, 0, 1
            from sold_orders
            where order_id not in (select order_id from lines)
        ),
        weighted as (
            select
                o.order_id, o.ordered_on, o.country, o.currency, o.store, p.category_id, p.product_id,
                o.discount_cents,
                case when sum(p.value_cents) over (partition by p.order_id) > 0
                    then p.value_cents else p.quantity
                end as weight
            from parts p
            join sold_orders o on p.order_id = o.order_id
            where o.discount_cents > 0
        ),
        cumulated as (
            select
                ordered_on, country, currency, store, category_id, product_id, discount_cents, weight,
                sum(weight) over (partition by order_id order by category_id, product_id) as upto,
                sum(weight) over (partition by order_id) as whole
            from weighted
        ),
        both_sides as (
            select
                o.ordered_on as sold_on, o.country, o.currency, o.store, p.category_id, p.product_id,
                p.gross_cents - p.discount_cents as paid, 0 as refund, p.quantity as units
            from parts p
            join sold_orders o on p.order_id = o.order_id
            union all
            select
                ordered_on, country, currency, store, category_id, product_id,
                (discount_cents * (upto - weight)) // whole - (discount_cents * upto) // whole, 0, 0
            from cumulated
            union all
            select
                g.refunded_on, coalesce(g.country, o.country, '(unknown)'), g.currency,
                coalesce(o.store_id, '(none)'), coalesce(p.category_id, '(none)'),
                coalesce(
                    g.product_id,
                    case when g.line_order_id = o.order_id then g.line_product_id end,
                    '(none)'
                ),
                0, g.amount_cents, 0
            from given_back g
            left join orders o on g.order_id = o.order_id and o.ordered_at < $as_of
            left join placed p
                on coalesce(g.product_id, case when g.line_order_id = o.order_id then g.line_product_id end) = p.product_id
            where g.refunded_at < $as_of
        ),
        dealt as (
            select 'product' as level
            union all
            select 'store' from branches where several
        ),
        pieces as (
            select
                d.level, case when d.level = 'store' then b.store else b.product_id end as item,
                b.sold_on, b.country, b.currency, b.category_id, b.paid, b.refund, b.units
            from both_sides b
            cross join dealt d
        ),
        item_cells as (
            select
                level, item, sold_on, country, currency, category_id,
                sum(paid) as paid, sum(paid) - sum(refund) as net, sum(units) as units
            from pieces
            group by level, item, sold_on, country, currency, category_id
        ),
        at_home as (
            select level, item, sold_on, paid, net, units, units as priced
            from item_cells
            where currency in (select main_currency from main)
            union all
            select
                level, item, sold_on,
                coalesce(round(paid * factor), 0),
                coalesce(round(upto * factor) - round((upto - net) * factor), 0),
                units, case when factor is not null then units else 0 end
            from (
                select
                    c.level, c.item, c.sold_on, c.paid, c.net, c.units, f.factor,
                    sum(c.net) over (
                        partition by c.level, c.sold_on, c.country, c.currency, c.category_id order by c.item
                    ) as upto
                from item_cells c
                join factors f on c.sold_on = f.sold_on and c.currency = f.currency
                where c.currency not in (select main_currency from main)
            )
        ),
        lately as (
            select p.product_id
            from parts p
            join sold_orders o on p.order_id = o.order_id
            where o.ordered_on >= cast($as_of as date) - interval 2 year
            group by p.product_id
        ),
        money as (
            select 'shop' as level, '' as item, sold_on, sum(net) as net, sum(paid) as paid, sum(priced) as priced, sum(quantity) as units
            from cells
            group by sold_on
            union all
            select 'country', country, sold_on, sum(net), sum(paid), sum(priced), sum(quantity)
            from cells
            group by country, sold_on
            union all
            select 'category', category_id, sold_on, sum(net), sum(paid), sum(priced), sum(quantity)
            from cells
            group by category_id, sold_on
            union all
            select level, item, sold_on, sum(net), sum(paid), sum(priced), sum(units)
            from at_home
            where level = 'store' or item = '(none)' or item in (select product_id from lately)
            group by level, item, sold_on
        ),
        in_category as (
            select o.ordered_on, p.category_id, o.order_id, max(o.customer_id) as customer_id, max(o.unconverted) as unconverted
            from parts p
            join sold_orders o on p.order_id = o.order_id
            group by o.ordered_on, p.category_id, o.order_id
        ),
        counted as (
            select 'shop' as level, '' as item, ordered_on as sold_on, count(*) as orders, count(distinct customer_id) as customers, sum(unconverted) as unconverted
            from sold_orders
            group by ordered_on
            union all
            select 'country', country, ordered_on, count(*), count(distinct customer_id), sum(unconverted)
            from sold_orders
            group by country, ordered_on
            union all
            select 'store', store, ordered_on, count(*), count(distinct customer_id), sum(unconverted)
            from sold_orders
            cross join branches
            where several
            group by store, ordered_on
            union all
            select 'category', category_id, ordered_on, count(*), count(distinct customer_id), sum(unconverted)
            from in_category
            group by category_id, ordered_on
            union all
            select 'product', p.product_id, o.ordered_on, count(*), count(distinct o.customer_id), sum(o.unconverted)
            from parts p
            join sold_orders o on p.order_id = o.order_id
            where p.product_id in (select product_id from lately)
            group by p.product_id, o.ordered_on
        ),
        campaigns as (
            select
                promotion_id, cast(starts_at as date) as first_day, cast(ends_at as date) as last_day,
                lower(concat(' ', translate(concat(coalesce(promotion_name, ''), ' ', coalesce(description, '')), '.,;:!?()/"', '          '), ' ')) as words
            from promotions
            where starts_at < $as_of
              and date_diff('day', cast(starts_at as date), cast(ends_at as date)) < 92
        ),
        named as (
            select c.promotion_id, c.first_day, c.last_day, k.category_id
            from campaigns c
            join categories k on contains(c.words, lower(concat(' ', trim(k.category_name), ' ')))
            where length(trim(k.category_name)) > 2
        ),
        family as (
            select k.category_id, k.category_id as above
            from categories k
            union all
            select k.category_id, k.parent_category_id
            from categories k
            where k.parent_category_id is not null
            union all
            select k.category_id, p.parent_category_id
            from categories k
            join categories p on k.parent_category_id = p.category_id
            where p.parent_category_id is not null
        ),
        shop_days as (
            select distinct d.sold_on
            from trading_days d
            join campaigns c on d.sold_on >= c.first_day and d.sold_on <= c.last_day
            where c.promotion_id not in (select promotion_id from named)
        ),
        category_days as (
            select distinct d.sold_on, f.category_id
            from named n
            join family f on n.category_id = f.above
            join (select distinct sold_on from trading_days) d on d.sold_on >= n.first_day and d.sold_on <= n.last_day
        ),
        told as (
            select
                m.level, m.item, m.sold_on, m.net, m.paid, m.priced, m.units,
                case when m.level = 'product' then coalesce(p.category_id, '(none)') end as parent,
                case when m.level = 'category' then m.item
                    when m.level = 'product' then coalesce(p.category_id, '(none)')
                end as own_category
            from money m
            left join placed p on m.level = 'product' and m.item = p.product_id
        )
        select
            t.level, t.item,
            case when t.level = 'category' then k.category_name
                when t.level = 'product' then p.product_name
            end as item_name,
            t.parent, t.sold_on,
            cast(t.net as bigint) as net_cents,
            m.main_currency as currency,
            coalesce(c.orders, 0) as orders,
            cast(t.units as bigint) as units,
            coalesce(c.customers, 0) as customers,
            case when t.priced > 0 then cast(round(t.paid / t.priced) as bigint) end as price_cents,
            s.sold_on is not null or d.sold_on is not null as promoted,
            cast(coalesce(c.unconverted, 0) as bigint) as unconverted_orders
        from told t
        cross join main m
        left join counted c on t.level = c.level and t.item = c.item and t.sold_on = c.sold_on
        left join categories k on t.level = 'category' and t.item = k.category_id
        left join products p on t.level = 'product' and t.item = p.product_id
        left join shop_days s on t.sold_on = s.sold_on
        left join category_days d on t.sold_on = d.sold_on and t.own_category = d.category_id
    """
