"""Intervals from how far off the same choice was on past cuts: by group and distance, and by size.

Large forecasts miss by more than small ones, how much more differs: by none for some groups, in
proportion for others. Each group's misses are therefore counted in units of

    scale ** (1 - power) * (|forecast| + scale) ** power

with the power whose intervals would have scored best (Winkler 1972; a variance function as in
Davidian and Carroll 1987, normalised conformal prediction as in Papadopoulos et al. 2008).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from numpy.typing import ArrayLike

from omnix.ml._numbers import Floats
from omnix.ml.conformal import ALL, LEVELS, Bands, calibrate

if TYPE_CHECKING:
    import pandas as pd

POWERS = (0.0, 0.5, 1.0)
#: Ends of the intervals as columns: (level, lower, upper).
ENDS = tuple((level, f"lower_{level * 100:.0f}", f"upper_{level * 100:.0f}") for level in LEVELS)


@dataclass(frozen=True)
class Intervals:
    """Calibrated intervals of many groups.

    powers: by group, and for `ALL` others, how the misses grow with the forecast. bands: by power,
        widths in the unit of that power.
    """

    powers: Mapping[str, float]
    bands: Mapping[float, Bands]

    def around(self, rows: pd.DataFrame, value: str = "value") -> pd.DataFrame:
        """`rows` (`value`, group, ahead, scale, closed) with `lower_50 … upper_95`.

        A closed day has no width. Every interval holds its forecast, and the narrower ones.
        """
        ends = {name: np.zeros(len(rows)) for _, *names in ENDS for name in names}
        powers = rows["group"].map(dict(self.powers)).fillna(self.powers[ALL]).to_numpy()
        open_days = ~rows["closed"].to_numpy(dtype=bool)
        for power, bands in self.bands.items():
            here = powers == power
            part = rows[here]
            units = unit(part["scale"], part[value], power) * open_days[here]
            found = bands.apply(part[value], part["group"].tolist(), part["ahead"], units)
            for level, lower, upper in ENDS:
                ends[lower][here], ends[upper][here] = found[level]
        return rows.assign(**ends)

    def to_dict(self) -> dict[str, Any]:
        """As JSON can hold it."""
        bands = [[power, each.to_dict()] for power, each in sorted(self.bands.items())]
        return {"powers": dict(self.powers), "bands": bands}

    @classmethod
    def from_dict(cls, told: Mapping[str, Any]) -> Self:
        """What `to_dict` told."""
        return cls(told["powers"], {power: Bands.from_dict(each) for power, each in told["bands"]})


def unit(scale: ArrayLike, value: ArrayLike, power: float) -> Floats:
    """What a miss is counted in: the series' own scale, the more the forecast's size the higher the power."""
    own = np.asarray(scale, dtype=np.float64)
    size = np.abs(np.asarray(value, dtype=np.float64)) + own
    return np.asarray(own ** (1 - power) * size**power)


def learnt(said: pd.DataFrame, *, floor: bool) -> Intervals:
    """The intervals that the misses of the plan on open days give (`decide.hindsight`).

    floor: whether nothing can lie below nought, as far as history agrees.
    """
    open_days = said[~said["closed"].astype(bool)]
    source = open_days if len(open_days) else said
    least = 0.0 if floor and bool((said["actual"] >= 0).all()) else None
    bands, losses = {}, {}
    for power in POWERS:
        units = unit(source["scale"], source["predicted"], power)
        misses = (source["actual"] - source["predicted"]) / units
        by = misses.groupby([source["group"], source["ahead"]], sort=True)
        errors = {(str(group), int(ahead)): own.to_numpy() for (group, ahead), own in by}
        bands[power] = calibrate(errors, floor=least)
        tried = Intervals(MappingProxyType({ALL: power}), {power: bands[power]})
        losses[power] = _loss(tried.around(source, "predicted"))
    powers = {ALL: min(POWERS, key=lambda power: float(losses[power].mean()))}
    means = {power: each.groupby(source["group"]).mean() for power, each in losses.items()}
    for group in means[POWERS[0]].index:
        powers[str(group)] = min(POWERS, key=lambda power: float(means[power][group]))
    return Intervals(powers, {power: bands[power] for power in sorted(set(powers.values()))})


def _loss(rows: pd.DataFrame) -> pd.Series:
    """The mean pinball loss of the intervals' ends, in each series' scale: the weighted interval score."""
    actual = rows["actual"].to_numpy(dtype=np.float64)
    total = np.zeros(len(rows))
    for level, lower, upper in ENDS:
        tail = (1 - level) / 2
        for quantile, end in ((tail, rows[lower]), (1 - tail, rows[upper])):
            over = actual - end.to_numpy(dtype=np.float64)
            total += np.maximum(quantile * over, (quantile - 1) * over)
    return total / rows["scale"] / (2 * len(ENDS))


def foretold(said: pd.DataFrame, *, floor: bool) -> pd.DataFrame:
    """The rows of the report with the intervals they would have had: of all that was known at their cut.

    Empty where there are no folds to report on, or nothing came to pass before them.
    """
    import pandas as pd

    report = said[said["part"] == "report"]
    parts = []
    for cut, rows in report.groupby("cut", sort=True):
        before = said[(said["cut"] < cut) & (said["ds"] <= cut)]
        if len(before):
            parts.append(learnt(before, floor=floor).around(rows, "predicted"))
    return pd.concat(parts) if parts else report.iloc[:0].assign(**_nowhere())


def _nowhere() -> dict[str, float]:
    return {name: np.nan for _, *names in ENDS for name in names}


def coverage(said: pd.DataFrame, *, floor: bool) -> pd.DataFrame:
    """By series: the share of open report days inside the intervals of their time: `coverage_80`, `coverage_95`."""
    import pandas as pd

    told = foretold(said, floor=floor)
    told = told[~told["closed"].astype(bool)]
    actual, inside = told["actual"], {}
    for level, lower, upper in ENDS[1:]:
        held = (actual >= told[lower] - 1e-9) & (actual <= told[upper] + 1e-9)
        inside[f"coverage_{level * 100:.0f}"] = held.groupby(told["unique_id"]).mean()
    return pd.DataFrame(inside)
