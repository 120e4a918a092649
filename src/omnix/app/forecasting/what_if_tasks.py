"""What a promotion, another price or a closed day would change, as the stored model has learnt it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from omnix.app.forecasting import engine_tasks
from omnix.app.forecasting.engine_tasks import Question, Tell
from omnix.app.forecasting.phrases import amount, percent, periods, share, told
from omnix.ml.errors import TooLittleData

if TYPE_CHECKING:
    import pandas as pd

    from omnix.app.app import App
    from omnix.app.forecasting.subject import Subject
    from omnix.ml.forecasting.bundle import Chosen
    from omnix.ml.forecasting.task import Task

_COLUMN = {"promotion": "promo", "price": "price", "closed": "closed"}
#: Days with a promotion or another price below which nothing can be learnt from them.
_FEW = 10


def what_if(app: App, asked: Mapping[str, Any], tell: Tell) -> dict[str, Any]:
    """The forecast without and with the changes; with too little history an empty answer."""
    one = engine_tasks.question(app, asked)
    try:
        task = one.task()
        chosen, version = engine_tasks.chosen_for(app, one, task, asked, tell)
    except TooLittleData as error:
        return {
            **nothing(one.subject),
            "empty_because": error.what,
            "needed": f"{error.needed}.",
        }
    tell({"step": "changing", "done": 1, "total": 1, "words": "The forecast with the changes."})
    asked_of = task.at(task.last)
    future = asked_of.future.sort_values("ds").reset_index(drop=True)
    other, touched = changed(future, asked["changes"], one.subject.grain)
    base, new = (_rows(chosen, task, rows) for rows in (future, other))
    learnt = [each for each in asked["changes"] if each["kind"] != "closed"]
    alone = _rows(chosen, task, changed(future, learnt, one.subject.grain)[0])
    blind = bool(learnt) and bool((alone["value"].to_numpy() == base["value"].to_numpy()).all())
    return {
        **_answer(one, base, new),
        **_about(one),
        "model": _model(chosen, one),
        "model_version": version or None,
        "explanation": _explained(one, base, new),
        "warnings": _warnings(chosen, one, asked_of.train, asked["changes"], touched, blind=blind),
        "empty_because": None,
        "needed": None,
    }


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


def _answer(one: Question, base: pd.DataFrame, new: pd.DataFrame) -> dict[str, Any]:
    unit = one.subject.metric.unit
    before, after = (math.fsum(rows["value"]) for rows in (base, new))
    return {
        "dates": [each.date().isoformat() for each in new["ds"]],
        "base": [told(float(each), unit) for each in base["value"]],
        "changed": [told(float(each), unit) for each in new["value"]],
        "lower_80": [told(float(each), unit) for each in new["lower_80"]],
        "upper_80": [told(float(each), unit) for each in new["upper_80"]],
        "total_base": told(before, unit),
        "total_changed": told(after, unit),
        "effect": told(after - before, unit),
        "effect_share": share((after - before) / before) if before > 0 else None,
        "lower_effect": None,
        "upper_effect": None,
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
        "upper_effect": None, "model": None, "model_version": None, "explanation": "", "warnings": [],
    }  # fmt: skip


def _model(chosen: Chosen, one: Question) -> str:
    return chosen.plan.choice(one.name).model if chosen.plan else chosen.name


def _explained(one: Question, base: pd.DataFrame, new: pd.DataFrame) -> str:
    """What the changes do to the sum, in a sentence."""
    before, after = (math.fsum(rows["value"]) for rows in (base, new))
    currency = _about(one)["currency"]
    span = periods(len(base), one.subject.grain)
    told_ = f"{amount(after, currency)} instead of {amount(before, currency)} in the next {span}"
    if before <= 0 or abs(after - before) < 0.0005 * before:
        return f"{told_}: no difference that the model knows of."
    return f"{told_}: {percent((after - before) / before)} {'more' if after > before else 'less'}, as the model learnt from the past."  # fmt: skip


def _warnings(
    chosen: Chosen,
    one: Question,
    train: pd.DataFrame,
    changes: list[Mapping[str, Any]],
    touched: list[int],
    *,
    blind: bool,
) -> list[str]:
    """Where the answer should not be trusted. `blind`: promotions and prices change nothing in it."""
    found = []
    for change, days in zip(changes, touched, strict=True):
        kind = change["kind"]
        if not days:
            found.append(f"The {kind} from {change['from']} to {change['to']} lies outside of the days ahead: it changes nothing.")  # fmt: skip
        elif kind != "closed" and not blind:
            found += _seen(one, train, kind)
    learnt = any(each["kind"] != "closed" and days for each, days in zip(changes, touched, strict=True))  # fmt: skip
    if blind and learnt:
        found.append(f"The model that forecasts it ({_model(chosen, one)}) looks at its own past alone: what a promotion or a price does cannot be told by it.")  # fmt: skip
    elif learnt:
        found.append("What the model learnt is what went with promotions and prices in the past, not what they caused.")  # fmt: skip
    return list(dict.fromkeys(found))


def _seen(one: Question, train: pd.DataFrame, kind: str) -> list[str]:
    """A warning where the history knows too few of such periods."""
    column = _COLUMN[kind]
    if column not in train:
        return [f"The history of this series tells nothing of {'promotions' if kind == 'promotion' else 'prices'}."]  # fmt: skip
    values = train[column]
    count = int((values > 0).sum()) if kind == "promotion" else int(((values - 1).abs() > 0.02).sum())  # fmt: skip
    if count >= _FEW:
        return []
    what = "a promotion" if kind == "promotion" else "another price"
    return [f"Only {periods(count, one.subject.grain)} of its history had {what}: too few to learn from."]  # fmt: skip
