"""Which candidate forecasts what, and how every one of them did on the same days."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omnix.core.table import Column, table

if TYPE_CHECKING:
    import pyarrow as pa


def _score(about: str) -> Column:
    return Column("float64", about, nullable=True)


@table(
    key=("metric", "grain", "level", "item", "model"),
    columns={
        "metric": Column("string", "net_sales, units, orders or customers."),
        "grain": Column("string", "day, week (from Monday) or month."),
        "level": Column("string", "shop, country, store, category or product."),
        "item": Column("string", "The item, as in `sales_series`."),
        "series_class": Column("string", "The kind of series that the choice was made for."),
        "model": Column("string", "The candidate; `ensemble` is a weighted mean of the best."),
        "family": Column(
            "string", "baseline, statistical, intermittent, prophet, global, deep or ensemble."
        ),
        "is_baseline": Column("bool", "Whether it is an honest baseline."),
        "chosen": Column("bool", "Whether it forecasts this series."),
        "weight": _score("Its share in the forecast."),
        "mase": _score("Mean absolute error in the unit of the seasonal difference; 1 is that."),
        "rmsse": _score("Root of the mean squared error in that unit."),
        "wape": _score("Sum of absolute errors as a share of the sum of what happened."),
        "mape": _score("Mean absolute error as a share of each day that was not nought."),
        "smape": _score("Symmetric MAPE, 0 to 2."),
        "rmse": _score("Root mean squared error: hundredths of the currency, or a count."),
        "mae": _score("Mean absolute error in the same unit."),
        "bias": _score("Mean error in the same unit; positive: too high."),
        "r2": _score("Share of the variance explained; below 0: worse than the mean."),
        "choose_mase": _score("Its MASE on the days of the choice."),
        "coverage_80": _score("Share of open days inside the 80 % interval; of the chosen one."),
        "coverage_95": _score("Share of open days inside the 95 % interval; of the chosen one."),
        "margin": _score("Share by which its MASE is below the baseline's; negative: above."),
        "p_value": _score("How likely luck alone makes the choice that much better."),
        "folds": Column("int32", "Past cuts that the scores rest on."),
        "horizon": Column("int32", "Periods ahead that they reach."),
        "tested_from": Column("date", "The first period they were measured on."),
        "tested_to": Column("date", "The last."),
        "reason": Column("string", "Why it was chosen; empty for the others."),
    },
    checks={
        "a share is a share": "weight is null or weight between 0 and 1",
        "coverage is a share": "coalesce(coverage_80, 0) between 0 and 1 and coalesce(coverage_95, 0) between 0 and 1",
        "errors are not negative": "least(coalesce(mase, 0), coalesce(rmse, 0), coalesce(mae, 0)) >= 0",
    },
    keep_days=7,
    code=(
        "omnix.ml.forecasting.decide", "omnix.ml.forecasting.choose", "omnix.ml.conformal",
        "omnix.ml.forecasting.reconcile", "omnix.systems.market_intelligence._scores",
    ),
)  # fmt: skip
def forecast_model_comparison(
    forecast_backtests, sales_series, promotions, holidays, categories, *, as_of
) -> pa.Table:
    """One row per metric, grain, item that was tried, and candidate.

    The choice is made for each level and kind of series on older cuts; scores are of newer ones,
    which took no part in it (with fewer than three cuts there are none apart, and the scores are
    those of the choice). The chosen candidate's scores are those after levels were made to add up.
    """
    import pyarrow as pa

    from omnix.core.arrow import frame, schema
    from omnix.systems.market_intelligence import _scores
    from omnix.systems.market_intelligence.tasks import Sales, cut_of

    sales = Sales(sales_series, promotions, holidays, categories, cut_of(as_of))
    rows = _scores.comparison(frame(forecast_backtests), sales)
    return pa.Table.from_pandas(
        rows, schema=schema(forecast_model_comparison.columns), preserve_index=False
    )
