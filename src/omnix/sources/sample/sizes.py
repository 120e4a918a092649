"""How large a sample shop is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True)
class Size:
    """What is asked for; the shop that comes out is within a few per cent of it.

    `orders` counts all orders; about three items belong to each.
    """

    name: str
    customers: int
    products: int
    orders: int
    warehouses: int = 2


SIZES: Mapping[str, Size] = MappingProxyType(
    {
        "small": Size("small", customers=400, products=120, orders=5_000),
        "medium": Size("medium", customers=20_000, products=2_000, orders=250_000, warehouses=3),
        "large": Size("large", customers=80_000, products=5_000, orders=1_000_000, warehouses=3),
    }
)
