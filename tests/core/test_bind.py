"""What an unknown SELECT gives: types, origins, and above all what it tells of a person."""

from __future__ import annotations

import pytest

from omnix.core.bind import bind_sql, cast_select, dtype_of, tables_read
from omnix.core.errors import ContractError
from omnix.pipeline.graph import contracts

KNOWN = contracts()


def marks(sql: str) -> dict[str, str | None]:
    return dict(bind_sql("probe", sql, KNOWN).marks)


#: Ways in which an e-mail address, a town or a name gets into a column or decides on rows.
TELLING = [
    "select lower(email) as x from customers",
    "select case when email like 'a%' then 1 else 0 end as x from customers",
    "select hash(email) as x from customers",
    "select length(email) as x from customers",
    "select max(email) over () as x from customers",
    "select row_number() over (partition by city order by customer_id) as x from customers",
    "select (select max(email) from customers) as x",
    "select (select 1 from customers where email = 'a' limit 1) as x",
    "select exists (from customers where email = 'a') as x",
    "select count(*) filter (where email is null) as x from customers",
    "select first(country order by email) as x from customers",
    "select string_agg(email, ',') as x from customers",
    "select list(email)[1] as x from customers",
    "select struct_pack(a := email).a as x from customers",
    "select customers.email as x from customers",
    "select c.email as x from customers as c",
    "select x from (select email as x from customers)",
    "select x from (select email from customers) as t(x)",
    "with t(x) as (select email from customers) select x from t",
    "with t as materialized (select email as x from customers) select x from t",
    "with a as (select email as e from customers), b as (select e as x from a) select x from b",
    "with recursive t(x, n) as (select email, 1 from customers union all select x, n + 1 from t where n < 3) select x from t",
    "select 'a' as x union all select email from customers",
    "select 'a' as x union select email from customers",
    "select email as x from customers except select 'a'",
    "select country as x from customers except select email from customers",
    "select country as x from customers intersect select city from customers",
    "select 1 as n, 'a' as x union all by name select email as x, 2 as n from customers",
    "select country as x from customers where email like 'a%'",
    "select country as x from customers where lower(coalesce(email, '')) like 'a%'",
    "select x from (select country as x, email as hidden from customers) where hidden like 'a%'",
    "with t as (select country as x, email as hidden from customers) select x from t where hidden = 'a'",
    "select country as x from customers group by country, city",
    "select country as x from customers group by all having max(city) = 'Lyon'",
    "select count(*) as x from customers group by city",
    "select city, count(*) as x from customers group by all",
    "select country as x from customers order by email limit 1",
    "select country as x from customers qualify row_number() over (order by email) = 1",
    "select distinct on (city) country as x from customers",
    "select country as x from customers limit (select count(*) from customers where city = 'a')",
    "select o.status as x from orders o join customers c on c.city = o.shipping_city",
    "select o.status as x from orders o semi join customers c on c.city = o.shipping_city",
    "select o.status as x from orders o where (select count(*) from customers c where c.city = o.shipping_city) > 1",
    "select o.status as x from orders o where o.shipping_city in (select city from customers)",
    "select o.status as x from orders o, lateral (select email as e from customers c where c.customer_id = o.customer_id) l where l.e = 'a'",
    "select e as x from orders o, lateral (select email as e from customers c where c.customer_id = o.customer_id) l",
    "select a.country as x from customers a natural join customers b",
    "select c as x_row, c::varchar as x from customers c",
    "select c::varchar as x from customers c",
    "select to_json(c)::varchar as x from customers c",
    "select md5(c::varchar) as x from customers c",
    "select x::varchar as x from (select email from customers) x",
    "select columns('^city$') as x from customers",
    "select columns(c -> c = 'city') as x from customers",
    "select * replace (upper(city) as country) from customers",
    "select u as x from customers, unnest([email]) as t(u)",
    "select unnest([email, city]) as x from customers",
    "select unnest(string_split(email, '@')) as x from customers",
    "select EMAIL as x from CUSTOMERS",
    "select \"email\" as x from \"customers\"",
    "select list_transform([email], lambda e: e || '!')[1] as x from customers",
    "select coalesce(nullif(country, city), 'x') as x from customers",
    "select source_row as x from quarantine",
]  # fmt: skip

