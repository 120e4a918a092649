"""The kinds of series: what can be expected of a forecast of each."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from omnix.ml.folds import Grain

if TYPE_CHECKING:
    import pandas as pd

#: (Syntetos, Boylan and Croston 2005): mean periods between sales, squared variation of their sizes.
_ADI, _CV2 = 1.32, 0.49
#: By grain: periods of life below which a series is new, values with a sale below which it is short,
#: and periods without a sale after which it is dead.
_LIFE = {"day": (28, 4, 182), "week": (8, 3, 26), "month": (4, 2, 12)}


def classify(history: pd.DataFrame, grain: Grain) -> pd.DataFrame:
    """`unique_id, series_class, adi, cv2, length` of each series of `history` (unique_id, ds, y).

    smooth, erratic (sizes vary), intermittent (rare), lumpy (both); short: too few sales to tell; new:
    it began lately; dead: no sale for long; constant: always the same.
    """
    import pandas as pd

    new, short, dead = _LIFE[grain]
    rows = history.sort_values(["unique_id", "ds"], kind="stable")
    by = rows.groupby("unique_id", sort=True)
    length = by.size()
    sold = rows[rows["y"] != 0].groupby("unique_id")["y"]
    count = sold.size().reindex(length.index, fill_value=0)
    adi = (length / count.where(count > 0)).astype(float)
    mean, spread = (found.reindex(length.index) for found in (sold.mean(), sold.std(ddof=0)))
    cv2 = (spread / mean.abs()) ** 2
    tail = rows[rows["y"] != 0].groupby("unique_id")["ds"].max().reindex(length.index)
    quiet = _periods(rows["ds"].max() - tail, grain)
    same = by["y"].nunique() == 1
    kind = np.select(
        [
            (count == 0) | (quiet >= dead), length < new, count < short, same,
            (adi >= _ADI) & (cv2 >= _CV2), adi >= _ADI, cv2 >= _CV2,
        ],
        ["dead", "new", "short", "constant", "lumpy", "intermittent", "erratic"],
        "smooth",
    )  # fmt: skip
    return pd.DataFrame({
        "unique_id": length.index, "series_class": kind, "adi": adi.to_numpy(),
        "cv2": cv2.to_numpy(), "length": length.to_numpy(),
    })  # fmt: skip


def _periods(gone: pd.Series, grain: Grain) -> pd.Series:
    return gone.dt.days / {"day": 1, "week": 7, "month": 30.4}[grain]
