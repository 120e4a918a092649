-- Cancelled orders that had items and were paid for. The source does not say when they were
-- cancelled: the last thing known to have happened to the order is the earliest that it can be.
with sums as (
    select
        order_id,
        sum(try_cast(price as decimal(18,2))) + sum(try_cast(freight_value as decimal(18,2))) as total
    from olist_order_items_dataset
    group by order_id
)
select
    'cancelled-' || o.order_id as refund_id,
    o.order_id,
    c.customer_unique_id as customer_id,
    'cancellation' as kind,
    s.total as amount,
    'BRL' as currency,
    'BR' as country,
    o.order_status as reason,
    coalesce(
        o.order_delivered_customer_date, o.order_delivered_carrier_date,
        o.order_approved_at, o.order_purchase_timestamp
    ) as refunded_at,
    o._row
from olist_orders_dataset o
join sums s on o.order_id = s.order_id
left join olist_customers_dataset c on o.customer_id = c.customer_id
where o.order_status in ('canceled', 'unavailable')
  and o.order_approved_at is not null
