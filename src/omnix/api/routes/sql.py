"""SQL of people: one SELECT over what the caller's role may see, run apart from the service."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import orjson
from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import Field

from omnix.api.models import Answer, Body, Provenance
from omnix.api.problems import problem
from omnix.api.rules import Caller, ServiceHere, rule
from omnix.api.sending import forms
from omnix.api.visit import From
from omnix.auth.roles import Permission
from omnix.core.errors import OmnixError

if TYPE_CHECKING:
    from omnix.app.untrusted_sql import Result

router = APIRouter(prefix="/sql", tags=["sql"])

_MEDIA_TYPES = {
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "arrow": "application/vnd.apache.arrow.stream",
}


class SqlQuery(Body):
    """A query."""

    sql: str = Field(min_length=1, description="One SELECT; WITH is allowed, parameters are not.")
    limit: int | None = Field(
        default=None, ge=1, le=1_000_000, description="Rows; at most the setting sql.rows."
    )
    format: Literal["json", "csv", "arrow"] = Field(default="json", description="Form of the rows.")


class SqlColumn(Answer):
    """A column of an answer."""

    name: str
    type: str = Field(description="The contracts' word (int64, string …) or DuckDB's own.")


class SqlAnswer(Answer):
    """The answer to a query asked for as JSON."""

    columns: list[SqlColumn]
    rows: list[list[Any]] = Field(description="One array for each row.")
    row_count: int
    truncated: bool = Field(description="Whether there were more rows or bytes than are given.")
    elapsed_ms: float = Field(description="From reading the query to the last row.")
    provenance: list[Provenance]


class SchemaColumn(Answer):
    """A column that a query may read."""

    name: str
    type: str
    about: str


class SchemaTable(Answer):
    """A table that a query may read."""

    name: str
    schema_name: str = Field(alias="schema", description="Where it stands: curated.orders.")
    system: str
    about: str
    built: bool = Field(description="Whether there is a version to read.")
    columns: list[SchemaColumn]


class SchemaLimits(Answer):
    """What one query may take."""

    seconds: float
    rows: int
    bytes: int
    memory_mb: int
    text_bytes: int


class SqlSchema(Answer):
    """All that a query may name."""

    tables: list[SchemaTable]
    limits: SchemaLimits
    functions: list[str]


@router.post(
    "",
    response_model=SqlAnswer,
    **forms(rule("sql:run", costs=5), _MEDIA_TYPES["csv"], _MEDIA_TYPES["arrow"]),
)
def run(query: SqlQuery, caller: Caller, origin: From, service: ServiceHere) -> Response:
    """Answer one SELECT over the tables and columns that the caller's role sees.

    It runs in a process of its own without network, with limits of time, memory, rows and bytes;
    where rows or bytes do not fit, `truncated` is true. As csv or arrow: with `tables:export`.
    """
    if query.format != "json" and Permission.TABLES_EXPORT not in caller.permissions:
        raise problem(403, "This needs the permission tables:export.", "Ask for format=json.")
    try:
        result = service.sql.run(
            query.sql,
            caller.permissions,
            who=caller.user_id,
            limit=query.limit,
            format=query.format,
        )
    except OmnixError as error:
        _note(service, caller, origin, query.sql, "failure", {"error": type(error).__name__})
        raise
    facts = {"tables": list(result.tables), "rows": result.row_count}
    _note(service, caller, origin, query.sql, "success", facts)
    if query.format == "json":
        return Response(_body(result), media_type=_MEDIA_TYPES["json"])
    return Response(result.data, headers=_headers(result), media_type=_MEDIA_TYPES[query.format])


@router.get("/schema", **rule("sql:run"))
def schema(caller: Caller, service: ServiceHere) -> SqlSchema:
    """The tables and columns that the caller's role sees, the limits, and every function."""
    return SqlSchema.model_validate(service.sql.schema(caller.permissions))


def _note(
    service: Any, caller: Any, origin: Any, sql: str, outcome: str, facts: dict[str, Any]
) -> None:
    """A line in the audit log: which text it was, never the text, which may hold values."""
    from omnix.app.untrusted_sql import text_hash

    service.accounts.audit.record(
        "sql.run",
        actor_id=caller.user_id,
        object=text_hash(sql),
        outcome=outcome,
        origin=origin,
        detail=facts,
    )


def _body(result: Result) -> bytes:
    """The answer around the rows, which are passed on as the worker wrote them."""
    head = orjson.dumps({"columns": [{"name": n, "type": t} for n, t in result.columns]})
    tail = orjson.dumps(
        {
            "row_count": result.row_count,
            "truncated": result.truncated,
            "elapsed_ms": result.elapsed_ms,
            "provenance": result.provenance,
        }
    )
    return b"".join([head[:-1], b',"rows":', result.data, b",", tail[1:]])


def _headers(result: Result) -> dict[str, str]:
    """What a file of rows has no room for."""
    read = (f"{each['table']}@{each['version']}" for each in result.provenance)
    return {
        "X-Omnix-Rows": str(result.row_count),
        "X-Omnix-Truncated": str(result.truncated).lower(),
        "X-Omnix-Provenance": ",".join(read),
        "Content-Disposition": "attachment",
    }
