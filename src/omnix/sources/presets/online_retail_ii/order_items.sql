-- Every line that is no cancellation. Lines that are no sale of a product are left out by name.
-- The key holds all of a line, so that exact copies collide and lines that differ in anything stay.
select
    concat_ws(
        '-', Invoice, StockCode, Quantity, cast(Price as decimal(18,4)),
        left(md5(concat_ws('|', Description, InvoiceDate, "Customer ID", Country)), 8)
    ) as order_item_id,
    Invoice as order_id,
    upper(trim(StockCode)) as product_id,
    Quantity as quantity,
    Price as unit_price,
    cast(Quantity as decimal(18,0)) * cast(Price as decimal(18,4)) as total_amount,
    case
        when sheet = '2009-2010' and InvoiceDate >= timestamp '2010-12-01'
            then 'overlap: the sheet 2010-2011 has this line too'
        when Invoice like 'A%' or upper(trim(StockCode)) = 'B' then 'service code B: bad debt, no sale'
        when upper(trim(StockCode)) in ('POST', 'DOT', 'C2', 'C3')
            then 'service code ' || upper(trim(StockCode)) || ': postage, counted in the shipping of the order'
        when upper(trim(StockCode)) = 'M' then 'service code M: an amount entered by hand, no product'
        when upper(trim(StockCode)) = 'D' then 'service code D: a discount, no product'
        when upper(trim(StockCode)) = 'S' then 'service code S: samples, no sale'
        when upper(trim(StockCode)) in ('BANK CHARGES', 'AMAZONFEE', 'CRUK')
            then 'service code ' || upper(trim(StockCode)) || ': a fee, no product'
        when upper(trim(StockCode)) like 'ADJUST%' then 'service code ADJUST: a correction of the books, no product'
        when upper(trim(StockCode)) like 'TEST%' then 'service code TEST: a test, no sale'
        when Quantity <= 0 then 'a stock correction: a negative quantity on what is no cancellation'
        when Price <= 0 then 'no price: given away or written off, no sale'
    end as _excluded,
    _row
from online_retail_ii
where Invoice not like 'C%'
