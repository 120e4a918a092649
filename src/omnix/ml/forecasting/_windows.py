"""What a recurrent network learns from: the last periods of a series, and some of those that follow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Self

import numpy as np

from omnix.ml.folds import Grain
from omnix.ml.forecasting._features import SPANS, Asked, Table, features
from omnix.ml.forecasting._panel import Block, Panel, Places
from omnix.ml.forecasting._training import FARTHEST, distances
from omnix.ml.forecasting._words import told

#: How many periods are read before the origin.
LENGTH: MappingProxyType[Grain, int] = MappingProxyType({"day": 56, "week": 26, "month": 18})
#: How many of the following periods each window asks for.
TARGETS = 12
#: How long each part of the calendar takes to come round.
_ROUND: MappingProxyType[str, float] = MappingProxyType(
    {"month": 12.0, "week_of_year": 52.2, "day_of_month": 30.4}
)
#: What only a second year tells from chance, and what needs a year before the origin.
_OF_TWO_YEARS = frozenset({"month", "week_of_year"})
_OF_A_YEAR = frozenset({"growth", "year_value", "year_apart", "year_around", "mean_whole"})
#: Standardised features lie within so many standard deviations.
_WITHIN = 4.0


@dataclass(frozen=True)
class Windows:
    """Windows side by side.

    past:   windows x periods x (what was sold, whether that is known, covariates).
    x:      windows x targets x features as `features` gives them.
    target: windows x targets, relative to the scale at the origin; NaN where nothing is to be learnt.
    when:   the period of each target.
    """

    past: Block
    x: Block
    target: Block
    when: Places

    def part(self, places: Places) -> Windows:
        """Some of them."""
        return Windows(self.past[places], self.x[places], self.target[places], self.when[places])


def drawn(panel: Panel, looked: Table, count: int, rng: np.random.Generator) -> Windows:
    """`count` windows of some series, at origins that have something before and after them."""
    there = ~np.isnan(panel.y)
    begins = np.argmax(there, axis=1)
    last = panel.y.shape[1] - 1
    room = np.maximum(last - begins, 0) * there.any(axis=1)
    count = count if room.any() else 0
    share = room / max(room.sum(), 1)
    series = rng.choice(len(begins), count, p=share if count else None)
    origin = begins[series] + (rng.random(count) * room[series]).astype(np.int64)
    ahead = distances(np.repeat(last - origin, TARGETS), panel.grain, rng)
    column = np.repeat(origin, TARGETS) + ahead
    who = np.repeat(series, TARGETS)
    known = {name: block[who, column] for name, block in panel.known.items()}
    asked = Asked(who, panel.first + column, ahead, known)
    x, scale = features(looked, asked, list(panel.known))
    target = np.clip(panel.y[who, column] / scale, -FARTHEST, FARTHEST)
    shape = (count, TARGETS)
    past = read(panel, looked, series, origin)
    return Windows(past, x.reshape(*shape, -1), target.reshape(shape), asked.period.reshape(shape))


def read(panel: Panel, looked: Table, series: Places, origin: Places) -> Block:
    """The last periods up to each origin: sales, whether they are known, covariates, the season."""
    length = LENGTH[panel.grain]
    column = origin[:, None] - np.arange(length - 1, -1, -1)
    before, who = column < 0, np.broadcast_to(series[:, None], column.shape)
    at = np.maximum(column, 0)
    y = np.where(before, np.nan, panel.y[who, at] / looked.scale[series, origin][:, None])
    angle = 2 * np.pi * (panel.first + column) / SPANS[panel.grain].season
    known = [np.where(before, 0, block[who, at]) for block in panel.known.values()]
    parts = [np.clip(y, -FARTHEST, FARTHEST), ~np.isnan(y), np.sin(angle), np.cos(angle), *known]
    return np.asarray(np.nan_to_num(np.stack(parts, axis=-1)), dtype=np.float32)


@dataclass(frozen=True)
class Standard:
    """How features are brought to one size: their mean and standard deviation where they were learnt.

    without: the features that are not shown.
    """

    names: tuple[str, ...]
    without: frozenset[str]
    mean: Block
    deviation: Block

    @classmethod
    def of(cls, x: Block, names: list[str], without: frozenset[str]) -> Self:
        """That of the rows `x`."""
        rows = _straight(x.reshape(-1, x.shape[-1]).astype(np.float64), names)
        there = ~np.isnan(rows)
        count = np.maximum(there.sum(axis=0), 1)
        mean = np.where(there, rows, 0).sum(axis=0) / count
        variance = (np.where(there, rows - mean, 0) ** 2).sum(axis=0) / count
        deviation = np.where(variance > 1e-12, np.sqrt(variance), 1.0)
        return cls(tuple(names), without, mean.astype(np.float32), deviation.astype(np.float32))

    def shown(self, x: Block) -> Block:
        """`x` as a network reads it; what is missing is the mean; the calendar goes round."""
        rows = (_straight(x, list(self.names)) - self.mean) / self.deviation
        columns = [
            self._shown(name, x[..., at], rows[..., at])
            for at, name in enumerate(self.names)
            if name not in self.without
        ]
        return np.concatenate(columns, axis=-1).astype(np.float32)

    def kinds(self, words: Mapping[str, str]) -> dict[str, list[int]]:
        """The columns of `shown` by what they are called in words."""
        found: dict[str, list[int]] = {}
        at = 0
        for name in (each for each in self.names if each not in self.without):
            width = 7 if name == "weekday" else 2 if name in _ROUND else 1
            found.setdefault(told(name, words), []).extend(range(at, at + width))
            at += width
        return found

    def _shown(self, name: str, raw: Block, row: Block) -> Block:
        """One feature as one, two or seven columns."""
        if name == "weekday":
            return np.asarray(raw[..., None] == np.arange(7), dtype=np.float32)
        if name in _ROUND:
            angle = 2 * np.pi * raw / _ROUND[name]
            return np.stack([np.sin(angle), np.cos(angle)], axis=-1)
        return np.clip(np.nan_to_num(row), -_WITHIN, _WITHIN)[..., None]


def unproven(grain: Grain, length: int) -> frozenset[str]:
    """Features that a history of so many periods cannot tell from what happened once."""
    spans = SPANS[grain]
    return (_OF_TWO_YEARS if length < 2 * spans.year else frozenset()) | (
        _OF_A_YEAR if length < spans.year + spans.long else frozenset()
    )


def joined(found: list[Windows]) -> Windows:
    """All windows in one."""
    return Windows(
        np.concatenate([each.past for each in found]),
        np.concatenate([each.x for each in found]),
        np.concatenate([each.target for each in found]),
        np.concatenate([each.when for each in found]),
    )


def _straight(x: Block, names: list[str]) -> Block:
    """Distances by their logarithm: the first days differ most."""
    straight = x.copy()
    at = [place for place, name in enumerate(names) if name == "ahead"]
    straight[..., at] = np.log1p(straight[..., at])
    return straight
