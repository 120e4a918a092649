-- The person is customer_unique_id; customer_id is a new one for every order. The place is that of
-- the latest order. When an account was opened the source does not say.
select
    c.customer_unique_id as customer_id,
    max_by(c.customer_city, (o.order_purchase_timestamp, c._row)) as city,
    max_by(c.customer_state, (o.order_purchase_timestamp, c._row)) as state,
    max_by(c.customer_zip_code_prefix, (o.order_purchase_timestamp, c._row)) as postal_code,
    'BR' as country,
    min(c._row) as _row
from olist_customers_dataset c
left join olist_orders_dataset o on c.customer_id = o.customer_id
group by c.customer_unique_id
