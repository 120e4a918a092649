"""Sets of numbers as ordered arrays. NumPy's own set functions hash, which is slow on neighbours."""

from __future__ import annotations

from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

Number = TypeVar("Number", bound=np.generic)


def distinct(values: NDArray[Number]) -> NDArray[Number]:
    """The different values, in order."""
    ordered: NDArray[Number] = np.sort(values)
    if len(ordered):
        ordered = ordered[np.append(True, ordered[1:] != ordered[:-1])]
    return ordered


def union(*sets: NDArray[Number]) -> NDArray[Number]:
    """What is in any of the sets."""
    return distinct(np.concatenate(sets))


def without(values: NDArray[Number], others: NDArray[Any]) -> NDArray[Number]:
    """The different `values` that are not among `others`, which are in order."""
    some = distinct(values)
    if len(others) == 0:
        return some
    place = np.minimum(np.searchsorted(others, some), len(others) - 1)
    left: NDArray[Number] = some[others[place] != some]
    return left
