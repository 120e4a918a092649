"""Forecasts that were made, and what then happened."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omnix.core.table import Column, table

if TYPE_CHECKING:
    import pyarrow as pa


@table(
    key=("metric", "grain", "level", "item", "kind", "made_on", "period"),
    columns={
        "metric": Column("string", "net_sales, units, orders or customers."),
        "grain": Column("string", "day, week (from Monday) or month."),
        "level": Column("string", "shop, country, store, category or product."),
        "item": Column("string", "The item, as in `sales_series`."),
        "kind": Column(
            "string", "live: published before it happened; backtest: made afterwards from older data."
        ),
        "made_on": Column("date", "The as-of date of the forecast; all before it was known."),
        "period": Column("date", "The first day of the period that was forecast."),
        "ahead": Column("int32", "Periods after the last one that was known."),
        "predicted": Column("float64", "What was said: hundredths of the currency, or a count."),
        "baseline": Column("float64", "What the honest baseline said."),
        "lower_80": Column("float64", "The interval that should hold 80 of 100.", nullable=True),
        "upper_80": Column("float64", "Its upper end.", nullable=True),
        "lower_95": Column("float64", "The interval that should hold 95 of 100.", nullable=True),
        "upper_95": Column("float64", "Its upper end.", nullable=True),
        "model": Column("string", "The candidate that said it."),
        "model_version": Column("string", "Its registered version.", nullable=True),
        "actual": Column(
            "float64", "What happened; empty until the period is over, then written once.", nullable=True
        ),
        "error": Column("float64", "predicted − actual.", nullable=True),
        "settled_on": Column("date", "The as-of date on which it was settled.", nullable=True),
    },
    checks={
        "the kind is known": "kind in ('live', 'backtest')",
        "it was made before it was over": "made_on < period + case grain when 'day' then interval 1 day"
        " when 'week' then interval 7 day else interval 1 month end",
        "settled means known": "(actual is null) = (settled_on is null) and (actual is null) = (error is null)",
    },
    keep_days=1,
    code=("omnix.systems.market_intelligence._settled",),
)  # fmt: skip
def forecast_scoreboard(
    forecasts,
    forecast_backtests,
    sales_series,
    promotions,
    holidays,
    categories,
    *,
    as_of,
    previous,
) -> pa.Table:
    """One row per forecast that was made, by metric, grain, item, kind, day of making and period.

    What was said is never overwritten, and what happened is written once, as the data showed it when
    the period was first over. It begins with what the same choice would have said on past cuts (kind
    `backtest`; intervals only where no fold of the choice is meant). Live forecasts are kept up to 28
    days, 8 weeks and 3 months ahead, for the shop, the 10 largest countries, 20 categories and 50
    products.
    """
    import pyarrow as pa

    from omnix.core.arrow import frame, schema
    from omnix.systems.market_intelligence import _settled
    from omnix.systems.market_intelligence.tasks import Sales, cut_of

    sales = Sales(sales_series, promotions, holidays, categories, cut_of(as_of))
    before = frame(previous) if previous is not None else None
    rows = _settled.scoreboard(sales, frame(forecasts), frame(forecast_backtests), before)
    return pa.Table.from_pandas(
        rows, schema=schema(forecast_scoreboard.columns), preserve_index=False
    )
