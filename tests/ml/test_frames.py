"""Frames are checked once: what a model then sees is sorted, complete and its own."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from ml.models import shop
from omnix.ml import frames
from omnix.ml.errors import FrameError, TooLittleData


def test_rows_and_columns_come_in_one_order() -> None:
    rows = shop(20).assign(price=2.0, event=0)
    mixed = rows.sample(frac=1, random_state=2)[["price", "y", "ds", "event", "unique_id"]]
    for read in (frames.history, frames.future):
        assert read(mixed).equals(read(rows))
    assert list(frames.history(mixed)) == ["unique_id", "ds", "y", "event", "price"]
    assert list(frames.future(mixed)) == ["unique_id", "ds", "event", "price"]
    assert frames.covariates(mixed) == ["event", "price"]


def test_what_was_handed_over_is_left_alone() -> None:
    rows = shop(20).sample(frac=1, random_state=2)
    before = rows.copy()
    read = frames.history(rows)
    read["y"] = 0.0
    assert rows.equals(before)


def test_rows_without_a_value_are_left_out_and_whole_numbers_are_floats() -> None:
    rows = shop(10, series=1).assign(y=range(10))
    assert frames.history(rows)["y"].dtype == np.float64
    rows["y"] = rows["y"].where(rows["y"] > 4)
    assert frames.history(rows)["y"].tolist() == [5, 6, 7, 8, 9]


def test_numbers_as_names_become_text() -> None:
    rows = shop(3, series=1).assign(unique_id=7)
    assert frames.history(rows)["unique_id"].tolist() == ["7"] * 3


def test_an_answer_is_a_row_for_each_that_was_asked() -> None:
    asked = frames.future(shop(3, series=1))
    assert frames.answer(asked, [1, 2, 3]).to_dict("list")["yhat"] == [1.0, 2.0, 3.0]
    with pytest.raises(FrameError, match="3 rows were asked"):
        frames.answer(asked, [1.0])


def test_nothing_to_learn_from_is_told() -> None:
    for empty in (shop(5).iloc[:0], pd.DataFrame({"unique_id": [], "ds": [], "y": []}), shop(5).assign(y=np.nan)):  # fmt: skip
        with pytest.raises(TooLittleData, match="no history") as told:
            frames.history(empty)
        assert told.value.needed == "at least one value of `y`"
    assert len(frames.future(shop(5).iloc[:0])) == 0


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda f: f.drop(columns="y"), "no column y"),
        (lambda f: f.drop(columns=["ds", "unique_id"]), "no column unique_id, ds"),
        (lambda f: pd.concat([f, f.iloc[3:4]]), "'s0' has more than one row for 2024-01-04"),
        (lambda f: f.assign(ds=f["ds"].astype(str)), "`ds` is of type object"),
        (lambda f: f.assign(ds=f["ds"].dt.tz_localize("UTC")), r"datetime64\[ns, UTC\]"),
        (lambda f: f.assign(ds=f["ds"].where(f["ds"].dt.day > 2)), "6 rows have no `ds`"),
        (lambda f: f.assign(y="much"), "no number"),
        (lambda f: f.assign(y=np.inf), "'s0' is inf on 2024-01-01"),
    ],
)
def test_wrong_frames_are_told(change, told) -> None:
    with pytest.raises(FrameError, match=told):
        frames.history(change(shop(10)))
