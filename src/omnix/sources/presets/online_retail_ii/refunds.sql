-- Cancellations: invoices C…, which do not say what they cancel. They count on their own date.
select
    concat_ws(
        '-', Invoice, StockCode, Quantity, cast(Price as decimal(18,4)),
        left(md5(concat_ws('|', Description, InvoiceDate, "Customer ID", Country)), 8)
    ) as refund_id,
    "Customer ID" as customer_id,
    upper(trim(StockCode)) as product_id,
    'cancellation' as kind,
    -Quantity as quantity,
    -(cast(Quantity as decimal(18,0)) * cast(Price as decimal(18,4))) as amount,
    'GBP' as currency,
    Country as country,
    Description as reason,
    InvoiceDate as refunded_at,
    case
        when sheet = '2009-2010' and InvoiceDate >= timestamp '2010-12-01'
            then 'overlap: the sheet 2010-2011 has this line too'
        when upper(trim(StockCode)) in (
            'POST', 'DOT', 'C2', 'C3', 'M', 'D', 'S', 'B', 'BANK CHARGES', 'AMAZONFEE', 'CRUK'
        ) or upper(trim(StockCode)) like 'ADJUST%' or upper(trim(StockCode)) like 'TEST%'
            then 'service code ' || upper(trim(StockCode)) || ': taken back, but no product'
    end as _excluded,
    _row
from online_retail_ii
where Invoice like 'C%'
