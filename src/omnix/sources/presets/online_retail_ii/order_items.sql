-- Every line that is on no cancellation. Lines that are no sale of goods are left out by name:
-- stock corrections, fees, samples, tests, amounts by hand. Gift vouchers are goods: they have a
-- stock code, a price and a buyer, and the source does not say when one is redeemed.
-- The key holds all of a line, so that exact copies collide and lines that differ in anything stay.
with lines as (
    select
        *,
        upper(trim(StockCode)) as code,
        try_cast(Quantity as decimal(18,0)) as pieces,
        try_cast(Price as decimal(18,4)) as price_of_one,
        sheet = '2009-2010' and try_cast(InvoiceDate as timestamp) >= timestamp '2010-12-01' as again
    from online_retail_ii
    where Invoice not like 'C%'
),
judged as (
    select
        *,
        case
            when code in ('POST', 'DOT', 'C2', 'C3') then 'postage'
            when code = 'D' then 'discount'
            when code = 'B' then 'bad debt, no sale'
            when code = 'M' then 'an amount entered by hand, no product'
            when code = 'S' then 'samples, no sale'
            when code in ('BANK CHARGES', 'AMAZONFEE', 'CRUK') then 'a fee, no product'
            when code like 'ADJUST%' then 'a correction of the books, no product'
            when code like 'TEST%' then 'a test, no sale'
        end as service
    from lines
),
sold as (
    select distinct Invoice as sold_invoice
    from judged
    where not again and service is null and pieces > 0 and price_of_one > 0
)
select
    concat_ws(
        '-', Invoice, StockCode, Quantity, price_of_one,
        left(md5(concat(Description, '|', InvoiceDate, '|', "Customer ID", '|', Country)), 8)
    ) as order_item_id,
    Invoice as order_id,
    code as product_id,
    Quantity as quantity,
    Price as unit_price,
    pieces * price_of_one as total_amount,
    case
        when again then 'overlap: the sheet 2010-2011 has this line too'
        when service = 'postage' and pieces * price_of_one > 0 and sold_invoice is not null
            then 'service code ' || code || ': postage, counted in the shipping of the order'
        when service = 'postage' and pieces * price_of_one > 0
            then 'service code ' || code || ': postage on an invoice without goods, no order'
        when service = 'discount' and pieces * price_of_one < 0 and sold_invoice is not null
            then 'service code D: a discount, counted in the discount of the order'
        when service = 'discount' then 'service code D: a discount withdrawn, no product'
        when service not in ('postage', 'discount') then 'service code ' || code || ': ' || service
        when pieces <= 0 then 'stock correction: a negative quantity on what is no cancellation'
        when price_of_one <= 0 then 'no price: given away or written off, no sale'
    end as _excluded,
    _row
from judged
left join sold on Invoice = sold_invoice
