"""What a global model sees of one period of one series, as it is known some periods before.

Every number is taken at an *origin*: nothing after it is read but what is known for the future. A
model that learns from them, with the distance as one of them, answers any horizon at once, without
being fed its own answers.

All is relative to the *scale* of the series at its origin: small and large series, and one series
before and after it has grown, then teach the same. Numbers are looked up in three ways:

- level:  at the origin itself;
- season: at the newest period up to the origin with the same place in the season (the weekday);
- year:   at the same place of an earlier year, whose surroundings lie before the origin as well.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

import numpy as np

from omnix.ml.folds import Grain
from omnix.ml.forecasting import _rolling as rolling
from omnix.ml.forecasting._panel import CLOSED, Block, Panel, Places, moments
from omnix.ml.forecasting._rolling import Wide

Kind = Literal["level", "season", "year"]


@dataclass(frozen=True)
class Spans:
    """Lengths in periods of a grain.

    season, year: after which things come again; a year is whole seasons, so that weekdays meet.
    short, usual, long, whole: over which levels are taken; the scale is that of `long`.
    around: how far the surroundings of last year's period reach.
    repeats: over how many seasons the usual one is taken: few, some, many.
    """

    season: int
    year: int
    short: int
    usual: int
    long: int
    whole: int
    around: int
    repeats: tuple[int, int, int]


SPANS: MappingProxyType[Grain, Spans] = MappingProxyType(
    {
        "day": Spans(7, 364, 7, 28, 91, 364, 3, (4, 12, 52)),
        "week": Spans(52, 52, 4, 13, 26, 52, 1, (1, 2, 3)),
        "month": Spans(12, 12, 3, 6, 12, 24, 0, (1, 2, 3)),
    }
)
#: Rows whose features are made at once.
_ROWS = 100_000
#: The blocks of which one is taken, by the state of the leading covariate.
_BY_STATE = frozenset({"usual_off", "usual_on"})
#: What the calendar says of a period.
DATES: MappingProxyType[Grain, tuple[str, ...]] = MappingProxyType(
    {
        "day": ("month", "week_of_year", "day_of_month", "weekday"),
        "week": ("month", "week_of_year", "day_of_month"),
        "month": ("month",),
    }
)
#: A scale is at least this share of what the series was before: no dividing by a pause.
_FLOOR = 0.1


@dataclass(frozen=True)
class Table:
    """All that can be looked up of a block of series.

    last:  the number of the period of the last column of every block.
    lead:  the covariate by whose state usual periods are told apart; empty for none.
    scale: what the numbers are relative to, by series and origin.
    """

    grain: Grain
    last: int
    lead: str
    scale: Block
    blocks: dict[Kind, dict[str, Block]]

    def newest(self) -> Table:
        """As much of it as answers from the last origin need."""
        spans = SPANS[self.grain]
        keep = {"level": 1, "season": spans.season, "year": spans.year + spans.around + 1}
        blocks = {
            kind: {name: block[:, -keep[kind] :].copy() for name, block in own.items()}
            for kind, own in self.blocks.items()
        }
        return Table(self.grain, self.last, self.lead, self.scale[:, -1:].copy(), blocks)


def leading(panel: Panel) -> str:
    """The on-and-off covariate that moves sales the most; empty where there is none."""
    counts = np.maximum((~np.isnan(panel.y)).sum(axis=1, keepdims=True), 1)
    own = np.nansum(np.abs(panel.y), axis=1, keepdims=True, dtype=np.float64) / counts
    relative = (panel.y / np.where(own > 0, own, 1)).astype(np.float32)
    found = [
        (_moved(relative, block), name) for name, block in panel.known.items() if name != CLOSED
    ]
    share, name = max(found, default=(0.0, ""))
    return name if share > 0 else ""


def _moved(relative: Block, block: Block) -> float:
    """The variance between on and off; 0 for what is neither, or hardly ever one of them."""
    there = ~np.isnan(relative) & ~np.isnan(block)
    values, states = relative[there], block[there]
    on = states == 1
    if not len(states) or not (on | (states == 0)).all() or not 0.02 < on.mean() < 0.98:
        return 0.0
    gap = float(values[on].mean(dtype=np.float64) - values[~on].mean(dtype=np.float64))
    return float(on.mean() * (1 - on.mean()) * gap**2)


def table(panel: Panel, lead: str) -> Table:
    """All that can be looked up of `panel`, whose leading covariate is `lead`."""
    spans, y = SPANS[panel.grain], panel.y.astype(np.float64)
    state = panel.known.get(lead)
    scale = _scale(y, spans)
    off, on = _usual(y, state, spans)
    expected = off if state is None else np.where(state == 1, on, off)
    with np.errstate(all="ignore"):
        apart = (y - rolling.back(expected, spans.season)) / scale
        blocks: dict[Kind, dict[str, Wide]] = {
            "level": _levels(y, apart, scale, spans),
            "season": _seasons(y, spans) | {"usual_off": off, "usual_on": on},
            "year": _years(y, apart, scale, spans),
        }
    small = {
        kind: {name: block.astype(np.float32) for name, block in own.items()}
        for kind, own in blocks.items()
    }
    return Table(panel.grain, panel.last, lead, scale.astype(np.float32), small)


def _levels(y: Wide, apart: Wide, scale: Wide, spans: Spans) -> dict[str, Wide]:
    """What is known at the origin itself."""
    mean = rolling.mean(y, spans.usual)
    before = rolling.back(mean, spans.year)
    return {
        "mean_short": rolling.mean(y, spans.short) / scale,
        "mean_usual": mean / scale,
        "mean_whole": rolling.mean(y, spans.whole) / scale,
        "apart_short": rolling.mean(apart, spans.short),
        "apart_usual": rolling.mean(apart, spans.usual),
        "apart_long": rolling.mean(apart, spans.long),
        "spread": np.sqrt(rolling.mean(apart**2, spans.long)),
        "noughts": rolling.mean(np.where(np.isnan(y), np.nan, y == 0), spans.long),
        "growth": np.clip(np.where(before == 0, np.nan, mean / before), -5, 5),
    }


def _seasons(y: Wide, spans: Spans) -> dict[str, Wide]:
    """Values at the same place of the last seasons, in the unit of `y`."""
    few, some, _ = spans.repeats
    return {
        "season_last": y,
        "season_few": rolling.mean(y, few, spans.season),
        "season_some": rolling.mean(y, some, spans.season),
    }


def _years(y: Wide, apart: Wide, scale: Wide, spans: Spans) -> dict[str, Wide]:
    """How last year's period stood out, and its surroundings."""
    around = rolling.mean(apart, 2 * spans.around + 1)
    return {
        "year_value": y / scale,
        "year_apart": apart,
        "year_around": rolling.forward(around, spans.around),
    }


