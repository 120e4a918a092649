"""Demand of each product for those who order stock: forecast, trend, season, when to order more."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from omnix.app.analytics.errors import NotFoundError
from omnix.app.forecasting.phrases import share, told
from omnix.app.forecasting.stored import Stored
from omnix.core.errors import nearest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omnix.app.analytics.reader import Pins, Reader

TABLES = ("forecasts", "forecast_model_comparison", "sales_series", "products", "inventory")
TRENDS = ("increasing", "stable", "decreasing")
#: A change of demand below this share is none.
_STEADY = 0.1
#: Shares of a product's day-to-day variance that its weekdays explain.
_LOW, _HIGH = 0.1, 0.3
#: Days within which stock that runs out is critical.
_CRITICAL = 7
#: Weeks of days from which a season is measured.
_SEASON_DAYS = 182

_NO_SAVINGS = "What an order saves is not known: neither the cost of holding stock nor of ordering is in the data."  # fmt: skip


@dataclass(frozen=True)
class ProductsAsked:
    """A page of products, `days` of forecast each; `trend`: one of TRENDS, or empty."""

    page: int = 1
    limit: int = 5
    days: int = 30
    trend: str = ""


@dataclass(frozen=True)
class _Stock:
    """What lies in all warehouses. `reorder`: pieces at which the shop orders more."""

    free: int
    reorder: int
    order: int | None


class ProductForecasts:
    """Every product's demand over the next `days` days, from the stored forecasts."""

    def __init__(self, reader: Reader, pins: Pins, days: int) -> None:
        self.stored, self.days = Stored(reader, pins), days
        self._lines = self._forecasts()
        self._stock = self._stocks()
        self._scores = self._accuracies()
        self._lately = self._sold()

    def metrics(self) -> dict[str, Any]:
        """The five figures over all products; null with the reason where they cannot be known."""
        told_of = [self._told(name) for name in self._lines]
        known = [each["accuracy"] for each in told_of if each["accuracy"] is not None]
        orders = [each["nextOrderDate"] for each in told_of]
        return {
            "totalForecasts": len(told_of),
            "averageAccuracy": share(sum(known) / len(known)) if known else None,
            "upcomingReorders": sum(each is not None for each in orders) if self._stock else None,
            "potentialSavings": None,
            "criticalItems": sum(each["isCritical"] for each in told_of) if self._stock else None,
            "reasons": self._reasons(bool(known)),
        }

    def page(self, asked: ProductsAsked) -> dict[str, Any]:
        """A page of products, those that sell most first."""
        every = [self._told(name) for name in self._lines]
        fitting = [each for each in every if not asked.trend or each["trend"] == asked.trend]
        begin = (asked.page - 1) * asked.limit
        shown = [self._whole(each) for each in fitting[begin : begin + asked.limit]]
        empty = self._empty()
        return {
            "data": shown,
            "pagination": {
                "page": asked.page, "limit": asked.limit, "total": len(fitting),
                "pages": math.ceil(len(fitting) / asked.limit),
            },
            "meta": self.metrics(),
            "empty_because": empty[0] if empty else None,
            "needed": empty[1] if empty else None,
            "provenance": self.stored.provenance(),
        }  # fmt: skip

    def one(self, product_id: str) -> dict[str, Any]:
        """One product.

        Raises:
            NotFoundError: the shop has no such product.

        """
        empty = self._empty()
        if product_id in self._lines:
            return {**self._whole(self._told(product_id)), "empty_because": None, "needed": None, "provenance": self.stored.provenance()}  # fmt: skip
        known = self._names()
        if product_id not in known:
            raise NotFoundError(
                f"There is no product {product_id[:80]!r}.",
                f"{nearest(product_id[:80], list(known)[:5000])}GET /api/v1/forecasts lists those with a forecast.",
            )  # fmt: skip
        name, sku = known[product_id]
        because = empty or ("No forecast is stored for it: too little was sold of late.", "More sales of it, and a run.")  # fmt: skip
        return {
            **_nothing(product_id, name, sku),
            "empty_because": because[0],
            "needed": because[1],
            "provenance": self.stored.provenance(),
        }

    def _empty(self) -> tuple[str, str] | None:
        if gone := self.stored.missing(["forecasts"]):
            return gone
        return None if self._lines else ("No product has a forecast of units.", "Products with some weeks of sales.")  # fmt: skip

    def _told(self, name: str) -> dict[str, Any]:
        """Everything but the days, which only shown products need."""
        rows = self._lines[name]
        when, quantity, critical = self._order(name, rows)
        return {
            "productId": name,
            "trend": self._trend(name, rows),
            "accuracy": self._scores.get(name),
            "nextOrderDate": when,
            "recommendedQuantity": quantity,
            "isCritical": critical,
        }

    def _whole(self, head: dict[str, Any]) -> dict[str, Any]:
        name = head["productId"]
        rows = self._lines[name]
        title, sku = self._names((name,)).get(name, (rows[0]["item_name"], None))
        season, reason = self._season(name)
        stock = self._stock.get(name)
        return {
            "productId": name,
            "productName": title,
            "productSku": sku,
            "forecastDays": len(rows),
            "data": [_day(row) for row in rows],
            "trend": head["trend"],
            "seasonality": season,
            "accuracy": head["accuracy"],
            "nextOrderDate": head["nextOrderDate"],
            "recommendedQuantity": head["recommendedQuantity"],
            "stock": stock.free if stock else None,
            "model": rows[0]["model"],
            "totalPredicted": told(math.fsum(row["value"] for row in rows), "count"),
            "reasons": {
                **({} if season else {"seasonality": reason}),
                **({} if stock else {"nextOrderDate": _NO_STOCK, "recommendedQuantity": _NO_STOCK}),
                **({} if head["accuracy"] is not None else {"accuracy": _NO_TRIAL}),
            },
        }

    def _order(self, name: str, rows: Sequence[dict[str, Any]]) -> tuple[date | None, int | None, bool]:  # fmt: skip
        """When the free stock falls to the point of ordering, how much then, and whether it hurts.

        The quantity covers the days asked for even if the upper end of the 80 % interval comes
        true, and leaves the point of ordering; it is at least the shop's own order.
        """
        stock = self._stock.get(name)
        if stock is None:
            return None, None, False
        left, when, out = float(stock.free), None, None
        for row in rows:
            if when is None and left <= stock.reorder:
                when = row["period"]
            left -= row["value"]
            if out is None and left < 0:
                out = row["period"]
        if when is None and left <= stock.reorder and rows:
            when = rows[-1]["period"]
        wanted = math.fsum(row["upper_80"] for row in rows) + stock.reorder - stock.free
        quantity = max(0, math.ceil(wanted))
        if when is not None and stock.order:
            quantity = max(quantity, stock.order)
        soon = out is not None and (out - rows[0]["period"]).days < _CRITICAL
        return when, quantity if when is not None else 0, soon

    def _trend(self, name: str, rows: Sequence[dict[str, Any]]) -> str | None:
        """The days ahead against as many days before; None where those are not all known."""
        before = self._lately.get(name)
        if before is None:
            return None
        coming = math.fsum(row["value"] for row in rows)
        if before <= 0:
            return "increasing" if coming > 0.5 else "stable"
        change = (coming - before) / before
        return "increasing" if change > _STEADY else "decreasing" if change < -_STEADY else "stable"

    def _season(self, name: str) -> tuple[str | None, str]:
        """How much the weekdays differ, beyond what as many random groups would."""
        found = self.stored.rows(
            f"""
            with cut as (select coalesce($until, max(sold_on) + 1) as until from sales_series),
            days as (
                select cast(unnest(generate_series(greatest(until - {_SEASON_DAYS}, born), until - 1, interval 1 day)) as date) as day
                from cut, (select min(sold_on) as born from sales_series where level = 'product' and item = $item)
                where born is not null
            ),
            line as (
                select day, coalesce(units, 0) as units from days
                left join sales_series on level = 'product' and item = $item and sold_on = day
            ),
            means as (select isodow(day) as weekday, count(*) as n, avg(units) as mean from line group by weekday)
            select (select count(*) from line) as n, (select var_pop(units) from line) as variance,
                (select sum(n * (mean - (select avg(units) from line)) ** 2) / sum(n) from means) as between_
            """,
            {"item": name, "until": self.stored.as_of("sales_series")},
            "sales_series",
        )  # fmt: skip
        count = found[0]["n"] if found else 0
        if count < 56:
            return None, f"{count} days of history; 56 show a weekly season."
        variance = found[0]["variance"]
        if not variance:
            return "low", ""
        explained = found[0]["between_"] / variance
        explained = 1 - (1 - explained) * (count - 1) / (count - 7)
        return "high" if explained > _HIGH else "medium" if explained > _LOW else "low", ""

    def _reasons(self, scored: bool) -> dict[str, str]:
        found = {"potentialSavings": _NO_SAVINGS}
        if not self._stock:
            found |= {"upcomingReorders": _NO_STOCK, "criticalItems": _NO_STOCK}
        if not scored:
            found["averageAccuracy"] = _NO_TRIAL
        return found

    def _forecasts(self) -> dict[str, list[dict[str, Any]]]:
        rows = self.stored.rows(
            """
            select item, item_name, period, value, lower_80, upper_80, model from forecasts
            where metric = 'units' and grain = 'day' and level = 'product' and item <> '(none)'
                and ahead <= $days
            order by sum(value) over (partition by item) desc, item, ahead
            """,
            {"days": self.days},
            "forecasts",
        )
        found: dict[str, list[dict[str, Any]]] = {}
        for row in rows:
            found.setdefault(row["item"], []).append(row)
        return found

    def _stocks(self) -> dict[str, _Stock]:
        rows = self.stored.rows(
            """
            select product_id, sum(quantity_free) as free, coalesce(sum(reorder_point), 0) as reorder,
                max(reorder_quantity) as quantity
            from inventory group by product_id
            """,
            None,
            "inventory",
        )
        return {
            row["product_id"]: _Stock(int(row["free"]), int(row["reorder"]), row["quantity"])
            for row in rows
        }

    def _accuracies(self) -> dict[str, float]:
        """1 − WAPE of the chosen model, nought at least."""
        rows = self.stored.rows(
            """
            select item, wape from forecast_model_comparison
            where metric = 'units' and grain = 'day' and level = 'product' and chosen and wape is not null
            """,
            None,
            "forecast_model_comparison",
        )
        return {row["item"]: round(max(0.0, 1 - row["wape"]), 4) for row in rows}

    def _sold(self) -> dict[str, float]:
        """Units of as many days before as are forecast, of products that are older than that."""
        if not self._lines:
            return {}
        days = max(map(len, self._lines.values()))
        rows = self.stored.rows(
            """
            with cut as (select coalesce($until, max(sold_on) + 1) as until from sales_series)
            select item, coalesce(sum(units) filter (sold_on >= until - cast($days as integer)), 0) as units
            from sales_series, cut where level = 'product'
            group by item, until having min(sold_on) <= until - cast($days as integer)
            """,
            {"days": days, "until": self.stored.as_of("sales_series")},
            "sales_series",
        )  # fmt: skip
        return {row["item"]: float(row["units"]) for row in rows}

    def _names(self, only: Sequence[str] = ()) -> dict[str, tuple[str | None, str | None]]:
        where = "where list_contains($only, product_id)" if only else ""
        rows = self.stored.rows(
            f"select product_id, product_name, sku from products {where} order by product_id",
            {"only": list(only)} if only else None,
            "products",
        )
        return {row["product_id"]: (row["product_name"], row["sku"]) for row in rows}


_NO_STOCK = "The stock is not known: the shop has no inventory of it."
_NO_TRIAL = "It was not tried on the past: too little history."


def _day(row: dict[str, Any]) -> dict[str, Any]:
    """A day ahead. `confidence`: how likely the value is to lie between lower and upper."""
    return {
        "date": row["period"],
        "predicted": told(row["value"], "count"),
        "actual": None,
        "confidence": 0.8,
        "lower": told(row["lower_80"], "count"),
        "upper": told(row["upper_80"], "count"),
    }


def _nothing(product_id: str, name: str | None, sku: str | None) -> dict[str, Any]:
    return {
        "productId": product_id, "productName": name, "productSku": sku, "forecastDays": 0,
        "data": [], "trend": None, "seasonality": None, "accuracy": None, "nextOrderDate": None,
        "recommendedQuantity": None, "stock": None, "model": None, "totalPredicted": None,
        "reasons": {},
    }  # fmt: skip
