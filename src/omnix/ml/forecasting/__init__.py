"""Forecasts of many series: the candidates, the calendar, the choice, the sums that hold.

Importing it imports neither pandas nor any library that trains.
"""

from __future__ import annotations

import inspect
import pkgutil
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from types import MappingProxyType, ModuleType
from typing import TYPE_CHECKING, Any

from omnix.core.errors import ContractError, nearest
from omnix.ml.errors import ModelError
from omnix.ml.folds import Grain

# Before the function below takes its name: the first import of a package binds its name here.
from omnix.ml.forecasting import candidates as _package

if TYPE_CHECKING:
    from omnix.ml.model import Forecaster

#: Values after which a series repeats itself: the weekdays, the weeks and the months of a year.
SEASONS: Mapping[Grain, int] = MappingProxyType({"day": 7, "week": 52, "month": 12})


def candidates(grain: Grain = "day") -> dict[str, Callable[[], Forecaster]]:
    """Every candidate whose packages are installed, by name: what makes a new one for `grain`.

    Found by walking `omnix.ml.forecasting.candidates`: public classes with a `name` in the public
    module that bears this name. A class may say in `requires` which optional packages it imports.

    Raises:
        ContractError: a candidate bears another name than its module.
        ModelError: there is no such grain.

    """
    if grain not in SEASONS:
        raise ModelError(f"There is no grain {grain!r}.", "Use day, week or month.")
    return {
        kind.name: partial(kind, grain=grain)
        for kind in _kinds()
        if all(find_spec(package) for package in getattr(kind, "requires", ()))
    }


def candidate(name: str, grain: Grain = "day") -> Forecaster:
    """A new model of that name.

    Raises:
        ModelError: there is none, or the package that it needs is not installed.

    """
    found = candidates(grain)
    if name not in found:
        raise ModelError(
            f"There is no forecasting model {name[:80]!r} here.",
            f"{nearest(name[:80], found)}There are: {', '.join(found)}.",
        )
    return found[name]()


def _kinds() -> Iterator[Any]:
    """The classes of the candidates, in alphabetical order of their modules."""
    for info in sorted(pkgutil.iter_modules(_package.__path__), key=lambda each: each.name):
        if not info.name.startswith("_"):
            yield from _declared(import_module(f"{_package.__name__}.{info.name}"))


def _declared(module: ModuleType) -> Iterator[Any]:
    own = module.__name__.rpartition(".")[2]
    for kind in vars(module).values():
        here = inspect.isclass(kind) and kind.__module__ == module.__name__
        if not here or kind.__name__.startswith("_") or not hasattr(kind, "name"):
            continue
        if kind.name != own:
            raise ContractError(
                f"The module {module.__name__} declares the candidate {kind.name!r}.",
                f"One candidate = one module: move it to {kind.name}.py.",
            )
        yield kind
