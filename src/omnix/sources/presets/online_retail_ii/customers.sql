-- Whoever has a number on any line; the country of the latest one. When an account was opened the
-- source does not say: the first invoice in it may be years later.
select
    "Customer ID" as customer_id,
    max_by(Country, (InvoiceDate, _row)) as country,
    min(_row) as _row
from online_retail_ii
where "Customer ID" is not null
group by "Customer ID"
