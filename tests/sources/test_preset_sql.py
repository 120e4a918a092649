from __future__ import annotations

import pytest

from omnix.core.errors import MappingError
from omnix.sources.preset_sql import is_plain, tables_in


@pytest.mark.parametrize(
    ("sql", "read"),
    [
        ("select a from t", ("t",)),
        ("from t", ("t",)),
        ("select * from b join a using (x)", ("a", "b")),
        ('select * from "Order Lines"', ("Order Lines",)),
        ("select (select max(x) from a) from b where c in (select c from d)", ("a", "b", "d")),
        ("select 1 union all select x from a", ("a",)),
        ("with c as (select * from a) select * from c", ("a",)),
        ("with C as (select * from a) select * from c", ("a",)),
        ("with c as (select * from a), d as (select * from c) select * from d", ("a",)),
        ("with orders as (select * from orders) select * from orders", ("orders",)),
        ("with a as (select * from b), b as (select * from c) select * from a, b", ("b", "c")),
        ("with recursive n as (select 1 union all select * from n) select * from n", ()),
        (
            "select * from (with c as (select * from a) select * from c) join c using (x)",
            ("a", "c"),
        ),
        ("select * from a, range(3) as r(n), unnest([1, 2])", ("a",)),
        ("select * from (pivot a on x using sum(y))", ("a",)),
        ("select 'from z' as x from a -- from y", ("a",)),
    ],
)
def test_the_tables_that_a_select_reads(sql, read):
    assert tables_in(sql, "orders.sql") == read


@pytest.mark.parametrize(
    ("sql", "words"),
    [
        ("select a\nfrom t\nwhere (", "orders.sql, line 3"),
        ("select 'open", "orders.sql"),
        ("select 1; select 2", "orders.sql holds 2 statements"),
        ("", "orders.sql holds 0 statements"),
        ("-- only a comment", "orders.sql holds 0 statements"),
        ("drop table t", "orders.sql holds DROP, not a SELECT"),
        ("create table x as select 1", "orders.sql holds CREATE, not a SELECT"),
        ("select * from read_csv('/etc/passwd')", "no raw table"),
        ("select * from shop.orders", "reads shop.orders, no raw table"),
    ],
)
def test_what_is_no_single_select_over_raw_tables_is_refused(sql, words):
    with pytest.raises(MappingError) as told:
        tables_in(sql, "orders.sql")
    assert words in str(told.value)
    assert "Write one SELECT" in told.value.step


@pytest.mark.parametrize(
    ("sql", "plain"),
    [
        ("select a, b as c, _row from t", True),
        ('select "A b" as a from t', True),
        ("select a + 1 as a from t", False),
        ("select a from t where b", False),
        ("select a from t join u using (x)", False),
        ("select distinct a from t", False),
        ("with t as (select 1 as a) select a from t", False),
        ("select a from t union all select a from u", False),
        ("select coalesce(a, b) as a from t", False),
    ],
)
def test_whether_a_select_only_picks_columns(sql, plain):
    assert is_plain(sql) is plain
