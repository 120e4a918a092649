-- Freight is the order's shipping; prices hold no tax apart. What an order without items was worth,
-- the source does not tell, so its total is nothing. It is paid by the way that pays the most of it.
with sums as (
    select
        order_id,
        sum(try_cast(price as decimal(18,2))) as goods,
        sum(coalesce(try_cast(freight_value as decimal(18,2)), 0)) as freight
    from olist_order_items_dataset
    group by order_id
),
ways as (
    select
        order_id,
        max_by(payment_type, (try_cast(payment_value as decimal(18,2)), -_row)) as payment_type
    from olist_order_payments_dataset
    group by order_id
)
select
    o.order_id,
    c.customer_unique_id as customer_id,
    o.order_purchase_timestamp as order_date,
    case
        when o.order_status in ('canceled', 'unavailable') then 'cancelled'
        when o.order_status in ('created', 'approved', 'invoiced') then 'processing'
        else o.order_status
    end as order_status,
    coalesce(s.goods + s.freight, 0) as total_amount,
    coalesce(s.freight, 0) as shipping_amount,
    'BRL' as currency,
    w.payment_type as payment_method,
    'marketplace' as channel,
    'BR' as shipping_country,
    c.customer_state as shipping_state,
    c.customer_city as shipping_city,
    c.customer_zip_code_prefix as shipping_postal_code,
    o.order_purchase_timestamp as created_at,
    o._row
from olist_orders_dataset o
left join olist_customers_dataset c on o.customer_id = c.customer_id
left join sums s on o.order_id = s.order_id
left join ways w on o.order_id = w.order_id
