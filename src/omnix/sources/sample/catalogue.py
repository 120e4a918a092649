"""Categories and products. Products are numbered so that those of one category stand together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from .assortment import BRANDS, STYLES, TREE
from .columns import (
    WEIGHT,
    digits,
    ids,
    join,
    money,
    scaled,
    text,
    times,
    words,
)
from .countries import BASE_CURRENCY
from .period import DAY, DAYS, FIRST, LAST, Bools, Floats, Ints, moment, stream
from .sizes import Size

LEAVES = tuple(leaf for top in TREE for leaf in top.leaves)
TOP_OF_LEAF = np.repeat(np.arange(len(TREE)), [len(top.leaves) for top in TREE])
CATEGORY_NAMES = tuple(top.name for top in TREE)

_DESCRIPTIONS = tuple(f"{style} quality, chosen by our buyers." for style in STYLES)


@dataclass(frozen=True)
class Catalogue:
    """One element per product. Days are days of the period; `launch` may lie before it."""

    leaf: Ints
    top: Ints
    noun: Ints
    brand: Ints
    style: Ints
    base_price: Ints
    cost: Ints
    popularity: Floats
    elasticity: Floats
    intermittent: Bools
    launch: Ints
    gone: Ints
    quality: Floats
    period_days: Ints

    @property
    def count(self) -> int:
        """How many products there are."""
        return len(self.leaf)

    def first_of_top(self) -> Ints:
        """Where each top category begins, and where the last one ends."""
        return np.searchsorted(self.top, np.arange(len(TREE) + 1))


def make_catalogue(size: Size, seed: int) -> Catalogue:
    """Draw the products of a shop of this size."""
    random = stream(seed, "catalogue")
    leaf = _leaves(size.products, random)
    top, count = TOP_OF_LEAF[leaf], len(leaf)
    price = _prices(leaf, random)
    launch, gone = _life(count, random)
    periods = np.array([each.period_days for each in LEAVES])[leaf]
    mean = np.array([each.elasticity for each in TREE])[top]
    return Catalogue(
        leaf=leaf,
        top=top,
        noun=random.integers(0, 1_000, count),
        brand=random.integers(0, len(BRANDS), count),
        style=random.integers(0, len(STYLES), count),
        base_price=price,
        cost=np.maximum(1, (price * random.uniform(0.42, 0.7, count)).astype(np.int64)),
        popularity=_popularity(top, random),
        elasticity=np.clip(mean + random.normal(0, 0.35, count), -3.2, -0.4).round(3),
        intermittent=(random.random(count) < 0.1) & (periods == 0),
        launch=launch,
        gone=gone,
        quality=np.clip(random.normal(4.1, 0.45, count), 2.2, 4.9).round(3),
        period_days=periods,
    )


def _leaves(products: int, random: np.random.Generator) -> Ints:
    rest = random.integers(0, len(LEAVES), max(products - 2 * len(LEAVES), 0))
    return np.sort(np.concatenate([np.repeat(np.arange(len(LEAVES)), 2), rest])).astype(np.int64)


def _prices(leaf: Ints, random: np.random.Generator) -> Ints:
    low = np.log([each.price[0] for each in LEAVES])[leaf]
    high = np.log([each.price[1] for each in LEAVES])[leaf]
    euros = np.exp(low + (high - low) * random.beta(1.6, 2.2, len(leaf)))
    return charming(np.rint(euros * 100).astype(np.int64))


def charming(cents: Ints) -> Ints:
    """A price as shops write it: from ten upwards it ends in 9."""
    return np.where(cents >= 1_000, cents // 10 * 10 + 9, np.maximum(cents, 19))


def _life(count: int, random: np.random.Generator) -> tuple[Ints, Ints]:
    late = random.random(count) < 0.15
    launch = np.where(
        late, random.integers(30, DAYS - 120, count), -random.integers(30, 900, count)
    )
    leaves = (random.random(count) < 0.05) & ~late
    gone = np.where(leaves, random.integers(300, DAYS - 20, count), DAYS)
    return launch.astype(np.int64), gone.astype(np.int64)


def _popularity(top: Ints, random: np.random.Generator) -> Floats:
    weight = random.lognormal(0, 0.9, len(top))
    share = np.array([each.share for each in TREE])
    popularity: Floats = weight / np.bincount(top, weight)[top] * share[top]
    return popularity


def categories_table() -> pa.Table:
    """One row per category; a top category has no parent."""
    tops, leaves = np.arange(len(TREE)), np.arange(len(LEAVES)) + len(TREE)
    parents = np.concatenate([tops, TOP_OF_LEAF])
    names = [top.name for top in TREE] + [leaf.name for leaf in LEAVES]
    count = len(names)
    made = np.full(count, FIRST - 3 * 365 * DAY)
    return pa.table(
        {
            "category_id": ids("K", np.concatenate([tops, leaves]) + 1, width=3),
            "category_name": text(names),
            "parent_category_id": ids(
                "K", parents + 1, width=3, missing=np.arange(count) < len(TREE)
            ),
            "description": text([f"All our {name.lower()}" for name in names]),
            "is_active": pa.array(np.ones(count, bool)),
            "created_at": times(made),
            "updated_at": times(made),
        }
    )


def category_ids(leaf: Ints) -> pa.Array:
    """The category of each product."""
    return ids("K", leaf + 1 + len(TREE), width=3)


def product_ids(products: Ints, missing: Bools | None = None) -> pa.Array:
    """The keys of products by number."""
    return ids("P", products + 1, width=5, missing=missing)


def products_table(catalogue: Catalogue, price_now: Ints, changed: Ints, seed: int) -> pa.Table:
    """One row per product; `price_now` in cents, `changed` is the moment of its last change."""
    random = stream(seed, "products table")
    count, number = catalogue.count, np.arange(catalogue.count)
    made = moment(catalogue.launch - random.integers(3, 30, count))
    gone = catalogue.gone < DAYS
    updated = np.minimum(
        np.maximum.reduce([made, changed, np.where(gone, moment(catalogue.gone), 0)]), LAST
    )
    brand = words(catalogue.brand, BRANDS)
    sides = [digits(random.integers(3, 60, count), 1) for _ in range(3)]
    return pa.table(
        {
            "product_id": product_ids(number),
            "product_name": _names(catalogue, number),
            "category_id": category_ids(catalogue.leaf),
            "description": words(catalogue.style, _DESCRIPTIONS),
            "sku": _skus(catalogue, number),
            "price": money(price_now),
            "cost": money(catalogue.cost),
            "currency": text(pa.repeat(BASE_CURRENCY, count)),
            "weight": scaled(random.integers(40, 9_000, count), WEIGHT),
            "dimensions": join(sides[0], "x", sides[1], "x", sides[2], " cm"),
            "brand": brand,
            "manufacturer": join(brand, " ", words(catalogue.brand % 3, ("GmbH", "SAS", "Ltd"))),
            "is_active": pa.array(~gone),
            "created_at": times(made),
            "updated_at": times(updated),
        }
    )  # fmt: skip


def _names(catalogue: Catalogue, number: Ints) -> pa.Array:
    nouns = [noun for leaf in LEAVES for noun in leaf.nouns]
    starts = np.cumsum([0] + [len(leaf.nouns) for leaf in LEAVES])
    sizes = np.diff(starts)[catalogue.leaf]
    noun = words(starts[catalogue.leaf] + catalogue.noun % sizes, nouns)
    brand, style = words(catalogue.brand, BRANDS), words(catalogue.style, STYLES)
    return join(brand, " ", style, " ", noun, " No. ", digits(number + 1, 1))


def _skus(catalogue: Catalogue, number: Ints) -> pa.Array:
    stems = [
        f"{top.name[:3]}-{leaf.name[:3]}-".upper().replace(" ", "X")
        for top in TREE
        for leaf in top.leaves
    ]
    return join(words(catalogue.leaf, stems), digits(number + 1, 5))
