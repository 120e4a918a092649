"""The engine from end to end on a small shop: closed days, sums, intervals, a model that is kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from ml.forecasting.shops import SUMS, shop
from omnix.ml import metrics
from omnix.ml.checks import looks_ahead
from omnix.ml.errors import ModelError, TooLittleData
from omnix.ml.folds import Fold
from omnix.ml.forecasting.backtest import backtest, pairs, scale
from omnix.ml.forecasting.bundle import Chosen
from omnix.ml.forecasting.decide import scores
from omnix.ml.forecasting.grains import Grains
from omnix.ml.forecasting.origins import origins
from omnix.ml.forecasting.reconcile import Structure
from omnix.ml.forecasting.run import Result, compare, run
from omnix.ml.forecasting.task import Known, Task
from omnix.ml.model import keep, reopen

FEW = ("theta", "croston")


@pytest.fixture(scope="module")
def made() -> Result:
    return run(shop(), models=FEW, stages=(SUMS,))


def test_every_series_has_its_horizon(made: Result) -> None:
    counts = made.rows.groupby("unique_id")["ahead"].agg(["min", "max", "size"])
    assert counts.loc["shop="].tolist() == [1, 28, 28]
    assert counts.loc["product=rare"].tolist() == [1, 14, 14]


def test_a_shop_closed_on_sundays_forecasts_nought_on_sundays(made: Result) -> None:
    sundays = made.rows[made.rows["ds"].dt.weekday == 6]
    assert len(sundays)
    assert sundays["closed"].all()
    assert (sundays[["value", "baseline", "lower_95", "upper_95"]] == 0).all().all()
    others = made.rows[made.rows["ds"].dt.weekday != 6]
    assert not others["closed"].any()


def test_levels_add_up(made: Result) -> None:
    wide = made.rows.pivot(index="ds", columns="unique_id", values="value")
    assert np.allclose(wide["shop="], wide["country=A"] + wide["country=B"], atol=1e-6)


def test_intervals_are_nested_and_hold_the_forecast(made: Result) -> None:
    rows = made.rows
    ends = ["lower_95", "lower_80", "lower_50", "value", "upper_50", "upper_80", "upper_95"]
    assert (rows[ends].diff(axis=1).iloc[:, 1:] >= -1e-9).all().all()
    assert (rows["lower_95"] >= 0).all()


def test_it_beats_the_baseline_where_there_is_a_week_and_says_why(made: Result) -> None:
    choice = made.choice("shop=")
    assert choice.model != choice.baseline
    assert choice.margin > 0.02
    assert "past cuts" in choice.reason
    told = made.comparison[made.comparison["unique_id"] == "shop="]
    assert told["chosen"].sum() == 1
    assert 0.5 <= told.loc[told["chosen"], "coverage_80"].item() <= 1


def test_the_same_question_has_the_same_answer(made: Result) -> None:
    again = run(shop(), models=FEW, stages=(SUMS,))
    pd.testing.assert_frame_equal(again.rows, made.rows)
    pd.testing.assert_frame_equal(again.comparison, made.comparison)


def test_the_order_of_rows_is_no_matter(made: Result) -> None:
    task = shop()
    mixed = replace(task, history=task.history.sample(frac=1, random_state=1))
    pd.testing.assert_frame_equal(run(mixed, models=FEW, stages=(SUMS,)).rows, made.rows)


def test_what_is_kept_answers_the_same(made: Result, tmp_path: Path) -> None:
    task = shop()
    future = task.at(task.last).future
    before = made.chosen.predict(future)
    keep(made.chosen, tmp_path / "chosen")
    loaded = reopen(tmp_path / "chosen")
    assert isinstance(loaded, Chosen)
    assert loaded.predict(future).equals(before)
    assert loaded.baseline(future).equals(made.chosen.baseline(future))
    keep(Grains({"day": made.chosen}), tmp_path / "grains")
    both = reopen(tmp_path / "grains")
    named = future.assign(unique_id="day|" + future["unique_id"])
    assert np.array_equal(both.predict(named)["yhat"], before["yhat"])
    stranger = future.head(3).assign(unique_id="year|nobody")
    assert np.isfinite(both.predict(stranger)["yhat"]).all()


def test_one_that_is_asked_for_by_name_forecasts() -> None:
    found = run(shop(), models=("mstl",))
    assert {choice.model for choice in found.plan.choices.values()} == {"mstl"}
    assert "by name" in found.choice("shop=").reason


def test_what_does_not_exist_is_told() -> None:
    with pytest.raises(ModelError, match="'profet'"):
        compare(shop(), ("profet",))


@pytest.mark.parametrize("days", [1, 14, 27])
def test_two_weeks_are_too_little(days: int) -> None:
    with pytest.raises(TooLittleData) as told:
        run(shop(days), models=FEW)
    assert "28 days" in told.value.needed


def test_twenty_eight_days_are_enough() -> None:
    assert len(run(shop(28)).rows) == 3 * 28 + 14


def test_nothing_after_a_cut_shows_in_what_is_said_of_it() -> None:
    """Sales after the cut, of the series and of the shop from which the calendar is learnt, are changed."""
    task = shop()

    def build(frame: pd.DataFrame, cut: date) -> pd.DataFrame:
        daily = frame[frame["unique_id"] == "shop="][["ds", "y"]]
        assert task.known is not None
        other = replace(task, history=frame, known=replace(task.known, daily=daily))
        fold = Fold(cut, 28)
        asked = other.at(cut, {"shop": 28, "country": 28, "product": 14})
        return asked.future.merge(
            asked.train.groupby("unique_id")["y"].sum(), on="unique_id"
        ).assign(cut=str(fold.cut))

    assert looks_ahead(build, task.history, date(2024, 5, 1)) == []


def test_a_planted_leak_is_seen() -> None:
    """A feature that is the mean of the coming week is found by the same check."""
    task = shop()

    def build(frame: pd.DataFrame, cut: date) -> pd.DataFrame:
        coming = frame.groupby("unique_id")["y"].transform(lambda y: y.shift(-7))
        return frame.assign(coming=coming)[frame["ds"] == np.datetime64(cut)][
            ["unique_id", "coming"]
        ]

    assert looks_ahead(build, task.history, date(2024, 5, 1)) == ["y"]


def test_scores_are_those_of_the_plain_functions() -> None:
    task = shop()
    when = origins(date(2024, 1, 1), task.last, 28, "day")
    tests = backtest(
        task, when, {"shop": ["seasonal_naive"], "product": ["seasonal_naive"]}, seed=1
    )
    wide = pairs(tests)
    found = scores(wide, wide["seasonal_naive"].to_numpy())
    for name, own in wide.groupby(level="unique_id"):
        y = own.index.get_level_values("actual").to_numpy()
        yhat = own["seasonal_naive"].to_numpy()
        for score in ("wape", "mape", "smape", "rmse", "mae", "bias", "r2"):
            expected = getattr(metrics, score)(y, yhat)
            assert found.loc[name, score] == pytest.approx(expected, nan_ok=True), score
        unit = own.index.get_level_values("scale").to_numpy()
        assert found.loc[name, "mase"] == pytest.approx(np.mean(np.abs(y - yhat) / unit))


def test_the_scale_is_the_seasonal_difference() -> None:
    task = shop()
    found = scale(task.history, 7)
    own = task.history[task.history["unique_id"] == "shop="].sort_values("ds")["y"].to_numpy()
    assert found["shop="] == pytest.approx(np.abs(own[7:] - own[:-7]).mean())
    still = task.history.assign(y=5.0)
    assert (scale(still, 7) == 0.05).all()
    assert (scale(still.assign(y=0.0), 7) == 1.0).all()
    first = still.groupby("unique_id").head(1)
    assert (scale(first, 7) == 5.0).all()


def _small_shop(**series: list[float]) -> Task:
    """Products that add up to the shop, by day; each ends today."""
    ds = pd.date_range("2024-01-01", periods=max(map(len, series.values())))
    parts = {f"product={name}": pd.Series(y, ds[-len(y) :]) for name, y in series.items()}
    parts["shop="] = pd.concat(parts, axis=1).fillna(0.0).sum(axis=1)
    rows = [pd.DataFrame({"unique_id": name, "ds": y.index, "y": y.to_numpy()}) for name, y in parts.items()]  # fmt: skip
    levels = {name: name.partition("=")[0] for name in parts}
    daily = pd.DataFrame({"ds": ds, "y": 1.0})
    return Task("day", pd.concat(rows, ignore_index=True), levels, {"shop": 14, "product": 14}, Known(daily=daily))  # fmt: skip


def test_a_product_born_yesterday_leaves_its_neighbour_as_it_is() -> None:
    task = _small_shop(steady=[3.0] * 120, born=[1.0])
    sums = Structure((("shop=", ("product=born", "product=steady")),))
    rows = run(task, models=("moving_average",), stages=(sums,)).rows
    assert np.allclose(rows.loc[rows["unique_id"] == "product=steady", "value"], 3.0, atol=0.05)


def test_refunds_alone_keep_their_scale() -> None:
    refunds = [0.0, -500.0, 0.0, -300.0] * 30
    task = _small_shop(steady=[3.0] * 120, refunds=refunds)
    told = task.at(task.last).train
    assert told.loc[told["unique_id"] == "product=refunds", "y"].tolist() == refunds


def test_a_mass_refund_teaches_nothing() -> None:
    rng = np.random.default_rng(3)
    sold = rng.uniform(30, 42, 120)
    sold[-3] = -1900.0
    rows = run(_small_shop(steady=list(sold)), models=("moving_average",)).rows
    assert rows["value"].between(30, 42).all()
