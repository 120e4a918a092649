"""Fraud: stolen cards, account take-overs, device farms and friendly fraud."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .countries import COUNTRIES
from .customers import FARM, ORDINARY, THIEF, Accounts, People
from .period import DAY, DAYS, HOUR, LAST, NEVER, Bools, Ints, moment, stream
from .sizes import Size

STOLEN_SHARE = 0.0025
TAKEOVER_SHARE = 0.0015
FARM_SHARE = 0.002
FRIENDLY_SHARE = 0.002
ORDERS_PER_ATTACK = 2.5
FARM_ACCOUNTS = 12
GUEST_ATTACKS = 0.3


@dataclass(frozen=True)
class FraudOrders:
    """Orders that fraudsters place. `customer` is -1 for a guest; `group` is the attack or farm."""

    customer: Ints
    country: Ints
    placed: Ints
    kind: Ints
    group: Ints


#: What an order is. The first three are honest.
HABIT, CYCLE, GUEST, STOLEN, TAKEOVER, FARMED = range(6)
SCENARIOS = ("", "", "", "stolen_card", "account_takeover", "device_farm", "friendly_fraud")
FRIENDLY = 6


def fraud_accounts(size: Size, seed: int) -> Accounts:
    """The accounts that thieves and device farms open."""
    random = stream(seed, "fraud accounts")
    thieves = max(3, round(size.orders * STOLEN_SHARE / ORDERS_PER_ATTACK))
    farms = max(1, round(size.orders * FARM_SHARE / (FARM_ACCOUNTS * 1.3)))
    theft = random.integers(40, DAYS - 2, thieves) + random.random(thieves)
    begun = np.repeat(random.integers(60, DAYS - 8, farms), FARM_ACCOUNTS)
    opened = begun + random.random(farms * FARM_ACCOUNTS) * 4
    farm = np.repeat(np.arange(farms), FARM_ACCOUNTS)
    home = random.integers(0, len(COUNTRIES), farms)
    with_account = theft[random.random(thieves) > GUEST_ATTACKS]
    return Accounts(
        arrived=moment(np.concatenate([with_account, opened])),
        country=np.concatenate([random.integers(0, 4, len(with_account)), home[farm]]),
        kind=np.concatenate([np.full(len(with_account), THIEF), np.full(len(farm), FARM)]),
        group=np.concatenate([np.arange(len(with_account)), farm + len(with_account)]),
    )


def fraud_orders(size: Size, people: People, seed: int) -> FraudOrders:
    """All orders placed by fraudsters; friendly fraud is chosen later, among honest orders."""
    random = stream(seed, "fraud orders")
    first_free = int(people.group.max()) + 1
    parts = [
        _by_thieves(people, random),
        _by_guests(size, first_free, random),
        _takeovers(size, people, first_free + size.orders, random),
        _by_farms(people, random),
    ]
    names = ("customer", "country", "placed", "kind", "group")
    whole = {name: np.concatenate([getattr(part, name) for part in parts]) for name in names}
    keep = whole["placed"] <= LAST
    _, group = np.unique(whole["group"], return_inverse=True)
    whole["group"] = group.astype(np.int64)
    return FraudOrders(**{name: values[keep] for name, values in whole.items()})


def _bursts(start: Ints, times: Ints, random: np.random.Generator) -> tuple[Ints, Ints]:
    """Row and moment of each order when every start is followed by several within a day."""
    row = np.repeat(np.arange(len(start)), times)
    wait = random.exponential(2.5 * HOUR, len(row)).astype(np.int64)
    return row, start[row] + 300 + wait


def _by_thieves(people: People, random: np.random.Generator) -> FraudOrders:
    thief = np.flatnonzero(people.kind == THIEF)
    row, placed = _bursts(people.arrived[thief], random.integers(1, 5, len(thief)), random)
    who = thief[row]
    return FraudOrders(
        who, people.country[who], placed, np.full(len(who), STOLEN), people.group[who]
    )


def _by_guests(size: Size, first_group: int, random: np.random.Generator) -> FraudOrders:
    attacks = max(1, round(size.orders * STOLEN_SHARE / ORDERS_PER_ATTACK * GUEST_ATTACKS))
    start = moment(random.integers(40, DAYS - 2, attacks) + random.random(attacks))
    country = random.integers(0, 4, attacks)
    row, placed = _bursts(start, random.integers(1, 5, attacks), random)
    nobody = np.full(len(row), -1)
    return FraudOrders(
        nobody, country[row], placed, np.full(len(row), STOLEN), first_group + row
    )  # fmt: skip


def _takeovers(
    size: Size, people: People, first_group: int, random: np.random.Generator
) -> FraudOrders:
    """Accounts with half a year behind them whose owner is still there."""
    wanted = max(3, round(size.orders * TAKEOVER_SHARE / 2))
    day = random.integers(200, DAYS - 2, wanted * 40)
    start = moment(day + random.random(len(day)))
    victim = random.permutation(np.resize(np.flatnonzero(people.kind == ORDINARY), len(day)))
    fits = (people.arrived[victim] < start - 180 * DAY) & (people.departed[victim] > start)
    fits &= (people.departed[victim] == NEVER) & (people.rate[victim] > 0.3 * people.rate.mean())
    chosen = _one_each(victim, fits)[:wanted]
    row, placed = _bursts(start[chosen], random.integers(1, 4, len(chosen)), random)
    who = victim[chosen][row]
    return FraudOrders(
        who, people.country[who], placed, np.full(len(who), TAKEOVER), first_group + row
    )


def _one_each(victim: Ints, fits: Bools) -> Ints:
    rows = np.flatnonzero(fits)
    return np.sort(rows[np.unique(victim[rows], return_index=True)[1]])


def _by_farms(people: People, random: np.random.Generator) -> FraudOrders:
    account = np.flatnonzero(people.kind == FARM)
    who = np.repeat(account, 1 + (random.random(len(account)) < 0.3))
    placed = people.arrived[who] + random.integers(120, 30 * HOUR, len(who))
    return FraudOrders(
        who, people.country[who], placed, np.full(len(who), FARMED), people.group[who]
    )
