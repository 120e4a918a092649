"""Last year again, with half of what has grown since."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from omnix.ml.errors import TooLittleData
from omnix.ml.forecasting.candidates.last_year import LastYear

FREQ = {"day": "D", "week": "W-MON", "month": "MS"}
YEAR = {"day": 364, "week": 52, "month": 12}


def frame(y: np.ndarray, grain: str, name: str = "a") -> pd.DataFrame:
    ds = pd.date_range("2020-01-06" if grain != "month" else "2020-01-01", periods=len(y), freq=FREQ[grain])  # fmt: skip
    return pd.DataFrame({"unique_id": name, "ds": ds, "y": np.asarray(y, float)})


def ahead(rows: pd.DataFrame, grain: str, steps: int) -> pd.DataFrame:
    ds = pd.date_range(rows["ds"].max(), periods=steps + 1, freq=FREQ[grain])[1:]
    return pd.concat([pd.DataFrame({"unique_id": name, "ds": ds}) for name in rows["unique_id"].unique()])  # fmt: skip


@pytest.mark.parametrize("grain", FREQ)
def test_a_year_that_repeats_goes_on(grain) -> None:
    year = np.random.default_rng(1).uniform(5, 50, YEAR[grain])
    rows = frame(np.tile(year, 2), grain)
    got = LastYear(grain).fit(rows, seed=1).predict(ahead(rows, grain, YEAR[grain] + 3))
    assert np.allclose(got["yhat"], np.r_[year, year[:3]])


@pytest.mark.parametrize(("growth", "moved"), [(1.21, 1.1), (0.64, 0.8), (9.0, 2**0.5), (0.0, 1.0)])  # fmt: skip
def test_half_of_the_growth_is_taken(growth, moved) -> None:
    year = np.random.default_rng(2).uniform(5, 50, 52)
    rows = frame(np.r_[year, year[:20] * growth], "week")
    got = LastYear("week").fit(rows, seed=1).predict(ahead(rows, "week", 10))
    assert np.allclose(got["yhat"], year[20:30] * moved)


def test_a_young_series_beside_an_old_one() -> None:
    old, young = frame(np.full(60, 8.0), "week"), frame(np.zeros(60), "week", "b").iloc[50:]
    young = young.assign(y=np.arange(10.0))
    got = LastYear("week").fit(pd.concat([old, young]), seed=1)
    told = got.predict(ahead(pd.concat([old, young]), "week", 3)).set_index("unique_id")["yhat"]
    assert told["a"].tolist() == [8.0] * 3
    assert told["b"].tolist() == [7.5] * 3


def test_less_than_a_year_is_too_little() -> None:
    with pytest.raises(TooLittleData, match="392 days"):
        LastYear().fit(frame(np.ones(391), "day"), seed=1)
