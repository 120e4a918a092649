"""Reads of one thing by its key that are answered before routing, from an index in memory's reach."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from omnix.app.accounts import Principal
    from omnix.app.service import Service


@dataclass(frozen=True)
class Point:
    """An address `prefix` + key + `suffix`, whose route still stands for all that this leaves.

    may:  whether the caller may see the thing of that key.
    look: its bytes under the data's stamp, or None: then the route answers.
    """

    prefix: str
    suffix: str
    route: str
    may: Callable[[Principal, str], bool]
    look: Callable[[Service, str, str], bytes | None]

    def key(self, path: str) -> str | None:
        """The key in an address, if it is one of these."""
        if not (path.startswith(self.prefix) and path.endswith(self.suffix)):
            return None
        key = path[len(self.prefix) : len(path) - len(self.suffix)]
        return key if key and "/" not in key else None
