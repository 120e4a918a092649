"""The choice: the better wins, luck does not, and nothing of the report counts."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from omnix.ml.forecasting.choose import (
    ENSEMBLE,
    Choice,
    choose,
    loss,
    mixed,
    squares,
    weights,
    with_ensemble,
)

BASE = frozenset({"naive"})


def trials(
    errors: dict[str, float], *, cuts: int = 6, series: int = 2, seed: int = 1
) -> pd.DataFrame:
    """A row per series, cut and step; each candidate's errors are noise of the given size around 100."""
    rng = np.random.default_rng(seed)
    rows = []
    for name in range(series):
        for cut in range(cuts):
            day = pd.Timestamp("2024-01-01") + pd.Timedelta(days=28 * cut)
            for ahead in range(1, 29):
                told = {model: 100 + size * rng.normal() for model, size in errors.items()}
                part = "choose" if cut < cuts - 2 else "report"
                ds = day + pd.Timedelta(days=ahead)
                rows.append((f"s{name}", day, ahead, ds, 100.0, 10.0, False, part, told))
    names = ["unique_id", "cut", "ahead", "ds", "actual", "scale", "closed", "part"]
    index = pd.MultiIndex.from_tuples([row[:8] for row in rows], names=names)
    return pd.DataFrame([row[8] for row in rows], index=index)


def seen(wide: pd.DataFrame) -> np.datetime64:
    cuts = wide.index[wide.index.get_level_values("part") == "report"].get_level_values("cut")
    return cuts.min().to_datetime64()


def test_the_clearly_better_one_wins_over_the_baseline() -> None:
    wide = trials({"naive": 10.0, "good": 2.0, "bad": 30.0})
    found = choose(wide, "shop|smooth", BASE, seen(wide))
    assert found.model == "good"
    assert found.baseline == "naive"
    assert 0.7 < found.margin < 0.9
    assert found.p_value < 0.05


def test_what_is_no_better_leaves_the_baseline() -> None:
    wide = trials({"naive": 2.0, "worse": 15.0, "worst": 30.0})
    found = choose(wide, "shop|smooth", BASE, seen(wide))
    assert (found.model, found.weights, found.margin) == ("naive", {"naive": 1.0}, 0.0)


def test_independent_candidates_are_better_together() -> None:
    wide = trials({"naive": 20.0, "a": 5.0, "b": 5.0, "c": 5.2})
    found = choose(wide, "shop|smooth", BASE, seen(wide))
    assert found.model == ENSEMBLE
    assert sum(found.weights.values()) == pytest.approx(1)
    assert found.losses[ENSEMBLE] < min(found.losses[name] for name in "abc")


def test_nothing_of_the_report_counts() -> None:
    wide = trials({"naive": 10.0, "good": 2.0, "bad": 30.0})
    late = np.asarray(wide.index.get_level_values("ds") > seen(wide))
    changed = wide.copy()
    changed.loc[late, "good"] = 1e6
    assert choose(changed, "shop|smooth", BASE, seen(wide)) == choose(
        wide, "shop|smooth", BASE, seen(wide)
    )


def test_weights_at_a_cut_come_from_other_cuts() -> None:
    wide = trials({"naive": 20.0, "a": 5.0, "b": 6.0})
    first = wide.index.get_level_values("cut").min()
    here = np.asarray(wide.index.get_level_values("cut") == first)
    actual = wide.index.to_frame()["actual"].to_numpy()
    other = wide.copy()
    other.index = pd.MultiIndex.from_frame(
        wide.index.to_frame(index=False).assign(actual=np.where(here, 500.0, actual))
    )
    one = with_ensemble(wide, seen(wide), squared=False)[ENSEMBLE].to_numpy()
    two = with_ensemble(other, seen(wide), squared=False)[ENSEMBLE].to_numpy()
    assert np.array_equal(one[here], two[here])
    assert not np.array_equal(one[~here], two[~here])


def test_rare_series_are_judged_by_squares() -> None:
    assert squares("product|lumpy")
    assert squares("product|intermittent")
    assert not squares("product|smooth")
    wide = trials({"naive": 1.0})
    assert np.allclose(loss(wide, squared=True), loss(wide, squared=False) ** 2)


@pytest.mark.parametrize("squared", [False, True])
@pytest.mark.parametrize("seed", range(4))
def test_shares_are_those_of_a_slow_twin(squared: bool, seed: int) -> None:
    wide = trials({"naive": 8.0, "a": 5.0, "b": 6.0, "c": 5.5}, seed=seed)

    def lost(names: list[str]) -> float:
        mean = sum(wide[name] for name in names) / len(names)
        return float(
            loss(mean.to_frame("mean"), squared=squared)["mean"].groupby("unique_id").mean().mean()
        )

    picked = sorted(wide.columns, key=lambda name: lost([name]))[:2]
    while len(picked) < 10:
        picked.append(min(wide.columns, key=lambda name: lost([*picked, name])))
    expected = {name: picked.count(name) / 10 for name in sorted(set(picked))}
    assert weights(wide, squared=squared) == expected


def test_misses_that_cancel_share_the_forecast() -> None:
    wide = trials({"naive": 10.0, "a": 4.0, "b": 4.0})
    wide["b"] = 200 - wide["a"]
    found = weights(wide, squared=False)
    assert found == {"a": 0.5, "b": 0.5}


def test_a_mixture_is_the_weighted_mean() -> None:
    wide = trials({"a": 1.0, "b": 2.0})
    expected = 0.25 * wide["a"] + 0.75 * wide["b"]
    assert np.allclose(mixed(wide, {"a": 0.25, "b": 0.75}), expected)


def test_a_choice_survives_json() -> None:
    wide = trials({"naive": 20.0, "a": 5.0, "b": 6.0})
    found = choose(wide, "shop|smooth", BASE, seen(wide))
    assert Choice.from_dict(found.to_dict()) == found
