"""The walk over the candidates, and the two baselines beside slow twins."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from omnix.core.errors import ContractError
from omnix.ml import forecasting, frames
from omnix.ml.errors import ModelError, NotFittedError
from omnix.ml.forecasting.candidates._tails import Tails, ordinals
from omnix.ml.forecasting.candidates.moving_average import MovingAverage
from omnix.ml.forecasting.candidates.seasonal_naive import SeasonalNaive

FREQ = {"day": "D", "week": "W-MON", "month": "MS"}


def series(values: list[float], name: str = "a", last: str = "2024-03-04") -> pd.DataFrame:
    """Daily values of which the last is that of `last`."""
    ds = pd.date_range(end=last, periods=len(values))
    return pd.DataFrame({"unique_id": name, "ds": ds, "y": values})


def asked(first: str, periods: int, name: str = "a", grain: str = "day") -> pd.DataFrame:
    return pd.DataFrame(
        {"unique_id": name, "ds": pd.date_range(first, periods=periods, freq=FREQ[grain])}
    )


def answers(model: object, future: pd.DataFrame) -> list[float]:
    return list(model.predict(future)["yhat"])  # type: ignore[attr-defined]


def test_every_public_module_gives_the_candidate_of_its_name() -> None:
    folder = Path(forecasting.__file__).parent / "candidates"
    modules = {path.stem for path in folder.glob("*.py") if not path.stem.startswith("_")}
    assert {kind.name for kind in forecasting._kinds()} == modules
    assert set(forecasting.candidates()) <= modules
    assert {"seasonal_naive", "moving_average", "mstl", "croston"} <= modules


def test_the_function_is_not_hidden_by_the_package_of_its_name() -> None:
    forecasting.candidates()
    assert callable(forecasting.candidates)
    assert set(forecasting.candidates("week")) == set(forecasting.candidates())


def test_the_walk_imports_no_library_that_trains() -> None:
    code = (
        "import sys; from omnix.ml.forecasting import candidates; candidates();"
        "print([m for m in ('pandas', 'statsforecast', 'prophet', 'torch', 'lightgbm',"
        " 'statsmodels', 'mlforecast') if m in sys.modules])"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"


def test_a_candidate_whose_package_is_absent_is_not_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SeasonalNaive, "requires", ("no_such_package",), raising=False)
    assert "seasonal_naive" not in forecasting.candidates()
    assert "moving_average" in forecasting.candidates()


def test_a_candidate_under_another_name_is_refused() -> None:
    module = ModuleType("omnix.ml.forecasting.candidates.other")
    module.Kind = type("Kind", (), {"name": "kind", "__module__": module.__name__})
    with pytest.raises(ContractError, match=r"declares the candidate 'kind'.*\n?.*kind\.py"):
        list(forecasting._declared(module))


def test_what_is_borrowed_or_private_is_no_candidate() -> None:
    module = ModuleType("omnix.ml.forecasting.candidates.other")
    module.SeasonalNaive = SeasonalNaive
    module._Kind = type("_Kind", (), {"name": "kind", "__module__": module.__name__})
    assert list(forecasting._declared(module)) == []


def test_unknown_names_and_grains_are_told() -> None:
    with pytest.raises(ModelError, match="seasonal_naive"):
        forecasting.candidate("seasonal_naiv")
    with pytest.raises(ModelError, match="hour"):
        forecasting.candidates("hour")  # type: ignore[arg-type]


@pytest.mark.parametrize("name", sorted(forecasting.candidates()))
def test_costs_and_needs_are_told_for_each_grain(name: str) -> None:
    for grain in FREQ:
        model = forecasting.candidate(name, grain)  # type: ignore[arg-type]
        assert model.cost > 0
        assert model.needs >= 1


def test_seasonal_naive_repeats_the_last_week() -> None:
    model = SeasonalNaive().fit(series([9, 9, 1, 2, 3, 4, 5, 6, 7]), seed=1)
    assert answers(model, asked("2024-03-05", 9)) == [1, 2, 3, 4, 5, 6, 7, 1, 2]
    assert answers(model, asked("2024-03-25", 1)) == [7]  # three weeks on


def test_seasonal_naive_takes_an_older_week_where_the_last_is_not_known() -> None:
    history = series([float(at) for at in range(14)])
    missing = history.drop(index=[8, 12])  # the second day of the last week, and its sixth
    assert answers(SeasonalNaive().fit(missing, seed=1), asked("2024-03-05", 7)) == [
        7, 1, 9, 10, 11, 5, 13,
    ]  # fmt: skip


def test_a_weekday_is_looked_for_in_eight_weeks_and_not_further() -> None:
    history = series([float(at) for at in range(70)])
    last = [at for at in range(42, 70) if at % 7]
    for gone, expected in ((7, 14), (8, sum(last) / len(last))):
        missing = history.drop(index=[63 - 7 * week for week in range(gone)])
        assert answers(SeasonalNaive().fit(missing, seed=1), asked("2024-03-05", 1)) == [expected]


def test_a_row_of_long_ago_does_not_make_the_matrix_wide() -> None:
    rows = pd.concat([series([1.0], last="1900-01-01"), series([2.0, 3], "b"), series([4.0])])
    tails = Tails.of(frames.history(rows), "day", 56)
    assert tails.values.shape == (2, 2)
    assert list(tails.counts) == [2, 2]


def test_weeks_begin_on_monday_and_months_on_their_first() -> None:
    days = pd.Series(pd.date_range("2024-01-01", "2024-02-04"))  # a Monday, a Sunday
    assert list(ordinals(days, "week") - ordinals(days, "week")[0]) == [at // 7 for at in range(35)]
    assert list(ordinals(days, "month") - 648) == [0] * 31 + [1] * 4
    assert list(ordinals(days, "day")[:2]) == [19723, 19724]


def test_a_short_history_is_given_its_mean_where_nothing_is_known() -> None:
    model = SeasonalNaive().fit(series([2, 4]), seed=1)
    assert answers(model, asked("2024-03-05", 7)) == [3, 3, 3, 3, 3, 2, 4]


def test_years_are_the_season_of_weeks_and_months() -> None:
    for grain, count, first in (("week", 104, "2024-01-01"), ("month", 24, "2024-01-01")):
        history = asked("2022-01-03" if grain == "week" else "2022-01-01", count, grain=grain)
        history["y"] = np.arange(count, dtype=float)
        model = SeasonalNaive(grain).fit(history, seed=1)  # type: ignore[arg-type]
        assert answers(model, asked(first, 3, grain=grain)) == [
            count // 2,
            count // 2 + 1,
            count // 2 + 2,
        ]


def test_moving_average_is_the_mean_of_four_weeks() -> None:
    model = MovingAverage().fit(series([1000.0, *range(28)]), seed=1)
    assert answers(model, asked("2024-03-05", 2)) == [13.5, 13.5]
    assert answers(model, asked("2025-03-05", 1)) == [13.5]
    weekly = asked("2024-01-01", 6, grain="week").assign(y=[50.0, 50, 1, 2, 3, 4])
    assert answers(MovingAverage("week").fit(weekly, seed=1), asked("2024-02-12", 1)) == [2.5]


def test_a_series_that_ended_early_is_answered_from_its_own_end() -> None:
    both = pd.concat(
        [series([float(at) for at in range(7)], last="2024-02-28"), series([5.0] * 30, "b")]
    )
    model = SeasonalNaive().fit(both, seed=1)
    assert answers(model, asked("2024-03-05", 2)) == [5, 6]  # a Tuesday, as 2024-02-27 was


def test_an_unknown_series_is_answered_by_the_median_of_all() -> None:
    parts = [series([float(at)] * 10, name) for at, name in ((1, "a"), (3, "b"), (500, "c"))]
    model = MovingAverage().fit(pd.concat(parts), seed=1)
    assert answers(model, asked("2024-03-05", 2, "new")) == [3, 3]


def test_asked_before_or_saved_before_it_learnt(tmp_path: Path) -> None:
    for ask in (lambda m: m.save(tmp_path), lambda m: m.explain()):
        with pytest.raises(NotFittedError):
            ask(MovingAverage())


def test_a_folder_without_a_model_is_told(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="holds no moving_average"):
        MovingAverage.load(tmp_path)
    (tmp_path / "series.json").write_text('{"grain": "day"}')
    with pytest.raises(ModelError, match="holds no moving_average"):
        MovingAverage.load(tmp_path)


Known = st.lists(st.one_of(st.none(), st.floats(-1e6, 1e6)), min_size=1, max_size=70)


@settings(deadline=None, max_examples=60)
@given(st.lists(Known, min_size=1, max_size=4))
def test_baselines_equal_their_slow_twins(drawn: list[list[float | None]]) -> None:
    parts = []
    for at, values in enumerate(drawn):
        days = pd.date_range("2024-01-01", periods=len(values))
        rows = [(f"s{at}", day, y) for day, y in zip(days, values, strict=True) if y is not None]
        parts.append(
            pd.DataFrame(
                [*rows, (f"s{at}", days[-1] + days.freq, 7.5)], columns=["unique_id", "ds", "y"]
            )
        )
    history = pd.concat(parts, ignore_index=True)
    future = pd.concat([asked("2024-05-01", 16, f"s{at}") for at in range(len(drawn))])
    for model, twin in ((SeasonalNaive(), slow_season), (MovingAverage(), slow_mean)):
        found = model.fit(history, seed=1).predict(future)
        for name, own in found.groupby("unique_id"):
            y = history[history["unique_id"] == name].set_index("ds")["y"]
            assert np.allclose(own["yhat"], [twin(y, day) for day in own["ds"]], atol=1e-6)


def slow_mean(y: pd.Series, day: pd.Timestamp) -> float:
    return float(y[y.index > y.index[-1] - pd.Timedelta(days=28)].mean())


def slow_season(y: pd.Series, day: pd.Timestamp) -> float:
    """The newest value of that weekday within eight weeks."""
    while day > y.index[-1]:
        day -= pd.Timedelta(days=7)
    for _ in range(8):
        if day in y.index:
            return float(y[day])
        day -= pd.Timedelta(days=7)
    return slow_mean(y, day)
