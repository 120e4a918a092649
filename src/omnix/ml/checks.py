"""What every model must pass, as scikit-learn's estimator checks: `check_…` functions of one subject.

`checks()` finds them, `report` runs them all. None knows a model by name: a new one is held to the same.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from omnix.core.errors import OmnixError
from omnix.ml import _strange, metrics
from omnix.ml.errors import NotFittedError, TooLittleData
from omnix.ml.folds import Fold
from omnix.ml.frames import KEY
from omnix.ml.model import Driver, Forecaster, keep

if TYPE_CHECKING:
    import pandas as pd

Make: TypeAlias = Callable[[], Forecaster]
#: Days that are asked.
HORIZON = 14
SEED = 7
#: Times the baseline's error beyond which a model is not worth running.
_HOPELESS = 5.0


class CheckFailed(OmnixError):  # noqa: N818 - what happened to the model
    """A model breaks a rule that all models keep."""


@dataclass(frozen=True)
class Report:
    """How a model did. `mase`, `baseline`: its error and the seasonal naive's on the same fold."""

    name: str
    passed: tuple[str, ...]
    failed: dict[str, str]
    mase: float
    baseline: float

    @property
    def beats(self) -> bool:
        """Whether it is better than the honest baseline there."""
        return self.mase < self.baseline


class Subject:
    """A kind of model under test; what several checks need is fitted once."""

    def __init__(self, make: Make) -> None:
        self.make = make
        self.name = make().name

    @cached_property
    def frame(self) -> pd.DataFrame:
        """Two daily series with weekdays, noise and a promotion, longer than the model needs."""
        return _strange.usual(max(140, 2 * self.make().needs) + HORIZON)

    @cached_property
    def fold(self) -> Fold:
        """The last days of the frame, to be forecast."""
        days = self.frame["ds"].drop_duplicates().sort_values()
        return Fold(days.iloc[-HORIZON - 1].date(), HORIZON)

    @cached_property
    def train(self) -> pd.DataFrame:
        """What lies up to the cut."""
        return self.fold.split(self.frame).train

    @cached_property
    def fitted(self) -> Forecaster:
        """The model, having learnt from what lies up to the cut."""
        return self.fit(self.train)

    @cached_property
    def future(self) -> pd.DataFrame:
        """What is asked."""
        return self.fold.split(self.frame).future

    @cached_property
    def answer(self) -> pd.DataFrame:
        """What the fitted model answers."""
        return self.fitted.predict(self.future)

    def fit(self, history: pd.DataFrame) -> Forecaster:
        """A new model that has learnt from `history`."""
        return self.make().fit(history, seed=SEED)

    @cached_property
    def errors(self) -> tuple[float, float]:
        """Its MASE, and the seasonal naive's, over the fold."""
        train, actual = self.train, self.fold.split(self.frame).actual
        found = []
        for answer in (self.answer, _strange.seasonal_naive(train, self.future)):
            each = [
                metrics.mase(own["y"], own["yhat"], train[train["unique_id"] == name]["y"], 7)
                for name, own in actual.merge(answer, on=KEY).groupby("unique_id")
            ]
            found.append(float(np.mean(each)))
        return found[0], found[1]


Check: TypeAlias = Callable[[Subject], None]


def checks() -> dict[str, Check]:
    """All checks by name, in the order in which they stand here."""
    return {name: each for name, each in globals().items() if name.startswith("check_")}


def report(make: Make) -> Report:
    """Run every check on the models that `make` makes."""
    subject, passed, failed = Subject(make), [], {}
    for name, check in checks().items():
        try:
            check(subject)
            passed.append(name)
        except Exception as error:
            failed[name] = str(error)
    mase, baseline = (np.nan, np.nan) if "check_answer_has_its_shape" in failed else subject.errors
    return Report(subject.name, tuple(passed), failed, mase, baseline)


def check_it_says_what_it_is(subject: Subject) -> None:
    """Name, family, the history it needs and what it costs."""
    model = subject.make()
    _must(
        isinstance(model, Forecaster),
        subject,
        "is not a Forecaster: a method or property is missing",
    )
    _must(bool(model.name.strip() and model.family.strip()), subject, "has no name or family")
    _must(model.needs >= 1 and model.cost > 0, subject, f"needs {model.needs}, costs {model.cost}")


def check_answer_has_its_shape(subject: Subject) -> None:
    """A row for each that was asked, finite; what was handed over is left as it was."""
    asked = subject.future.copy()
    answer = subject.fitted.predict(asked)
    untouched = subject.train.equals(subject.fold.split(subject.frame).train)
    _must(untouched, subject, "changes the history that it is handed")
    _must(asked.equals(subject.future), subject, "changes the future that it is handed")
    _shaped(subject, answer, asked)


