"""What registered systems cost: a run of nothing new with and without them, resolving, starting.

    python -m benchmarks registered

On the small sample shop. The run of nothing new is measured in pairs, one after the other, so that
a noisy machine is as noisy to both.
"""

from __future__ import annotations

import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.report import Cost, Figure, figure

RUNS = 15
TABLES = 50

SQL = """
select customer_id, currency, count(*) as orders, sum(total_cents) as spent_cents,
       max(ordered_at) as last_at
from orders
where ordered_at < $as_of and customer_id is not null
group by customer_id, currency
"""


def run(full: bool) -> list[Figure]:  # noqa: ARG001 - one size is enough
    """Every figure."""
    from omnix.app.app import App, sample_folder
    from omnix.app.registered.systems import Systems
    from omnix.app.runs import RunService
    from omnix.core.settings import save
    from omnix.sources.sample import make_sample_shop

    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        save(home, {"source": {"kind": "sample", "location": "small", "preset": ""}})
        make_sample_shop(sample_folder(home).parent, size="small")
        app = App.open(home)
        app.run()
        bare = [cost(lambda: nothing_new(home)) for _ in range(RUNS)]
        Systems(app).register(system("loyalty", 2))
        app.run(ingest_first=False)
        with_two = [cost(lambda: nothing_new(home)) for _ in range(RUNS)]
        for number in range(TABLES // 10):
            Systems(app).register(system(f"more_{number}", 10))
        resolving = [cost(lambda: App.open(home).graph) for _ in range(3)]
        service = RunService(App.open(home))
        first = [cost(lambda: first_event(service)) for _ in range(3)]
        service.close()
    none = figure("run of nothing new, no systems folder", bare)
    each = sum(c.cpu_s for c in resolving) / len(resolving) / (TABLES + 2)
    return [
        none,
        figure("run of nothing new, two registered tables", with_two, limit=none),
        figure("resolving every registered table", resolving, note=f"{TABLES + 2} tables"),
        Figure("resolving one registered table", cpu_s=each, runs=None),
        figure("from asking for a run to its first event", first),
    ]


def system(name: str, tables: int) -> dict[str, Any]:
    """A system of so many tables."""
    return {
        "name": name,
        "description": "Measured.",
        "tables": [
            {
                "name": f"{name}_{number}",
                "description": "One row per customer and currency.",
                "sql": SQL,
                "key": ["customer_id", "currency"],
            }
            for number in range(tables)
        ],
    }


def nothing_new(home: Path) -> None:
    """A run that finds everything up to date, in a fresh app."""
    from omnix.app.app import App

    report = App.open(home).run(ingest_first=False)
    if any(each.result != "unchanged" for each in report.built):
        raise RuntimeError("something was built")


def first_event(service: Any) -> None:
    """Start a run and wait until it has told something; then let it end."""
    run = service.start(["orders"], ingest=False)
    pause = threading.Event()
    while not service.events(run.run_id).events:
        pause.wait(0.01)
    service.stop(run.run_id)


def cost(work: Callable[[], object]) -> Cost:
    """Wall and processor seconds of `work` in this process."""
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return Cost(time.perf_counter() - wall, time.process_time() - cpu)


__all__ = ["run"]
