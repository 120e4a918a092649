"""A table's contract as Arrow knows it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from omnix.core.table import Column

if TYPE_CHECKING:
    import pyarrow as pa


def schema(columns: Mapping[str, Column]) -> pa.Schema:
    """The columns with their types, in their order; moments are UTC without a zone."""
    import pyarrow as pa

    kinds = {
        "string": pa.string(), "int32": pa.int32(), "int64": pa.int64(), "float64": pa.float64(),
        "bool": pa.bool_(), "timestamp": pa.timestamp("us"), "date": pa.date32(),
    }  # fmt: skip
    return pa.schema([(name, kinds[column.dtype]) for name, column in columns.items()])
