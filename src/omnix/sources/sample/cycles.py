"""Personal consumption: who buys the same thing again every so many days."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .catalogue import Catalogue
from .customers import ORDINARY, People
from .period import DAY, DAYS, FIRST, NEVER, Bools, Floats, Ints, day_of, stream
from .sizes import Size

#: The share of all orders that comes from cycles.
SHARE = 0.27
#: The spread of a gap over its period, and how often somebody buys it elsewhere.
JITTER = 0.12
SKIPPED = 0.03


@dataclass(frozen=True)
class Cycles:
    """One element per customer and product; `period` in days, `start` a day with its time."""

    customer: Ints
    product: Ints
    period: Floats
    start: Floats
    end: Floats


@dataclass(frozen=True)
class Events:
    """The purchases that the cycles lead to; `cycle` is a row of Cycles."""

    cycle: Ints
    day: Ints


def make_cycles(size: Size, people: People, catalogue: Catalogue, seed: int) -> Cycles:
    """Draw as many cycles as the wanted share of orders needs."""
    random = stream(seed, "cycles")
    customer = _candidates(people, random)
    product = _products(catalogue, len(customer), random)
    period = catalogue.period_days[product] * random.lognormal(0, 0.15, len(customer))
    begin = np.maximum((people.arrived[customer] - FIRST) / DAY, 0.0)
    last = np.where(people.departed[customer] == NEVER, DAYS, day_of(people.departed[customer]) + 1)
    begin = begin + random.uniform(0, 45, len(customer))
    end = np.minimum(last, catalogue.gone[product])
    keep = ((end - begin) > 4 * period) & _first_of_pair(customer, product)
    keep &= np.cumsum(np.where(keep, (end - begin) / period, 0)) <= size.orders * SHARE
    return Cycles(customer[keep], product[keep], period[keep].round(2), begin[keep], end[keep])


def _candidates(people: People, random: np.random.Generator) -> Ints:
    ordinary = np.flatnonzero(people.kind == ORDINARY)
    return np.concatenate([random.permutation(ordinary), random.permutation(ordinary)])


def _products(catalogue: Catalogue, count: int, random: np.random.Generator) -> Ints:
    usable = (catalogue.period_days > 0) & (catalogue.launch <= 0) & ~catalogue.intermittent
    weight = catalogue.popularity * usable * catalogue.period_days
    return random.choice(catalogue.count, count, p=weight / weight.sum())


def _first_of_pair(customer: Ints, product: Ints) -> Bools:
    first = np.zeros(len(customer), bool)
    first[np.unique(customer * 1_000_000 + product, return_index=True)[1]] = True
    return first


def run_cycles(cycles: Cycles, available: Bools, seed: int) -> Events:
    """The days on which each cycle leads to a purchase; gaps vary a little around the period."""
    random = stream(seed, "cycle events")
    most = int(np.ceil(((cycles.end - cycles.start) / cycles.period).max(initial=0) * 1.3)) + 3
    gaps = cycles.period[:, None] * np.clip(
        random.normal(1, JITTER, (len(cycles.period), most)), 0.4, 1.6
    )
    when = cycles.start[:, None] + np.cumsum(gaps, axis=1) - gaps[:, :1]
    cycle, step = np.nonzero((when < cycles.end[:, None]) & (random.random(when.shape) > SKIPPED))
    day = when[cycle, step].astype(np.int64)
    keep = available[day, cycles.product[cycle]]
    return Events(cycle[keep], day[keep])
