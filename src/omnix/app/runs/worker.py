"""One run in a process of its own: `python -m omnix.app.runs.worker HOME RUN_ID`.

A burst of memory or a crash takes down this process and not the service. It waits for its turn,
holds the home folder as `omnix run` does, and writes what happens into the run's folder. SIGTERM
ends it at once: the lake shows no half-written table, and the next run does the rest.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from omnix.app.locking import exclusive
from omnix.app.runs.folder import EventLog, RunFolder
from omnix.core.clock import utc_now
from omnix.core.errors import OmnixError

if TYPE_CHECKING:
    from omnix.app.app import App, Report
    from omnix.pipeline.workspace import Built

#: Seconds between two events about the same raw table.
_PAUSE = 0.25


class Work:
    """What one run does and tells."""

    def __init__(self, home: Path, run_id: str) -> None:
        self._home = home
        self._folder = RunFolder(home / "runs" / run_id)
        self._log = EventLog(self._folder.path / "events.jsonl")
        self._asked = self._folder.asked()
        self._started = utc_now().replace(tzinfo=None)
        self._done, self._total = 0, 0
        self._told_at: dict[str, float] = {}

    def run(self) -> int:
        """Do it; the exit code is that of `omnix run`."""
        with exclusive(self._home / "runs" / "turn.lock"):
            self._started = utc_now().replace(tzinfo=None)
            self._folder.began.touch()
            try:
                return self._work()
            except OmnixError as error:
                self.end("failed", str(error))
                return error.exit_code
            except Exception as error:
                self.end("failed", f"{type(error).__name__}: {error}. Please report this.")
                raise

    def end(self, status: str, message: str | None, report: Report | None = None) -> None:
        """Write down how it ended."""
        if message:
            self._log.say(message)
        self._folder.finish(
            {
                "status": status,
                "message": message,
                "started_at": self._started.isoformat(),
                "ended_at": utc_now().replace(tzinfo=None).isoformat(),
                "tables": _records(report) if report else [],
            }
        )

    def _work(self) -> int:
        from omnix.app.app import App
        from omnix.app.state import red_books

        app = App.open(self._home)
        names, system = self._asked.get("tables") or [], self._asked.get("system")
        self._total = len(app.graph.chosen(names, system)) + len(app.graph.left_out(names, system))
        with app.locked("run", waiting=self._log.say):
            self._log.say(f"{self._total} tables to bring up to date.")
            report = self._run(app, names, system)
        red = red_books(app)
        self.end(*_verdict(report, red), report)
        return report.exit_code or (6 if red else 0)

    def _run(self, app: App, names: list[str], system: str | None) -> Report:
        report = app.run(
            names,
            system=system,
            full=bool(self._asked.get("full")),
            ingest_first=bool(self._asked.get("ingest", True)),
            progress=self._read,
            began=self._began,
            report=self._built,
            run_id=self._folder.run_id,
        )
        for each in report.ingested:
            self._tell(f"raw/{each.table}", "failed" if each.error else "read", each.rows)
            if each.error:
                self._log.say(f"raw/{each.table}: {each.error}")
        return report

    def _tell(self, table: str, state: str, rows: int | None, **more: Any) -> None:
        counts = {"done": self._done, "total": self._total}
        self._log.add("progress", {"table": table, "state": state, "rows": rows, **counts, **more})

    def _read(self, table: str, rows: int) -> None:
        now = time.monotonic()
        if now - self._told_at.get(table, -_PAUSE) >= _PAUSE:
            self._told_at[table] = now
            self._tell(f"raw/{table}", "reading", rows)

    def _began(self, name: str) -> None:
        self._tell(name, "building", None)

    def _built(self, built: Built) -> None:
        self._done += 1
        self._tell(built.table, built.result, built.rows, version=built.version)
        if message := str(built.error) if built.error else built.note:
            self._log.say(f"{built.table} {built.result}: {message}")


def _verdict(report: Report, red: list[dict[str, Any]]) -> tuple[str, str | None]:
    failed = [each.table for each in report.failures]
    failed += [f"raw/{each.table}" for each in report.ingested if each.error]
    if failed:
        more = f" and {len(failed) - 3} more" if len(failed) > 3 else ""
        return "failed", f"Not brought up to date: {', '.join(failed[:3])}{more}."
    if red:
        first = red[0]
        return "failed", f"The books do not balance: {first['step']}, {first['table_name']}."
    return "succeeded", None


def _records(report: Report) -> list[dict[str, Any]]:
    """Every table of the run, those that were read first."""
    from omnix.app.app import as_built

    return [
        {
            "table": built.table,
            "outcome": built.result,
            "rows": built.rows,
            "version": built.version,
            "versions_in": dict(built.versions_in),
            "cpu_seconds": round(built.cpu_seconds, 4),
            "wall_seconds": round(built.wall_seconds, 4),
            "message": str(built.error) if built.error else built.note or None,
        }
        for built in (*map(as_built, report.ingested), *report.built)
    ]


def _end_on_signals(end: Callable[[str, str], None]) -> None:
    """Let a thread of its own wait for SIGTERM: the others may be deep in the engine."""
    wanted = {signal.SIGTERM, signal.SIGINT}
    signal.pthread_sigmask(signal.SIG_BLOCK, wanted)

    def wait() -> None:
        signal.sigwait(wanted)
        end("interrupted", "The run was stopped; the next one does what is left.")
        os._exit(143)

    threading.Thread(target=wait, daemon=True, name="signals").start()


def main() -> int:
    """Do the run that the command line names."""
    home, run_id = Path(sys.argv[1]), sys.argv[2]
    work = Work(home, run_id)
    _end_on_signals(work.end)
    return work.run()


if __name__ == "__main__":
    sys.exit(main())
