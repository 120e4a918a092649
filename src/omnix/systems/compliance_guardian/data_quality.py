"""How good the shop's data is."""

from omnix.core.table import Column, table


@table(
    key=("table_name",),
    columns={
        "table_name": Column("string", "The curated table."),
        "rows_mapped": Column("int64", "Rows that the shop gave."),
        "rows_curated": Column("int64", "Rows kept."),
        "rows_quarantined": Column("int64", "Rows set aside."),
        "rows_excluded": Column(
            "int64", "Of these, left out by a named rule of the mapping; no fault."
        ),
        "rows_duplicate": Column("int64", "Of these, older rows with the key of a newer one."),
        "completeness": Column(
            "float64", "Share of cells filled, of the columns that the shop gives.", nullable=True
        ),
        "validity": Column("float64", "Share of rows whose values are possible.", nullable=True),
        "uniqueness": Column("float64", "Share of rows that are no duplicates.", nullable=True),
        "consistency": Column("float64", "Share of rows without contradiction.", nullable=True),
        "score": Column(
            "float64",
            "0.3 completeness + 0.3 validity + 0.2 uniqueness + 0.2 consistency.",
            nullable=True,
        ),
        "empty_because": Column(
            "string", "Why there is nothing, where there is nothing.", nullable=True
        ),
    },
    checks={
        "shares lie between 0 and 1": "coalesce(least(completeness, validity, uniqueness, consistency, score), 0) >= 0 "
        "and coalesce(greatest(completeness, validity, uniqueness, consistency, score), 1) <= 1",
        "duplicates and excluded rows are quarantined": "rows_duplicate + rows_excluded <= rows_quarantined",
    },
)
def data_quality(curations):
    """One row per curated table: what came, what was kept, how good it is."""
    return """
        select
            table_name, rows_mapped, rows_curated, rows_quarantined, rows_excluded, rows_duplicate,
            completeness, validity, uniqueness, consistency, score, empty_because
        from curations
    """
