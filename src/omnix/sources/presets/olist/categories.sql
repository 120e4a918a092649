-- Every category that a product has; its English name where the translation has one.
select
    p.product_category_name as category_id,
    coalesce(min(t.product_category_name_english), p.product_category_name) as category_name,
    min(p._row) as _row
from olist_products_dataset p
left join product_category_name_translation t on p.product_category_name = t.product_category_name
where p.product_category_name is not null
group by p.product_category_name
