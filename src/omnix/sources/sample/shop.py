"""Making a whole sample shop, one subject after the other."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa

from .baskets import fill_baskets, make_affinities
from .catalogue import categories_table, make_catalogue, products_table
from .consents import consents_table
from .customers import customers_table, make_addresses, make_people
from .cycles import make_cycles, run_cycles
from .demand import make_demand
from .dirt import plant
from .fraud import fraud_accounts, fraud_orders
from .holidays import holidays_table
from .inventory import inventory_table
from .orders import Items, Orders, make_orders, order_items_table, orders_table, price_items
from .payments import payments_table
from .period import Ints
from .plan import make_plan
from .prices import Prices, competitor_prices_table, last_change, make_prices, price_history_table
from .promotions import PROMOTIONS, promotions_table
from .rates import exchange_rates_table
from .refunds import Refunds, latest_per, make_refunds, refunds_table
from .reviews import reviews_table
from .shipments import shipments_table
from .sizes import Size
from .timeline import Timeline, make_timeline
from .truth import truth_tables, write_truth
from .write import write_table

Progress = Callable[[str], None]


def build(folder: Path, size: Size, seed: int, progress: Progress) -> dict[str, int]:
    """Write the shop and its truth below `folder`; the rows written per table."""
    progress("Products and prices")
    catalogue = make_catalogue(size, seed)
    prices = make_prices(catalogue, seed)
    demand = make_demand(catalogue, prices, seed)
    affinities = make_affinities(catalogue, seed)
    progress("Customers")
    people = make_people(size, demand, fraud_accounts(size, seed), seed)
    cycles = make_cycles(size, people, catalogue, seed)
    progress("Orders")
    events = run_cycles(cycles, demand.available, seed)
    plan = make_plan(
        size,
        people,
        cycles=cycles,
        events=events,
        fraud=fraud_orders(size, people, seed),
        demand=demand,
        seed=seed,
    )
    lines = fill_baskets(plan, catalogue, demand, affinities, seed)
    items = price_items(plan, lines, catalogue, prices)
    orders = make_orders(plan, lines, items, people, seed)
    progress("Deliveries, payments and refunds")
    timeline = make_timeline(orders, seed)
    refunds = make_refunds(orders, items, timeline, catalogue, seed)
    lone = orders.holder >= people.count
    addresses = make_addresses(np.concatenate([people.country, orders.country[lone]]), seed)
    order_updated, item_updated = _updated(orders, items, timeline, refunds)
    usage = np.bincount(orders.coupon[orders.coupon >= 0], minlength=len(PROMOTIONS))
    tables = {
        "customers": customers_table(people, addresses, seed),
        "categories": categories_table(),
        "products": products_table(catalogue, _price_now(prices), last_change(prices), seed),
        "inventory": inventory_table(
            size, catalogue, demand, orders=orders, items=items, seed=seed
        ),
        "orders": orders_table(orders, timeline.status(), order_updated, addresses, seed),
        "order_items": order_items_table(items, orders.placed, item_updated),
        "payments": payments_table(orders, timeline, people.count + int(lone.sum()), seed),
        "refunds": refunds_table(refunds, orders, items),
        "shipments": shipments_table(orders, timeline, refunds, seed),
        "reviews": reviews_table(orders, items, timeline, catalogue, seed),
        "promotions": promotions_table(usage),
        "consents": consents_table(people, seed),
        "competitor_prices": competitor_prices_table(catalogue, prices, seed),
        "exchange_rates": exchange_rates_table(seed),
        "holidays": holidays_table(),
        "price_history": price_history_table(prices, catalogue),
    }
    progress("Dirt")
    dirt = plant(tables, seed)
    progress("Writing")
    _write_shop(folder / "shop", tables)
    truths = truth_tables(
        catalogue,
        people,
        cycles=cycles,
        affinities=affinities,
        demand=demand,
        orders=orders,
        timeline=timeline,
    )
    write_truth(folder / "truth", truths, dirt)
    return {name: table.num_rows for name, table in tables.items()}


def _price_now(prices: Prices) -> Ints:
    product = np.arange(prices.cents.shape[1])
    now: Ints = prices.cents[0, product, prices.version[-1]]
    return now


def _updated(
    orders: Orders, items: Items, timeline: Timeline, refunds: Refunds
) -> tuple[Ints, Ints]:
    """When each order and each item changed last."""
    order = latest_per(refunds.order, refunds.refunded, orders.count)
    named = refunds.item >= 0
    item = latest_per(refunds.item[named], refunds.refunded[named], items.count)
    placed = orders.placed
    return np.maximum(timeline.last_event(placed), order), np.maximum(placed[items.order], item)


def _write_shop(folder: Path, tables: dict[str, pa.Table]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in tables.items():
        write_table(folder / f"{name}.parquet", table)
