"""Sales as forecasting asks for them: one task per metric and grain, from `sales_series`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING

from omnix.core.arrow import frame
from omnix.ml.errors import TooLittleData
from omnix.ml.folds import Grain
from omnix.ml.forecasting.periods import whole
from omnix.ml.forecasting.task import Known, Task

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

    from omnix.ml.forecasting.reconcile import Structure

GRAINS: tuple[Grain, ...] = ("day", "week", "month")
#: The column of `sales_series` that a metric sums.
METRICS: Mapping[str, str] = MappingProxyType(
    {"net_sales": "net_cents", "units": "units", "orders": "orders", "customers": "customers"}
)
#: Levels in the order in which they matter.
LEVELS = ("shop", "country", "store", "category", "product")
#: Levels over which a metric adds up: an order has one country and store, but may hold two categories.
_ADDS: Mapping[str, frozenset[str]] = MappingProxyType({
    "net_sales": frozenset({"country", "store", "category", "product"}),
    "units": frozenset({"country", "store", "category", "product"}),
    "orders": frozenset({"country", "store"}), "customers": frozenset(),
})  # fmt: skip
#: Periods that are forecast, by grain: of products, and of all else.
HORIZONS: Mapping[Grain, tuple[int, int]] = MappingProxyType(
    {"day": (30, 90), "week": (13, 26), "month": (6, 12)}
)
#: The share of a metric and of a grain in the time that trying may take.
_SHARE_OF_METRIC = {"net_sales": 0.4, "units": 0.3, "orders": 0.2, "customers": 0.1}
_SHARE_OF_GRAIN = {"day": 0.7, "week": 0.2, "month": 0.1}
_YEARS_BACK = 3
#: The words of a promotion, each between blanks.
_WORDS = """lower(concat(' ', translate(concat(coalesce(promotion_name, ''), ' ', coalesce(description, '')), '.,;:!?()/"', '          '), ' '))"""


@dataclass(frozen=True)
class Sales:
    """What the tables say up to a cut; `con` serves queries over `sales_series` and its neighbours."""

    rows: duckdb.DuckDBPyRelation
    promotions: duckdb.DuckDBPyRelation
    holidays: duckdb.DuckDBPyRelation
    categories: duckdb.DuckDBPyRelation
    until: date

    @cached_property
    def last(self) -> date:
        """The last whole day before the cut."""
        return self.until - timedelta(days=1)

    @cached_property
    def first(self) -> date | None:
        """The shop's first day with a sale, at most three years back; None when it never sold."""
        found = self.rows.filter("level = 'shop'").aggregate("min(sold_on)").fetchall()
        if not found or found[0][0] is None:
            return None
        earliest: date = found[0][0]
        return max(earliest, self.until - timedelta(days=366 * _YEARS_BACK))

    @cached_property
    def items(self) -> pd.DataFrame:
        """`unique_id, level, item, item_name, parent, currency, value` of every item; value: net sales of a year."""
        return self.rows.aggregate(
            "level || '=' || item as unique_id, level, item, max(item_name) as item_name,"
            " max(parent) as parent, max(currency) as currency,"
            f" coalesce(sum(net_cents) filter (sold_on >= date '{self.until - timedelta(days=365)}'), 0)::double as value",
            "level, item",
        ).order("level, item").df()  # fmt: skip

    @cached_property
    def known(self) -> Known:
        """What is known of days before they come."""
        return Known(
            daily=self._daily(),
            holidays=self._holidays(),
            promo=self._promoted(),
            price=self._prices(),
        )

    def task(self, metric: str, grain: Grain, names: frozenset[str] | None = None) -> Task:
        """One metric at one grain, for every item (or those named) of the levels that have it.

        Raises:
            TooLittleData: there is no whole period with a sale.

        """
        first, end = self._whole(grain)
        items = self.items
        levels = dict(zip(items["unique_id"], items["level"], strict=True))
        levels = {
            name: level
            for name, level in levels.items()
            if level != "product" or metric in {"net_sales", "units"}
        }
        if names is not None:
            levels = {name: level for name, level in levels.items() if name in names}
        history = self._dense(METRICS[metric], grain, first, end, names)
        history = history[history["unique_id"].isin(levels.keys())].reset_index(drop=True)
        levels = {name: levels[name] for name in history["unique_id"].unique()}
        few, many = HORIZONS[grain]
        horizons = {level: few if level == "product" else many for level in LEVELS}
        return Task(grain, history, levels, horizons, self.known)

    def history(
        self, metric: str, grain: Grain, names: frozenset[str], since: date
    ) -> pd.DataFrame:
        """`unique_id, ds, y` of some items in the periods from `since` to the cut that had sales."""
        sql = f"""
            select level || '=' || item as unique_id, date_trunc('{grain}', sold_on)::timestamp as ds,
                sum({METRICS[metric]})::double as y
            from sales
            where sold_on >= date '{since}' and sold_on <= date '{self.last}'
            group by all
        """
        return _asked(self._only(names), sql)

    def structures(self, metric: str) -> tuple[Structure, ...]:
        """The sums that hold for a metric, the upper levels first."""
        from omnix.ml.forecasting.reconcile import Structure

        adds, items = _ADDS[metric], self.items
        by = {level: tuple(own["unique_id"]) for level, own in items.groupby("level")}
        top = tuple(
            ("shop=", by[level])
            for level in ("country", "store", "category")
            if level in adds and level in by
        )
        if "product" not in adds or "product" not in by:
            return (Structure(top),) if top else ()
        products = items[items["level"] == "product"]
        low = tuple(
            (f"category={parent}", tuple(own["unique_id"]))
            for parent, own in products.groupby("parent")
        )
        return (Structure(top), Structure(low))

    def _whole(self, grain: Grain) -> tuple[date, date]:
        if self.first is None:
            raise TooLittleData("Nothing was ever sold.", "orders with a date before the cut")
        first, end = whole(self.first, self.last, grain)
        if first > end:
            raise TooLittleData(
                f"There is no whole {grain} between {self.first} and {self.last}.",
                f"at least one whole {grain} with sales",
            )
        return first, end

    def _dense(
        self, column: str, grain: Grain, first: date, end: date, names: frozenset[str] | None
    ) -> pd.DataFrame:
        """`unique_id, ds, y`: each item from its first period on, a period without a sale being nought."""
        step = {"day": "1 day", "week": "7 days", "month": "1 month"}[grain]
        rows = self.rows if names is None else self._only(names)
        sql = f"""
            with sold as (
                select level || '=' || item as unique_id, date_trunc('{grain}', sold_on)::date as ds,
                    sum({column})::double as y
                from sales
                where sold_on >= date '{first}' and sold_on <= date '{self.last}'
                group by all
            ),
            begun as (
                select unique_id, min(ds) as first from sold where ds <= date '{end}' group by all
            ),
            grid as (
                select unique_id, unnest(generate_series(first::timestamp, timestamp '{end}', interval {step}))::date as ds
                from begun
            )
            select g.unique_id, g.ds::timestamp as ds, coalesce(s.y, 0.0) as y
            from grid g left join sold s on s.unique_id = g.unique_id and s.ds = g.ds
            order by 1, 2
        """
        return _asked(rows, sql)

    def _only(self, names: frozenset[str]) -> duckdb.DuckDBPyRelation:
        """The rows of some items."""
        from duckdb import ColumnExpression, ConstantExpression

        pairs = [name.partition("=") for name in sorted(names)]
        levels = [ConstantExpression(level) for level in sorted({pair[0] for pair in pairs})]
        items = [ConstantExpression(item) for item in sorted({pair[2] for pair in pairs})]
        found = self.rows.filter(ColumnExpression("level").isin(*levels))
        return found.filter(ColumnExpression("item").isin(*items))

    def _daily(self) -> pd.DataFrame:
        """The shop's orders of each day, those without one included."""
        first, end = self._whole("day")
        return self._dense("orders", "day", first, end, frozenset({"shop="}))[["ds", "y"]]

    def _holidays(self) -> dict[date, str]:
        """Those of the countries that most orders come from, and those the shop itself tells of."""
        from omnix.ml.forecasting.calendar import holidays_of

        found = self.rows.filter("level = 'country'").aggregate("item, sum(orders) as n", "item")
        ranked = sorted(found.fetchall(), key=lambda row: (-row[1], row[0]))
        total = sum(row[1] for row in ranked)
        main = [row[0] for row in ranked if row[1] >= 0.2 * total]
        first = self.first or self.until
        told = holidays_of(main, first, self.until + timedelta(days=800))
        own = self.holidays.project("holiday_date, country, holiday_name").fetchall()
        return told | {day: str(name) for day, country, name in own if country in main}

    def _promoted(self) -> frozenset[date]:
        """Days with a promotion of the whole shop: those on which one ran, and those ahead for which one is planned.

        One that names a category concerns that alone, and one of 92 days or more is a standing offer: as
        `sales_series` tells them apart.
        """
        past = self.rows.filter("level = 'shop' and promoted").project("sold_on").fetchall()
        planned = self.promotions.filter(
            f"is_active and ends_at >= timestamp '{self.until}'"
            " and date_diff('day', starts_at::date, ends_at::date) < 92"
        ).project(f"starts_at::date, ends_at::date, {_WORDS}").fetchall()  # fmt: skip
        named = self.categories.filter("length(trim(category_name)) > 2").project(
            "lower(trim(category_name))"
        )
        names = [f" {row[0]} " for row in named.fetchall()]
        ahead = {
            date.fromordinal(day)
            for begin, end, words in planned
            if not any(name in words for name in names)
            for day in range(max(begin, self.until).toordinal(), end.toordinal() + 1)
        }
        return frozenset({row[0] for row in past} | ahead)

    def _prices(self) -> pd.DataFrame:
        """What a piece of each product cost, on days when it was sold."""
        found = self.rows.filter("level = 'product' and price_cents > 0")
        return frame(
            found.project(
                "level || '=' || item as unique_id, sold_on::timestamp as ds, price_cents::double as price"
            )
        )


def _asked(sales: duckdb.DuckDBPyRelation, sql: str) -> pd.DataFrame:
    """What `sql` selects from the rows, which it calls `sales`."""
    found = sales.query("sales", sql)
    if found is None:
        raise ValueError("a SELECT gives rows")
    return frame(found)


def budgets(seconds: float) -> Iterator[tuple[str, Grain, float]]:
    """Every metric and grain with its part of the time."""
    for metric in METRICS:
        for grain in GRAINS:
            yield metric, grain, seconds * _SHARE_OF_METRIC[metric] * _SHARE_OF_GRAIN[grain]


def cut_of(as_of: datetime) -> date:
    """The day of the cut; it raises a TypeError for what is no moment, as `Table.sql` expects."""
    if not isinstance(as_of, datetime):
        raise TypeError("a cut is a moment")
    return as_of.date()
