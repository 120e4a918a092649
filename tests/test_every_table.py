"""What holds for every table, found as the pipeline finds them; a new table is tested by being there."""

from __future__ import annotations

import dataclasses
import inspect
from collections.abc import Iterable, Mapping
from pathlib import Path

import duckdb
import pytest
import sqlglot
from sqlglot import exp

from omnix.core.errors import ContractError
from omnix.core.sql import check_sql, lineage_of, to_spark
from omnix.core.table import DUCKDB_TYPES, Column, Table, quoted
from omnix.curation.records import QUARANTINE, RECORDS
from omnix.curation.shape import Curated
from omnix.pipeline.graph import all_tables, contracts, system_of
from systems.building import BLANK, build, connection, create

TESTS = Path(__file__).parent
TABLES = all_tables()
CURATED = {name: table for name, table in TABLES.items() if isinstance(table, Curated)}
ANALYTICS = {name: table for name, table in TABLES.items() if table.layer == "analytics"}
SQL = {name: table for name, table in ANALYTICS.items() if table.sql() is not None}
EVERY_CONTRACT = {**contracts(), "quarantine": QUARANTINE}

#: What curation writes for the names that the shape's expressions may use.
CONSTANTS = {"$currency": "'EUR'", "$ingested_at": "timestamp '2026-07-01 00:00:00'"}

every_table = pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
every_curated = pytest.mark.parametrize("table", CURATED.values(), ids=CURATED)
every_analytics = pytest.mark.parametrize("table", ANALYTICS.values(), ids=ANALYTICS)
every_sql = pytest.mark.parametrize("table", SQL.values(), ids=SQL)
every_contract = pytest.mark.parametrize("name", EVERY_CONTRACT)


def test_there_are_tables_of_each_kind():
    assert {"orders", "refunds", "consents"} <= CURATED.keys()
    assert {"sales_daily", "customer_features", "data_quality", "books_balance"} <= SQL.keys()
    assert CURATED.keys() | ANALYTICS.keys() == TABLES.keys()


# Contracts


@every_table
def test_it_says_what_one_row_is(table: Table):
    first = table.about.splitlines()[0]
    assert first.startswith("One row per ")
    assert first.endswith((".", ";", ","))


@every_table
def test_its_key_is_columns_that_are_never_empty(table: Table):
    assert table.key
    assert len(set(table.key)) == len(table.key)
    for name in table.key:
        assert not table.columns[name].nullable, f"{table.name}.{name} is in the key"


@every_contract
def test_every_column_says_what_it_means_in_a_sentence(name: str):
    for column, contract in EVERY_CONTRACT[name].items():
        assert len(contract.about) > 2, f"{name}.{column}"
        assert contract.about.endswith("."), f"{name}.{column}: {contract.about!r}"


@every_contract
def test_money_is_whole_cents(name: str):
    for column, contract in EVERY_CONTRACT[name].items():
        if column.endswith("_cents"):
            assert contract.dtype == "int64", f"{name}.{column}"
        assert column not in {"price", "cost", "amount", "revenue"}, (
            f"{name}.{column}: in cents, or a word more"
        )


@every_table
def test_money_stands_beside_its_currency(table: Table):
    in_the_orders = {
        "order_items",
        "shipments",
        "promotions",
    }  # theirs is the order's, or the shop's
    if table.name not in in_the_orders | {"books_balance"} and any(
        c.endswith("_cents") for c in table.columns
    ):
        assert "currency" in table.columns


@every_contract
def test_what_leads_to_a_person_is_marked(name: str):
    marks = {column: contract.person for column, contract in EVERY_CONTRACT[name].items()}
    for column, mark in marks.items():
        if column in {"customer_id", "device_id", "card_token"}:
            assert mark == "id", f"{name}.{column}"
        if column in {
            "email",
            "phone",
            "first_name",
            "last_name",
            "address_line1",
            "city",
            "notes",
        }:
            assert mark == "detail", f"{name}.{column}"


