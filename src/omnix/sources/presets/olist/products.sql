-- Names and prices of products are not in the source: sellers set the price of each sale. Grams, cm.
select
    product_id,
    product_category_name as category_id,
    product_weight_g as weight,
    product_length_cm || ' x ' || product_width_cm || ' x ' || product_height_cm || ' cm' as dimensions,
    _row
from olist_products_dataset
