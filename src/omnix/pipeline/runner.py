"""Runs the graph: each table after its inputs, small ones side by side, failures kept local."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import replace
from graphlib import TopologicalSorter

from tenacity import Retrying, retry_if_exception, stop_after_attempt, wait_exponential

from omnix.core.errors import LakeError, OmnixError, QualityError
from omnix.core.table import Table
from omnix.curation.shape import Curated
from omnix.pipeline.building import build
from omnix.pipeline.curating import curate
from omnix.pipeline.graph import reads
from omnix.pipeline.workspace import Built, Workspace

#: Tables that read less than this run side by side, one thread each; larger ones run alone with
#: all threads. Below it a second thread of DuckDB has nothing to do.
SMALL_BYTES = 48 << 20

Report = Callable[[Built], None]
Began = Callable[[str], None]


def run_tables(
    work: Workspace,
    tables: Mapping[str, Table],
    *,
    workers: int = 2,
    began: Began = lambda _name: None,
    report: Report = lambda _built: None,
) -> list[Built]:
    """Build `tables`; one that fails takes down only what reads it.

    Returns what became of each, in the order in which they ended.
    """
    graph = TopologicalSorter({name: _needs(table, tables) for name, table in tables.items()})
    graph.prepare()
    done: dict[str, Built] = {}
    running: dict[Future[Built], str] = {}
    ready: list[str] = []

    def finish(built: Built) -> None:
        done[built.table] = built
        graph.done(built.table)
        report(built)

    with ThreadPoolExecutor(max(1, workers)) as pool:
        while graph.is_active():
            ready += sorted(graph.get_ready())
            while ready:
                name = ready[0]
                if stopped := _stopped_by(tables[name], tables, done):
                    finish(Built(ready.pop(0), "skipped", note=f"{stopped} did not succeed"))
                elif _is_small(work, tables[name]):
                    began(ready.pop(0))
                    running[pool.submit(_small_step, work, tables[name])] = name
                elif not running:
                    began(ready.pop(0))
                    finish(_large_step(work, tables[name]))
                    ready += sorted(graph.get_ready())
                else:
                    break
            if running:
                ended, _ = wait(running, return_when=FIRST_COMPLETED)
                for future in ended:
                    running.pop(future)
                    finish(future.result())
    return list(done.values())


def _needs(table: Table, tables: Mapping[str, Table]) -> set[str]:
    """What must be done before: what it reads; the orders, for the cut."""
    needs = reads(table) | ({"orders"} if table.takes_as_of else set())
    return needs & tables.keys()


def _stopped_by(table: Table, tables: Mapping[str, Table], done: Mapping[str, Built]) -> str:
    """The input whose failure keeps `table` from being built. Records tell of failures themselves."""
    bad = ("failed", "blocked", "skipped")
    inputs = [name for name in table.inputs if name in tables]
    return next((name for name in inputs if name in done and done[name].result in bad), "")


def _is_small(work: Workspace, table: Table) -> bool:
    try:
        snapshots = [work.lake.snapshot(name) for name in _reads(work, table)]
    except LakeError:  # the step itself will tell
        return True
    return sum(file.size for s in snapshots if s for file in s.data_files) < SMALL_BYTES


def _reads(work: Workspace, table: Table) -> list[str]:
    """The tables of the lake that a step reads."""
    tables = work.graph.tables
    names = [tables[name].path for name in table.inputs if name in tables]
    if isinstance(table, Curated) and table.name in work.preset.tables:
        names += [f"raw/{name}" for name in work.preset.reads(table.name)]
    return names


def _small_step(work: Workspace, table: Table) -> Built:
    return _step(work, table, 1, time.thread_time)


def _large_step(work: Workspace, table: Table) -> Built:
    return _step(work, table, None, time.process_time)


def _step(work: Workspace, table: Table, threads: int | None, cpu: Callable[[], float]) -> Built:
    """One table, timed: CPU of this thread when it works alone on it, else of the process."""
    started, cpu_started = time.monotonic(), cpu()
    try:
        built = _retrying(work, table, threads)
    except QualityError as error:
        built = Built(table.name, "blocked", error=error)
    except OmnixError as error:
        built = Built(table.name, "failed", error=error)
    except Exception as error:
        told = work.lake.explain(error, _reads(work, table)) or OmnixError(
            f"{table.name}: {type(error).__name__}: {error}", "Please report this."
        )
        built = Built(table.name, "failed", error=told)
    return replace(built, cpu_seconds=cpu() - cpu_started, wall_seconds=time.monotonic() - started)


def _retrying(work: Workspace, table: Table, threads: int | None) -> Built:
    """Try again what can pass by itself: a store that does not answer, a writer that was faster."""
    for attempt in Retrying(
        retry=retry_if_exception(lambda error: isinstance(error, OmnixError) and error.transient),
        stop=stop_after_attempt(3),
        wait=wait_exponential(multiplier=0.2, max=2),
        reraise=True,
    ):
        with attempt:
            if isinstance(table, Curated):
                return curate(work, table, threads=threads)
            return build(work, table, threads=threads)
    raise AssertionError("unreachable")  # pragma: no cover - the last attempt raises
