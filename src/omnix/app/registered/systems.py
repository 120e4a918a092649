"""Registering systems: planned before they are written, listed, switched on and off."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from omnix.app.locking import exclusive
from omnix.app.registered import files
from omnix.app.registered.definition import SystemDefinition, TableDefinition, system_of
from omnix.app.registered.files import Declared
from omnix.app.registered.resolve import Resolved, refuse_taken, resolve
from omnix.core.errors import ContractError, OmnixError, UnknownTableError, nearest
from omnix.pipeline.graph import built_in

if TYPE_CHECKING:
    from omnix.app.app import App

MOST_SYSTEMS = 100


@dataclass(frozen=True)
class PlannedColumn:
    """A column as it would be: type, meaning, what it tells of a person, where it comes from."""

    name: str
    type: str
    about: str
    nullable: bool
    person: str | None
    lineage: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class PlannedTable:
    """A table as it would be built; or why it cannot be (`error`) and what to do (`step`)."""

    name: str
    description: str
    sql: str
    key: tuple[str, ...]
    checks: Mapping[str, str]
    inputs: tuple[str, ...] = ()
    columns: tuple[PlannedColumn, ...] = ()
    error: str | None = None
    step: str | None = None


@dataclass(frozen=True)
class System:
    """A registered system as it stands. `ok`: every table of it can be built."""

    name: str
    title: str
    description: str
    enabled: bool
    ok: bool
    tables: tuple[PlannedTable, ...] = ()
    error: str | None = None


class RefusedSystemError(ContractError):
    """A definition that cannot be taken; `errors` names each field."""

    def __init__(self, what: str, step: str, errors: list[dict[str, str]]) -> None:
        super().__init__(what, step)
        self.errors = errors


class UnknownSystemError(UnknownTableError):
    """There is no registered system of that name."""

    def __init__(self, name: str, known: Iterable[str]) -> None:
        super().__init__(name[:80], known, "registered system")
        self.step = f"{nearest(name, known)}GET /api/v1/admin/systems lists them all."
        self.args = (f"{self.what} {self.step}",)


class TakenError(ContractError):
    """A system that is there already, or that others build on."""

    status = 409


@dataclass(frozen=True)
class Systems:
    """The registered systems of one home."""

    app: App

    def list(self) -> tuple[System, ...]:
        """Every registered system by name, disabled and broken ones too."""
        found = self._resolved()
        return tuple(_shown(each, found) for each in found.declared.values())

    def get(self, name: str) -> System:
        """One registered system.

        Raises:
            UnknownSystemError: there is none of that name.

        """
        found = self._resolved()
        return _shown(_known(found.declared, name), found)

    def plan(self, given: Mapping[str, Any]) -> System:
        """What a definition would give, written nowhere; each table says what is wrong with it.

        A registered system of that name is taken to be replaced.

        Raises:
            ContractError: it is no definition of a system at all, or its name is omnix's own.

        """
        system = _definition(given)
        return _shown(Declared(system.name, system), self._with(system))

    def register(self, given: Mapping[str, Any]) -> System:
        """Take up a new system; its tables are built in the next run.

        Raises:
            ContractError: a table of it cannot be built; names each with the reason.
            TakenError: a system of that name is registered already.

        """
        return self._write(_definition(given), new=True)

    def change(self, name: str, given: Mapping[str, Any]) -> System:
        """Replace the definition of a registered system; changed tables are built again.

        Raises:
            ContractError: as `register`; or a table of another system could no longer be built.
            UnknownSystemError: there is none of that name.

        """
        system = _definition(given)
        if system.name != name:
            raise ContractError(
                f"The definition is called {system.name!r}, not {name!r}.",
                "A system keeps its name; register another one.",
            )
        return self._write(system, new=False)

    def set_enabled(self, name: str, enabled: bool) -> System:
        """Switch a system on or off. Off: its tables are neither built nor shown; versions stay.

        Raises:
            UnknownSystemError: there is none of that name.
            ContractError: switched on, its tables cannot be built.
            TakenError: switched off, tables of other systems could not be built.

        """
        declared = _known(self._resolved().declared, name)
        if declared.system is None:
            raise declared.error or ContractError(f"{name} cannot be read.", "Mend its file.")
        return self._write(replace(declared.system, enabled=enabled), new=False)

    def remove(self, name: str) -> None:
        """Forget a system's declaration; what was built of it stays in the lake.

        Raises:
            UnknownSystemError: there is none of that name.
            TakenError: tables of other systems read its tables.

        """
        with exclusive(self._folder / ".lock"):
            now = self._resolved()
            _known(now.declared, name)
            rest = [each for each in now.declared.values() if each.name != name]
            _refuse_harm(name, now, resolve(rest, built_in()))
            (self._folder / f"{name}.toml").unlink()

    @property
    def _folder(self) -> Path:
        return self.app.settings.home / "systems"

    def _resolved(self) -> Resolved:
        return self.app.registry.resolved()

    def _with(self, system: SystemDefinition) -> Resolved:
        """Everything that is declared, with `system` in its place."""
        others = [each for each in files.read_all(self._folder) if each.name != system.name]
        return resolve([*others, Declared(system.name, system)], built_in())

    def _write(self, system: SystemDefinition, *, new: bool) -> System:
        with exclusive(self._folder / ".lock"):
            now = self._resolved()
            if new:
                _refuse_new(system.name, now)
            else:
                _known(now.declared, system.name)
            then = self._with(system)
            _refuse_broken(system, then)
            _refuse_harm(system.name, now, then)
            files.write(self._folder, system)
        return _shown(Declared(system.name, system), then)


def _definition(given: Mapping[str, Any]) -> SystemDefinition:
    system = system_of(given)
    refuse_taken(system.name, built_in().systems(), "system")
    return system


def _known(declared: Mapping[str, Declared], name: str) -> Declared:
    if name not in declared:
        raise UnknownSystemError(name, declared)
    return declared[name]


def _refuse_new(name: str, now: Resolved) -> None:
    if name in now.declared:
        raise TakenError(
            f"The system {name!r} is registered already.",
            "Change that one, or choose another name.",
        )
    if len(now.declared) >= MOST_SYSTEMS:
        raise ContractError(
            f"{MOST_SYSTEMS} systems are registered already.", "Remove one, or join some."
        )


def _refuse_broken(system: SystemDefinition, then: Resolved) -> None:
    if not system.enabled:
        return
    wrong = [(n, e) for n, t in enumerate(system.tables) if (e := _error(system, t, then))]
    if wrong:
        errors = [{"field": f"tables.{n}", "message": str(error)} for n, error in wrong]
        raise RefusedSystemError(wrong[0][1].what, wrong[0][1].step, errors)


def _refuse_harm(name: str, now: Resolved, then: Resolved) -> None:
    """Refuse what would break a table of another system that can be built now."""
    for broken in then.graph.broken.values():
        if broken.system != name and broken.name not in now.graph.broken:
            raise TakenError(
                f"{broken.name} of the system {broken.system!r} could no longer be built: {broken.error.what}",
                f"Change {broken.system} first.",
            )


def _error(system: SystemDefinition, table: TableDefinition, found: Resolved) -> OmnixError | None:
    for name in (f"{system.name}/{table.name}", table.name):
        broken = found.graph.broken.get(name)
        if broken and broken.system == system.name:
            return broken.error
    return None


def _shown(declared: Declared, found: Resolved) -> System:
    system = declared.system
    if system is None:
        error = str(declared.error)
        return System(declared.name, declared.name, "", enabled=False, ok=False, error=error)
    tables = tuple(_planned(system, each, found) for each in system.tables)
    return System(
        system.name, system.shown, system.description, system.enabled,
        ok=all(each.error is None for each in tables), tables=tables,
    )  # fmt: skip


def _planned(system: SystemDefinition, table: TableDefinition, found: Resolved) -> PlannedTable:
    plain = PlannedTable(table.name, table.description, table.sql, table.key, table.checks)
    if error := _error(system, table, found):
        return replace(plain, error=error.what, step=error.step)
    if not system.enabled:
        return plain
    made, bound = found.graph.tables[table.name], found.bound[table.name]
    columns = tuple(
        PlannedColumn(name, c.dtype, c.about, c.nullable, c.person, tuple(bound.lineage[name]))
        for name, c in made.columns.items()
    )
    return replace(plain, inputs=made.inputs, columns=columns)
