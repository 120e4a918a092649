"""Rows of tables, insights and forecasts."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query, Response

from omnix.api.data_models import ForecastAnswer, Forecasting, InsightsAnswer, RowsAnswer
from omnix.api.problems import problem
from omnix.api.rules import Caller, ServiceHere, rule
from omnix.api.sending import file, forms, json_bytes, tagged
from omnix.api.visit import From
from omnix.app.analytics.export import MEDIA_TYPES
from omnix.app.analytics.service import MOST_EXPORTED, PAGE, Asked, ForecastAsked
from omnix.auth.roles import Permission

router = APIRouter(prefix="/analytics", tags=["analytics"])

System = Annotated[str, Path(max_length=100, description="A system's name, or curation.")]
Names = Annotated[
    str, Query(max_length=5_000, description="Column names, separated by commas; all by default.")
]


@router.get(
    "/{system}/query",
    response_model=RowsAnswer,
    **forms(rule("tables:read"), *MEDIA_TYPES.values()),
)
def query(
    service: ServiceHere,
    caller: Caller,
    origin: From,
    system: System,
    table: Annotated[str, Query(max_length=200, description="A table of the system.")],
    columns: Names = "",
    filters: Annotated[
        str,
        Query(
            max_length=20_000,
            description='JSON: {"column": value} or {"column": {"ge": value}}; '
            "eq, ne, lt, le, gt, ge, in, like, is_null. All must hold.",
        ),
    ] = "",
    order: Annotated[
        str, Query(max_length=5_000, description='Column names, "-" before one for descending.')
    ] = "",
    limit: Annotated[
        int | None,
        Query(ge=1, le=MOST_EXPORTED, description="100 by default and at most 1,000 as JSON."),
    ] = None,
    cursor: Annotated[str, Query(max_length=500, description="`next_cursor` of a page.")] = "",
    version: Annotated[
        int | None, Query(ge=0, le=2**53, description="An older version of the table.")
    ] = None,
    form: Annotated[Literal["json", "csv", "arrow", "parquet"], Query(alias="format")] = "json",
) -> Response:
    """Rows of a published table. Pages of one cursor come from one version of it.

    As csv, arrow or parquet all rows come in one file (permission `tables:export`).
    """
    asked = Asked(
        system, table, _listed(columns), filters, _listed(order),
        limit or (PAGE if form == "json" else MOST_EXPORTED), cursor, version,
        Permission.TABLES_PERSONAL in caller.permissions,
    )  # fmt: skip
    if form == "json":
        content = service.analytics.query(asked)
        _told_personal(service, caller, origin, asked)
        return tagged(content)
    if Permission.TABLES_EXPORT not in caller.permissions:
        raise problem(403, "This needs the permission tables:export.", "Ask for format=json.")
    made = service.analytics.export(asked, form)
    service.accounts.audit.record(
        "table.exported", actor_id=caller.user_id, object=asked.table, origin=origin,
        detail={"format": form, "rows": made.rows, "personal": service.analytics.is_personal(asked)},
    )  # fmt: skip
    return file(made)


def _listed(text: str) -> tuple[str, ...]:
    return tuple(each.strip() for each in text.split(",")) if text.strip() else ()


def _told_personal(service: ServiceHere, caller: Caller, origin: From, asked: Asked) -> None:
    if service.analytics.is_personal(asked):
        service.accounts.audit.record(
            "personal.read", actor_id=caller.user_id, object=asked.table, origin=origin
        )


@router.get("/{system}/insights", response_model=InsightsAnswer, **rule("tables:read", cached=True))
def insights(
    service: ServiceHere,
    system: System,
    kind: Annotated[Literal["summary", "trends", "anomalies"], Query(alias="type")] = "summary",
    period: Literal["day", "week", "month", "year"] = "month",
) -> Response:
    """The last whole period in numbers, the course over time, or unusual days with reasons."""
    return json_bytes(service.analytics.insights(system, kind, period))


@router.post("/{system}/forecast", response_model=ForecastAnswer, **rule("tables:read", costs=5))
def forecast(service: ServiceHere, system: System, body: Forecasting) -> Response:
    """A metric's next days, weeks or months with calibrated intervals; says which model made it."""
    asked = ForecastAsked(system, body.metric, body.horizon, body.granularity, body.filters)
    return json_bytes(service.analytics.forecast(asked))
