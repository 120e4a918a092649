"""Definitions of systems that the tests register."""

from __future__ import annotations

from typing import Any

SPEND = """
select customer_id, currency, count(*) as orders, sum(total_cents) as spent_cents,
       max(ordered_at) as last_at
from orders
where ordered_at < $as_of and customer_id is not null
group by customer_id, currency
"""

TOP = """
select customer_id, currency, spent_cents
from loyal_customers
order by spent_cents desc, customer_id, currency
limit 10
"""


def table(name: str, sql: str, key: list[str], **more: Any) -> dict[str, Any]:
    """A table's definition."""
    return {"name": name, "description": f"One row per {name}.", "sql": sql, "key": key, **more}


def system(name: str = "loyalty", *tables: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A system's definition; of one table unless given."""
    return {
        "name": name,
        "title": "Loyalty",
        "description": "Who comes back.",
        "tables": list(tables) or [loyal()],
        **more,
    }


def loyal() -> dict[str, Any]:
    """What every customer spent."""
    return table(
        "loyal_customers", SPEND, ["customer_id", "currency"],
        checks={"orders are counted": "orders > 0"}, columns={"orders": "Orders before the cut."},
    )  # fmt: skip


def top() -> dict[str, Any]:
    """Those who spent most, of `loyal`."""
    return table("top_customers", TOP, ["customer_id", "currency"])


def one(sql: str, *key: str, **more: Any) -> dict[str, Any]:
    """A system of one table with this SQL."""
    return system("probe", table("probed", sql, list(key) or ["customer_id"], **more))
