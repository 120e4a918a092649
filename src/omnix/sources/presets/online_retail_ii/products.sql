-- Stock codes, whatever their case, that are no service; name and price as on the latest priced line
-- (what stands on lines without a price is a note: "damaged", "?", "sold as set on dotcom").
with lines as (
    select
        *,
        upper(trim(StockCode)) as code,
        try_cast(Price as decimal(18,4)) > 0 as is_priced
    from online_retail_ii
)
select
    code as product_id,
    code as sku,
    max_by(trim(Description), (InvoiceDate, _row)) filter (where Description is not null and is_priced)
        as product_name,
    max_by(Price, (InvoiceDate, _row)) filter (where is_priced) as price,
    'GBP' as currency,
    min(_row) as _row
from lines
where code not in ('POST', 'DOT', 'C2', 'C3', 'D', 'M', 'S', 'B', 'BANK CHARGES', 'AMAZONFEE', 'CRUK')
  and code not like 'ADJUST%'
  and code not like 'TEST%'
group by code
