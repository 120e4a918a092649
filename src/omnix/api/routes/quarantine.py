"""Rows that were set aside: how many, which, and bringing them back."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Path, Query, Request, Response

from omnix.api.catalog_models import QuarantineAnswer, QuarantineCountsAnswer, ReplayAnswer
from omnix.api.problems import problem, without_paths
from omnix.api.rules import Caller, ServiceHere, rule
from omnix.api.sending import file, forms, json_bytes
from omnix.api.visit import From
from omnix.app.analytics.export import MEDIA_TYPES
from omnix.auth.roles import Permission

router = APIRouter(prefix="/quarantine", tags=["quarantine"])

Table = Annotated[str, Path(max_length=200, description="A curated table's name.")]


@router.get("", response_model=QuarantineCountsAnswer, **rule("quarantine:read", cached=True))
def counts(service: ServiceHere) -> Response:
    """How many rows each rule set aside or warned of."""
    return json_bytes(service.analytics.quarantine_counts())


@router.get(
    "/{table}",
    response_model=QuarantineAnswer,
    **forms(rule("quarantine:read"), MEDIA_TYPES["csv"]),
)
def rows(
    service: ServiceHere,
    caller: Caller,
    origin: From,
    table: Table,
    severity: Literal["error", "warning"] | None = None,
    broken: Annotated[str | None, Query(alias="rule", max_length=500)] = None,
    upload: Annotated[
        str | None, Query(max_length=40, description="Only rows that came with this file.")
    ] = None,
    cursor: Annotated[str, Query(max_length=500)] = "",
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    form: Annotated[Literal["json", "csv"], Query(alias="format")] = "json",
) -> Response:
    """Rows with the rules that they broke; as CSV they can be corrected and sent back."""
    personal = Permission.TABLES_PERSONAL in caller.permissions
    if form == "csv" and not (personal and Permission.TABLES_EXPORT in caller.permissions):
        raise problem(403, "Rows as they came need tables:personal and tables:export.")
    if personal:
        service.accounts.audit.record(
            "quarantine.read", actor_id=caller.user_id, object=table, origin=origin,
            detail={"format": form},
        )  # fmt: skip
    if form == "csv":
        return file(service.analytics.quarantine_csv(table, severity, broken, upload))
    return json_bytes(
        service.analytics.quarantine_rows(
            table,
            severity=severity,
            rule=broken,
            upload=upload,
            cursor=cursor,
            limit=limit,
            personal=personal,
        )
    )


async def csv_body(request: Request) -> bytes:
    """The body, which must be CSV."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    content = await request.body()
    if content and kind != "text/csv":
        raise problem(415, f"The body is {kind[:60] or 'of no kind'}.", "Send it as text/csv.")
    return content


_CSV: dict[str, Any] = {
    "requestBody": {
        "description": "Corrected rows as `format=csv` gave them; none: curate again as it is.",
        "content": {"text/csv": {"schema": {"type": "string"}}},
    }
}
_RULE = rule("quarantine:replay")


@router.post(
    "/{table}/replay",
    response_model=ReplayAnswer,
    **{**_RULE, "openapi_extra": {**_RULE["openapi_extra"], **_CSV}},
)
def replay(
    service: ServiceHere,
    caller: Caller,
    origin: From,
    table: Table,
    corrected: Annotated[bytes, Depends(csv_body)],
) -> Any:
    """Curate a table again, with corrected rows when some are sent; and what hangs on it."""
    done = service.analytics.replay(table, corrected)
    service.accounts.audit.record(
        "quarantine.replayed", actor_id=caller.user_id, object=table, origin=origin,
        detail={name: done[name] for name in ("run_id", "corrected", "replayed")},
    )  # fmt: skip
    for each in done["failed"]:
        each["message"] = without_paths(each["message"])
    return done
