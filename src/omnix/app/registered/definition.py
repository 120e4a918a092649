"""What a registered system says of itself, held against what a name and a text may be."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from omnix.core.errors import ContractError

#: Names as files, tables and addresses bear them alike.
NAME = re.compile(r"[a-z][a-z0-9_]{0,47}")

MOST_TABLES, MOST_CHECKS, MOST_COLUMNS = 50, 50, 300
MOST_SQL, MOST_TEXT = 20_000, 2_000


@dataclass(frozen=True)
class TableDefinition:
    """One table: what one row is, the SELECT that builds it, its key, rules and meanings."""

    name: str
    description: str
    sql: str
    key: tuple[str, ...]
    checks: Mapping[str, str] = field(default_factory=dict)
    columns: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class SystemDefinition:
    """A system: its tables, its name for programs and its title for people."""

    name: str
    description: str
    tables: tuple[TableDefinition, ...]
    title: str = ""
    enabled: bool = True

    @property
    def shown(self) -> str:
        """The title; made of the name unless given."""
        return self.title or self.name.replace("_", " ").capitalize()


def system_of(given: Mapping[str, Any]) -> SystemDefinition:
    """The definition that a file or a request holds.

    Raises:
        ContractError: something is missing, unknown, too long or of a wrong type; names it.

    """
    _refuse_unknown("A system", given, {"name", "title", "description", "enabled", "tables"})
    name = _name(given.get("name"), "The system")
    tables = given.get("tables")
    if not isinstance(tables, list) or not tables:
        raise ContractError(f"The system {name} has no tables.", "Give it one or more.")
    if len(tables) > MOST_TABLES:
        raise ContractError(
            f"The system {name} has {len(tables)} tables.", f"Give it {MOST_TABLES} at most."
        )
    enabled = given.get("enabled", True)
    if not isinstance(enabled, bool):
        raise ContractError(f"{name}: enabled is {enabled!r}.", "Say true or false.")
    found = tuple(table_of(name, each) for each in tables)
    names = [each.name for each in found]
    if twice := [each for each in names if names.count(each) > 1]:
        raise ContractError(f"{name} declares the table {twice[0]!r} twice.", "Rename one.")
    return SystemDefinition(
        name,
        _text(given.get("description", ""), f"{name}: its description"),
        found,
        _text(given.get("title", ""), f"{name}: its title"),
        enabled,
    )


def table_of(system: str, given: Any) -> TableDefinition:
    """One table of a definition.

    Raises:
        ContractError: as `system_of`.

    """
    if not isinstance(given, Mapping):
        raise ContractError(f"A table of {system} is {given!r}.", "Give name, description, sql.")
    allowed = {"name", "description", "sql", "key", "checks", "columns"}
    _refuse_unknown(f"A table of {system}", given, allowed)
    name = _name(given.get("name"), f"A table of {system}")
    about = _text(given.get("description", ""), f"{name}: its description")
    if not about.startswith("One row per "):
        raise ContractError(
            f"{name}: nobody knows what one row is.", 'Begin its description with "One row per …".'
        )
    return TableDefinition(
        name,
        about,
        _sql(given.get("sql"), name),
        _key(given.get("key"), name),
        _texts(given.get("checks", {}), f"{name}: its checks", MOST_CHECKS),
        _texts(given.get("columns", {}), f"{name}: the meanings of its columns", MOST_COLUMNS),
    )


def _refuse_unknown(what: str, given: Mapping[str, Any], known: set[str]) -> None:
    if unknown := [str(name) for name in given if name not in known]:
        raise ContractError(
            f"{what} says {unknown[0][:80]!r}, which means nothing.",
            f"It may say {', '.join(sorted(known))}.",
        )


def _name(given: Any, what: str) -> str:
    if not isinstance(given, str) or not NAME.fullmatch(given):
        shown = repr(given)[:80]
        raise ContractError(
            f"{what} is called {shown}.",
            "A name is a small letter, then small letters, digits and underscores: 48 at most.",
        )
    return given


def _text(given: Any, what: str, most: int = MOST_TEXT) -> str:
    if not isinstance(given, str):
        raise ContractError(f"{what} is {given!r:.80}.", "Give a text.")
    text = given.strip()
    if len(text) > most:
        raise ContractError(f"{what} has {len(text):,} characters.", f"Give {most:,} at most.")
    if bad := [each for each in text if _unprintable(each)]:
        raise ContractError(f"{what} holds the character {bad[0]!r}.", "Leave it out.")
    return text


def _unprintable(character: str) -> bool:
    """Control characters, lone surrogates and what turns the direction of text around."""
    code = ord(character)
    control = (code < 32 and character not in "\t\n\r") or 0x7F <= code <= 0x9F
    return (
        control or 0xD800 <= code <= 0xDFFF or 0x202A <= code <= 0x202E or 0x2066 <= code <= 0x2069
    )


def _sql(given: Any, table: str) -> str:
    text = _text(given, f"{table}: its SQL", MOST_SQL).replace("\r\n", "\n").replace("\r", "\n")
    text = text.rstrip(";").rstrip()
    if not text:
        raise ContractError(f"{table} has no SQL.", "Give the SELECT that builds it.")
    return text


def _key(given: Any, table: str) -> tuple[str, ...]:
    if not isinstance(given, list) or not all(isinstance(each, str) for each in given):
        raise ContractError(f"{table}: its key is {given!r:.80}.", "Give the names of columns.")
    if not given or len(set(given)) < len(given):
        raise ContractError(
            f"{table}: its key is {given!r:.80}.", "Name the columns that tell its rows apart."
        )
    return tuple(given)


def _texts(given: Any, what: str, most: int) -> dict[str, str]:
    if not isinstance(given, Mapping):
        raise ContractError(f"{what} are {given!r:.80}.", "Give texts by name.")
    if len(given) > most:
        raise ContractError(f"{what} are {len(given)}.", f"Give {most} at most.")
    return {_text(name, what): _text(text, f"{what}: {name!r:.80}") for name, text in given.items()}
