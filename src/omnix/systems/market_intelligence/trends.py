"""Where each series is going: growth, momentum, season, and what can be said of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from omnix.core.table import Column, table
from omnix.systems.market_intelligence._daily import Series, all_series, arrow, share

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

#: Days of a value; of a year of whole weeks; the fewest weeks for a momentum.
_VALUE, _YEAR, _FEWEST = 28, 364, 12
#: The q-value that a trend must have; how much over its weeks still is stable.
_LINE, _STABLE = 0.05, 0.2
_CODE = (
    "omnix.ml._fitted",
    "omnix.ml._scan",
    "omnix.ml.changes",
    "omnix.ml.momentum",
    "omnix.ml.seasonality",
    "omnix.ml.stationarity",
    "omnix.ml.multiplicity",
    "omnix.systems.market_intelligence._daily",
    "omnix.systems.market_intelligence.trends",
)

_COLUMNS = {
    "level": Column("string", "shop, country, store, category or product."),
    "item": Column("string", "Its item as in `sales_series`; empty for the shop."),
    "item_name": Column("string", "Its name, where it has one.", nullable=True),
    "parent": Column("string", "The category of a product.", nullable=True),
    "currency": Column("string", "ISO 4217 code of the money of `net_sales`."),
    "metric": Column("string", "net_sales (hundredths), orders, units or customers (of each day)."),
    "since": Column("date", "The day of its first sale or refund."),
    "until": Column("date", "The last day that counts: that before the as-of date."),
    "value_28d": Column("float64", "Sum of the last 28 days.", nullable=True),
    "value_before": Column("float64", "Sum of the 28 days before these.", nullable=True),
    "growth_28d": Column("float64", "Change against the 28 days before, a share.", nullable=True),
    "value_year_ago": Column(
        "float64", "Sum of the same 28 days 364 days before, on the same weekdays.", nullable=True
    ),
    "growth_year": Column("float64", "Change against them, a share.", nullable=True),
    "cagr": Column(
        "float64",
        "Compound growth of a year, from the first whole year (364 days) to the last; with two years or more.",
        nullable=True,
    ),
    "momentum": Column(
        "float64",
        "Median slope of the last 52 weeks (26 with less than two years of days, 12 at least), a share of their mean each week; weekdays, season, promotions and wild days taken out.",
        nullable=True,
    ),
    "momentum_lower": Column("float64", "Lower end of its 95 % interval.", nullable=True),
    "momentum_upper": Column("float64", "Upper end of its 95 % interval.", nullable=True),
    "season_weekly": Column(
        "float64", "Strength of the weekday, 0 to 1; 0.64 and more is strong.", nullable=True
    ),
    "season_yearly": Column(
        "float64", "Strength of the season of the year, 0 to 1; from two years on.", nullable=True
    ),
    "adf_p": Column(
        "float64", "Dickey and Fuller: small where weeks return to a level.", nullable=True
    ),
    "kpss_p": Column(
        "float64", "Kwiatkowski et al.: small where they leave it; 0.01 to 0.1.", nullable=True
    ),
    "stationary": Column(
        "bool", "What both tests say; empty where they disagree.", nullable=True
    ),
    "trend_type": Column("string", "growth, decline, stable, seasonal or unknown."),
    "p": Column("float64", "Chance of such a momentum in noise.", nullable=True),
    "q": Column(
        "float64", "Share of false trends among all told down to this p.", nullable=True
    ),
    "reason": Column("string", "Why it is called so, and what cannot be told yet."),
}  # fmt: skip


@table(
    key=("level", "item", "metric"),
    columns=_COLUMNS,
    checks={
        "the type is known": "trend_type in ('growth', 'decline', 'stable', 'seasonal', 'unknown')",
        "a trend stands the test": "trend_type not in ('growth', 'decline') or coalesce(q <= 0.05, false)",
        "the momentum lies in its interval": "momentum is null or momentum between momentum_lower and momentum_upper",
        "strengths are shares": "coalesce(season_weekly, 0) between 0 and 1 and coalesce(season_yearly, 0) between 0 and 1",
    },
    keep_days=1,
    code=_CODE,
)
def trends(sales_series, *, as_of):
    """One row per metric of the shop, a country, a store, a category or a top product.

    Those of most net sales in the last 364 days: up to 50 countries, 50 stores, 200 categories, 50
    products.
    growth and decline: a momentum that stands the test of Mann and Kendall among all series looked
    at (Benjamini and Hochberg 1995, q ≤ 0.05). Else seasonal: the year's season is strong; stable:
    the change over these weeks lies within ± 20 % surely; unknown: it may be more, or there is too little
    data. What cannot be told is empty, and `reason` says what would be needed.
    """
    rows = [
        _row(each, metric, values)
        for each in all_series(sales_series, as_of)
        for metric, values in each.values.items()
    ]
    return arrow(_judged(rows), _COLUMNS)


def _row(series: Series, metric: str, values: Floats) -> dict[str, Any]:
    row: dict[str, Any] = {
        **series.label,
        "metric": metric,
        "since": series.first,
        "until": series.day(len(series) - 1),
        "lacking": [],
    }
    row |= _growth(values, row["lacking"])
    row |= _weekly(series, values, row["lacking"])
    return row


def _growth(values: Floats, lacking: list[str]) -> dict[str, Any]:
    """Sums of four weeks against those before and a year ago, and the growth of years."""
    days = len(values)
    now = _sum(values, 0)
    before, year_ago = _sum(values, _VALUE), _sum(values, _YEAR)
    years = days // _YEAR - 1
    cagr = None
    if years < 1:
        lacking.append(f"Yearly growth needs {2 * _YEAR} days; there are {days}.")
    else:
        first = float(values[days - (years + 1) * _YEAR :][:_YEAR].sum())
        last = float(values[days - _YEAR :].sum())
        if first > 0 and last >= 0:
            cagr = (last / first) ** (1 / years) - 1
        else:
            lacking.append("Yearly growth needs sales in the first year.")
    if now is not None and year_ago is None and years < 1:
        lacking.append(f"The year before needs {_YEAR + _VALUE} days.")
    return {
        "value_28d": now,
        "value_before": before,
        "growth_28d": _against(now, before),
        "value_year_ago": year_ago,
        "growth_year": _against(now, year_ago),
        "cagr": cagr,
    }


def _sum(values: Floats, ago: int) -> float | None:
    """The sum of 28 days that end so many days ago; None where they reach beyond the beginning."""
    end = len(values) - ago
    return float(values[end - _VALUE : end].sum()) if end >= _VALUE else None


def _against(now: float | None, then: float | None) -> float | None:
    return now / then - 1 if now is not None and then is not None and then > 0 else None


def _weekly(series: Series, values: Floats, lacking: list[str]) -> dict[str, Any]:
    """Momentum, seasons and stationarity, of whole weeks that end at the cut."""
    from omnix.ml import stationarity
    from omnix.ml.changes import NEEDED, without_season
    from omnix.ml.momentum import momentum
    from omnix.ml.seasonality import seasonal

    told: dict[str, Any] = {}
    if len(values) >= 21:
        told["season_weekly"] = seasonal(values[-_YEAR:], 7)[1]
    clean, days = values, len(values)
    if days >= NEEDED and values.sum() > 0:
        clean, strength = without_season(
            values, first_weekday=series.first.weekday(), marks=series.marks
        )
        told |= {"season_yearly": strength} if days >= 2 * _YEAR else {}
    if days < 2 * _YEAR:
        lacking.append("The season of the year needs two years.")
    weeks = clean[days % 7 :].reshape(-1, 7).sum(axis=1)
    if len(weeks) >= stationarity.NEEDED:
        found = stationarity.stationarity(weeks)
        if found is not None:
            told |= {"adf_p": found.adf_p, "kpss_p": found.kpss_p, "stationary": found.stationary}
    else:
        lacking.append(f"Stationarity needs {stationarity.NEEDED} weeks.")
    # Where the season cannot be told from a trend, a year would hold too much of it.
    recent = weeks[-(52 if days >= 2 * _YEAR else 26) :]
    mean = float(recent.mean()) if len(recent) else 0.0
    if len(recent) < _FEWEST:
        lacking.insert(0, f"A trend needs {_FEWEST} weeks; there are {len(weeks)}.")
    elif mean <= 0 or values[-7 * len(recent) :].sum() <= 0:
        lacking.insert(0, f"Nothing is left of the last {len(recent)} weeks.")
    else:
        slope = momentum(recent)
        told |= {
            "momentum": slope.slope / mean,
            "momentum_lower": slope.lower / mean,
            "momentum_upper": slope.upper / mean,
            "p": slope.p,
            "weeks": len(recent),
        }
    return told


def _judged(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows with q-values, types and words."""
    import math

    from omnix.ml.multiplicity import benjamini_hochberg

    chances = benjamini_hochberg([row.get("p", math.nan) for row in rows])
    for row, q in zip(rows, chances, strict=True):
        row["q"] = None if math.isnan(q) else float(q)
        row["trend_type"], words = _type(row)
        row["reason"] = " ".join([words, *row.pop("lacking")]).strip()
        row.pop("weeks", None)
    return rows


def _type(row: dict[str, Any]) -> tuple[str, str]:
    """What the trend is called, and why."""
    from omnix.ml.seasonality import STRONG

    if row["q"] is None:
        return "unknown", ""
    weeks = row["weeks"]
    moved, low, high = (weeks * row[n] for n in ("momentum", "momentum_lower", "momentum_upper"))
    between = f"{share(low)} to {share(high)}"
    if row["q"] <= _LINE and moved != 0:
        way = "growth" if moved > 0 else "decline"
        return way, f"{way.capitalize()} of {share(abs(moved))} in {weeks} weeks ({between})."
    if row.get("season_yearly", 0.0) >= STRONG:
        return (
            "seasonal",
            f"No trend, but the season of the year is strong ({row['season_yearly']:.2f}).",
        )
    if max(abs(low), abs(high)) <= _STABLE:
        return "stable", f"Within {between} in {weeks} weeks."
    return (
        "unknown",
        f"Anything from {between} in {weeks} weeks is possible: too much chance to tell.",
    )
