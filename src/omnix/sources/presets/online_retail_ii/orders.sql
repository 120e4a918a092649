-- One order per invoice that sells a product. Its money is what its surviving lines add up to:
-- goods (exact copies of a line once) and postage; the shop's prices hold no tax apart.
with lines as (
    select
        Invoice, StockCode, Description, Quantity, InvoiceDate, Price, "Customer ID", Country,
        min(_row) as _row,
        upper(trim(StockCode)) in ('POST', 'DOT', 'C2', 'C3') as is_postage,
        cast(Quantity as decimal(18,0)) * cast(Price as decimal(18,4)) as amount
    from online_retail_ii
    where Invoice not like 'C%'
      and Invoice not like 'A%'
      and not (sheet = '2009-2010' and InvoiceDate >= timestamp '2010-12-01')
      and upper(trim(StockCode)) not in ('M', 'D', 'S', 'B', 'BANK CHARGES', 'AMAZONFEE', 'CRUK')
      and upper(trim(StockCode)) not like 'ADJUST%'
      and upper(trim(StockCode)) not like 'TEST%'
      and Quantity > 0
      and Price > 0
    group by Invoice, StockCode, Description, Quantity, InvoiceDate, Price, "Customer ID", Country
)
select
    Invoice as order_id,
    min("Customer ID") as customer_id,
    min(InvoiceDate) as order_date,
    'delivered' as order_status,
    sum(round(amount, 2)) as total_amount,
    coalesce(sum(round(amount, 2)) filter (where is_postage), 0) as shipping_amount,
    'GBP' as currency,
    min(Country) as shipping_country,
    min(_row) as _row
from lines
group by Invoice
having count(*) filter (where not is_postage) > 0
