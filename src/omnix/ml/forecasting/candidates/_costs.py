"""What a model costs, as it was measured: a time budget is spent by this and not by the clock."""

from __future__ import annotations

from typing import NamedTuple

from omnix.ml.folds import Grain


class Costs(NamedTuple):
    """CPU seconds per 1,000 values, for one fit and an answer of 30 days, 12 weeks or 12 months.

    Measured with 730 days, 156 weeks and 60 months a series. A fit of a short series costs nearly
    as much as one of a long one, so that coarser grains cost more for each value.
    """

    day: float
    week: float
    month: float

    def at(self, grain: Grain) -> float:
        """The cost at that grain."""
        return float(getattr(self, grain))
