-- Whoever has a number on any line; the country of the latest one.
select
    "Customer ID" as customer_id,
    max_by(Country, (InvoiceDate, _row)) as country,
    min(InvoiceDate) as created_at,
    min(_row) as _row
from online_retail_ii
where "Customer ID" is not null
group by "Customer ID"
