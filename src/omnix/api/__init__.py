"""The HTTP API and the dashboard on one port. It translates and delegates; it decides nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from omnix.api.app import create_app

__all__ = ["create_app"]


def __getattr__(name: str) -> Any:
    """`omnix.api.create_app`, imported when it is asked for: FastAPI takes half a second."""
    if name == "create_app":
        from omnix.api.app import create_app

        return create_app
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
