"""What kind of series each is: how often it sells, and how evenly (Syntetos, Boylan and Croston 2005)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from omnix.ml.folds import Grain
from omnix.ml.frames import KEY

if TYPE_CHECKING:
    import pandas as pd

Floats: TypeAlias = NDArray[np.float64]

#: The published borders: periods from one sale to the next, squared variation of the sizes.
ADI_BORDER, CV2_BORDER = 1.32, 0.49
#: Periods without a sale after which a series is dead: half a year, and longer than it ever paused.
_DEAD = {"day": 182, "week": 26, "month": 6}
_LONGER = 3
#: Periods since the first sale below which a series is new, and below which nothing can be told.
_NEW = {"day": 90, "week": 26, "month": 6}
_SHORT = {"day": 28, "week": 8, "month": 3}
#: Sales fewer than this tell neither how often nor how evenly it sells.
_FEW = 3

CLASSES = (
    "smooth", "erratic", "intermittent", "lumpy", "short", "new", "dead", "constant",
)  # fmt: skip


def classify(history: pd.DataFrame, grain: Grain) -> pd.DataFrame:
    """`unique_id, series_class, adi, cv2, length` of each series of `history`, by name.

    history: `unique_id, ds, y`, dense from the first sale; with `closed`, closed periods count neither
        as sales nor as pauses.
    adi:    open periods per period with a sale, from the first sale to the last; NaN without any.
    cv2:    the squared coefficient of variation of what was sold in such a period.
    length: open periods since the first sale.

    short:    too few periods, or fewer than three with a sale, to tell anything more.
    dead:     nothing sold for half a year, and for thrice as long as it usually pauses.
    constant: always the same amount, in every period.
    new:      sold for less than about a season; smooth, erratic, intermittent, lumpy: all others.
    """
    import pandas as pd

    rows = history.sort_values(KEY, kind="stable")
    if "closed" in rows.columns:
        rows = rows[(rows["closed"] < 1) | (rows["y"] != 0)]
    names, y = rows["unique_id"].to_numpy(), rows["y"].to_numpy(dtype=np.float64)
    if not len(rows):
        return _told(sorted(history["unique_id"].unique()))
    starts = np.flatnonzero(np.concatenate(([True], names[1:] != names[:-1])))
    facts = _facts(y, starts)
    found = pd.DataFrame({
        "unique_id": names[starts], "series_class": _classes(facts, grain),
        "adi": facts["adi"], "cv2": facts["cv2"], "length": facts["length"].astype(np.int64),
    })  # fmt: skip
    missing = sorted(set(history["unique_id"].unique()) - set(found["unique_id"]))
    both = pd.concat([found, _told(missing)], ignore_index=True) if missing else found
    return both.sort_values("unique_id", kind="stable").reset_index(drop=True)


def _told(names: list[str]) -> pd.DataFrame:
    """Series without a single open period."""
    import pandas as pd

    return pd.DataFrame({
        "unique_id": np.array(names, dtype=object),
        "series_class": np.full(len(names), "short", dtype=object),
        "adi": np.full(len(names), np.nan), "cv2": np.full(len(names), np.nan),
        "length": np.zeros(len(names), dtype=np.int64),
    })  # fmt: skip


def _facts(y: Floats, starts: NDArray[np.int64]) -> dict[str, Floats]:
    """Of each series: periods since its first sale, those with one, the pause at its end, size, spread."""
    count = len(starts)
    ends = np.concatenate((starts[1:], [len(y)]))
    code = np.repeat(np.arange(count), ends - starts)
    sold = y != 0
    at = np.arange(len(y))
    first = np.full(count, len(y))
    np.minimum.at(first, code[sold], at[sold])
    last = np.full(count, -1)
    np.maximum.at(last, code[sold], at[sold])
    sales = np.bincount(code[sold], minlength=count).astype(np.float64)
    size = np.abs(y)
    mean = _over(np.bincount(code, weights=size, minlength=count), sales)
    away = np.where(sold, size - mean[code], 0.0)
    spread = _over(np.bincount(code, weights=away**2, minlength=count), sales)
    ever = sales > 0
    length = np.where(ever, ends - first, 0).astype(np.float64)
    return {
        "length": length, "sales": sales,
        "adi": _over(np.where(ever, last - first + 1, 0), sales),
        "pause": np.where(ever, ends - 1 - last, 0).astype(np.float64),
        "cv2": _over(spread, mean**2),
    }  # fmt: skip


def _over(part: NDArray[Any], whole: Floats) -> Floats:
    """Shares; NaN of nought."""
    return np.asarray(np.divide(part, whole, out=np.full(len(part), np.nan), where=whole > 0))


def _classes(facts: dict[str, Floats], grain: Grain) -> NDArray[Any]:
    often, even = facts["adi"] < ADI_BORDER, facts["cv2"] < CV2_BORDER
    # As many periods as the sales took, were they evenly spread, and thrice that.
    gone = facts["pause"] >= np.maximum(_DEAD[grain], _LONGER * np.nan_to_num(facts["adi"]))
    same = (facts["cv2"] < 1e-12) & (facts["sales"] == facts["length"])
    return np.select(
        [
            gone,
            (facts["length"] < _SHORT[grain]) | (facts["sales"] < _FEW),
            same,
            facts["length"] < _NEW[grain],
            often & even,
            often,
            even,
        ],
        ["dead", "short", "constant", "new", "smooth", "erratic", "intermittent"],
        default="lumpy",
    ).astype(object)
