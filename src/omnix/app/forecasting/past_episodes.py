"""Promotions, prices and closings of a series' past, and what went with them.

Of each episode it is asked what the same weekdays around it sold (`omnix.ml.episodes`). Ordinary days
are open ones without a promotion, a holiday or a day beside one. Promotions are those that concern
the series: its category's, the whole shop's for countries. Prices are known of products alone.
Closings are those of days on which the shop opens else, holidays apart: they are told by what the
three days on both sides made up for.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Literal

import numpy as np

from omnix.ml import episodes
from omnix.ml.episodes import Effect, Episode

if TYPE_CHECKING:
    from omnix.app.forecasting.engine_tasks import Question

Kind = Literal["promotion", "price", "closed"]
Because = Literal["never", "few", "no_prices", "outside", "vague"]
#: Prices may be tried this much further than they ever were, in logs.
_FURTHER = 1.5


@dataclass(frozen=True)
class Past:
    """What episodes of a kind went with; `effect` None: it cannot be told, `because` says why.

    days:   days in all episodes: open ones, of closings closed ones.
    since, until: from the first day of the first to the last of the last. sizes: of prices, the log
        of each new one over the one before.
    """

    kind: Kind
    episodes: int
    days: int
    effect: Effect | None
    because: Because | None
    since: date | None = None
    until: date | None = None
    sizes: tuple[float, ...] = ()

    def share(self, times: float = 1.0) -> Effect | None:
        """What is sold more, as a share of the ordinary; `times`: the price against that before it."""
        if self.effect is None:
            return None
        size = math.log(times) if self.kind == "price" else 1.0

        def told(gain: float) -> float:
            if self.kind == "price":
                return math.expm1(gain * size)
            # A promotion cannot take away more than all; a closing may keep people away around it.
            return max(gain, -1.0) if self.kind == "promotion" else gain

        mean, low, high = told(self.effect.mean), self.effect.lower, self.effect.upper
        if low is None or high is None:
            return Effect(mean, None, None)
        return Effect(mean, *sorted((told(low), told(high))))

    @property
    def prices(self) -> tuple[float, float]:
        """The least and the greatest change of a price, as shares."""
        return math.expm1(min(self.sizes)), math.expm1(max(self.sizes))

    def reaches(self, times: float) -> bool:
        """Whether such a price lies near those that were tried."""
        most = max(map(abs, self.sizes), default=0.0)
        return abs(math.log(times)) <= _FURTHER * most


class History:
    """One series day by day up to the cut, with what happened on each day."""

    def __init__(self, one: Question) -> None:
        from omnix.ml.forecasting.task import of_days

        self._one = one
        task = one.daily()
        rows = task.history.sort_values("ds")
        known = task.known
        assert known is not None  # noqa: S101 - `Sales.task` gives it
        self._week = known.calendar(task.last).weekdays
        days = of_days(rows["ds"], known, task.last, "day")
        self.first: date = rows["ds"].iloc[0].date()
        self.closed = days["closed"].to_numpy() >= 1
        self.holiday = (
            (days[["holiday", "before_holiday", "after_holiday"]] > 0).any(axis=1).to_numpy()
        )
        self.y = np.where(self.closed, np.nan, rows["y"].to_numpy(dtype=np.float64))

    def past(self, kind: Kind) -> Past:
        """What episodes of that kind went with."""
        if kind == "promotion":
            spans = episodes.spans(self._promoted, self.closed)
            return self._told(
                kind, *episodes.raised(self._clear, spans, self._ordinary), bool(spans)
            )
        if kind == "closed":
            spans = [each for each in episodes.spans(self.closed) if self._is_own(*each)]
            return self._told(kind, *episodes.closings(self.y, spans, self._ordinary), bool(spans))
        if self._one.subject.level != "product":
            return Past(kind, 0, 0, None, "no_prices")
        found, chance = episodes.prices(self.y, self._price, self._ordinary)
        return self._told(kind, found, chance, bool(found))

    def _told(self, kind: Kind, found: list[Episode], chance: list[Episode], was: bool) -> Past:
        if not found:
            return Past(kind, 0, 0, None, "few" if was else "never")
        days = sum(int(self._counted(kind)[each.first : each.last + 1].sum()) for each in found)
        effect = episodes.effect(found, chance)
        return Past(
            kind, len(found), days, effect, None if effect else "few",
            self._day(found[0].first), self._day(found[-1].last), tuple(each.size for each in found),
        )  # fmt: skip

    def _counted(self, kind: Kind) -> episodes.Flags:
        return np.asarray(self.closed if kind == "closed" else ~self.closed)

    def _day(self, at: int) -> date:
        return self.first + timedelta(days=at)

    @cached_property
    def _ordinary(self) -> episodes.Flags:
        return np.asarray(~(self.closed | self.holiday | self._promoted))

    @cached_property
    def _clear(self) -> episodes.Floats:
        """The series without holidays: a promotion over Christmas is not told by Christmas."""
        return np.where(self.holiday, np.nan, self.y)

    @cached_property
    def _promoted(self) -> episodes.Flags:
        """Days of promotions that concern the series.

        Rows tell of days with a sale alone. The whole shop sells on nearly all; of a category the
        campaigns are told by the days on which it sold and the shop had none: it has all their days.
        """
        days = self._promoted_rows("shop", "")[True]
        level, item = self._one.of_promotions()
        if level == "category":
            rows = self._promoted_rows(level, item)
            for campaign in self._one.campaigns():
                if campaign & (rows[True] - days) and not campaign & rows[False]:
                    days = days | campaign
        return self._flags(days)

    def _promoted_rows(self, level: str, item: str) -> dict[bool, frozenset[date]]:
        """Days with a row, by whether a promotion ran."""
        rows = self._one.rows(level, item).project("sold_on, promoted").fetchall()
        return {
            ran: frozenset(day for day, promoted in rows if promoted == ran)
            for ran in (True, False)
        }

    @cached_property
    def _price(self) -> episodes.Floats:
        subject = self._one.subject
        rows = self._one.rows(subject.level, subject.item).filter("price_cents > 0")
        price = np.full(len(self.y), np.nan)
        for day, cents in rows.project("sold_on, price_cents").fetchall():
            at = (day - self.first).days
            if 0 <= at < len(price):
                price[at] = cents
        return price

    def _flags(self, days: frozenset[date]) -> episodes.Flags:
        return np.array([self._day(at) in days for at in range(len(self.y))])

    def _is_own(self, first: int, last: int) -> bool:
        """Whether a closing is none of the week's and none for a holiday."""
        days = range(first, last + 1)
        weekly = all(self._day(at).weekday() in self._week for at in days)
        return not weekly and not self.holiday[first : last + 1].any()
