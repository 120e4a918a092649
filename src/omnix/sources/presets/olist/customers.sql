-- The person is customer_unique_id; customer_id is a new one for every order. The latest order's place counts.
select
    c.customer_unique_id as customer_id,
    max_by(c.customer_city, (o.order_purchase_timestamp, c._row)) as city,
    max_by(c.customer_state, (o.order_purchase_timestamp, c._row)) as state,
    max_by(c.customer_zip_code_prefix, (o.order_purchase_timestamp, c._row)) as postal_code,
    'BR' as country,
    min(o.order_purchase_timestamp) as created_at,
    min(c._row) as _row
from olist_customers_dataset c
join olist_orders_dataset o on c.customer_id = o.customer_id
group by c.customer_unique_id
