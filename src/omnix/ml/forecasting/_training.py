"""What global models learn from: periods of a panel, each seen from an origin some periods before."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from omnix.ml.folds import Grain
from omnix.ml.forecasting._features import Asked, Table, features, table
from omnix.ml.forecasting._panel import Block, Panel, Places

#: Series whose numbers are made at once: what bounds the memory.
_SERIES = 256
#: Distances that are asked most, and the farthest.
_AHEAD: MappingProxyType[Grain, tuple[int, int]] = MappingProxyType(
    {"day": (56, 365), "week": (13, 53), "month": (6, 12)}
)
#: The share of rows that look farther than the usual distance.
_FAR = 0.15
#: A small panel is seen from several origins for each period: up to so many rows, so many of each.
_FEW, _VIEWS = 20_000, 6
#: What is learnt lies within so many scales: one broken value must not count for a year of others.
FARTHEST = 20.0


@dataclass(frozen=True)
class Rows:
    """Features and what happened, relative to the scale at the origin; `when` is the period."""

    x: Block
    target: Block
    when: Places


def parts(panel: Panel, lead: str) -> Iterator[tuple[Panel, Table]]:
    """The panel and its table, some series at a time."""
    for start in range(0, len(panel.names), _SERIES):
        part = panel.part(slice(start, start + _SERIES))
        yield part, table(part, lead)


def rows(panel: Panel, lead: str, most: int, seed: int) -> tuple[Rows, Table]:
    """About `most` rows to learn from, and all that answers from the last period need."""
    rng = np.random.default_rng(seed)
    there = int((~np.isnan(panel.y)).sum())
    share = min(min(max(there, _FEW), most) / max(there, 1), _VIEWS)
    found, newest = [], []
    for part, looked in parts(panel, lead):
        found.append(_drawn(part, looked, share, rng))
        newest.append(looked.newest())
    return _joined(found), together(newest)


def _drawn(panel: Panel, looked: Table, share: float, rng: np.random.Generator) -> Rows:
    """Rows of some series: each period is taken `share` times on average."""
    series, column = np.nonzero(~np.isnan(panel.y))
    times = int(share) + (rng.random(len(series)) < share % 1)
    series, column = np.repeat(series, times), np.repeat(column, times)
    begins = np.argmax(~np.isnan(panel.y), axis=1)[series]
    ahead = distances(column - begins, panel.grain, rng)
    later = ahead > 0
    series, column, ahead = series[later], column[later], ahead[later]
    known = {name: block[series, column] for name, block in panel.known.items()}
    asked = Asked(series, panel.first + column, ahead, known)
    x, scale = features(looked, asked, list(panel.known))
    target = np.clip(panel.y[series, column] / scale, -FARTHEST, FARTHEST)
    return Rows(x, target.astype(np.float32), asked.period)


def distances(most: Places, grain: Grain, rng: np.random.Generator) -> Places:
    """How far back each row is seen from, at most `most`; 0 where there is nothing before it."""
    usual, far = _AHEAD[grain]
    near = rng.integers(1, usual, len(most), endpoint=True)
    away = rng.integers(usual, far, len(most), endpoint=True)
    drawn = np.where(rng.random(len(most)) < _FAR, away, near)
    within = 1 + (rng.random(len(most)) * np.minimum(most, far)).astype(np.int64)
    return np.where(drawn <= most, drawn, np.minimum(within, most))


def _joined(found: list[Rows]) -> Rows:
    return Rows(
        np.concatenate([each.x for each in found]),
        np.concatenate([each.target for each in found]),
        np.concatenate([each.when for each in found]),
    )


def together(found: list[Table]) -> Table:
    """The tables of some series each as one of all."""
    one = found[0]
    blocks = {
        kind: {name: _stacked([each.blocks[kind][name] for each in found]) for name in own}
        for kind, own in one.blocks.items()
    }
    return Table(one.grain, one.last, one.lead, _stacked([each.scale for each in found]), blocks)


def _stacked(blocks: list[Block]) -> NDArray[np.float32]:
    return np.concatenate(blocks)
