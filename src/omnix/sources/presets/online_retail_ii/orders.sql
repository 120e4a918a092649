-- One order per invoice that sells goods. Its money is what its lines add up to: goods and postage,
-- less discounts; exact copies of a line count once, as they do in order_items. The shop's prices
-- hold no tax apart, and whatever has an invoice was delivered as far as anybody can tell.
with lines as (
    select
        Invoice, InvoiceDate, "Customer ID", Country,
        min(_row) as _row,
        upper(trim(StockCode)) in ('POST', 'DOT', 'C2', 'C3') as is_postage,
        upper(trim(StockCode)) = 'D' as is_discount,
        try_cast(Quantity as decimal(18,0)) * try_cast(Price as decimal(18,4)) as amount
    from online_retail_ii
    where Invoice not like 'C%'
      and not coalesce(
          sheet = '2009-2010' and try_cast(InvoiceDate as timestamp) >= timestamp '2010-12-01', false
      )
      and upper(trim(StockCode)) not in ('M', 'S', 'B', 'BANK CHARGES', 'AMAZONFEE', 'CRUK')
      and upper(trim(StockCode)) not like 'ADJUST%'
      and upper(trim(StockCode)) not like 'TEST%'
    group by Invoice, StockCode, Description, Quantity, InvoiceDate, Price, "Customer ID", Country
),
priced as (
    select Invoice, InvoiceDate, "Customer ID", Country, _row, is_postage, is_discount, round(amount, 2) as amount
    from lines
    where case when is_discount then amount < 0 else amount > 0 end
)
select
    Invoice as order_id,
    min("Customer ID") as customer_id,
    min(InvoiceDate) as order_date,
    'delivered' as order_status,
    sum(amount) as total_amount,
    coalesce(sum(amount) filter (where is_postage), 0) as shipping_amount,
    coalesce(-sum(amount) filter (where is_discount), 0) as discount_amount,
    'GBP' as currency,
    min(Country) as shipping_country,
    min(_row) as _row
from priced
group by Invoice
having count(*) filter (where not is_postage and not is_discount) > 0
