"""Everything that the routes on forecasts, trends, prices and models delegate to."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from omnix.app.analytics.query import dumps
from omnix.app.forecasting import (
    engine_tasks,
    explorer,
    levels,
    pricing,
    products,
    scoreboard,
    scores,
    stored_answers,
    trends,
    what_if_tasks,
)
from omnix.app.forecasting.engine_tasks import TABLES as ENGINE_TABLES
from omnix.app.forecasting.levels import LevelsAsked
from omnix.app.forecasting.on_demand import Computation, OnDemand
from omnix.app.forecasting.products import ProductForecasts, ProductsAsked
from omnix.app.forecasting.questions import (
    Change,
    CompareWanted,
    ForecastWanted,
    WhatIfWanted,
    model_named,
)
from omnix.app.forecasting.registry import Models
from omnix.app.forecasting.sentences import emptiness
from omnix.app.forecasting.stored import Stored
from omnix.app.forecasting.subject import Subject
from omnix.app.forecasting.trends import TrendsAsked

if TYPE_CHECKING:
    from collections.abc import Callable

    from omnix.app.analytics.reader import Pins, Reader
    from omnix.app.app import App
    from omnix.app.competitor_feed import Taken

__all__ = [
    "Change",
    "CompareWanted",
    "Computation",
    "ForecastWanted",
    "Forecasting",
    "LevelsAsked",
    "ProductsAsked",
    "TrendsAsked",
    "WhatIfWanted",
]


class Forecasting:
    """One home's forecasts; safe in many threads. Methods that give `bytes` give JSON as it is sent."""

    def __init__(self, app: App, reader: Reader) -> None:
        self.app, self.reader = app, reader

    @cached_property
    def models(self) -> Models:
        """The model registry."""
        return Models(self.app)

    @cached_property
    def on_demand(self) -> OnDemand:
        """What no table holds."""
        return OnDemand(self.app, self.reader)

    def close(self) -> None:
        """End what computes."""
        if "on_demand" in self.__dict__:
            self.on_demand.close()

    def forecast(self, wanted: ForecastWanted) -> dict[str, Any] | Computation:
        """A forecast: as it is stored where the tables have it, else computed.

        Raises:
            QuestionError: something about the question is wrong.
            NotFoundError: the shop never sold such an item.
            TooManyError: as many are computed as may be.

        """
        subject = wanted.checked()
        tables = tuple(dict.fromkeys((*stored_answers.TABLES, *ENGINE_TABLES)))
        pins = self._all(self.reader.pins(self._declared(tables)), tables)
        if wanted.is_plain and (found := stored_answers.forecast(self.reader, pins, wanted)):
            return found
        empty = self._too_early(pins, subject, wanted.horizon, engine_tasks.nothing())
        models = (
            [] if wanted.model == "auto" else [model_named("model", wanted.model, wanted.grain)]
        )
        return empty or self.on_demand.ask("forecast", wanted.asked(models))

    def compare(self, wanted: CompareWanted) -> dict[str, Any] | Computation:
        """Candidates tried on the same folds.

        Raises:
            QuestionError, NotFoundError, TooManyError: as `forecast`.

        """
        subject = wanted.forecast.checked()
        models = sorted(
            {
                model_named(f"models.{n}", each, wanted.forecast.grain)
                for n, each in enumerate(wanted.models)
            }
        )
        pins = self.reader.pins(self._declared(ENGINE_TABLES))
        empty = self._too_early(
            pins, subject, wanted.forecast.horizon, engine_tasks.nothing_compared()
        )
        return empty or self.on_demand.ask("compare", wanted.forecast.asked(models))

    def what_if(self, wanted: WhatIfWanted) -> dict[str, Any] | Computation:
        """What changes would do.

        Raises:
            QuestionError, NotFoundError, TooManyError: as `forecast`.

        """
        asked = wanted.asked()
        subject = Subject.of(wanted.metric, wanted.level, wanted.item, wanted.grain)
        tables = (*ENGINE_TABLES, "forecasts")
        pins = self._all(self.reader.pins(self._declared(tables)), tables)
        if empty := self._too_early(pins, subject, wanted.horizon, what_if_tasks.nothing(subject)):
            return empty
        settled = stored_answers.values(self.reader, pins, subject, wanted.horizon)
        return self.on_demand.ask("what-if", {**asked, "settled": settled})

    def take_in_prices(self, content: bytes, *, day_first: bool | None) -> Taken:
        """Competitors' prices from a CSV into raw and through curation.

        Raises:
            FeedError: the file as a whole is of no use; nothing of it was kept.
            LockedError: a run holds the home.

        """
        from omnix.app.competitor_feed import take_in

        return take_in(self.app, content, day_first=day_first)

    def upload(self, upload_id: str, *, cursor: str, limit: int, personal: bool) -> dict[str, Any]:
        """What has become of a file of competitors' prices by now, with the rows that were set aside.

        Raises:
            NotFoundError: there is no such upload.
            QuestionError, VersionGoneError: as `quality.quarantine_rows`.

        """
        from omnix.app.analytics.quality import quarantine_rows
        from omnix.app.competitor_feed import TABLE, outcome
        from omnix.app.competitor_uploads import find

        upload = find(self.app, upload_id)
        told = outcome(self.app, upload)
        page = quarantine_rows(
            self.reader, TABLE, severity="error", upload=upload_id, cursor=cursor, limit=limit,
            personal=personal,
        )  # fmt: skip
        return {
            "upload_id": upload_id,
            "rows": told.rows,
            "accepted": told.accepted,
            "quarantined": told.quarantined,
            "repeated": told.repeated,
            "refused": [{**row, "place": row["row_id"] - upload.first + 1} for row in page["data"]],
            "next_cursor": page["next_cursor"],
        }

    def _too_early(
        self, pins: Pins, subject: Subject, horizon: int, nothing: dict[str, Any]
    ) -> dict[str, Any] | None:
        """An empty answer where the engine has nothing to read; None where it has."""
        stored = Stored(self.reader, self._all(pins, ENGINE_TABLES))
        gone = stored.missing(ENGINE_TABLES)
        item = stored_answers.known(self.reader, stored.pins, subject)
        if gone is None and item is None:
            gone = "Nothing was sold yet.", "Orders: a forecast needs a past."
        if gone is None:
            return None
        return {
            **nothing,
            "metadata": stored_answers.metadata(subject, horizon, item),
            **emptiness(gone),
            "provenance": stored.provenance(),
        }

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
