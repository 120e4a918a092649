from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import duckdb
import pytest

from omnix.core.errors import ContractError
from omnix.core.sql import UNSTABLE, Lineage, check_sql, lineage_of, to_spark
from omnix.core.table import Column, Dtype, Table, table
from omnix.pipeline.graph import all_tables, contracts

INPUTS: Mapping[str, Mapping[str, Column]] = {
    "orders": {
        "order_id": Column("string", "Order."),
        "customer_id": Column("string", "Customer.", nullable=True),
        "ordered_at": Column("timestamp", "When."),
        "total_cents": Column("int64", "Paid."),
        "channel": Column("string", "Where.", nullable=True),
    },
    "customers": {
        "customer_id": Column("string", "Customer."),
        "country": Column("string", "Country.", nullable=True),
        "tags": Column("string", "Tags.", nullable=True),
    },
}


def made(sql: str, checks: Mapping[str, str] | None = None, **columns: Dtype) -> Table:
    """The table `bills` built by `sql` from orders and customers."""

    def bills(orders: Any, customers: Any, *, as_of: Any) -> str:
        """One row per bill."""
        return sql

    given = {name: Column(dtype, "It.") for name, dtype in columns.items()}
    return table(key=(next(iter(given)),), columns=given, checks=checks)(bills)


def refused(declared: Table, inputs: Mapping[str, Mapping[str, Column]] = INPUTS) -> str:
    with pytest.raises(ContractError) as caught:
        check_sql(declared, inputs)
    return str(caught.value)


def traced(sql: str, **columns: Dtype) -> Lineage:
    return check_sql(made(sql, **columns), INPUTS).lineage


class TestColumns:
    def test_an_unknown_column_names_table_line_and_nearest(self) -> None:
        said = refused(
            made(
                """
                select order_id
                from orders
                where ordred_at < $as_of
                """,
                order_id="string",
            )
        )
        assert said.startswith(
            "bills, line 3 of its SQL: nothing it reads has a column 'ordred_at'."
        )
        assert "The line reads: where ordred_at < $as_of" in said
        assert "Did you mean 'ordered_at'?" in said

    def test_behind_an_alias_the_table_is_named(self) -> None:
        said = refused(made("select\n  o.total_cent as a\nfrom orders o", a="int64"))
        assert "bills, line 2" in said
        assert "orders has no column 'total_cent'" in said
        assert "Did you mean 'total_cents'?" in said

    @pytest.mark.parametrize(
        "sql",
        [
            "with x as (select order_id as q from orders)\nselect x.order_idd as a from x",
            "select order_id as a from orders\njoin customers using (order_idd)",
            "select order_id as a from orders\nwhere exists (select 1 from customers c where c.order_idd = 'x')",
            "select * exclude (order_idd) from\norders",
            "select order_id as a from orders\norder by order_idd",
            "select count(*) as a from orders\ngroup by order_idd",
            "select order_id as a from orders\nunion all select order_idd from orders",
            "select order_id as a from orders\nqualify row_number() over (order by order_idd) = 1",
        ],
    )
    def test_wherever_it_stands(self, sql: str) -> None:
        said = refused(made(sql, a="string"))
        assert "column 'order_idd'" in said
        assert ("line 1" if sql.index("order_idd") < sql.index("\n") else "line 2") in said

    def test_after_letters_of_many_bytes_the_line_is_right(self) -> None:
        sql = f"select '{'ß–' * 40}' as a,\n  nope as b,\n  'x' as c,\n  'y' as d\nfrom orders"
        assert "line 2 of" in refused(made(sql, a="string", b="string", c="string", d="string"))

    def test_an_ambiguous_column_is_told(self) -> None:
        sql = "select customer_id from orders join customers on true"
        assert "Ambiguous reference" in refused(made(sql, customer_id="string"))

    def test_a_function_that_does_not_exist(self) -> None:
        assert "frob does not exist" in refused(made("select frob(1) as a from orders", a="int64"))


