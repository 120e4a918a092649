"""What the pipeline writes down of its own work, as tables that analytics may read.

They are views over the lake's commits, not tables of their own: a commit and what is said of it
cannot differ.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from omnix.core.table import Column

INGESTS: Mapping[str, Column] = MappingProxyType(
    {
        "table_name": Column("string", "The raw table."),
        "rows_source": Column("int64", "Rows as the source counted them.", nullable=True),
        "money_source_cents": Column("int64", "Money as the source summed it.", nullable=True),
        "rows_raw": Column("int64", "Rows read back from raw."),
        "money_raw_cents": Column("int64", "Money summed over raw.", nullable=True),
        "rows_mapped": Column("int64", "Rows that the mapping gives a home.", nullable=True),
        "money_mapped_cents": Column("int64", "Money of those rows.", nullable=True),
        "differing_rows": Column(
            "string", "Numbers of raw rows without a home or with two.", nullable=True
        ),
        "ingested_at": Column("timestamp", "When the last rows came in, UTC."),
    }
)

CURATIONS: Mapping[str, Column] = MappingProxyType(
    {
        "table_name": Column("string", "The curated table."),
        "rows_mapped": Column("int64", "Rows that the mapping gave."),
        "money_mapped_cents": Column("int64", "Their money.", nullable=True),
        "rows_curated": Column("int64", "Rows read back from curated."),
        "money_curated_cents": Column("int64", "Their money.", nullable=True),
        "rows_quarantined": Column("int64", "Rows set aside."),
        "money_quarantined_cents": Column("int64", "Their money.", nullable=True),
        "rows_excluded": Column("int64", "Of these, left out by a named rule of the mapping."),
        "rows_duplicate": Column("int64", "Of these, older rows with the key of a newer one."),
        "rows_invalid": Column("int64", "Rows with an unreadable, missing or impossible value."),
        "rows_inconsistent": Column("int64", "Rows that contradict themselves or others."),
        "completeness": Column(
            "float64", "Share of cells filled, of the columns that the shop gives.", nullable=True
        ),
        "validity": Column("float64", "Share of rows whose values are possible.", nullable=True),
        "uniqueness": Column("float64", "Share of rows that are no duplicates.", nullable=True),
        "consistency": Column("float64", "Share of rows without contradiction.", nullable=True),
        "score": Column("float64", "The four together: 0.3, 0.3, 0.2, 0.2.", nullable=True),
        "empty_because": Column(
            "string", "Why there is nothing, where there is nothing.", nullable=True
        ),
        "differing_rows": Column(
            "string", "Numbers of rows neither kept nor set aside.", nullable=True
        ),
    }
)

QUARANTINE: Mapping[str, Column] = MappingProxyType(
    {
        "table_name": Column("string", "The curated table that the row was meant for."),
        "row_id": Column(
            "int64", "Number of the raw row; empty for a rule over several tables.", nullable=True
        ),
        "row_key": Column("string", "Its key there.", nullable=True, person="id"),
        "severity": Column("string", "error: set aside. warning: kept and noted."),
        "rules": Column("string", "Every broken rule in words."),
        "money_cents": Column("int64", "The money on it.", nullable=True),
        "source_row": Column(
            "string",
            "The row as it came, as JSON; only of rows set aside.",
            nullable=True,
            person="detail",
        ),
    }
)

RECORDS: Mapping[str, Mapping[str, Column]] = MappingProxyType(
    {"ingests": INGESTS, "curations": CURATIONS}
)
