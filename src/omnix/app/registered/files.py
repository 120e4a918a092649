"""`<home>/systems/<name>.toml`: one readable file for each registered system."""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass
from pathlib import Path

from omnix.app.registered.definition import SystemDefinition, TableDefinition, system_of
from omnix.core.errors import ContractError, OmnixError
from omnix.core.private_files import write_over

_HEAD = (
    "# A system of tables, declared by SQL. `omnix run` builds them; docs/service.md says how to\n"
    "# write one. Change it here, or by /api/v1/admin/systems.\n"
)


@dataclass(frozen=True)
class Declared:
    """What one file declares; or why it cannot be read."""

    name: str
    system: SystemDefinition | None
    error: OmnixError | None = None


def read_all(folder: Path) -> list[Declared]:
    """What every file of the folder declares, by name; a bad one takes down nothing else."""
    return [_read(path) for path in sorted(folder.glob("*.toml"))] if folder.is_dir() else []


def write(folder: Path, system: SystemDefinition) -> Path:
    """Write the system's file, replacing the one that is there in one step.

    Raises:
        ContractError: the folder cannot be written.

    """
    path = folder / f"{system.name}.toml"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_over(path, as_text(system).encode())
    except OSError as error:
        raise ContractError(
            f"The systems folder {folder} cannot be written: {error.strerror}.",
            "Give yourself the right to write there.",
        ) from None
    return path


def as_text(system: SystemDefinition) -> str:
    """The system as TOML."""
    lines = [
        _HEAD,
        f"name = {_string(system.name)}",
        f"title = {_string(system.shown)}",
        f"description = {_string(system.description)}",
        f"enabled = {json.dumps(system.enabled)}",
    ]
    for table in system.tables:
        lines += _table(table)
    return "\n".join(lines) + "\n"


def _table(table: TableDefinition) -> list[str]:
    key = ", ".join(_string(each) for each in table.key)
    lines = [
        "",
        "[[tables]]",
        f"name = {_string(table.name)}",
        f"description = {_string(table.description)}",
        f"key = [{key}]",
        f"sql = {_block(table.sql)}",
    ]
    for title, texts in (("checks", table.checks), ("columns", table.columns)):
        if texts:
            lines += ["", f"[tables.{title}]"]
            lines += [f"{_string(name)} = {_string(text)}" for name, text in texts.items()]
    return lines


def _string(text: str) -> str:
    """A JSON string is also a string of TOML, but for DEL."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _block(sql: str) -> str:
    """Several lines as they are, where TOML has a way to say so."""
    if "\n" not in sql:
        return _string(sql)
    return _string(sql) if "'''" in sql or sql.endswith("'") else f"'''\n{sql}\n'''"


def _read(path: Path) -> Declared:
    name = path.stem
    try:
        given = tomllib.loads(path.read_text("utf-8"))
        system = system_of(given)
        if system.name != name:
            raise ContractError(
                f"{path.name} declares the system {system.name!r}.", f"Call it {system.name}.toml."
            )
    except tomllib.TOMLDecodeError as error:
        told = ContractError(f"systems/{path.name} is not TOML: {error}.", "Correct that line.")
        return Declared(name, None, told)
    except (OSError, UnicodeDecodeError) as error:
        told = ContractError(f"systems/{path.name} cannot be read: {error}.", "Make it readable.")
        return Declared(name, None, told)
    except OmnixError as error:
        return Declared(name, None, error)
    return Declared(name, system)
