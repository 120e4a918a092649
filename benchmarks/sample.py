"""How long it takes to make a sample shop: CPU-seconds beside wall, medians, and peak memory.

    python benchmarks/sample.py [small] [medium] [large] [--runs N]

Goal: large (1 M orders, 3 M items) within 60 s on two cores.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from benchmarks.report import Figure

RESULTS = Path(__file__).parent / "results"


def once(size: str) -> dict[str, float]:
    """Make one shop in this process and measure it, Python's start left out."""
    from omnix.sources.sample import make_sample_shop

    with tempfile.TemporaryDirectory() as folder:
        wall, cpu = time.perf_counter(), time.process_time()
        shop = make_sample_shop(Path(folder), size=size)
        return {
            "wall_s": time.perf_counter() - wall,
            "cpu_s": time.process_time() - cpu,
            "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
            "orders": shop.rows["orders"],
            "order_items": shop.rows["order_items"],
            "disk_mb": sum(path.stat().st_size for path in Path(folder).rglob("*.*")) / 1e6,
        }


def measured(size: str, runs: int) -> dict[str, float]:
    """The medians of several runs, each in a process of its own."""
    command = [sys.executable, __file__, "--once", size]
    found = [json.loads(subprocess.check_output(command)) for _ in range(runs)]
    return {name: round(statistics.median(run[name] for run in found), 2) for name in found[0]}


def run(full: bool) -> list[Figure]:
    """The same for `python -m benchmarks`; the large shop with `full`."""
    from benchmarks.report import Figure

    rows = []
    for size in ("small", "medium", "large") if full else ("small", "medium"):
        found = measured(size, 3)
        goal: dict[str, Any] = (
            {"goal": "≤ 60 s", "met": found["wall_s"] <= 60} if size == "large" else {}
        )
        told = f"{found['orders']:,.0f} orders, {found['order_items']:,.0f} items"
        rows.append(
            Figure(size, found["wall_s"], found["cpu_s"], found["peak_mb"], 3, note=told, **goal)
        )
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sizes", nargs="*", default=["small", "medium", "large"])
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--once", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.once:
        print(json.dumps(once(chosen.once)))
        return
    results = {size: measured(size, chosen.runs) for size in chosen.sizes}
    names = list(next(iter(results.values())))
    print(f"{'size':<8}" + "".join(f"{name:>14}" for name in names))
    for size, row in results.items():
        print(f"{size:<8}" + "".join(f"{row[name]:>14,.2f}" for name in names))
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "sample.json").write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
