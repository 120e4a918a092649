"""When a series changed its level or its growth."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from omnix.core.table import Column, table
from omnix.systems.market_intelligence._daily import Series, all_series, arrow, share

if TYPE_CHECKING:
    from omnix.ml.changes import Change

#: The share of false changes among all that are told; days averaged on both sides.
_LINE, _AROUND = 0.05, 56
_CODE = (
    "omnix.ml._fitted",
    "omnix.ml._scan",
    "omnix.ml.changes",
    "omnix.ml.multiplicity",
    "omnix.systems.market_intelligence._daily",
    "omnix.systems.market_intelligence.trend_changes",
)

_COLUMNS = {
    "level": Column("string", "shop, country, store, category or product."),
    "item": Column("string", "Its item as in `sales_series`; empty for the shop."),
    "item_name": Column("string", "Its name, where it has one.", nullable=True),
    "parent": Column("string", "The category of a product.", nullable=True),
    "currency": Column("string", "ISO 4217 code of the money of `net_sales`."),
    "metric": Column("string", "net_sales (hundredths), orders, units or customers."),
    "changed_on": Column("date", "The first day of the new time."),
    "kind": Column("string", "level: a step; growth: from here on it grows otherwise."),
    "before": Column(
        "float64", "Mean per day of the eight weeks before (fewer after another change)."
    ),
    "after": Column(
        "float64", "Mean per day of the eight weeks from that day on (fewer before another)."
    ),
    "change": Column(
        "float64",
        "By which share the level changed, or the growth of a year, with weekdays, seasons and promotions taken out.",
    ),
    "p": Column("float64", "Chance of so clear a change where nothing changes."),
    "q": Column("float64", "Share of false changes among all told down to this p."),
    "reason": Column("string", "The change in words."),
}


@table(
    key=("level", "item", "metric", "changed_on", "kind"),
    columns=_COLUMNS,
    checks={
        "the kind is known": "kind in ('level', 'growth')",
        "chances are chances": "p between 0 and 1 and q between 0 and 1",
        "only what stands the test is told": "q <= 0.05",
    },
    keep_days=1,
    code=_CODE,
)
def trend_changes(sales_series, *, as_of):
    """One row per change point of a metric of the shop, a country, a category or a top product.

    Looked at are series with 112 days, those of most net sales in the last 364 days: up to 50
    countries, 200 categories, 50 products. A change must show beside weekdays, the season of the
    year, promotions, Christmas and passing spells of up to four weeks (see `omnix.ml.changes`); of
    all changes told at most one in twenty is chance (Benjamini and Hochberg 1995).
    """
    rows = [row for each in all_series(sales_series, as_of) for row in _rows(each)]
    return arrow(_told(rows), _COLUMNS)


def _rows(series: Series) -> list[dict[str, Any]]:
    """What was found, and a row without a day for the clearest change that is none."""
    from omnix.ml.changes import NEEDED, find_changes

    rows: list[dict[str, Any]] = []
    for metric, values in series.values.items():
        if len(series) < NEEDED or values.sum() <= 0:
            continue
        found = find_changes(values, first_weekday=series.first.weekday(), marks=series.marks)
        if not found.changes:
            rows.append({"changed_on": None, "p": found.p})
        places = [0, *(each.at for each in found.changes), len(series)]
        for number, each in enumerate(found.changes):
            before = values[max(places[number], each.at - _AROUND) : each.at]
            after = values[each.at : min(places[number + 2], each.at + _AROUND)]
            rows.append(
                {
                    **series.label, "metric": metric, "changed_on": series.day(each.at),
                    "kind": each.kind, "p": each.p,
                    "before": float(before.mean()), "after": float(after.mean()),
                    **_change(each),
                }
            )  # fmt: skip
    return rows


def _change(each: Change) -> dict[str, Any]:
    """The size of a change and its words; growth can never fall by more than all."""
    import math

    if each.kind == "level":
        way = "rose" if each.effect > 0 else "fell"
        words = (
            f"The level {way} by {share(abs(each.effect))}, weekdays, season and promotions aside."
        )
        return {"change": each.effect, "reason": words}
    size = math.expm1(min(each.effect, 20.0))
    way = "faster" if size > 0 else "slower"
    return {
        "change": size,
        "reason": f"From here on a year grows {way}: by a factor of {1 + size:.2f} against before.",
    }


def _told(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Those whose q-value stands the test, among all that were looked at."""
    from omnix.ml.multiplicity import benjamini_hochberg

    chances = benjamini_hochberg([row["p"] for row in rows])
    for row, q in zip(rows, chances, strict=True):
        row["q"] = float(q)
    return [row for row in rows if row["changed_on"] is not None and row["q"] <= _LINE]
