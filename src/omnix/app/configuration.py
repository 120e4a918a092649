"""The settings as an administrator sees and changes them: a reviewed list, never a secret."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, SecretStr

from omnix.app.locking import exclusive
from omnix.core.errors import SettingsError, nearest
from omnix.core.settings import Settings, save

if TYPE_CHECKING:
    from omnix.app.app import App

Origin = Literal["environment", "file", "default"]
Applies = Literal["next run", "restart"]

#: What may be changed from the dashboard, when it takes effect, and the most that is sensible.
#: Reviewed: nothing here leads to another lake, source, key, address or mailbox.
CHANGEABLE: Mapping[str, tuple[Applies, float | None]] = {
    "currency": ("next run", None),
    "timezone": ("next run", None),
    "quality_line": ("next run", None),
    "quality_blocks": ("next run", None),
    "keep_versions": ("next run", 10_000),
    "threads": ("next run", 256),
    "workers": ("next run", 64),
    "memory_limit": ("next run", None),
    "lock_wait": ("next run", 86_400),
    "service.registration": ("restart", None),
    "sql.seconds": ("restart", None),
    "sql.rows": ("restart", 1_000_000),
}

#: What is shown beside those; of all other settings only whether they are set.
_SHOWN = frozenset(
    {
        "auth.access_minutes", "auth.refresh_days", "auth.reset_minutes", "service.port",
        "service.requests_per_minute", "service.body_bytes", "service.open_metrics",
        "source.kind", "sql.workers", "sql.bytes", "sql.memory_mb",
    }
)  # fmt: skip


@dataclass(frozen=True)
class SettingState:
    """One setting as it stands.

    `value` and `default` are None where they are not shown; `is_set` says whether file or
    environment give it. `overridden_by` is the variable that wins over whatever the file says;
    `pending`: the file says something else than the service works with, until `applies`.
    """

    name: str
    about: str
    type: str
    value: str | int | float | bool | None
    default: str | int | float | bool | None
    origin: Origin
    is_set: bool
    secret: bool
    changeable: bool
    applies: Applies | None
    pending: bool
    overridden_by: str | None
    minimum: float | None = None
    maximum: float | None = None
    pattern: str | None = None
    choices: tuple[str, ...] = ()


def settings_of(app: App) -> tuple[SettingState, ...]:
    """Every setting of the home, as its file and the environment give it now.

    Raises:
        SettingsError: the file does not hold together any more.

    """
    now = Settings.load(app.settings.home)
    written = _written(now)
    return tuple(_state(name, app.settings, now, written) for name in _names(Settings))


def change_settings(app: App, changes: Mapping[str, Any]) -> tuple[SettingState, ...]:
    """Write new values into the home's file and give every setting as it then stands.

    Raises:
        SettingsError: a name is unknown or not to be changed here, or a value is wrong; nothing
            is written.

    """
    for name, value in changes.items():
        _refuse(name, value)
    with exclusive(app.settings.home / "omnix.toml.lock"):
        written = _written(app.settings)
        values: dict[str, Any] = {}
        for name, value in changes.items():
            section, _, key = name.rpartition(".")
            if section:
                held = values.setdefault(section, dict(written.get(section, {})))
                held[key] = value
            else:
                values[name] = value
        if values:
            save(app.settings.home, values)
    return settings_of(app)


def _refuse(name: str, value: Any) -> None:
    known = _names(Settings)
    if name not in known:
        raise SettingsError(
            f"There is no setting {name[:80]!r}.",
            f"{nearest(name, known)}GET /api/v1/settings lists them.",
        )
    if name not in CHANGEABLE:
        raise SettingsError(
            f"The setting {name} is not changed from here.",
            "Whoever runs the service changes it in omnix.toml.",
        )
    if not isinstance(value, (str, int, float, bool)):
        raise SettingsError(f"{name} is {type(value).__name__}.", "Give one plain value.")
    if isinstance(value, bool) != (_schema(name).get("type") == "boolean"):
        raise SettingsError(f"{name} is {value!r}.", f"It is a {_schema(name).get('type')}.")
    most = CHANGEABLE[name][1]
    if most is not None and isinstance(value, (int, float)) and value > most:
        raise SettingsError(f"{name} is {value!r}.", f"Give {most:,.0f} at most.")


def _names(model: type[BaseModel], above: str = "") -> list[str]:
    own, below = [], []
    for name, info in model.model_fields.items():
        kind = info.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            below += _names(kind, f"{name}.")
        else:
            own.append(above + name)
    return own + below


def _state(name: str, running: Settings, now: Settings, written: Mapping[str, Any]) -> SettingState:
    schema, variable = _schema(name), _variable(name)
    value, default = _value(now, name), _default(name)
    secret = isinstance(value, SecretStr) or schema.get("format") == "password"
    shown = not secret and (name in CHANGEABLE or name in _SHOWN)
    applies, most = CHANGEABLE.get(name, (None, None))
    in_file = _within(written, name) is not None
    return SettingState(
        name=name,
        about=str(schema.get("description", "")),
        type=str(schema.get("type", "string")),
        value=value if shown else None,
        default=default if shown else None,
        origin="environment" if variable else "file" if in_file else "default",
        is_set=bool(variable) or in_file,
        secret=secret,
        changeable=name in CHANGEABLE,
        applies=applies,
        pending=shown and applies == "restart" and _value(running, name) != value,
        overridden_by=variable,
        minimum=schema.get("minimum"),
        maximum=schema.get("maximum", most),
        pattern=schema.get("pattern"),
        choices=tuple(schema.get("enum", ())),
    )


def _schema(name: str) -> Mapping[str, Any]:
    """What JSON Schema says of a setting."""
    whole = _whole_schema()
    section, _, key = name.rpartition(".")
    if not section:
        return dict(whole["properties"][name])
    place = whole["properties"][section]
    reference = place.get("$ref") or place["allOf"][0]["$ref"]
    return dict(whole["$defs"][reference.rpartition("/")[2]]["properties"][key])


@cache
def _whole_schema() -> dict[str, Any]:
    return Settings.model_json_schema()


def _value(settings: Settings, name: str) -> Any:
    found: Any = settings
    for part in name.split("."):
        found = getattr(found, part)
    return found


def _default(name: str) -> Any:
    model: type[BaseModel] = Settings
    *sections, key = name.split(".")
    for section in sections:
        kind = model.model_fields[section].annotation
        assert isinstance(kind, type)  # noqa: S101 - `_names` has looked
        model = kind
    info = model.model_fields[key]
    if name in {"lake", "key_file"}:  # made of the home, and not shown
        return None
    return info.get_default(call_default_factory=True, validated_data={})


def _variable(name: str) -> str | None:
    """The variable of the environment that gives a setting, on its own or with its section."""
    section = name.partition(".")[0]
    wanted = {f"OMNIX_{name.replace('.', '_')}".upper(), f"OMNIX_{section}".upper()}
    found = [each for each in os.environ if each.upper() in wanted and os.environ[each]]
    return found[0] if found else None


def _written(settings: Settings) -> dict[str, Any]:
    """What the home's file holds."""
    try:
        return tomllib.loads(settings.file.read_text("utf-8"))
    except FileNotFoundError:
        return {}


def _within(written: Mapping[str, Any], name: str) -> Any:
    found: Any = written
    for part in name.split("."):
        found = found.get(part) if isinstance(found, Mapping) else None
    return found
