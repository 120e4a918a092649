"""Computed answers on disk, by question and version of the data: a repeated question costs nothing."""

from __future__ import annotations

import hashlib
import json
import os
import threading
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any
from uuid import uuid4

#: Answers kept, the longest unused go first.
MOST = 500


class Remembered:
    """Answers under a folder. Safe in many threads and processes: each file appears whole."""

    def __init__(self, folder: Path, most: int = MOST) -> None:
        self._folder, self._most = folder, most
        self._lock = threading.Lock()

    def key(self, task: str, asked: Mapping[str, Any], stamp: str) -> str:
        """What an answer is kept under."""
        told = json.dumps([task, asked, stamp], sort_keys=True, default=str)
        return hashlib.blake2s(told.encode(), digest_size=16).hexdigest()

    def get(self, key: str) -> Any | None:
        """An answer, or None."""
        path = self._folder / f"{key}.json"
        try:
            found = json.loads(path.read_bytes())
            os.utime(path)
        except (OSError, ValueError):
            return None
        return found if isinstance(found, dict) else None

    def keep(self, key: str, answer: Any) -> None:
        """Remember an answer; a disk that is full or read-only costs only time later."""
        with suppress(OSError), self._lock:
            self._folder.mkdir(parents=True, exist_ok=True)
            draft = self._folder / f".{key}.{uuid4().hex}"
            draft.write_text(json.dumps(answer, default=str), "utf-8")
            draft.replace(self._folder / f"{key}.json")
            self._forget()

    def _forget(self) -> None:
        files = sorted(self._folder.glob("*.json"), key=lambda path: path.stat().st_mtime)
        for path in files[: max(0, len(files) - self._most)]:
            path.unlink(missing_ok=True)
