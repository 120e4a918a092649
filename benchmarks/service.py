"""What the service answers: requests a second and latency over loopback, cold start, memory.

The server has the first core for itself, the generator the second; requests a second are those of
a closed loop, latency is that of an open loop (see `benchmarks.load`).
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.process import ROOT
from benchmarks.report import Figure
from benchmarks.served import EMAIL, NAME, PASSWORD, pin, sample_home, served

SECONDS, RUNS = 4.0, 3


def run(full: bool = False) -> list[Figure]:
    """Every figure; `full` measures longer."""
    seconds = SECONDS * (4 if full else 1)
    with tempfile.TemporaryDirectory() as folder:
        home = sample_home(Path(folder))
        starts = [cold_start(home) for _ in range(RUNS)]
        with serving(home) as (url, token, process):
            idle = memory_mb(process.pid)
            found = [
                Figure("cold start, until /health answers", wall_s=statistics.median(starts), runs=RUNS,
                       goal="<= 3 s", met=statistics.median(starts) <= 3),
                Figure("an idle worker", peak_mb=idle, goal="<= 250 MB", met=idle <= 250),
            ]  # fmt: skip
            kpi = ["/api/v1/kpi?metric=net_sales&period=month"]
            _Server.pid = process.pid
            found += _rates(url, token, "cached KPI", kpi, seconds, 8000, 1000, 10)
            tag = etag(url, token, kpi[0])
            found += _rates(
                url, token, "KPI not modified (304)", kpi, seconds, 8000, None, None, tag
            )
            points = [f"/api/v1/customers/{each}/features" for each in customers(url, token)]
            found += _rates(
                url, token, "one customer's features, at random", points, seconds, 4000, 1000, 8
            )
            found += _rates(url, token, "catalogue", ["/api/v1/catalog"], seconds, None, None, None)
            found += _rates(
                url, token, "health, through routing", ["/health"], seconds, None, None, None
            )
    return found


def _rates(
    url: str, token: str, name: str, paths: Sequence[str], seconds: float,
    goal: float | None, rate: float | None, p99: float | None, tag: str = "",
) -> list[Figure]:  # fmt: skip
    load(url, token, 0, 2, paths, tag)  # indexes and kept answers are made
    closed = [_closed(url, token, seconds, paths, tag) for _ in range(RUNS)]
    per_core = statistics.median(each["per_cpu_second"] for each in closed)
    wanted = f">= {goal:,.0f}/s" if goal else ""
    met = per_core >= goal if goal else None
    found = [
        Figure(f"{name}: requests a CPU-second of the server", value=per_core, runs=RUNS, goal=wanted, met=met,
               note=_statuses(closed)),
        Figure(f"{name}: requests a second as the clock ran", value=statistics.median(e["rps"] for e in closed), runs=RUNS),
    ]  # fmt: skip
    if rate and p99:
        opened = [load(url, token, rate, seconds, paths, tag) for _ in range(RUNS)]
        worst = statistics.median(each["p99_ms"] for each in opened)
        found.append(
            Figure(f"{name}: p99 in ms at {rate:,.0f}/s, open loop", value=worst, runs=RUNS,
                   goal=f"<= {p99} ms", met=worst <= p99)
        )  # fmt: skip
    return found


class _Server:
    """The process that is measured."""

    pid = 0


def _closed(url: str, token: str, seconds: float, paths: Sequence[str], tag: str) -> dict[str, Any]:
    """A closed loop, with the requests for each second that the server's process computed."""
    before = cpu_seconds(_Server.pid)
    found = load(url, token, 0, seconds, paths, tag)
    used = cpu_seconds(_Server.pid) - before
    return {**found, "per_cpu_second": sum(found["statuses"].values()) / used}


def cpu_seconds(pid: int) -> float:
    """User and system seconds of a process (proc(5))."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _statuses(found: Sequence[dict[str, Any]]) -> str:
    kinds = {status for each in found for status in each["statuses"]}
    return "" if kinds <= {"200", "304"} else f"statuses {sorted(kinds)}"


def load(
    url: str, token: str, rate: float, seconds: float, paths: Sequence[str], tag: str
) -> dict[str, Any]:
    """One measurement by a generator on the last core."""
    environment = {
        **os.environ,
        "LOAD_TOKEN": token,
        "LOAD_HEADER": f"If-None-Match: {tag}" if tag else "",
    }
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.load", url, str(rate), str(seconds)],
        input="\n".join(paths), capture_output=True, text=True, check=False, cwd=ROOT,
        env=environment, preexec_fn=lambda: pin(-1),
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(f"the generator failed on {paths[0]}: {done.stderr[-2000:]}")
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def cold_start(home: Path) -> float:
    """Seconds from the command until /health answers."""
    began = time.perf_counter()
    with served(home, core=0):
        return time.perf_counter() - began


@contextmanager
def serving(home: Path) -> Iterator[tuple[str, str, subprocess.Popen[str]]]:
    """A running service with an administrator; its address, an access token, the process."""
    with served(home, core=0) as service:
        given = {
            "token": service.link.split("token=")[1], "email": EMAIL, "password": PASSWORD, "name": NAME,
        }  # fmt: skip
        answer = ask(service.url, "/api/v1/auth/setup", given)
        yield service.url, answer["accessToken"], service.process


def ask(url: str, path: str, body: dict[str, Any] | None = None, token: str = "") -> dict[str, Any]:
    """One request; its answer."""
    headers = {"Content-Type": "application/json"} if body else {}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    data = json.dumps(body).encode() if body else None
    request = urllib.request.Request(url + path, data, headers)
    with urllib.request.urlopen(request) as answer:
        found: dict[str, Any] = json.load(answer)
    return found


def etag(url: str, token: str, path: str) -> str:
    """The ETag of an answer."""
    request = urllib.request.Request(
        url + path, headers={"Authorization": f"Bearer {token}", "Accept": "application/json"}
    )
    with urllib.request.urlopen(request) as answer:
        return str(answer.headers["ETag"])


def customers(url: str, token: str) -> list[str]:
    """Some customers' ids."""
    path = "/api/v1/analytics/customer_intelligence/query?table=customer_features&columns=customer_id&limit=1000"
    return [row["customer_id"] for row in ask(url, path, token=token)["data"]]


def memory_mb(pid: int) -> float:
    """Resident memory of a process."""
    status = Path(f"/proc/{pid}/status").read_text()
    line = next(each for each in status.splitlines() if each.startswith("VmRSS:"))
    return int(line.split()[1]) * 1024 / 1e6
