"""Our prices beside those of competitors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from omnix.app.forecasting.phrases import share
from omnix.app.forecasting.sentences import emptiness, told
from omnix.app.forecasting.stored import Stored

if TYPE_CHECKING:
    from omnix.app.analytics.reader import Pins, Reader

TABLES = ("competitive_pricing", "competitor_prices")
NEEDED = (
    "Prices of competitors: the shop's own table `competitor_prices`, or a CSV with the columns "
    "product_id, competitor_name, competitor_price, observed_at and, where it is not the shop's, "
    "currency, sent to POST /api/v1/market-intelligence/competitor-prices."
)
_MOST = 5_000
_HISTORY = 365


def pricing(reader: Reader, pins: Pins, product_id: str) -> dict[str, Any]:
    """What `GET /market-intelligence/competitive-pricing` answers; all products, or one."""
    stored = Stored(reader, pins)
    where = "where $product = '' or product_id = $product"
    params = {"product": product_id}
    rows = stored.rows(
        f"select * from competitive_pricing {where} order by product_id, competitor_name, currency limit {_MOST}",
        params,
        "competitive_pricing",
    )  # fmt: skip
    empty = stored.missing(TABLES[:1]) or (None if rows else _why(stored, product_id))
    return {
        "pricing": [_row(row) for row in rows],
        "summary": _summary(stored, where, params),
        "history": _history(stored, product_id),
        "count": len(rows),
        **emptiness(empty),
        "provenance": stored.provenance(),
    }


def _why(stored: Stored, product_id: str) -> tuple[str, str]:
    seen = stored.rows("select count(*) as n from competitive_pricing", None, "competitive_pricing")
    if product_id and seen and seen[0]["n"]:
        return f"No competitor's price of product {product_id[:80]!r} is known.", NEEDED
    return "No competitor's price is known: there is no feed.", NEEDED


def _row(row: dict[str, Any]) -> dict[str, Any]:
    """The table's row under the names that people ask for. Money is hundredths of `currency`."""
    return {
        "product_id": row["product_id"],
        "product_name": row["product_name"],
        "category_id": row["category_id"],
        "competitor_name": row["competitor_name"],
        "currency": row["currency"],
        "competitor_price": row["competitor_price_cents"],
        "our_price": row["our_price_cents"],
        "price_difference": row["gap_cents"],
        "price_difference_pct": None if row["gap_share"] is None else share(100 * row["gap_share"]),
        "last_updated": row["observed_at"],
        "is_stale": row["is_stale"],
        "competitors": row["competitors"],
        "market_mean": row["market_mean_cents"],
        "market_least": row["market_least_cents"],
        "index": share(row["price_index"]),
        "rank": row["rank"],
        "position": row["position"],
        "position_30d": row["position_30d"],
        "position_90d": row["position_90d"],
        "cost": row["cost_cents"],
        "margin_floor": row["margin_floor"],
        "floor_price": row["floor_price_cents"],
        "action": row["action"],
        "suggested_price": row["suggested_price_cents"],
        "reason": row["reason"],
        "reason_said": told(row["reason"]),
    }


def _summary(stored: Stored, where: str, params: dict[str, Any]) -> dict[str, Any]:
    """Counts of products: each has one place in the market, whoever the competitors are."""
    found = stored.rows(
        f"""
        with products as (
            select product_id, currency, any_value(position) as position, any_value(action) as action,
                any_value(price_index) as price_index, bool_and(is_stale) as stale
            from competitive_pricing {where} group by product_id, currency
        )
        select count(distinct product_id) as products,
            (select count(distinct competitor_name) from competitive_pricing {where}) as competitors,
            median(price_index) as median_index, count(*) filter (stale) as stale,
            count(*) filter (position in ('budget', 'value')) as cheaper,
            count(*) filter (position = 'market') as level,
            count(*) filter (position in ('premium', 'luxury')) as dearer,
            count(*) filter (action = 'lower') as to_lower, count(*) filter (action = 'raise') as to_raise
        from products
        """,
        params,
        "competitive_pricing",
    )  # fmt: skip
    row = found[0] if found else dict.fromkeys(_SUMMARY, 0)
    median = row.get("median_index")
    return {**row, "median_index": share(median) if median else None}


_SUMMARY = (
    "products",
    "competitors",
    "stale",
    "cheaper",
    "level",
    "dearer",
    "to_lower",
    "to_raise",
)


def _history(stored: Stored, product_id: str) -> list[dict[str, Any]]:
    """Of one product: what each competitor asked, as it was seen; not what a wrong date puts ahead."""
    if not product_id:
        return []
    seen = "select * from competitor_prices where $until is null or observed_at < $until"
    return stored.rows(
        f"""
        with seen as ({seen})
        select cast(observed_at as date) as date, competitor_name, currency,
            arg_max(price_cents, observed_at) as competitor_price
        from seen where product_id = $product
            and observed_at >= (select max(observed_at) from seen) - interval {_HISTORY} day
        group by all order by all limit {_MOST}
        """,
        {"product": product_id, "until": stored.as_of("competitive_pricing")},
        "competitor_prices",
    )
