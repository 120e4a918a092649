"""What the cells of one column look like."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from omnix.core.table import literal, quoted

if TYPE_CHECKING:
    import duckdb

Looks = Literal[
    "id",
    "e-mail",
    "phone",
    "country",
    "currency",
    "money",
    "number",
    "timestamp",
    "flag",
    "text",
    "empty",
]

#: Share of the filled cells of a text column that match; the pattern of each measure.
PATTERNS: Mapping[str, str] = {
    "whole": r"^[-+]?\d+$",
    "decimal": r"^[^\d\w]{0,3}\s*[-+]?\(?(\d{1,3}([., ']\d{3})+|\d+)([.,]\d{1,6})?\)?\s*([^\d\w]{1,3}|[A-Z]{3})?$",
    "fraction": r"\d[.,]\d|[€£$]",
    "comma": r",\d{1,2}\D{0,5}$",
    "moment": r"^(\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4})([ T]\d{1,2}:\d{2}.*)?$",
    "iso_day": r"^(19|20)\d\d(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])$",
    "month_first": r"^(0?[1-9]|1[0-2])/(1[3-9]|2\d|3[01])/\d{2,4}",
    "year_last": r"^\d{1,2}-\d{1,2}-\d{4}",
    "e_mail": r"^[^@\s]+@[^@\s]+\.[^@\s]+$",
    "phone": r"^(\+|0|\(|\d{3}[-. ]\d{3})[\d ()/.\-]{5,}$",
    "code2": r"^[A-Z]{2}$",
    "code3": r"^[A-Z]{3}$",
    "flag": r"^(?i:true|false|t|f|yes|no|y|n|0|1|ja|nein|oui|non|si|sí|on|off)$",
}
CURRENCIES = frozenset(
    [
        "EUR",
        "USD",
        "GBP",
        "CHF",
        "SEK",
        "NOK",
        "DKK",
        "PLN",
        "CZK",
        "HUF",
        "RON",
        "BGN",
        "TRY",
        "BRL",
        "MXN",
        "ARS",
        "CLP",
        "COP",
        "CAD",
        "AUD",
        "NZD",
        "JPY",
        "CNY",
        "INR",
        "KRW",
        "HKD",
        "SGD",
        "THB",
        "IDR",
        "MYR",
        "PHP",
        "VND",
        "ZAR",
        "AED",
        "SAR",
        "ILS",
        "RUB",
        "UAH",
    ]
)
SYMBOLS = {"€": "EUR", "£": "GBP", "$": "USD", "R$": "BRL", "zł": "PLN", "¥": "JPY"}
COUNTRY_WORDS = frozenset(
    [
        "germany",
        "france",
        "spain",
        "italy",
        "netherlands",
        "belgium",
        "austria",
        "switzerland",
        "portugal",
        "poland",
        "sweden",
        "denmark",
        "norway",
        "finland",
        "ireland",
        "greece",
        "brazil",
        "canada",
        "australia",
        "japan",
        "china",
        "india",
        "mexico",
        "deutschland",
        "frankreich",
        "spanien",
        "italien",
        "niederlande",
        "österreich",
        "schweiz",
        "allemagne",
        "espagne",
        "italie",
        "belgique",
        "suisse",
        "alemania",
        "francia",
        "españa",
        "usa",
        "uk",
    ]
) | {"united kingdom", "united states"}
_STATE_LIKE = re.compile(
    r"stat[eu]|zustand|type|typ$|kind|art$|method|methode|zahl.*art|channel|kanal|curren|waehr|währ|devise|"
    r"moneda|country|land|pays|pais|flag|is_|active|aktiv|actif|segment|etat|état",
    re.I,
)


_CODE = r"^[A-Za-z0-9_.:/#-]*\d[A-Za-z0-9_.:/#-]*$"
_SHAPES = ((r"\p{Lu}+", "A"), (r"\p{Ll}+", "a"), (r"\d+", "9"), (r"(A?a ?)+", "Aa "))


@dataclass(frozen=True)
class ColumnProfile:
    """One column of a sample. Shares are of the filled cells, 0 to 1.

    `refers_to` are (table, column, share of the values found there), best first.
    """

    name: str
    type: str
    looks: Looks
    filled: int
    null_share: float
    distinct: int
    shortest: int
    longest: int
    unique: bool
    shares: Mapping[str, float] = field(default_factory=dict)
    patterns: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    currency: str | None = None
    negative: bool = False
    refers_to: tuple[tuple[str, str, float], ...] = ()

    @property
    def is_text(self) -> bool:
        """Whether its cells are text that has to be read."""
        return self.type == "VARCHAR"


@dataclass(frozen=True)
class Cells:
    """One column of a sample that lies in `con` as the table `sample`."""

    con: duckdb.DuckDBPyConnection
    sample: str
    name: str
    type: str

    @property
    def cell(self) -> str:
        """SQL for a cell as text; null when blank."""
        return f"nullif(trim(cast({quoted(self.name)} as varchar)), '')"

    def profile(self, rows: int) -> ColumnProfile:
        """Measure the column; `rows` is the size of the sample."""
        matches = ", ".join(
            f"count(*) filter (regexp_matches(cell, {literal(pattern)}))"
            for pattern in PATTERNS.values()
        )
        filled, distinct, shortest, longest, negative, *counts = self._ask(
            f"select count(cell), count(distinct cell), min(length(cell)), max(length(cell)), "
            f"count(*) filter (cell like '-%' or cell like '(%)'), {matches} "
            f"from (select {self.cell} as cell from {self.sample})"
        )[0]
        shares = {key: hits / max(filled, 1) for key, hits in zip(PATTERNS, counts, strict=True)}
        looks: Looks = self._looks(distinct, shares) if filled else "empty"
        numeric = looks in {"money", "number"}
        return ColumnProfile(
            name=self.name,
            type=self.type,
            looks=looks,
            filled=filled,
            null_share=1 - filled / rows if rows else 1.0,
            distinct=distinct,
            shortest=shortest or 0,
            longest=longest or 0,
            unique=filled == distinct == rows and rows > 0,
            shares=shares,
            patterns=self._patterns(),
            values=self._values(distinct, longest or 0, shares),
            currency=self._symbol() if numeric and self.type == "VARCHAR" else None,
            negative=bool(negative) and numeric,
        )

    def _ask(self, query: str) -> list[tuple[Any, ...]]:
        return self.con.execute(query).fetchall()

    def _looks(self, distinct: int, shares: Mapping[str, float]) -> Looks:
        if self.type != "VARCHAR":
            return _looks_by_type(self.type, self.name)
        day = shares["iso_day"] > 0.95 and shares["whole"] > 0.95
        tests: list[tuple[bool, Looks]] = [
            (shares["e_mail"] > 0.8, "e-mail"),
            (shares["moment"] > 0.8 or day, "timestamp"),
            (shares["flag"] > 0.95 and 1 < distinct <= 3, "flag"),
            (shares["code3"] > 0.9 and self._share_in(CURRENCIES) > 0.9, "currency"),
            (shares["code2"] > 0.9 or self._share_in(COUNTRY_WORDS) > 0.5, "country"),
            (shares["whole"] > 0.95 and not self._is_long_or_zero_led(), "number"),
            (shares["decimal"] > 0.8 and shares["fraction"] > 0.02, "money"),
            (shares["phone"] > 0.8 and shares["whole"] < 0.9, "phone"),
            (shares["whole"] > 0.95 or self._share_of(_CODE) > 0.9, "id"),
        ]
        return next((looks for holds, looks in tests if holds), "text")

    def _is_long_or_zero_led(self) -> bool:
        return self._share_of(r"^(0\d+|\d{13,})$") > 0.05

    def _share_of(self, pattern: str) -> float:
        test = f"regexp_matches({self.cell}, {literal(pattern)})"
        return self._share(test)

    def _share_in(self, words: frozenset[str]) -> float:
        cell = self.cell if words is CURRENCIES else f"lower({self.cell})"
        return self._share(f"{cell} in ({', '.join(map(literal, sorted(words)))})")

    def _share(self, test: str) -> float:
        query = (
            f"select avg(case when {test} then 1 else 0 end) from {self.sample} "
            f"where {self.cell} is not null"
        )
        return float(self._ask(query)[0][0] or 0)

    def _symbol(self) -> str | None:
        found = self._ask(
            f"select regexp_replace({self.cell}, '[-+0-9., ()'']', '', 'g') as mark, count(*) "
            f"from {self.sample} where {self.cell} is not null group by 1 order by 2 desc limit 1"
        )
        mark = str(found[0][0]) if found else ""
        return SYMBOLS.get(mark) or (mark if mark in CURRENCIES else None)

    def _patterns(self) -> tuple[str, ...]:
        """The three commonest shapes of a cell: "Aa" for words, "9" for digits; never the cell."""
        shape = f"left({self.cell}, 40)"
        for pattern, mark in _SHAPES:
            shape = f"regexp_replace({shape}, {literal(pattern)}, {literal(mark)}, 'g')"
        query = (
            f"select trim({shape}) from (select * from {self.sample} limit 10000) "
            f"where {self.cell} is not null group by 1 order by count(*) desc, 1 limit 3"
        )
        return tuple(str(row[0]) for row in self._ask(query))

    def _values(self, distinct: int, longest: int, shares: Mapping[str, float]) -> tuple[str, ...]:
        personal = shares["e_mail"] > 0.05 or shares["phone"] > 0.5
        if personal or not 0 < distinct <= 30 or longest > 30 or not _STATE_LIKE.search(self.name):
            return ()
        query = f"select distinct {self.cell} as v from {self.sample} where {self.cell} is not null order by v"
        return tuple(str(row[0]) for row in self._ask(query))


def _looks_by_type(dtype: str, name: str) -> Looks:
    fraction = dtype.startswith("DECIMAL") and not dtype.endswith(",0)")
    named_id = re.search(r"(id|nr|no|number)$", name, re.I) is not None
    tests: list[tuple[bool, Looks]] = [
        (dtype == "BOOLEAN", "flag"),
        (dtype.startswith(("TIMESTAMP", "DATE")), "timestamp"),
        (fraction or (dtype in {"DOUBLE", "FLOAT"} and not named_id), "money"),
    ]
    return next((looks for holds, looks in tests if holds), "number")
