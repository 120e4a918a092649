"""Who asked for a run, in the operational store; the run's folder tells all the rest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from omnix.core.clock import utc_now
from omnix.core.errors import OmnixError

if TYPE_CHECKING:
    from omnix.app.runs.views import Run
    from omnix.store import Store


def asked(store: Store | None, run_id: str, request: Mapping[str, Any], who: str | None) -> None:
    """Write down that somebody asked for a run.

    Raises:
        StoreError: the store does not take it; then nothing is started.

    """
    if store is None:
        return
    from omnix.store.models.runs import ServiceRun

    with store.session() as session:
        session.add(
            ServiceRun(
                run_id=run_id,
                status="queued",
                requested_by=who,
                request=dict(request),
                requested_at=utc_now(),
            )
        )


def ended(store: Store | None, run: Run) -> None:
    """Write down how a run ended; a store that does not answer loses nothing but this line."""
    if store is None:
        return
    from omnix.store.models.runs import ServiceRun

    with suppress(OmnixError), store.session() as session:
        row = session.get(ServiceRun, run.run_id)
        if row is not None:
            row.status = run.status
            row.started_at, row.ended_at = _utc(run.started_at), _utc(run.ended_at)
            row.message = run.message or ""


def with_names(store: Store | None, runs: Sequence[Run]) -> tuple[Run, ...]:
    """The runs, `started_by` being the person's name instead of the account's id."""
    wanted = {run.started_by for run in runs if run.started_by}
    if store is None or not wanted:
        return tuple(runs)
    from sqlalchemy import select

    from omnix.store.models.users import User

    names: dict[str, str] = {}
    with suppress(OmnixError), store.reading() as session:
        rows = session.execute(select(User.id, User.name).where(User.id.in_(wanted)))
        names = {row.id: row.name for row in rows}
    return tuple(replace(run, started_by=names.get(run.started_by or "")) for run in runs)


def _utc(moment: datetime | None) -> datetime | None:
    return moment.replace(tzinfo=UTC) if moment else None
