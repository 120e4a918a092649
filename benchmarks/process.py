"""A fresh process per benchmark and per measurement, and what it and its children cost."""

from __future__ import annotations

import importlib
import json
import multiprocessing
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

from benchmarks.report import Cost, Figure, table_text

FOLDER = Path(__file__).parent
ROOT = FOLDER.parent
#: What the benchmarks are made of.
_PARTS = {"__init__", "__main__", "report", "process", "load", "served"}


def names() -> list[str]:
    """Every benchmark there is."""
    return sorted(path.stem for path in FOLDER.glob("*.py") if path.stem not in _PARTS)


def measure(name: str, full: bool) -> list[Figure]:
    """The figures of one benchmark; printed at once."""
    print(f"\n{name}", flush=True)
    if "def run(" not in (FOLDER / f"{name}.py").read_text(encoding="utf-8"):
        cost, printed = run_process(["-m", f"benchmarks.{name}"])
        print(printed, end="", flush=True)
        return [Figure(f"{name}, the whole program", cost.wall_s, cost.cpu_s, cost.peak_mb)]
    found: list[Figure] = importlib.import_module(f"benchmarks.{name}").run(full)
    print(table_text(found), flush=True)
    return found


def apart(name: str, full: bool) -> list[Figure]:
    """`measure` in a process of its own: what it imports would count as others' memory."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(measure, name, full).result()


def run_process(command: Sequence[str]) -> tuple[Cost, str]:
    """Run Python with `command`; its cost and what it printed.

    The kernel counts the memory of the process that starts another as the other's first peak, so
    whoever calls this must stay small: it imports no DuckDB.

    Raises:
        RuntimeError: the process failed.

    """
    # Without byte code every start would compile what it imports.
    environment = {n: v for n, v in os.environ.items() if n != "PYTHONDONTWRITEBYTECODE"}
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
        started = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, *command], cwd=ROOT, env=environment, stdout=out, stderr=err
        )
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        if process.returncode:
            said = (out.read() + err.read())[-2000:]
            raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}:\n{said}")
        # Linux counts ru_maxrss in KiB, macOS in bytes.
        peak = usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
        return Cost(wall, usage.ru_utime + usage.ru_stime, peak / 1e6), out.read()


def run_steps(module: str, *arguments: str) -> tuple[Cost, dict[str, Any]]:
    """Run a module of this package that prints JSON in its last line; its cost and the JSON."""
    cost, printed = run_process(["-m", f"benchmarks.{module}", *arguments])
    return cost, json.loads(printed.splitlines()[-1])


def omnix(home: Path, *arguments: str) -> Cost:
    """Run the command line on a home folder."""
    return run_process(["-m", "omnix.cli.main", "--home", str(home), *arguments])[0]


class Clock:
    """Times of the steps of this process, to be printed as JSON."""

    def __init__(self) -> None:
        self.steps: dict[str, dict[str, float]] = {}
        self._now = (time.perf_counter(), time.process_time())

    def lap(self, name: str) -> None:
        """All since the last lap was `name`."""
        wall, cpu = time.perf_counter(), time.process_time()
        self.steps[name] = {"wall_s": wall - self._now[0], "cpu_s": cpu - self._now[1]}
        self._now = (wall, cpu)
