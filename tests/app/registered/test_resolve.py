"""What SQL a registered table may have: everything else is refused, and the reason is told."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.registered import shops
from omnix.app.registered.definition import system_of
from omnix.app.registered.files import Declared
from omnix.app.registered.resolve import Resolved, resolve
from omnix.core.errors import OmnixError
from omnix.core.table import DUCKDB_TYPES
from omnix.pipeline.graph import all_tables, built_in


def resolved(*given: dict[str, Any]) -> Resolved:
    """The graph with these systems."""
    declared = [Declared(each["name"], system_of(each)) for each in given]
    return resolve(declared, built_in())


def error_of(sql: str, *key: str, **more: Any) -> str:
    """Why a table with this SQL is refused; empty: it is not."""
    try:
        broken = resolved(shops.one(sql, *key, **more)).graph.broken
    except OmnixError as error:  # the definition itself
        return str(error)
    return str(broken["probed"].error) if broken else ""


READERS = [
    "read_csv('/etc/passwd')", "read_csv_auto('/etc/passwd')", "read_text('/etc/passwd')",
    "read_blob('/etc/passwd')", "read_parquet('x.parquet')", "parquet_scan('x.parquet')",
    "read_json('x.json')", "read_json_auto('x.json')", "read_ndjson('x')", "sniff_csv('/etc/passwd')",
    "glob('/etc/*')", "parquet_metadata('x')", "parquet_schema('x')", "duckdb_settings()",
    "duckdb_tables()", "duckdb_columns()", "duckdb_databases()", "duckdb_secrets()",
    "duckdb_functions()", "duckdb_extensions()", "duckdb_views()", "pragma_table_info('orders')",
    "pragma_storage_info('orders')", "pragma_version()", "query('select 1')",
    "query_table(['orders'])", "histogram('orders', 'total_cents')", "'/etc/passwd'", "'x.csv'",
    "'https://example.com/x.parquet'", "'s3://bucket/x.parquet'", "\"/etc/passwd\"",
    "information_schema.tables", "pg_catalog.pg_tables", "sqlite_master", "pg_tables",
    "duckdb_logs()", "duckdb_memory()", "which_secret('x', 's3')", "sqlite_scan('x', 'y')",
    "postgres_scan('a', 'b', 'c')", "mysql_scan('a', 'b', 'c')", "iceberg_scan('x')",
    "delta_scan('/x')", "st_read('x')", "read_xlsx('x')", "json_execute_serialized_sql('{}')",
    "checkpoint()", "force_checkpoint()", "test_all_types()", "repeat_row(1, num_rows = 10)",
    "seq_scan('orders')", "arrow_scan(1, 2, 3)", "pandas_scan(1)", "python_map_function()",
    "nowhere", "runs", "quarantine", "raw.orders", "main.secrets", "system.main.orders",
    "temp.orders", "raw_orders",
]  # fmt: skip

#: Ways to write a reader into a statement.
AROUND = [
    "select * from {}",
    "with t as (select * from {}) select * from t",
    "select customer_id from orders where exists (select 1 from {})",
    "select customer_id, (select count(*) from {}) as n from orders",
    "select customer_id from orders union all select 'x' from {}",
]

STATEMENTS = [
    "delete from orders", "insert into orders values (1)", "update orders set status = 'x'",
    "drop table orders", "create table x as select 1", "create view x as select 1",
    "create macro f(a) as a", "alter table orders add column x int", "truncate orders",
    "attach 'x.db'", "detach x", "use x", "copy orders to 'x.csv'", "copy (select 1) to 'x'",
    "export database 'x'", "import database 'x'", "install httpfs", "load httpfs", "set threads = 1",
    "reset threads", "pragma database_list", "call pragma_version()", "explain select 1 as a",
    "describe orders", "show tables", "summarize orders", "vacuum", "checkpoint", "begin", "commit",
    "rollback", "prepare p as select 1", "execute p", "deallocate p", "create secret s (type s3)",
    "comment on table orders is 'x'", "set variable x = 1", "create sequence s", "analyze",
    "create type t as enum ('a')", "create index i on orders(status)", "grant select on orders to x",
    "merge into orders using customers on true when matched then delete",
    "with d as (delete from orders returning *) select * from d",
    "with d as (insert into orders values (1) returning *) select * from d",
    "with d as (update orders set status = 'x' returning *) select * from d",
    "select 1 as a; select 2 as a", "select 1 as a; drop table orders", "", ";", "--", "/* x */",
    "select", "select from", "select * from", "select (", "select 'unclosed", "select 1 as a /*",
    "select 1 as a) union select (1", "select 1 as a) as x; drop table orders; --", "\x00", "1",
    "pivot orders on status using count(*)", "unpivot orders on status into name n value v",
    "values (1)", "from orders insert into x", "select * into x from orders",
]  # fmt: skip

UNSTABLE = [
    "now()", "current_timestamp", "current_date", "current_time", "localtime", "localtimestamp",
    "today()", "random()", "uuid()", "gen_random_uuid()", "get_current_timestamp()",
    "transaction_timestamp()", "txid_current()", "current_user", "current_database()",
    "current_schema()", "current_setting('threads')", "version()", "nextval('s')", "currval('s')",
    "setseed(0.5)", "getvariable('x')", "'now'::timestamp", "'today'::date", "current_query()",
    "session_user", "uuidv7()", "sleep_ms(10)", "getenv('HOME')", "read_text('/etc/passwd')",
    "pg_read_file('/etc/passwd')", "system('id')", "shell('id')", "write_log('x')", "lo_import('x')",
]  # fmt: skip

ODD = [
    ("select customer_id, sum(total_cents) from orders group by 1", "Name it with `as`"),
    ("select customer_id, 1 as a, 2 as a from orders", "twice"),
    ("select customer_id, 1 as a, 2 as \"A\" from orders", "twice"),
    ("select customer_id, 1 as \"_row\" from orders", "Name it with `as`"),
    ("select customer_id, 1 as \"Total Sum\" from orders", "Name it with `as`"),
    ("select customer_id, [1, 2] as a from orders", "which no table of omnix holds"),
    ("select customer_id, {'a': 1} as a from orders", "which no table of omnix holds"),
    ("select customer_id, map {'a': 1} as a from orders", ""),
    ("select customer_id, interval 1 day as a from orders", "which no table of omnix holds"),
    ("select customer_id, null as a from orders", "which no table of omnix holds"),
    ("select order_id from orders", "its key name 'customer_id'"),
    ("select customer_id from ordrs", "'orders'"),
    ("select custmer_id as customer_id from orders", "has a column 'custmer_id'"),
    ("select customer_id from orders where ordered_at < $until", ""),
    ("select customer_id from orders where ordered_at < ?", ""),
    ("select customer_id from orders where ordered_at < $1", ""),
    ("select customer_id from orders limit 5", "limits rows without an order"),
    ("select customer_id from (select customer_id from orders limit 5) x", "limits rows without an order"),
    ("select customer_id from orders order by 1 limit 5 offset 2", None),
    ("select customer_id from orders using sample 5", ""),
    ("select customer_id from orders tablesample 10%", ""),
    ("select customer_id from orders group by status", ""),
    ("select customer_id from orders join customers using (nope)", ""),
    ("select customer_id from orders, customers", "mbiguous"),
    ("select customer_id || 1 + 'a' as customer_id from orders where", ""),
]  # fmt: skip


class TestRefused:
    @pytest.mark.parametrize(("reader", "around"), list(product(READERS, AROUND)))
    def test_what_is_no_table_of_the_lake(self, reader: str, around: str):
        assert error_of(around.format(reader))

    @pytest.mark.parametrize("sql", STATEMENTS)
    def test_what_is_not_one_select(self, sql: str):
        assert error_of(sql)

    @pytest.mark.parametrize("word", UNSTABLE)
    def test_what_differs_from_run_to_run_or_reaches_out(self, word: str):
        assert error_of(f"select customer_id, {word} as a from orders")
        assert error_of(f"select customer_id from orders where {word} is not null")

    @pytest.mark.parametrize(("sql", "said"), ODD)
    def test_what_makes_no_table(self, sql: str, said: str | None):
        told = error_of(sql)
        assert (told == "") if said is None else (told and said in told)

    @pytest.mark.parametrize("rule", [
        "1", "orders > 0; drop table x", "nope > 0", "now() > last_at", "", "'x'", "orders >",
        "(select count(*) from read_csv('/etc/passwd')) > 0", "exists (from customers)",
        "random() > 0.5", "orders > $as_of", "true) or (1=1",
    ])  # fmt: skip
    def test_a_check_that_is_no_condition_on_its_own_rows(self, rule: str):
        assert error_of(shops.SPEND, "customer_id", checks={"rule": rule})

    @given(st.text(max_size=60))
    def test_any_text_is_taken_or_refused_in_words(self, sql: str):
        told = error_of(sql)
        assert told

    @given(st.lists(st.sampled_from(
        ["select", "from", "orders", "customer_id", "*", "(", ")", ",", "where", "union", "with",
         "as", "x", "1", "'a'", "read_csv", "now", "$as_of", "group by", ";", "--", "/*", "*/",
         "limit", "{", "}", "[", "]", "::", "select", "from orders"]), max_size=14))  # fmt: skip
    def test_any_words_of_sql_are_taken_or_refused_in_words(self, words: list[str]):
        error_of(" ".join(words))


class TestTaken:
    @pytest.mark.parametrize(("sql", "cut"), [
        ("select customer_id from customers -- before $as_of", False),
        ("select customer_id, '$as_of' as a from customers", False),
        ("select customer_id, $as_of$x$as_of$ as a from customers", False),
        ("select customer_id, $as_of as a /* $as_of */ from customers", True),
        ("select customer_id, max(ordered_at) < $as_of as a from orders where customer_id is not null group by 1", True),
    ])  # fmt: skip
    def test_the_cut_is_bound_where_it_is_meant(self, sql: str, cut: bool):
        table = resolved(shops.one(sql)).graph.tables["probed"]
        assert table.takes_as_of == cut

    def test_types_are_cast_to_those_that_the_lake_holds(self):
        sql = """select customer_id, sum(total_cents) as big, count(*)::smallint as small,
                        avg(total_cents)::decimal(18,2) as money, 1::ubigint as whole,
                        1.5::float as real, uuid_text::uuid as id,
                        max(ordered_at)::timestamp_s as at
                 from orders, (select 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11' as uuid_text) u
                 group by customer_id, uuid_text"""
        table = resolved(shops.one(sql)).graph.tables["probed"]
        assert {name: column.dtype for name, column in table.columns.items()} == {
            "customer_id": "string", "big": "int64", "small": "int32", "money": "float64",
            "whole": "int64", "real": "float64", "id": "string", "at": "timestamp",
        }  # fmt: skip
        assert 'cast("big" as BIGINT)' in table.sql()

    def test_sql_that_needs_no_cast_stays_as_it_is(self):
        sql = "select customer_id, country from customers -- who is where"
        assert resolved(shops.one(sql)).graph.tables["probed"].sql() == sql

    def test_a_comment_at_the_end_swallows_nothing(self):
        sql = "select customer_id, sum(total_cents) as big from orders group by 1 -- the end"
        table = resolved(shops.one(sql)).graph.tables["probed"]
        assert table.columns["big"].dtype == "int64"

    @pytest.mark.parametrize("name", [n for n, t in all_tables().items() if t.sql()])
    def test_what_omnix_brings_could_have_been_registered(self, name: str):
        brought = all_tables()[name]
        sql = brought.sql()
        told = error_of(sql, *brought.key, checks=dict(brought.checks))
        assert told == "", told

    def test_columns_of_the_tables_that_omnix_brings_get_the_types_that_they_declare(self):
        brought = all_tables()["customer_features"]
        made = resolved(shops.one(brought.sql(), "customer_id")).graph.tables["probed"]
        assert {n: DUCKDB_TYPES[c.dtype] for n, c in made.columns.items()} == {
            n: DUCKDB_TYPES[c.dtype] for n, c in brought.columns.items()
        }
        assert {n: c.person for n, c in made.columns.items()} == {
            n: c.person for n, c in brought.columns.items()
        }

    def test_the_fingerprint_changes_with_whatever_shapes_the_rows(self):
        def mark(**more: Any) -> str:
            made = {**shops.loyal(), **more}
            return (
                resolved(shops.system("loyalty", made)).graph.tables["loyal_customers"].fingerprint
            )

        assert mark() == mark()
        assert mark() == mark(description="One row per something else.")
        changes = ({"sql": shops.SPEND + "\n"}, {"sql": shops.SPEND.replace("max", "min")},
                   {"key": ["customer_id"]}, {"checks": {}})  # fmt: skip
        assert len({mark(), *(mark(**each) for each in changes)}) == 4  # the line break is none
