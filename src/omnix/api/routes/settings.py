"""The settings: what they are and mean, and changing those that may be changed from here."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter
from pydantic import ConfigDict, Field, RootModel, StrictBool, StrictFloat, StrictInt, StrictStr

from omnix.api.models import Answer
from omnix.api.rules import Caller, ServiceHere, rule
from omnix.api.visit import From
from omnix.app.configuration import SettingState, change_settings, settings_of

router = APIRouter(prefix="/settings", tags=["settings"])

Plain = StrictBool | StrictInt | StrictFloat | Annotated[StrictStr, Field(max_length=500)]


class ChangedSettings(RootModel[dict[Annotated[str, Field(max_length=80)], Plain]]):
    """New values by the settings' names."""

    model_config = ConfigDict(json_schema_extra={"example": {"currency": "EUR", "workers": 4}})


class SettingAnswer(Answer):
    """One setting. `value` and `default` are null where they are not shown."""

    name: str
    about: str
    type: str
    value: str | int | float | bool | None
    default: str | int | float | bool | None
    origin: Literal["environment", "file", "default"]
    is_set: bool = Field(description="Whether file or environment give it.")
    secret: bool
    changeable: bool = Field(description="Whether PATCH takes it.")
    applies: Literal["next run", "restart"] | None = Field(description="When a change counts.")
    pending: bool = Field(description="Changed, but the service must be restarted.")
    overridden_by: str | None = Field(description="The variable that wins over the file.")
    minimum: float | None
    maximum: float | None
    pattern: str | None
    choices: list[str]


class SettingsAnswer(Answer):
    """Every setting."""

    data: list[SettingAnswer]


@router.get("", **rule("settings:read"))
def settings(service: ServiceHere) -> SettingsAnswer:
    """Every setting with its meaning, value and origin; of secrets only whether they are set."""
    return _told(settings_of(service.app))


@router.patch("", **rule("settings:write"))
def change(
    body: ChangedSettings, caller: Caller, service: ServiceHere, origin: From
) -> SettingsAnswer:
    """Change settings; all of them or, when one is refused, none."""
    found = change_settings(service.app, body.root)
    service.accounts.audit.record(
        "settings.changed", actor_id=caller.user_id, object=", ".join(sorted(body.root))[:300],
        origin=origin, detail=body.root,
    )  # fmt: skip
    return _told(found)


def _told(found: tuple[SettingState, ...]) -> SettingsAnswer:
    return SettingsAnswer(data=[SettingAnswer.model_validate(each) for each in found])
