-- Lines of orders that were cancelled (or turned out unavailable) after they had been paid for: an
-- order that was never approved was never sold. Only goods, as only goods count as sales; that the
-- freight went back as well is told by the payments, which are 'refunded'. The source does not say
-- when an order was cancelled: the last thing known to have happened to it is the earliest moment.
select
    concat_ws('-', 'cancelled', i.order_id, i.order_item_id) as refund_id,
    i.order_id,
    concat_ws('-', i.order_id, i.order_item_id) as order_item_id,
    c.customer_unique_id as customer_id,
    i.product_id,
    'cancellation' as kind,
    1 as quantity,
    i.price as amount,
    'BRL' as currency,
    'BR' as country,
    o.order_status as reason,
    greatest(
        o.order_purchase_timestamp, o.order_approved_at,
        o.order_delivered_carrier_date, o.order_delivered_customer_date
    ) as refunded_at,
    i._row
from olist_order_items_dataset i
join olist_orders_dataset o on i.order_id = o.order_id
left join olist_customers_dataset c on o.customer_id = c.customer_id
where o.order_status in ('canceled', 'unavailable')
  and o.order_approved_at is not null
