"""Positions survive their own text; anything else is no position."""

from __future__ import annotations

from dataclasses import replace

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from omnix.sources.database.position import Position, shape_of
from omnix.sources.database.relation import Column, Relation

ORDERS = Relation(
    name="orders",
    sql="orders",
    columns=(
        Column("order_id", "int", pa.int32(), "order_id"),
        Column("updated_at", "datetime", pa.timestamp("us"), "updated_at", moment="naive"),
    ),
    key=("order_id",),
)


@given(st.builds(Position))
@settings(deadline=None)
def test_text_and_back(position: Position) -> None:
    assert Position.parse(position.text()) == position


@pytest.mark.parametrize("text", [None, "", "{}", "[]", "3", '{"colour": "red"}', "{half"])
def test_what_is_no_position_means_from_the_beginning(text: str | None) -> None:
    assert Position.parse(text) is None


def test_the_shape_changes_with_columns_types_key_and_watermark() -> None:
    first, second = ORDERS.columns
    shapes = {
        shape_of(relation, relation.columns)
        for relation in (
            ORDERS,
            replace(ORDERS, columns=(first,)),
            replace(ORDERS, columns=(replace(first, arrow=pa.int64()), second)),
            replace(ORDERS, key=()),
            replace(ORDERS, columns=(first, replace(second, name="date_modified"))),
        )
    }
    assert len(shapes) == 5
