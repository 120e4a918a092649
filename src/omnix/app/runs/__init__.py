"""Runs that people start from the service: each in a process of its own, watched while it works.

    runs = RunService(app, store)
    runs.start(tables=[], system=None, full=False, ingest=True, asked_by=user_id)  -> Run
    runs.list(cursor=None, limit=50)                     -> Page
    runs.get(run_id)                                     -> RunDetail
    runs.events(run_id, after=0)                         -> Events (never waits; `over` at the end)
    runs.compare(a, b)                                   -> Comparison
    runs.stop(run_id)                                    -> Run

One works, one waits, a third is refused. Everything about a run lies in `<home>/runs/<run_id>/`,
and a lock that the kernel frees says whether its process lives, so that any process of the service
sees the same and nothing is lost when one of them dies.
"""

from omnix.app.runs.service import RunService
from omnix.app.runs.views import (
    Comparison,
    Event,
    Events,
    Outcome,
    Page,
    Run,
    RunDetail,
    RunsBusyError,
    UnknownRunError,
)

__all__ = [
    "Comparison",
    "Event",
    "Events",
    "Outcome",
    "Page",
    "Run",
    "RunDetail",
    "RunService",
    "RunsBusyError",
    "UnknownRunError",
]
