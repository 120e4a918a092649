"""Versioned tables in Delta Lake, on a folder or an object store."""