def check_same_seed_same_answer(subject: Subject) -> None:
    """Bit for bit, however chance stands elsewhere."""
    again = subject.fit(subject.train).predict(subject.future)
    _same(subject, subject.answer, again, "gives another answer when fitted again with its seed")


def check_row_order_does_not_matter(subject: Subject) -> None:
    """Neither of history nor of what is asked; nor the order of columns."""
    answer = subject.fit(_mixed(subject.train)).predict(_mixed(subject.future))
    _same(subject, subject.answer, answer, "answers otherwise when rows come in another order")


def check_rows_after_the_cut_change_nothing(subject: Subject) -> None:
    """What happens after the cut, `y` or what is not declared known, does not show in the answer."""

    def backtest(frame: pd.DataFrame, cut: date) -> pd.DataFrame:
        train, future, _ = Fold(cut, HORIZON).split(frame)
        return subject.fit(train).predict(future)

    seen = looks_ahead(backtest, subject.frame, subject.fold.cut, known=("promo",))
    _must(not seen, subject, f"knows {', '.join(seen)} of the days that it forecasts")


def check_future_y_is_not_read(subject: Subject) -> None:
    """The answer is the same though the true values stand beside what is asked."""
    told = subject.frame[subject.frame["ds"].isin(subject.future["ds"])]
    for values in (told, told.assign(y=-3 * told["y"])):
        answer = subject.fitted.predict(values.reset_index(drop=True))
        _same(subject, subject.answer, answer, "reads `y` of the days that it forecasts: a leak")


