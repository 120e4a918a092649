-- Cancellations: invoices C…, which do not say what they cancel. They count on their own date.
-- Services that are taken back (postage, fees, discounts given afterwards) are left out by name:
-- on the other side they are no sale of goods either.
with lines as (
    select
        *,
        upper(trim(StockCode)) as code,
        try_cast(Quantity as decimal(18,0)) as pieces,
        try_cast(Price as decimal(18,4)) as price_of_one
    from online_retail_ii
    where Invoice like 'C%'
)
select
    concat_ws(
        '-', Invoice, StockCode, Quantity, price_of_one,
        left(md5(concat(Description, '|', InvoiceDate, '|', "Customer ID", '|', Country)), 8)
    ) as refund_id,
    "Customer ID" as customer_id,
    code as product_id,
    'cancellation' as kind,
    -pieces as quantity,
    -pieces * price_of_one as amount,
    'GBP' as currency,
    Country as country,
    InvoiceDate as refunded_at,
    case
        when sheet = '2009-2010' and try_cast(InvoiceDate as timestamp) >= timestamp '2010-12-01'
            then 'overlap: the sheet 2010-2011 has this line too'
        when code in ('POST', 'DOT', 'C2', 'C3')
            then 'service code ' || code || ': postage taken back, no product'
        when code = 'D' then 'service code D: a discount given afterwards, no product'
        when code = 'B' then 'service code B: bad debt, no product'
        when code = 'M' then 'service code M: an amount entered by hand, no product'
        when code = 'S' then 'service code S: samples, no product'
        when code in ('BANK CHARGES', 'AMAZONFEE', 'CRUK')
            then 'service code ' || code || ': a fee, no product'
        when code like 'ADJUST%' then 'service code ' || code || ': a correction of the books, no product'
        when code like 'TEST%' then 'service code ' || code || ': a test, no product'
    end as _excluded,
    _row
from lines
