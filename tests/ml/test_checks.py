"""The check-suite itself: an honest model passes, and each check catches the one that breaks its rule."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from ml.models import WeekdayMean, shop
from omnix.ml import frames
from omnix.ml.checks import CheckFailed, Subject, checks, looks_ahead, report
from omnix.ml.errors import TooLittleData
from omnix.ml.folds import Fold

CUT = date(2024, 4, 10)


def test_an_honest_model_passes_all() -> None:
    found = report(WeekdayMean)
    assert found.failed == {}
    assert found.passed == tuple(checks())
    assert found.beats
    assert 0 < found.mase < found.baseline


class Oracle(WeekdayMean):
    """Reads what then happened where it stands beside the question."""

    def predict(self, future):
        answer = super().predict(future)
        if "y" in future:
            return answer.drop(columns="yhat").merge(
                future.rename(columns={"y": "yhat"})[list(answer)]
            )
        return answer


class Smuggler(WeekdayMean):
    """Learns how sales follow the visitors of the same day, whom nobody can know before."""

    feature = "visits"

    def fit(self, history, *, seed):
        self.factor = history["y"].sum() / history[self.feature].sum()
        return super().fit(history, seed=seed)

    def predict(self, future):
        asked = frames.future(future)
        return frames.answer(asked, asked[self.feature] * self.factor)


class Drawn(WeekdayMean):
    def predict(self, future):
        answer = super().predict(future)
        return answer.assign(yhat=answer["yhat"] + np.random.default_rng().normal())


class InOrder(WeekdayMean):
    def fit(self, history, *, seed):
        super().fit(history, seed=seed)
        self.means = {name: [v * (1 + 1e-9 * history["y"].iloc[-1])  for v in own] for name, own in self.means.items()}  # fmt: skip
        return self


class Together(WeekdayMean):
    def predict(self, future):
        answer = super().predict(future)
        return answer.assign(yhat=answer["yhat"] + len(answer))


class Forgetful(WeekdayMean):
    @classmethod
    def load(cls, folder: Path):
        model = super().load(folder)
        model.means = {name: [round(v, 3) for v in own] for name, own in model.means.items()}
        return model


class KnowsOnlyItsOwn(WeekdayMean):
    def predict(self, future):
        asked = frames.future(future)
        return frames.answer(asked, [self.means.get(name, [np.nan] * 7)[0] for name in asked["unique_id"]])  # fmt: skip


class Shrugging(WeekdayMean):
    def fit(self, history, *, seed):
        if history.empty:
            self.means = {"": [0.0] * 7}
            return self
        return super().fit(history, seed=seed)


class Guessing(WeekdayMean):
    def predict(self, future):
        self.means = self.means or {"": [0.0] * 7}
        return super().predict(future)


class Untidy(WeekdayMean):
    def fit(self, history, *, seed):
        history["weekday"] = 0
        return super().fit(history, seed=seed)


class Extra(WeekdayMean):
    def predict(self, future):
        return super().predict(future).assign(model="weekday")


class Fewer(WeekdayMean):
    def predict(self, future):
        return super().predict(future).iloc[1:]


class Whole(WeekdayMean):
    def predict(self, future):
        answer = super().predict(future)
        return answer.assign(yhat=answer["yhat"].astype(int))


class OneScale(WeekdayMean):
    """One level for all: the huge series drowns the others."""

    def _of(self, rows):
        return super()._of(rows) if rows["unique_id"].nunique() > 1 else [1e6] * 7


class Growing(WeekdayMean):
    def _of(self, rows):
        return [1000 * each for each in super()._of(rows)]


class Needy(WeekdayMean):
    def fit(self, history, *, seed):
        if history["y"].std() < 1:
            raise TooLittleData("It never changes.", "a series that does")
        return super().fit(history, seed=seed)


class Silent(WeekdayMean):
    def explain(self):
        return []


class Nameless(WeekdayMean):
    family = ""


class Free(WeekdayMean):
    cost = 0


@pytest.mark.parametrize(
    ("model", "check", "told"),
    [
        (Oracle, "check_future_y_is_not_read", "reads `y` of the days that it forecasts: a leak"),
        (Drawn, "check_same_seed_same_answer", "gives another answer"),
        (InOrder, "check_row_order_does_not_matter", "another order"),
        (Together, "check_part_of_a_question_has_the_same_answer", "part of a question"),
        (Forgetful, "check_saved_and_loaded_it_answers_the_same", "once loaded"),
        (
            KnowsOnlyItsOwn,
            "check_unknown_item_is_answered",
            "no finite answer for ['born yesterday']",
        ),
        (Shrugging, "check_empty_history_is_told", "without a word"),
        (Guessing, "check_unfitted_is_told", "before it was fitted"),
        (Untidy, "check_answer_has_its_shape", "changes the history"),
        (Extra, "check_answer_has_its_shape", "'model'"),
        (Fewer, "check_answer_has_its_shape", "answers 27 rows, not the 28"),
        (Whole, "check_answer_has_its_shape", "answers in int"),
        (OneScale, "check_strange_series_survive_together", "for the constant series"),
        (Growing, "check_it_is_measured_beside_its_baseline", "MASE where the seasonal naive has"),
        (Needy, "check_strange_series_survive_alone", "refuses the series 'constant'"),
        (Silent, "check_it_explains_itself", "what its answers rest on"),
        (Nameless, "check_it_says_what_it_is", "no name or family"),
        (Free, "check_it_says_what_it_is", "costs 0"),
    ],
)
def test_a_broken_rule_is_caught(model, check, told) -> None:
    with pytest.raises(CheckFailed) as caught:
        checks()[check](Subject(model))
    assert told in str(caught.value)
    assert "'weekday_mean'" in str(caught.value)


def test_every_check_has_caught_something() -> None:
    caught = {mark[1] for mark in test_a_broken_rule_is_caught.pytestmark[0].args[1]}
    assert set(checks()) - caught == {"check_rows_after_the_cut_change_nothing"}  # below


def test_a_feature_from_the_future_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """The subject's frame gets a column that only the future knows; the suite names it."""
    subject = Subject(Smuggler)
    subject.frame = subject.frame.assign(visits=subject.frame["y"] * 3 + 1)
    own, baseline = subject.errors
    assert own < baseline / 20  # too good to be true
    with pytest.raises(CheckFailed, match="knows visits of the days that it forecasts"):
        checks()["check_rows_after_the_cut_change_nothing"](subject)
    honest = Subject(WeekdayMean)
    honest.frame = subject.frame
    checks()["check_rows_after_the_cut_change_nothing"](honest)


