"""Which column of the shop is which agreed column: by its name, and by what its cells look like."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache

from omnix.sources.files.listing import identifier
from omnix.sources.profile.cells import ColumnProfile
from omnix.sources.profile.look import TableProfile
from omnix.sources.profile.words import COLUMNS, TABLES

#: A match below this is no match.
ENOUGH = 0.5

#: The agreed table whose key a column holds.
REFERS: Mapping[str, str] = {
    "customer_id": "customers",
    "product_id": "products",
    "order_id": "orders",
    "category_id": "categories",
    "order_item_id": "order_items",
}
_PLURALS = ("", "s", "es", "n", "en", "e", "er", "i", "x")
_NOISE = re.compile(
    r"(^(fk|pk|dim|fact|tbl|str|int|dt|ps|oc|wc|wp|raw|stg|shop)_)|(_(eur|usd|gbp|chf|utc|gmt|local|de|en|fr|in)$)"
)


@dataclass(frozen=True)
class Match:
    """One agreed column and the shop's column that it comes from. `score` is 0 to 1."""

    table: str
    agreed: str
    column: ColumnProfile
    score: float
    reason: str


def squash(name: str) -> str:
    """`name` without blanks, underscores, accents and capitals."""
    return identifier(name).replace("_", "")


def table_score(agreed: str, name: str) -> float:
    """How well a raw table's name says that it is `agreed`, 0 to 1."""
    tokens = [token for token in identifier(name).split("_") if token]
    whole = "".join(tokens)
    best = 0.0
    for word in [agreed.replace("_", ""), *TABLES[agreed].split()]:
        for plural in _PLURALS:
            spelling = word.replace("_", "") + plural
            if whole == spelling:
                return 1.0
            if len(spelling) >= 4 and spelling in _runs(tuple(tokens)):
                best = max(best, 0.6 + 0.35 * len(spelling) / len(whole))
    return best


@cache
def _runs(tokens: tuple[str, ...]) -> frozenset[str]:
    ends = range(len(tokens) + 1)
    return frozenset("".join(tokens[start:end]) for start in ends for end in ends if start < end)


@cache
def _spellings(table: str, agreed: str) -> tuple[str, ...]:
    words = COLUMNS[table][agreed][1].split()
    own = [table.replace("_", ""), *TABLES[table].split()]
    named = [agreed.replace("_", "")]
    for word in words:
        named += [word.replace("{t}", thing) for thing in own] if "{t}" in word else [word]
    return tuple(dict.fromkeys(named))


def _name_score(table: str, agreed: str, raw_table: str, name: str) -> tuple[float, str]:
    spellings = _spellings(table, agreed)
    forms = [(squash(name), 1.0), (squash(_NOISE.sub("", identifier(name))), 0.95)]
    bare = identifier(name)
    own = {word.removesuffix(end) for word in identifier(raw_table).split("_") for end in _PLURALS}
    forms += [
        (bare.removeprefix(f"{word}_").replace("_", ""), 0.9)
        for word in sorted(own)
        if len(word) > 2 and bare.startswith(f"{word}_")
    ]
    best = 0.0
    for form, weight in forms:
        if form in spellings:
            rank = spellings.index(form) / len(spellings)
            best = max(best, weight * (1 - 0.15 * rank))
    if best:
        return best, "its name"
    return _resemblance(squash(name), spellings), "a similar name"


def _resemblance(name: str, spellings: Iterable[str]) -> float:
    best = 0.0
    for spelling in spellings:
        if len(spelling) < 5 or len(name) < 5:
            continue
        if spelling in name:
            best = max(best, 0.5 + 0.3 * len(spelling) / len(name))
        elif abs(len(spelling) - len(name)) <= 3:
            ratio = SequenceMatcher(None, spelling, name).ratio()
            best = max(best, 0.8 * ratio if ratio > 0.82 else 0.0)
    return best


