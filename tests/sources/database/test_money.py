"""Money expressions in the words of each server."""

from __future__ import annotations

from decimal import Decimal

import pyarrow as pa
import pytest

from omnix.core.errors import SourceError
from omnix.sources.database.money import amount, money_sql
from omnix.sources.database.postgres_types import postgres_column
from omnix.sources.database.relation import Column, Relation

ITEMS = Relation(
    name="items",
    sql='"items"',
    columns=(
        Column("quantity", "int", pa.int32(), '"quantity"'),
        Column("Unit Price", "numeric", pa.decimal128(10, 2), '"Unit Price"'),
        postgres_column("tax", '"tax"', "numeric", "numeric(10,2)", ((10 << 16) | 2) + 4),
    ),
)


@pytest.mark.parametrize(
    ("expression", "dialect", "expected"),
    [
        ("quantity", "mysql", "`quantity`"),
        ("QUANTITY", "postgres", '"quantity"'),
        ('quantity * "unit price"', "mysql", "`quantity` * `Unit Price`"),
        ('-quantity * ("Unit Price" - 1)', "postgres", '-"quantity" * ("Unit Price" - 1)'),
    ],
)
def test_columns_are_quoted_for_the_server(expression: str, dialect: str, expected: str) -> None:
    assert money_sql(expression, ITEMS, dialect) == expected


def test_values_that_are_read_as_null_do_not_count() -> None:
    assert "NaN" in money_sql("tax", ITEMS, "postgres")


@pytest.mark.parametrize(
    "expression",
    ["sleep(10)", "(select 1)", "quantity; drop table items", "quantity *", "sum(quantity)"],
)
def test_only_plain_arithmetic_is_taken(expression: str) -> None:
    with pytest.raises(SourceError, match="items"):
        money_sql(expression, ITEMS, "mysql")


def test_an_unknown_column_is_answered_with_the_nearest() -> None:
    with pytest.raises(SourceError, match="Did you mean 'quantity'"):
        money_sql("quantitty * 2", ITEMS, "mysql")


def test_an_amount_is_exact_or_none() -> None:
    assert amount(Decimal("12.30")) == Decimal("12.30")
    assert amount(0.1) == Decimal("0.1")
    assert amount(None) == 0
    assert amount(Decimal("NaN")) is None
