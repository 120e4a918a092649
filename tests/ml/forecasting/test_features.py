"""What global models see: nothing after the origin, and what a slow twin finds by looking at each row."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ml.forecasting.panels import stores
from omnix.ml.folds import Grain
from omnix.ml.forecasting import _features, _rolling, _training
from omnix.ml.forecasting._features import SPANS, Asked
from omnix.ml.forecasting._panel import Panel, moments, panel, periods


def block(days: int = 800, grain: Grain = "day") -> Panel:
    """Two stores with a promotion, closed on Sundays."""
    return panel(stores(2, days), grain, 1)


def asked(one: Panel, origin: int, ahead: np.ndarray) -> Asked:
    """Rows of the second series, seen from `origin`."""
    period = np.full(len(ahead), origin) + ahead
    known = {name: np.ones(len(ahead), dtype=np.float32) for name in one.known}
    return Asked(np.ones(len(ahead), dtype=np.int64), period, ahead, known)


@pytest.mark.parametrize("origin", [30, 400, 760])
def test_nothing_after_the_origin_is_seen(origin: int) -> None:
    one, ahead = block(), np.arange(1, 366)
    changed = one.y.copy()
    changed[:, origin + 1 :] = 7 - 3 * changed[:, origin + 1 :]
    other = Panel(one.grain, one.names, one.first, changed, one.known)
    seen = [
        _features.features(_features.table(each, "promo"), asked(each, each.first + origin, ahead), [])[0]
        for each in (one, other)
    ]  # fmt: skip
    np.testing.assert_array_equal(*seen)


def test_the_newest_of_a_table_answers_as_the_whole() -> None:
    one, ahead = block(), np.arange(1, 366)
    whole = _features.table(one, "promo")
    rows = asked(one, one.last, ahead)
    np.testing.assert_array_equal(
        _features.features(whole, rows, ["promo"])[0],
        _features.features(whole.newest(), rows, ["promo"])[0],
    )


def test_what_is_looked_up_is_what_a_slow_twin_finds() -> None:
    one, origin, spans = block(), 700, SPANS["day"]
    y = one.y[1].astype(float)
    past = y[: origin + 1]
    for ahead in (1, 7, 8, 48, 365):
        rows = asked(one, one.first + origin, np.array([ahead]))
        table = _features.table(one, "")
        names = _features.names(table, [])
        row = dict(zip(names, _features.features(table, rows, [])[0][0], strict=True))
        scale = float(np.nanmean(np.abs(past[-spans.long :])))
        same = [at for at in range(origin + 1) if (origin + ahead - at) % 7 == 0]
        few = past[same[-4:]]
        few_mean = np.nan if np.isnan(few).all() else float(np.nanmean(few)) / scale
        assert row["mean_usual"] == pytest.approx(np.nanmean(past[-28:]) / scale, rel=1e-5)
        assert row["season_last"] == pytest.approx(past[same[-1]] / scale, rel=1e-5, nan_ok=True)
        assert row["season_few"] == pytest.approx(few_mean, rel=1e-5, nan_ok=True)
        assert row["noughts"] == pytest.approx(0.0)
        back = 364 * (1 if ahead + spans.around <= 364 else 2)
        then = y[origin + ahead - back]
        before = y[: origin + ahead - back + 1]
        then_scale = float(np.nanmean(np.abs(before[-spans.long :])))
        assert row["year_value"] == pytest.approx(then / then_scale, rel=1e-5, nan_ok=True)


def test_the_covariate_that_moves_sales_leads() -> None:
    rows = stores(2, 200).assign(idle=lambda own: (own["ds"].dt.day % 3 == 0).astype(float))
    assert _features.leading(panel(rows, "day", 1)) == "promo"
    assert _features.leading(panel(rows.drop(columns=["promo", "idle"]), "day", 1)) == ""


def test_targets_are_seen_from_before_them_and_never_on_closed_days() -> None:
    one = block(200)
    rows, _ = _training.rows(one, "promo", 5_000, 1)
    names = _features.names(_features.table(one, "promo"), list(one.known))
    ahead = rows.x[:, names.index("ahead")]
    assert ahead.min() >= 1
    assert (rows.when - ahead >= one.first).all()
    assert not np.isnan(rows.target).any()
    assert ((rows.when + 3) % 7 != 6).all()


@settings(deadline=None, max_examples=60)
@given(
    values=st.lists(st.one_of(st.none(), st.floats(-1e6, 1e6)), min_size=1, max_size=40),
    span=st.integers(1, 45),
    step=st.integers(1, 9),
)
def test_means_are_those_of_a_loop(values: list[float | None], span: int, step: int) -> None:
    y = np.array([[np.nan if each is None else each for each in values]])
    found = _rolling.mean(y, span, step)[0]
    for at in range(len(values)):
        own = y[0, max(at - step * (span - 1), at % step) : at + 1 : 1][::-1][::step]
        own = own[~np.isnan(own)]
        expected = own.mean() if len(own) else np.nan
        assert found[at] == pytest.approx(expected, rel=1e-9, abs=1e-6, nan_ok=True)


@pytest.mark.parametrize(("grain", "freq"), [("day", "D"), ("week", "W-MON"), ("month", "MS")])
def test_periods_follow_each_other_and_lead_back_to_their_first_day(
    grain: Grain, freq: str
) -> None:
    ds = pd.Series(pd.date_range("2019-12-02", periods=60, freq=freq))
    at = periods(ds, grain)
    assert (np.diff(at) == 1).all()
    assert (moments(at, grain) == ds.to_numpy("datetime64[D]")).all()
