"""New systems without code: tables declared by SQL, planned, registered, switched on and off."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Path, Response
from pydantic import Field, StrictBool

from omnix.api.models import Answer, Body
from omnix.api.rules import Caller, ServiceHere, rule
from omnix.api.visit import From
from omnix.app.registered.systems import System, Systems

router = APIRouter(prefix="/admin/systems", tags=["admin"])

SystemName = Annotated[str, Path(max_length=80)]
Text = Annotated[str, Field(max_length=2_000)]


class TableBody(Body):
    """One table: what one row is, the SELECT that builds it, its key, rules and meanings."""

    name: str = Field(max_length=80, examples=["loyal_customers"])
    description: Text = Field(examples=["One row per customer with two orders or more."])
    sql: str = Field(
        max_length=20_000,
        description="One SELECT over curated and analytics tables; $as_of is the run's cut.",
    )
    key: list[Annotated[str, Field(max_length=80)]] = Field(
        min_length=1, max_length=50, description="Columns that tell its rows apart."
    )
    checks: dict[Text, Text] = Field(
        default_factory=dict, max_length=50, description="A rule in words to a SQL condition."
    )
    columns: dict[str, Text] = Field(
        default_factory=dict, max_length=300, description="What columns mean."
    )


class SystemBody(Body):
    """A system of tables."""

    name: str = Field(max_length=80, examples=["loyalty"])
    title: Text = Field(default="", description="Its name for people; made of `name` unless given.")
    description: Text = ""
    tables: list[TableBody] = Field(min_length=1, max_length=50)


class SwitchBody(Body):
    """Switch a system on or off."""

    enabled: StrictBool


class LineageAnswer(Answer):
    """A column that another one is computed from; an empty column: the whole table."""

    table: str
    column: str


class PlannedColumnAnswer(Answer):
    """A column as it is or would be."""

    name: str
    type: str
    about: str
    nullable: bool
    person: str | None = Field(description="id or detail: what it tells of a person.")
    lineage: list[LineageAnswer]


class PlannedTableAnswer(Answer):
    """A table as it is or would be built; or why it cannot be (`error`) and what to do (`step`)."""

    name: str
    description: str
    sql: str
    key: list[str]
    checks: dict[str, str]
    inputs: list[str]
    columns: list[PlannedColumnAnswer]
    error: str | None
    step: str | None


class SystemAnswer(Answer):
    """A registered system; `ok`: all of its tables can be built."""

    name: str
    title: str
    description: str
    enabled: bool
    ok: bool
    error: str | None
    tables: list[PlannedTableAnswer]


class SystemsAnswer(Answer):
    """Every registered system."""

    data: list[SystemAnswer]
    next_cursor: None = None


@router.get("", **rule("systems:read"))
def systems(service: ServiceHere) -> SystemsAnswer:
    """Every registered system, disabled and broken ones too."""
    return SystemsAnswer(data=[_told(each) for each in Systems(service.app).list()])


@router.post("", status_code=201, **rule("systems:manage"))
def register_system(
    body: SystemBody, caller: Caller, service: ServiceHere, origin: From
) -> SystemAnswer:
    """Register a system; its tables are built in the next run. Bad SQL is refused with the reason."""
    made = Systems(service.app).register(body.model_dump())
    _record(service, "system.registered", made.name, caller, origin)
    return _told(made)


@router.post("/plan", **rule("systems:manage", costs=10))
def plan_system(body: SystemBody, service: ServiceHere) -> SystemAnswer:
    """What a definition would give, table by table, or what is wrong with it; nothing is kept."""
    return _told(Systems(service.app).plan(body.model_dump()))


@router.get("/{name}", **rule("systems:read"))
def system(name: SystemName, service: ServiceHere) -> SystemAnswer:
    """One registered system."""
    return _told(Systems(service.app).get(name))


@router.put("/{name}", **rule("systems:manage"))
def change_system(
    name: SystemName, body: SystemBody, caller: Caller, service: ServiceHere, origin: From
) -> SystemAnswer:
    """Replace a system's definition; tables that changed are built again in the next run."""
    made = Systems(service.app).change(name, body.model_dump())
    _record(service, "system.changed", name, caller, origin)
    return _told(made)


@router.patch("/{name}", **rule("systems:manage"))
def switch_system(
    name: SystemName, body: SwitchBody, caller: Caller, service: ServiceHere, origin: From
) -> SystemAnswer:
    """Switch a system on or off. Off: its tables are neither built nor shown; versions stay."""
    made = Systems(service.app).set_enabled(name, body.enabled)
    _record(service, "system.enabled" if body.enabled else "system.disabled", name, caller, origin)
    return _told(made)


@router.delete("/{name}", status_code=204, **rule("systems:manage"))
def remove_system(name: SystemName, caller: Caller, service: ServiceHere, origin: From) -> Response:
    """Forget a system's declaration; what was built of it stays in the lake."""
    Systems(service.app).remove(name)
    _record(service, "system.removed", name, caller, origin)
    return Response(status_code=204)


def _told(found: System) -> SystemAnswer:
    plain = asdict(found)
    for table in plain["tables"]:
        for column in table["columns"]:
            pairs = column["lineage"]
            column["lineage"] = [{"table": name, "column": each} for name, each in pairs]
    return SystemAnswer.model_validate(plain)


def _record(service: Any, action: str, name: str, caller: Caller, origin: From) -> None:
    service.accounts.audit.record(action, actor_id=caller.user_id, object=name, origin=origin)
