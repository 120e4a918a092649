"""What there is: systems, tables, columns, lineage."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from omnix.api.catalog_models import CatalogAnswer, LineageAnswer, PreviewAnswer, TableDetailAnswer
from omnix.api.rules import Caller, ServiceHere, rule
from omnix.api.sending import json_bytes
from omnix.api.visit import From
from omnix.auth.roles import Permission

router = APIRouter(tags=["catalog"])

Table = Annotated[str, Path(max_length=200, description="A table's name.")]


@router.get("/catalog", response_model=CatalogAnswer, **rule("tables:read", cached=True))
def catalog(service: ServiceHere) -> Response:
    """Every system and table, with rows, version, freshness, quality and health."""
    return json_bytes(service.analytics.catalog_listing())


@router.get(
    "/catalog/{table}", response_model=TableDetailAnswer, **rule("tables:read", cached=True)
)
def table(service: ServiceHere, caller: Caller, table: Table) -> Response:
    """One table in full: columns with meaning and lineage, checks, SQL, versions."""
    personal = Permission.TABLES_PERSONAL in caller.permissions
    return json_bytes(service.analytics.catalog_table(table, personal=personal))


@router.get("/catalog/{table}/preview", response_model=PreviewAnswer, **rule("tables:read"))
def preview(
    service: ServiceHere,
    caller: Caller,
    origin: From,
    table: Table,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
) -> Response:
    """The first rows of a table by its key."""
    personal = Permission.TABLES_PERSONAL in caller.permissions
    content, shown = service.analytics.preview(table, limit, personal=personal)
    if shown:
        service.accounts.audit.record(
            "personal.read", actor_id=caller.user_id, object=table, origin=origin
        )
    return json_bytes(content)


@router.get("/lineage", response_model=LineageAnswer, **rule("tables:read", cached=True))
def lineage(
    service: ServiceHere,
    table: Annotated[str | None, Query(max_length=200, description="Only what touches it.")] = None,
) -> Response:
    """The picture: tables and what flows between them."""
    return json_bytes(service.analytics.lineage(table))
