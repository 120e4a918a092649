"""Every metric there is, found by walking `omnix.metrics.definitions`."""

from __future__ import annotations

import pkgutil
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from types import MappingProxyType

from omnix.core.errors import ContractError, OmnixError
from omnix.metrics.metric import Metric


class UnknownMetricError(OmnixError):
    """A metric cannot be split or asked that way."""

    exit_code = 2


@cache
def all_metrics() -> Mapping[str, Metric]:
    """Every metric by name, in the order of their modules and in them as they stand.

    Raises:
        ContractError: two metrics bear one name.

    """
    package = import_module("omnix.metrics.definitions")
    found: dict[str, Metric] = {}
    for info in sorted(pkgutil.iter_modules(package.__path__), key=lambda each: each.name):
        module = import_module(f"{package.__name__}.{info.name}")
        for metric in vars(module).values():
            if isinstance(metric, Metric) and found.setdefault(metric.name, metric) is not metric:
                raise ContractError(
                    f"Two metrics are called {metric.name!r}.", "Give one of them another name."
                )
    return MappingProxyType(found)


def metrics_of(system: str) -> list[Metric]:
    """The metrics of a system, the one that heads its card first."""
    found = [each for each in all_metrics().values() if system in each.systems]
    return sorted(found, key=lambda each: system not in each.heads)
