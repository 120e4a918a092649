select
    product_id,
    product_id as sku,
    product_category_name as category_id,
    product_weight_g as weight,
    _row
from olist_products_dataset
