"""Days on which the level or the growth of a series changed, told from weekdays, seasons and chance.

The series is taken as weekday + yearly season (harmonics) + line + changes + noise, all fitted
together by least squares, so that a season is not taken for a change nor the reverse. A change is a
step or a bend of the line. At each round every day is tried and the best kept as long as it is
significant (sup-F of Andrews 1993, one after the other as Bai and Perron 1998); then each day is
looked for again, given the others. How large the statistic gets where nothing changes is simulated
for the very design, the choice of the day and the estimated memory of the noise included.

Single wild days are clipped to a running median before (Hampel 1974). A step must explain more than
any passing spell of up to four weeks does, and show in the medians of the eight weeks on both sides,
so that a busy fortnight is no new level. What comes back on the days of another year is season.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

Kind = Literal["level", "growth"]

#: Places on each side of a change; places that are needed in all.
EDGE, NEEDED = 28, 112
#: Most changes and passing spells in one series; the chance at which the search for more ends.
MOST, SPELLS, CHANCE = 6, 8, 0.01
_LENGTHS = (7, 14, 21, 28)
_YEAR = 365.25
_SIMULATED = 1_000


@dataclass(frozen=True)
class Change:
    """One change of a series.

    at:     the place of the first value of the new time.
    kind:   "level" or "growth".
    effect: of a level, new / old − 1; of growth, what is added to the yearly growth rate (log).
    p:      the chance of so clear a change anywhere in a series without one.
    """

    at: int
    kind: Kind
    effect: float
    p: float


@dataclass(frozen=True)
class Search:
    """The changes found, oldest first, and `p`, that of the clearest one, found or not."""

    changes: tuple[Change, ...]
    p: float


def find_changes(values: Floats, *, first_weekday: int = 0, marks: Floats | None = None) -> Search:
    """Changes of a daily series without gaps.

    `first_weekday`: 0 for Monday. `marks`: places × causes, such as days of a promotion, whose own
    effect is fitted and taken out. Values may be nought or negative; what is sold on more than a
    third of all days of nothing is looked at by weeks.

    Raises:
        ValueError: there are fewer than `NEEDED` values, or they are not finite.

    """
    import numpy as np

    daily = np.asarray(values, dtype=np.float64)
    if len(daily) < NEEDED or not np.isfinite(daily).all():
        raise ValueError(f"{len(daily)} values, {NEEDED} finite ones needed")
    if not np.any(daily) or np.ptp(daily) == 0:
        return Search((), 1.0)
    open_days = _open_weekdays(daily)
    if not open_days.any() or np.mean(daily[open_days] == 0) > 1 / 3:
        return _by_weeks(daily, marks)
    return _search(_Series.of(daily, first_weekday, marks, open_days))


def _by_weeks(daily: Floats, marks: Floats | None) -> Search:
    skipped = len(daily) % 7
    weeks = daily[skipped:].reshape(-1, 7).sum(axis=1)
    shares = None if marks is None else marks[skipped:].reshape(len(weeks), 7, -1).mean(axis=1)
    if len(weeks) < 24:
        return Search((), 1.0)
    found = _search(_Series.weekly(weeks, shares))
    moved = [Change(skipped + c.at, c.kind, c.effect, c.p) for c in found.changes]
    return Search(tuple(moved), found.p)


def _open_weekdays(daily: Floats) -> NDArray[np.bool_]:
    """Days of weekdays on which anything is ever sold."""
    import numpy as np

    place = np.arange(len(daily)) % 7
    share = np.bincount(place, daily != 0, minlength=7) / np.bincount(place, minlength=7)
    return np.asarray((share > 0.1)[place])


@dataclass(frozen=True)
class _Series:
    """What is fitted: `y` in logs, days since the first value, the columns known beforehand."""

    y: Floats
    days: Floats
    known: Floats
    edge: int
    design: tuple[int, int, int]

    @classmethod
    def of(
        cls, daily: Floats, first_weekday: int, marks: Floats | None, there: NDArray[np.bool_]
    ) -> _Series:
        import numpy as np

        places = np.flatnonzero(there)
        days = places.astype(np.float64)
        weekday = (places + first_weekday) % 7
        kinds = np.unique(weekday)[1:]
        weekdays = (weekday[:, None] == kinds).astype(np.float64)
        y = _logs(daily[places])
        base: Floats = np.column_stack([_season(days), weekdays])
        y = _unspiked(y, weekdays, 29)
        return cls(
            y, days, _with(base, marks, places), EDGE, (len(y), base.shape[1], round(days[-1]))
        )

    @classmethod
    def weekly(cls, weeks: Floats, marks: Floats | None) -> _Series:
        import numpy as np

        days = np.arange(0.0, 7.0 * len(weeks), 7.0)
        y = _unspiked(_logs(weeks), np.empty((len(weeks), 0)), 9)
        base = _season(days)
        known = _with(base, marks, np.arange(len(weeks)))
        return cls(y, days, known, 6, (len(y), base.shape[1], round(days[-1])))


def _with(base: Floats, marks: Floats | None, places: Ints) -> Floats:
    """The columns known beforehand, with the marks that say something of their own."""
    import numpy as np

    if marks is None:
        return base
    own = np.asarray(marks, dtype=np.float64).reshape(len(marks), -1)[places]
    return np.column_stack([base, own[:, np.ptp(own, axis=0) > 0]])


def _logs(values: Floats) -> Floats:
    """Logarithms, linear around nought: a tenth of the mean size is the unit."""
    import numpy as np

    unit = np.mean(np.abs(values)) / 10
    return np.asarray(np.arcsinh(values / (2 * unit)))


def _season(days: Floats) -> Floats:
    """One, the line, and harmonics of the year: as many as the length can tell from changes."""
    import numpy as np

    span = days[-1] / _YEAR
    count = 1 if span < 0.75 else 2 if span < 1.5 else 3 if span < 2 else 6
    turns = 2 * np.pi * days[:, None] * np.arange(1, count + 1) / _YEAR
    return np.column_stack([np.ones(len(days)), days / _YEAR, np.cos(turns), np.sin(turns)])


def _unspiked(y: Floats, weekdays: Floats, width: int) -> Floats:
    """Values further than three spreads from the running median (weekdays aside) are clipped."""
    import numpy as np
    from scipy.ndimage import median_filter

    usual = _medians_of(y, weekdays)
    middle = median_filter(y - usual, width, mode="nearest")
    away = y - usual - middle
    spread = 1.4826 * np.median(np.abs(away))
    return np.asarray(usual + middle + np.clip(away, -3 * spread, 3 * spread) if spread else y)


def _medians_of(y: Floats, groups: Floats) -> Floats:
    """What belonging to a group (a column of noughts and ones) usually adds."""
    import numpy as np

    usual, rest = np.zeros(len(y)), groups.sum(axis=1) == 0
    for member in [rest, *(groups.T > 0)]:
        if member.any():
            usual[member] = np.median(y[member])
    return usual


def _search(series: _Series) -> Search:
    """Take the clearest change again and again; passing spells are taken out on the way."""
    found: list[tuple[int, Kind]] = []
    chances: list[float] = []
    clearest, spells = 1.0, 0
    while len(found) < MOST:
        best = _best(series, found)
        if best is None:
            break
        place, kind, size = best
        spell = _spell(series, found) if spells < SPELLS else None
        if spell is not None and spell[1] > size and _chance(spell[1], series) <= CHANCE:
            series = replace(series, known=_beside(series.known, spell[0]))
            spells += 1
            continue
        p = _chance(size, series)
        if not found:
            clearest = p
        if p > CHANCE or (kind == "level" and not _lasts(series, found, place)):
            break
        found.append((place, kind))
        chances.append(p)
    told = _told(series, found, chances)
    lasting = [c for c in told if not any(_comes_back(c, other) for other in told)]
    return Search(tuple(sorted(lasting, key=lambda c: c.at)), clearest)


def _comes_back(one: Change, other: Change) -> bool:
    """Whether both are one and the same step of the season, a year or two apart."""
    if one.kind == other.kind == "level" and one.effect * other.effect > 0:
        years = abs(one.at - other.at) / _YEAR
        return round(years) >= 1 and abs(years - round(years)) * _YEAR <= 14
    return False


def _spell(series: _Series, found: list[tuple[int, Kind]]) -> tuple[Floats, float] | None:
    """The passing spell that explains most: its column and its statistic."""
    import numpy as np

    known = _known_with(series, found)
    basis = np.linalg.qr(known)[0]
    rest = series.y - basis @ (basis.T @ series.y)
    tails = np.vstack([_tails(np.column_stack([rest, basis])), np.zeros((1, 1 + basis.shape[1]))])
    best: tuple[float, int, int] | None = None
    for days in _LENGTHS:
        length = max(1, round(days * series.edge / EDGE))
        places = np.arange(0, len(rest) - length - series.edge // 2)
        parts = tails[places] - tails[places + length]
        free = np.maximum(length - (parts[:, 1:] ** 2).sum(axis=1), 1e-6)
        gains = parts[:, 0] ** 2 / free
        at = int(np.argmax(gains)) if len(gains) else 0
        if len(gains) and (best is None or gains[at] > best[0]):
            best = (float(gains[at]), at, length)
    if best is None:
        return None
    column = np.zeros(len(rest))
    column[best[1] : best[1] + best[2]] = 1
    own = column - basis @ (basis.T @ column)
    share = float(own @ rest) / max(float(own @ own), 1e-12)
    noise = (rest - own * share)[:, None]
    variance = float((noise**2).sum()) / max(len(rest) - basis.shape[1] - 2, 1)
    widened = float(_memory(noise, basis.shape[1] + 2)[0])
    return column, best[0] / max(variance * widened, 1e-12)


def _beside(columns: Floats, more: Floats) -> Floats:
    import numpy as np

    return np.column_stack([columns, more])


def _known_with(series: _Series, found: list[tuple[int, Kind]]) -> Floats:
    """The columns known beforehand and those of the changes found."""
    import numpy as np

    return np.column_stack([series.known, *(_column(series, *each) for each in found)])


def _told(series: _Series, found: list[tuple[int, Kind]], chances: list[float]) -> list[Change]:
    """The changes with their days looked for again, each given the others."""
    import numpy as np

    for _ in range(2 if len(found) > 1 else 0):
        for n, (place, kind) in enumerate(found):
            others = found[:n] + found[n + 1 :]
            found[n] = (_again(series, others, place, kind), kind)
    if not found:
        return []
    columns = _known_with(series, found)
    weights = np.linalg.lstsq(columns, series.y, rcond=None)[0][-len(found) :]
    return [
        Change(
            round(series.days[place]), kind,
            math.expm1(weight) if kind == "level" else float(weight), p,
        )
        for (place, kind), weight, p in zip(found, weights, chances, strict=True)
    ]  # fmt: skip


def _column(series: _Series, place: int, kind: Kind) -> Floats:
    import numpy as np

    since = series.days - series.days[place]
    return np.asarray(since >= 0, np.float64) if kind == "level" else np.maximum(since, 0) / _YEAR


def _candidates(series: _Series, found: list[tuple[int, Kind]]) -> Ints:
    """Places for a change: an edge away from both ends and from the changes there are."""
    import numpy as np

    places = np.arange(series.edge, len(series.y) - series.edge)
    for place, _ in found:
        places = places[np.abs(places - place) >= series.edge // 2]
    return places


def _best(series: _Series, found: list[tuple[int, Kind]]) -> tuple[int, Kind, float] | None:
    """The change that explains most: its place, its kind, its statistic."""

    places = _candidates(series, found)
    if not len(places):
        return None
    scan = _Scan(_known_with(series, found), series.days, places)
    (size,), (chosen,) = scan.sizes(series.y[:, None])
    kind: Kind = "level" if chosen < len(places) else "growth"
    return int(places[chosen % len(places)]), kind, float(size)


def _again(series: _Series, others: list[tuple[int, Kind]], place: int, kind: Kind) -> int:
    """The best place for one change near where it was, given the others."""
    import numpy as np

    places = _candidates(series, others)
    places = places[np.abs(places - place) <= series.edge]
    if not len(places):
        return place
    gains = _Scan(_known_with(series, others), series.days, places).gains(series.y[:, None])[:, 0]
    half = gains[: len(places)] if kind == "level" else gains[len(places) :]
    return int(places[np.argmax(half)])


class _Scan:
    """All candidates of one design, tried at once: steps first, then bends."""

    def __init__(self, known: Floats, days: Floats, places: Ints) -> None:
        import numpy as np

        self.basis = np.linalg.qr(known)[0]
        self.days, self.places = days, places
        steps = _tails(self.basis)[places]
        bends = _tails(self.basis * days[:, None])[places] - days[places, None] * steps
        after = len(days) - places
        left = days[places]
        squares = _tails(np.column_stack([days, days**2]))[places]
        whole = squares[:, 1] - 2 * left * squares[:, 0] + left**2 * after
        own = np.concatenate([after.astype(np.float64), whole])
        lost = np.concatenate([steps, bends])
        self.free = own - (lost**2).sum(axis=1)  # what the known columns leave of each candidate
        self.free[self.free < 1e-6 * own] = np.inf

    def residuals(self, y: Floats) -> Floats:
        """What the known columns do not explain; each column of `y` is a series."""
        import numpy as np

        return np.asarray(y - self.basis @ (self.basis.T @ y))

    def gains(self, y: Floats) -> Floats:
        """How much of the sum of squares each candidate explains: candidates × series."""
        import numpy as np

        return np.asarray(self._inner(self.residuals(y)) ** 2 / self.free[:, None])

    def _inner(self, rest: Floats) -> Floats:
        import numpy as np

        tails = _tails(rest)[self.places]
        bends = _tails(rest * self.days[:, None])[self.places]
        return np.concatenate([tails, bends - self.days[self.places, None] * tails])

    def sizes(self, y: Floats) -> tuple[Floats, Ints]:
        """For each series the statistic of its best candidate, and that candidate."""
        import numpy as np

        rest = self.residuals(y)
        inner = self._inner(rest)
        gains = inner**2 / self.free[:, None]
        chosen = np.argmax(gains, axis=0)
        each = np.arange(y.shape[1])
        gain = gains[chosen, each]
        noise = rest - self._fitted(chosen) * (inner[chosen, each] / self.free[chosen])
        variance = (noise**2).sum(axis=0) / max(len(y) - self.basis.shape[1] - 2, 1)
        sizes = gain / np.maximum(variance * _memory(noise, self.basis.shape[1] + 2), 1e-12)
        return sizes, chosen

    def _fitted(self, chosen: Ints) -> Floats:
        """The chosen candidates with the known columns taken out: places × series."""
        import numpy as np

        count = len(self.places)
        starts = self.days[self.places[chosen % count]]
        since = self.days[:, None] - starts
        columns = np.where(chosen < count, since >= 0, np.maximum(since, 0))
        return self.residuals(columns.astype(np.float64))


def _tails(columns: Floats) -> Floats:
    """For each place the sum from there to the end."""
    import numpy as np

    return np.asarray(np.cumsum(columns[::-1], axis=0)[::-1])


def _memory(noise: Floats, fitted: int) -> Floats:
    """How much longer-lasting noise widens sums: of one day on the next, and of whole weeks."""
    import numpy as np

    count = len(noise)
    squares = np.maximum((noise**2).sum(axis=0), 1e-12)
    lag = (noise[1:] * noise[:-1]).sum(axis=0) / squares + fitted / count
    lag = np.clip(lag, 0, 0.9)
    width = 7 if count >= 300 else 4
    whole = noise[count % width :].reshape(-1, width, noise.shape[1]).sum(axis=1)
    weeks = (whole**2).sum(axis=0) / squares * (1 + fitted / count)
    return np.asarray(np.maximum(np.maximum((1 + lag) / (1 - lag), weeks), 1.0))


def _lasts(series: _Series, found: list[tuple[int, Kind]], place: int) -> bool:
    """Whether the medians before and after the step differ as well, by half of the step."""
    import numpy as np

    columns = _known_with(series, [*found, (place, "level")])
    weights = np.linalg.lstsq(columns, series.y, rcond=None)[0]
    rest = series.y - columns[:, :-1] @ weights[:-1]
    width = 2 * series.edge
    before, after = rest[max(0, place - width) : place], rest[place : place + width]
    moved = float(np.median(after) - np.median(before))
    return bool(moved * weights[-1] > 0 and abs(moved) > 0.5 * abs(weights[-1]))


def _chance(size: float, series: _Series) -> float:
    """How often chance alone gives so large a statistic."""
    import numpy as np

    drawn = _null(series.design, series.edge)
    above = int(np.sum(drawn >= size))
    if above >= 10:
        return (above + 1) / (len(drawn) + 1)
    # Beyond what was drawn the logarithm of the chance falls in line with the statistic.
    start = drawn[int(0.9 * len(drawn))]
    scale = float(np.mean(drawn[drawn > start] - start))
    return max(0.1 * math.exp(-max(size - start, 0.0) / scale), 1e-300)


@lru_cache(maxsize=256)
def _null(design: tuple[int, int, int], edge: int) -> Floats:
    """Sorted statistics of series of mere noise with as many values and columns as the design."""
    import numpy as np

    count, columns, last = design
    days = np.linspace(0, last, count)
    known = _season(days)
    kinds = columns - known.shape[1]
    if kinds > 0:
        weekday = np.arange(count) % (kinds + 1)
        known = np.column_stack([known, weekday[:, None] == np.arange(1, kinds + 1)])
    scan = _Scan(known, days, np.arange(edge, count - edge))
    random = np.random.default_rng([count, columns, last])
    noise = random.standard_normal((count, _SIMULATED))
    parts = [scan.sizes(noise[:, at : at + 250])[0] for at in range(0, _SIMULATED, 250)]
    return np.sort(np.concatenate(parts))
