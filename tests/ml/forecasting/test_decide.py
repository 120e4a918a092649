"""What a level's smaller groups may cost: a fit of the whole level must be worth it."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from omnix.ml.folds import Fold
from omnix.ml.forecasting.decide import decide
from omnix.ml.forecasting.origins import Origins

BASE = frozenset({"moving_average"})
CUTS = [date(2024, 1, 1), date(2024, 2, 1), date(2024, 3, 1), date(2024, 4, 1)]
WHEN = Origins(tuple(Fold(cut, 14, "day") for cut in CUTS), ())


def backtest_of(errors: dict[str, dict[str, float]]) -> pd.DataFrame:
    """A backtest: by series and candidate, how far it is off, to one side and the other."""
    parts = []
    for series, by in errors.items():
        for cut in CUTS:
            ahead = np.arange(1, 15)
            turns = np.where(ahead % 2, 1.0, -1.0)
            told = {"unique_id": series, "cut": pd.Timestamp(cut), "ahead": ahead, "actual": 100.0, "scale": 10.0,
                    "closed": False, "part": "choose", "ds": pd.Timestamp(cut) + pd.to_timedelta(ahead, "D")}  # fmt: skip
            parts += [
                pd.DataFrame({**told, "model": name, "predicted": 100 + size * turns}) for name, size in by.items()
            ]  # fmt: skip
    return pd.concat(parts, ignore_index=True)


def plan(few: float, *, many: str = "theta") -> dict[str, tuple[str, str]]:
    """By class what was chosen and why: 20 smooth series and two erratic ones, for which trees err by `few`."""
    smooth = {"moving_average": 10.0, "theta": 5.0, "lightgbm_direct": 6.0} | {many: 4.0}
    erratic = {"moving_average": 10.0, "theta": 5.0, "lightgbm_direct": few}
    names = {f"product={at:02d}": "smooth" for at in range(20)} | {"product=a": "erratic", "product=b": "erratic"}  # fmt: skip
    tests = backtest_of({name: smooth if kind == "smooth" else erratic for name, kind in names.items()})  # fmt: skip
    made = decide(tests, "day", dict.fromkeys(names, "product"), names, WHEN, BASE)
    return {kind: (made.choices[f"product|{kind}"].model, made.choices[f"product|{kind}"].reason) for kind in ("smooth", "erratic")}  # fmt: skip


@pytest.mark.parametrize(("few", "model"), [(4.99, "theta"), (4.0, "lightgbm_direct")])
def test_a_fit_of_the_whole_level_must_pay_for_few_series(few: float, model: str) -> None:
    found = plan(few)
    assert found["smooth"][0] == "theta"
    assert found["erratic"][0] == model
    if model == "theta":
        assert found["erratic"][1] == (
            "lightgbm_direct had 0.2% less error on 2 of 22 series, too little for a fit of its own: "
            "Lowest error of 2 candidates on 4 past cuts: 50% below moving_average; next is moving_average."
        )


def test_what_the_many_need_anyway_is_free_for_the_few() -> None:
    found = plan(4.99, many="lightgbm_direct")
    assert [model for model, _ in found.values()] == ["lightgbm_direct", "lightgbm_direct"]
