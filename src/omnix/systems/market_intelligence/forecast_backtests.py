"""Every candidate's forecasts from past days, beside what then happened."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omnix.core.table import Column, table

if TYPE_CHECKING:
    import pyarrow as pa

_ENGINE = (
    "omnix.ml.forecasting", "omnix.ml.conformal", "omnix.ml.folds",
    "omnix.systems.market_intelligence.tasks", "omnix.systems.market_intelligence._trials",
)  # fmt: skip


@table(
    key=("metric", "grain", "level", "item", "model", "cut", "ahead"),
    columns={
        "metric": Column("string", "net_sales, units, orders or customers."),
        "grain": Column("string", "day, week (from Monday) or month."),
        "level": Column("string", "shop, country, store, category or product."),
        "item": Column("string", "The item, as in `sales_series`."),
        "model": Column("string", "The candidate."),
        "cut": Column("date", "The last period that it knew."),
        "ahead": Column("int32", "Periods after the cut; 1 is the first."),
        "period": Column("date", "The first day of the period that was forecast."),
        "predicted": Column(
            "float64", "What it said: hundredths of the currency for net_sales, else a count."
        ),
        "actual": Column("float64", "What happened, in the same unit."),
        "scale": Column(
            "float64",
            "Mean absolute difference from one season before, up to the cut: the unit of errors.",
        ),
        "closed": Column("bool", "Whether no open day was expected in the period."),
        "series_class": Column(
            "string", "smooth, erratic, intermittent, lumpy, short, new, dead or constant."
        ),
        "part": Column(
            "string", "choose: served the choice of a model; report: took no part in it."
        ),
    },
    checks={
        "the unit is above nought": "scale > 0",
        "it lies after its cut": "period > cut and ahead >= 1",
        "the part is known": "part in ('choose', 'report')",
    },
    keep_days=7,
    code=_ENGINE,
)
def forecast_backtests(
    sales_series, promotions, holidays, categories, *, as_of, budget
) -> pa.Table:
    """One row per metric, grain, item, candidate, past cut and period after it.

    All candidates see the same cuts and days. The shop, countries and categories are all tried, of
    the products a sample of each kind. Which candidates are tried follows from the time that trying
    may take (`forecasting.budget_seconds`), by the cost that they declare: cheap ones first, dear ones
    where series are few. It is done again after seven days.
    """
    import pyarrow as pa

    from omnix.core.arrow import schema
    from omnix.systems.market_intelligence import _trials
    from omnix.systems.market_intelligence.tasks import Sales, cut_of

    sales = Sales(sales_series, promotions, holidays, categories, cut_of(as_of))
    rows = _trials.tried(sales, budget)
    return pa.Table.from_pandas(
        rows, schema=schema(forecast_backtests.columns), preserve_index=False
    )
