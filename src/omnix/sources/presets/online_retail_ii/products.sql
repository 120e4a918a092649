-- Stock codes, whatever their case, that are no service; name and price as on the latest priced line.
select
    upper(trim(StockCode)) as product_id,
    upper(trim(StockCode)) as sku,
    max_by(trim(Description), (InvoiceDate, _row)) filter (where Description is not null and Price > 0) as product_name,
    max_by(Price, (InvoiceDate, _row)) filter (where Price > 0) as price,
    'GBP' as currency,
    min(_row) as _row
from online_retail_ii
where upper(trim(StockCode)) not in ('POST', 'DOT', 'C2', 'C3', 'M', 'D', 'S', 'B', 'BANK CHARGES', 'AMAZONFEE', 'CRUK')
  and upper(trim(StockCode)) not like 'ADJUST%'
  and upper(trim(StockCode)) not like 'TEST%'
group by upper(trim(StockCode))
