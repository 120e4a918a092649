"""What a promotion, another price or a closed day would change.

The figures with the plan are the stored model's where it has learnt what such days do, and those that
past episodes of the series went with where it has not (`what_if_parts`). How sure that is, is told by
the same past episodes, whichever it is: an interval in which 80 % of next ones will lie. Where the tables
hold a forecast of the series it is what a plan is held against: that one adds up with the other levels,
the model's own does not.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from omnix.app.forecasting import engine_tasks, what_if_words
from omnix.app.forecasting.engine_tasks import Question, Tell
from omnix.app.forecasting.past_episodes import History, Kind
from omnix.app.forecasting.phrases import periods, share, told
from omnix.app.forecasting.sentences import emptiness
from omnix.app.forecasting.what_if_parts import Part, part_of, together, touched, with_past
from omnix.ml.errors import TooLittleData

if TYPE_CHECKING:
    import pandas as pd

    from omnix.app.app import App
    from omnix.app.forecasting.subject import Subject
    from omnix.ml.forecasting.bundle import Chosen
    from omnix.ml.forecasting.task import Task

_COLUMN = {"promotion": "promo", "price": "price", "closed": "closed"}
_KINDS: tuple[Kind, ...] = ("promotion", "price", "closed")
#: A smaller part of the forecast is no answer of the model.
_NO_ANSWER = 1e-6


def what_if(app: App, asked: Mapping[str, Any], tell: Tell) -> dict[str, Any]:
    """The forecast without and with the changes; with too little history an empty answer."""
    one = engine_tasks.question(app, asked)
    try:
        task = one.task()
        chosen, version = engine_tasks.chosen_for(app, one, task, asked, tell)
    except TooLittleData as error:
        return {**nothing(one.subject), **engine_tasks.because(error)}
    tell({"step": "changing", "done": 1, "total": 1, "words": "The forecast with the changes."})
    future = task.at(task.last).future.sort_values("ds").reset_index(drop=True)
    said = _rows(chosen, task, future)
    settle = _settled(said, asked.get("settled") or {})
    base = settle(said)
    other, days = changed(future, asked["changes"], one.subject.grain)
    alone: dict[Kind, pd.DataFrame] = {
        kind: settle(_rows(chosen, task, changed(future, own, one.subject.grain)[0]))
        for kind in _KINDS
        if (own := [each for each in asked["changes"] if each["kind"] == kind])
    }
    lying = [each for each, count in zip(asked["changes"], days, strict=True) if count]
    parts = _parts(one, lying, future, base, alone)
    new = with_past(settle(_rows(chosen, task, other)), parts)
    apart = [each for each, count in zip(asked["changes"], days, strict=True) if not count]
    model = _model(chosen, one)
    warned = [
        *map(what_if_words.outside, apart),
        *what_if_words.warnings(parts, model, {kind: _gain(base, rows) for kind, rows in alone.items()}),
    ]  # fmt: skip
    return {
        **_answer(one, base, new, parts),
        **_about(one),
        "model": model,
        "model_version": version or None,
        "warnings": [each.words for each in warned],
        "warned": [each.as_json() for each in warned],
        **emptiness(None),
    }


def _parts(
    one: Question,
    changes: Sequence[Mapping[str, Any]],
    future: pd.DataFrame,
    base: pd.DataFrame,
    alone: Mapping[Kind, pd.DataFrame],
) -> list[Part]:
    """Each kind of change that lies in the days ahead."""
    kinds = {each["kind"] for each in changes}
    history = History(one) if kinds else None
    values = base["value"].tolist()
    found = []
    for kind in _KINDS:
        if history is not None and kind in kinds:
            there = touched(future, changes, kind, one.subject.grain)
            blind = kind != "closed" and _same(base, alone[kind])
            found.append(part_of(kind, values, there, history.past(kind), blind=blind))
    return found


def _same(base: pd.DataFrame, rows: pd.DataFrame) -> bool:
    """Whether the model says the same: a rounding of large sums is no answer."""
    away = (rows["value"].to_numpy() - base["value"].to_numpy()).__abs__()
    return bool(away.max() <= _NO_ANSWER * max(float(base["value"].abs().max()), 1.0))


def _gain(base: pd.DataFrame, rows: pd.DataFrame) -> float:
    """What the model says more in all."""
    return math.fsum(rows["value"]) - math.fsum(base["value"])


def changed(
    future: pd.DataFrame, changes: list[Mapping[str, Any]], grain: str
) -> tuple[pd.DataFrame, list[int]]:
    """`future` with the changes, and how many days of the horizon each of them touches.

    Of a week or a month a covariate is the share of its days, a price their mean.
    """
    rows, touched = future.copy(), []
    for change in changes:
        first, last = date.fromisoformat(change["from"]), date.fromisoformat(change["to"])
        column = _COLUMN[change["kind"]]
        days = [_touched(each.date(), grain, first, last) for each in rows["ds"]]
        touched.append(sum(own for own, _ in days))
        before = rows[column].astype(float) if column in rows else _usual(rows, column)
        value = change["value"] if change["kind"] == "price" else 1.0
        rows[column] = [
            old + (value - old) * own / length
            for old, (own, length) in zip(before, days, strict=True)
        ]
    return rows, touched


def _usual(rows: pd.DataFrame, column: str) -> Any:
    import numpy as np

    return np.full(len(rows), 1.0 if column == "price" else 0.0)


def _touched(period: date, grain: str, first: date, last: date) -> tuple[int, int]:
    """How many days of a period lie between two days, and how many it has."""
    from omnix.app.forecasting.history import last_day

    end = last_day(period, grain)
    own = min(end, last).toordinal() - max(period, first).toordinal() + 1
    return max(0, own), (end - period).days + 1


def _rows(chosen: Chosen, task: Task, future: pd.DataFrame) -> pd.DataFrame:
    """`ds, value, lower_80, upper_80` of the series under these covariates."""
    from omnix.ml.folds import Fold
    from omnix.ml.forecasting.backtest import honest, shut_in
    from omnix.ml.forecasting.outlook import with_bands

    said = honest(chosen.predict(future), future, floor=task.floor)
    rows = future[["unique_id", "ds"]].assign(closed=shut_in(future))
    rows = rows.merge(said.rename(columns={"yhat": "value"}), on=["unique_id", "ds"])
    rows["ahead"] = Fold(task.last, 1, task.grain).ahead(rows).astype("int32")
    plan = chosen.plan
    if plan is None or plan.bands is None:
        return rows.assign(lower_80=math.nan, upper_80=math.nan).sort_values("ds")
    return with_bands(rows, plan, plan.bands, plan.scales).sort_values("ds")


def _settled(
    model: pd.DataFrame, stored: Mapping[str, float]
) -> Callable[[pd.DataFrame], pd.DataFrame]:
    """What brings the model's answers to the forecast in the tables, period by period.

    model: its answer without changes. stored: by period; it must begin where the model does.
    """
    days = [each.date().isoformat() for each in model["ds"]]
    if min(stored, default="") != days[0]:
        return lambda rows: rows
    own = model["value"].tolist()
    factors = [
        stored[day] / value if day in stored and value > 0 else 1.0
        for day, value in zip(days, own, strict=True)
    ]
    return lambda rows: rows.assign(
        **{name: rows[name].to_numpy() * factors for name in ("value", "lower_80", "upper_80")}
    )


def _answer(
    one: Question, base: pd.DataFrame, new: pd.DataFrame, parts: Sequence[Part]
) -> dict[str, Any]:
    unit = one.subject.metric.unit
    told_parts = [each for each in parts if not each.idle]
    known = not told_parts or any(each.source for each in told_parts)
    before, after = (math.fsum(rows["value"]) for rows in (base, new))
    past = together(told_parts)
    line = {name: new[name] if known else [math.nan] * len(new) for name in ("value", "lower_80", "upper_80")}  # fmt: skip
    return {
        "dates": [each.date().isoformat() for each in new["ds"]],
        "base": [told(float(each), unit) for each in base["value"]],
        "changed": [told(float(each), unit) for each in line["value"]],
        "lower_80": [told(float(each), unit) for each in line["lower_80"]],
        "upper_80": [told(float(each), unit) for each in line["upper_80"]],
        "total_base": told(before, unit),
        "total_changed": told(after, unit) if known else None,
        "effect": told(after - before, unit) if known else None,
        "effect_share": share((after - before) / before) if known and before > 0 else None,
        "lower_effect": told(past.lower, unit) if past else None,
        "upper_effect": told(past.upper, unit) if past else None,
        "past": [_told(each, unit) for each in told_parts],
        "explanation": what_if_words.explained(
            before, after if known else None, _about(one)["currency"], periods(len(base), one.subject.grain)
        ),
    }  # fmt: skip


def _told(part: Part, unit: str) -> dict[str, Any]:
    """What past episodes of a kind went with."""
    past, effect, of_base = part.past, part.effect, part.share
    return {
        "kind": part.kind,
        "source": part.source,
        "episodes": past.episodes,
        "days": past.days,
        "since": past.since and past.since.isoformat(),
        "until": past.until and past.until.isoformat(),
        "share": share(of_base.mean) if of_base else None,
        "lower_share": share(of_base.lower) if of_base else None,
        "upper_share": share(of_base.upper) if of_base else None,
        "effect": told(effect.mean, unit) if effect else None,
        "lower_effect": told(effect.lower, unit) if effect else None,
        "upper_effect": told(effect.upper, unit) if effect else None,
        "least_price": share(past.prices[0]) if part.kind == "price" and past.sizes else None,
        "greatest_price": share(past.prices[1]) if part.kind == "price" and past.sizes else None,
        "because": past.because,
        "words": what_if_words.of_past(part),
    }


def _about(one: Question) -> dict[str, Any]:
    subject, items = one.subject, one.sales.items
    money = subject.metric.unit == "money" and len(items)
    return {
        "metric": subject.metric.name, "level": subject.level, "item": subject.item,
        "grain": subject.grain, "unit": subject.metric.unit,
        "currency": str(items["currency"].iloc[0]) if money else None,
    }  # fmt: skip


def nothing(subject: Subject) -> dict[str, Any]:
    """A plan of nothing."""
    return {
        "metric": subject.metric.name, "level": subject.level, "item": subject.item,
        "grain": subject.grain, "unit": subject.metric.unit, "currency": None,
        "dates": [], "base": [], "changed": [], "lower_80": [], "upper_80": [], "total_base": None,
        "total_changed": None, "effect": None, "effect_share": None, "lower_effect": None,
        "upper_effect": None, "past": [], "model": None, "model_version": None, "explanation": "",
        "warnings": [], "warned": [],
    }  # fmt: skip


def _model(chosen: Chosen, one: Question) -> str:
    return chosen.plan.choice(one.name).model if chosen.plan else chosen.name
