"""Files as a source: a folder (or one file) of CSV, Parquet or JSON Lines, plain, gzipped or zipped."""

from omnix.sources.files.source import FilesSource

__all__ = ["FilesSource"]
