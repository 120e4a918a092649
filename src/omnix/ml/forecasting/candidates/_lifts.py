"""What promotions brought: taken out of a history before a path is made, given back to the answer.

A path knows nothing of covariates. Days with a promotion are held against ordinary ones of their weekday
nearby; the gain of a series is drawn towards that of all series by how unsure it is (empirical Bayes,
James and Stein 1961), and a whole promotion that was unusual tells what the same one brings a year later.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from omnix.ml.episodes import expected, spans
from omnix.ml.folds import Grain
from omnix.ml.forecasting.candidates._tails import Floats, Integers, Tails, ordinals

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

#: By grain: periods after which weekdays come again, a year, and how far the same promotion may move in it.
_TURNS: Mapping[Grain, tuple[int, int, int]] = MappingProxyType({
    "day": (7, 364, 14), "week": (1, 52, 2), "month": (1, 12, 0),
})  # fmt: skip
#: What a promotion may multiply sales with at most, and at least.
_MOST, _LEAST = 10.0, 0.1
#: Episodes that are remembered: first and last period, and their effect relative to the usual one.
Episodes = tuple[tuple[int, int, float], ...]


@dataclass(frozen=True)
class Lifts:
    """usual: the share that a promotion brings beyond the ordinary; by_series: where a series differs."""

    grain: Grain
    usual: float = 0.0
    by_series: Mapping[str, float] = field(default_factory=dict)
    episodes: Episodes = ()

    @classmethod
    def learnt(cls, rows: pd.DataFrame, grain: Grain) -> Self:
        """From a history as `frames.history` gives it; without the column `promo` there are none."""
        if "promo" not in rows.columns or not (rows["promo"] > 0).any():
            return cls(grain)
        whole = int(np.ptp(ordinals(rows["ds"], grain))) + 1
        sales = Tails.of(rows, grain, whole)
        promo = Tails.of(rows.assign(y=rows["promo"].fillna(0.0)), grain, whole)
        parts = [_Compared.of(sales, promo.values[own], own, grain) for own in _alike(promo.values)]
        return cls._of([part for part in parts if part.share.any()], sales, grain)

    @classmethod
    def _of(cls, parts: list[_Compared], sales: Tails, grain: Grain) -> Self:
        base, more = (
            sum(float(getattr(part, name).sum()) for part in parts) for name in ("base", "more")
        )
        if base <= 0:
            return cls(grain)
        usual = more / base
        away = [part.more - usual * part.base for part in parts]
        unsure = (
            sum(
                float((_by_episode(part, own) ** 2).sum())
                for part, own in zip(parts, away, strict=True)
            )
            / base**2
        )
        usual *= max(0.0, 1 - unsure / usual**2) if usual else 0.0
        found: dict[str, float] = {}
        for part in parts:
            for row, lift in zip(part.rows, part.lifts(usual), strict=True):
                found[sales.ids[row]] = float(np.clip(lift, _LEAST - 1, _MOST - 1))
        last = int(sales.last.max()) - sales.values.shape[1] + 1
        episodes = parts[0].episodes(usual, last) if len(parts) == 1 else ()
        return cls(grain, float(np.clip(usual, _LEAST - 1, _MOST - 1)), found, episodes)

    def without(self, rows: pd.DataFrame) -> pd.DataFrame:
        """`rows` with `y` as it would have been without promotions."""
        if not self.by_series:
            return rows
        return rows.assign(y=rows["y"].to_numpy() / self.factors(rows))

    def factors(self, rows: pd.DataFrame) -> Floats:
        """What the promotions of `rows` (unique_id, ds, promo) multiply ordinary sales with."""
        factors = np.ones(len(rows))
        if not self.by_series or "promo" not in rows.columns:
            return factors
        promo = np.nan_to_num(rows["promo"].to_numpy(dtype=np.float64))
        on = promo > 0
        lift = (
            rows.loc[on, "unique_id"]
            .map(self.by_series)
            .fillna(self.usual)
            .to_numpy(dtype=np.float64)
        )
        special = self._special(ordinals(rows.loc[on, "ds"], self.grain))
        factors[on] = np.clip(1 + ((1 + lift) * special - 1) * promo[on], _LEAST, _MOST)
        return factors

    def to_dict(self) -> dict[str, Any]:
        """As JSON can hold it."""
        return {"usual": self.usual, "by_series": dict(self.by_series), "episodes": self.episodes}

    @classmethod
    def from_dict(cls, told: Mapping[str, Any], grain: Grain) -> Self:
        """What `to_dict` told."""
        episodes = tuple(
            (int(first), int(last), float(size)) for first, last, size in told["episodes"]
        )
        return cls(grain, told["usual"], told["by_series"], episodes)

    def _special(self, when: Integers) -> Floats:
        """By period: the effect of its own promotion relative to the usual one, else of that a year before."""
        _, year, moves = _TURNS[self.grain]
        found = np.ones(len(when))
        for back in (2, 1, 0):  # the nearest counts
            for first, last, size in self.episodes:
                slack = moves if back else 0
                here = (when >= first + back * year - slack) & (when <= last + back * year + slack)
                found[here] = size
        return found


@dataclass(frozen=True)
class _Compared:
    """Series with the same promotions; columns are the periods with one.

    rows: their places among all. at: the periods. share: how much of each is promoted. base: ordinary
    sales of the promoted part; more: sales beyond the ordinary. Nought where nothing can be compared.
    """

    rows: Integers
    at: Integers
    share: Floats
    base: Floats
    more: Floats

    @classmethod
    def of(cls, sales: Tails, promo: Floats, own: Integers, grain: Grain) -> Self:
        share = np.nan_to_num(np.nanmax(np.vstack([promo, np.zeros(promo.shape[1])]), axis=0))
        at = np.flatnonzero(share > 0)
        values = sales.values[own]
        usual = expected(values, share == 0, at, _TURNS[grain][0])
        told = np.isfinite(usual) & np.isfinite(values[:, at])
        base = np.where(told, usual * share[at], 0.0)
        more = np.where(told, values[:, at] - usual, 0.0)
        return cls(own, at, share[at], base, more)

    def lifts(self, usual: float) -> Floats:
        """The share that each series gains, drawn to the `usual` one by how unsure it is."""
        base, more = self.base.sum(axis=1), self.more.sum(axis=1)
        told = base > 0
        lift = np.divide(more, base, out=np.full(len(base), usual), where=told)
        away = self.more - lift[:, None] * self.base
        unsure = np.divide(
            (away**2).sum(axis=1), base**2, out=np.full(len(base), np.inf), where=told
        )
        believed: Floats = usual + _kept(lift - usual, unsure, base) * (lift - usual)
        return believed

    def episodes(self, usual: float, first: int) -> Episodes:
        """Each promotion's effect on all series together, relative to the usual one; periods count from `first`."""
        base, more = self.base.sum(axis=0), self.more.sum(axis=0)
        places = spans(_flags(self.at))
        own = [np.isin(self.at, np.arange(begin, end + 1)) for begin, end in places]
        sums = np.array([[base[here].sum(), more[here].sum()] for here in own])
        told = sums[:, 0] > 0
        gain = np.divide(sums[:, 1], sums[:, 0], out=np.full(len(sums), usual), where=told)
        left = [
            float(((more[here] - lift * base[here]) ** 2).sum())
            for here, lift in zip(own, gain, strict=True)
        ]
        unsure = np.divide(left, sums[:, 0] ** 2, out=np.full(len(sums), np.inf), where=told)
        size = (1 + usual + _kept(gain - usual, unsure, sums[:, 0]) * (gain - usual)) / (1 + usual)
        return tuple(
            (begin + first, end + first, float(each))
            for (begin, end), each in zip(places, size, strict=True)
        )