@every_analytics
def test_analytics_know_people_by_surrogate_only(table: Table):
    assert [name for name, column in table.columns.items() if column.person == "detail"] == []


# The graph


@every_table
def test_its_inputs_exist_and_come_before_it(table: Table):
    before = list(TABLES)[: list(TABLES).index(table.name)]
    assert set(table.inputs) <= {*before, *RECORDS}


@every_table
def test_it_stands_in_the_module_of_its_name(table: Table):
    assert table.module.rpartition(".")[2] == table.name
    assert TABLES[table.name] is table


@every_analytics
def test_it_has_a_test_module_of_its_own(table: Table):
    module = TESTS / "systems" / system_of(table) / f"test_{table.name}.py"
    assert module.is_file(), (
        f"Adding a table costs two files; the second is {module.relative_to(TESTS.parent)}."
    )


# SQL


@every_sql
def test_its_sql_fits_the_contracts_of_its_inputs(table: Table):
    checked = check_sql(table, contracts())
    assert dict(checked.columns) == {n: DUCKDB_TYPES[c.dtype] for n, c in table.columns.items()}


@every_sql
def test_every_column_can_be_traced_to_inputs(table: Table):
    lineage = lineage_of(table, contracts())
    assert list(lineage) == list(table.columns)
    for column, origins in lineage.items():
        named = (
            table.name == "books_balance" or column == "level"
        )  # each part of a union says its own
        assert origins or named, f"{table.name}.{column} comes from nowhere"
        assert {name for name, _ in origins} <= set(table.inputs)


@every_sql
def test_every_input_is_read(table: Table):
    sql = sqlglot.parse_one(table.sql() or "", dialect="duckdb")
    assert set(table.inputs) <= {each.name for each in sql.find_all(exp.Table)}


@every_sql
def test_it_depends_on_as_of_when_it_says_so(table: Table):
    assert table.takes_as_of == ("$as_of" in (table.sql() or ""))


@every_sql
def test_spark_has_a_twin_of_it(table: Table):
    twin = to_spark(table)
    assert sqlglot.parse_one(twin, dialect="spark").named_selects == list(table.columns)
    assert (":as_of" in twin) == table.takes_as_of


@every_sql
def test_a_shop_without_rows_breaks_nothing(table: Table):
    build(table)  # which holds the result against the contract


@every_sql
def test_an_unknown_column_is_refused_with_table_line_and_nearest_name(table: Table):
    column = _some_column_read(table)
    wrong = dataclasses.replace(table, build=_misspelt(table, column))
    with pytest.raises(ContractError) as caught:
        check_sql(wrong, contracts())
    said = str(caught.value)
    assert said.startswith(f"{table.name}, line ")
    assert f"{column}x" in said
    assert f"Did you mean '{column}'" in said


def _some_column_read(table: Table) -> str:
    """A column of an input that the SQL names; one of that input alone, where there is any."""
    columns = {c for name in table.inputs for c in contracts()[name]}
    named = [
        each.name
        for each in sqlglot.parse_one(table.sql() or "", dialect="duckdb").find_all(exp.Column)
    ]
    read = [name for name in named if name in columns]
    return max(read, key=lambda name: (name not in table.columns, len(name), name))


def _misspelt(table: Table, column: str):
    """The build of `table` with the first mention of `column` one letter too long."""

    def wrong(**_given):
        """One row per mistake."""
        return (table.sql() or "").replace(column, f"{column}x", 1)

    wrong.__signature__ = inspect.signature(table.build)  # type: ignore[attr-defined]
    return wrong


@every_analytics
def test_its_rules_say_true_or_false_even_where_cells_are_empty(table: Table):
    for words, rule in table.checks.items():
        assert _on_a_bare_row(table.columns, rule) is not None, f"{table.name}, rule {words!r}"


# The agreed shape


@every_curated
def test_its_expressions_read_only_columns_that_are_there(table: Curated):
    for where, sql, columns in _expressions(table):
        tree = sqlglot.parse_one(f"select {_bound(sql)}", dialect="duckdb")
        read = {each.name for each in tree.find_all(exp.Column)}
        assert read <= set(columns), f"{table.name}, {where}: {read - set(columns)}"