def check_part_of_a_question_has_the_same_answer(subject: Subject) -> None:
    """One series alone, and fewer days, are answered as they are among all."""
    future = subject.future
    one = future[future["unique_id"] == future["unique_id"].iloc[0]]
    for part in (one, future[future["ds"] <= sorted(future["ds"].unique())[HORIZON // 2]]):
        expected = subject.answer.merge(part[KEY], on=KEY)
        answer = subject.fitted.predict(part.reset_index(drop=True))
        _same(subject, expected, answer, "answers part of a question otherwise", close=1e-4)


def check_saved_and_loaded_it_answers_the_same(subject: Subject) -> None:
    """Bit for bit."""
    with TemporaryDirectory() as folder:
        keep(subject.fitted, Path(folder) / "model")
        loaded = type(subject.fitted).load(Path(folder) / "model")
    _same(subject, subject.answer, loaded.predict(subject.future), "answers otherwise once loaded")


def check_unknown_item_is_answered(subject: Subject) -> None:
    """A series that was not there when it learnt."""
    asked = subject.future.assign(unique_id="born yesterday")
    asked = asked.drop_duplicates(KEY).reset_index(drop=True)
    _shaped(subject, subject.fitted.predict(asked), asked)


def check_empty_history_is_told(subject: Subject) -> None:
    """As too little data, which says what is needed."""
    empty = subject.train.iloc[:0]
    try:
        subject.fit(empty)
    except TooLittleData as error:
        _must(bool(error.what and error.needed), subject, "does not say what is needed")
    else:
        raise _failed(subject, "learns from an empty history without a word")


def check_unfitted_is_told(subject: Subject) -> None:
    """Asked before it was fitted."""
    try:
        subject.make().predict(subject.future)
    except NotFittedError:
        return
    raise _failed(subject, "answers before it was fitted")


def check_strange_series_survive_together(subject: Subject) -> None:
    """Constant, all nought, one point, gaps, negative and huge, beside a usual one."""
    history = _strange.together(max(140, 2 * subject.make().needs))
    asked = _strange.asked(history, HORIZON)
    answer = subject.fit(history).predict(asked)
    _shaped(subject, answer, asked)
    for name, own in history.groupby("unique_id"):
        _sane(subject, str(name), own, answer[answer["unique_id"] == name])


def check_strange_series_survive_alone(subject: Subject) -> None:
    """Each by itself: a sane answer, or the word that it is too little data."""
    together = _strange.together(max(140, 2 * subject.make().needs))
    for name, own in together.groupby("unique_id"):
        asked = _strange.asked(own, HORIZON)
        try:
            answer = subject.fit(own.reset_index(drop=True)).predict(asked)
        except TooLittleData:
            enough = len(own) >= subject.make().needs
            _must(not enough, subject, f"refuses the series {name!r}, which has what it needs")
            continue
        _shaped(subject, answer, asked)
        _sane(subject, str(name), own, answer)


def check_it_is_measured_beside_its_baseline(subject: Subject) -> None:
    """It beats the seasonal naive, or at least is not hopeless; `report` gives both figures."""
    own, baseline = subject.errors
    _must(bool(np.isfinite(own)), subject, "has no error that can be measured")
    told = f"has {own:.2f} MASE where the seasonal naive has {baseline:.2f}"
    _must(own <= _HOPELESS * baseline, subject, told)


def check_it_explains_itself(subject: Subject) -> None:
    """At least one driver, in words."""
    drivers = subject.fitted.explain()
    fine = all(isinstance(d, Driver) and d.name and d.words.strip() for d in drivers)
    _must(bool(drivers) and fine, subject, "does not say what its answers rest on")


def looks_ahead(
    build: Callable[[pd.DataFrame, date], pd.DataFrame],
    frame: pd.DataFrame,
    cut: date,
    *,
    known: Sequence[str] = (),
    time: str = "ds",
) -> list[str]:
    """The columns of `frame` whose values after `cut` show in what `build(frame, cut)` answers.

    Each is changed in turn after the cut, but for `time`, `unique_id` and those `known` before.
    An honest build gives an empty list, whatever it builds: features, labels, forecasts.

    Raises:
        CheckFailed: it gives another answer each time, so that nothing can be told.

    """
    first = build(frame.copy(), cut)
    if not _equal(first, build(frame.copy(), cut), 0.0):
        raise CheckFailed(
            "The same rows give another answer each time.",
            "Seed what it draws; sort what it reads.",
        )
    after = (frame[time] > np.datetime64(cut)).to_numpy()
    seen = []
    for name in frame.columns:
        if name in {time, "unique_id", *known}:
            continue
        changed = frame.assign(**{name: _changed(frame[name], after)})
        if not _equal(first, build(changed, cut), 0.0):
            seen.append(str(name))
    return seen


def _changed(values: pd.Series, there: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> pd.Series:
    """Other values of the same type where `there`."""
    if values.dtype == bool:
        return values ^ there
    if values.dtype.kind in "iuf":
        return values.where(~there, (-3 * values.astype(float) + 7).astype(values.dtype))
    if values.dtype.kind == "M":
        return values.where(~there, values + np.timedelta64(1, "D"))
    return values.where(~there, values.astype(str) + " changed")


def _mixed(frame: pd.DataFrame) -> pd.DataFrame:
    rows = frame.sample(frac=1, random_state=3)
    return rows[list(reversed(rows.columns))]


def _shaped(subject: Subject, answer: pd.DataFrame, asked: pd.DataFrame) -> None:
    names = [*KEY, "yhat"]
    _must(list(answer.columns) == names, subject, f"answers {list(answer.columns)}, not {names}")
    same = _keys(answer) == _keys(asked)
    _must(same, subject, f"answers {len(answer)} rows, not the {len(asked)} that were asked")
    _must(answer["yhat"].dtype == np.float64, subject, f"answers in {answer['yhat'].dtype}")
    bad = answer[~np.isfinite(answer["yhat"])]
    _must(bad.empty, subject, f"has no finite answer for {sorted(set(bad['unique_id']))}")


def _sane(subject: Subject, name: str, history: pd.DataFrame, answer: pd.DataFrame) -> None:
    """An answer within ten times what was ever seen, and one where only nought was."""
    most = 10 * float(history["y"].abs().max()) + 1
    found = float(answer["yhat"].abs().max())
    _must(found <= most, subject, f"answers {found:.4g} for the {name} series, {most:.4g} at most")


def _keys(frame: pd.DataFrame) -> list[tuple[object, ...]]:
    return sorted(frame[KEY].itertuples(index=False, name=None))


def _same(
    subject: Subject, one: pd.DataFrame, other: pd.DataFrame, told: str, close: float = 0.0
) -> None:
    _must(_equal(one, other, close), subject, told)


def _equal(one: pd.DataFrame, other: pd.DataFrame, close: float) -> bool:
    """Whether they hold the same rows, in whatever order; numbers to a share of `close`."""
    if len(one) != len(other) or set(one.columns) != set(other.columns):
        return False
    left, right = (_ordered(frame, list(one.columns)) for frame in (one, other))
    return all(_column_equal(left[name], right[name], close) for name in left.columns)


def _ordered(frame: pd.DataFrame, names: list[str]) -> pd.DataFrame:
    by = [name for name in KEY if name in names] or names
    return frame[names].sort_values(by, kind="stable").reset_index(drop=True)


def _column_equal(left: pd.Series, right: pd.Series, close: float) -> bool:
    if close and left.dtype.kind == right.dtype.kind == "f":
        return bool(np.allclose(left, right, rtol=close, atol=close, equal_nan=True))
    return bool(left.equals(right))


def _must(fine: bool, subject: Subject, told: str) -> None:
    if not fine:
        raise _failed(subject, told)


def _failed(subject: Subject, told: str) -> CheckFailed:
    return CheckFailed(f"The model {subject.name!r} {told}.", "Correct it, or take it out.")
