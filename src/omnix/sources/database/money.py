"""A money expression, written for DuckDB over a table's columns, in the words of another server."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from omnix.core.errors import SourceError, nearest

if TYPE_CHECKING:
    from sqlglot import exp

    from omnix.sources.database.relation import Relation

_ALLOWED = (
    "Column", "Identifier", "Literal", "Add", "Sub", "Mul", "Div", "Neg", "Paren", "Coalesce",
    "Cast", "DataType", "DataTypeParam", "Case", "If", "EQ", "NEQ", "GT", "GTE", "LT", "LTE",
    "And", "Or", "Not", "In", "Is", "Null", "Boolean",
)  # fmt: skip


def money_sql(expression: str, relation: Relation, dialect: str) -> str:
    """`expression` for `dialect`, each column as it is read (so that odd values count as null).

    Raises:
        SourceError: it is no plain arithmetic, or names a column that the table does not have.

    """
    import sqlglot

    try:
        tree = sqlglot.parse_one(expression, read="duckdb")
    except sqlglot.errors.ParseError as error:
        raise _unfit(expression, relation, "it is not SQL") from error
    for node in tree.walk():
        if type(node).__name__ not in _ALLOWED:
            raise _unfit(expression, relation, f"{type(node).__name__} is no plain arithmetic")
    return str(tree.transform(lambda node: _placed(node, relation, dialect)).sql(dialect=dialect))


def _placed(node: exp.Expr, relation: Relation, dialect: str) -> exp.Expr:
    import sqlglot
    from sqlglot import exp

    if not isinstance(node, exp.Column):
        return node
    named = {column.name.lower(): column for column in reversed(relation.columns)}
    column = named.get(node.name.lower())
    if column is None:
        hint = nearest(node.name, [column.name for column in relation.columns])
        raise _unfit(node.name, relation, f"there is no column {node.name!r}", hint)
    if column.odd:
        return exp.Paren(this=sqlglot.parse_one(column.value, read=dialect))
    return exp.column(exp.to_identifier(column.name, quoted=True))


def _unfit(expression: str, relation: Relation, why: str, hint: str = "") -> SourceError:
    return SourceError(
        f"The money expression {expression!r} does not fit table {relation.name!r}: {why}.",
        f"{hint}Write a column's name or products and sums of columns.",
    )


def amount(value: object) -> Decimal | None:
    """A sum as the driver gives it; None where it is no finite number."""
    if value is None:
        return Decimal(0)
    total = value if isinstance(value, Decimal) else Decimal(str(value))
    return total if total.is_finite() else None
