"""What happens to an order after it is placed: paid, cancelled, shipped, delivered, charged back.

What would happen after the end of the period has not happened yet: it stands as NEVER.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from .countries import CARRIERS, COUNTRIES
from .fraud import FARMED, FRIENDLY, FRIENDLY_SHARE, GUEST, STOLEN, TAKEOVER
from .orders import CARD, STORE, TRANSFER, Orders
from .period import DAY, HOUR, LAST, NEVER, Bools, Floats, Ints, day_number, day_of, stream

CANCELLED_SHARE = 0.03
STOPPED_SHARE = 0.2
RETURNED_SHARE = 0.006
CARRIER_PACE = (1.0, 1.2, 0.85)
#: carrier, first and last day, days of delay: known to the truth only
STRIKES = (
    ("Hermes", date(2025, 2, 3), date(2025, 2, 21), 4.0),
    ("Royal Mail", date(2024, 12, 2), date(2024, 12, 20), 3.0),
    ("UPS", date(2026, 1, 12), date(2026, 1, 30), 5.0),
)


@dataclass(frozen=True)
class Timeline:
    """Moments per order, NEVER where it has not happened. `carrier` is -1 in a store.

    `scenario` is the kind of fraud (0: honest), known or not; `returned` sends all of it back.
    """

    paid: Ints
    cancelled: Ints
    shipped: Ints
    promised: Ints
    delivered: Ints
    chargeback: Ints
    carrier: Ints
    returned: Bools
    scenario: Ints

    def status(self) -> Ints:
        """The number of each order's status in STATUSES."""
        status = np.where(self.paid < NEVER, 1, 0)
        status = np.where(self.shipped < NEVER, 2, status)
        status = np.where(self.delivered < NEVER, 3, status)
        return np.where(self.cancelled < NEVER, 4, status)

    def last_event(self, placed: Ints) -> Ints:
        """The moment of the last thing that has happened."""
        moments = (self.paid, self.cancelled, self.shipped, self.delivered, self.chargeback)
        seen = [np.where(each < NEVER, each, 0) for each in moments]
        latest: Ints = np.maximum.reduce([placed, *seen])
        return latest


def make_timeline(orders: Orders, seed: int) -> Timeline:
    """Draw what happens to each order."""
    random = stream(seed, "timeline")
    count, placed = orders.count, orders.placed
    store = orders.channel == STORE
    wait = np.where(
        orders.method == TRANSFER,
        random.integers(DAY, 3 * DAY, count),
        random.integers(70, 300, count),
    )
    paid = placed + wait
    stop = np.where(orders.kind == STOLEN, STOPPED_SHARE, CANCELLED_SHARE) * ~store
    stopped = random.random(count) < stop
    later = HOUR + np.minimum(random.exponential(1.2 * DAY, count), 10 * DAY).astype(np.int64)
    handling = (DAY * np.clip(random.lognormal(-0.2, 0.5, count), 0.1, 6)).astype(np.int64)
    carrier, days, promise = _transport(orders, day_of(paid + handling), random)
    shipped = np.where(stopped | store, NEVER, paid + handling)
    delivered = np.where(
        store, placed, np.where(stopped, NEVER, shipped + (days * DAY).astype(np.int64))
    )
    scenario = _scenarios(orders, delivered, random)
    disputed = _disputed(scenario, stopped, random)
    claim = placed + random.integers(20 * DAY, 90 * DAY, count)
    returned = (random.random(count) < RETURNED_SHARE) & (scenario == 0) & ~store & ~stopped
    return Timeline(
        paid=_seen(paid),
        cancelled=_seen(np.where(stopped, paid + later, NEVER)),
        shipped=_seen(shipped),
        promised=np.where(shipped < NEVER, shipped + promise * DAY, NEVER),
        delivered=_seen(delivered),
        chargeback=_seen(np.where(disputed, np.maximum(claim, delivered + DAY), NEVER)),
        carrier=np.where(store, -1, carrier),
        returned=returned,
        scenario=scenario,
    )  # fmt: skip


def _seen(moments: Ints) -> Ints:
    return np.where(moments <= LAST, moments, NEVER)


def _transport(orders: Orders, day: Ints, random: np.random.Generator) -> tuple[Ints, Floats, Ints]:
    """Carrier, days on the way and days promised of each order."""
    choice = (
        random.integers(0, 6, orders.count)
        % np.array([len(c.carriers) for c in COUNTRIES])[orders.country]
    )
    numbers = np.array(
        [
            [CARRIERS.index(each.carriers[n % len(each.carriers)]) for n in range(3)]
            for each in COUNTRIES
        ]
    )
    carrier = numbers[orders.country, choice]
    usual = np.array([each.transit_days for each in COUNTRIES])[orders.country]
    days = usual * np.array(CARRIER_PACE)[choice] * random.lognormal(0, 0.28, orders.count)
    for name, start, end, delay in STRIKES:
        struck = (
            (carrier == CARRIERS.index(name))
            & (day >= day_number(start))
            & (day <= day_number(end))
        )
        days = days + struck * delay
    return carrier, days, np.ceil(usual).astype(np.int64) + 1  # fmt: skip


def _scenarios(orders: Orders, delivered: Ints, random: np.random.Generator) -> Ints:
    """The planned frauds, and the friendly ones: a few customers deny what they received."""
    scenario = np.where(orders.kind >= STOLEN, orders.kind, 0)
    wanted = round(orders.count * FRIENDLY_SHARE)
    people = int(orders.customer.max()) + 1
    dishonest = random.random(people) < 0.05
    could = (scenario == 0) & (orders.kind != GUEST) & (orders.method == CARD)
    could &= (delivered < NEVER) & (orders.channel != STORE) & dishonest[orders.customer]
    chosen = random.permutation(np.flatnonzero(could))[:wanted]
    scenario[chosen] = FRIENDLY
    return scenario


def _disputed(scenario: Ints, stopped: Bools, random: np.random.Generator) -> Bools:
    chance = np.zeros(FRIENDLY + 1)
    chance[[STOLEN, TAKEOVER, FARMED, FRIENDLY]] = (0.9, 0.9, 0.6, 1.0)
    disputed: Bools = (random.random(len(scenario)) < chance[scenario]) & ~stopped
    return disputed