class TestTables:
    def test_what_is_no_input_is_named_with_the_nearest(self) -> None:
        said = refused(made("select order_id\nfrom ordres", order_id="string"))
        assert "line 2" in said
        assert "it reads ordres, which is no input of bills" in said
        assert "Did you mean 'orders'?" in said

    @pytest.mark.parametrize(
        "source",
        ["'/etc/passwd'", "read_csv('x.csv')", "duckdb_tables()", "other.orders", "payments"],
    )
    def test_nothing_else_can_be_read(self, source: str) -> None:
        said = refused(made(f"select 'a' as a from {source}", a="string"))
        assert "which is no input of bills" in said

    def test_what_others_read_is_no_input_either(self) -> None:
        inputs = {**INPUTS, "payments": {"payment_id": Column("string", "It.")}}
        said = refused(made("select payment_id as a from payments", a="string"), inputs)
        assert "it reads payments" in said

    def test_an_input_that_nobody_declared(self) -> None:
        declared = made("select order_id from orders", order_id="string")
        said = refused(declared, {"orders": INPUTS["orders"], "customer": {}})
        assert "bills reads 'customers', which nobody has declared" in said
        assert "Did you mean 'customer'?" in said

    def test_a_cte_may_bear_any_name(self) -> None:
        sql = "with payments as (select order_id from orders) select order_id from payments"
        assert check_sql(made(sql, order_id="string"), INPUTS).columns == {"order_id": "VARCHAR"}

    def test_rows_may_be_made(self) -> None:
        sql = "select cast(i as bigint) as i from range(3) r(i)"
        assert check_sql(made(sql, i="int64"), INPUTS).columns == {"i": "BIGINT"}


class TestTheStatement:
    @pytest.mark.parametrize(
        ("sql", "words"),
        [
            ("select 1 as a; select 2 as a", "not one SELECT"),
            ("", "not one SELECT"),
            ("delete from orders", "not one SELECT"),
            ("copy orders to 'x'", "not one SELECT"),
            ("with d as (delete from orders returning *) select order_id as a from d", "delete"),
            ("select 1 as\nfrom from", "line 2 of its SQL: this is no SQL"),
        ],
    )
    def test_it_is_one_select(self, sql: str, words: str) -> None:
        assert words in refused(made(sql, a="int32"))

    @pytest.mark.parametrize("mark", ["$day", "?", "$1"])
    def test_only_as_of_is_bound(self, mark: str) -> None:
        sql = f"select order_id from orders where ordered_at < {mark}"
        assert "Only $as_of is bound" in refused(made(sql, order_id="string"))

    def test_as_of_must_be_asked_for(self) -> None:
        @table(key=("a",), columns={"a": Column("string", "It.")})
        def bills(orders: Any) -> str:
            """One row per bill."""
            return "select order_id as a from orders where ordered_at < $as_of"

        assert "has the parameter $as_of" in refused(bills)


class TestSameInputsSameResult:
    @pytest.mark.parametrize(
        "expression",
        [
            "now()", "NOW ( )", '"now"()', "current_date", "current_timestamp", "localtimestamp",
            "today()", "random()", "uuid()", "gen_random_uuid()", "current_user", "nextval('s')",
            "get_current_timestamp()", "'now'::timestamp", "current_localtimestamp()",
        ],
    )  # fmt: skip
    def test_clock_and_chance_are_refused(self, expression: str) -> None:
        said = refused(made(f"select order_id,\n {expression} as x from orders", order_id="string"))
        assert "line 2" in said
        assert "never read from the wall clock" in said

    def test_samples_are_refused(self) -> None:
        said = refused(made("select order_id from orders using sample 3", order_id="string"))
        assert "a random sample" in said

    def test_a_check_cannot_read_the_clock_either(self) -> None:
        declared = made(
            "select ordered_at from orders", {"past": "ordered_at < now()"}, ordered_at="timestamp"
        )
        assert "bills, rule 'past'" in refused(declared)

    def test_columns_and_texts_may_have_such_names(self) -> None:
        sql = "select 'now' as now, o.order_id as today, 'current_date' as random from orders o"
        check_sql(made(sql, now="string", today="string", random="string"), INPUTS)

    def test_nothing_that_the_engine_calls_unstable_is_missing(self) -> None:
        with duckdb.connect() as con:
            found = con.execute(
                "select distinct function_name from duckdb_functions() "
                "where stability <> 'CONSISTENT' and function_name <> 'error'"
            ).fetchall()
        assert {name for (name,) in found} <= UNSTABLE


