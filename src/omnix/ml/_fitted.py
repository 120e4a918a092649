"""A series as it is fitted: in logs, without wild days, beside weekdays, the season and marks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from omnix.ml._scan import Design, fit, penalties, season_columns, spread_of, unspiked

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

#: Places on each side of a change: days, and weeks where it is looked at by weeks.
EDGE, EDGE_WEEKS = 28, 6


def open_weekdays(daily: Floats) -> NDArray[np.bool_]:
    """Days of weekdays on which anything is ever sold."""
    import numpy as np

    place = np.arange(len(daily)) % 7
    share = np.bincount(place, daily != 0, minlength=7) / np.bincount(place, minlength=7)
    return np.asarray((share > 0.1)[place])


@dataclass(frozen=True)
class Fitted:
    """What is fitted: `y` in logs, days since the first value, the columns known beforehand.

    The columns are one, the line, pairs of harmonics, weekdays and marks (`fixed` in all),
    then the spells found. `unit` is that of the logs, `a_day` how many values a day has.
    """

    y: Floats
    days: Floats
    known: Floats
    edge: int
    design: Design
    fixed: int
    unit: float
    a_day: float

    @classmethod
    def of(
        cls, daily: Floats, first_weekday: int, marks: Floats | None, there: NDArray[np.bool_]
    ) -> Fitted:
        import numpy as np

        places = np.flatnonzero(there)
        days = places.astype(np.float64)
        weekday = (places + first_weekday) % 7
        kinds = np.unique(weekday)[1:]
        weekdays = (weekday[:, None] == kinds).astype(np.float64)
        y = unspiked(_logs(daily[places]), weekdays, 29)
        base: Floats = np.column_stack([season_columns(days), weekdays])
        spread = spread_of(y, weekdays, 29)
        known = _with(base, marks, places)
        unit, a_day = unit_of(daily[places]), len(places) / len(daily)
        return cls._made(y, days, base, known, EDGE, spread, unit, a_day)

    def fit(self, columns: Floats) -> Floats:
        """The weights of columns that begin with those known beforehand."""
        return fit(columns, self.y, penalties(columns.shape[1], self.design.spread))

    @classmethod
    def _made(
        cls, y: Floats, days: Floats, base: Floats, known: Floats,
        edge: int, spread: float, unit: float, a_day: float,
    ) -> Fitted:  # fmt: skip
        design = Design(len(y), base.shape[1], round(days[-1]), spread)
        return cls(y, days, known, edge, design, known.shape[1], unit, a_day)

    @classmethod
    def weekly(cls, weeks: Floats, marks: Floats | None) -> Fitted:
        import numpy as np

        days = np.arange(0.0, 7.0 * len(weeks), 7.0)
        none = np.empty((len(weeks), 0))
        y = unspiked(_logs(weeks), none, 9)
        base = season_columns(days)
        known = _with(base, marks, np.arange(len(weeks)))
        spread = spread_of(y, none, 9)
        return cls._made(y, days, base, known, EDGE_WEEKS, spread, unit_of(weeks), 1 / 7)


def _with(base: Floats, marks: Floats | None, places: Ints) -> Floats:
    """The columns known beforehand, with the marks that say something of their own."""
    import numpy as np

    if marks is None:
        return base
    own = np.asarray(marks, dtype=np.float64).reshape(len(marks), -1)[places]
    return np.column_stack([base, own[:, np.ptp(own, axis=0) > 0]])


def _logs(values: Floats) -> Floats:
    """Logarithms, linear around nought: a tenth of the mean size is the unit."""
    import numpy as np

    return np.asarray(np.arcsinh(values / (2 * unit_of(values))))


def unit_of(values: Floats) -> float:
    """A tenth of the mean size."""
    import numpy as np

    return float(np.mean(np.abs(values))) / 10