def _scale(y: Wide, spans: Spans) -> Wide:
    """The mean size of the last values; 1 for a series that is nought throughout, NaN before it begins."""
    size = np.abs(y)
    ever = rolling.mean(size, y.shape[1])
    lately = rolling.mean(size, spans.long)
    found = np.fmax(lately, _FLOOR * ever)
    return np.where(found == 0, 1.0, found)


def _usual(y: Wide, state: Block | None, spans: Spans) -> tuple[Wide, Wide]:
    """What such a period brings while the leading covariate is off, and on.

    Each is drawn to what all such periods bring, and these to the whole, the more the fewer there are.
    """
    many = spans.repeats[2]
    whole = rolling.mean(y, many * spans.season)
    either = rolling.drawn(y, ~np.isnan(y), whole, many, spans.season)
    if state is None:
        return either, either
    with np.errstate(all="ignore"):
        ratio = {
            on: rolling.mean(np.where(state == on, y, np.nan), many * spans.season) for on in (0, 1)
        }
        drawn = {
            on: either * np.nan_to_num(ratio[on] / whole, nan=1.0, posinf=1.0, neginf=1.0)
            for on in (0, 1)
        }
    off, on = (
        rolling.drawn(y, (state == s) & ~np.isnan(y), drawn[s], many, spans.season) for s in (0, 1)
    )
    return off, on


