-- Queries that take all there is, one a line. Each ends by the guard, by memory or by time.
select repeat('abcdefgh', 500000000)
select length(repeat(repeat('abcdefgh', 100000), 100000))
select count(*) from range(9999999) a, range(9999999) b
select count(*) from orders a, orders b, orders c, orders d, orders e, orders f, orders g
with recursive r(n) as (select 1 union all select n + 1 from r) select count(*) from r
with recursive r(n) as (select 1 union all select n from r) select * from r order by n
select list(a.range) from range(9999999) a, range(100) b
select list(range) from range(200000000)
select * from range(9999999) a, range(9999999) b order by hash(a.range + b.range)
select count(*) from (select unnest(range(9999999)) from range(1000))
select unnest(range(100000000))
select string_agg(a.range, ',') from range(9999999) a, range(100) b
select regexp_replace(repeat('a', 5000000), '(a*)*b', 'x') from range(1000000)
select regexp_matches(repeat('a', 10000000), '^(a|a)*$') from range(1000)
select array_resize([1], 2000000000)
select rpad('a', 2000000000, 'b')
select list_sort(range(9999999)) from range(100000)
select quantile_cont(a.range * random(), 0.5) from range(9999999) a, range(1000) b
select mode(a.range), histogram(a.range) from range(9999999) a, range(1000) b
select approx_quantile(a.range, 0.5) from range(9999999) a, range(9999) b
select count(distinct hash(a.range, b.range)) from range(9999999) a, range(9999) b
select md5(string_agg(md5(a.range::varchar), '')) from range(9999999) a, range(99) b
select levenshtein(repeat('a', 100000), repeat('b', 100000)) from range(1000)
select json_extract(repeat('[', 1000000) || repeat(']', 1000000), '$')
select factorial(20)::hugeint from range(9999999) a, range(9999999) b where a.range = -1
select map_from_entries(list((a.range, a.range))) from range(9999999) a, range(9) b
select sum(a.range) over (order by random() rows between 1000000 preceding and current row) from range(9999999) a
select list_transform(range(9999999), lambda x: list_sum(range(x))) from range(100)
select bar(a.range, 0, 1, 100000) from range(9999999) a, range(100) b order by 1
select printf('%1000000d', range) from range(9999999)
