"""Tables are found by walking packages, never listed."""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from importlib import import_module
from inspect import getdoc, isfunction
from types import ModuleType

from omnix.core.errors import ContractError
from omnix.core.table import Table


def find_tables(package: ModuleType | str) -> dict[str, Table]:
    """Every table declared under `package`, by name.

    A table stands in the module that bears its name: `orders` in `orders.py`. Modules and packages
    that begin with an underscore are not looked at; a public module without any table is no table.

    Raises:
        ContractError: a table stands under another name than its module's, a build function
            lacks its `@table`, or two modules declare the same name.

    """
    root = import_module(package) if isinstance(package, str) else package
    found: dict[str, Table] = {}
    for module in _public_modules(root):
        table = _table_of(module)
        if table is None:
            continue
        if table.name in found:
            raise ContractError(
                f"The table {table.name!r} is declared twice: "
                f"in {found[table.name].module} and in {module.__name__}.",
                "Rename one of them.",
            )
        found[table.name] = table
    return found


def build_order(tables: Mapping[str, Table]) -> list[str]:
    """The names of `tables`, each after those of its inputs that are among them.

    The order depends on nothing but the names and inputs: ready tables come alphabetically.

    Raises:
        ContractError: tables read one another in a circle.

    """
    graph = TopologicalSorter(
        {name: [i for i in table.inputs if i in tables] for name, table in tables.items()}
    )
    try:
        graph.prepare()
    except CycleError as error:
        circle = " ← ".join(reversed(error.args[1]))
        raise ContractError(
            f"Tables read one another in a circle: {circle}.", "Break it: one must do without."
        ) from None
    order: list[str] = []
    while graph.is_active():
        ready = sorted(graph.get_ready())
        order += ready
        graph.done(*ready)
    return order


def _public_modules(package: ModuleType) -> Iterator[ModuleType]:
    """The modules under `package`, depth first in alphabetical order, without private ones."""
    for info in sorted(pkgutil.iter_modules(package.__path__), key=lambda info: info.name):
        if info.name.startswith("_"):
            continue
        module = import_module(f"{package.__name__}.{info.name}")
        if info.ispkg:
            yield from _public_modules(module)
        else:
            yield module


def _table_of(module: ModuleType) -> Table | None:
    name = module.__name__.rpartition(".")[2]
    own = getattr(module, name, None)
    declared = [
        value
        for value in vars(module).values()
        if isinstance(value, Table) and value.module == module.__name__
    ]
    if misplaced := [table.name for table in declared if table.name != name]:
        raise ContractError(
            f"The module {module.__name__} declares the table {misplaced[0]!r}.",
            f"One table = one module: move it to {misplaced[0]}.py.",
        )
    if isfunction(own) and (getdoc(own) or "").startswith("One row per "):
        raise ContractError(
            f"{module.__name__}.{name} reads like a table but is a plain function.",
            "Put @table(key=…, columns=…) above it, or begin the module's name with an underscore.",
        )
    return own if isinstance(own, Table) else None
