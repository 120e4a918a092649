"""What will be sold: every level, grain and period ahead, with intervals and the baseline beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omnix.core.table import Column, table

if TYPE_CHECKING:
    import pyarrow as pa


def _end(which: str, level: int) -> Column:
    return Column(
        "float64", f"The {which} end of the interval that should hold {level} of 100 outcomes."
    )


@table(
    key=("metric", "grain", "level", "item", "period"),
    columns={
        "metric": Column("string", "net_sales, units, orders or customers."),
        "grain": Column("string", "day, week (from Monday) or month."),
        "level": Column("string", "shop, country, store, category or product."),
        "item": Column("string", "The item, as in `sales_series`."),
        "item_name": Column("string", "Its name, where it has one.", nullable=True),
        "period": Column("date", "The first day of the period that is forecast."),
        "ahead": Column("int32", "Periods after the last one that is known."),
        "made_on": Column("date", "The as-of date; all before it was known."),
        "value": Column(
            "float64", "The forecast: hundredths of `currency` for net_sales, else a count."
        ),
        "lower_50": _end("lower", 50),
        "upper_50": _end("upper", 50),
        "lower_80": _end("lower", 80),
        "upper_80": _end("upper", 80),
        "lower_95": _end("lower", 95),
        "upper_95": _end("upper", 95),
        "baseline": Column("float64", "What the honest baseline says, in the same unit."),
        "closed": Column("bool", "Whether no open day is expected in the period."),
        "currency": Column("string", "Of net sales.", nullable=True),
        "model": Column("string", "The candidate that forecasts it."),
        "baseline_model": Column("string", "The baseline beside it."),
        "series_class": Column("string", "The kind of series that the choice was made for."),
        "model_version": Column(
            "string", "The registered version it comes from; empty if only baselines were tried.", nullable=True
        ),
        "reason": Column("string", "Why that candidate."),
    },
    checks={
        "intervals hold the forecast": "value between lower_50 - 1e-6 and upper_50 + 1e-6",
        "wider intervals hold narrower ones": "lower_95 <= lower_80 + 1e-6 and lower_80 <= lower_50 + 1e-6"
        " and upper_50 <= upper_80 + 1e-6 and upper_80 <= upper_95 + 1e-6",
        "nothing below nought is forecast": "value >= -1e-6",
        "a closed day has no sales": "not closed or value = 0",
        "money has a currency": "metric <> 'net_sales' or currency is not null",
    },
    keep_days=1,
    code=(
        "omnix.ml.forecasting", "omnix.ml.conformal",
        "omnix.systems.market_intelligence._outlooks", "omnix.systems.market_intelligence._scores",
        "omnix.systems.market_intelligence.tasks",
    ),
)  # fmt: skip
def forecasts(
    sales_series, forecast_backtests, promotions, holidays, categories, *, as_of, budget, models
) -> pa.Table:
    """One row per metric, grain, item and period ahead.

    What `forecast_model_comparison` chose is learnt on all days before `as_of`. Levels add up where
    a metric does: net sales and units over countries, stores, categories and products; orders over
    countries and stores; customers nowhere. Each grain is forecast by itself, so that weeks need
    not be the sums of days. Intervals come from how far off the same choice was on past cuts, by level, kind of series
    and distance. Days reach 90 ahead (products 30), weeks 26 (13), months 12 (6).

    A new choice becomes champion only if it beats the last one on the same days by more than
    noise; otherwise the last one is learnt again. A grain with too little history has no rows.
    """
    import pyarrow as pa

    from omnix.core.arrow import frame, schema
    from omnix.systems.market_intelligence import _outlooks
    from omnix.systems.market_intelligence.tasks import Sales, cut_of

    sales = Sales(sales_series, promotions, holidays, categories, cut_of(as_of))
    shelf = models if budget > 0 and models.is_there else None
    rows = _outlooks.made(sales, frame(forecast_backtests), shelf)
    return pa.Table.from_pandas(rows, schema=schema(forecasts.columns), preserve_index=False)
