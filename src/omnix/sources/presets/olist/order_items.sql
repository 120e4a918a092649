-- One row per piece: who buys two of a thing has two rows.
select
    concat_ws('-', order_id, order_item_id) as order_item_id,
    order_id,
    product_id,
    1 as quantity,
    price as unit_price,
    price as total_amount,
    _row
from olist_order_items_dataset