def trailing(frame: pd.DataFrame, cut: date) -> pd.DataFrame:
    known = frame[frame["ds"] <= pd.Timestamp(cut)].sort_values("ds")
    return known.assign(
        level=known.groupby("unique_id")["y"].transform(lambda y: y.rolling(7).mean())
    )


def centred(frame: pd.DataFrame, cut: date) -> pd.DataFrame:
    """The textbook leak: a centred window over all rows, cut afterwards."""
    rows = frame.sort_values("ds")
    rows["level"] = rows.groupby("unique_id")["y"].transform(
        lambda y: y.rolling(7, center=True).mean()
    )
    return rows[rows["ds"] <= pd.Timestamp(cut)].drop(columns="y")


def scaled(frame: pd.DataFrame, cut: date) -> pd.DataFrame:
    """The quiet leak: scaled by a maximum over all rows."""
    rows = frame.assign(y=frame["y"] / frame["y"].abs().max())
    return rows[rows["ds"] <= pd.Timestamp(cut)]


def test_builds_that_look_ahead_are_told_from_honest_ones() -> None:
    frame = shop().assign(word="a", flag=False)
    assert looks_ahead(trailing, frame, CUT) == []
    assert looks_ahead(centred, frame, CUT) == ["y"]
    assert looks_ahead(scaled, frame, CUT) == ["y"]
    for name in ("word", "flag"):
        peek = lambda f, _, name=name: f.groupby("unique_id", as_index=False)[name].last()  # noqa: E731
        assert looks_ahead(peek, frame, CUT) == [name]
        assert looks_ahead(peek, frame, CUT, known=[name]) == []


def test_rows_that_come_later_are_no_matter_to_a_fold() -> None:
    def backtest(frame, cut):
        train, future, _ = Fold(cut, 7).split(frame)
        return WeekdayMean().fit(train, seed=1).predict(future)

    assert looks_ahead(backtest, shop(), CUT) == []


def test_a_build_that_draws_is_not_judged() -> None:
    with pytest.raises(CheckFailed, match="another answer each time"):
        looks_ahead(
            lambda f, _: f.assign(y=np.random.default_rng().normal(size=len(f))), shop(), CUT
        )


def test_a_report_of_a_model_that_breaks() -> None:
    found = report(Fewer)
    assert "answers 27 rows" in found.failed["check_answer_has_its_shape"]
    assert not found.beats
