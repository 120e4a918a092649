"""What every benchmark gives: figures, printed as one table and written as JSON."""

from __future__ import annotations

import json
import os
import platform
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).parent / "results"


@dataclass(frozen=True)
class Figure:
    """One row: medians over `runs` measurements (None: told elsewhere).

    cpu_s:   user + system seconds, of all processes that the measured one started as well.
    peak_mb: the most memory that one process held, in MB (10^6 bytes).
    ratio:   CPU-seconds divided by those of the row `to`, measured in the same run.
    goal:    what is wanted of this row, in words; `met` says whether the figure is within it.
    value:   what this row is about, where it is none of these.
    """

    name: str
    wall_s: float | None = None
    cpu_s: float | None = None
    peak_mb: float | None = None
    runs: int | None = 1
    ratio: float | None = None
    to: str = ""
    goal: str = ""
    met: bool | None = None
    note: str = ""
    value: float | None = None


@dataclass(frozen=True)
class Cost:
    """One measurement of something."""

    wall_s: float
    cpu_s: float
    peak_mb: float | None = None


def figure(name: str, costs: Sequence[Cost], *, limit: Figure | None = None, **told: Any) -> Figure:
    """The medians of several measurements, and their ratio to the row `limit`."""
    peaks = [each.peak_mb for each in costs if each.peak_mb is not None]
    cpu = statistics.median(each.cpu_s for each in costs)
    beside: dict[str, Any] = (
        {"ratio": cpu / limit.cpu_s, "to": limit.name} if limit and limit.cpu_s else {}
    )
    return Figure(
        name,
        wall_s=statistics.median(each.wall_s for each in costs),
        cpu_s=cpu,
        peak_mb=statistics.median(peaks) if peaks else None,
        runs=len(costs),
        **beside,
        **told,
    )


def table_text(figures: Iterable[Figure]) -> str:
    """The figures as lines of text."""
    head = ("", "CPU s", "wall s", "peak MB", "ratio", "value", "goal", "runs")
    rows = [head, *(_cells(each) for each in figures)]
    widths = [max(len(row[n]) for row in rows) for n in range(len(head))]
    return "\n".join(_line(row, widths) for row in rows)


def _cells(each: Figure) -> tuple[str, ...]:
    verdict = "" if each.met is None else " met" if each.met else " MISSED"
    return (
        f"{each.name}: {each.note}" if each.note else each.name,
        _number(each.cpu_s, 2 if (each.cpu_s or 0) >= 1 else 4),
        _number(each.wall_s, 2 if (each.wall_s or 0) >= 1 else 4),
        _number(each.peak_mb, 0),
        _number(each.ratio, 2),
        _number(each.value, 3),
        f"{each.goal}{verdict}",
        str(each.runs or ""),
    )


def _number(value: float | None, digits: int) -> str:
    return "" if value is None else f"{value:,.{digits}f}"


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    left = {0, 6}
    cells = [
        text.ljust(width) if n in left else text.rjust(width)
        for n, (text, width) in enumerate(zip(row, widths, strict=True))
    ]
    return "  ".join(cells).rstrip()


class Machine:
    """Where it was measured, and how busy the machine was meanwhile."""

    def __init__(self) -> None:
        self._load = os.getloadavg()[0]
        self._ticks = _ticks()

    def facts(self) -> dict[str, Any]:
        """Cores, versions, load before and after, share of time that other machines took."""
        gone = [now - before for now, before in zip(_ticks(), self._ticks, strict=True)]
        busy = sum(gone) - sum(gone[3:5])
        return {
            "cores": os.cpu_count(),
            "python": platform.python_version(),
            **{name: version(name) for name in ("duckdb", "pyarrow", "deltalake", "omnix")},
            "load_before": round(self._load, 2),
            "load_after": round(os.getloadavg()[0], 2),
            "steal_share_of_busy": round(gone[7] / busy, 3) if busy else 0.0,
        }


def _ticks() -> list[int]:
    """/proc/stat: user, nice, system, idle, iowait, irq, softirq, steal (proc(5))."""
    try:
        first = Path("/proc/stat").read_text(encoding="ascii").splitlines()[0]
    except OSError:
        return [0] * 8
    return [int(each) for each in first.split()[1:9]]


def write_json(path: Path, found: dict[str, list[Figure]], machine: dict[str, Any]) -> None:
    """Write everything as JSON, stable for programs."""
    path.parent.mkdir(parents=True, exist_ok=True)
    figures = {name: [asdict(each) for each in rows] for name, rows in found.items()}
    text = json.dumps({"machine": machine, "figures": figures}, indent=1, ensure_ascii=False)
    path.write_text(text + "\n", encoding="utf-8")
