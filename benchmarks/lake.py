"""What the lake costs: `python benchmarks/lake.py [--rows N]` prints a table and JSON.

Medians of CPU-seconds and wall seconds; a plain `COPY` of the same rows stands beside the publish.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from omnix.lake import Lake

if TYPE_CHECKING:
    from benchmarks.report import Figure

COLUMNS = {"id": "BIGINT", "customer": "VARCHAR", "seen": "TIMESTAMP", "cents": "BIGINT"}
SQL = """select i as id, 'c' || (i % 10007) as customer, timestamp '2024-01-01' + interval (i) second as seen,
    (i * 7919) % 100000 as cents from range($n) r(i)"""


def measured(action: Callable[[], object], times: int) -> dict[str, float]:
    """Median wall and CPU seconds of `action`, after one run that is not counted."""
    action()
    wall, cpu = [], []
    for _ in range(times):
        started, used = time.perf_counter(), time.process_time()
        action()
        wall.append(time.perf_counter() - started)
        cpu.append(time.process_time() - used)
    return {"wall_s": statistics.median(wall), "cpu_s": statistics.median(cpu)}


def import_seconds() -> dict[str, float]:
    """Wall seconds of `import omnix.lake` in a fresh interpreter."""
    code = "import time; t = time.perf_counter(); import omnix.lake; print(time.perf_counter() - t)"
    runs = [float(subprocess.check_output([sys.executable, "-c", code])) for _ in range(5)]
    return {"wall_s": statistics.median(runs)}


def figures(folder: Path, rows: int) -> dict[str, dict[str, float]]:
    """Every measurement."""
    con = duckdb.connect()
    con.execute("set TimeZone = 'UTC'")
    lake = Lake(folder / "lake")
    found = {"import omnix.lake": import_seconds()}

    def publish(name: str, n: int) -> None:
        lake.publish(name, con, SQL, COLUMNS, params={"n": n}, key=["id"])

    def change(n: int) -> None:
        lake.append(
            "keyed",
            con,
            f"select *, 1::bigint as _row from ({SQL})",
            COLUMNS,
            params={"n": n},
            changes=True,
        )

    def scan(name: str) -> None:
        lake.view(con, name, as_name="scanned")
        con.execute("select sum(cents), max(seen), max(customer) from scanned").fetchall()

    found["publish 100 rows"] = measured(lambda: publish("small", 100), 15)
    found["append 100 rows"] = measured(
        lambda: lake.append("log", con, SQL, COLUMNS, params={"n": 100}), 15
    )
    found["snapshot, known"] = measured(lambda: lake.snapshot("small"), 50)
    found["snapshot, fresh process"] = measured(lambda: Lake(folder / "lake").snapshot("small"), 20)
    for number in range(30):
        publish(f"thirty/t{number}", 10)
    found["30 tables, known"] = measured(
        lambda: [lake.snapshot(f"thirty/t{n}") for n in range(30)], 10
    )
    found["30 tables, fresh process"] = measured(
        lambda: [Lake(folder / "lake").snapshot(f"thirty/t{n}") for n in range(30)], 5
    )
    copy = f"copy ({SQL}) to '{folder}/plain.parquet' (format parquet, compression zstd)"
    found[f"COPY {rows:,} rows"] = measured(lambda: con.execute(copy, {"n": rows}), 3)
    found[f"publish {rows:,} rows"] = measured(lambda: publish("keyed", rows), 3)
    found[f"scan {rows:,} rows"] = measured(lambda: scan("keyed"), 3)
    change(rows // 100)
    found["scan, 1% changed"] = measured(lambda: scan("keyed"), 3)
    found["append 1% changes"] = measured(lambda: change(rows // 100), 3)
    found["compact, once"] = measured_once(lambda: lake.compact("keyed"))
    return found


def measured_once(action: Callable[[], object]) -> dict[str, float]:
    """Wall and CPU seconds of what cannot be repeated."""
    started, used = time.perf_counter(), time.process_time()
    action()
    return {"wall_s": time.perf_counter() - started, "cpu_s": time.process_time() - used}


def run(full: bool) -> list[Figure]:
    """The same for `python -m benchmarks`."""
    from benchmarks.report import Figure

    rows = 10_000_000 if full else 1_000_000
    with tempfile.TemporaryDirectory() as folder:
        found = figures(Path(folder), rows)
    limit = found[f"COPY {rows:,} rows"]["cpu_s"]
    beside: dict[str, dict[str, Any]] = {
        f"publish {rows:,} rows": {
            "ratio": found[f"publish {rows:,} rows"]["cpu_s"] / limit,
            "to": f"COPY {rows:,} rows",
        }
    }
    return [
        Figure(name, seconds["wall_s"], seconds.get("cpu_s"), runs=None, **beside.get(name, {}))
        for name, seconds in found.items()
    ]


def main() -> None:
    """Print the table, then the JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    rows = parser.parse_args().rows
    with tempfile.TemporaryDirectory() as folder:
        found = figures(Path(folder), rows)
    for name, seconds in found.items():
        cpu = f"{seconds['cpu_s'] * 1000:10.1f} ms cpu" if "cpu_s" in seconds else ""
        print(f"{name:28} {seconds['wall_s'] * 1000:10.1f} ms wall {cpu}")
    print(json.dumps({"benchmark": "lake", "rows": rows, "figures": found}))


if __name__ == "__main__":
    main()
