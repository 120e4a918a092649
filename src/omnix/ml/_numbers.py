"""Arrays as the metrics read them: floats, finite, not empty, of equal length."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from omnix.ml.errors import MetricError

Floats: TypeAlias = NDArray[np.float64]


def numbers(values: ArrayLike, name: str) -> Floats:
    """`values` as floats.

    Raises:
        MetricError: they are empty, not in one row, no numbers, NaN or infinite.

    """
    try:
        given = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise MetricError(f"{name} holds what is no number: {error}.", "Give numbers.") from None
    if given.ndim != 1:
        raise MetricError(f"{name} has {given.ndim} dimensions, not one.", "Give one row of them.")
    if not len(given):
        raise MetricError(f"{name} is empty.", "Give at least one value.")
    if not (fine := np.isfinite(given)).all():
        at = int(np.argmin(fine))
        raise MetricError(
            f"{name} is {given[at]} at place {at}.", "Leave out what is not known before comparing."
        )
    return given


def pair(first: ArrayLike, second: ArrayLike, names: str = "y and yhat") -> tuple[Floats, Floats]:
    """Two rows of numbers of equal length; `names` are theirs, joined by " and ".

    Raises:
        MetricError: as `numbers`, or they differ in length.

    """
    one, _, other = names.partition(" and ")
    left, right = numbers(first, one), numbers(second, other)
    if len(left) != len(right):
        raise MetricError(
            f"{one} has {len(left)} values, {other} has {len(right)}.", "Give one for each."
        )
    return left, right
