"""What is in each order: wanted products, things that go together, things used up."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .assortment import TREE
from .catalogue import CATEGORY_NAMES, Catalogue
from .demand import Demand
from .fraud import CYCLE, FARMED, GUEST, HABIT, STOLEN, TAKEOVER
from .period import Bools, Floats, Ints, day_of, stream
from .plan import Plan

#: Mean number of products drawn beyond the least, and the least, by kind of order.
_EXTRA = {HABIT: 2.3, CYCLE: 0.9, GUEST: 1.0, STOLEN: 0.4, TAKEOVER: 0.5, FARMED: 0.6}
_LEAST = {HABIT: 1, CYCLE: 0, GUEST: 1, STOLEN: 1, TAKEOVER: 1, FARMED: 1}
#: Thieves want what can be sold again.
_WANTED_BY_THIEVES = CATEGORY_NAMES.index("Electronics")
_BIG_BASKET = 1_000_000


@dataclass(frozen=True)
class Affinities:
    """Who buys `first` takes `second` along with this probability."""

    first: Ints
    second: Ints
    probability: Floats


@dataclass(frozen=True)
class Lines:
    """One element per order item, in the order of their orders."""

    order: Ints
    product: Ints
    quantity: Ints


def make_affinities(catalogue: Catalogue, seed: int) -> Affinities:
    """Draw pairs of regular products; the second of a pair is not in demand by itself."""
    random = stream(seed, "affinities")
    usable = ~catalogue.intermittent & (catalogue.period_days == 0) & (catalogue.launch <= 0)
    candidates = np.flatnonzero(usable)
    ranked = candidates[np.argsort(-catalogue.popularity[candidates], kind="stable")]
    pairs = max(4, catalogue.count // 25)
    first = random.permutation(ranked[: 2 * pairs])[:pairs]
    rest = np.setdiff1d(ranked, first)
    second = random.permutation(rest)[: len(first)]
    first = first[: len(second)]
    return Affinities(first, second, random.uniform(0.25, 0.5, len(first)).round(3))


def fill_baskets(
    plan: Plan, catalogue: Catalogue, demand: Demand, affinities: Affinities, seed: int
) -> Lines:
    """Draw the items of all orders; an order that finds nothing in stock has none."""
    random = stream(seed, "baskets")
    day = day_of(plan.placed)
    wanted, category = _wanted(plan, demand, day, random)
    product = _products(catalogue, demand, day[wanted], category, random)
    honest = ~_is_own_cycle(plan, wanted, product)
    wanted, product = wanted[honest], product[honest]
    taken = _available(demand, day, plan.cycle_order, plan.cycle_product)
    along, partner = _along(affinities, demand, day, order=wanted, product=product, random=random)
    there = _available(demand, day, along, partner)
    order = np.concatenate([wanted, plan.cycle_order[taken], along[there]])
    product = np.concatenate([product, plan.cycle_product[taken], partner[there]])
    order, product = _distinct(order, product)
    own = _is_own_cycle(plan, order, product)
    lift = np.where(own, demand.response[day[order], product], 1.0)
    return Lines(order, product, _quantities(catalogue, product, lift, random))


def _wanted(
    plan: Plan, demand: Demand, day: Ints, random: np.random.Generator
) -> tuple[Ints, Ints]:
    """For each wished-for item its order and its top category."""
    extra = np.array([_EXTRA[kind] for kind in range(len(_EXTRA))])[plan.kind]
    least = np.array([_LEAST[kind] for kind in range(len(_LEAST))])[plan.kind]
    order = np.repeat(np.arange(plan.count), least + random.poisson(extra))
    share = np.cumsum(demand.taste, axis=2)
    share /= share[:, :, -1:]
    chance, taste, when = random.random(len(order)), plan.taste[order], day[order]
    category = np.zeros(len(order), np.int64)
    for n in range(len(TREE) - 1):
        category += chance > share[taste, when, n]
    thief = np.isin(plan.kind[order], (STOLEN, TAKEOVER))
    return order, np.where(thief, _WANTED_BY_THIEVES, category)


def _products(
    catalogue: Catalogue, demand: Demand, day: Ints, category: Ints, random: np.random.Generator
) -> Ints:
    """Draw a product of the category, each as likely as its demand on that day."""
    edges = catalogue.first_of_top()
    padded = np.concatenate([[0.0], demand.cumulative])
    begin = day * catalogue.count + edges[category]
    end = day * catalogue.count + edges[category + 1]
    target = padded[begin] + random.random(len(day)) * (padded[end] - padded[begin])
    found = np.searchsorted(demand.cumulative, target, side="right")
    product: Ints = np.clip(found, begin, end - 1) % catalogue.count
    return product


def _is_own_cycle(plan: Plan, order: Ints, product: Ints) -> Bools:
    """Nobody buys by chance what they have on a cycle."""
    cycles = np.unique(plan.customer[plan.cycle_order] * _BIG_BASKET + plan.cycle_product)
    asked = plan.customer[order] * _BIG_BASKET + product
    place = np.minimum(np.searchsorted(cycles, asked), max(len(cycles) - 1, 0))
    return (cycles[place] == asked) if len(cycles) else np.zeros(len(asked), bool)


def _available(demand: Demand, day: Ints, order: Ints, product: Ints) -> Bools:
    return demand.available[day[order], product]


def _along(
    affinities: Affinities,
    demand: Demand,
    day: Ints,
    *,
    order: Ints,
    product: Ints,
    random: np.random.Generator,
) -> tuple[Ints, Ints]:
    """The items that come along, as order and product; a lower price brings more of them along."""
    pair = np.full(demand.rate.shape[1], -1)
    pair[affinities.first] = np.arange(len(affinities.first))
    rows = np.flatnonzero(pair[product] >= 0)
    order, second = order[rows], affinities.second[pair[product[rows]]]
    chance = affinities.probability[pair[product[rows]]] * demand.response[day[order], second]
    taken = random.random(len(order)) < chance
    return order[taken], second[taken]


def _distinct(order: Ints, product: Ints) -> tuple[Ints, Ints]:
    both = np.unique(order * _BIG_BASKET + product)
    return both // _BIG_BASKET, both % _BIG_BASKET


def _quantities(
    catalogue: Catalogue, product: Ints, lift: Floats, random: np.random.Generator
) -> Ints:
    """Mostly one; more of what is used up, lumps of what is asked for rarely.

    Who is on a cycle comes anyway; a lower price (`lift` above 1) makes them take more.
    """
    mean = np.where(catalogue.period_days[product] > 0, 1.47, 1.16) * lift
    few = random.geometric(1 / np.maximum(mean, 1.0))
    lumps = 2 + random.poisson(3.0, len(product))
    return np.minimum(np.where(catalogue.intermittent[product], lumps, few), 24)
