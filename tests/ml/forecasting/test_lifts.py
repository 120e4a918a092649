"""Promotions in models of the past alone: found where planted, nought where not, given back where planned."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from omnix.ml.forecasting import candidate
from omnix.ml.forecasting.candidates._lifts import Lifts

DAYS = pd.date_range("2023-01-02", periods=800)
SPELLS = [("2023-04-03", "2023-04-09"), ("2023-11-23", "2023-11-30"), ("2024-05-06", "2024-05-12")]
WEEK = np.array([1.0, 0.9, 0.9, 1.0, 1.2, 1.6, 1.3])


def shop(lift: float, *, black: float | None = None, noise: float = 0.05, series: int = 1, seed: int = 0) -> pd.DataFrame:  # fmt: skip
    """Series with weekdays and three promotions, the second of which may bring more than the others."""
    random = np.random.default_rng(seed)
    promo, factor = np.zeros(len(DAYS)), np.ones(len(DAYS))
    for at, (first, last) in enumerate(SPELLS):
        on = (first <= DAYS) & (last >= DAYS)
        promo[on] = 1.0
        factor[on] = 1 + (lift if at != 1 or black is None else black)
    parts = []
    for at in range(series):
        y = 100 * (at + 1) * WEEK[DAYS.weekday] * factor * random.lognormal(0, noise, len(DAYS))
        parts.append(pd.DataFrame({"unique_id": f"s{at:03d}", "ds": DAYS, "y": y, "promo": promo}))
    return pd.concat(parts, ignore_index=True)


def ahead(first: str, periods: int, promoted: tuple[str, str], name: str = "s000") -> pd.DataFrame:
    days = pd.date_range(first, periods=periods)
    on = (promoted[0] <= days) & (promoted[1] >= days)
    return pd.DataFrame({"unique_id": name, "ds": days, "promo": on.astype(float)})


@pytest.mark.parametrize("lift", [-0.3, 0.2, 1.0])
def test_what_was_planted_is_found(lift: float) -> None:
    found = Lifts.learnt(shop(lift), "day")
    assert found.usual == pytest.approx(lift, abs=0.04)
    assert found.by_series["s000"] == pytest.approx(lift, abs=0.04)


def test_where_nothing_was_planted_little_is_found() -> None:
    lifts = [Lifts.learnt(shop(0.0, noise=0.3, seed=seed), "day").usual for seed in range(20)]
    assert lifts.count(0.0) >= 5
    assert np.max(np.abs(lifts)) < 0.2


def test_without_them_the_past_is_ordinary() -> None:
    rows = shop(0.8, noise=0.0)
    plain = shop(0.0, noise=0.0)
    assert Lifts.learnt(rows, "day").without(rows)["y"].to_numpy() == pytest.approx(
        plain["y"].to_numpy()
    )


def test_a_promotion_that_was_unusual_comes_again_a_year_later() -> None:
    found = Lifts.learnt(shop(0.2, black=1.2), "day")
    asked = ahead("2024-11-20", 14, ("2024-11-22", "2024-11-29"))
    on = asked["promo"].to_numpy() > 0
    factors = found.factors(asked)
    assert (factors[~on] == 1).all()
    assert factors[on] == pytest.approx(2.2, rel=0.05)
    other = found.factors(ahead("2024-08-01", 7, ("2024-08-01", "2024-08-07")))
    assert (other < 2).all()


def test_series_differ_only_as_far_as_they_are_sure_to() -> None:
    rows = shop(0.5, noise=0.4, series=30)
    found = Lifts.learnt(rows, "day").by_series
    assert np.std(list(found.values())) < 0.05
    strong = rows["unique_id"] == "s007"
    told = rows.assign(y=rows["y"].where(~(strong & (rows["promo"] > 0)), rows["y"] * 3))
    found = Lifts.learnt(told, "day").by_series
    assert found["s007"] > 1.5
    assert np.median([lift for name, lift in found.items() if name != "s007"]) < 1


def test_stores_with_promotions_of_their_own_are_told_apart() -> None:
    """Half of the stores promote every other week, the others in the weeks between."""
    rows = shop(0.0, noise=0.02, series=4).drop(columns="promo")
    odd = (rows["ds"].dt.isocalendar().week % 2 == 1).to_numpy()
    second = rows["unique_id"].isin(["s001", "s003"]).to_numpy()
    promo = (odd ^ second).astype(float)
    found = Lifts.learnt(rows.assign(promo=promo, y=rows["y"] * (1 + 0.4 * promo)), "day")
    assert list(found.by_series.values()) == pytest.approx([0.4] * 4, abs=0.02)
    assert found.episodes == ()


def test_a_share_of_a_week_brings_its_share() -> None:
    weeks = pd.date_range("2022-01-03", periods=150, freq="W-MON")
    promo = np.zeros(150)
    promo[[20, 60, 100]] = [1.0, 2 / 7, 1.0]
    rows = pd.DataFrame(
        {"unique_id": "a", "ds": weeks, "promo": promo, "y": 100 * (1 + 0.7 * promo)}
    )
    found = Lifts.learnt(rows, "week")
    assert found.without(rows)["y"].to_numpy() == pytest.approx(np.full(150, 100.0), rel=1e-6)


def test_histories_without_promotions_have_none() -> None:
    rows = shop(0.3)
    assert Lifts.learnt(rows.drop(columns="promo"), "day") == Lifts("day")
    assert Lifts.learnt(rows.assign(promo=0.0), "day") == Lifts("day")
    assert Lifts.learnt(rows.assign(promo=1.0), "day").usual == 0
    assert Lifts.learnt(rows.assign(y=0.0), "day").usual == 0


def test_they_survive_json() -> None:
    found = Lifts.learnt(shop(0.2, black=1.2, series=3), "day")
    assert Lifts.from_dict(json.loads(json.dumps(found.to_dict())), "day") == found


@settings(max_examples=50, deadline=None)
@given(
    y=st.lists(st.floats(-1e12, 1e12), min_size=30, max_size=120),
    promo=st.lists(st.sampled_from([0.0, 0.0, 0.5, 1.0, np.nan]), min_size=120, max_size=120),
)
def test_any_history_gives_finite_factors(y: list[float], promo: list[float]) -> None:
    rows = pd.DataFrame({"unique_id": "a", "ds": pd.date_range("2024-01-01", periods=len(y)), "y": y, "promo": promo[: len(y)]})  # fmt: skip
    found = Lifts.learnt(rows, "day")
    factors = found.factors(rows)
    assert np.isfinite(factors).all()
    assert ((factors >= 0.1) & (factors <= 10)).all()
    assert np.isfinite(found.without(rows)["y"]).all()


@pytest.mark.parametrize("name", ["theta", "auto_ets", "croston", "last_year"])
def test_a_model_of_the_past_alone_lifts_what_is_planned(name: str) -> None:
    rows = shop(0.2, black=1.2)
    model = candidate(name).fit(rows, seed=7)
    asked = ahead("2025-03-12", 21, ("2025-03-17", "2025-03-23"))
    promoted = model.predict(asked)["yhat"].to_numpy()
    plain = model.predict(asked.assign(promo=0.0))["yhat"].to_numpy()
    on = asked["promo"].to_numpy() > 0
    assert (promoted[~on] == plain[~on]).all()
    assert (promoted[on] > 1.1 * plain[on]).all()
    assert any(driver.name == "promo" for driver in model.explain())


def test_baselines_do_without() -> None:
    model = candidate("moving_average").fit(shop(1.0), seed=7)
    asked = ahead("2025-03-12", 14, ("2025-03-12", "2025-03-25"))
    assert model.predict(asked)["yhat"].nunique() == 1
