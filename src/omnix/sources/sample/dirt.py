"""Dirt as real shops have it, each planted row written down.

A bad row of a table on which others hang (customers, products, items of an order) is added beside
the good ones, so that what is clean stays clean when the bad row is taken out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from .cards import Card, draw_card
from .columns import ids, money, text
from .period import DAY, Bools, Ints, stream

KEYS = {
    "customers": "customer_id", "categories": "category_id", "products": "product_id",
    "inventory": "inventory_id", "orders": "order_id", "order_items": "order_item_id",
    "payments": "payment_id", "refunds": "refund_id", "shipments": "shipment_id",
    "reviews": "review_id", "promotions": "promotion_id", "consents": "consent_id",
}  # fmt: skip

#: What a bad value is made of: the rows that are spoilt and a source of chance.
Spoil = Callable[[pa.Table, np.random.Generator], pa.Array]


@dataclass(frozen=True)
class Rule:
    """One kind of dirt: in this share of rows `column` gets a bad value.

    `added` rules spoil copies with keys of their own; the others spoil the rows themselves.
    """

    table: str
    kind: str
    column: str
    spoil: Spoil
    share: float = 0.0006
    added: bool = False


@dataclass
class Dirt:
    """What was planted: parallel lists of table, key, column and kind; and the cards."""

    table: list[str] = field(default_factory=list)
    key: list[str] = field(default_factory=list)
    column: list[str] = field(default_factory=list)
    kind: list[str] = field(default_factory=list)
    cards: list[Card] = field(default_factory=list)

    def note(self, table: str, keys: pa.Array, column: str, kind: str) -> None:
        """Write down that these rows are bad."""
        count = len(keys)
        self.table += [table] * count
        self.key += keys.to_pylist()
        self.column += [column] * count
        self.kind += [kind] * count

    def to_table(self) -> pa.Table:
        """One row per planted bad row."""
        return pa.table(
            {name: text(getattr(self, name)) for name in ("table", "key", "column", "kind")}
        )


def _null(rows: pa.Table, _random: np.random.Generator) -> pa.Array:
    return pa.nulls(rows.num_rows)


def _constant(value: object) -> Spoil:
    return lambda rows, _: pa.array([value] * rows.num_rows)


def _one_of(*values: str) -> Spoil:
    return lambda rows, random: text(
        [values[n] for n in random.integers(0, len(values), rows.num_rows)]
    )


def _negative(column: str) -> Spoil:
    return lambda rows, _: pc.negate(rows[column])


def _more(column: str) -> Spoil:
    """Off by one to fifty units of money."""
    return lambda rows, random: pc.add(
        rows[column], money(random.integers(1, 50, rows.num_rows) * 100)
    )


def _above(column: str) -> Spoil:
    return lambda rows, _: pc.add(rows[column], pa.scalar(7, pa.int32()))


def _future(rows: pa.Table, random: np.random.Generator) -> pa.Array:
    """Some day of 2031 to 2033."""
    start = np.datetime64("2031-02-01", "us")
    return pa.array(start + random.integers(0, 1_000, rows.num_rows).astype("timedelta64[D]"))


def _before(column: str) -> Spoil:
    """Two to nine days before the moment in another column."""
    return lambda rows, random: pc.subtract(
        rows[column],
        pa.array((random.integers(2, 10, rows.num_rows) * DAY).astype("timedelta64[s]")),
    )


RULES: tuple[Rule, ...] = (
    Rule("customers", "null_required", "email", _null, 0.001, added=True),
    Rule("customers", "bad_email", "email",
         _one_of("no-at-sign.example.com", "two@@example.com", "ends@", "@begins.example", "a b@c"),
         0.002),
    Rule("customers", "future_date", "created_at", _future, 0.001, added=True),
    Rule("products", "null_required", "product_name", _null, 0.001, added=True),
    Rule("products", "negative_price", "price", _negative("price"), 0.001, added=True),
    Rule("products", "orphan_category", "category_id", _constant("K999"), 0.001, added=True),
    Rule("inventory", "reserved_above_available", "quantity_reserved",
         _above("quantity_available"), 0.002),
    Rule("inventory", "negative_quantity", "quantity_available", _constant(-5), 0.001),
    Rule("orders", "null_required", "order_date", _null),
    Rule("orders", "wrong_total", "total_amount", _more("total_amount"), 0.001),
    Rule("orders", "negative_total", "total_amount", _negative("total_amount")),
    Rule("orders", "future_date", "order_date", _future),
    Rule("orders", "orphan_customer", "customer_id", _constant("C999999X")),
    Rule("order_items", "orphan_order", "order_id", _constant("O99999999"), added=True),
    Rule("order_items", "orphan_product", "product_id", _constant("P99999"), added=True),
    Rule("order_items", "null_required", "product_id", _null, added=True),
    Rule("order_items", "wrong_line_total", "total_amount", _more("total_amount"), added=True),
    Rule("order_items", "negative_quantity", "quantity", _negative("quantity"), added=True),
    Rule("order_items", "negative_price", "unit_price", _negative("unit_price"), added=True),
    Rule("payments", "orphan_order", "order_id", _constant("O99999998"), added=True),
    Rule("payments", "negative_amount", "amount", _negative("amount")),
    Rule("payments", "null_required", "amount", _null),
    Rule("payments", "future_date", "payment_date", _future),
    Rule("shipments", "shipped_before_ordered", "shipped_date", _before("created_at"), 0.001),
    Rule("shipments", "orphan_order", "order_id", _constant("O99999997"), added=True),
    Rule("reviews", "rating_out_of_range", "rating", _constant(9), 0.002),
    Rule("reviews", "orphan_product", "product_id", _constant("P99998"), 0.001, added=True),
    Rule("refunds", "orphan_order", "order_id", _constant("O99999996"), 0.001, added=True),
    Rule("refunds", "negative_amount", "amount", _negative("amount"), 0.001),
    Rule("consents", "orphan_customer", "customer_id", _constant("C999998X"), added=True),
)  # fmt: skip
DUPLICATED = {
    "customers": 0.002, "products": 0.001, "orders": 0.001, "order_items": 0.001,
    "payments": 0.001, "shipments": 0.001, "reviews": 0.002, "refunds": 0.002,
}  # fmt: skip
#: Tables of which an older version of some rows is left behind, and what was different then.
SUPERSEDED: dict[str, tuple[str, str]] = {
    "customers": ("city", "Oldtown"),
    "orders": ("order_status", "pending"),
    "payments": ("payment_status", "pending"),
    "shipments": ("shipment_status", "pending"),
}
SUPERSEDED_SHARE = 0.001
CARD_TEXTS = {"orders": ("notes", 0.0004, 20), "reviews": ("review_text", 0.0008, 10)}


def plant(tables: dict[str, pa.Table], seed: int) -> Dirt:
    """Make `tables` dirty in place and say what was done. No row is spoilt twice."""
    planting = _Planting(tables, stream(seed, "dirt"))
    for rule in RULES:
        planting.apply(rule)
    for name, (column, share, least) in CARD_TEXTS.items():
        planting.paste_cards(name, column, max(least, round(share * tables[name].num_rows)))
    for name, share in DUPLICATED.items():
        planting.duplicate(name, share)
    for name, (column, value) in SUPERSEDED.items():
        planting.leave_older(name, column, value)
    planting.append()
    return planting.dirt


class _Planting:
    """The work of `plant`: the tables, which of their rows are still clean, what was added."""

    def __init__(self, tables: dict[str, pa.Table], random: np.random.Generator) -> None:
        self.tables, self.random, self.dirt = tables, random, Dirt()
        self.clean = {name: random.permutation(table.num_rows) for name, table in tables.items()}
        self.added: dict[str, list[pa.Table]] = {name: [] for name in tables}

    def apply(self, rule: Rule) -> None:
        """Spoil rows, or copies of rows, as the rule says."""
        table, key = self.tables[rule.table], KEYS[rule.table]
        filled = np.asarray(pc.is_valid(table[rule.column]))
        rows = self._take(rule.table, _how_many(rule.share, table.num_rows), filled)
        chosen = table.take(rows)
        bad = rule.spoil(chosen, self.random)
        if rule.added:
            chosen = _set(chosen, key, _new_keys(rule, len(rows)))
            self.added[rule.table].append(_set(chosen, rule.column, bad))
        else:
            self.tables[rule.table] = _replace(table, rule.column, rows, bad)
        self.dirt.note(rule.table, chosen[key], rule.column, rule.kind)

    def paste_cards(self, name: str, column: str, count: int) -> None:
        """Put card numbers into a column of free text."""
        table = self.tables[name]
        rows = self._take(name, count, np.ones(table.num_rows, bool))
        keys, start = table[KEYS[name]].take(rows), len(self.dirt.cards)
        cards = [
            draw_card(start + n, name, column, key, self.random)
            for n, key in enumerate(keys.to_pylist())
        ]
        self.dirt.cards += cards
        self.dirt.note(name, keys, column, "card_in_text")
        self.tables[name] = _replace(table, column, rows, text([card.text for card in cards]))

    def duplicate(self, name: str, share: float) -> None:
        """Add exact copies of rows."""
        table = self.tables[name]
        count = _how_many(share, table.num_rows)
        copies = table.take(self._take(name, count, np.ones(table.num_rows, bool)))
        self.dirt.note(name, copies[KEYS[name]], "", "duplicate")
        self.added[name].append(copies)

    def leave_older(self, name: str, column: str, value: str) -> None:
        """Add rows as they were when they were made, beside their present versions."""
        table = self.tables[name]
        moved = np.asarray(pc.greater(table["updated_at"], table["created_at"]))
        rows = self._take(name, _how_many(SUPERSEDED_SHARE, table.num_rows), moved)
        old = table.take(rows)
        self.dirt.note(name, old[KEYS[name]], column, "superseded")
        old = _set(old, column, text([value] * len(rows)))
        self.added[name].append(_set(old, "updated_at", old["created_at"]))

    def append(self) -> None:
        """Put what was added behind the other rows."""
        for name, more in self.added.items():
            self.tables[name] = pa.concat_tables([self.tables[name], *more]).combine_chunks()

    def _take(self, name: str, count: int, suitable: Bools) -> Ints:
        """`count` clean and suitable rows, which count as clean no longer."""
        clean = self.clean[name]
        rows = np.sort(clean[suitable[clean]][:count])
        self.clean[name] = clean[~np.isin(clean, rows)]
        return rows


def _how_many(share: float, rows: int) -> int:
    """At least three bad rows of each kind, in a table of a few hundred rows one."""
    return max(3 if rows >= 1_000 else 1, round(share * rows))


def _new_keys(rule: Rule, count: int) -> pa.Array:
    return ids(f"X{RULES.index(rule):02d}", np.arange(count) + 1, width=5)


def _set(table: pa.Table, column: str, values: pa.Array) -> pa.Table:
    place = table.schema.get_field_index(column)
    kind = table.schema.field(column).type
    return table.set_column(place, column, values.cast(kind))


def _replace(table: pa.Table, column: str, rows: Ints, values: pa.Array) -> pa.Table:
    struck = np.zeros(table.num_rows, bool)
    struck[rows] = True
    kind = table.schema.field(column).type
    new = values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values
    old = table[column].combine_chunks()
    return _set(table, column, pc.replace_with_mask(old, pa.array(struck), new.cast(kind)))
