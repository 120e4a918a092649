"""Where a lake's files lie: the port, and a folder on this machine with what makes it durable."""

from __future__ import annotations

import os
import re
import secrets
import shutil
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple, Protocol

from omnix.core.errors import LakeError
from omnix.lake.snapshot import DataFile

LOG = "_delta_log"
#: Names of folders that are not tables: what a cut-short delete left behind.
DELETED = ".deleted-"


class Listed(NamedTuple):
    """One file of a table: its path inside the table, bytes, and when it was written (Unix time)."""

    path: str
    size: int
    written: float


class Files(Protocol):
    """The files of a lake. `table` is always a table's name such as `raw/orders`."""

    options: dict[str, str] | None

    def url(self, table: str) -> str:
        """What delta-rs opens."""

    def names(self) -> list[str]:
        """Every table."""

    def stage(self, table: str, name: str) -> Path:
        """Where to write a new file."""

    def keep(self, table: str, staged: Path) -> None:
        """Make a written file part of the table's folder, durably."""

    def drop(self, table: str, staged: Path) -> None:
        """Forget a written file that no commit names."""

    def locate(self, table: str, file: DataFile) -> Path | None:
        """Its local path; None when it is missing or not of its size."""

    def has(self, table: str, files: Iterable[DataFile]) -> bool:
        """Whether all of them are there, without fetching them."""

    def log_entry(self, table: str, version: int) -> bytes | None:
        """One commit; None when it is not there."""

    def sync(self, table: str, versions: Iterable[int]) -> None:
        """Make commits survive a power cut."""

    def stamp(self, table: str) -> tuple[int, ...] | None:
        """Names the newest commit, version first; changes whenever it does. None: cannot tell."""

    def listing(self, table: str) -> Iterator[Listed]:
        """Every file of the table, the log's too."""

    def remove(self, table: str, paths: Iterable[str]) -> None:
        """Delete files."""

    def remove_table(self, table: str) -> None:
        """Delete everything the table has."""

    def room(self) -> str:
        """In words: where it writes and how much is free."""


def log_name(version: int) -> str:
    """The path of a commit inside its table."""
    return f"{LOG}/{version:020}.json"


def unique_name(prefix: str) -> str:
    """A file name that sorts by the time it was made and that nobody has used."""
    return f"{prefix}{time.time_ns():016x}-{secrets.token_hex(8)}.parquet"


class LocalFiles:
    """A lake in a folder. `durable=False` leaves out the fsync calls."""

    options: dict[str, str] | None = None

    def __init__(self, root: Path, *, durable: bool = True) -> None:
        self.root = root.absolute()
        self.durable = durable
        if re.search(
            "%[0-9A-Fa-f]{2}", str(self.root)
        ):  # delta-rs 1.6 would take `%20` for a space
            raise LakeError(
                f"The lake cannot lie in {self.root}: its path holds a `%` before two digits.",
                "Choose another folder.",
            )

    def url(self, table: str) -> str:
        """The table's folder."""
        return str(self.root / table)

    def names(self) -> list[str]:
        """Every folder that holds a log."""
        found = []
        for folder, below, _ in os.walk(self.root):
            if LOG in below:
                found.append(Path(folder).relative_to(self.root).as_posix())
                below.clear()
            below[:] = [name for name in below if not name.startswith((".", "_"))]
        return sorted(found)

    def stage(self, table: str, name: str) -> Path:
        """The file's own place: nobody reads it before a commit names it."""
        folder = self.root / table
        if not folder.is_dir():
            self._make(folder)
        return folder / name

    def _make(self, folder: Path) -> None:
        """Create a folder and make its name, and its parents', durable."""
        new = [folder, *(parent for parent in folder.parents if not parent.exists())]
        folder.mkdir(parents=True, exist_ok=True)
        for made in new:
            self._fsync(made.parent)

    def keep(self, table: str, staged: Path) -> None:
        """Bring the file and its name to the disk."""
        self._fsync(staged)
        self._fsync(self.root / table)

    def drop(self, table: str, staged: Path) -> None:
        """Delete the file."""
        self.remove(table, [staged.name])

    def locate(self, table: str, file: DataFile) -> Path | None:
        """Its path."""
        path = self.root / table / file.path
        try:
            return path if path.stat().st_size == file.size else None
        except FileNotFoundError:
            return None

    def has(self, table: str, files: Iterable[DataFile]) -> bool:
        """Whether all are there."""
        return all(self.locate(table, file) for file in files)

    def log_entry(self, table: str, version: int) -> bytes | None:
        """One commit."""
        try:
            return (self.root / table / log_name(version)).read_bytes()
        except FileNotFoundError:
            return None

    def sync(self, table: str, versions: Iterable[int]) -> None:
        """Bring commits, and the checkpoints made with them, to the disk. delta-rs never does."""
        if not self.durable:
            return
        new = {f"{version:020}" for version in versions}
        folder = self.root / table / LOG
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.name[:20] in new or entry.name == "_last_checkpoint":
                    self._fsync(Path(entry.path))
        self._fsync(folder)
        self._fsync(folder.parent)

    def stamp(self, table: str) -> tuple[int, ...] | None:
        """The newest commit's version, time, inode and size."""
        try:
            with os.scandir(self.root / table / LOG) as entries:
                commits = (e for e in entries if e.name.endswith(".json") and e.name[:20].isdigit())
                newest = max(commits, key=lambda entry: entry.name)
                stat = newest.stat()
        except (FileNotFoundError, NotADirectoryError, ValueError):  # no table, or an empty log
            return None
        return int(newest.name[:20]), stat.st_mtime_ns, stat.st_ino, stat.st_size

    def listing(self, table: str) -> Iterator[Listed]:
        """Every file below the table's folder."""
        folder = self.root / table
        for path in folder.rglob("*"):
            if path.is_file():
                stat = path.stat()
                yield Listed(path.relative_to(folder).as_posix(), stat.st_size, stat.st_mtime)

    def remove(self, table: str, paths: Iterable[str]) -> None:
        """Delete files."""
        for path in paths:
            (self.root / table / path).unlink(missing_ok=True)

    def remove_table(self, table: str) -> None:
        """Rename first, so that a cut-short delete leaves no half a table."""
        folder = self.root / table
        if folder.exists():
            folder.rename(folder.with_name(f"{DELETED}{secrets.token_hex(8)}"))
            self._fsync(folder.parent)
        for rest in folder.parent.glob(f"{DELETED}*"):
            shutil.rmtree(rest)

    def room(self) -> str:
        """The folder, and what is free there."""
        there = next(path for path in (self.root, *self.root.parents) if path.exists())
        return f"{self.root} ({shutil.disk_usage(there).free:,} bytes free)"

    def _fsync(self, path: Path) -> None:
        if not self.durable:
            return
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
