"""When who orders: habits, consumption cycles, guests and fraudsters, in the order of time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .assortment import TASTE_SHARES
from .countries import COUNTRIES
from .customers import ORDINARY, People
from .cycles import Cycles, Events
from .demand import Demand
from .fraud import CYCLE, GUEST, HABIT, FraudOrders
from .period import DAY, DAYS, FIRST, HOUR, LAST, NEVER, Bools, Floats, Ints, moment, stream
from .sizes import Size

GUEST_SHARE = 0.04
#: Orders by hour of the day where the customer lives.
_HOURS = np.array(
    [1, 0.5, 0.3, 0.2, 0.2, 0.5, 1.5, 3, 4, 5, 5.5, 6, 6.5, 6, 5, 5, 5.5, 6, 7, 8.5, 9, 7.5, 4.5, 2]
)


@dataclass(frozen=True)
class Plan:
    """One element per order. `customer` is -1 for a guest, `group` -1 for an honest order.

    `cycle_order` and `cycle_product` name the things that a cycle puts into an order.
    """

    customer: Ints
    country: Ints
    taste: Ints
    placed: Ints
    kind: Ints
    group: Ints
    cycle_order: Ints
    cycle_product: Ints

    @property
    def count(self) -> int:
        """How many orders there are."""
        return len(self.placed)


def make_plan(
    size: Size,
    people: People,
    *,
    cycles: Cycles,
    events: Events,
    fraud: FraudOrders,
    demand: Demand,
    seed: int,
) -> Plan:
    """Put all orders together and sort them by time."""
    random = stream(seed, "plan")
    guests = round(size.orders * GUEST_SHARE)
    cycle_day, event_order = _cycle_orders(cycles, events)
    first = _first_orders(people, random)
    wanted = size.orders - guests - len(cycle_day) - len(fraud.placed) - len(first)
    habit, habit_at = _habit_orders(people, demand, wanted, random)
    guest_country, guest_at = _guest_orders(guests, demand, random)
    regular, regular_day = cycle_day // DAYS, cycle_day % DAYS
    regular_at = moment(regular_day) + time_of_day(people.country[regular], random)
    customer = np.concatenate([habit, first, regular, np.full(guests, -1), fraud.customer])
    first_at = people.arrived[first] + random.integers(60, HOUR, len(first))
    placed = np.concatenate([habit_at, first_at, regular_at, guest_at, fraud.placed])
    lengths = (len(habit) + len(first), len(regular), guests)
    kind = np.concatenate([np.repeat([HABIT, CYCLE, GUEST], lengths), fraud.kind])
    country = np.where(customer >= 0, people.country[customer], 0)
    country[customer < 0] = np.concatenate([guest_country, fraud.country[fraud.customer < 0]])
    placed = _within_stay(placed, customer, people)
    order = np.argsort(placed, kind="stable")
    rank = np.argsort(order, kind="stable")
    return Plan(
        customer=customer[order],
        country=country[order],
        taste=_tastes(customer, people, random)[order],
        placed=placed[order],
        kind=kind[order],
        group=np.concatenate([np.full(sum(lengths), -1), fraud.group])[order],
        cycle_order=rank[lengths[0] + event_order],
        cycle_product=cycles.product[events.cycle],
    )


def _cycle_orders(cycles: Cycles, events: Events) -> tuple[Ints, Ints]:
    """Customer and day of each order (as one number); which order each event belongs to.

    What one customer needs on the same day comes in one order.
    """
    both = cycles.customer[events.cycle] * DAYS + events.day
    unique, order = np.unique(both, return_inverse=True)
    return unique, order.astype(np.int64)


def _first_orders(people: People, random: np.random.Generator) -> Ints:
    """Most accounts are opened to order something at once."""
    new = (people.arrived >= FIRST) & (people.kind == ORDINARY) & (people.arrived < LAST - HOUR)
    return np.flatnonzero(new & (random.random(people.count) < 0.85))


def _clock(demand: Demand) -> Floats:
    """Shop time that has gone by at the beginning of each day: taste x country x day."""
    start = np.zeros((*demand.intensity.shape[:2], 1))
    return np.concatenate([start, np.cumsum(demand.intensity, axis=2)], axis=2)


def _habit_orders(
    people: People, demand: Demand, wanted: int, random: np.random.Generator
) -> tuple[Ints, Ints]:
    """A Poisson process per customer in shop time, which runs faster on days of high demand."""
    clock = _clock(demand)
    begin = np.clip((people.arrived - FIRST) / DAY, 0, DAYS)
    end = np.where(
        people.departed == NEVER, DAYS, np.clip((people.departed - FIRST) / DAY, 0, DAYS)
    )
    low = _read(clock, people, begin)
    span = _read(clock, people, np.maximum(end, begin)) - low
    mean = people.rate * span
    times = random.poisson(mean * (wanted / mean.sum()))
    customer = np.repeat(np.arange(people.count), times)
    target = low[customer] + random.random(len(customer)) * span[customer]
    day = np.zeros(len(customer), np.int64)
    for taste, country in np.ndindex(clock.shape[:2]):
        rows = np.flatnonzero(
            (people.taste[customer] == taste) & (people.country[customer] == country)
        )
        day[rows] = np.searchsorted(clock[taste, country], target[rows], side="right") - 1
    day = np.clip(day, 0, DAYS - 1)
    return customer, moment(day) + time_of_day(people.country[customer], random)


def _read(clock: Floats, people: People, at: Floats) -> Floats:
    day = np.minimum(at.astype(np.int64), DAYS - 1)
    low = clock[people.taste, people.country, day]
    high = clock[people.taste, people.country, day + 1]
    reading: Floats = low + (high - low) * (at - day)
    return reading


def _guest_orders(count: int, demand: Demand, random: np.random.Generator) -> tuple[Ints, Ints]:
    shares = np.array([country.share for country in COUNTRIES])
    country = random.choice(len(COUNTRIES), count, p=shares / shares.sum())
    flow = demand.intensity.mean(axis=(0, 1))
    day = random.choice(DAYS, count, p=flow / flow.sum())
    return country, moment(day) + time_of_day(country, random)


def time_of_day(country: Ints, random: np.random.Generator) -> Ints:
    """Seconds after midnight UTC, from the habits of the country's own clock."""
    local = np.searchsorted(np.cumsum(_HOURS) / _HOURS.sum(), random.random(len(country)))
    shift = np.array([each.utc_offset for each in COUNTRIES])[country]
    seconds: Ints = (local - shift) % 24 * HOUR + random.integers(0, HOUR, len(country))
    return seconds


def _within_stay(placed: Ints, customer: Ints, people: People) -> Ints:
    """No order before the account is opened (the day is right, the hour may not be)."""
    known: Bools = customer >= 0
    early = known & (placed <= people.arrived[customer])
    return np.minimum(np.where(early, people.arrived[customer] + 90, placed), LAST)


def _tastes(customer: Ints, people: People, random: np.random.Generator) -> Ints:
    guess = random.choice(len(TASTE_SHARES), len(customer), p=TASTE_SHARES)
    return np.where(customer >= 0, people.taste[customer], guess)
