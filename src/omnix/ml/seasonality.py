"""How strong a season is, and a series without it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

#: Above it a season is worth a model of its own (Hyndman's `nsdiffs`, after Wang et al. 2006).
STRONG = 0.64


def seasonal(values: Floats, period: int) -> tuple[Floats, float]:
    """The season of a series (what it adds at each place), and its strength from 0 to 1.

    The strength is 1 − var(rest) / var(season + rest) of an STL decomposition (Wang, Smith and
    Hyndman 2006); values further than three spreads from the median are clipped. 0 where nothing
    varies.

    Raises:
        ValueError: there are fewer than two periods, the period is below 2, or values not finite.

    """
    import numpy as np
    from statsmodels.tsa.seasonal import STL

    given = np.asarray(values, dtype=np.float64)
    if period < 2 or len(given) < 2 * period or not np.isfinite(given).all():
        raise ValueError(f"{len(given)} values; two periods of {period} finite ones needed")
    if np.ptp(given) == 0:
        return np.zeros(len(given)), 0.0
    # A window longer than the series: the season is the same every time.
    parts = STL(_clipped(given), period=period, seasonal=2 * (len(given) // 2) + 7).fit()
    season, rest = np.asarray(parts.seasonal), np.asarray(parts.resid)
    both = float(np.var(season + rest))
    strength = max(0.0, 1 - float(np.var(rest)) / both) if both > 0 else 0.0
    return season, strength


def _clipped(values: Floats) -> Floats:
    import numpy as np

    middle = np.median(values)
    spread = 1.4826 * np.median(np.abs(values - middle))
    return np.clip(values, middle - 3 * spread, middle + 3 * spread) if spread else values
