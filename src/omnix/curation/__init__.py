"""From raw to curated: one agreed shape for every shop, one module per table."""

from __future__ import annotations

from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from omnix.curation.shape import Curated

__all__ = ["agreed_columns", "curated_tables"]


@cache
def curated_tables() -> Mapping[str, Curated]:
    """Every curated table by name, each after those it refers to."""
    from omnix.core.discover import build_order, find_tables
    from omnix.curation import tables
    from omnix.curation.shape import Curated

    found = find_tables(tables)
    ordered = {name: found[name] for name in build_order(found)}
    return MappingProxyType({n: t for n, t in ordered.items() if isinstance(t, Curated)})


@cache
def agreed_columns() -> Mapping[str, tuple[str, ...]]:
    """The agreed shape as mappings give it: each table's column names at the source."""
    return MappingProxyType(
        {name: tuple(table.sources.values()) for name, table in curated_tables().items()}
    )
