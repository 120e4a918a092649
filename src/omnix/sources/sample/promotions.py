"""Campaigns: coupon codes for the whole shop, and sales of one category."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa

from .catalogue import CATEGORY_NAMES
from .columns import counts, ids, money, text, times
from .period import DAY, DAYS, END, LAST, Floats, Ints, day_number, moment


@dataclass(frozen=True)
class Promotion:
    """`uplift` multiplies demand while it runs; a sale names its category, a coupon has users.

    `value` is per cent, or cents for a fixed discount. The days are inclusive.
    """

    code: str
    name: str
    start: date
    end: date
    value: int
    uplift: float
    category: str | None = None
    fixed: bool = False
    minimum: int = 0
    maximum: int = 0
    used_by: float = 0.0

    @property
    def days(self) -> slice:
        """The days of the period on which it runs."""
        return slice(max(day_number(self.start), 0), day_number(self.end) + 1)


def _coupons() -> list[Promotion]:
    found = []
    for year in (2024, 2025, 2026):
        found += [
            Promotion(f"WINTER{year}", "Winter clearance", date(year, 1, 8), date(year, 1, 21), 10,
                      1.25, minimum=2_000, maximum=3_000, used_by=0.35),
            Promotion(f"SPRING{year}", "Five off in spring", date(year, 4, 2), date(year, 4, 10),
                      500, 1.2, fixed=True, minimum=3_000, maximum=500, used_by=0.4),
            Promotion(f"SUMMER{year}", "Summer days", date(year, 6, 12), date(year, 6, 18), 15,
                      1.35, minimum=2_500, maximum=4_000, used_by=0.4),
            Promotion(f"BACK{year}", "Back to school", date(year, 8, 25), date(year, 9, 3), 8,
                      1.15, minimum=2_000, maximum=2_500, used_by=0.3),
            Promotion(f"BLACK{year}", "Black week", date(year, 11, 23), date(year, 11, 30), 20,
                      2.1, minimum=3_000, maximum=8_000, used_by=0.5),
        ]  # fmt: skip
    return [each for each in found if each.start <= END]


def _sales() -> list[Promotion]:
    plan = (
        ("Fashion", 2, 10, 20, 1.7),
        ("Garden", 4, 20, 15, 1.5),
        ("Electronics", 5, 14, 12, 1.8),
        ("Toys", 10, 6, 15, 1.6),
        ("Beauty and health", 9, 15, 18, 1.55),
        ("Household", 3, 4, 15, 1.45),
        ("Pets", 7, 8, 15, 1.4),
        ("Grocery", 6, 1, 10, 1.25),
    )
    sales = [
        Promotion(f"AUTO-{name[:3].upper()}-{year}", f"{name} days", date(year, month, day),
                  date(year, month, day + 6), percent, uplift, category=name)
        for year in (2024, 2025, 2026)
        for name, month, day, percent, uplift in plan
    ]  # fmt: skip
    return [each for each in sales if each.start <= END]


#: WELCOME10 is for the first order of a customer and lifts nothing.
WELCOME = Promotion(
    "WELCOME10", "Welcome", date(2024, 1, 1), END, 10, 1.0, minimum=1_500, maximum=2_000
)
PROMOTIONS: tuple[Promotion, ...] = (
    WELCOME,
    *sorted(_coupons() + _sales(), key=lambda each: (each.start, each.code)),
)
COUPON_CODES = tuple(each.code for each in PROMOTIONS)


def shop_uplift() -> Floats:
    """What the coupon campaigns multiply all demand of each day with."""
    uplift = np.ones(DAYS)
    for each in PROMOTIONS:
        if each.category is None:
            uplift[each.days] *= each.uplift
    return uplift


def sale_percent() -> Ints:
    """The sale of each day and top category in per cent: day x category."""
    return _per_category(lambda each: each.value, 0).astype(np.int64)


def sale_uplift() -> Floats:
    """What the sales multiply demand with: day x category."""
    return _per_category(lambda each: each.uplift, 1.0)


def _per_category(value: Callable[[Promotion], float], default: float) -> Floats:
    table = np.full((DAYS, len(CATEGORY_NAMES)), default, np.float64)
    for each in PROMOTIONS:
        if each.category is not None:
            table[each.days, CATEGORY_NAMES.index(each.category)] = value(each)
    return table


def running_coupon() -> tuple[Ints, Floats]:
    """Per day the number of the coupon that runs (-1: none) and the share of orders using it."""
    number, share = np.full(DAYS, -1), np.zeros(DAYS)
    for n, each in enumerate(PROMOTIONS):
        if each.category is None and each is not WELCOME:
            number[each.days], share[each.days] = n, each.used_by
    return number, share


def coupon_discount(coupon: Ints, subtotal: Ints) -> Ints:
    """Cents off an order; 0 below the minimum purchase and without a coupon."""
    value = np.array([each.value for each in PROMOTIONS])[coupon]
    fixed = np.array([each.fixed for each in PROMOTIONS])[coupon]
    least = np.array([each.minimum for each in PROMOTIONS])[coupon]
    most = np.array([each.maximum for each in PROMOTIONS])[coupon]
    off = np.minimum(np.where(fixed, value, subtotal * value // 100), most)
    return np.where((coupon >= 0) & (subtotal >= least), off, 0)


def promotions_table(usage: Ints) -> pa.Table:
    """One row per promotion; `usage` counts the orders that named its code."""
    count = len(PROMOTIONS)
    start = moment(np.array([day_number(each.start) for each in PROMOTIONS]))
    end = moment(np.array([day_number(each.end) + 1 for each in PROMOTIONS])) - 1
    fixed = np.array([each.fixed for each in PROMOTIONS])
    value = np.array([each.value for each in PROMOTIONS])
    limits = np.array([each.maximum for each in PROMOTIONS])
    sale = np.array([each.category is not None for each in PROMOTIONS])
    return pa.table(
        {
            "promotion_id": ids("R", np.arange(count) + 1, width=3),
            "promotion_code": text(list(COUPON_CODES)),
            "promotion_name": text([each.name for each in PROMOTIONS]),
            "description": text([_description(each) for each in PROMOTIONS]),
            "discount_type": text(["fixed" if each.fixed else "percentage" for each in PROMOTIONS]),
            "discount_value": money(np.where(fixed, value, value * 100)),
            "min_purchase_amount": money(np.array([each.minimum for each in PROMOTIONS])),
            "max_discount_amount": money(limits, missing=sale),
            "start_date": times(start),
            "end_date": times(end),
            "usage_limit": counts(usage * 2 + 100, missing=sale),
            "usage_count": counts(usage),
            "is_active": pa.array(end >= LAST),
            "created_at": times(start - 14 * DAY),
            "updated_at": times(np.minimum(end, LAST)),
        }
    )


def _description(promotion: Promotion) -> str:
    if promotion.category:
        return f"{promotion.value} % off everything in {promotion.category}"
    off = f"{promotion.value / 100:.2f}" if promotion.fixed else f"{promotion.value} %"
    return f"{off} off with code {promotion.code}"
