"""Every series is of one class, and each class is what it says."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from omnix.ml.forecasting.classes import ADI_BORDER, CLASSES, CV2_BORDER, classify


def frame(**series: object) -> pd.DataFrame:
    parts = [
        pd.DataFrame({"unique_id": name, "ds": pd.date_range("2024-01-01", periods=len(y)), "y": np.asarray(y, float)})
        for name, y in series.items()
    ]  # fmt: skip
    return pd.concat(parts, ignore_index=True)


def each(rows: pd.DataFrame, grain: str = "day") -> dict[str, str]:
    found = classify(rows, grain)
    return dict(zip(found["unique_id"], found["series_class"], strict=True))


def test_the_four_classes_and_the_four_that_come_first() -> None:
    rng = np.random.default_rng(1)
    often, rare = np.ones(400), rng.random(400) < 0.3
    even, uneven = rng.uniform(8, 12, 400), np.exp(rng.normal(2, 1.3, 400))
    found = each(
        frame(
            smooth=often * even, erratic=often * uneven, intermittent=rare * even, lumpy=rare * uneven,
            constant=np.full(400, 3.0), dead=np.r_[even, np.zeros(200)], new=even[:60], short=even[:20],
            once=np.r_[1.0, np.zeros(90)], never=np.zeros(400),
        )
    )  # fmt: skip
    assert found.pop("once") == found.pop("never") == "short"
    assert found == {name: name for name in CLASSES}


def slow(y: np.ndarray) -> tuple[float, float, int]:
    """By the words of the definition, one period after the other."""
    sold = [at for at, value in enumerate(y) if value != 0]
    if not sold:
        return np.nan, np.nan, 0
    sizes = [abs(y[at]) for at in sold]
    mean = sum(sizes) / len(sizes)
    cv2 = sum((size - mean) ** 2 for size in sizes) / len(sizes) / mean**2
    return (sold[-1] - sold[0] + 1) / len(sold), cv2, len(y) - sold[0]


@settings(deadline=None)
@given(st.lists(st.lists(st.sampled_from([0, 0, 1, 2.5, -3, 1e6]), min_size=1, max_size=60), min_size=1, max_size=5))  # fmt: skip
def test_figures_have_a_slow_twin(series) -> None:
    found = classify(frame(**{f"s{n}": y for n, y in enumerate(series)}), "day")
    for row, y in zip(found.itertuples(), series, strict=True):
        assert (row.adi, row.cv2, row.length) == pytest.approx(slow(np.array(y, float)), nan_ok=True)  # fmt: skip
        assert row.series_class in CLASSES
        if row.series_class in {"smooth", "erratic", "intermittent", "lumpy"}:
            assert (row.adi < ADI_BORDER) == (row.series_class in {"smooth", "erratic"})
            assert (row.cv2 < CV2_BORDER) == (row.series_class in {"smooth", "intermittent"})


def test_the_order_of_rows_is_no_matter() -> None:
    rng = np.random.default_rng(4)
    rows = frame(b=rng.poisson(0.5, 200), a=rng.poisson(5, 200))
    pd.testing.assert_frame_equal(
        classify(rows.sample(frac=1, random_state=1), "day"), classify(rows, "day")
    )


def test_closed_days_are_no_pauses() -> None:
    rows = frame(shop=np.random.default_rng(2).uniform(8, 12, 280))
    weekend = rows["ds"].dt.weekday >= 4
    rows["y"] = rows["y"].where(~weekend, 0.0)
    assert each(rows) == {"shop": "intermittent"}
    assert each(rows.assign(closed=weekend.astype(float))) == {"shop": "smooth"}
    assert each(rows.assign(closed=1.0, y=0.0)) == {"shop": "short"}


def test_a_series_that_always_paused_long_is_not_dead_yet() -> None:
    y = np.zeros(1400)
    y[::100] = 5.0
    y[10::100] = 7.0
    rests = np.concatenate([y, np.zeros(90)])
    assert each(frame(a=rests)) == {"a": "intermittent"}
    assert each(frame(a=np.concatenate([rests, np.zeros(120)]))) == {"a": "dead"}


@pytest.mark.parametrize(("grain", "length", "told"), [("week", 7, "short"), ("week", 20, "new"), ("week", 60, "smooth"), ("month", 2, "short"), ("month", 5, "new"), ("month", 7, "smooth")])  # fmt: skip
def test_weeks_and_months_have_their_own_lengths(grain, length, told) -> None:
    y = np.random.default_rng(3).uniform(8, 12, length)
    assert each(frame(a=y), grain) == {"a": told}


def test_no_series_have_no_classes() -> None:
    assert len(classify(frame(a=[1.0]).iloc[:0], "day")) == 0
