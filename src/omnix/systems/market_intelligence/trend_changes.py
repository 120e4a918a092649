"""When a series changed its level or its growth."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from omnix.core.table import Column, table
from omnix.systems.market_intelligence._daily import Series, all_series, arrow, share

if TYPE_CHECKING:
    from omnix.ml.changes import Change

#: The share of false changes among all that are told.
_LINE = 0.05
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
        "float64",
        "level: the mean of a day right before, with weekdays, season and promotions taken out; growth: that of a year until then, as a share.",
        nullable=True,
    ),
    "after": Column(
        "float64",
        "The same from that day on; empty where so near nought no growth can be told.",
        nullable=True,
    ),
    "change": Column(
        "float64",
        "level: after / before − 1; growth: (1 + after) / (1 + before) − 1; empty where the level before (of growth, that on the day) is below a fifth of the mean: so near nought no share can be told.",
        nullable=True,
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
        "a level's change is that from before to after": "kind <> 'level' or change is null or abs(before * (1 + change) - after) <= 0.000001 * (1 + after)",
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
        rows += [
            {
                **series.label, "metric": metric, "changed_on": series.day(each.at),
                "kind": each.kind, "p": each.p, **_change(each),
            }
            for each in found.changes
        ]  # fmt: skip
    return rows


def _change(each: Change) -> dict[str, Any]:
    """What was before and after, the size of the change between them, and its words."""
    is_up = each.effect > 0
    if each.kind == "level":
        way, aside = "rose" if is_up else "fell", "weekdays, season and promotions aside"
        sides = {"before": each.before, "after": each.after}
        if each.near:
            return {**sides, "change": None, "reason": f"The level {way} near nought, {aside}."}
        size = each.after / each.before - 1
        return {
            **sides,
            "change": size,
            "reason": f"The level {way} by {share(abs(size))}, {aside}.",
        }
    way = "faster" if is_up else "slower"
    if each.near:
        words = f"From here on it grows {way}; near nought no share tells by how much."
        return {"before": None, "after": None, "change": None, "reason": words}
    factor = (1 + each.after) / (1 + each.before)
    return {
        "before": each.before, "after": each.after, "change": factor - 1,
        "reason": f"From here on a year grows {way}: by a factor of {factor:.2f} against before.",
    }  # fmt: skip


def _told(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Those whose q-value stands the test, among all that were looked at."""
    from omnix.ml.multiplicity import benjamini_hochberg

    chances = benjamini_hochberg([row["p"] for row in rows])
    for row, q in zip(rows, chances, strict=True):
        row["q"] = float(q)
    return [row for row in rows if row["changed_on"] is not None and row["q"] <= _LINE]
