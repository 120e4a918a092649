"""What a question is about: a metric of the shop or of a part of it, by day, week or month."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal

from omnix.app.analytics.errors import QuestionError
from omnix.core.errors import nearest

Unit = Literal["money", "count"]

LEVELS = ("shop", "country", "store", "category", "product")
#: Those of metrics that are not forecast by product.
_BROAD = LEVELS[:-1]
GRAINS = ("day", "week", "month")
#: Periods of history below which no forecast is made (`omnix.ml.forecasting.origins`).
LEAST: Mapping[str, int] = MappingProxyType({"day": 28, "week": 8, "month": 6})
#: Periods that a sentence sums up.
NEXT: Mapping[str, int] = MappingProxyType({"day": 7, "week": 4, "month": 3})


@dataclass(frozen=True)
class Forecast:
    """A metric that is forecast. `column`: of `sales_series`; `levels`: where it is."""

    name: str
    title: str
    unit: Unit
    column: str
    levels: tuple[str, ...]


METRICS: Mapping[str, Forecast] = MappingProxyType({
    each.name: each
    for each in (
        Forecast("net_sales", "Net sales", "money", "net_cents", LEVELS),
        Forecast("orders", "Orders", "count", "orders", _BROAD),
        Forecast("units", "Units", "count", "units", LEVELS),
        Forecast("customers", "Customers", "count", "customers", _BROAD),
    )
})  # fmt: skip
#: Names that other systems have for them.
ALIASES: Mapping[str, str] = MappingProxyType(
    {"sales": "net_sales", "order_count": "orders", "quantity_sold": "units"}
)


def one_of(field: str, value: str, known: Sequence[str]) -> str:
    """`value`, which must be one of `known`.

    Raises:
        QuestionError: it is not.

    """
    if value not in known:
        short = value[:80]
        raise QuestionError(
            field, f"{field} is {short!r}.", f"{nearest(short, known)}Give one of {', '.join(known)}."
        )  # fmt: skip
    return value


def metric_of(name: str) -> Forecast:
    """The metric of that name, or of one that other systems have for it.

    Raises:
        QuestionError: there is none.

    """
    name = ALIASES.get(name, name)
    return METRICS[one_of("metric", name, tuple(METRICS))]


@dataclass(frozen=True)
class Subject:
    """One series: `item` is a country, or the id of a store, category or product; empty for the shop."""

    metric: Forecast
    level: str
    item: str
    grain: str

    @classmethod
    def of(cls, metric: str, level: str, item: str, grain: str) -> Subject:
        """What a caller names.

        Raises:
            QuestionError: there is no such metric, level or grain, or the item does not fit them.

        """
        found = metric_of(metric)
        one_of("grain", grain, GRAINS)
        one_of("level", level, LEVELS)
        if level not in found.levels:
            raise QuestionError(
                "level",
                f"{found.title} are not forecast by {level}.",
                f"Ask by {', '.join(found.levels)}; or for units by product.",
            )
        if (level == "shop") != (item == ""):
            told = "The shop has no item" if item else f"Which {level} is not said"
            raise QuestionError(
                "item", f"{told}: item is {item[:80]!r}.", "GET /api/v1/market-intelligence/levels lists them."
            )  # fmt: skip
        return cls(found, level, item, grain)

    @property
    def params(self) -> dict[str, Any]:
        """As parameters of SQL."""
        return {
            "metric": self.metric.name, "level": self.level, "item": self.item, "grain": self.grain,
        }  # fmt: skip
