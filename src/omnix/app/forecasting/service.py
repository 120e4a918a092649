"""Everything that the routes on forecasts, trends, prices and models delegate to."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from omnix.app.analytics.query import dumps
from omnix.app.forecasting import explorer, levels, pricing, products, scoreboard, scores, trends
from omnix.app.forecasting.levels import LevelsAsked
from omnix.app.forecasting.products import ProductForecasts, ProductsAsked
from omnix.app.forecasting.registry import Models
from omnix.app.forecasting.subject import Subject
from omnix.app.forecasting.trends import TrendsAsked

if TYPE_CHECKING:
    from collections.abc import Callable

    from omnix.app.analytics.reader import Pins, Reader
    from omnix.app.app import App

__all__ = ["Forecasting", "LevelsAsked", "ProductsAsked", "TrendsAsked"]


class Forecasting:
    """One home's forecasts; safe in many threads. Methods that give `bytes` give JSON as it is sent."""

    def __init__(self, app: App, reader: Reader) -> None:
        self.app, self.reader = app, reader

    @cached_property
    def models(self) -> Models:
        """The model registry."""
        return Models(self.app)

    def close(self) -> None:
        """End what computes."""

    def levels(self, asked: LevelsAsked) -> bytes:
        """The parts of the shop."""
        return self._answer("levels", asked, levels.TABLES, lambda p: levels.levels(self.reader, p, asked))  # fmt: skip

    def series(
        self, metric: str, level: str, item: str, grain: str, past: int, horizon: int
    ) -> bytes:
        """One series with its forecast."""
        subject = Subject.of(metric, level, item, grain)
        return self._answer(
            "series",
            (subject, past, horizon),
            explorer.TABLES,
            lambda pins: explorer.series(self.reader, pins, subject, past, horizon),
        )

    def comparison(self, metric: str, grain: str, level: str, item: str) -> bytes:
        """Every candidate on the same folds."""
        return self._answer(
            "comparison",
            (metric, grain, level, item),
            scores.TABLES,
            lambda pins: scores.comparison(self.reader, pins, metric, grain, level, item),
        )

    def scoreboard(
        self, metric: str, level: str, item: str, grain: str, kind: str, limit: int
    ) -> bytes:
        """What was predicted against what happened."""
        subject = Subject.of(metric, level, item, grain)
        return self._answer(
            "scoreboard",
            (subject, kind, limit),
            scoreboard.TABLES,
            lambda pins: scoreboard.scoreboard(self.reader, pins, subject, kind, limit),
        )

    def trends(self, asked: TrendsAsked) -> bytes:
        """Growth and changes of level."""
        return self._answer("trends", asked, trends.TABLES, lambda p: trends.trends(self.reader, p, asked))  # fmt: skip

    def pricing(self, product_id: str) -> bytes:
        """Our prices beside competitors'."""
        return self._answer(
            "pricing", product_id, pricing.TABLES, lambda p: pricing.pricing(self.reader, p, product_id)
        )  # fmt: skip

    def products(self, asked: ProductsAsked) -> bytes:
        """A page of products with their demand."""
        return dumps(self._products(asked.days).page(asked))

    def product_metrics(self, days: int) -> bytes:
        """Five figures over all products."""
        found = self._products(days)
        return dumps({**found.metrics(), "provenance": found.stored.provenance()})

    def product(self, product_id: str, days: int) -> bytes:
        """One product's demand."""
        return dumps(self._products(days).one(product_id))

    def _products(self, days: int) -> ProductForecasts:
        names = self._declared(products.TABLES)
        return self.reader.answer(
            ("forecasting", "products", days), names, lambda p: ProductForecasts(self.reader, self._all(p, products.TABLES), days)
        )  # fmt: skip

    def _answer(
        self, kind: str, asked: Any, tables: tuple[str, ...], make: Callable[[Pins], dict[str, Any]]
    ) -> bytes:
        return self.reader.answer(
            ("forecasting", kind, asked),
            self._declared(tables),
            lambda pins: dumps(make(self._all(pins, tables))),
        )

    def _declared(self, tables: tuple[str, ...]) -> list[str]:
        return [name for name in tables if name in self.reader.tables]

    def _all(self, pins: Pins, tables: tuple[str, ...]) -> Pins:
        """The pins, with None for tables that nobody has declared."""
        return {name: pins.get(name) for name in tables}