def score(
    table: str, agreed: str, raw: TableProfile, column: ColumnProfile, roles: Mapping[str, str]
) -> Match:
    """How likely `column` of `raw` is `agreed`. `roles` tell which agreed table a raw one is."""
    points, reason = _name_score(table, agreed, raw.name, column.name)
    reasons = [reason] if points else []
    points, why = _by_reference(agreed, table, column, roles, points)
    reasons += why
    points, why = _by_looks(table, agreed, column, points)
    reasons += why
    return Match(table, agreed, column, min(points, 0.99), ", ".join(reasons))


def _by_reference(
    agreed: str, table: str, column: ColumnProfile, roles: Mapping[str, str], points: float
) -> tuple[float, list[str]]:
    target = REFERS.get(agreed)
    for other, key, share in column.refers_to:
        if share >= 0.8 and target and target != table and roles.get(other) == target:
            return max(points + 0.1, 0.6), [f"{share:.0%} of its values are in {other}.{key}"]
    return points, []


def _by_looks(
    table: str, agreed: str, column: ColumnProfile, points: float
) -> tuple[float, list[str]]:
    wanted = COLUMNS[table][agreed][0]
    key = next(iter(COLUMNS[table])) == agreed and agreed != "rate_date"
    if column.looks == "empty":
        return points * 0.55, ["it is empty"]
    if wanted and column.looks not in wanted:
        return _misfit(agreed, column, points, wanted)
    why = [f"it holds {_words(column)}"] if wanted and len(wanted) <= 2 else []
    if not points:  # what it holds says enough of an e-mail or a currency, whatever it is called
        telling = {"email": "e-mail", "currency": "currency"}
        points = 0.6 if telling.get(agreed) == column.looks else 0.0
    if key and column.unique and points:
        return points + 0.05, [*why, "no value comes twice"]
    return points, why


def _misfit(
    agreed: str, column: ColumnProfile, points: float, wanted: tuple[str, ...]
) -> tuple[float, list[str]]:
    why = [f"but it holds {_words(column)}"]
    if agreed.endswith("_id") and column.looks == "e-mail":
        return points * 0.8, why
    if "text" in wanted or "id" in wanted:  # text may look like anything
        return points * (
            0.75 if column.looks in {"flag", "money", "country", "phone"} else 0.4
        ), why
    if wanted == ("timestamp",) and column.looks == "number" and column.shortest >= 10:
        return points * 0.8, ["it holds seconds since 1970"]
    return points * 0.2, why


def _words(column: ColumnProfile) -> str:
    return {
        "e-mail": "e-mail addresses",
        "timestamp": "dates",
        "money": "amounts",
        "number": "whole numbers",
        "flag": "yes and no",
        "country": "countries",
        "currency": "currencies",
        "phone": "telephone numbers",
        "id": "codes",
    }.get(column.looks, "text")


def assign(
    wanted: Iterable[tuple[str, str]], raw: TableProfile, roles: Mapping[str, str]
) -> dict[tuple[str, str], Match]:
    """The best column for each of the `wanted` (table, column); none is used twice."""
    found = [
        score(table, agreed, raw, column, roles)
        for table, agreed in wanted
        for column in raw.columns.values()
    ]
    chosen: dict[tuple[str, str], Match] = {}
    used: set[str] = set()
    for match in sorted(found, key=lambda each: -each.score):
        place = (match.table, match.agreed)
        if match.score >= ENOUGH and place not in chosen and match.column.name not in used:
            chosen[place] = match
            used.add(match.column.name)
    _share_dates(chosen, raw)
    return chosen


def _share_dates(chosen: dict[tuple[str, str], Match], raw: TableProfile) -> None:
    """An order without a date of its own was placed when its row was made."""
    made, placed = chosen.get(("orders", "created_at")), ("orders", "order_date")
    dates = [column for column in raw.columns.values() if column.looks == "timestamp"]
    if placed in chosen:
        return
    if made:
        chosen[placed] = Match(*placed, made.column, 0.7, "the only date of the order")
    elif ("orders", "order_id") in chosen and len(dates) == 1:
        chosen[placed] = Match(*placed, dates[0], 0.55, "the only column with dates")
