"""What the analytics service costs below HTTP, on the sample shop `medium`, one thread."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.process import omnix
from benchmarks.report import Cost, Figure, figure

GOAL_KPI, GOAL_POINT = 8_000, 4_000
_REPEATS = 5
_HUB = "market_intelligence"


def run(full: bool) -> list[Figure]:  # noqa: ARG001 - the shop has one size here
    """Medians; the first call of each, which computes, beside the ones that follow."""
    from omnix.app.analytics.service import Analytics
    from omnix.app.app import App

    with tempfile.TemporaryDirectory(prefix="omnix-analytics-") as name:
        home = Path(name) / "home"
        omnix(home, "init", "--sample", "medium")
        omnix(home, "run")
        return [
            *_computed(lambda: Analytics(App.open(home))),
            *_repeated(Analytics(App.open(home))),
        ]


def _computed(opened: Callable[[], object]) -> list[Figure]:
    """Each with nothing remembered: a service of its own."""
    from omnix.app.analytics.service import Analytics, Asked, ForecastAsked

    sales = Asked(_HUB, "sales_daily", order=("-net_cents",), limit=1_000)
    lines = Asked("curation", "order_items", limit=1_000_000)
    asked: dict[str, Callable[[Analytics], object]] = {
        "home, nothing remembered": lambda a: a.home(),
        "kpi, nothing remembered": lambda a: a.kpi("net_sales", "28d"),
        "summary of a month": lambda a: a.insights(_HUB, "summary", "month"),
        "anomalies of a year": lambda a: a.insights(_HUB, "anomalies", "year"),
        "forecast of 30 days": lambda a: a.forecast(ForecastAsked(_HUB, "net_sales")),
        "forecast of 365 days": lambda a: a.forecast(ForecastAsked(_HUB, "net_sales", 365)),
        "page of 1,000 rows": lambda a: a.query(sales),
        "all order lines as CSV": lambda a: sum(map(len, a.export(lines, "csv").chunks)),
        "all order lines as Arrow": lambda a: sum(map(len, a.export(lines, "arrow").chunks)),
        "all order lines as Parquet": lambda a: sum(map(len, a.export(lines, "parquet").chunks)),
        "catalogue": lambda a: a.catalog_listing(),
    }
    found = []
    for name, call in asked.items():
        costs = []
        for _ in range(_REPEATS):
            analytics = opened()
            assert isinstance(analytics, Analytics)
            analytics.reader.rows("select 1", None, {})  # the engine is there already
            costs.append(_cost(lambda call=call, a=analytics: call(a)))  # type: ignore[misc]
            analytics.close()
        found.append(figure(f"analytics: {name}", costs))
    return found


def _repeated(analytics: object) -> list[Figure]:
    from omnix.app.analytics.service import Analytics

    assert isinstance(analytics, Analytics)
    rows = analytics.reader.rows(
        "select distinct customer_id from customer_features order by 1 limit 5000",
        None,
        analytics.reader.pins(["customer_features"]),
    ).rows
    ids = [name for (name,) in rows]
    analytics.customer(ids[0])
    built = _cost(analytics.customers.settle)
    found = [
        figure("analytics: the index of customers", [built], note="once for each version"),
        _rate("analytics: cached kpi", 20_000, lambda _n: analytics.kpi("net_sales", "28d"), GOAL_KPI),
        _rate("analytics: customer's features", 20_000, lambda n: analytics.customer(ids[n % len(ids)]), GOAL_POINT),
    ]  # fmt: skip
    analytics.close()
    return found


def _rate(name: str, times: int, call: Callable[[int], object], goal: int) -> Figure:
    call(0)
    started = time.process_time()
    for number in range(times):
        call(number)
    rate = times / (time.process_time() - started)
    return Figure(
        name, runs=times, value=round(rate), note="calls for each CPU-second",
        goal=f"≥ {goal:,}", met=rate >= goal,
    )  # fmt: skip


def _cost(call: Callable[[], object]) -> Cost:
    wall, cpu = time.perf_counter(), time.process_time()
    call()
    return Cost(time.perf_counter() - wall, time.process_time() - cpu)
