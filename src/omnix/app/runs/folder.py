"""A run's folder: what was asked, what happened, how it ended, and whether its process lives."""

from __future__ import annotations

import json
import os
import re
import shutil
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from omnix.app.locking import is_held
from omnix.app.runs.views import Event, Events
from omnix.core.clock import utc_now
from omnix.core.private_files import write_over

RUN_ID = re.compile(r"\d{8}T\d{6}-[0-9a-f]{6}")

#: So much of the events is read at a time.
_CHUNK = 256 * 1024
#: Characters of one text in an event.
_LONGEST = 8_000


@dataclass(frozen=True)
class RunFolder:
    """`<home>/runs/<run_id>/`."""

    path: Path

    @property
    def run_id(self) -> str:
        """The run that it belongs to."""
        return self.path.name

    @property
    def alive(self) -> Path:
        """Held by the run's process as long as it lives."""
        return self.path / "alive.lock"

    @property
    def watched(self) -> Path:
        """Held by the process of the service that waits for the run's process to end."""
        return self.path / "watched.lock"

    @property
    def began(self) -> Path:
        """There once the run's turn has come."""
        return self.path / "began"

    @property
    def output(self) -> Path:
        """What the run's process printed: nothing, unless it broke."""
        return self.path / "output.txt"

    def create(self, asked: Mapping[str, Any]) -> None:
        """Make the folder and write down what was asked."""
        self.path.mkdir(parents=True, mode=0o700)
        write_json(self.path / "asked.json", {"asked_at": _now(), **asked})

    def asked(self) -> dict[str, Any]:
        """What was asked, by whom, when; nothing where it cannot be read."""
        return _read_json(self.path / "asked.json")

    def result(self) -> dict[str, Any] | None:
        """How the run ended; None: it has not."""
        return _read_json(self.path / "result.json") or None

    def has_ended(self) -> bool:
        """Whether it is known how the run ended."""
        return (self.path / "result.json").exists()

    def is_alive(self) -> bool:
        """Whether the run's process lives."""
        return is_held(self.alive)

    def is_watched(self) -> bool:
        """Whether a process of the service waits for it."""
        return is_held(self.watched)

    def finish(self, result: Mapping[str, Any]) -> None:
        """Write down how it ended, then tell those who listen; the first one to do so counts."""
        if self.has_ended():
            return
        write_json(self.path / "result.json", result)
        told = {name: result.get(name) for name in ("status", "message")}
        EventLog(self.path / "events.jsonl").add("end", told)

    def events(self, after: int = 0) -> Events:
        """What happened after the position `after`; a position that was never given means 0."""
        over = self.has_ended()
        found = tuple(_events(self.path / "events.jsonl", after))
        ended = bool(found) and found[-1].event == "end"
        return Events(found, ended or (over and not found))

    def remove(self) -> None:
        """Forget the run's folder."""
        shutil.rmtree(self.path, ignore_errors=True)


class EventLog:
    """Appends events, each a line of JSON; safe to use from several threads."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()

    def add(self, event: str, data: Mapping[str, Any]) -> None:
        """Append one event. A full disk loses it, not the run."""
        line = json.dumps({"event": event, "data": _short(data)}, default=str) + "\n"
        with self._lock:
            try:
                descriptor = os.open(self._path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
            except OSError:
                return
            try:
                os.write(descriptor, _break_before(descriptor) + line.encode())
            except OSError:
                return
            finally:
                os.close(descriptor)

    def say(self, message: str) -> None:
        """Append a line of the log."""
        self.add("log", {"at": _now(), "message": message})


def _short(data: Mapping[str, Any]) -> dict[str, Any]:
    """No text so long that an event would not fit into what is read at a time."""
    return {n: v[:_LONGEST] if isinstance(v, str) else v for n, v in data.items()}


def _break_before(descriptor: int) -> bytes:
    """A line that a killed process left half is ended, so that it spoils nothing else."""
    size = os.fstat(descriptor).st_size
    return b"\n" if size and os.pread(descriptor, 1, size - 1) != b"\n" else b""


def _events(path: Path, after: int) -> Iterator[Event]:
    try:
        with path.open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            start = after if 0 < after <= size else 0
            if start:
                file.seek(start - 1)
                start = start if file.read(1) == b"\n" else 0
            file.seek(start)
            chunk = file.read(_CHUNK)
    except OSError:
        return
    position = start
    for line in chunk.splitlines(keepends=True):
        position += len(line)
        if not line.endswith(b"\n"):
            return
        try:
            told = json.loads(line)
        except ValueError:
            continue
        if isinstance(told, dict) and {"event", "data"} <= told.keys():
            yield Event(position, told["event"], told["data"])


def write_json(path: Path, value: Mapping[str, Any]) -> None:
    """Write `value` in one step, readable by its owner only."""
    write_over(path, json.dumps(value, default=str).encode())


def _read_json(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _now() -> str:
    return utc_now().replace(tzinfo=None).isoformat(timespec="milliseconds")


def moment(text: object) -> datetime | None:
    """A moment as the files hold it."""
    try:
        return datetime.fromisoformat(str(text)) if text else None
    except ValueError:
        return None