@every_curated
def test_its_expressions_run_on_an_empty_table(table: Curated):
    for where, sql, columns in _expressions(table):
        con = _empty({table.name: columns})
        ((kind,),) = con.execute(
            f"select typeof({_bound(sql)}) from (select 1) left join {quoted(table.name)} on true"
        ).fetchall()
        if where.startswith("rule"):
            assert kind == "BOOLEAN", f"{table.name}, {where}"


@every_curated
def test_its_rules_say_true_or_false_where_a_shop_gives_nothing(table: Curated):
    for rule in table.rules:
        assert _on_a_bare_row(table.columns, _bound(rule.sql)) is not None, (
            f"{table.name}, rule {rule.words!r}"
        )


@every_curated
def test_a_derived_column_is_as_empty_as_its_contract_says(table: Curated):
    for name, derived in table.derived.items():
        if not derived.nullable:
            fields = {n: each.column() for n, each in table.fields.items()}
            assert _on_a_bare_row(fields, _bound(derived.sql)) is not None, f"{table.name}.{name}"


@every_curated
def test_its_columns_are_its_fields_and_what_is_derived(table: Curated):
    assert list(table.columns) == [*table.fields, *table.derived]
    assert len(set(table.sources.values())) == len(table.fields), "two fields read one column"
    assert table.newest is None or table.columns[table.newest].dtype == "timestamp"
    assert table.money is None or table.columns[table.money].dtype == "int64"


@every_curated
def test_its_rules_are_told_apart_by_their_words(table: Curated):
    words = [each.words for each in (*table.rules, *table.references, *table.cross_rules)]
    assert len(set(words)) == len(words)


@every_curated
def test_its_references_lead_to_its_inputs(table: Curated):
    assert {each.table for each in table.references} == set(table.inputs)
    for reference in table.references:
        (key,) = TABLES[reference.table].key
        assert table.columns[reference.column].dtype == TABLES[reference.table].columns[key].dtype


@every_curated
def test_its_cross_rules_select_keys_of_the_table_they_judge(table: Curated):
    known = {name: TABLES[name].columns for name in (table.name, *table.inputs)}
    for rule in table.cross_rules:
        assert rule.table in known
        described = _empty(known).execute(f"describe {rule.sql}").fetchall()
        assert [row[0] for row in described] == list(TABLES[rule.table].key), rule.words


def _expressions(table: Curated) -> Iterable[tuple[str, str, Mapping[str, Column]]]:
    """Every SQL expression of the declaration, with the columns it may read."""
    fields = {name: each.column() for name, each in table.fields.items()}
    for name, each in table.fields.items():
        if each.default is not None:
            yield f"default of {name}", each.default, fields
        yield f"normal form of {name}", each.normal.replace("{}", quoted(name)), fields
    for name, derived in table.derived.items():
        yield f"derived {name}", derived.sql, fields
    for rule in table.rules:
        yield f"rule {rule.words!r}", rule.sql, table.columns


def _bound(sql: str) -> str:
    for name, value in CONSTANTS.items():
        sql = sql.replace(name, value)
    return sql


def _empty(tables: Mapping[str, Mapping[str, Column]]) -> duckdb.DuckDBPyConnection:
    con = connection()
    for name, columns in tables.items():
        create(con, name, columns, ())
    return con


def _on_a_bare_row(columns: Mapping[str, Column], sql: str) -> bool | None:
    """What `sql` says of a row with nothing in it but what must be."""
    cells = [
        f"cast({'null' if c.nullable else _literal(c)} as {DUCKDB_TYPES[c.dtype]}) as {quoted(n)}"
        for n, c in columns.items()
    ]
    row = connection().execute(f"select ({sql}) from (select {', '.join(cells)})").fetchone()
    return row[0] if row else None


def _literal(column: Column) -> str:
    return f"'{BLANK[column.dtype]}'"
