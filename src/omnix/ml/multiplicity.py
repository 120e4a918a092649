"""Many tests at once: how much of what is found is chance."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray


def benjamini_hochberg(p: ArrayLike) -> NDArray[np.float64]:
    """The q-value of each test: the share of false ones among all found down to its p.

    Benjamini and Hochberg (1995). NaN, a test that was not made, counts for nothing and stays NaN.
    """
    chances = np.asarray(p, dtype=np.float64)
    found = np.full(chances.shape, np.nan)
    made = np.flatnonzero(~np.isnan(chances))
    order = made[np.argsort(chances[made], kind="stable")]
    scaled = chances[order] * len(order) / np.arange(1, len(order) + 1)
    found[order] = np.minimum(np.minimum.accumulate(scaled[::-1])[::-1], 1.0)
    return found
