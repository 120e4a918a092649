"""What a query may see: tables by name, each with the columns and files that exist for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from omnix.core.table import Column


@dataclass(frozen=True)
class Exposed:
    """One table as a query sees it.

    `files` are local Parquet files that hold these columns and no others; `read` is the
    part of a SELECT that gives a column from them, where its name alone does not. `built` False: the table is declared
    but cannot be read, for that `reason`; empty: it was never built.
    """

    name: str
    schema: str
    columns: Mapping[str, Column]
    about: str = ""
    files: tuple[str, ...] = ()
    version: int | None = None
    built_at: str = ""
    built: bool = True
    reason: str = ""
    read: Mapping[str, str] = field(default_factory=dict)
