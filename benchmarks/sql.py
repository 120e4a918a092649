"""What a person's query costs beside bare DuckDB, and what hostile ones cost the others.

    python -m benchmarks sql [--full]

Thirty queries over the sample shop, each through guard, worker and JSON, and each as `fetchall()` of
a connection that is open already. Then queries that would never end: how long after its limit each
is answered, and what another person's small query takes meanwhile. `--full`: the medium shop.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import duckdb

from omnix.app.app import App, sample_folder
from omnix.app.untrusted_sql import UntrustedSql
from omnix.core.settings import save
from omnix.sandbox import worker
from omnix.sandbox.errors import SandboxError
from omnix.sources.sample import make_sample_shop

if __package__ in {None, ""}:
    sys.path.insert(0, str(Path(__file__).parents[1]))
from benchmarks.report import Figure, table_text

ROOT = Path(__file__).parents[1]
CORPUS = ROOT / "tests" / "sandbox"
ANALYST = frozenset({"sql:run"})
LIMIT = 1.5
SMALL = "select channel, count(*) from orders group by channel"
#: Seconds between two queries of one person, in which the next worker is made.
PAUSE = 0.12


def lines(name: str) -> list[str]:
    """The queries of a file of the tests."""
    text = (CORPUS / name).read_text("utf-8").splitlines()
    return [line for line in text if line and not line.startswith("--")]


@contextmanager
def shop(size: str) -> Iterator[App]:
    """The app of a sample shop with every table built."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        home.mkdir()
        save(home, {"source": {"kind": "sample", "location": size, "preset": ""}})
        make_sample_shop(sample_folder(home).parent, size=size)
        app = App.open(home)
        with app.locked("run", wait_seconds=0):
            app.run()
        yield app


def median_ms(times: list[float]) -> float:
    """The median in milliseconds."""
    return statistics.median(times) * 1000


def timed(action: object) -> float:
    """Seconds that a call takes."""
    started = time.perf_counter()
    action()  # type: ignore[operator]
    return time.perf_counter() - started


def bare(queries: UntrustedSql) -> duckdb.DuckDBPyConnection:
    """DuckDB as a worker opens it, without guard or process around it."""
    exposure = queries._exposures.of(ANALYST)
    spec = worker.Spec.from_json(queries._spec(exposure, False))
    return worker.opened(spec)


def overheads(queries: UntrustedSql, times: int) -> tuple[list[float], list[float]]:
    """Median seconds of each of thirty queries: bare, and by the whole path."""
    chosen = [sql for sql in lines("legitimate.sql") if " from " in sql][5:155:5]
    con = bare(queries)
    plain, whole = [], []
    for sql in chosen:
        con.execute(sql).fetchall()
        plain.append(
            statistics.median(timed(lambda s=sql: con.execute(s).fetchall()) for _ in range(times))
        )
        queries.run(sql, ANALYST)
        found = []
        for _ in range(times):
            time.sleep(PAUSE)
            found.append(timed(lambda s=sql: queries.run(s, ANALYST)))
        whole.append(statistics.median(found))
    return plain, whole


def small(queries: UntrustedSql, count: int) -> list[float]:
    """Seconds of another person's small query, asked again and again."""
    found = []
    for _ in range(count):
        found.append(timed(lambda: queries.run(SMALL, ANALYST, who="other")))
        time.sleep(PAUSE)
    return found


def hostile(queries: UntrustedSql, ends: list[tuple[float, str]]) -> None:
    """Every exhausting query, one after another."""
    for sql in lines("exhausting.sql"):
        started = time.perf_counter()
        with suppress(SandboxError):
            queries.run(sql, ANALYST, who="hostile")
        ends.append((time.perf_counter() - started, sql))


def p99(times: list[float]) -> float:
    """The 99th percentile in milliseconds."""
    return sorted(times)[min(len(times) - 1, int(len(times) * 0.99))] * 1000


def run(full: bool) -> list[Figure]:
    """All figures."""
    with shop("medium" if full else "small") as app:
        queries = UntrustedSql(app)
        strict = app.settings.model_copy(
            update={"sql": app.settings.sql.model_copy(update={"seconds": LIMIT})}
        )
        limited = UntrustedSql(app, strict)
        try:
            return [*_overhead(queries), *_hostile(limited)]
        finally:
            queries.close()
            limited.close()


def _overhead(queries: UntrustedSql) -> list[Figure]:
    queries.prepare()
    time.sleep(2)
    plain, whole = overheads(queries, 5)
    more = median_ms([w - p for w, p in zip(whole, plain, strict=True)])
    return [
        Figure("30 queries, bare DuckDB, median", median_ms(plain) / 1000),
        Figure("30 queries, POST /sql's path, median", median_ms(whole) / 1000),
        Figure(
            "what the path adds, median in ms", value=more, goal="≤ 3 ms", met=more <= 3, runs=30
        ),
    ]


def _hostile(queries: UntrustedSql) -> list[Figure]:
    queries.prepare()
    time.sleep(2)
    alone = p99(small(queries, 60))
    ends: list[tuple[float, str]] = []
    attacker = threading.Thread(target=hostile, args=(queries, ends))
    attacker.start()
    beside: list[float] = []
    while attacker.is_alive():
        beside += small(queries, 5)
    attacker.join()
    worst, sql = max(ends)
    late = worst - LIMIT
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6
    return [
        Figure(
            "hostile queries: latest end after the limit, in s", value=late, runs=len(ends),
            goal="≤ 0.25 s", met=late <= 0.25, note=sql[:50],
        ),
        Figure("another's small query alone, p99 in ms", value=alone, runs=60),
        Figure(
            "another's small query beside them, p99 in ms", value=p99(beside), runs=len(beside),
            ratio=p99(beside) / alone, goal="≤ 3×", met=p99(beside) <= 3 * alone,
        ),
        Figure("the service's memory, peak", peak_mb=most),
    ]  # fmt: skip


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--full", action="store_true")
    print(table_text(run(parser.parse_args().full)))


if __name__ == "__main__":
    main()
