"""The graph of one home: what omnix brings and what its systems folder declares."""

from __future__ import annotations

import os
import threading
from pathlib import Path

from omnix.pipeline.graph import Graph, built_in

#: Name, time of change and size of each file: changes when any of them does.
Signature = tuple[tuple[str, int, int], ...]


class Registry:
    """Reads the systems folder again only when a file in it has changed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock = threading.Lock()
        self._known: tuple[Signature, Graph] = ((), built_in())

    def graph(self) -> Graph:
        """The tables as the folder declares them now."""
        found = self._signature()
        if not found:
            return built_in()
        signature, graph = self._known
        if found == signature:
            return graph
        with self._lock:
            if found != self._known[0]:
                self._known = (found, self._resolved())
            return self._known[1]

    def _signature(self) -> Signature:
        try:
            with os.scandir(self.folder) as entries:
                files = [each for each in entries if each.name.endswith(".toml")]
                stats = [(each.name, each.stat()) for each in files]
        except FileNotFoundError:
            return ()
        return tuple(sorted((name, stat.st_mtime_ns, stat.st_size) for name, stat in stats))

    def _resolved(self) -> Graph:
        from omnix.app.registered.files import read_all
        from omnix.app.registered.resolve import resolve

        return resolve(read_all(self.folder), built_in()).graph
