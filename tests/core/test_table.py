from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from omnix.core.errors import ContractError
from omnix.core.table import DUCKDB_TYPES, Column, Table, literal, quoted, table

ENGINE = duckdb.connect(config={"threads": 1})


@table(
    key=("order_id",),
    columns={
        "order_id": Column("string", "The order."),
        "total_cents": Column("int64", "What was paid."),
        "coupon": Column("string", "The coupon.", nullable=True),
    },
    checks={"nothing is negative": "total_cents >= 0", "no empty coupon": "coupon <> ''"},
)
def bills(orders: Any, payments: Any, *, as_of: Any) -> str:
    """One row per bill before `as_of`."""
    return """
        select order_id, total_cents, coupon
        from orders join payments using (order_id)
        where ordered_at < $as_of
    """


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        yield connection


def broken(con: duckdb.DuckDBPyConnection, rows: str) -> list[str]:
    types = ("varchar", "bigint", "varchar")
    cast = ", ".join(
        f"c{n}::{kind} as {name}"
        for n, (name, kind) in enumerate(zip(bills.columns, types, strict=True))
    )
    return bills.violations(con, f"(select {cast} from (values {rows}) v(c0, c1, c2))")


class TestDeclaration:
    def test_names_come_from_the_function(self) -> None:
        assert (bills.name, bills.inputs, bills.takes_as_of) == (
            "bills",
            ("orders", "payments"),
            True,
        )
        assert (bills.layer, bills.path) == ("analytics", "analytics/bills")
        assert bills.about == "One row per bill before `as_of`."

    def test_sql_is_given_with_the_parameter_unbound(self) -> None:
        sql = bills.sql()
        assert sql is not None
        assert sql.startswith("select order_id")
        assert "$as_of" in sql

    def test_a_build_on_relations_has_no_sql(self) -> None:
        @table(key=("a",), columns={"a": Column("int32", "A.")})
        def counted(orders: Any) -> Any:
            """One row per order."""
            return orders.project("a")

        assert counted.sql() is None

    def test_the_key_must_be_declared(self) -> None:
        with pytest.raises(ContractError, match=r"thing: the key \['b'\] is no column"):

            @table(key=("b",), columns={"a": Column("int32", "A.")})
            def thing() -> None:
                """One row per thing."""

    def test_a_row_must_mean_something(self) -> None:
        with pytest.raises(ContractError, match="One row per …"):

            @table(key=("a",), columns={"a": Column("int32", "A.")})
            def thing() -> None:
                """Things."""

    def test_a_type_must_be_known(self) -> None:
        with pytest.raises(ContractError, match=r"'text'.*string, int32"):
            Column("text", "Words.")  # type: ignore[arg-type]


class TestFingerprint:
    def changed(self, **given: Any) -> Table:
        values = {
            name: getattr(bills, name)
            for name in ("name", "layer", "key", "columns", "checks", "build")
        }
        return Table(**{**values, **given})

    def test_it_is_stable(self) -> None:
        assert self.changed().fingerprint == bills.fingerprint

    def test_contract_key_and_checks_change_it(self) -> None:
        retyped = {**bills.columns, "total_cents": Column("int32", "What was paid.")}
        others = [
            self.changed(columns=retyped), self.changed(key=("coupon",)),
            self.changed(checks={}), self.changed(build=lambda orders: "select 1"),
        ]  # fmt: skip
        assert len({bills.fingerprint, *(each.fingerprint for each in others)}) == 5


class TestViolations:
    def test_good_rows_have_none(self, con: duckdb.DuckDBPyConnection) -> None:
        assert broken(con, "('a', 1, 'x'), ('b', 0, 'y')") == []

    def test_no_rows_have_none(self, con: duckdb.DuckDBPyConnection) -> None:
        con.execute(
            "create view none as select '' as order_id, 1::bigint as total_cents, '' as coupon where false"
        )
        assert bills.violations(con, "none") == []

    @pytest.mark.parametrize(
        ("rows", "words"),
        [
            ("(null, 1, 'x')", "bills.order_id: 1 nulls, none allowed"),
            (
                "('a', -1, 'x'), ('b', -2, 'x')",
                "bills: 2 rows break the rule 'nothing is negative'",
            ),
            ("('a', 1, null)", "bills: 1 rows break the rule 'no empty coupon'"),
            ("('a', 1, 'x'), ('a', 2, 'x')", "bills: 1 rows repeat the key ('order_id',)"),
        ],
    )
    def test_each_breach_is_told(
        self, con: duckdb.DuckDBPyConnection, rows: str, words: str
    ) -> None:
        assert words in broken(con, rows)

    def test_columns_are_compared_by_name_and_type(self, con: duckdb.DuckDBPyConnection) -> None:
        con.execute("create view wrong as select 'a' as order_id, 1 as total_cents, 2 as tax")
        assert bills.violations(con, "wrong") == [
            "bills.total_cents: want BIGINT, have INTEGER",
            "bills.coupon: want VARCHAR, have no such column",
            "bills.tax: want no such column, have INTEGER",
        ]

    def test_every_type_of_a_contract_is_one_of_duckdb(
        self, con: duckdb.DuckDBPyConnection
    ) -> None:
        for name in DUCKDB_TYPES.values():
            assert con.execute(f"select typeof(null::{name})").fetchone() in [(name,), ('"NULL"',)]


@given(st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=20))
def test_any_name_and_text_survive_sql(text: str) -> None:
    found = ENGINE.execute(f"select {literal(text)} as {quoted(text)}")
    assert found.description[0][0] == text
    assert found.fetchall() == [(text,)]
