"""Orders and their items: money to the cent, where they come from, how they are paid."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from .assortment import TREE
from .baskets import Lines
from .catalogue import Catalogue, product_ids
from .columns import codes, counts, ids, money, take, times, words
from .countries import CODES, COUNTRIES, CURRENCIES, FOREIGN, currency_of_country
from .customers import CHANNELS, Addresses, People, customer_ids
from .fraud import FARMED, GUEST, STOLEN, TAKEOVER
from .period import Bools, Ints, day_of, stream
from .plan import Plan
from .prices import Prices
from .promotions import COUPON_CODES, WELCOME, coupon_discount, running_coupon, sale_percent

STORE = CHANNELS.index("store")
METHODS = ("card", "paypal", "bank_transfer", "invoice", "cash")
CARD, PAYPAL, TRANSFER, INVOICE, CASH = range(len(METHODS))
STATUSES = ("pending", "processing", "shipped", "delivered", "cancelled")
IP_COUNTRIES = CODES + FOREIGN
_NOTES = (
    "Please leave the parcel at the door.", "Bitte beim Nachbarn abgeben.",
    "Code porte 4821B, 3e étage.", "Gift wrap please!", "Call +44 7700 900123 on arrival.",
    "Proszę dzwonić przed dostawą.", "Second try, order 20240117 never came.",
    "Liefern zwischen 9 und 12 Uhr", "Merci de livrer après 18h.", "Doorbell 12-14, ring twice",
    "Birthday on the 14th, must be there by then.", "Invoice to company, VAT DE123456789.",
)  # fmt: skip


@dataclass(frozen=True)
class Orders:
    """One element per order. Money in cents of the order's currency.

    `holder` is the row of the address and of the card; `coupon` is -1 for none.
    """

    customer: Ints
    country: Ints
    placed: Ints
    kind: Ints
    group: Ints
    holder: Ints
    channel: Ints
    currency: Ints
    method: Ints
    coupon: Ints
    device: Ints
    ip_country: Ints
    billing_country: Ints
    subtotal: Ints
    tax: Ints
    shipping: Ints
    discount: Ints

    @property
    def count(self) -> int:
        """How many orders there are."""
        return len(self.placed)

    @property
    def total(self) -> Ints:
        """What the customer pays."""
        return self.subtotal + self.tax + self.shipping - self.discount


@dataclass(frozen=True)
class Items:
    """One element per order item, in the order of their orders; `first` is where each begins."""

    order: Ints
    product: Ints
    quantity: Ints
    unit_price: Ints
    discount: Ints
    tax: Ints
    first: Ints

    @property
    def count(self) -> int:
        """How many items there are."""
        return len(self.order)

    @property
    def total(self) -> Ints:
        """Quantity times price, less the item's own discount, before tax."""
        return self.quantity * self.unit_price - self.discount


def price_items(plan: Plan, lines: Lines, catalogue: Catalogue, prices: Prices) -> Items:
    """Put the prices and taxes of their day and country on the items."""
    day, country = day_of(plan.placed)[lines.order], plan.country[lines.order]
    currency = np.array(currency_of_country())[country]
    unit = prices.at(currency, lines.product, day)
    top = catalogue.top[lines.product]
    gross = lines.quantity * unit
    discount = (gross * sale_percent()[day, top] + 50) // 100
    food = np.array([each.food for each in TREE])[top]
    vat = np.array([[each.vat, each.vat_food] for each in COUNTRIES])[country, food.astype(int)]
    tax = ((gross - discount) * vat + 5_000) // 10_000
    kept = np.unique(lines.order)
    return Items(
        order=np.searchsorted(kept, lines.order),
        product=lines.product,
        quantity=lines.quantity,
        unit_price=unit,
        discount=discount,
        tax=tax,
        first=np.searchsorted(lines.order, kept),
    )


def make_orders(plan: Plan, lines: Lines, items: Items, people: People, seed: int) -> Orders:
    """Complete the orders that have items."""
    random = stream(seed, "orders")
    kept = np.unique(lines.order)
    customer, country, placed, kind, group = (
        each[kept] for each in (plan.customer, plan.country, plan.placed, plan.kind, plan.group)
    )
    count = len(kept)
    subtotal = np.add.reduceat(items.total, items.first)
    channel = _channels(customer, kind, people, random)
    coupon = _coupons(placed, kind, customer, subtotal, random)
    free = np.array([each.free_from for each in COUNTRIES])[country]
    fee = np.array([each.shipping for each in COUNTRIES])[country]
    lone = (customer < 0) | (kind == STOLEN) | (kind == TAKEOVER)
    ip, billing = _origins(country, kind, random)
    return Orders(
        customer=customer,
        country=country,
        placed=placed,
        kind=kind,
        group=group,
        holder=np.where(lone, people.count + np.cumsum(lone) - 1, customer),
        channel=channel,
        currency=np.array(currency_of_country())[country],
        method=_methods(channel, kind, random, count),
        coupon=coupon,
        device=_devices(customer, channel, kind, group=group, people=people, random=random),
        ip_country=ip,
        billing_country=billing,
        subtotal=subtotal,
        tax=np.add.reduceat(items.tax, items.first),
        shipping=np.where((subtotal >= free) | (channel == STORE), 0, fee),
        discount=coupon_discount(coupon, subtotal),
    )


