"""Tables as Arrow knows them: a contract's schema, rows for pandas."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from omnix.core.table import Column

if TYPE_CHECKING:
    import duckdb
    import pandas as pd
    import pyarrow as pa


def schema(columns: Mapping[str, Column]) -> pa.Schema:
    """The columns with their types, in their order; moments are UTC without a zone."""
    import pyarrow as pa

    kinds = {
        "string": pa.string(), "int32": pa.int32(), "int64": pa.int64(), "float64": pa.float64(),
        "bool": pa.bool_(), "timestamp": pa.timestamp("us"), "date": pa.date32(),
    }  # fmt: skip
    return pa.schema([(name, kinds[column.dtype]) for name, column in columns.items()])


def frame(rows: duckdb.DuckDBPyRelation) -> pd.DataFrame:
    """Rows as pandas reads them from DuckDB, but equal texts are one object, as names stand in every row."""
    told = rows.to_arrow_table().to_pandas(date_as_object=False)
    moments = told.select_dtypes("datetime").columns
    return told.astype(dict.fromkeys(moments, "datetime64[us]"))
