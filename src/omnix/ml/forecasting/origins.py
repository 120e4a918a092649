"""The cuts from which candidates are tried, by how much history there is.

Cuts lie `step` periods apart and the newest `step` periods before the end. A candidate is asked for
the whole horizon at each, as far as it has come to pass: far steps are judged on the older cuts.
The oldest cuts serve the choice; only what happened up to the first reporting cut counts there, so
that nothing of a report was seen when the choice was made.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from omnix.ml.errors import TooLittleData
from omnix.ml.folds import Fold, Grain, shift

_DAY = ((140, 28, 8, 56), (70, 14, 4, 28), (28, 7, 2, 14))
#: By grain: (history from which it holds, periods between cuts, most cuts, least before a cut).
_SIZES: Mapping[Grain, tuple[tuple[int, int, int, int], ...]] = MappingProxyType({
    "day": _DAY,
    "week": ((60, 4, 6, 32), (20, 2, 4, 10), (8, 1, 3, 4)),
    "month": ((14, 1, 6, 8), (6, 1, 3, 3)),
})  # fmt: skip
#: The share of cuts that take no part in the choice.
_REPORTED = 0.375


@dataclass(frozen=True)
class Origins:
    """choose, report: the folds, oldest first. With few there is nothing to report on apart."""

    choose: tuple[Fold, ...]
    report: tuple[Fold, ...]

    @property
    def folds(self) -> tuple[Fold, ...]:
        """All of them, oldest first."""
        return (*self.choose, *self.report)

    @property
    def seen(self) -> date:
        """The last period that may count in the choice."""
        return self.report[0].cut if self.report else self.choose[-1].end


def origins(first: date, last: date, horizon: int, grain: Grain) -> Origins:
    """The cuts for series that run from `first` to `last`.

    Raises:
        TooLittleData: the history is too short for a single one.

    """
    length = _length(first, last, grain)
    sizes = _SIZES[grain]
    for needed, step, most, least in sizes:
        if length >= needed:
            count = max(1, min(most, (length - least) // step))
            return _parted(
                [_fold(last, step * back, horizon, grain) for back in range(count, 0, -1)]
            )
    raise TooLittleData(
        f"There are {length} {grain}s of history.",
        f"{sizes[-1][0]} {grain}s, so that a forecast can be tried on the past before it is shown",
    )


def _fold(last: date, back: int, horizon: int, grain: Grain) -> Fold:
    return Fold(shift(last, -back, grain), min(back, horizon), grain)


def _parted(folds: list[Fold]) -> Origins:
    reported = round(len(folds) * _REPORTED) if len(folds) >= 3 else 0
    keep = len(folds) - reported
    return Origins(tuple(folds[:keep]), tuple(folds[keep:]))


def _length(first: date, last: date, grain: Grain) -> int:
    if grain == "month":
        return (last.year * 12 + last.month) - (first.year * 12 + first.month) + 1
    return (last - first).days // (7 if grain == "week" else 1) + 1
