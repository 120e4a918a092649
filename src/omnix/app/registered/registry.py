"""The graph of one home: what omnix brings and what its systems folder declares."""

from __future__ import annotations

import os
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from omnix.pipeline.graph import Graph, built_in

if TYPE_CHECKING:
    from omnix.app.registered.resolve import Resolved

#: Name, time of change and size of each file: changes when any of them does.
Signature = tuple[tuple[str, int, int], ...]


class Registry:
    """Reads the systems folder again only when a file in it has changed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock = threading.Lock()
        self._known: tuple[Signature, Resolved | None] = ((), None)

    def graph(self) -> Graph:
        """The tables as the folder declares them now."""
        found = self._signature()
        return self._at(found).graph if found else built_in()

    def resolved(self) -> Resolved:
        """The same with what each file declares."""
        return self._at(self._signature())

    def _at(self, found: Signature) -> Resolved:
        signature, known = self._known
        if known is not None and found == signature:
            return known
        with self._lock:
            return self._read(found)

    def _signature(self) -> Signature:
        try:
            with os.scandir(self.folder) as entries:
                files = [each for each in entries if each.name.endswith(".toml")]
                stats = [(each.name, each.stat()) for each in files]
        except FileNotFoundError:
            return ()
        return tuple(sorted((name, stat.st_mtime_ns, stat.st_size) for name, stat in stats))

    def _read(self, found: Signature) -> Resolved:
        from omnix.app.registered.files import read_all
        from omnix.app.registered.resolve import resolve

        resolved = resolve(read_all(self.folder), built_in())
        self._known = (found, resolved)
        return resolved
