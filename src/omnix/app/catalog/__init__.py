"""What there is: systems, tables, columns, meaning, freshness, quality, lineage, versions, health."""

from omnix.app.catalog.health import Health, TableHealth, worst
from omnix.app.catalog.listing import Catalog

__all__ = ["Catalog", "Health", "TableHealth", "worst"]
