"""The LSTM: what it learns, that it needs torch only to learn, what it keeps."""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from ml.forecasting.panels import error, split, stores
from omnix.ml.errors import ModelError, TooLittleData
from omnix.ml.forecasting.candidates.lstm import Lstm

pytest.importorskip("torch", reason="torch is not installed")


@cache
def fitted() -> tuple[Lstm, pd.DataFrame]:
    """A model of four stores, and the days that follow."""
    train, asked = split(stores(4, 240), 28)
    return Lstm().fit(train, seed=1), asked


def test_it_learns_weekdays_and_promotions() -> None:
    model, asked = fitted()
    assert error(model.predict(asked), asked) < 0.08


def test_a_promotion_is_answered_by_what_promotions_brought() -> None:
    model, asked = fitted()
    without, with_it = (model.predict(asked.assign(promo=on))["yhat"].sum() for on in (0.0, 1.0))
    assert with_it / without == pytest.approx(1.5, abs=0.12)


def test_what_stands_on_closed_days_teaches_nothing() -> None:
    train, asked = split(stores(2, 120), 14)
    filled = train.assign(y=train["y"].where(train["closed"] == 0, 1e6))
    one, other = (Lstm(rounds=1).fit(each, seed=1).predict(asked) for each in (train, filled))
    pd.testing.assert_frame_equal(one, other)


def test_answers_need_no_torch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model, asked = fitted()
    model.save(tmp_path)
    monkeypatch.setitem(sys.modules, "torch", None)
    pd.testing.assert_frame_equal(Lstm.load(tmp_path).predict(asked), model.predict(asked))


def test_learning_without_torch_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "torch", None)
    assert Lstm.name == "lstm"
    with pytest.raises(ModelError, match="pip install torch"):
        Lstm().fit(stores(2, 120), seed=1)


def test_chance_and_threads_elsewhere_stay_as_they_are() -> None:
    import torch

    train, _ = split(stores(2, 120), 14)
    torch.manual_seed(5)
    threads, state = torch.get_num_threads(), torch.random.get_rng_state()
    Lstm(rounds=1).fit(train, seed=1)
    assert torch.get_num_threads() == threads
    assert torch.equal(torch.random.get_rng_state(), state)


@pytest.mark.parametrize(("grain", "freq"), [("week", "W-MON"), ("month", "MS")])
def test_weeks_and_months(grain: str, freq: str) -> None:
    ds = pd.date_range("2018-01-01", periods=90, freq=freq)
    wave = 10 + np.sin(np.arange(90) / 3)
    rows = pd.concat(
        [pd.DataFrame({"unique_id": f"s{at}", "ds": ds, "y": wave * (at + 1)}) for at in range(3)]
    )
    train, asked = rows[rows["ds"] < ds[80]], rows[rows["ds"] >= ds[80]]
    answer = Lstm(grain, rounds=4).fit(train, seed=1).predict(asked)
    both = answer.merge(rows, on=["unique_id", "ds"])
    assert len(answer) == 30
    assert float(((both["yhat"] - both["y"]).abs() / both["y"]).mean()) < 0.15


def test_too_little_is_told_with_what_is_needed() -> None:
    with pytest.raises(TooLittleData, match="56 values of at least one series"):
        Lstm().fit(stores(2, 55), seed=1)


def test_what_it_rests_on_is_told_the_most_important_first() -> None:
    drivers = fitted()[0].explain()
    effects = [driver.effect for driver in drivers]
    assert effects == sorted(effects, reverse=True)
    assert {"Promotions", "What was sold in the last weeks, day by day"} <= {
        d.name for d in drivers
    }


def test_nothing_that_it_saves_is_a_pickle(tmp_path: Path) -> None:
    fitted()[0].save(tmp_path)
    assert {path.suffix for path in tmp_path.iterdir()} == {".json", ".npz"}


def test_a_damaged_folder_is_told(tmp_path: Path) -> None:
    fitted()[0].save(tmp_path)
    (tmp_path / "network.npz").write_bytes(b"PK\x03\x04 and no more")
    with pytest.raises(ModelError, match="holds no saved LSTM"):
        Lstm.load(tmp_path)