class TestThePromise:
    def test_order_does_not_matter(self) -> None:
        sql = "select total_cents, order_id from orders"
        assert check_sql(made(sql, order_id="string", total_cents="int64"), INPUTS)

    @pytest.mark.parametrize(
        ("sql", "words"),
        [
            ("select order_id, channel from orders", "gives 'channel', which its contract lacks"),
            ("select order_id as order_idd from orders", "Did you mean 'order_id'?"),
            ("select 'a' as b, order_id from orders", "gives 'b', which its contract lacks"),
            ("select order_id, order_id from orders", "gives 'order_id' twice"),
            ("select total_cents as order_id from orders", "bills.order_id is BIGINT in the SQL; its contract says VARCHAR"),
            ("select cast(ordered_at as date) as order_id from orders", "is DATE"),
        ],
    )  # fmt: skip
    def test_what_is_given_is_what_was_promised(self, sql: str, words: str) -> None:
        assert words in refused(made(sql, order_id="string"))

    def test_what_was_promised_is_given(self) -> None:
        declared = made("select order_id from orders", order_id="string", total_cents="int64")
        assert "promises 'total_cents', which its SQL does not give" in refused(declared)

    def test_types_are_those_of_the_engine(self) -> None:
        said = refused(made("select sum(total_cents) as a from orders", a="int64"))
        assert "bills.a is HUGEINT in the SQL; its contract says BIGINT. cast(… as bigint)" in said


class TestChecks:
    @pytest.mark.parametrize(
        ("rule", "words"),
        [
            ("order_idd <> ''", "bills, rule 'r', line 1 of its SQL: nothing it reads has a column 'order_idd'"),
            ("total_cents > 0", "'total_cents'"),
            ("length(order_id)", "it gives BIGINT, not true or false"),
            ("order_id >", "this is no SQL"),
            ("exists (select 1 from orders)", "orders does not exist"),
        ],
    )  # fmt: skip
    def test_each_is_a_condition_over_the_tables_own_columns(self, rule: str, words: str) -> None:
        assert words in refused(made("select order_id from orders", {"r": rule}, order_id="string"))

    def test_they_are_proved_where_the_build_is_not_sql(self) -> None:
        @table(key=("a",), columns={"a": Column("string", "It.")}, checks={"r": "b > 0"})
        def counted(orders: Any) -> Any:
            """One row per thing."""
            return orders.project("a")

        assert "counted, rule 'r'" in refused(counted)


