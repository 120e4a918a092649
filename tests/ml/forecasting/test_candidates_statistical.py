"""The candidates of statsforecast: what they find, what they fall back to, what they never say."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from omnix.ml.errors import TooLittleData
from omnix.ml.folds import Grain
from omnix.ml.forecasting import candidate, candidates
from omnix.ml.forecasting.candidates._seasons import laid_out, profiles
from omnix.ml.forecasting.candidates._statsforecast import bounded
from omnix.ml.forecasting.candidates._tails import filled
from omnix.ml.model import Forecaster

STATISTICAL = ["auto_arima", "auto_ets", "mstl", "theta"]
INTERMITTENT = ["adida", "croston", "tsb"]
FREQ = {"day": "D", "week": "W-MON", "month": "MS"}
LENGTH = {"day": 120, "week": 130, "month": 40}
WEEK = np.array([1.0, 0.9, 0.8, 1.0, 1.2, 1.8, 1.6])


def history(y: np.ndarray, name: str = "a", grain: Grain = "day") -> pd.DataFrame:
    ds = pd.date_range("2021-11-01", periods=len(y), freq=FREQ[grain])
    return pd.DataFrame({"unique_id": name, "ds": ds, "y": y.astype(float)})


def after(rows: pd.DataFrame, periods: int, grain: Grain = "day") -> pd.DataFrame:
    parts = []
    for name, own in rows.groupby("unique_id"):
        ds = pd.date_range(own["ds"].max(), periods=periods + 1, freq=FREQ[grain])[1:]
        parts.append(pd.DataFrame({"unique_id": name, "ds": ds}))
    return pd.concat(parts, ignore_index=True)


def told(name: str, rows: pd.DataFrame, periods: int = 14, grain: Grain = "day") -> np.ndarray:
    model = candidate(name, grain).fit(rows, seed=1)
    return model.predict(after(rows, periods, grain))["yhat"].to_numpy()


def weekly(days: int, noise: float = 0.03) -> np.ndarray:
    return 50 * WEEK[np.arange(days) % 7] * (1 + noise * np.random.default_rng(2).normal(size=days))


def test_families() -> None:
    families = {name: candidate(name).family for name in candidates()}
    found = {n for n, family in families.items() if family == "statistical"}
    assert found == {*STATISTICAL, "last_year"}
    assert {n for n, family in families.items() if family == "intermittent"} == set(INTERMITTENT)


@pytest.mark.parametrize("name", STATISTICAL)
def test_weekdays_are_found(name: str) -> None:
    y = weekly(182)
    expected = 50 * WEEK[np.arange(182, 196) % 7]
    assert np.abs(told(name, history(y)) / expected - 1).max() < 0.1


@pytest.mark.parametrize("grain", ["week", "month"])
@pytest.mark.parametrize("name", STATISTICAL + INTERMITTENT)
def test_coarser_grains_are_answered_beyond_what_is_kept(name: str, grain: Grain) -> None:
    rng = np.random.default_rng(4)
    rows = history(20 + 5 * rng.uniform(size=LENGTH[grain]), grain=grain)
    found = told(name, rows, 400, grain)
    assert np.isfinite(found).all()
    assert ((found > 0) & (found < 60)).all()


@pytest.mark.parametrize("name", ["auto_arima", "mstl", "theta"])
def test_the_year_of_weekly_sales_is_found(name: str) -> None:
    at = np.arange(156 + 26)
    y = 100 + 30 * np.sin(2 * np.pi * at / 52)
    noisy = y + 3 * np.random.default_rng(3).normal(size=len(y))
    found = told(name, history(noisy[:156], grain="week"), 26, "week")
    assert np.corrcoef(found, y[156:])[0, 1] > 0.95


def test_the_weeks_of_a_year_are_too_many_for_a_seasonal_arima() -> None:
    rows = history(100 + np.random.default_rng(3).normal(size=110), grain="week")
    names = [driver.name for driver in candidate("auto_arima", "week").fit(rows, seed=1).explain()]
    assert any(name.startswith("ARIMA(") and name.endswith(" + waves") for name in names)


def test_mstl_finds_the_year_of_daily_sales() -> None:
    at = np.arange(730 + 90)
    y = 100 * WEEK[at % 7] + 40 * np.cos(2 * np.pi * at / 365)
    found = told("mstl", history(y[:730]), 90)
    assert np.abs(found - y[730:]).mean() < 6
    without = told("mstl", history(y[30:730]), 90)  # not quite two years
    assert np.abs(without - y[730:]).mean() > 10


def test_profiles_end_where_the_series_ends() -> None:
    y = np.array([0.0, 1, 2, 3, 4, 5, 6] * 10 + [0, 1])
    last = profiles(y, "day")
    assert [len(each) for each in last] == [7]
    season = laid_out(last, len(y), 3)
    assert np.allclose(season - season.mean(), np.r_[y, 2, 3, 4] - 3, atol=0.3)


@pytest.mark.parametrize("name", STATISTICAL + INTERMITTENT)
def test_too_little_alone_is_told_and_beside_others_answered(name: str) -> None:
    model = candidate(name)
    short = history(np.arange(1.0, model.needs), "short")
    with pytest.raises(TooLittleData) as told_so:
        candidate(name).fit(short, seed=1)
    assert f"at least {model.needs} days" in told_so.value.needed
    both = pd.concat([short, history(weekly(60), "usual")], ignore_index=True)
    found = candidate(name).fit(both, seed=1).predict(after(short, 5))["yhat"]
    plain = "moving_average" if name in INTERMITTENT else "seasonal_naive"
    baseline = candidate(plain).fit(short, seed=1).predict(after(short, 5))["yhat"]
    assert list(found) == list(baseline)


@pytest.mark.parametrize("name", ["theta", "croston"])
def test_one_series_that_fails_costs_the_others_nothing(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    kind = type(candidate(name))
    fine = kind.one

    def one(self: Forecaster, y: np.ndarray) -> tuple[np.ndarray, str]:
        if len(y) == 50:
            raise ZeroDivisionError
        path, note = fine(self, y)
        return (path * np.nan if len(y) == 70 else path), note

    usual, nan, bad = (history(weekly(days), str(days)) for days in (60, 70, 50))
    alone = told(name, usual)
    monkeypatch.setattr(kind, "one", one)
    model = candidate(name).fit(pd.concat([usual, nan, bad]), seed=1)
    assert list(model.predict(after(usual, 14))["yhat"]) == list(alone)
    assert np.isfinite(model.predict(after(bad, 14))["yhat"]).all()
    words = " ".join(driver.words for driver in model.explain())
    assert "baseline (ZeroDivisionError): 1 series." in words
    assert "baseline (not finite): 1 series." in words


def test_a_trend_ends_where_nobody_has_been() -> None:
    y = np.array([10.0, 20, 30])
    assert list(bounded(np.array([-50.0, 5, 45, 90]), y)) == [0, 5, 45, 50]
    assert list(bounded(np.array([-90.0, 20]), -y)) == [-50, 0]
    assert list(bounded(np.array([-90.0, 90]), np.array([-1.0, 2]))) == [-4, 5]


@pytest.mark.parametrize("name", STATISTICAL)
def test_no_sales_below_nought_a_year_on(name: str) -> None:
    falling = np.maximum(200 - 2.0 * np.arange(95), 5) + weekly(95) / 50
    assert told(name, history(falling), 366).min() >= 0


def test_gaps_are_filled_by_the_season_before_else_after() -> None:
    nan = np.nan
    rows = np.array([[nan, 1.0, nan, 3, nan, 5, 6], [1, 2, 3, 4, 5, 6, 7]])
    one, other = filled(rows, 3)
    assert list(one) == [1, 5, 3, 1, 5, 6]
    assert list(other) == [1, 2, 3, 4, 5, 6, 7]
    assert list(filled(np.array([[4.0, nan, 8]]), 3)[0]) == [4, 6, 8]


@pytest.mark.parametrize("name", INTERMITTENT)
def test_rates_are_near_the_mean_of_steady_rare_sales(name: str) -> None:
    y = np.random.default_rng(5).binomial(1, 0.2, 400) * 3.0
    found = told(name, history(y), 30)
    assert len(set(found)) == 1
    assert 0.3 < found[0] < 0.9


def test_what_is_no_longer_sold_goes_to_nought_by_tsb_alone() -> None:
    y = np.r_[np.tile([0.0, 0, 0, 4], 30), np.zeros(60)]
    found = {name: told(name, history(y), 1)[0] for name in INTERMITTENT}
    assert found["tsb"] < 0.05 < found["croston"]


@pytest.mark.parametrize("name", INTERMITTENT)
def test_refunds_are_demand_of_the_other_sign(name: str) -> None:
    y = np.random.default_rng(6).binomial(1, 0.3, 120) * 5.0
    assert np.allclose(told(name, history(-y)), -told(name, history(y)))


def test_croston_is_statsforecasts_own() -> None:
    from statsforecast.models import CrostonSBA

    y = np.random.default_rng(7).binomial(1, 0.3, 120) * 5.0
    expected = CrostonSBA().forecast(y=y, h=1)["mean"][0]
    assert told("croston", history(y), 1)[0] == pytest.approx(expected)


def test_the_forms_that_were_chosen_are_told_the_most_frequent_first() -> None:
    rows = pd.concat([history(weekly(90, noise), str(noise)) for noise in (0.02, 0.1, 0.3)])
    drivers = candidate("auto_ets").fit(rows, seed=1).explain()
    forms = [driver for driver in drivers if driver.name.startswith("ETS(")]
    assert 1 <= len(forms) <= 3
    assert [d.effect for d in forms] == sorted((d.effect for d in forms), reverse=True)
    assert {driver.name for driver in drivers} >= {"level", "season"}


def test_only_plain_files_are_written(tmp_path: Path) -> None:
    model = candidate("theta").fit(history(weekly(60)), seed=1)
    model.save(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {"paths.npy", "series.json"}
    assert np.load(tmp_path / "paths.npy", allow_pickle=False).shape == (1, 366)
