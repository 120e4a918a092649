"""What each kind of change does: as the model has learnt it, else as the past tells.

A model that answers otherwise when it is told of a change keeps its answer. One that looks at its own
past alone (or saw no such day) says the same with and without: then what past episodes went with is
taken for the effect. In both cases the interval is that of the past. Several kinds are taken as
independent of each other.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from omnix.app.forecasting.past_episodes import Kind, Past
from omnix.ml.episodes import Effect

if TYPE_CHECKING:
    import pandas as pd

Source = Literal["model", "past"]
#: By period: the price against that before it (1 for other changes) → the share of the period with it.
Touched = list[dict[float, float]]
_COLUMN = {"promotion": "promo", "price": "price", "closed": "closed"}
_SAME = 1e-9
#: An interval wider than from all lost to twice as much tells nothing.
_VAGUE = 2.0


@dataclass(frozen=True)
class Part:
    """One kind of change in a plan.

    base:    what is expected of each period without the plan. touched: which part of it has the change.
    source:  whence its effect comes; None: it cannot be told.
    """

    kind: Kind
    base: Sequence[float]
    touched: Touched
    past: Past
    source: Source | None

    @property
    def idle(self) -> bool:
        """Whether it touches nothing: other days, or days that are so already."""
        return not any(self.touched)

    @property
    def whole(self) -> float:
        """What is expected in the time that it touches."""
        return math.fsum(
            value * sum(own.values()) for value, own in zip(self.base, self.touched, strict=True)
        )

    @property
    def effect(self) -> Effect | None:
        """What past episodes would bring, with its interval; None: not known."""
        return _summed(self.past, self.base, self.touched)

    @property
    def share(self) -> Effect | None:
        """The same as a share of `whole`."""
        whole, effect = self.whole, self.effect
        if effect is None or whole <= 0:
            return None
        return Effect(*(None if each is None else each / whole for each in _ends(effect)))  # type: ignore[arg-type]

    def factor(self, at: int) -> Effect:
        """What past episodes multiply a period with."""
        found = _summed(self.past, [1.0], self.touched[at : at + 1]) or Effect(0.0, 0.0, 0.0)
        return Effect(*(None if each is None else 1 + each for each in _ends(found)))  # type: ignore[arg-type]


def _summed(past: Past, base: Sequence[float], of_periods: Touched) -> Effect | None:
    totals = [0.0, 0.0, 0.0]
    for value, own in zip(base, of_periods, strict=True):
        for times, part in own.items():
            effect = past.share(times)
            if effect is None:
                return None
            for place, gain in enumerate(_ends(effect)):
                totals[place] += value * part * (math.nan if gain is None else gain)
    return Effect(*(None if math.isnan(each) else each for each in totals))  # type: ignore[arg-type]


def _ends(effect: Effect) -> tuple[float, float | None, float | None]:
    return effect.mean, effect.lower, effect.upper


def touched(
    future: pd.DataFrame, changes: Sequence[Mapping[str, Any]], kind: Kind, grain: str
) -> Touched:
    """Which part of each period a kind of change touches; of two on one day the later counts.

    Days that are closed, or have a promotion, already are not touched by another; nor days that are
    to be closed by anything else.
    """
    from omnix.app.forecasting.history import last_day

    first, last = future["ds"].iloc[0].date(), last_day(future["ds"].iloc[-1].date(), grain)
    days: dict[date, float] = {}
    for change in changes:
        if change["kind"] == kind:
            value = change["value"] if kind == "price" else 1.0
            days |= dict.fromkeys(_days(change, first, last), value)
    if kind != "closed":
        for change in changes:
            for day in _days(change, first, last) if change["kind"] == "closed" else ():
                days.pop(day, None)
    usual = 1.0 if kind == "price" else 0.0
    column = _COLUMN[kind]
    before = future[column].astype(float) if column in future else np.full(len(future), usual)
    return [_of_period(first.date(), grain, days, kind, old) for first, old in zip(future["ds"], before, strict=True)]  # fmt: skip


def _days(change: Mapping[str, Any], first: date, last: date) -> list[date]:
    """Its days between two others: a plan may go on for centuries."""
    first = max(first, date.fromisoformat(change["from"]))
    last = min(last, date.fromisoformat(change["to"]))
    return [first + timedelta(days=at) for at in range((last - first).days + 1)]


def _of_period(
    first: date, grain: str, days: Mapping[date, float], kind: Kind, before: float
) -> dict[float, float]:
    from omnix.app.forecasting.history import last_day

    length = (last_day(first, grain) - first).days + 1
    found: dict[float, float] = {}
    for at in range(length):
        if (value := days.get(first + timedelta(days=at))) is None:
            continue
        times, part = (value / before, 1.0) if kind == "price" else (1.0, 1.0 - before)
        if part > _SAME and (kind != "price" or abs(times - 1) > _SAME):
            found[times] = found.get(times, 0.0) + part / length
    return found


def part_of(
    kind: Kind, base: Sequence[float], of_periods: Touched, past: Past, *, blind: bool
) -> Part:
    """One kind of change; `blind`: the model says the same with and without it."""
    times = {each for own in of_periods for each in own}
    if past.effect and kind == "price" and not all(map(past.reaches, times)):
        past = replace(past, effect=None, because="outside")
    elif past.effect and any(_is_vague(past.share(each)) for each in times):
        past = replace(past, effect=None, because="vague")
    source: Source | None = "past" if past.effect else None
    return Part(kind, base, of_periods, past, source if blind else "model")


def _is_vague(effect: Effect | None) -> bool:
    """Whether past episodes went so differently that an interval would tell nothing."""
    if effect is None or effect.lower is None or effect.upper is None:
        return False
    return effect.upper - effect.lower > _VAGUE


def with_past(rows: pd.DataFrame, parts: Sequence[Part]) -> pd.DataFrame:
    """`rows` (value, lower_80, upper_80) with what the past says of changes that the model is blind to.

    The band is that of the forecast, stretched alike, and how far the effect is known, as if both
    were independent.
    """
    for part in parts:
        if part.source != "past" or part.idle:
            continue
        factors = [part.factor(at) for at in range(len(part.touched))]
        mean, low, high = (
            np.array([math.nan if each is None else each for each in ends])
            for ends in zip(*map(_ends, factors), strict=True)
        )
        value = rows["value"].to_numpy()
        down, up = (np.abs(rows[name].to_numpy() - value) for name in ("lower_80", "upper_80"))
        lower = value * mean - np.hypot(down * mean, value * (mean - low))
        rows = rows.assign(
            value=value * mean,
            lower_80=np.maximum(lower, np.minimum(rows["lower_80"].to_numpy(), 0.0)),
            upper_80=value * mean + np.hypot(up * mean, value * (high - mean)),
        )
    return rows


def together(parts: Sequence[Part]) -> Effect | None:
    """What the past says of all parts; None where it says nothing of one of them."""
    found = [part.effect for part in parts if not part.idle]
    known = [each for each in found if each is not None]
    if not known or len(known) < len(found):
        return None
    mean = math.fsum(each.mean for each in known)
    low = [each.mean - each.lower for each in known if each.lower is not None]
    high = [each.upper - each.mean for each in known if each.upper is not None]
    if len(low) < len(known):
        return Effect(mean, None, None)
    return Effect(mean, mean - math.hypot(*low), mean + math.hypot(*high))
