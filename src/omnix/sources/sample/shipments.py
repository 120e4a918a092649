"""Shipments: one per order that goes by post, with the delays of its country and carrier."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from .columns import digits, ids, join, money, times, words
from .countries import CARRIERS, COUNTRIES
from .orders import Orders, order_ids
from .period import LAST, NEVER, stream
from .refunds import Refunds, latest_per
from .timeline import Timeline

STATUSES = ("pending", "in_transit", "delivered", "returned")
#: How parcel numbers begin; DPD's are fourteen digits, as long as some card numbers.
_NUMBER_STEMS = {"DPD": "0115", "UPS": "1Z", "DHL": "JJD", "Royal Mail": "RM"}


def shipments_table(orders: Orders, timeline: Timeline, refunds: Refunds, seed: int) -> pa.Table:
    """One row per order that is to be sent."""
    random = stream(seed, "shipments")
    rows = np.flatnonzero(
        (timeline.carrier >= 0) & (timeline.cancelled == NEVER) & (timeline.paid < NEVER)
    )
    count = len(rows)
    shipped, delivered = timeline.shipped[rows], timeline.delivered[rows]
    back = timeline.returned[rows] & (
        latest_per(refunds.order, refunds.refunded, orders.count)[rows] > 0
    )
    status = np.where(delivered < NEVER, 2, np.where(shipped < NEVER, 1, 0))
    events = [
        timeline.paid[rows],
        *(np.where(each < NEVER, each, 0) for each in (shipped, delivered)),
    ]
    returned = np.where(back, latest_per(refunds.order, refunds.refunded, orders.count)[rows], 0)
    carrier = timeline.carrier[rows]
    stems = [_NUMBER_STEMS.get(name, name[:2].upper()) for name in CARRIERS]
    fee = np.array([each.shipping for each in COUNTRIES])[orders.country[rows]]
    waiting = shipped == NEVER
    return pa.table(
        {
            "shipment_id": ids("S", np.arange(count) + 1, width=8),
            "order_id": order_ids(rows),
            "carrier": words(carrier, CARRIERS),
            "tracking_number": join(
                words(carrier, stems, missing=waiting), digits(random.integers(0, 10**10, count), 10)
            ),
            "shipment_status": words(np.where(back, 3, status), STATUSES),
            "shipped_date": times(shipped, missing=waiting),
            "estimated_delivery_date": times(timeline.promised[rows], missing=waiting),
            "actual_delivery_date": times(delivered, missing=delivered == NEVER),
            "shipping_cost": money((fee * random.uniform(0.7, 1.3, count)).astype(np.int64)),
            "created_at": times(timeline.paid[rows]),
            "updated_at": times(np.minimum(np.maximum.reduce([*events, returned]), LAST)),
        }
    )  # fmt: skip
