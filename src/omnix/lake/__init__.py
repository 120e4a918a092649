"""Versioned tables in Delta Lake, on a folder or an object store."""

from omnix.lake.lake import Lake
from omnix.lake.snapshot import Commit, DataFile, Snapshot
from omnix.lake.writer import TableWriter

__all__ = ["Commit", "DataFile", "Lake", "Snapshot", "TableWriter"]