def _kept(away: Floats, unsure: Floats, weight: Floats) -> Floats:
    """The share of each difference that is believed: how much they differ beyond what chance makes of each."""
    told = np.isfinite(unsure) & (weight > 0)
    if told.sum() < 2:
        return np.zeros(len(away))
    shares = weight[told] / weight[told].sum()
    apart = max(0.0, float(shares @ (away[told] ** 2 - unsure[told])))
    return np.divide(
        apart, apart + unsure, out=np.zeros(len(away)), where=told & (apart + unsure > 0)
    )


def _by_episode(part: _Compared, away: Floats) -> Floats:
    """What is left of each promotion, all series together: its days go together."""
    left = away.sum(axis=0)
    return np.array(
        [
            left[np.isin(part.at, np.arange(first, last + 1))].sum()
            for first, last in spans(_flags(part.at))
        ]
    )


def _flags(at: Integers) -> Any:
    flags = np.zeros(int(at.max()) + 1, dtype=bool)
    flags[at] = True
    return flags


def _alike(promo: Floats) -> list[Integers]:
    """The rows that have the same promotions wherever they are known, as few groups as that takes."""
    whole = np.nan_to_num(np.nanmax(np.vstack([promo, np.zeros(promo.shape[1])]), axis=0))
    full = np.where(np.isnan(promo), whole, promo)
    _, groups = np.unique(full, axis=0, return_inverse=True)
    return [np.flatnonzero(groups == group) for group in range(int(groups.max()) + 1)]
