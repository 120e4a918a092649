"""Queries are held by Linux; elsewhere there is nothing to test but that they are refused."""

from sandbox.homes import canary_home  # noqa: F401
