"""What a time budget pays for."""

from __future__ import annotations

from omnix.ml.forecasting import candidates
from omnix.ml.forecasting.budget import afford, cost

MODELS = [make() for make in candidates().values()]
NAMES = {model.name for model in MODELS}
SIZES = {"shop": (8 * 700, 9), "product": (8 * 700_000, 9)}


def test_without_any_time_the_baselines_are_tried() -> None:
    for names in afford(MODELS, SIZES, 0.0).values():
        assert names == ["moving_average", "seasonal_naive"]


def test_with_all_the_time_everything_is_tried() -> None:
    for names in afford(MODELS, SIZES, 1e9).values():
        assert set(names) == NAMES


def test_what_is_spent_stays_within_the_budget_and_dear_ones_go_where_series_are_few() -> None:
    by_name = {model.name: model for model in MODELS}
    for seconds in (5.0, 60.0, 300.0):
        found = afford(MODELS, SIZES, seconds)
        spent = sum(
            cost(by_name[name], *SIZES[level])
            for level, names in found.items()
            for name in names
            if by_name[name].family != "baseline"
        )
        assert spent <= seconds
    assert {"auto_ets", "auto_arima"} & set(found["shop"])
    assert not {"auto_ets", "auto_arima"} & set(found["product"])