QUIET = {
    "select country as x, count(*) as n from customers group by country": None,
    "select customer_id as x from customers": "id",
    "select upper(customer_id) as x from customers": "id",
    "select count(distinct customer_id) as x from orders": None,
    "select max(total_cents) as x from orders group by customer_id": None,
    "select t.status as x from (select * from orders) t": None,
    "with t as (select * from orders where status = 'paid') select status as x from t": None,
    "select d.range as x from range(10) d": None,
    "select o.status as x from orders o join customers using (customer_id)": None,
    "select status as x, count(*) as n from orders group by all order by n desc": None,
}


@pytest.mark.parametrize("sql", TELLING)
def test_what_comes_of_a_detail_is_one(sql: str):
    known = {**KNOWN, "quarantine": _quarantine()}
    try:
        found = bind_sql("probe", sql, known).marks
    except ContractError:
        return  # nobody sees what is refused
    assert all(
        found[name] == "detail" for name in found if name.startswith("x") or name == "country"
    ), found


def _quarantine() -> dict:
    from omnix.curation.records import QUARANTINE

    return dict(QUARANTINE)


@pytest.mark.parametrize(("sql", "mark"), QUIET.items())
def test_what_tells_nothing_of_a_person_stays_open(sql: str, mark: str | None):
    assert marks(sql)["x"] == mark


def test_few_of_the_ways_to_tell_are_refused_rather_than_followed():
    refused = 0
    for sql in TELLING:
        try:
            marks(sql)
        except ContractError:
            refused += 1
    assert refused <= 8


def test_types_inputs_and_origins():
    bound = bind_sql(
        "probe",
        "select o.customer_id, sum(total_cents) as spent, count(*) as n from Orders o where ordered_at < $as_of group by 1",
        KNOWN,
    )
    assert bound.columns == {"customer_id": "VARCHAR", "spent": "HUGEINT", "n": "BIGINT"}
    assert bound.reads == ("orders",)
    assert bound.lineage == {
        "customer_id": [("orders", "customer_id")], "spent": [("orders", "total_cents")],
        "n": [("orders", "")],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "dtype"),
    [
        ("VARCHAR", "string"), ("HUGEINT", "int64"), ("DECIMAL(18,2)", "float64"),
        ("ENUM('a', 'b')", "string"), ("TIMESTAMP_NS", "timestamp"), ("DATE", "date"),
        ("TIMESTAMP WITH TIME ZONE", None), ("INTEGER[]", None), ("STRUCT(a INTEGER)", None),
        ("BLOB", None), ("JSON", None), ("INTERVAL", None), ("\"NULL\"", None),
    ],
)  # fmt: skip
def test_types_of_the_engine_are_known_or_not(kind: str, dtype: str | None):
    assert dtype_of(kind) == dtype


def test_a_cast_stands_around_the_sql_and_only_where_it_must():
    same = cast_select("select 1 as a", {"a": "INTEGER"}, {"a": "INTEGER"})
    assert same == "select 1 as a"
    cast = cast_select("select 1 as a -- x", {"a": "HUGEINT"}, {"a": "BIGINT"})
    assert cast == 'select cast("a" as BIGINT) as "a" from (\nselect 1 as a -- x\n)'


def test_tables_are_told_as_they_are_written_without_names_of_ones_own():
    sql = "with t as (select * from Orders) select * from t join x using (a), range(3), unnest([1])"
    assert set(tables_read("probe", sql)) == {"Orders", "x"}


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("select 1 as a where 1 = $b", "parameter"),
        ("select a from nowhere", "which is no table"),
        ("select a from main.orders", "which is no table"),
        ("select now() as a", "differs from run to run"),
        ("select 1 as a, 2 as A", "twice"),
        ("delete from orders", "not one SELECT"),
        ("select 'x", "no SQL"),
        ("select nope from orders", "'nope'"),
    ],
)
def test_what_cannot_be_bound_is_refused_with_the_reason(sql: str, said: str):
    with pytest.raises(ContractError, match=said):
        bind_sql("probe", sql, KNOWN)
