"""Whether a series keeps to one level: two tests with opposite suspicions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from omnix.ml._quiet import quiet

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

#: Values below which neither test means much.
NEEDED = 26
_LINE = 0.05


@dataclass(frozen=True)
class Stationarity:
    """`adf_p` small: it returns to a level. `kpss_p` small: it does not stay at one.

    `kpss_p` is known between 0.01 and 0.1 only. `stationary` is None where the two disagree.
    """

    adf_p: float
    kpss_p: float

    @property
    def stationary(self) -> bool | None:
        """What both tests say."""
        returns, leaves = self.adf_p < _LINE, self.kpss_p < _LINE
        return returns if returns != leaves else None


def stationarity(values: Floats) -> Stationarity | None:
    """Dickey and Fuller's test (1979), lags by AIC, and that of Kwiatkowski et al. (1992).

    None for a series that never varies, which is neither.

    Raises:
        ValueError: there are fewer than `NEEDED` values, or they are not finite.

    """
    import numpy as np
    from statsmodels.tsa.stattools import adfuller, kpss

    given = np.asarray(values, dtype=np.float64)
    if len(given) < NEEDED or not np.isfinite(given).all():
        raise ValueError(f"{len(given)} values, {NEEDED} finite ones needed")
    if np.ptp(given) == 0:
        return None
    quiet()  # KPSS warns wherever its table of chances ends
    try:
        unit_root = adfuller(given, maxlag=min(12, len(given) // 4), autolag="AIC")
        level = kpss(given, regression="c", nlags="auto")
    except (ValueError, np.linalg.LinAlgError):  # all but constant: no lag can be fitted
        return None
    chances = float(unit_root[1]), float(level[1])
    return Stationarity(*chances) if np.isfinite(chances).all() else None
