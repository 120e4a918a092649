"""The words of the settings: where a value stood, what is wrong with it, the file's text."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from pydantic import BaseModel, SecretStr

from omnix.core.errors import SettingsError, nearest

if TYPE_CHECKING:
    from pydantic import ValidationError
    from pydantic.fields import FieldInfo

PREFIX = "OMNIX_"


class Setting(NamedTuple):
    """One setting as the documentation shows it."""

    name: str
    variable: str
    default: str
    about: str
    secret: bool


def describe(model: type[BaseModel], above: str = "") -> list[Setting]:
    """Every setting of `model`, those of its sections after its own as "section.name"."""
    own, below = [], []
    for name, info in model.model_fields.items():
        section = _section(info)
        if section:
            below += describe(section, f"{name}.")
            continue
        variable = PREFIX + (above + name).replace(".", "_").upper()
        secret = "SecretStr" in str(info.annotation)
        own.append(Setting(above + name, variable, _shown(info), info.description or "", secret))
    return own + below


def refuse_unknown_environment(model: type[BaseModel]) -> None:
    """Refuse an `OMNIX_…` variable that sets nothing, so that no typing error stays unseen."""
    known = {setting.variable for setting in describe(model)}
    known |= {PREFIX + name.upper() for name, info in model.model_fields.items() if _section(info)}
    for variable in os.environ:
        if variable.upper().startswith(PREFIX) and variable.upper() not in known:
            raise SettingsError(
                f"The environment sets {variable}, which is no setting.",
                f"{nearest(variable.upper(), known)}Unset it, or see docs/settings.md.",
            )


def origins(given: Mapping[str, Any], file: Path) -> dict[str, str]:
    """Where each setting that is set stands, by its name; the strongest place wins."""
    places = dict(_lines(file))
    for variable in os.environ:
        if variable.upper().startswith(PREFIX) and os.environ[variable]:
            name = variable.upper().removeprefix(PREFIX).lower()
            for full in (name, name.replace("_", ".", 1)):
                places[full] = f"from the environment variable {variable}"
    return {**places, **dict.fromkeys(_leaves(given), "as the command gives it")}


def explain(
    error: ValidationError, model: type[BaseModel], places: Mapping[str, str]
) -> tuple[str, str]:
    """All that is wrong, one sentence a setting, and what to do about it."""
    known = {setting.name: setting for setting in describe(model)}
    sentences, steps = [], []
    for fault in error.errors():
        name = ".".join(str(part) for part in fault["loc"])
        place = places.get(name) or places.get(f"{name}.location") or places.get(name.split(".")[0])
        where = f" ({place})" if place else ""
        if fault["type"] == "extra_forbidden":
            sentences.append(f"There is no setting {name!r}{where}.")
            steps.append(f"{nearest(name, known)}docs/settings.md lists them all.")
            continue
        sentences.append(_sentence(name, known.get(name), fault["input"], where, fault["msg"]))
        steps.append(f"{name}: {known[name].about}" if name in known else "")
    return " ".join(sentences), " ".join(dict.fromkeys(filter(None, steps)))


def toml_text(model: type[BaseModel], values: Mapping[str, Any]) -> str:
    """The settings file: every setting with its meaning, those not in `values` commented out."""
    lines = ["# The settings of omnix. OMNIX_* in the environment wins over this file."]
    section = ""
    for setting in describe(model):
        head, _, key = setting.name.rpartition(".")
        if key == "home":
            continue
        if head != section:
            section = head
            lines += ["", f"[{section}]"]
        holder = values.get(section, {}) if section else values
        lines += ["", f"# {setting.about}"]
        lines.append(
            f"{key} = {_toml(holder[key])}" if key in holder else f"# {key} = {setting.default}"
        )
    return "\n".join(lines) + "\n"


def _section(info: FieldInfo) -> type[BaseModel] | None:
    kind = info.annotation
    return kind if isinstance(kind, type) and issubclass(kind, BaseModel) else None


def _shown(info: FieldInfo) -> str:
    if info.default_factory is not None:
        return '"…"'
    return "…" if info.default is None else _toml(info.default)


def _toml(value: Any) -> str:
    """`value` as TOML; a JSON string is also a TOML string. Secrets are given in plain."""
    if isinstance(value, SecretStr):
        value = value.get_secret_value()
    if isinstance(value, (bool, int, float)):
        return json.dumps(value)
    return json.dumps(str(value), ensure_ascii=False).replace("\x7f", "\\u007f")


def _lines(file: Path) -> Iterator[tuple[str, str]]:
    section = ""
    try:
        text = file.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        return
    for number, line in enumerate(text.splitlines(), start=1):
        if header := re.match(r"\s*\[([\w.-]+)\]", line):
            section = header[1] + "."
            yield header[1], f"in {file}, line {number}"
        elif key := re.match(r"\s*([\w.-]+)\s*=", line):
            yield section + key[1], f"in {file}, line {number}"


def _leaves(given: Mapping[str, Any], above: str = "") -> Iterator[str]:
    for name, value in given.items():
        yield above + name
        if isinstance(value, Mapping):
            yield from _leaves(value, f"{name}.")


def _sentence(name: str, setting: Setting | None, value: Any, where: str, message: str) -> str:
    wanted = message.removeprefix("Value error, ").replace("Input should", "it should")
    wanted = wanted if wanted.endswith("?") else wanted + "."
    if isinstance(value, (Mapping, BaseModel)):
        return f"The settings of {name}{where} do not fit together: {wanted}"
    hidden = (setting and setting.secret) or isinstance(value, SecretStr)
    shown = "(hidden)" if hidden else re.sub(r"://([^/@:]*):[^@]*@", r"://\1:…@", repr(value))
    return f"The setting {name} is {shown}{where}: {wanted}"
