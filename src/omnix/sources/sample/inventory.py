"""What lies in the warehouses at the end of the period."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from .catalogue import Catalogue, product_ids
from .columns import counts, digits, ids, join, times, words
from .demand import Demand
from .orders import Items, Orders
from .period import DAY, DAYS, LAST, day_of, moment, stream
from .sizes import Size

WAREHOUSES = ("Hamburg", "Leeds", "Newark")
RECENT_DAYS = 60


def inventory_table(
    size: Size, catalogue: Catalogue, demand: Demand, *, orders: Orders, items: Items, seed: int
) -> pa.Table:
    """One row per product and warehouse; a product that is out of stock has nothing anywhere."""
    random = stream(seed, "inventory")
    product = np.repeat(np.arange(catalogue.count), size.warehouses)
    place = np.tile(np.arange(size.warehouses), catalogue.count)
    count = len(product)
    recent = (day_of(orders.placed) >= DAYS - RECENT_DAYS)[items.order]
    sold = np.bincount(items.product[recent], items.quantity[recent], minlength=catalogue.count)
    daily = sold[product] / RECENT_DAYS / size.warehouses
    there = demand.available[-1, product]
    available = random.poisson(daily * random.uniform(8, 45, count) + 4) * there
    reserved = random.binomial(available, 0.08)
    restocked = LAST - random.integers(DAY // 2, 45 * DAY, count)
    ended = np.flatnonzero(demand.stockouts[:, 2] == DAYS - 1)
    since = np.zeros(catalogue.count, np.int64)
    since[demand.stockouts[ended, 0]] = moment(demand.stockouts[ended, 1]) - 30 * DAY
    restocked = np.where(since[product] > 0, since[product], restocked)
    made = moment(catalogue.launch[product] - 2)
    restocked = np.maximum(restocked, made)
    return pa.table(
        {
            "inventory_id": join(ids("W", product + 1, width=5), "-", digits(place + 1, 1)),
            "product_id": product_ids(product),
            "warehouse_location": words(place, WAREHOUSES),
            "quantity_available": counts(available),
            "quantity_reserved": counts(reserved),
            "reorder_point": counts(np.ceil(daily * 10).astype(np.int64) + 3),
            "reorder_quantity": counts(np.ceil(daily * 30).astype(np.int64) + 10),
            "last_restocked_at": times(restocked),
            "created_at": times(made),
            "updated_at": times(np.maximum(restocked, LAST - random.integers(0, 2 * DAY, count))),
        }
    )
