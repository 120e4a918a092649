"""The audit log: who did what, when, from where; as pages and as CSV."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from fastapi.responses import StreamingResponse

from omnix.api import visit
from omnix.api.account_models import AuditAnswer, AuditEntry
from omnix.api.models import Moment
from omnix.api.problems import problem
from omnix.api.rules import Caller, ServiceHere, rule
from omnix.api.visit import From
from omnix.app.accounts import AuditRow
from omnix.core.spreadsheets import safe

router = APIRouter(prefix="/admin/audit", tags=["admin"], dependencies=[Depends(visit.no_store)])

COLUMNS = (
    "id", "at", "actor_id", "actor_email", "action", "object", "outcome", "address", "request_id",
    "detail",
)  # fmt: skip


Action = Annotated[str | None, Query(max_length=60, description="Such as session.begun.")]
Actor = Annotated[str | None, Query(max_length=320, description="A user's id or e-mail.")]
Since = Annotated[Moment | None, Query(description="Not before this moment; UTC unless said.")]
Until = Annotated[Moment | None, Query(description="Before this moment; UTC unless said.")]


class Csv(StreamingResponse):
    """CSV, sent while it is read."""

    media_type = "text/csv"


@router.get("", **rule("audit:read"))
def audit(
    service: ServiceHere,
    action: Action = None,
    actor: Actor = None,
    since: Since = None,
    until: Until = None,
    cursor: Annotated[str | None, Query(max_length=500)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> AuditAnswer:
    """What was done, the newest first."""
    found = service.accounts.audit.list(
        action=action,
        actor=actor,
        since=_utc("since", since),
        until=_utc("until", until),
        cursor=cursor,
        limit=limit,
    )
    data = [AuditEntry.model_validate(each) for each in found.data]
    return AuditAnswer(data=data, next_cursor=found.next_cursor)


@router.get("/export", response_class=Csv, **rule("audit:read"))
def export(
    caller: Caller,
    service: ServiceHere,
    origin: From,
    action: Action = None,
    actor: Actor = None,
    since: Since = None,
    until: Until = None,
) -> Csv:
    """The whole log, or what the filters leave of it, as CSV. The export is itself logged."""
    log = service.accounts.audit
    rows = log.export(
        action=action, actor=actor, since=_utc("since", since), until=_utc("until", until)
    )
    log.record("audit.exported", actor_id=caller.user_id, object="audit", origin=origin)
    headers = {
        "Content-Disposition": 'attachment; filename="omnix-audit.csv"',
        "Cache-Control": "no-store",
    }
    return Csv(as_csv(rows), headers=headers)


def as_csv(rows: Iterable[AuditRow]) -> Iterator[str]:
    """Rows as CSV with a header, one line at a time; no cell is taken for a formula."""
    yield _line(COLUMNS)
    for row in rows:
        yield _line([_cell(getattr(row, name)) for name in COLUMNS])


def _line(cells: Iterable[str]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerow(cells)
    return text.getvalue()


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return safe(text)


def _utc(name: str, moment: datetime | None) -> datetime | None:
    if moment is None:
        return None
    try:
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except OverflowError:
        raise problem(
            422,
            f"{name}: no moment of the years 1 to 9999.",
            "Give another moment.",
            errors=[{"field": name, "message": "lies outside the years 1 to 9999"}],
        ) from None