class TestLineage:
    @pytest.mark.parametrize(
        ("sql", "origins"),
        [
            ("select total_cents as a from orders", ["orders.total_cents"]),
            ("select 1 as a from orders", []),
            ("select count(*) as a from orders", ["orders"]),
            ("select count(channel) as a from orders", ["orders.channel"]),
            ("select sum(total_cents) filter (where channel = 'web') as a from orders", ["orders.channel", "orders.total_cents"]),
            ("select ORDER_ID as a from Orders", ["orders.order_id"]),
            ("select coalesce(o.customer_id, c.country) as a from orders o left join customers c on true", ["customers.country", "orders.customer_id"]),
            ("select customer_id as a from orders join customers using (customer_id)", ["customers.customer_id", "orders.customer_id"]),
            ("with x as (select order_id || channel as k from orders), y as (select k from x) select k as a from y", ["orders.channel", "orders.order_id"]),
            ("with x(k) as (select channel from orders) select k as a from x", ["orders.channel"]),
            ("select a from (select country as a from customers) s", ["customers.country"]),
            ("select order_id as a from orders union all select country from customers union select tags from customers", ["customers.country", "customers.tags", "orders.order_id"]),
            ("select 1 as b, country as a from customers union all by name select order_id as a, 2 as b from orders", ["customers.country", "orders.order_id"]),
            ("select (select max(country) from customers c where c.customer_id = o.customer_id) as a from orders o", ["customers.country"]),
            ("select (select max(o.channel || country) from customers) as a from orders o", ["customers.country", "orders.channel"]),
            ("select row_number() over (partition by channel order by ordered_at) as a from orders", ["orders.channel", "orders.ordered_at"]),
            ("select upper(channel) as u, u || 'x' as a from orders", ["orders.channel"]),
            ("select a from (select * rename (channel as a) from orders)", ["orders.channel"]),
            ("select unnest(string_split(tags, ',')) as a from customers", ["customers.tags"]),
            ("select t.tag as a from customers, unnest(string_split(tags, ',')) t(tag)", ["customers.tags"]),
            ("select a from (values (1), (2)) v(a), orders", []),
            ("with recursive r as (select order_id as a from orders union all select a || channel from r join orders on a = order_id) select a from r", ["orders.channel", "orders.order_id"]),
            ("select count(*) as a from (select order_id from orders union all select customer_id from customers)", ["customers", "orders"]),
            ("select case when channel = 'web' then total_cents end as a from orders", ["orders.channel", "orders.total_cents"]),
            ("select o.* exclude (order_id, customer_id, ordered_at, total_cents) rename (channel as a) from orders o", ["orders.channel"]),
            ("select channel as a from orders group by all", ["orders.channel"]),
        ],
    )  # fmt: skip
    def test_columns_are_followed(self, sql: str, origins: list[str]) -> None:
        found = lineage_of(made(sql, a="string"), INPUTS)["a"]
        assert [f"{source}.{name}" if name else source for source, name in found] == origins

    def test_what_filters_is_no_origin(self) -> None:
        sql = "select order_id from orders join customers using (customer_id) where country = 'FR'"
        assert traced(sql, order_id="string") == {"order_id": [("orders", "order_id")]}

    def test_a_build_that_is_not_sql_comes_from_whole_tables(self) -> None:
        @table(key=("a",), columns={"a": Column("string", "It."), "b": Column("string", "It.")})
        def counted(orders: Any, customers: Any) -> Any:
            """One row per thing."""
            return orders.project("a")

        whole = [("orders", ""), ("customers", "")]
        assert lineage_of(counted, INPUTS) == {"a": whole, "b": whole}
        assert check_sql(counted, INPUTS).lineage == {"a": whole, "b": whole}


class TestSpark:
    def test_the_parameter_and_the_functions_are_translated(self) -> None:
        text = to_spark(
            made(
                "select order_id, date_diff('day', ordered_at, $as_of) as d from orders",
                order_id="string",
                d="int64",
            )
        )
        assert "DATEDIFF(DAY" in text.upper().replace(" ", "")
        assert ":as_of" in text

    @pytest.mark.parametrize(
        ("expression", "what"),
        [("list_aggregate([1], 'sum')", "list_aggregate"), ("date_sub('month', a, b)", "date_sub")],
    )
    def test_what_has_no_twin_is_named(self, expression: str, what: str) -> None:
        with pytest.raises(ContractError, match=rf"bills has no twin on Spark.*{what}"):
            to_spark(made(f"select {expression} as a from orders", a="string"))

    def test_what_is_not_sql_does_not_go(self) -> None:
        @table(key=("a",), columns={"a": Column("string", "It.")})
        def counted(orders: Any) -> Any:
            """One row per thing."""
            return orders.project("a")

        with pytest.raises(ContractError, match="counted is not built by SQL"):
            to_spark(counted)


class TestEveryTableOfOmnix:
    @pytest.mark.parametrize("name", all_tables())
    def test_it_holds_against_the_contracts_of_its_inputs(self, name: str) -> None:
        found = check_sql(all_tables()[name], contracts())
        assert set(found.lineage) == set(all_tables()[name].columns)

    @pytest.mark.parametrize("name", [n for n, each in all_tables().items() if each.sql()])
    def test_it_has_a_twin_on_spark(self, name: str) -> None:
        assert to_spark(all_tables()[name])
