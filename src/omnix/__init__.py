"""omnix: commerce analytics in which every number is a row of a versioned table."""

__version__ = "0.1.0"
