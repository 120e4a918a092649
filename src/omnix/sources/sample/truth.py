"""What was planted, for tests and benchmarks only: they score models against it."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from .assortment import TASTES, TREE, TREND_BREAKS
from .baskets import Affinities
from .catalogue import CATEGORY_NAMES, Catalogue, product_ids
from .columns import text, times, words
from .customers import People, customer_ids
from .cycles import Cycles
from .demand import Demand
from .dirt import Dirt
from .fraud import SCENARIOS
from .holidays import BEFORE_HOLIDAY, ON_HOLIDAY
from .orders import Orders, order_ids
from .period import DAYS, NEVER, Ints, moment
from .prices import COMPETITOR_LEVELS, COMPETITORS, FOLLOWED, FOLLOWED_AFTER
from .promotions import PROMOTIONS
from .timeline import CARRIER_PACE, STRIKES, Timeline
from .write import write_table

if TYPE_CHECKING:
    from collections.abc import Mapping


def truth_tables(
    catalogue: Catalogue,
    people: People,
    *,
    cycles: Cycles,
    affinities: Affinities,
    demand: Demand,
    orders: Orders,
    timeline: Timeline,
) -> dict[str, pa.Table]:
    """All planted truths that are tables, by name."""
    return {
        "products": _products(catalogue),
        "customers": _customers(people),
        "cycles": _cycles(cycles),
        "affinities": _affinities(affinities),
        "stockouts": _stockouts(demand.stockouts),
        "fraud": _fraud(orders, timeline),
        "promotions": _promotions(),
    }


def _products(catalogue: Catalogue) -> pa.Table:
    """Elasticities, quality, and how each product sells."""
    gone = catalogue.gone == DAYS
    return pa.table(
        {
            "product_id": product_ids(np.arange(catalogue.count)),
            "top_category": words(catalogue.top, CATEGORY_NAMES),
            "elasticity": pa.array(catalogue.elasticity),
            "popularity": pa.array(catalogue.popularity),
            "intermittent": pa.array(catalogue.intermittent),
            "quality": pa.array(catalogue.quality),
            "consumption_days": pa.array(catalogue.period_days),
            "launched_at": times(moment(catalogue.launch)),
            "discontinued_at": times(moment(np.minimum(catalogue.gone, DAYS)), missing=gone),
        }
    )


def _customers(people: People) -> pa.Table:
    """Tastes, rates, and the silent departures; null for who is still there."""
    return pa.table(
        {
            "customer_id": customer_ids(np.arange(people.count)),
            "arrived_at": times(people.arrived),
            "departed_at": times(people.departed, missing=people.departed == NEVER),
            "relative_rate": pa.array(people.rate),
            "taste": words(people.taste, list(TASTES)),
            "account": words(people.kind, ("ordinary", "thief", "device farm")),
        }
    )


def _cycles(cycles: Cycles) -> pa.Table:
    """Who buys what again every `period_days`, between which days."""
    return pa.table(
        {
            "customer_id": customer_ids(cycles.customer),
            "product_id": product_ids(cycles.product),
            "period_days": pa.array(cycles.period),
            "starts_at": times(moment(cycles.start)),
            "ends_at": times(moment(cycles.end)),
        }
    )


def _affinities(affinities: Affinities) -> pa.Table:
    return pa.table(
        {
            "product_id": product_ids(affinities.first),
            "bought_with": product_ids(affinities.second),
            "probability": pa.array(affinities.probability),
        }
    )


def _stockouts(stockouts: Ints) -> pa.Table:
    return pa.table(
        {
            "product_id": product_ids(stockouts[:, 0]),
            "from_at": times(moment(stockouts[:, 1])),
            "until_at": times(moment(stockouts[:, 2] + 1)),
        }
    )


def _fraud(orders: Orders, timeline: Timeline) -> pa.Table:
    """One row per fraudulent order, whether its chargeback has come in yet or not."""
    rows = np.flatnonzero(timeline.scenario > 0)
    chargeback = timeline.chargeback[rows]
    return pa.table(
        {
            "order_id": order_ids(rows),
            "scenario": words(timeline.scenario[rows], SCENARIOS),
            "attack": pa.array(orders.group[rows], mask=orders.group[rows] < 0),
            "chargeback_at": times(chargeback, missing=chargeback == NEVER),
        }
    )


def _promotions() -> pa.Table:
    return pa.table(
        {
            "promotion_code": text([each.code for each in PROMOTIONS]),
            "category": text([each.category for each in PROMOTIONS]),
            "uplift": pa.array([each.uplift for each in PROMOTIONS]),
            "share_of_orders": pa.array([each.used_by for each in PROMOTIONS]),
        }
    )


def constants() -> dict[str, object]:
    """All planted truths that are the same in every sample shop."""
    return {
        "categories": [
            {"name": top.name, "weekday_factors": top.week, "yearly_amplitude": top.year[0],
             "yearly_peak_day": top.year[1], "christmas": top.christmas,
             "growth_per_year": top.growth_per_year, "mean_elasticity": top.elasticity}
            for top in TREE
        ],
        "trend_breaks": [
            {"category": each.category, "day": each.day.isoformat(), "level": each.level,
             "growth_change": each.growth_change}
            for each in TREND_BREAKS
        ],
        "tastes": TASTES,
        "holidays": {"on": ON_HOLIDAY, "two_days_before": BEFORE_HOLIDAY},
        "competitors": {"levels": dict(zip(COMPETITORS, COMPETITOR_LEVELS, strict=True)),
                        "followed": FOLLOWED, "after_days": FOLLOWED_AFTER},
        "carrier_strikes": [
            {"carrier": name, "from": start.isoformat(), "to": end.isoformat(), "days": days}
            for name, start, end, days in STRIKES
        ],
        "carrier_pace": CARRIER_PACE,
    }  # fmt: skip


def write_truth(folder: Path, tables: Mapping[str, pa.Table], dirt: Dirt) -> None:
    """Write the truth beside the shop."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in {**tables, "dirt": dirt.to_table()}.items():
        write_table(folder / f"{name}.parquet", table)
    _write_json(folder / "cards.json", [asdict(card) for card in dirt.cards])
    _write_json(folder / "constants.json", constants())


def _write_json(path: Path, content: object) -> None:
    path.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
