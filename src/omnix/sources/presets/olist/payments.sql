-- An order may be paid in several ways at once. Approval is the moment at which the money is there;
-- what was shipped had been paid for, even where the moment is missing.
select
    concat_ws('-', p.order_id, p.payment_sequential) as payment_id,
    p.order_id,
    p.payment_type as payment_method,
    case
        when o.order_status in ('canceled', 'unavailable') and o.order_approved_at is not null then 'refunded'
        when o.order_status in ('canceled', 'unavailable') then 'failed'
        when o.order_approved_at is not null or o.order_status in ('shipped', 'delivered') then 'completed'
        else 'pending'
    end as payment_status,
    p.payment_value as amount,
    'BRL' as currency,
    coalesce(o.order_approved_at, o.order_purchase_timestamp) as payment_date,
    p._row
from olist_order_payments_dataset p
left join olist_orders_dataset o on p.order_id = o.order_id
