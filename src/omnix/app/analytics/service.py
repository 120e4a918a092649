"""Everything that the data routes delegate to: answers as bytes, files as streams."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from omnix.app.analytics.customers import CustomerFeatures
from omnix.app.analytics.errors import NotFoundError
from omnix.app.analytics.export import Export, export
from omnix.app.analytics.forecasting import ForecastAsked, forecast_of
from omnix.app.analytics.home import home
from omnix.app.analytics.insights import insights, tables_of
from omnix.app.analytics.kpi import kind_for, kpi
from omnix.app.analytics.quality import (
    books,
    quality,
    quarantine_counts,
    quarantine_csv,
    quarantine_rows,
    replay,
)
from omnix.app.analytics.query import MOST_EXPORTED, PAGE, Asked, dumps, page
from omnix.app.analytics.reader import Reader
from omnix.app.analytics.series import metric_for, tables_for
from omnix.app.catalog import Catalog
from omnix.core.errors import nearest
from omnix.metrics.catalogue import all_metrics

if TYPE_CHECKING:
    from omnix.app.app import App

__all__ = ["MOST_EXPORTED", "PAGE", "Analytics", "Asked", "Export", "ForecastAsked"]


class Analytics:
    """One home's tables, metrics and catalogue; safe in many threads.

    Methods that give `bytes` give JSON as it is sent.
    """

    def __init__(self, app: App) -> None:
        self.app = app
        self.reader = Reader(app)

    @cached_property
    def catalog(self) -> Catalog:
        """Systems and tables."""
        return Catalog(self.reader)

    @cached_property
    def customers(self) -> CustomerFeatures:
        """Point reads by customer."""
        return CustomerFeatures(self.reader)

    def close(self) -> None:
        """Give back the database and the index."""
        if "customers" in self.__dict__:
            self.customers.close()
        self.reader.close()

    def query(self, asked: Asked) -> bytes:
        """A page of rows."""
        return page(self.reader, asked).body()

    def export(self, asked: Asked, form: str) -> Export:
        """Rows as csv, arrow or parquet."""
        return export(self.reader, asked, form)

    def is_personal(self, asked: Asked) -> bool:
        """Whether the answer to a question shows columns that describe people."""
        table = self.app.graph.tables.get(asked.table)
        names = asked.columns or (table.columns if table else ())
        return bool(
            asked.personal
            and table
            and any(table.columns[n].person == "detail" for n in names if n in table.columns)
        )

    def insights(self, system: str, kind: str, period: str) -> bytes:
        """Summary, trends or anomalies of a system."""
        self._known(system)
        names = tables_of(system, kind)
        what = ("insights", system, kind, period)
        return self.reader.answer(
            what, names, lambda _pins: dumps(insights(self.reader, system, kind, period))
        )

    def forecast(self, asked: ForecastAsked) -> bytes:
        """A metric's next days, weeks or months."""
        self._known(asked.system)
        return dumps(forecast_of(self.reader, asked))

    def metrics(self) -> bytes:
        """Every metric with its definition."""
        return dumps(
            {
                "metrics": [
                    {
                        "name": each.name, "title": each.title, "about": each.about, "unit": each.unit,
                        "good": each.good, "additive": each.additive, "expression": each.formula,
                        "table": each.table, "tables": list(each.tables), "systems": list(each.systems),
                        "dimensions": [{"name": n, "about": a} for n, a in each.dimensions.items()],
                    }
                    for each in all_metrics().values()
                ]
            }
        )  # fmt: skip

    def kpi(self, name: str, period: str) -> bytes:
        """One metric for its last whole period."""
        metric, kind = metric_for(name), kind_for(period)
        return self.reader.answer(
            ("kpi", name, kind),
            tables_for([metric]),
            lambda pins: dumps(kpi(self.reader, pins, metric, kind)),
        )

    def home(self) -> bytes:
        """The cards."""
        return dumps(home(self.reader))

    def catalog_listing(self) -> bytes:
        """Every system and table."""
        return dumps(self.catalog.listing())

    def catalog_table(self, name: str, *, personal: bool) -> bytes:
        """One table in full."""
        return dumps(self.catalog.table(name, personal=personal))

    def preview(self, name: str, limit: int, *, personal: bool) -> tuple[bytes, bool]:
        """The first rows of a table; and whether they show columns that describe people."""
        found = self.catalog.preview(name, limit, personal=personal)
        shown = any(column.person == "detail" for column in found.plan.columns.values())
        return dumps(
            {
                "columns": found.columns,
                "data": found.records,
                "provenance": found.plan.provenance,
            }
        ), shown

    def lineage(self, name: str | None) -> bytes:
        """The picture of tables and what flows between them."""
        return dumps(self.catalog.lineage(name))

    def quality(self) -> bytes:
        """Scores and broken rules."""
        return dumps(quality(self.reader))

    def books(self) -> bytes:
        """The books' balance."""
        return dumps(books(self.reader))

    def quarantine_counts(self) -> bytes:
        """What was set aside, by table and rule."""
        return dumps(quarantine_counts(self.reader))

    def quarantine_rows(self, table: str, **asked: Any) -> bytes:
        """A page of rows that were set aside; as `quality.quarantine_rows`."""
        return dumps(quarantine_rows(self.reader, table, **asked))

    def quarantine_csv(
        self, table: str, severity: str | None, rule: str | None, upload: str | None = None
    ) -> Export:
        """The same to be corrected."""
        return quarantine_csv(self.reader, table, severity, rule, upload)

    def replay(self, table: str, corrected: bytes) -> dict[str, Any]:
        """Curate again, with corrected rows when there are some."""
        return replay(self.reader, table, corrected)

    def customer(self, customer_id: str) -> bytes:
        """One customer's features."""
        return self.customers.get(customer_id)

    def _known(self, system: str) -> None:
        systems = self.app.graph.systems()
        if system not in systems:
            raise NotFoundError(
                f"There is no system {system[:80]!r}.",
                f"{nearest(system[:80], systems)}There are: {', '.join(systems)}.",
            )
