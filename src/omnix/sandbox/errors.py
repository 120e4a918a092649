"""What can become of a query that is not simply answered.

SandboxError
├── RefusedError       the guard does not allow it
├── FailedError        the engine could not compute it
├── StoppedError       it ran into its limit of time or memory
├── BusyError          too many queries are waiting
└── UnsupportedError   this machine cannot hold a query safely
"""

from __future__ import annotations

from omnix.core.errors import OmnixError


class SandboxError(OmnixError):
    """A query was not answered. `status` is what it means in HTTP."""

    status = 422


class RefusedError(SandboxError):
    """The query holds what is not allowed; nothing of it ran."""


class FailedError(SandboxError):
    """The query is allowed, but the engine could not compute it."""


class StoppedError(SandboxError):
    """The query was stopped.

    `cause`: "time", "memory", "killed" (by the kernel, for either), "crash", "vanished" (a file of
    a table), "start" (no process could be made).
    """

    def __init__(self, cause: str, what: str, step: str) -> None:
        self.cause = cause
        self.transient = cause in {"vanished", "start"}
        super().__init__(what, step)


class BusyError(SandboxError):
    """Too many queries are waiting; the same one may pass later."""

    transient = True


class UnsupportedError(SandboxError):
    """The kernel of this machine cannot hold a query, so none is run."""

    status = 503
