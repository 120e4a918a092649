"""Whether every row and every cent of the source can be accounted for."""

from omnix.core.table import Column, table


@table(
    key=("step", "table_name"),
    columns={
        "step": Column("string", "source to raw, raw to mapped, or mapped to curated."),
        "table_name": Column("string", "The raw table; the curated one for the last step."),
        "rows_in": Column("int64", "Rows that went in."),
        "rows_kept": Column("int64", "Rows that came out."),
        "rows_quarantined": Column("int64", "Rows set aside, each with its rules in `quarantine`."),
        "rows_difference": Column("int64", "In − kept − set aside."),
        "money_in_cents": Column(
            "int64",
            "Money that went in; empty where the table has none, or one side does not know it.",
            nullable=True,
        ),
        "money_kept_cents": Column("int64", "Money that came out.", nullable=True),
        "money_quarantined_cents": Column("int64", "Money set aside.", nullable=True),
        "money_difference_cents": Column("int64", "In − kept − set aside.", nullable=True),
        "differing_rows": Column(
            "string", "Numbers of the raw rows that make the difference.", nullable=True
        ),
        "balanced": Column("bool", "Whether both differences are nought."),
    },
    checks={
        "balanced means no difference": "balanced = (rows_difference = 0 and coalesce(money_difference_cents, 0) = 0)",
    },
)
def books_balance(ingests, curations):
    """One row per step and table: source = raw = curated + quarantined, in rows and in money.

    What a source cannot count or sum has nothing to be compared with: without its rows there is no
    first step, without the money of either side the money stays empty. Behind the mapping nothing
    is unknown: there an empty sum is nought.
    """
    return """
        with steps as (
            select
                'source to raw' as step, table_name, rows_source as rows_in, rows_raw as rows_kept,
                cast(0 as bigint) as rows_quarantined, money_source_cents as money_in_cents,
                money_raw_cents as money_kept_cents, cast(0 as bigint) as money_quarantined_cents,
                cast(null as varchar) as differing_rows
            from ingests
            where rows_source is not null
            union all
            select
                'raw to mapped', table_name, rows_raw, rows_mapped, 0,
                money_raw_cents, money_mapped_cents, 0, differing_rows
            from ingests
            where rows_mapped is not null
            union all
            select
                'mapped to curated', table_name, rows_mapped, rows_curated, rows_quarantined,
                coalesce(money_mapped_cents, money_curated_cents * 0, money_quarantined_cents * 0),
                coalesce(money_curated_cents, money_mapped_cents * 0, money_quarantined_cents * 0),
                coalesce(money_quarantined_cents, 0), differing_rows
            from curations
        ),
        compared as (
            select
                step, table_name, rows_in, rows_kept, rows_quarantined, differing_rows,
                case when money_kept_cents is not null then money_in_cents end as money_in_cents,
                case when money_in_cents is not null then money_kept_cents end as money_kept_cents,
                case when money_in_cents is not null and money_kept_cents is not null
                    then money_quarantined_cents
                end as money_quarantined_cents
            from steps
        ),
        differences as (
            select
                step, table_name, rows_in, rows_kept, rows_quarantined,
                rows_in - rows_kept - rows_quarantined as rows_difference,
                money_in_cents, money_kept_cents, money_quarantined_cents,
                money_in_cents - money_kept_cents - money_quarantined_cents as money_difference_cents,
                differing_rows
            from compared
        )
        select
            step, table_name, rows_in, rows_kept, rows_quarantined, rows_difference,
            money_in_cents, money_kept_cents, money_quarantined_cents, money_difference_cents,
            differing_rows,
            rows_difference = 0 and coalesce(money_difference_cents, 0) = 0 as balanced
        from differences
    """
