-- What analysts ask of the sample shop, one query a line; the guard must let all of them through.
select count(*) from orders
select * from orders limit 10
select * from curated.orders order by ordered_at desc limit 20
from orders
from orders select status, count(*) group by status
select status, count(*) as n from orders group by status order by n desc
select distinct status from orders order by 1
select count(distinct customer_id) as customers from orders
select min(ordered_at), max(ordered_at) from orders
select sum(total_cents) / 100.0 as revenue from orders where status = 'delivered'
select currency, sum(total_cents) from orders group by currency having sum(total_cents) > 0
select date_trunc('month', ordered_at) as month, count(*) as orders from orders group by 1 order by 1
select date_trunc('week', ordered_at) as week, sum(total_cents) from orders group by all order by all
select year(ordered_at) as y, month(ordered_at) as m, count(*) from orders group by y, m order by y, m
select extract(year from ordered_at) as y, count(*) from orders group by 1
select dayname(ordered_at) as day, count(*) from orders group by 1 order by 2 desc
select hour(ordered_at) as hour, avg(total_cents) from orders group by hour order by hour
select strftime(ordered_at, '%Y-%m') as month, count(*) from orders group by 1
select ordered_on, count(*) from orders where ordered_on between date '2024-01-01' and date '2024-03-31' group by 1 order by 1
select * from orders where ordered_at >= timestamp '2024-06-01' and ordered_at < timestamp '2024-07-01' limit 50
select * from orders where ordered_at >= now() - interval 30 days
select * from orders where ordered_on >= current_date - 90
select * from orders where ordered_on > today() - interval '1' month
select count(*) filter (where status = 'cancelled') * 1.0 / count(*) as cancelled_share from orders
select channel, avg(total_cents)::bigint as aov from orders group by channel
select channel, median(total_cents), quantile_cont(total_cents, 0.9) from orders group by channel
select country, count(*) from orders where country is not null group by country order by count(*) desc limit 5
select coalesce(coupon_code, 'none') as coupon, count(*) from orders group by 1 order by 2 desc
select case when coupon_code is null then 'no' else 'yes' end as with_coupon, avg(total_cents) from orders group by 1
select if(discount_cents > 0, 'discounted', 'full') as kind, count(*) from orders group by 1
select customer_id, count(*) as n from orders group by customer_id having count(*) > 3 order by n desc limit 10
select customer_id, sum(total_cents) as spent from orders group by customer_id order by spent desc nulls last limit 10 offset 10
select round(avg(total_cents) / 100, 2) as aov from orders
select payment_method, count(*), round(100.0 * count(*) / sum(count(*)) over (), 1) as percent from orders group by payment_method
select order_id, total_cents, row_number() over (order by total_cents desc) as place from orders limit 10
select order_id, rank() over (partition by channel order by total_cents desc) as place from orders qualify place <= 3
select *, lag(total_cents) over (partition by customer_id order by ordered_at) as before from orders limit 100
select ordered_on, sum(total_cents) as day, sum(sum(total_cents)) over (order by ordered_on) as so_far from orders group by ordered_on order by ordered_on
select ordered_on, avg(count(*)) over (order by ordered_on rows between 6 preceding and current row) as week from orders group by ordered_on
select customer_id, first_value(order_id) over (partition by customer_id order by ordered_at) from orders limit 10
select ntile(4) over (order by total_cents) as quarter, total_cents from orders limit 20
select o.order_id, c.country from orders o join customers c on c.customer_id = o.customer_id limit 10
select c.customer_segment, count(*) from orders join customers c using (customer_id) group by 1
select o.order_id from orders o left join payments p using (order_id) where p.payment_id is null
select c.customer_id from customers c where not exists (select 1 from orders o where o.customer_id = c.customer_id)
select c.customer_id from customers c anti join orders o using (customer_id)
select * from customers semi join orders using (customer_id) limit 5
select customer_id from customers where customer_id in (select customer_id from orders where channel = 'web')
select p.product_name, sum(i.quantity) as sold from order_items i join products p using (product_id) group by 1 order by 2 desc limit 10
select p.brand, sum(i.total_cents) as revenue from order_items i join products p using (product_id) group by p.brand order by revenue desc
select cat.category_name, sum(i.total_cents) from order_items i join products p on p.product_id = i.product_id join categories cat on cat.category_id = p.category_id group by 1
select p.category_id, avg(p.price_cents), stddev(p.price_cents) from products p group by 1
select product_name, price_cents, margin_cents * 100.0 / price_cents as margin_percent from products where price_cents > 0 order by margin_percent limit 10
select price_class, count(*) from products group by price_class
select product_id, product_name from products where product_name ilike '%milk%'
select product_name from products where product_name like 'A%' or product_name like 'B%'
select upper(brand), lower(sku), length(product_name) from products limit 5
select substring(sku, 1, 3) as prefix, count(*) from products group by 1
select substr(sku, 1, 2), left(sku, 2), right(sku, 2) from products limit 3
select replace(product_name, ' ', '_'), trim(brand), concat(brand, ' ', sku) from products limit 3
select brand || ' / ' || product_name as label from products limit 3
select split_part(dimensions, 'x', 1) as width from products limit 5
select regexp_matches(sku, '^[A-Z]+') as ok, count(*) from products group by 1
select regexp_extract(sku, '([A-Z]+)', 1) from products limit 5
select string_agg(product_name, ', ' order by product_name) from products where category_id is not null
select list(product_name order by price_cents desc)[1:3] as dearest from products
select array_agg(distinct brand) from products
select unnest(['a', 'b', 'c']) as letter
select * from range(10) t(i)
select i, i * i as square from range(1, 11) r(i)
select * from generate_series(1, 5)
select d::date as day from range(date '2024-01-01', date '2024-02-01', interval 1 day) r(d)
select d.day, count(o.order_id) from (select unnest(range(timestamp '2024-01-01', timestamp '2024-02-01', interval 1 day))::date as day) d left join orders o on o.ordered_on = d.day group by 1 order by 1
with monthly as (select date_trunc('month', ordered_at) as month, sum(total_cents) as revenue from orders group by 1) select *, revenue - lag(revenue) over (order by month) as change from monthly order by month
with a as (select customer_id, min(ordered_on) as first from orders group by 1), b as (select date_trunc('month', first) as cohort, count(*) as n from a group by 1) select * from b order by cohort
with first as (select customer_id, min(ordered_on) as began from orders group by 1) select date_diff('month', began, ordered_on) as age, count(distinct o.customer_id) from orders o join first using (customer_id) group by 1 order by 1
with recursive n(i) as (select 1 union all select i + 1 from n where i < 10) select * from n
with recursive tree as (select category_id, category_name, 0 as depth from categories where parent_category_id is null union all select c.category_id, c.category_name, depth + 1 from categories c join tree t on c.parent_category_id = t.category_id) select * from tree
with orders as (select * from orders where status <> 'cancelled') select count(*) from orders
with x as materialized (select 1 as a) select * from x, x as y
select * from (select customer_id, sum(total_cents) as s from orders group by 1) t where s > 10000
select (select count(*) from orders) as orders, (select count(*) from customers) as customers
select customer_id, (select max(total_cents) from orders o where o.customer_id = c.customer_id) as most from customers c limit 5
select order_id from orders where total_cents > (select avg(total_cents) from orders)
select order_id from orders where total_cents >= all (select total_cents from orders where status = 'refunded')
select order_id from orders where channel = any (select distinct channel from orders) limit 5
select 'orders' as what, count(*) from orders union all select 'payments', count(*) from payments
select customer_id from orders union select customer_id from refunds
select customer_id from orders intersect select customer_id from refunds
select customer_id from customers except select customer_id from orders
select order_id, 1 as a from orders union all by name select order_id, 2 as b from refunds limit 5
select country, channel, count(*) from orders group by rollup (country, channel)
select country, channel, count(*) from orders group by cube (country, channel)
select country, channel, grouping(country) as all_countries, count(*) from orders group by grouping sets ((country), (channel), ())
select * exclude (created_at, updated_at) from orders limit 3
select * replace (total_cents / 100.0 as total_cents) from orders limit 3
select columns('.*_cents') from orders limit 3
select min(columns(*)) from sales_daily
select max(columns('.*cents')) from sales_daily
select order_id, #1 from orders limit 2
select o.* from orders o limit 2
select cast(total_cents as double) / 100 from orders limit 2
select try_cast(weight as integer) from products limit 2
select total_cents::decimal(12, 2) / 100 as euros from orders limit 2
select total_cents::varchar || ' ' || currency from orders limit 2
select abs(-3), ceil(2.1), floor(2.9), round(2.5), sqrt(16), power(2, 8), ln(2.7), log10(100), exp(1), mod(7, 3), 7 % 3, 7 // 2, sign(-2)
select greatest(1, 2, 3), least(1, 2, 3), nullif(1, 1), ifnull(null, 2), coalesce(null, 3)
select date '2024-02-28' + 1, date '2024-02-28' + interval 1 month, date_add(date '2024-01-01', interval 1 week)
select date_diff('day', date '2024-01-01', date '2024-03-01'), date_sub('month', date '2024-01-01', date '2024-03-01'), age(timestamp '2024-03-01', timestamp '2024-01-01')
select last_day(date '2024-02-01'), weekofyear(date '2024-02-01'), quarter(date '2024-02-01'), dayofyear(date '2024-02-01'), isodow(date '2024-02-01')
select make_date(2024, 1, 1), make_timestamp(2024, 1, 1, 0, 0, 0), strptime('2024-01-01', '%Y-%m-%d'), to_timestamp(0), epoch(timestamp '2024-01-01')
select timestamp '2024-01-01 12:00' at time zone 'Europe/Paris'
select time_bucket(interval '1 week', ordered_at) as week, count(*) from orders group by 1
select corr(quantity, total_cents), covar_pop(quantity, total_cents), regr_slope(total_cents, quantity) from order_items
select approx_count_distinct(customer_id), approx_quantile(total_cents, 0.5) from orders
select mode(channel), any_value(currency), arg_max(order_id, total_cents), first(order_id), last(order_id) from orders
select arg_max(order_id, total_cents, 3) as largest from orders
select max_by(order_id, total_cents), min_by(order_id, total_cents) from orders
select var_samp(total_cents), stddev_pop(total_cents), skewness(total_cents), kurtosis(total_cents), mad(total_cents), entropy(channel) from orders
select bool_and(total_cents >= 0), bool_or(discount_cents > 0), count_if(discount_cents > 0) from orders
select histogram(rating) from reviews
select percentile_cont(0.5) within group (order by total_cents) from orders
select sum(total_cents) filter (where channel = 'web') as web, sum(total_cents) filter (where channel <> 'web') as others from orders
select rating, count(*), bar(count(*), 0, 300, 20) from reviews group by rating order by rating
select product_id, avg(rating) as stars, count(*) as reviews from reviews group by product_id having count(*) >= 3 order by stars desc
select is_verified_purchase, avg(helpful_count) from reviews group by 1
select r.reason, count(*), sum(r.amount_cents) from refunds r group by r.reason order by 3 desc
select kind, sum(amount_cents) * 1.0 / (select sum(total_cents) from orders) as share from refunds group by kind
select p.product_name, count(r.refund_id) as returned from products p left join refunds r using (product_id) group by all order by returned desc limit 10
select o.ordered_on, sum(o.total_cents) - coalesce(sum(r.amount_cents), 0) as net from orders o left join refunds r using (order_id) group by 1 order by 1
select carrier, avg(transit_days), count(*) filter (where days_late > 0) from shipments group by carrier
select carrier, count(*) from shipments where delivered_at is null group by carrier
select date_diff('hour', shipped_at, delivered_at) as hours, count(*) from shipments group by 1 order by 1
select warehouse_location, sum(quantity_available), sum(quantity_reserved) from inventory group by 1
select p.product_name, i.quantity_free from inventory i join products p using (product_id) where i.quantity_free <= i.reorder_point
select product_id, quantity_free, reorder_point, quantity_free < reorder_point as low from inventory order by low desc, quantity_free
select p.product_id, p.price_cents, min(c.price_cents) as cheapest from products p join competitor_prices c using (product_id) group by all having min(c.price_cents) < p.price_cents
select competitor_name, avg(c.price_cents - p.price_cents) from competitor_prices c join products p using (product_id) group by 1
select h.product_id, h.valid_from, h.price_cents, lead(h.valid_from) over (partition by product_id order by valid_from) as until from price_history h
select o.order_id, h.price_cents from order_items o asof join price_history h on o.product_id = h.product_id and o.created_at >= h.valid_from limit 10
select e.rate_date, e.currency, e.rate from exchange_rates e where e.currency = 'USD' order by 1 desc limit 10
select o.order_id, o.total_cents * e.rate as converted from orders o join exchange_rates e on e.currency = o.currency and e.rate_date = o.ordered_on limit 10
select h.holiday_name, count(o.order_id) from holidays h left join orders o on o.ordered_on = h.holiday_date group by 1
select p.promotion_name, count(o.order_id) from promotions p left join orders o on o.coupon_code = p.promotion_code group by 1 order by 2 desc
select promotion_code, usage_count * 1.0 / nullif(usage_limit, 0) as used from promotions where is_active
select purpose, granted, count(*) from consents group by purpose, granted order by 1, 2
select purpose, count(distinct customer_id) from consents where granted group by purpose
select card_brand, count(*), sum(amount_cents) from payments where status = 'captured' group by card_brand
select status, payment_method, count(*) from payments group by all order by all
select paid_at::date as day, sum(amount_cents) from payments group by 1 order by 1
select country, sum(net_cents) from sales_daily group by country order by 2 desc
select sold_on, sum(net_cents) as net, avg(sum(net_cents)) over (order by sold_on rows 6 preceding) as smooth from sales_daily group by sold_on order by sold_on
select category_name, sum(net_cents) as net, sum(quantity) as pieces from sales_daily where sold_on >= '2025-01-01' group by 1 order by net desc
select sold_on, country, net_cents from analytics.sales_daily where net_cents = (select max(net_cents) from sales_daily)
select country, sum(net_cents) filter (where year(sold_on) = 2024) as y2024, sum(net_cents) filter (where year(sold_on) = 2025) as y2025 from sales_daily group by country
select s.country, s.sold_on, s.net_cents, p.net_cents as week_before from sales_daily s left join sales_daily p on p.country = s.country and p.category_id = s.category_id and p.currency = s.currency and p.sold_on = s.sold_on - 7 limit 10
select recency_days, frequency, monetary_cents from customer_features order by monetary_cents desc limit 10
select ntile(5) over (order by recency_days desc) as r, ntile(5) over (order by frequency) as f, ntile(5) over (order by monetary_cents) as m, customer_id from customer_features
select favourite_channel, count(*), avg(aov_cents) from customer_features group by 1
select case when recency_days <= 30 then 'active' when recency_days <= 90 then 'cooling' else 'away' end as state, count(*) from customer_features group by state order by 2 desc
select f.customer_id, c.country, f.monetary_cents from customer_features f join customers c using (customer_id) order by 3 desc limit 10
select width_bucket, count(*) from (select floor(monetary_cents / 10000) as width_bucket from customer_features) group by 1 order by 1
select table_name, score from data_quality order by score
select table_name, rows_quarantined * 100.0 / nullif(rows_mapped, 0) as percent from data_quality
select step, table_name, balanced from books_balance where not balanced
select sum(rows_difference), sum(money_difference_cents) from books_balance
select a.product_id, b.product_id, count(*) as together from order_items a join order_items b on a.order_id = b.order_id and a.product_id < b.product_id group by 1, 2 order by together desc limit 10
select order_id, list(product_id order by product_id) as basket from order_items group by order_id limit 5
select len(basket) as size, count(*) from (select order_id, list(product_id) as basket from order_items group by 1) group by 1 order by 1
select order_id, list_filter(list(quantity), lambda q: q > 1) from order_items group by 1 limit 5
select [x * 2 for x in [1, 2, 3] if x > 1] as doubled
select list_transform([1, 2, 3], lambda x: x + 1), list_sum([1, 2, 3]), list_contains([1, 2], 2), [1, 2, 3][2]
select {'a': 1, 'b': 'x'} as record, {'a': 1}.a, struct_pack(a := 1), map {'k': 1}, map_keys(map {'k': 1})
select to_json({'a': 1}), json_extract('{"a": {"b": 2}}', '$.a.b'), '{"a": 1}'::json ->> 'a'
select o from orders o limit 1
select 1 + 1 as two -- a remark at the end
select /* why not */ 1
select 'it''s' as text, $$dollar$$ as quoted, e'tab\t' as escaped, 'שלום' as hebrew, 'naïve café' as french
select "order_id" as "Order", total_cents as "Total (cents)" from "orders" limit 2
select order_id "Bestellung", total_cents Summe from orders limit 2
select order_id as "מספר", count(*) as מונה from orders group by 1 limit 2
SELECT STATUS, COUNT(*) FROM ORDERS GROUP BY STATUS ORDER BY 2 DESC
select status from orders where status in ('paid', 'shipped', 'delivered') and not (channel = 'web') limit 5
select * from orders where coupon_code is not distinct from null limit 3
select * from orders where total_cents between 1000 and 5000 and country in ('DE', 'FR') order by ordered_at limit 5
select * from orders where (country, channel) in (('DE', 'web'), ('FR', 'app')) limit 5
select * from (values (1, 'a'), (2, 'b')) as t(id, name)
values (1, 2), (3, 4)
select v.name, count(o.order_id) from (values ('web'), ('app')) v(name) left join orders o on o.channel = v.name group by 1
select * from orders tablesample 10% limit 5
select * from orders using sample 5 rows
select order_id, hash(order_id) % 10 as bucket, md5(order_id), sha256(order_id) from orders limit 3
select random() < 0.5 as coin, uuid() as id
select typeof(total_cents), typeof(ordered_at) from orders limit 1
select t.month, t.n, sum(t.n) over w as total from (select date_trunc('month', ordered_at) as month, count(*) as n from orders group by 1) t window w as (order by t.month)
select count(*), country from customers group by country order by count(*) desc limit 3;
select distinct on (customer_id) customer_id, order_id, ordered_at from orders order by customer_id, ordered_at desc
select customer_segment, count(*) as n, count(*) * 100 // sum(count(*)) over () as percent from customers group by customer_segment
select email_domain, count(*) from customers group by 1 order by 2 desc limit 10
select date_trunc('year', created_at) as joined, count(*) from customers where is_active group by 1 order by 1
select o.country, avg(date_diff('day', o.ordered_at, s.delivered_at)) as days from orders o join shipments s using (order_id) where s.delivered_at is not null group by 1
select case weekday(ordered_on) when 0 then 'Sunday' when 6 then 'Saturday' else 'weekday' end as kind, sum(total_cents) from orders group by 1
select * from orders o, lateral (select count(*) as items from order_items i where i.order_id = o.order_id) x limit 5
select p.product_id, x.n from products p cross join lateral (select count(*) as n from order_items i where i.product_id = p.product_id) x limit 5
select format('{} orders', count(*)), printf('%.2f', 1.234) from orders
select total_cents, total_cents > 5000 and total_cents < 10000 as middle, not (total_cents > 5000) as small from orders limit 3
select sum(total_cents) as s from orders group by () having s > 0
select 0.1 + 0.2, 1e3, 0xff, 1_000_000, .5, -1, +1, ~1, 5 & 3, 5 | 3, xor(5, 3), 1 << 3, 8 >> 1
