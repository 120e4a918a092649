"""Prophet: it reads what is known, leaves closed days out, says nothing, keeps plain JSON."""

from __future__ import annotations

import json
import logging
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from omnix.ml.errors import ModelError, TooLittleData
from omnix.ml.forecasting import candidate, candidates
from omnix.ml.model import Forecaster, keep, reopen

pytest.importorskip("prophet", reason="the extra prophet is not installed")

WEEK = np.array([1.0, 0.9, 0.8, 1.0, 1.2, 1.8, 1.6])


def shop(days: int = 150) -> pd.DataFrame:
    """Daily sales that a promotion lifts by 40 %, nothing on closed Saturdays."""
    rng = np.random.default_rng(8)
    ds = pd.date_range("2023-01-02", periods=days)
    promo = (rng.uniform(size=days) < 0.2).astype(float)
    closed = (ds.weekday == 5).astype(float)
    y = 100 * WEEK[ds.weekday] * (1 + 0.4 * promo) * rng.uniform(0.95, 1.05, days) * (1 - closed)
    return pd.DataFrame({"unique_id": "a", "ds": ds, "y": y, "promo": promo, "closed": closed})


def future(rows: pd.DataFrame, promo: float) -> pd.DataFrame:
    ds = pd.date_range(rows["ds"].max(), periods=15)[1:]
    return pd.DataFrame({"unique_id": "a", "ds": ds, "promo": promo, "closed": 0.0})


@pytest.fixture(scope="module")
def fitted() -> Forecaster:
    return candidate("prophet").fit(shop(), seed=1)


def test_a_promotion_lifts_the_answer_by_what_it_brought(fitted: Forecaster) -> None:
    plain, lifted = (fitted.predict(future(shop(), promo))["yhat"] for promo in (0.0, 1.0))
    assert 1.35 < lifted.mean() / plain.mean() < 1.45
    drivers = {driver.name: driver for driver in fitted.explain()}
    assert 0.3 < drivers["promo"].effect < 0.5
    assert "promo" in drivers["promo"].words


def test_closed_days_teach_nothing(fitted: Forecaster) -> None:
    rows = shop()
    other = rows.assign(y=rows["y"].where(rows["closed"] == 0, 1e6))
    asked = future(rows, 0.0)
    again = candidate("prophet").fit(other, seed=1).predict(asked)
    open_days = asked["ds"].dt.weekday != 5
    assert np.allclose(again["yhat"][open_days], fitted.predict(asked)["yhat"][open_days])


def test_what_is_not_said_of_the_future_is_as_usual(fitted: Forecaster) -> None:
    asked = future(shop(), 0.0)
    expected = fitted.predict(asked)
    assert fitted.predict(asked.drop(columns=["promo", "closed"])).equals(expected)
    assert fitted.predict(asked.assign(promo=np.nan, other=3.0)).equals(expected)


def test_the_usual_price_is_one() -> None:
    rows = shop()
    price = np.where(np.arange(len(rows)) % 9 == 0, 0.8, 1.0)
    rows = rows.assign(price=price, y=rows["y"] * np.where(price < 1, 1.3, 1.0))
    model = candidate("prophet").fit(rows, seed=1)
    asked = future(rows, 0.0)
    assert model.predict(asked).equals(model.predict(asked.assign(price=1.0)))
    cheaper = model.predict(asked.assign(price=0.8))["yhat"]
    assert 1.2 < cheaper.mean() / model.predict(asked)["yhat"].mean() < 1.4


def test_it_says_nothing(
    capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    logging.getLogger("cmdstanpy").setLevel(logging.DEBUG)
    with caplog.at_level(logging.DEBUG):
        candidate("prophet").fit(shop(40), seed=1).predict(future(shop(40), 0.0))
    assert capfd.readouterr() == ("", "")
    assert not caplog.records
    assert not logging.getLogger("prophet").disabled


def test_nothing_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import cmdstanpy

    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    before = set(Path(cmdstanpy._TMPDIR).iterdir())
    candidate("prophet").fit(shop(60), seed=1)
    assert set(Path(cmdstanpy._TMPDIR).iterdir()) == before
    assert list(tmp_path.iterdir()) == []


def test_it_is_kept_as_json_without_history_and_paths(fitted: Forecaster, tmp_path: Path) -> None:
    keep(fitted, tmp_path)
    text = (tmp_path / "prophet.json").read_text()
    model = json.loads(json.loads(text)["models"]["a"]["model"])
    assert model["fit_kwargs"] == {}
    assert len(json.loads(model["history"])["data"]) == 2
    assert len(text) < 20_000
    asked = future(shop(), 1.0)
    assert reopen(tmp_path).predict(asked).equals(fitted.predict(asked))


def test_series_it_cannot_fit_are_left_to_the_baseline() -> None:
    rows = shop(60)
    short = rows.tail(5).assign(unique_id="short")
    shut = rows.assign(unique_id="shut", closed=1.0)
    flat = rows.assign(unique_id="flat", y=3.0)
    every = pd.concat([rows, short, shut, flat], ignore_index=True)
    model = candidate("prophet").fit(every, seed=1)
    baseline = candidate("seasonal_naive").fit(every, seed=1)
    for name in ("short", "shut", "flat"):
        asked = future(rows, 0.0).assign(unique_id=name)
        assert model.predict(asked).equals(baseline.predict(asked))
    assert any("1 series" in driver.words for driver in model.explain())


def test_too_little_alone_is_told() -> None:
    with pytest.raises(TooLittleData) as told:
        candidate("prophet").fit(shop(13), seed=1)
    assert "14 days" in told.value.needed


@pytest.mark.parametrize(("grain", "freq", "count"), [("week", "W-MON", 110), ("month", "MS", 30)])
def test_coarser_grains(grain: str, freq: str, count: int) -> None:
    ds = pd.date_range("2021-01-01", periods=count + 6, freq=freq)
    y = 100 + 20 * np.sin(2 * np.pi * ds.dayofyear / 365) + np.arange(len(ds)) % 3
    rows = pd.DataFrame({"unique_id": "a", "ds": ds, "y": y})
    model = candidate("prophet", grain).fit(rows[:count], seed=1)  # type: ignore[arg-type]
    found = model.predict(rows[count:].drop(columns="y"))
    assert np.abs(found["yhat"].to_numpy() - y[count:]).max() < 12


def test_without_the_package_it_is_not_a_candidate_and_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    model = candidate("prophet")
    monkeypatch.setitem(sys.modules, "prophet", None)
    assert "prophet" not in candidates()
    with pytest.raises(ModelError, match=r"pip install 'omnix\[prophet\]'"):
        model.fit(shop(40), seed=1)


def test_a_folder_without_it_is_told(tmp_path: Path) -> None:
    kind = type(candidate("prophet"))
    with pytest.raises(ModelError, match="holds no prophet"):
        kind.load(tmp_path)
