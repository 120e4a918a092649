"""Which candidates a time budget pays for: the cheap ones first, the dear ones where series are few.

Costs are those the candidates declare, in CPU seconds, not those of the moment: the same data and
budget give the same choice on a busy machine as on a quiet one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from omnix.ml.model import Forecaster

#: What one fit costs at least, whatever its size: preparing the frames, starting the library.
_START: Mapping[str, float] = MappingProxyType({
    "baseline": 0.0, "statistical": 0.05, "intermittent": 0.03, "global": 0.6, "deep": 2.0,
    "prophet": 0.3,
})  # fmt: skip
#: The share of what is left that a level may take; what it leaves goes to the next.
_SHARES: Mapping[str, float] = MappingProxyType({
    "shop": 0.3, "country": 0.3, "store": 0.3, "category": 0.5, "product": 1.0,
})  # fmt: skip


def cost(model: Forecaster, values: int, fits: int) -> float:
    """CPU seconds that `fits` fits of `model` over `values` values in all take, roughly."""
    return fits * _START.get(model.family, 0.5) + values / 1000 * model.cost


def afford(
    models: Sequence[Forecaster], sizes: Mapping[str, tuple[int, int]], seconds: float
) -> dict[str, list[str]]:
    """The names of the candidates to try, by level; the baselines always.

    sizes: by level, in the order in which they matter: values of history that a candidate reads in
        all its fits together, and how many fits these are.
    """
    left, chosen = seconds, {}
    for level, (values, fits) in sizes.items():
        priced = sorted((cost(model, values, fits), model.name) for model in models)
        free = [model.name for model in models if model.family == "baseline"]
        own, taken = left * _SHARES.get(level, 0.5), sorted(free)
        for price, name in priced:
            if name not in free and price <= own:
                own, left = own - price, left - price
                taken.append(name)
        chosen[level] = taken
    return chosen
