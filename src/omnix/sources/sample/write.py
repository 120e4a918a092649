"""Writing of Parquet files that are the same byte for byte whenever their content is."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

ROWS_PER_GROUP = 262_144


def write_table(path: Path, table: pa.Table) -> None:
    """Write `table`, all of it or nothing: a file with its name is always whole."""
    part = path.with_suffix(".part")
    pq.write_table(
        table, part, compression="zstd", compression_level=1, row_group_size=ROWS_PER_GROUP
    )
    part.replace(path)
