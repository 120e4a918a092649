"""Starting runs, watching them, and telling what became of them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from omnix.app.app import new_run_id
from omnix.app.locking import exclusive, take
from omnix.app.runs import ledger
from omnix.app.runs.compare import compared
from omnix.app.runs.folder import RUN_ID, RunFolder, moment
from omnix.app.runs.history import recorded_outcomes, recorded_runs
from omnix.app.runs.views import (
    Comparison,
    Events,
    Outcome,
    Page,
    Run,
    RunDetail,
    RunsBusyError,
    Status,
    UnknownRunError,
)
from omnix.core.clock import utc_now

if TYPE_CHECKING:
    from omnix.app.app import App
    from omnix.store import Store

#: Runs that may be under way: one works, one waits.
MOST_ACTIVE = 2
#: Ended runs whose folder is kept; of older ones the run table tells.
KEPT = 200
#: Seconds that a run has to end after SIGTERM.
PATIENCE = 5.0


class RunService:
    """The runs of one home. Safe to use from several threads, and from several processes."""

    def __init__(self, app: App, store: Store | None = None) -> None:
        self._app, self._store = app, store
        self._root = app.settings.home / "runs"
        self._children: dict[str, subprocess.Popen[bytes]] = {}
        self._watchers: list[threading.Thread] = []
        self._lock = threading.Lock()
        self.settle()

    def start(
        self,
        tables: Sequence[str] = (),
        *,
        system: str | None = None,
        full: bool = False,
        ingest: bool = True,
        asked_by: str | None = None,
    ) -> Run:
        """Start a run in a process of its own, or queue it behind the one that is going on.

        Raises:
            UnknownTableError: there is no such table or system.
            RunsBusyError: one run is going on and another one waits already.

        """
        self._app.graph.chosen(tables, system)
        asked = {"tables": list(tables), "system": system, "full": full, "ingest": ingest}
        with exclusive(self._root / "admission.lock"):
            self._refuse_third()
            folder = RunFolder(self._root / new_run_id())
            folder.create({**asked, "asked_by": asked_by})
            ledger.asked(self._store, folder.run_id, asked, asked_by)
            self._spawn(folder)
            self._forget_old()
        return self._run_of(folder)

    def list(self, cursor: str | None = None, limit: int = 50) -> Page:
        """Runs, newest first, those of the command line too.

        Raises:
            UnknownRunError: the cursor is none that was given.

        """
        if cursor is not None and not RUN_ID.fullmatch(cursor):
            raise UnknownRunError(cursor)
        self.settle()
        known = {f.run_id: f for f in self._folders() if cursor is None or f.run_id < cursor}
        found = {
            run.run_id: run for run in recorded_runs(self._app, before=cursor, limit=limit + 1)
        }
        found |= {run_id: self._run_of(known[run_id]) for run_id in sorted(known)[-limit - 1 :]}
        newest = [found[run_id] for run_id in sorted(found, reverse=True)]
        shown = tuple(newest[:limit])
        more = shown[-1].run_id if len(newest) > limit else None
        return Page(self._with_names(shown), more)

    def get(self, run_id: str) -> RunDetail:
        """One run with what it did to each table, and its log.

        Raises:
            UnknownRunError: there is none.

        """
        folder = self._folder(run_id)
        if folder is None:
            return self._recorded(run_id)
        self.settle()
        result = folder.result() or {}
        tables = tuple(Outcome(**each) for each in result.get("tables") or [])
        if not tables:
            tables = recorded_outcomes(self._app, run_id)
        (run,) = self._with_names((self._run_of(folder),))
        log = tuple(each.data for each in _all_events(folder) if each.event == "log")
        return RunDetail(run, tables, log)

    def events(self, run_id: str, after: int = 0) -> Events:
        """What happened in a run since the event `after`; never waits for more.

        Raises:
            UnknownRunError: there is no such run, or none that the service started.

        """
        folder = self._folder(run_id)
        if folder is None:
            raise UnknownRunError(run_id)
        if not folder.is_alive():
            self._settle(folder)
        return folder.events(after)

    def compare(self, a: str, b: str) -> Comparison:
        """Two runs side by side.

        Raises:
            UnknownRunError: there is no such run.

        """
        return compared(self.get(a), self.get(b))

    def stop(self, run_id: str) -> Run:
        """End a run that this service started, at once; what it has published stays.

        Raises:
            UnknownRunError: there is none.

        """
        folder = self._folder(run_id)
        if folder is None:
            raise UnknownRunError(run_id)
        child = self._children.get(run_id)
        if child is not None:
            with suppress(ProcessLookupError):
                child.terminate()
            with suppress(subprocess.TimeoutExpired):
                child.wait(PATIENCE)
        return self._run_of(folder)

    def settle(self) -> None:
        """Mark the runs whose process is gone without a word, and nobody watches, interrupted."""
        for folder in self._folders():
            self._settle(folder)

    def close(self) -> None:
        """End what this service started and wait for it."""
        with self._lock:
            children = list(self._children)
        for run_id in children:
            self.stop(run_id)
        for watcher in self._watchers:
            watcher.join(PATIENCE)

    def _settle(self, folder: RunFolder) -> None:
        if folder.has_ended() or folder.is_alive() or folder.is_watched():
            return
        if folder.asked():
            words = "The run's process is gone, and so is what watched it; run again."
            self._finish(folder, "interrupted", words)

    def _finish(self, folder: RunFolder, status: Status, message: str) -> None:
        now = utc_now().replace(tzinfo=None)
        begun = _began(folder) or moment(folder.asked().get("asked_at")) or now
        ended = {"started_at": begun.isoformat(), "ended_at": now.isoformat(), "tables": []}
        folder.finish({"status": status, "message": message, **ended})
        ledger.ended(self._store, self._run_of(folder))

    def _refuse_third(self) -> None:
        active = [f for f in self._folders() if not f.has_ended() and f.is_alive()]
        if len(active) >= MOST_ACTIVE:
            run = self._run_of(active[0])
            raise RunsBusyError(
                f"The run {run.run_id}, begun {run.started_at:%Y-%m-%d %H:%M:%S} UTC, is going on "
                f"and {active[-1].run_id} waits.",
                "Wait for them: the waiting one will see all that is new.",
            )

    def _spawn(self, folder: RunFolder) -> None:
        """Start the process; it inherits the lock that says it lives, so there is no gap."""
        alive, watched = _held(folder.alive), _held(folder.watched)
        command = [sys.executable, "-m", "omnix.app.runs.worker"]
        with alive, folder.output.open("wb") as output:
            child = subprocess.Popen(  # noqa: S603 - our own module, no shell
                [*command, str(self._app.settings.home), folder.run_id],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                pass_fds=[alive.fileno()],
                start_new_session=True,
                env=self._environment(),
            )
        watcher = threading.Thread(
            target=self._watch, args=(folder, child, watched), name=f"run {folder.run_id}"
        )
        with self._lock:
            self._children[folder.run_id] = child
            self._watchers = [each for each in self._watchers if each.is_alive()] + [watcher]
        watcher.daemon = True
        watcher.start()

    def _environment(self) -> dict[str, str]:
        return {**os.environ, "OMNIX_HOME": str(self._app.settings.home)}

    def _watch(self, folder: RunFolder, child: subprocess.Popen[bytes], watched: TextIO) -> None:
        with watched:
            code = child.wait()
            with self._lock:
                self._children.pop(folder.run_id, None)
            if not folder.has_ended():
                status: Status = "interrupted" if code == -signal.SIGTERM else "failed"
                self._finish(folder, status, _last_words(code, folder))
            else:
                ledger.ended(self._store, self._run_of(folder))

    def _folders(self) -> Sequence[RunFolder]:
        try:
            with os.scandir(self._root) as entries:
                names = [each.name for each in entries if RUN_ID.fullmatch(each.name)]
        except FileNotFoundError:
            return []
        return [RunFolder(self._root / name) for name in sorted(names)]

    def _folder(self, run_id: str) -> RunFolder | None:
        if not RUN_ID.fullmatch(run_id):
            raise UnknownRunError(run_id)
        folder = RunFolder(self._root / run_id)
        return folder if folder.asked() else None

    def _forget_old(self) -> None:
        ended = [folder for folder in self._folders() if folder.has_ended()]
        for folder in ended[:-KEPT]:
            folder.remove()

    def _recorded(self, run_id: str) -> RunDetail:
        for run in recorded_runs(self._app, only=run_id, limit=1):
            return RunDetail(run, recorded_outcomes(self._app, run_id))
        raise UnknownRunError(run_id)

    def _run_of(self, folder: RunFolder) -> Run:
        asked, result = folder.asked(), folder.result()
        asked_at = moment(asked.get("asked_at")) or utc_now().replace(tzinfo=None)
        request = {name: asked.get(name) for name in ("tables", "system", "full", "ingest")}
        who = asked.get("asked_by")
        if result is None:
            began = _began(folder)
            status: Status = "running" if began else "queued"
            return Run(folder.run_id, status, began or asked_at, started_by=who, request=request)
        return Run(
            folder.run_id,
            result.get("status", "failed"),
            moment(result.get("started_at")) or asked_at,
            moment(result.get("ended_at")),
            who,
            request,
            message=result.get("message"),
            **_counted(result.get("tables") or []),
        )

    def _with_names(self, runs: Sequence[Run]) -> tuple[Run, ...]:
        return ledger.with_names(self._store, runs)


def _held(path: Path) -> TextIO:
    """A lock that is ours: nobody else knows this run yet."""
    file = take(path)
    if file is None:
        raise RunsBusyError(f"{path.parent.name} is held by somebody.", "Start another run.")
    return file


def _began(folder: RunFolder) -> datetime | None:
    from datetime import UTC

    try:
        at = folder.began.stat().st_mtime
    except OSError:
        return None
    return datetime.fromtimestamp(at, UTC).replace(tzinfo=None)


def _counted(tables: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    outcomes = [each["outcome"] for each in tables]
    return {
        "tables_built": outcomes.count("built"),
        "unchanged": outcomes.count("unchanged"),
        "failed": sum(each in {"failed", "blocked", "skipped"} for each in outcomes),
        "cpu_seconds": round(sum(each["cpu_seconds"] for each in tables), 4),
    }


def _last_words(code: int, folder: RunFolder) -> str:
    """Why a run's process ended without saying so."""
    if code == -signal.SIGTERM:
        return "The run was stopped; the next one does what is left."
    if code == -signal.SIGKILL:
        return (
            "The run's process was killed, most likely because memory ran out; nothing "
            "half-written is visible. Lower memory_limit or workers, and run again."
        )
    if code < 0:
        return f"The run's process was ended by {signal.Signals(-code).name}; run again."
    with suppress(OSError, IndexError):
        last = folder.output.read_text("utf-8", "replace").strip().splitlines()[-1]
        return f"The run's process ended with the code {code}: {last[:500]}"
    return f"The run's process ended with the code {code} and without a word; run again."


def _all_events(folder: RunFolder) -> list[Any]:
    found: list[Any] = []
    after = 0
    while len(found) < 10_000:
        part = folder.events(after).events
        if not part:
            break
        found += part
        after = part[-1].id
    return found
