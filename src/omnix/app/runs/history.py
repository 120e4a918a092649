"""What the lake's run table tells: every run, also those that no service started."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from omnix.app.runs.views import Outcome, Run
from omnix.core.errors import LakeError
from omnix.pipeline.runs import PATH

if TYPE_CHECKING:
    from omnix.app.app import App


def recorded_runs(
    app: App, *, before: str | None = None, only: str | None = None, limit: int
) -> list[Run]:
    """Runs of the run table, newest first: those before the run `before`, or one.

    A run table that cannot be read tells of none.
    """
    where = "true"
    if before is not None:
        where = "run_id < $run_id"
    if only is not None:
        where = "run_id = $run_id"
    rows = _asked(
        app,
        f"""select run_id, min(started_at) as started_at, max(ended_at) as ended_at,
                   count(*) filter (outcome = 'built') as built,
                   count(*) filter (outcome = 'unchanged') as unchanged,
                   count(*) filter (outcome in ('failed', 'blocked', 'skipped')) as failed,
                   sum(cpu_seconds) as cpu_seconds
            from runs where {where} group by run_id order by run_id desc limit {int(limit)}""",
        before or only,
    )
    return [
        Run(
            row["run_id"],
            "failed" if row["failed"] else "succeeded",
            row["started_at"],
            row["ended_at"],
            tables_built=row["built"],
            unchanged=row["unchanged"],
            failed=row["failed"],
            cpu_seconds=round(row["cpu_seconds"], 4),
        )
        for row in rows
    ]


def recorded_outcomes(app: App, run_id: str) -> tuple[Outcome, ...]:
    """What a run did to each table, in the order in which they ended."""
    rows = _asked(
        app,
        """select table_name, outcome, rows, version_out, versions_in, cpu_seconds, wall_seconds,
                  message from runs where run_id = $run_id""",
        run_id,
    )
    return tuple(
        Outcome(
            row["table_name"],
            row["outcome"],
            row["rows"],
            row["version_out"],
            json.loads(row["versions_in"]),
            row["cpu_seconds"],
            row["wall_seconds"],
            row["message"],
        )
        for row in rows
    )


def _asked(app: App, sql: str, run_id: str | None) -> list[dict[str, Any]]:
    from omnix.app.read import rows_of

    try:
        if app.lake.snapshot(PATH) is None:
            return []
        return rows_of(app, sql, PATH, params={"run_id": run_id} if run_id else None)
    except LakeError:
        return []
