-- A review is of an order, and one review may stand at several orders. It is about a product only
-- where the order holds no other. Only buyers are asked for one.
with sole as (
    select order_id, min(product_id) as product_id
    from olist_order_items_dataset
    group by order_id
    having count(distinct product_id) = 1
)
select
    concat_ws('-', r.review_id, r.order_id) as review_id,
    s.product_id,
    c.customer_unique_id as customer_id,
    r.review_score as rating,
    r.review_comment_title as review_title,
    r.review_comment_message as review_text,
    true as is_verified_purchase,
    r.review_creation_date as created_at,
    r.review_answer_timestamp as updated_at,
    r._row
from olist_order_reviews_dataset r
left join olist_orders_dataset o on r.order_id = o.order_id
left join olist_customers_dataset c on o.customer_id = c.customer_id
left join sole s on r.order_id = s.order_id
