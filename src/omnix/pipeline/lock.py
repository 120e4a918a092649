"""One run at a time in a home folder."""

from __future__ import annotations

import fcntl
import json
import os
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TextIO

from omnix.core.clock import utc_now
from omnix.core.errors import LockedError, SettingsError

_PAUSE = 0.2


@contextmanager
def home_lock(
    home: Path, what: str, *, wait_seconds: float = 0, waiting: Callable[[str], None] | None = None
) -> Iterator[None]:
    """Hold `home` for `what` ("run", "ingest").

    The kernel frees the lock when the process ends, however it ends; a lock file left behind by a
    killed run holds nobody up. `waiting` is told once who is waited for.

    Raises:
        LockedError: another process still holds it after `wait_seconds`.
        SettingsError: nothing can be written there.

    """
    path = home / "omnix.lock"
    deadline = time.monotonic() + wait_seconds
    with _opened(path) as file:
        while not _taken(file.fileno()):
            holder = _holder(path)
            if waiting:
                waiting(f"Waiting for {holder} …")
                waiting = None
            if time.monotonic() >= deadline:
                raise LockedError(
                    f"{home} is held by {holder}.",
                    "Wait for it to end, or give `--wait SECONDS`.",
                )
            time.sleep(_PAUSE)
        _sign(file, what)
        yield


def _opened(path: Path) -> TextIO:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return path.open("a+", encoding="utf-8")
    except OSError as error:
        raise SettingsError(
            f"The home folder {path.parent} cannot be written: {error.strerror}.",
            "Give yourself the right to write there, or choose another with `--home`.",
        ) from None


def _sign(file: TextIO, what: str) -> None:
    """Say who holds it; the lock holds also where a full disk does not let us."""
    with suppress(OSError):
        file.seek(0)
        file.truncate()
        json.dump(
            {
                "pid": os.getpid(),
                "host": socket.gethostname(),
                "what": what,
                "since": f"{utc_now():%Y-%m-%d %H:%M:%S} UTC",
            },
            file,
        )
        file.flush()


def _taken(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _holder(path: Path) -> str:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        return f"`omnix {found['what']}` (process {found['pid']} on {found['host']}, since {found['since']})"
    except (ValueError, KeyError, OSError):  # it is just being written
        return "another omnix"
