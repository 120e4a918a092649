"""Days on which the level or the growth of a series changed, told from weekdays, seasons and chance.

The series is taken as weekday + yearly season (harmonics) + line + changes + noise, all fitted
together by least squares, so that a season is not taken for a change nor the reverse; the season is held to be smooth (ridge). A change is a
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
from typing import TYPE_CHECKING, Literal

from omnix.ml._fitted import EDGE, Fitted, open_weekdays, unit_of
from omnix.ml._scan import WAVES, YEAR, Scan, basis_of, chance, memory, penalties, tails

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

Kind = Literal["level", "growth"]

#: Days that are needed in all.
NEEDED = 112
#: Most changes and passing spells in one series; the chance at which the search for more ends.
MOST, SPELLS, CHANCE = 6, 8, 0.005
#: Days from which a season has been seen twice, nearly; before, a change must be clearer.
_SEEN_TWICE, _STRICT = 640, 0.0005
#: Smaller changes are of no use, however sure.
LEAST = 0.03
_LENGTHS = (7, 14, 21, 28)


@dataclass(frozen=True)
class Change:
    """One change of a series.

    at:     the place of the first value of the new time.
    kind:   "level" or "growth".
    effect: of a level, new / old − 1; of growth, what is added to the yearly growth rate (log).
    p:      the chance of so clear a change anywhere in a series without one.
    before: of a level, the mean of a day right before, with season, weekdays, marks and passing
            spells taken out; of growth, that of a year, as a share (0.1 grows by a tenth).
    after:  the same from then on.
    near:   whether the level before (of growth, that at the bend) is so near nought that no share
            tells by how much it changed: below a fifth of the mean, where the logs are linear.
    """

    at: int
    kind: Kind
    effect: float
    p: float
    before: float
    after: float
    near: bool


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
    open_days = open_weekdays(daily)
    if not open_days.any() or np.mean(daily[open_days] == 0) > 1 / 3:
        return _by_weeks(daily, marks)
    return _search(Fitted.of(daily, first_weekday, marks, open_days)).told()


def without_season(
    values: Floats, *, first_weekday: int = 0, marks: Floats | None = None
) -> tuple[Floats, float]:
    """A daily series without its weekdays, the season of the year and marks; the season's strength.

    Fitted beside the changes that `find_changes` finds; single wild days are clipped. The strength
    is 1 − var(rest) / var(season + rest) of whole weeks (Wang, Smith and Hyndman 2006). Closed days
    stay nought.

    Raises:
        ValueError: as `find_changes`.

    """
    import numpy as np

    daily = np.asarray(values, dtype=np.float64)
    if len(daily) < NEEDED or not np.isfinite(daily).all():
        raise ValueError(f"{len(daily)} values, {NEEDED} finite ones needed")
    there = open_weekdays(daily)
    if not there.any() or np.ptp(daily) == 0:
        return daily.copy(), 0.0
    if np.mean(daily[there] == 0) > 1 / 3:
        skipped = len(daily) % 7
        weeks = daily[skipped:].reshape(-1, 7).sum(axis=1)
        if np.ptp(weeks) == 0:
            return daily.copy(), 0.0
        flat, strength = _search(Fitted.weekly(weeks, None)).flat(weeks, 1)
        return np.concatenate([daily[:skipped], np.repeat(flat / 7, 7)]), strength
    found = _search(Fitted.of(daily, first_weekday, marks, there))
    flat, strength = found.flat(daily[there], 7)
    whole = np.zeros(len(daily))
    whole[there] = flat
    return whole, strength


def _by_weeks(daily: Floats, marks: Floats | None) -> Search:
    import numpy as np

    skipped = len(daily) % 7
    weeks = daily[skipped:].reshape(-1, 7).sum(axis=1)
    shares = None if marks is None else marks[skipped:].reshape(len(weeks), 7, -1).mean(axis=1)
    if len(weeks) < 24 or np.ptp(weeks) == 0:
        return Search((), 1.0)
    found = _search(Fitted.weekly(weeks, shares)).told()
    moved = [replace(c, at=skipped + c.at) for c in found.changes]
    return Search(tuple(moved), found.p)


@dataclass(frozen=True)
class _Found:
    """What a search ended with: the series with its spells, places and kinds, and their chances."""

    series: Fitted
    found: list[tuple[int, Kind]]
    chances: list[float]
    clearest: float

    def told(self) -> Search:
        """As changes of the day, without those that are season or too small to matter."""
        each = _told(self.series, self.found, self.chances)
        lasting = [
            c for c in each
            if abs(c.effect) >= LEAST and not any(_comes_back(c, other) for other in each)
        ]  # fmt: skip
        return Search(tuple(sorted(lasting, key=lambda c: c.at)), self.clearest)

    def flat(self, values: Floats, width: int) -> tuple[Floats, float]:
        """The values without season and marks, and the strength of the season in means of `width`."""
        import numpy as np

        columns = _known_with(self.series, self.found)
        weights = self.series.fit(columns)
        rest = self.series.y - columns @ weights
        waves = slice(2, 2 + 2 * WAVES)
        year = columns[:, waves] @ weights[waves]
        season = columns[:, 2 : self.series.fixed] @ weights[2 : self.series.fixed]
        season -= season.mean()
        level = np.sinh(self.series.y - season) * 2 * unit_of(values)
        both = (_means(year + rest, width), _means(rest, width))
        spread = float(np.var(both[0]))
        return level, max(0.0, 1 - float(np.var(both[1])) / spread) if spread > 0 else 0.0


def _means(values: Floats, width: int) -> Floats:
    import numpy as np

    return np.asarray(values[len(values) % width :].reshape(-1, width).mean(axis=1))


def _search(series: Fitted) -> _Found:
    """Take the clearest change again and again; passing spells are taken out on the way."""
    found: list[tuple[int, Kind]] = []
    chances: list[float] = []
    clearest, spells = 1.0, 0
    line = CHANCE if series.days[-1] >= _SEEN_TWICE else _STRICT
    while len(found) < MOST and (best := _best(series, found)) is not None:
        place, kind, size = best
        spell = _spell(series, found, size) if spells < SPELLS else None
        if spell is not None:
            series, spells = replace(series, known=_beside(series.known, spell)), spells + 1
            continue
        p = chance(size, series.design, series.edge)
        clearest = clearest if found else p
        if p > line or (kind == "level" and not _lasts(series, found, place)):
            break
        found.append((place, kind))
        chances.append(p)
    series = _without_spells_at(series, [place for place, _ in found])
    for _ in range(2 if len(found) > 1 else 0):
        for n, (place, kind) in enumerate(found):
            found[n] = (_again(series, found[:n] + found[n + 1 :], place, kind), kind)
    return _Found(series, found, chances, clearest)


def _without_spells_at(series: Fitted, places: list[int]) -> Fitted:
    """The series without spells that end or begin where a change is: both tell of the same days."""
    import numpy as np

    kept = list(range(series.fixed))
    for column in range(series.fixed, series.known.shape[1]):
        days = np.flatnonzero(series.known[:, column])
        if not any(days[0] - 7 <= place <= days[-1] + 7 for place in places):
            kept.append(column)
    return replace(series, known=series.known[:, kept])


def _comes_back(one: Change, other: Change) -> bool:
    """Whether both are one and the same step of the season, a year or two apart."""
    if one.kind == other.kind == "level" and one.effect * other.effect > 0:
        years = abs(one.at - other.at) / YEAR
        return round(years) >= 1 and abs(years - round(years)) * YEAR <= 14
    return False


def _spell(series: Fitted, found: list[tuple[int, Kind]], least: float) -> Floats | None:
    """The column of the passing spell that explains most; None where chance or a change explains it.

    `least`: the statistic of the best change.
    """
    import numpy as np

    known = _known_with(series, found)
    basis = basis_of(known, penalties(known.shape[1], series.design.spread))
    rest = series.y - basis @ (basis.T @ series.y)
    sums = np.vstack([tails(np.column_stack([rest, basis])), np.zeros((1, 1 + basis.shape[1]))])
    best: tuple[float, int, int] | None = None
    for days in _LENGTHS:
        length = max(1, round(days * series.edge / EDGE))
        places = np.arange(0, len(rest) - length - series.edge // 2)
        parts = sums[places] - sums[places + length]
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
    widened = float(memory(noise, basis.shape[1] + 2)[0])
    size = best[0] / max(variance * widened, 1e-12)
    return column if size > least and chance(size, series.design, series.edge) <= CHANCE else None


def _beside(columns: Floats, more: Floats) -> Floats:
    import numpy as np

    return np.column_stack([columns, more])


def _known_with(series: Fitted, found: list[tuple[int, Kind]]) -> Floats:
    """The columns known beforehand and those of the changes found."""
    import numpy as np

    return np.column_stack([series.known, *(_column(series, *each) for each in found)])


def _told(series: Fitted, found: list[tuple[int, Kind]], chances: list[float]) -> list[Change]:
    """The changes in their own units."""
    if not found:
        return []
    columns = _known_with(series, found)
    weights = series.fit(columns)
    level = _levels(series, columns, weights, len(found))
    grown = float(weights[1])
    told = []
    for n in sorted(range(len(found)), key=lambda n: found[n][0]):
        (place, kind), weight = found[n], float(weights[n - len(found)])
        at = round(series.days[place])
        if kind == "level":
            before, after = level(place, -weight), level(place, 0.0)
            effect, near = math.expm1(weight), before < 2 * series.unit * series.a_day
        else:
            before, after = _yearly(grown), _yearly(grown + weight)
            effect, near = weight, level(place, 0.0) < 2 * series.unit * series.a_day
            grown += weight
        told.append(Change(at, kind, effect, chances[n], before, after, near))
    return told


def _levels(
    series: Fitted, columns: Floats, weights: Floats, found: int
) -> Callable[[int, float], float]:
    """The mean of a day at a place of the line, with something added to its log; never below nought.

    What lies around the line is averaged where it was sold, not in logs (smearing, Duan 1983).
    """
    import numpy as np

    line = columns[:, :2] @ weights[:2] + columns[:, -found:] @ weights[-found:]
    spells = slice(series.fixed, columns.shape[1] - found)
    around = series.y - line - columns[:, spells] @ weights[spells]

    def level(place: int, more: float) -> float:
        mean = float(np.mean(np.sinh(line[place] + more + around)))
        return max(0.0, mean * 2 * series.unit * series.a_day)

    return level


def _yearly(slope: float) -> float:
    """The growth of a year of a slope in logs."""
    return math.expm1(min(slope, 20.0))


def _column(series: Fitted, place: int, kind: Kind) -> Floats:
    import numpy as np

    since = series.days - series.days[place]
    return np.asarray(since >= 0, np.float64) if kind == "level" else np.maximum(since, 0) / YEAR


def _candidates(series: Fitted, found: list[tuple[int, Kind]]) -> Ints:
    """Places for a change: an edge away from both ends and from the changes there are."""
    import numpy as np

    places = np.arange(series.edge, len(series.y) - series.edge)
    for place, _ in found:
        places = places[np.abs(places - place) >= series.edge // 2]
    return places


def _best(series: Fitted, found: list[tuple[int, Kind]]) -> tuple[int, Kind, float] | None:
    """The change that explains most: its place, its kind, its statistic."""

    places = _candidates(series, found)
    if not len(places):
        return None
    scan = Scan(_known_with(series, found), series.days, places, series.edge, series.design.spread)
    (size,), (chosen,) = scan.sizes(series.y[:, None])
    kind: Kind = "level" if chosen < len(places) else "growth"
    return int(places[chosen % len(places)]), kind, float(size)


def _again(series: Fitted, others: list[tuple[int, Kind]], place: int, kind: Kind) -> int:
    """The best place for one change near where it was, given the others."""
    import numpy as np

    places = _candidates(series, others)
    places = places[np.abs(places - place) <= series.edge]
    if not len(places):
        return place
    gains = Scan(
        _known_with(series, others), series.days, places, series.edge, series.design.spread
    ).gains(series.y[:, None])[:, 0]
    half = gains[: len(places)] if kind == "level" else gains[len(places) :]
    return int(places[np.argmax(half)])


def _lasts(series: Fitted, found: list[tuple[int, Kind]], place: int) -> bool:
    """Whether the medians before and after the step differ as well, by half of the step."""
    import numpy as np

    columns = _known_with(series, [*found, (place, "level")])
    weights = series.fit(columns)
    rest = series.y - columns[:, :-1] @ weights[:-1]
    width = 2 * series.edge
    before, after = rest[max(0, place - width) : place], rest[place : place + width]
    moved = float(np.median(after) - np.median(before))
    return bool(moved * weights[-1] > 0 and abs(moved) > 0.5 * abs(weights[-1]))
