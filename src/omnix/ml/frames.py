"""The long frames that models read and give: checked once, sorted once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from omnix.ml.errors import FrameError, TooLittleData

if TYPE_CHECKING:
    import pandas as pd

#: What names a row.
KEY = ["unique_id", "ds"]


def history(frame: pd.DataFrame) -> pd.DataFrame:
    """`frame` as models learn from it: `y` a float, rows without `y` left out, sorted.

    Raises:
        FrameError: a column is missing or of the wrong type, a row is there twice, `y` is infinite.
        TooLittleData: no row is left.

    """
    import numpy as np

    rows = _sorted(frame, ["y"])
    rows["y"] = _numbers(rows, "y")
    if rows["y"].isna().any():
        rows = rows[rows["y"].notna()].reset_index(drop=True)
    if rows.empty:
        raise TooLittleData("There is no history to learn from.", "at least one value of `y`")
    if not np.isfinite(rows["y"]).all():
        at = rows[~np.isfinite(rows["y"])].iloc[0]
        raise FrameError(
            f"The series {at['unique_id']!r} is {at['y']} on {at['ds']:%Y-%m-%d}.",
            "Give finite numbers; leave a day without a value out.",
        )
    return rows


def future(frame: pd.DataFrame) -> pd.DataFrame:
    """`frame` as models are asked: sorted, and without `y`, which nobody knows yet.

    Raises:
        FrameError: a column is missing or of the wrong type, or a row is there twice.

    """
    return _sorted(frame.drop(columns="y", errors="ignore"), [])


def covariates(frame: pd.DataFrame) -> list[str]:
    """The names of the covariates in `frame`, in alphabetical order."""
    return sorted(name for name in frame.columns if name not in {*KEY, "y", "yhat"})


def answer(asked: pd.DataFrame, values: Sequence[float]) -> pd.DataFrame:
    """`unique_id, ds, yhat` for the rows of `asked`, which `future` has sorted.

    Raises:
        FrameError: there is not one value for each row.

    """
    import numpy as np

    given = np.asarray(values, dtype=np.float64)
    if given.shape != (len(asked),):
        raise FrameError(
            f"{len(asked)} rows were asked for, {given.shape} values are given.",
            "Give one value for each row.",
        )
    return asked[KEY].assign(yhat=given).reset_index(drop=True)


def _sorted(frame: pd.DataFrame, more: list[str]) -> pd.DataFrame:
    """A checked copy of `frame`, sorted by series and time."""
    import pandas as pd

    if missing := [name for name in [*KEY, *more] if name not in frame.columns]:
        raise FrameError(
            f"The rows have no column {', '.join(missing)}; they have {', '.join(map(str, frame.columns))}.",
            f"Give {', '.join([*KEY, *more])} and the covariates.",
        )
    if not pd.api.types.is_datetime64_dtype(frame["ds"]) and len(frame):
        raise FrameError(
            f"`ds` is of type {frame['ds'].dtype}, datetime64 without a zone is wanted.",
            "Convert it with pandas.to_datetime and take the zone away.",
        )
    ds = (
        frame["ds"]
        if pd.api.types.is_datetime64_dtype(frame["ds"])
        else pd.to_datetime(frame["ds"])
    )
    rows = frame.assign(unique_id=frame["unique_id"].astype(str), ds=ds)
    if rows["ds"].isna().any():
        raise FrameError(f"{rows['ds'].isna().sum()} rows have no `ds`.", "Leave them out.")
    names = [*KEY, *more, *covariates(rows)]
    if _ordered(rows):
        return rows[names].reset_index(drop=True)
    if (twice := rows.duplicated(KEY)).any():
        row = rows[twice].iloc[0]
        raise FrameError(
            f"The series {row['unique_id']!r} has more than one row for {row['ds']:%Y-%m-%d}.",
            "Add them up, or leave one out.",
        )
    return rows[names].sort_values(KEY, kind="stable").reset_index(drop=True)


def _ordered(rows: pd.DataFrame) -> bool:
    """Whether they are sorted and none is there twice: a look is cheaper than millions of swaps."""
    import pandas as pd

    series, _ = pd.factorize(rows["unique_id"], sort=True)
    when = rows["ds"].to_numpy()
    same, later = series[1:] == series[:-1], when[1:] > when[:-1]
    return bool(((series[1:] > series[:-1]) | (same & later)).all())


def _numbers(rows: pd.DataFrame, name: str) -> pd.Series:
    try:
        return rows[name].astype("float64")
    except (TypeError, ValueError) as error:
        raise FrameError(f"`{name}` holds what is no number: {error}.", "Give numbers.") from None
