"""What a metric is: an aggregate over a relation of day-stamped rows, with its words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Unit = Literal["money", "count", "ratio"]
Good = Literal["up", "down"]


@dataclass(frozen=True)
class Relation:
    """Rows that metrics count over: a SELECT over published tables.

    It gives `day` (a date, UTC), `currency` and every one of its `dimensions`, which maps each
    column's name to its meaning. The first of `tables` is what the metric is said to be of.
    """

    tables: tuple[str, ...]
    sql: str
    dimensions: Mapping[str, str]


@dataclass(frozen=True)
class Metric:
    """One number that a shop is run by.

    unit:       "money" is hundredths of one currency, "ratio" a fraction or a mean of counts.
    expression: the SQL aggregate over the relation's rows.
    per:        the metric that it is divided by, for an average of other metrics' values.
    additive:   whether the values of parts (days, countries) add up to that of the whole.
    good:       the direction in which the shopkeeper wants it to go.
    systems:    systems whose number it is.
    heads:      those of them whose card it heads.
    floor:      the least value it can have; None where it may fall below zero.
    """

    name: str
    title: str
    about: str
    unit: Unit
    relation: Relation
    expression: str
    per: Metric | None = None
    additive: bool = True
    good: Good = "up"
    systems: tuple[str, ...] = ()
    heads: tuple[str, ...] = ()
    floor: float | None = 0.0

    @property
    def table(self) -> str:
        """The published table that it is chiefly counted over."""
        return self.relation.tables[0]

    @property
    def tables(self) -> tuple[str, ...]:
        """Every table that it reads."""
        more = self.per.tables if self.per else ()
        return tuple(dict.fromkeys((*self.relation.tables, *more)))

    @property
    def dimensions(self) -> Mapping[str, str]:
        """What it can be split and filtered by: each column's name with its meaning."""
        if self.per is None:
            return self.relation.dimensions
        return {n: a for n, a in self.relation.dimensions.items() if n in self.per.dimensions}

    @property
    def of_one_currency(self) -> bool:
        """Whether its values in two currencies must never be added or averaged together."""
        return self.unit == "money" or (self.per is not None and self.per.of_one_currency)

    @property
    def formula(self) -> str:
        """The expression in one line, for people."""
        own = f"{self.expression} over {self.table}"
        return f"({own}) / ({self.per.formula})" if self.per else own
