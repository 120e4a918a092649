"""LightGBM for all series, direct and recursive: what they learn, what they leave out, what they keep."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from ml.forecasting.panels import error, split, stores
from omnix.ml.errors import ModelError, TooLittleData
from omnix.ml.forecasting import _features
from omnix.ml.forecasting.candidates.lightgbm_direct import LightgbmDirect
from omnix.ml.forecasting.candidates.lightgbm_recursive import LightgbmRecursive

BOTH = pytest.mark.parametrize("kind", [LightgbmDirect, LightgbmRecursive])


@BOTH
def test_it_learns_weekdays_and_promotions(kind: type[LightgbmDirect]) -> None:
    train, asked = split(stores(4, 200), 28)
    assert error(kind(trees=100).fit(train, seed=1).predict(asked), asked) < 0.06


@BOTH
def test_a_promotion_is_answered_by_what_promotions_brought(kind: type[LightgbmDirect]) -> None:
    train, asked = split(stores(4, 200), 14)
    model = kind(trees=100).fit(train, seed=1)
    without, with_it = (model.predict(asked.assign(promo=on))["yhat"].sum() for on in (0.0, 1.0))
    assert with_it / without == pytest.approx(1.5, abs=0.1)


@BOTH
def test_what_stands_on_closed_days_teaches_nothing(kind: type[LightgbmDirect]) -> None:
    train, asked = split(stores(3, 150), 14)
    filled = train.assign(y=train["y"].where(train["closed"] == 0, 1e6))
    one, other = (kind(trees=20).fit(each, seed=1).predict(asked) for each in (train, filled))
    pd.testing.assert_frame_equal(one, other)


@BOTH
def test_small_and_large_series_are_answered_in_their_own_size(kind: type[LightgbmDirect]) -> None:
    train, asked = split(stores(5, 150), 14)
    answer = kind(trees=50).fit(train, seed=1).predict(asked)
    means = answer.groupby("unique_id")["yhat"].mean().to_numpy()
    assert means[1:] / means[:-1] == pytest.approx(np.full(4, 3.0), rel=0.2)


@BOTH
@pytest.mark.parametrize(("grain", "freq"), [("week", "W-MON"), ("month", "MS")])
def test_weeks_and_months(kind: type[LightgbmDirect], grain: str, freq: str) -> None:
    ds = pd.date_range("2020-01-06" if grain == "week" else "2015-01-01", periods=90, freq=freq)
    wave = 10 + np.sin(np.arange(90) / 3)
    rows = pd.concat(
        [pd.DataFrame({"unique_id": f"s{at}", "ds": ds, "y": wave * (at + 1)}) for at in range(3)]
    )
    train, asked = rows[rows["ds"] < ds[80]], rows[rows["ds"] >= ds[80]]
    answer = kind(grain).fit(train, seed=1).predict(asked)
    assert len(answer) == 30
    both = answer.merge(rows, on=["unique_id", "ds"])
    assert float(((both["yhat"] - both["y"]).abs() / both["y"]).mean()) < 0.1


@BOTH
def test_a_series_that_is_seldom_sold_is_answered_by_its_mean(kind: type[LightgbmDirect]) -> None:
    rng = np.random.default_rng(2)
    ds = pd.date_range("2024-01-01", periods=300)
    rows = pd.concat(
        [
            pd.DataFrame(
                {"unique_id": f"p{at}", "ds": ds, "y": rng.poisson(0.2, 300).astype(float)}
            )
            for at in range(20)
        ],
        ignore_index=True,
    )
    train, asked = split(rows, 30)
    answer = kind(trees=50).fit(train, seed=1).predict(asked)
    assert answer["yhat"].mean() == pytest.approx(train["y"].mean(), rel=0.25)


@BOTH
def test_a_year_ahead_is_answered(kind: type[LightgbmDirect]) -> None:
    train, _ = split(stores(2, 420), 1)
    ds = pd.date_range(train["ds"].max(), periods=366)[1:]
    asked = pd.DataFrame({"unique_id": "store=0", "ds": ds, "promo": 0.0, "closed": 0.0})
    answer = kind(trees=30).fit(train, seed=1).predict(asked)
    assert len(answer) == 365
    assert answer["yhat"].between(40, 400).all()


@BOTH
def test_covariates_that_are_not_told_are_done_without(kind: type[LightgbmDirect]) -> None:
    train, asked = split(stores(2, 120), 7)
    answer = kind(trees=20).fit(train, seed=1).predict(asked[["unique_id", "ds"]])
    assert np.isfinite(answer["yhat"]).all()


@BOTH
def test_words_beside_the_numbers_are_left_alone(kind: type[LightgbmDirect]) -> None:
    train, asked = split(stores(2, 120), 7)
    plain = kind(trees=20).fit(train, seed=1).predict(asked)
    told = kind(trees=20).fit(train.assign(note="x"), seed=1).predict(asked.assign(note="y"))
    pd.testing.assert_frame_equal(plain, told)


@BOTH
def test_too_little_is_told_with_what_is_needed(kind: type[LightgbmDirect]) -> None:
    with pytest.raises(TooLittleData, match="28 values of at least one series"):
        kind().fit(stores(2, 27), seed=1)


@BOTH
def test_promotions_are_among_the_reasons(kind: type[LightgbmDirect]) -> None:
    train, _ = split(stores(4, 200), 14)
    drivers = kind(trees=50).fit(train, seed=1).explain()
    assert sum(driver.effect for driver in drivers) == pytest.approx(1.0)
    assert [driver.effect for driver in drivers] == sorted(
        (driver.effect for driver in drivers), reverse=True
    )
    promotions = next(driver for driver in drivers if driver.name == "Promotions")
    assert f"{promotions.effect:.0%} of what the trees gained" in promotions.words


@BOTH
def test_nothing_that_it_saves_is_a_pickle(kind: type[LightgbmDirect], tmp_path: Path) -> None:
    train, _ = split(stores(2, 120), 7)
    kind(trees=10).fit(train, seed=1).save(tmp_path)
    assert {path.suffix for path in tmp_path.iterdir()} <= {".txt", ".json", ".npz", ".npy"}


@BOTH
def test_a_damaged_folder_is_told(kind: type[LightgbmDirect], tmp_path: Path) -> None:
    train, _ = split(stores(2, 120), 7)
    kind(trees=10).fit(train, seed=1).save(tmp_path)
    (tmp_path / "origin.json").write_text("{", "utf-8")
    with pytest.raises(ModelError, match="holds no saved model"):
        kind.load(tmp_path)


@BOTH
def test_without_lightgbm_it_is_told(
    kind: type[LightgbmDirect], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "lightgbm", None)
    with pytest.raises(ModelError, match="pip install lightgbm"):
        kind().fit(stores(2, 120), seed=1)


@BOTH
def test_nothing_asked_is_nothing_answered(kind: type[LightgbmDirect]) -> None:
    train, asked = split(stores(2, 120), 7)
    answer = kind(trees=5).fit(train, seed=1).predict(asked.iloc[:0])
    assert list(answer.columns) == ["unique_id", "ds", "yhat"]
    assert answer.empty


def test_rows_are_answered_alike_however_many_are_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    train, asked = split(stores(3, 120), 14)
    model = LightgbmDirect(trees=10).fit(train, seed=1)
    whole = model.predict(asked)
    monkeypatch.setattr(_features, "_ROWS", 5)
    pd.testing.assert_frame_equal(model.predict(asked), whole)
