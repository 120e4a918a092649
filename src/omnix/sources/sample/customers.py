"""Who buys: arrivals, silent departures, purchase rates, tastes; and the customers table."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from .assortment import TASTE_SHARES
from .columns import digits, ids, join, nothing, text, times, words
from .countries import CODES, COUNTRIES, PLACES, POSTCODES_PER_PLACE, plain, postcodes
from .demand import Demand
from .period import DAY, DAYS, FIRST, LAST, NEVER, Bools, Floats, Ints, day_of, moment, stream
from .sizes import Size

#: What an account is: an ordinary customer, a thief's, one of a device farm.
ORDINARY, THIEF, FARM = 0, 1, 2
CHANNELS = ("web", "app", "store", "marketplace")
SEGMENTS = ("consumer", "business", "vip")
SEGMENT_SHARES = (0.86, 0.1, 0.04)
MAIL_DOMAINS = ("example.com", "example.org", "example.net", "mail.example", "post.example")


@dataclass(frozen=True)
class Accounts:
    """Accounts opened by fraudsters; `group` tells which attack or farm one belongs to."""

    arrived: Ints
    country: Ints
    kind: Ints
    group: Ints


@dataclass(frozen=True)
class People:
    """One element per customer, in the order of arrival. Moments in seconds.

    `rate` is the expected orders per day while active; `departed` is NEVER for who stays.
    """

    arrived: Ints
    departed: Ints
    country: Ints
    rate: Floats
    taste: Ints
    channel: Ints
    kind: Ints
    group: Ints

    @property
    def count(self) -> int:
        """How many customers there are."""
        return len(self.arrived)


def make_people(size: Size, demand: Demand, fraud: Accounts, seed: int) -> People:
    """Draw the customers; purchase rates and lifetimes differ as in the Pareto/NBD model.

    Source: Schmittlein, Morrison & Colombo, "Counting Your Customers" (1987).
    """
    random = stream(seed, "people")
    ordinary = size.customers - len(fraud.arrived)
    arrived = _arrivals(ordinary, demand, random)
    stay = random.exponential(random.lognormal(np.log(480), 0.6, ordinary))
    left = np.maximum(day_of(arrived), 0) + np.ceil(stay).astype(np.int64)
    departed = np.where(left < DAYS, moment(left + 1) - 1, NEVER)
    count = size.customers
    rate = np.concatenate([random.gamma(0.9, 1.0, ordinary), np.zeros(count - ordinary)])
    whole = People(
        arrived=np.concatenate([arrived, fraud.arrived]),
        departed=np.concatenate([departed, fraud.arrived + 7 * DAY]),
        country=np.concatenate([_countries(ordinary, random), fraud.country]),
        rate=rate,
        taste=random.choice(len(TASTE_SHARES), count, p=TASTE_SHARES),
        channel=random.choice(len(CHANNELS), count, p=(0.5, 0.26, 0.14, 0.1)),
        kind=np.concatenate([np.full(ordinary, ORDINARY), fraud.kind]),
        group=np.concatenate([np.full(ordinary, -1), fraud.group]),
    )
    order = np.argsort(whole.arrived, kind="stable")
    return People(**{name: values[order] for name, values in vars(whole).items()})


def _countries(count: int, random: np.random.Generator) -> Ints:
    shares = np.array([country.share for country in COUNTRIES])
    return random.choice(len(COUNTRIES), count, p=shares / shares.sum())


def _arrivals(count: int, demand: Demand, random: np.random.Generator) -> Ints:
    """Three in ten were there before; the others come with the seasons, more each year."""
    before = int(count * 0.3)
    flow = demand.intensity.mean(axis=(0, 1)) * (1 + 0.3 * np.arange(DAYS) / DAYS)
    flow[-2:] = 0.0
    day = random.choice(DAYS, count - before, p=flow / flow.sum())
    second = np.clip(random.normal(15 * 3600, 4 * 3600, len(day)), 0, DAY - 1).astype(np.int64)
    old = FIRST - random.integers(DAY, 3 * 365 * DAY, before)
    return np.sort(np.concatenate([old, moment(day) + second]))


def customer_ids(customers: Ints, missing: Bools | None = None) -> pa.Array:
    """The keys of customers by number."""
    return ids("C", customers + 1, missing=missing)


@dataclass(frozen=True)
class Addresses:
    """Where parcels go. The first rows belong to the customers, the rest to single orders."""

    line1: pa.Array
    line2: pa.Array
    city: pa.Array
    state: pa.Array
    postal_code: pa.Array


def make_addresses(country: Ints, seed: int) -> Addresses:
    """An address in each of these countries."""
    random = stream(seed, "addresses")
    count = len(country)
    starts = np.searchsorted([place[0] for place in PLACES], np.arange(len(COUNTRIES) + 1))
    place = starts[country] + random.integers(0, 1_000, count) % np.diff(starts)[country]
    flat = random.integers(1, 40, count)
    postal = place * POSTCODES_PER_PLACE + random.integers(0, POSTCODES_PER_PLACE, count)
    return Addresses(
        line1=_streets(country, random),
        line2=_flats(flat, random.random(count) < 0.85),
        city=words(place, [place[1] for place in PLACES]),
        state=words(place, [place[2] for place in PLACES]),
        postal_code=words(postal, postcodes()),
    )


def _streets(country: Ints, random: np.random.Generator) -> pa.Array:
    street = pick(country, [each.streets for each in COUNTRIES], random)
    number = digits(random.integers(1, 190, len(country)), 1)
    first = pa.array(np.isin(country, [CODES.index(code) for code in ("FR", "GB", "US")]))
    return text(pc.if_else(first, join(number, " ", street), join(street, " ", number)))


def _flats(flat: Ints, missing: Bools) -> pa.Array:
    numbers = pa.array(flat, mask=missing).cast(pa.string())
    return join("Apt ", numbers)


def pick(country: Ints, lists: list[tuple[str, ...]], random: np.random.Generator) -> pa.Array:
    """A word for each row from the list of its country."""
    return words(_pick_numbers(country, lists, random), _flat(lists))


def _pick_numbers(country: Ints, lists: list[tuple[str, ...]], random: np.random.Generator) -> Ints:
    starts = np.cumsum([0] + [len(each) for each in lists])
    chosen: Ints = (
        starts[country] + random.integers(0, 1_000, len(country)) % np.diff(starts)[country]
    )
    return chosen


def _flat(lists: list[tuple[str, ...]]) -> list[str]:
    return [word for each in lists for word in each]


def customers_table(people: People, addresses: Addresses, seed: int) -> pa.Table:
    """One row per customer. Nothing in it tells who has left: departures are silent."""
    random = stream(seed, "customers table")
    count, number = people.count, np.arange(people.count)
    firsts = [country.first_names for country in COUNTRIES]
    lasts = [country.last_names for country in COUNTRIES]
    first, last = (_pick_numbers(people.country, each, random) for each in (firsts, lasts))
    changed = people.arrived + (random.random(count) * (LAST - people.arrived)).astype(np.int64)
    updated = np.where(random.random(count) < 0.3, changed, people.arrived)
    phone = join(
        words(people.country, [each.phone for each in COUNTRIES]),
        digits(random.integers(0, 10_000_000, count), 7),
    )
    silent = pa.array(random.random(count) < 0.18)
    return pa.table(
        {
            "customer_id": customer_ids(number),
            "email": _emails(number, first, last, firsts=firsts, lasts=lasts, random=random),
            "first_name": words(first, _flat(firsts)),
            "last_name": words(last, _flat(lasts)),
            "phone": text(pc.if_else(silent, nothing(count), phone)),
            "address_line1": addresses.line1.slice(0, count),
            "address_line2": addresses.line2.slice(0, count),
            "city": addresses.city.slice(0, count),
            "state": addresses.state.slice(0, count),
            "postal_code": addresses.postal_code.slice(0, count),
            "country": words(people.country, CODES),
            "is_active": pa.array(random.random(count) > 0.02),
            "customer_segment": words(random.choice(3, count, p=SEGMENT_SHARES), SEGMENTS),
            "created_at": times(people.arrived),
            "updated_at": times(updated),
        }
    )


def _emails(
    number: Ints,
    first: Ints,
    last: Ints,
    *,
    firsts: list[tuple[str, ...]],
    lasts: list[tuple[str, ...]],
    random: np.random.Generator,
) -> pa.Array:
    domain = words(random.integers(0, len(MAIL_DOMAINS), len(number)), MAIL_DOMAINS)
    return join(
        words(first, [plain(name) for name in _flat(firsts)]),
        ".",
        words(last, [plain(name) for name in _flat(lasts)]),
        digits(number + 1, 1),
        "@",
        domain,
    )
