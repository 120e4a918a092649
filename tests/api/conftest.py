"""Fixtures for the API: a house of accounts on each kind of store."""

from house import house, model_database, model_house  # noqa: F401
from servers import postgresql_server  # noqa: F401
