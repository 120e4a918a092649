"""Databases as a source: MySQL, MariaDB and PostgreSQL, by URL."""

from omnix.sources.database.session import DatabaseSession
from omnix.sources.database.source import DatabaseSource

__all__ = ["DatabaseSession", "DatabaseSource"]