@dataclass(frozen=True)
class Asked:
    """Periods that are asked, one a row: whose, which, how far from the origin, and what is known.

    series: the place of the series in the table; -1 for one that it does not know.
    """

    series: Places
    period: Places
    ahead: Places
    known: dict[str, Block]

    def pieces(self) -> Iterator[Asked]:
        """The same rows, so many at a time that their features take little memory."""
        for start in range(0, len(self.series), _ROWS):
            rows = slice(start, start + _ROWS)
            known = {name: values[rows] for name, values in self.known.items()}
            yield Asked(self.series[rows], self.period[rows], self.ahead[rows], known)


def features(found: Table, asked: Asked, known: Sequence[str]) -> tuple[Block, Block]:
    """The features of each row, by `names`, and the scale that its answer is relative to."""
    spans, origin = SPANS[found.grain], asked.period - asked.ahead
    scale = _at(found, found.scale, asked.series, origin)
    columns = list(_looked_up(found, asked, spans, scale))
    columns += [asked.ahead.astype(np.float32), *dates(asked.period, found.grain).values()]
    columns += [asked.known[name] for name in known]
    return np.column_stack(columns).astype(np.float32), scale


def names(found: Table, known: Sequence[str]) -> list[str]:
    """The names of the columns of `features`, in their order."""
    kinds = [name for own in found.blocks.values() for name in own if name not in _BY_STATE]
    return [*kinds, "usual", "ahead", *DATES[found.grain], *known]


def _looked_up(found: Table, asked: Asked, spans: Spans, scale: Block) -> Iterator[Block]:
    origin = asked.period - asked.ahead
    season = asked.period - spans.season * _times(asked.ahead, spans.season)
    year = asked.period - spans.year * _times(asked.ahead + spans.around, spans.year)
    for block in found.blocks["level"].values():
        yield _at(found, block, asked.series, origin)
    for name, block in found.blocks["season"].items():
        if name not in _BY_STATE:
            yield _at(found, block, asked.series, season) / scale
    for block in found.blocks["year"].values():
        yield _at(found, block, asked.series, year)
    yield usual(found, asked) / scale


def usual(found: Table, asked: Asked) -> Block:
    """What such a period brings, by its place in the season and the leading covariate."""
    spans = SPANS[found.grain]
    season = asked.period - spans.season * _times(asked.ahead, spans.season)
    blocks = found.blocks["season"]
    off = _at(found, blocks["usual_off"], asked.series, season)
    on = _at(found, blocks["usual_on"], asked.series, season)
    return np.where(asked.known[found.lead] == 1, on, off) if found.lead else off


def _times(ahead: Places, length: int) -> Places:
    """How many whole `length`s reach back to the origin or before it."""
    return -(-ahead // length)


def _at(found: Table, block: Block, series: Places, period: Places) -> Block:
    """What stands in `block`; NaN for a series or a period that it does not hold."""
    column = block.shape[1] - 1 - (found.last - period)
    there = (series >= 0) & (column >= 0)
    values = np.full(len(series), np.nan, dtype=np.float32)
    values[there] = block[series[there], column[there]]
    return values


def dates(period: Places, grain: Grain) -> dict[str, Block]:
    """Where a period lies in its week, month and year."""
    day = moments(period, grain)
    month = day.astype("datetime64[M]")
    year_day = (day - day.astype("datetime64[Y]").astype("datetime64[D]")).astype(np.int64)
    parts = {
        "month": month.astype(np.int64) % 12 + 1,
        "week_of_year": year_day // 7 + 1,
        "day_of_month": (day - month.astype("datetime64[D]")).astype(np.int64) + 1,
        "weekday": (day.astype(np.int64) + 3) % 7,
    }
    return {name: parts[name].astype(np.float32) for name in DATES[grain]}