def _channels(customer: Ints, kind: Ints, people: People, random: np.random.Generator) -> Ints:
    usual = np.where(customer >= 0, people.channel[customer], 0)
    other = random.integers(0, len(CHANNELS), len(customer))
    channel = np.where(random.random(len(customer)) < 0.85, usual, other)
    online = random.integers(0, 2, len(customer))
    return np.where(kind >= STOLEN, online, np.where(kind == GUEST, other, channel))


def _coupons(
    placed: Ints, kind: Ints, customer: Ints, subtotal: Ints, random: np.random.Generator
) -> Ints:
    number, share = running_coupon()
    day, luck = day_of(placed), random.random(len(placed))
    coupon = np.where(luck < share[day], number[day], -1)
    first = np.zeros(len(placed), bool)
    first[np.unique(customer, return_index=True)[1]] = True
    welcome = COUPON_CODES.index(WELCOME.code)
    newcomer = first & (customer >= 0) & (coupon < 0) & (luck > 0.75)
    coupon = np.where(newcomer | (kind == FARMED), welcome, coupon)
    return np.where(coupon_discount(coupon, subtotal) > 0, coupon, -1)


def _methods(channel: Ints, kind: Ints, random: np.random.Generator, count: int) -> Ints:
    online = random.choice(4, count, p=(0.6, 0.24, 0.08, 0.08))
    in_store = np.where(random.random(count) < 0.3, CASH, CARD)
    method = np.where(channel == STORE, in_store, online)
    return np.where(kind >= STOLEN, CARD, method)


def _devices(
    customer: Ints,
    channel: Ints,
    kind: Ints,
    *,
    group: Ints,
    people: People,
    random: np.random.Generator,
) -> Ints:
    """Two devices per customer, one per attack or farm, a new one for each guest; -1 in a store."""
    second = random.random(len(customer)) < 0.25
    own = 2 * customer + second
    attack = 2 * people.count + np.maximum(group, 0)
    guest = 2 * people.count + group.max(initial=0) + 1 + np.arange(len(customer))
    device = np.where(group >= 0, attack, np.where(kind == GUEST, guest, own))
    return np.where((channel >= STORE) & (group < 0), -1, device)


def _origins(country: Ints, kind: Ints, random: np.random.Generator) -> tuple[Ints, Ints]:
    """Where the order was sent from, and where the card belongs."""
    count = len(country)
    foreign = len(CODES) + random.integers(0, len(FOREIGN), count)
    traveller = random.random(count) < 0.02
    hidden = np.isin(kind, (STOLEN, TAKEOVER)) & (random.random(count) < 0.75)
    ip = np.where(traveller, random.integers(0, len(IP_COUNTRIES), count), country)
    elsewhere = (country + random.integers(1, len(CODES), count)) % len(CODES)
    stolen = (kind == STOLEN) & (random.random(count) < 0.7)
    return np.where(hidden, foreign, ip), np.where(stolen, elsewhere, country)


def order_ids(orders: Ints) -> pa.Array:
    """The keys of orders by number."""
    return ids("O", orders + 1, width=8)


def item_ids(items: Ints, missing: Bools | None = None) -> pa.Array:
    """The keys of order items by number."""
    return ids("I", items + 1, width=8, missing=missing)


def orders_table(
    orders: Orders, status: Ints, updated: Ints, addresses: Addresses, seed: int
) -> pa.Table:
    """One row per order."""
    random = stream(seed, "orders table")
    count = orders.count
    picked = orders.channel == STORE
    device = codes(random, "dev_", int(orders.device.max()) + 1, 12)
    quiet = random.random(count) > 0.06
    placed = times(orders.placed)
    return pa.table(
        {
            "order_id": order_ids(np.arange(count)),
            "customer_id": customer_ids(orders.customer, missing=orders.customer < 0),
            "order_date": placed,
            "order_status": words(status, STATUSES),
            "total_amount": money(orders.total),
            "tax_amount": money(orders.tax),
            "shipping_amount": money(orders.shipping),
            "discount_amount": money(orders.discount),
            "currency": words(orders.currency, CURRENCIES),
            "payment_method": words(orders.method, METHODS),
            "channel": words(orders.channel, CHANNELS),
            "coupon_code": words(orders.coupon, COUPON_CODES, missing=orders.coupon < 0),
            "device_id": take(device, orders.device, missing=orders.device < 0),
            "ip_country": words(orders.ip_country, IP_COUNTRIES, missing=orders.device < 0),
            "billing_country": words(orders.billing_country, CODES),
            "shipping_address_line1": take(addresses.line1, orders.holder, missing=picked),
            "shipping_address_line2": take(addresses.line2, orders.holder, missing=picked),
            "shipping_city": take(addresses.city, orders.holder, missing=picked),
            "shipping_state": take(addresses.state, orders.holder, missing=picked),
            "shipping_postal_code": take(addresses.postal_code, orders.holder, missing=picked),
            "shipping_country": words(orders.country, CODES),
            "notes": words(random.integers(0, len(_NOTES), count), _NOTES, missing=quiet),
            "created_at": placed,
            "updated_at": times(updated),
        }
    )


def order_items_table(items: Items, placed: Ints, updated: Ints) -> pa.Table:
    """One row per order item."""
    return pa.table(
        {
            "order_item_id": item_ids(np.arange(items.count)),
            "order_id": order_ids(items.order),
            "product_id": product_ids(items.product),
            "quantity": counts(items.quantity),
            "unit_price": money(items.unit_price),
            "discount_amount": money(items.discount),
            "tax_amount": money(items.tax),
            "total_amount": money(items.total),
            "created_at": times(placed[items.order]),
            "updated_at": times(updated),
        }
    )
