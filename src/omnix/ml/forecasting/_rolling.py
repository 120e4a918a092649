"""Means and sums over the last periods of many series at once; gaps are NaN and count for nothing."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

#: Series x periods.
Wide: TypeAlias = NDArray[np.float64]
Mask: TypeAlias = NDArray[np.bool_]
#: So many values of its own a usual day needs to count as much as what it is drawn to.
_DRAWN = 2.0


def drawn(y: Wide, there: Mask, towards: Wide, repeats: int, step: int) -> Wide:
    """The mean of the values that are `there`, every `step`, drawn to `towards`."""
    total = sums(np.where(there, np.nan_to_num(y), 0.0), repeats, step)
    count = sums(there.astype(np.float64), repeats, step)
    return (total + _DRAWN * towards) / (count + _DRAWN)


def mean(y: Wide, span: int, step: int = 1) -> Wide:
    """The mean of the last `span` values, `step` apart; NaN where there is none."""
    there = ~np.isnan(y)
    count = sums(there.astype(np.float64), span, step)
    total = sums(np.where(there, y, 0.0), span, step)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)


def sums(values: Wide, span: int, step: int) -> Wide:
    """The sum of the last `span` values, `step` apart, at each place."""
    series, length = values.shape
    rows = -(-length // step)
    padded = np.zeros((series, rows * step))
    padded[:, :length] = values
    running = padded.reshape(series, rows, step).cumsum(axis=1)
    if span < rows:
        running[:, span:] -= running[:, :-span].copy()
    return running.reshape(series, rows * step)[:, :length]


def back(values: Wide, by: int) -> Wide:
    """`values` of `by` periods before, NaN where there were none."""
    moved = np.full_like(values, np.nan)
    if by < values.shape[1]:
        moved[:, by:] = values[:, : values.shape[1] - by]
    return moved


def forward(values: Wide, by: int) -> Wide:
    """`values` of `by` periods after."""
    if not by:
        return values
    moved = np.full_like(values, np.nan)
    moved[:, :-by] = values[:, by:]
    return moved
