"""Changes as the service tells them."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from app.forecasting.hand import publish
from omnix.app.forecasting.trends import TrendsAsked
from omnix.app.service import Service


def changed(shop: Service, **row: Any) -> dict[str, Any]:
    """A change of net sales, from the table to the answer."""
    made = {"level": "shop", "item": "", "currency": "GBP", "metric": "net_sales", "changed_on": date(2026, 6, 10),
            "p": 0.001, "q": 0.01, "reason": "So."}  # fmt: skip
    publish(shop.app, "trends", [])
    publish(shop.app, "trend_changes", [{**made, **row}])
    asked = TrendsAsked(start=date(2026, 6, 1), end=date(2026, 6, 30))
    (told,) = json.loads(shop.forecasting.trends(asked))["changes"]
    return told


def test_of_a_level_money_of_a_day_stands_before_and_after(shop: Service) -> None:
    told = changed(shop, kind="level", before=1_000.4, after=1_500.6, change=0.5)
    assert (told["before"], told["after"], told["change"]) == (1_000, 1_501, 0.5)


def test_of_growth_shares_of_a_year_stand_before_and_after(shop: Service) -> None:
    told = changed(shop, kind="growth", before=-0.15, after=1.295, change=1.7)
    assert (told["before"], told["after"], told["change"]) == (-0.15, 1.295, 1.7)


def test_near_nought_a_change_has_no_share(shop: Service) -> None:
    told = changed(shop, kind="level", before=0.0, after=1_500.0, change=None)
    assert (told["before"], told["after"], told["change"]) == (0, 1_500, None)
