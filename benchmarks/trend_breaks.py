"""Change points: are planted ones found, and how often is one invented?

Series are simulated with weekdays, a yearly season, a slow trend, noise that remembers, wild days and
busy fortnights, over a grid of sizes and lengths; with one step (× 1.5 or × 0.65) on a random day, or
none. The seeds here are used nowhere else. The same is asked of sample shops of other seeds than the
default, whose planted breaks are known. Beside ours stands the rule of thumb: a mean of seven days
more than three standard deviations away from the mean of the series.
"""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.report import Figure

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from omnix.app.app import App
    from omnix.systems.market_intelligence._daily import Series

    Floats = NDArray[np.float64]
    Finder = Callable[[Floats], list[int]]

WITHIN, GOAL_FOUND, GOAL_FALSE = 7, 0.9, 0.05
_SEED = 97_531
#: Days away of what was not found at all.
_NONE = 9_999
_COUNTS = {False: 60, True: 400}
_SHOPS = {False: (11,), True: (11, 12, 13)}


@dataclass(frozen=True)
class Kind:
    """One kind of series: its mean a day, spread and memory of the noise, season, days."""

    name: str
    mean: float = 200.0
    noise: float = 0.2
    memory: float = 0.2
    year: float = 0.2
    days: int = 900
    counted: bool = False
    judged: bool = True


KINDS = (
    Kind("a shop"),
    Kind("quiet days of noise", noise=0.1),
    Kind("noise that remembers", memory=0.4),
    Kind("a strong season", year=0.5),
    Kind("two years", days=730),
    Kind("a year and a half", days=550),
    Kind("thirty a day", mean=30, counted=True),
    Kind("five a day", mean=5, counted=True, judged=False),
    Kind("one every other day", mean=0.5, counted=True, judged=False),
    Kind("ten months", days=300, judged=False),
)


def run(full: bool) -> list[Figure]:
    """Shares found within a week and of false alarms; goals for series that show a step at all."""
    found: list[Figure] = []
    for number, kind in enumerate(KINDS):
        found += _simulated(kind, number, _COUNTS[full])
    return [*found, *_sampled(_SHOPS[full])]


def _simulated(kind: Kind, number: int, count: int) -> Iterator[Figure]:
    import numpy as np

    flat, broken = [], []
    for each in range(count):
        random = np.random.default_rng([_SEED, number, each])
        flat.append(_drawn(kind, random, None))
        at = int(random.integers(90, kind.days - 60))
        broken.append((_drawn(kind, random, (at, float(random.choice([0.65, 1.5])))), at))
    for name, finder in (("ours", _ours), ("rule of thumb", _thumb)):
        started = time.process_time()
        false = sum(bool(finder(values)) for values in flat) / count
        cpu = (time.process_time() - started) / count
        near = sum(_near(finder(values), at) for values, at in broken) / count
        goals: dict[str, Any] = (
            {"goal": f"≥ {GOAL_FOUND}", "met": near >= GOAL_FOUND}
            if kind.judged and name == "ours"
            else {}
        )
        yield Figure(
            f"changes: {kind.name}, {name}, found within {WITHIN} days", runs=count, value=near, **goals
        )  # fmt: skip
        limit: dict[str, Any] = (
            {"goal": f"≤ {GOAL_FALSE}", "met": false <= GOAL_FALSE} if name == "ours" else {}
        )
        yield Figure(
            f"changes: {kind.name}, {name}, false alarms", cpu_s=cpu, runs=count, value=false, **limit
        )  # fmt: skip


def _drawn(kind: Kind, random: np.random.Generator, step: tuple[int, float] | None) -> Floats:
    """One series, with a step at a place when there is one."""
    import numpy as np

    at = np.arange(kind.days)
    noise = random.normal(0, kind.noise * np.sqrt(1 - kind.memory**2), kind.days)
    for day in range(1, kind.days):
        noise[day] += kind.memory * noise[day - 1]
    wild = (random.random(kind.days) < 0.01) * random.normal(0.8, 0.5, kind.days)
    begin = int(random.integers(40, kind.days - 40))
    busy = ((at >= begin) & (at < begin + 14)) * random.normal(0.3, 0.1)
    season = kind.year * np.cos(2 * np.pi * (at / 365.25 + random.random()))
    week, trend = random.normal(0, 0.2, 7)[at % 7], random.normal(0, 0.15) * at / 365.25
    level = np.log(step[1]) * (at >= step[0]) if step else 0.0
    values = kind.mean * np.exp(noise + wild + busy + season + week + trend + level)
    return random.poisson(values).astype(float) if kind.counted else values


def _ours(values: Floats) -> list[int]:
    from omnix.ml.changes import find_changes

    return [each.at for each in find_changes(values).changes]


def _thumb(values: Floats) -> list[int]:
    """Days at which the mean of the last seven leaves three standard deviations of the series."""
    import numpy as np

    means = np.convolve(values, np.full(7, 1 / 7), mode="valid")
    away = np.abs(means - values.mean()) > 3 * values.std()
    return [int(place) + 6 for place in np.flatnonzero(away[1:] & ~away[:-1]) + 1]


def _near(found: list[int], at: int) -> bool:
    return any(abs(each - at) <= WITHIN for each in found)


def _sampled(seeds: tuple[int, ...]) -> list[Figure]:
    """Sample shops of these seeds: the planted breaks of their top categories, by metric."""
    places: list[Place] = []
    with tempfile.TemporaryDirectory(prefix="omnix-breaks-") as name:
        for seed in seeds:
            places += _of_shop(Path(name) / str(seed), seed)
    shops, figures = f"{len(seeds)} sample shops", []
    for metric in ("orders", "units", "net_sales"):
        own = [each for each in places if each.metric == metric]
        steps = sorted(each.away for each in own if each.planted == "level")
        bends = sorted(each.away for each in own if each.planted == "growth")
        calm = [each.away < _NONE for each in own if not each.planted]
        near = sum(days <= WITHIN for days in steps) / len(steps)
        figures += [
            Figure(
                f"changes: {shops}, {metric}, planted steps found within {WITHIN} days", runs=len(steps), value=near,
                goal=f"≥ {GOAL_FOUND}", met=near >= GOAL_FOUND, note=f"days away {steps}, of the bend {bends}",
            ),
            Figure(
                f"changes: {shops}, {metric}, told of categories without a planted change", runs=len(calm),
                value=sum(calm) / len(calm), note="products come, go and run out there: not all are false",
            ),
        ]  # fmt: skip
    return figures


@dataclass(frozen=True)
class Place:
    """A metric of a top category: what was planted, and days to the nearest such change found."""

    metric: str
    planted: str
    away: int


def _of_shop(home: Path, seed: int) -> list[Place]:
    """What became of each top category and metric of one sample shop."""
    from omnix.app.app import App, sample_folder
    from omnix.core.settings import save
    from omnix.ml.changes import find_changes
    from omnix.sources.sample import make_sample_shop

    home.mkdir()
    save(home, {"source": {"kind": "sample", "location": "medium", "preset": ""}})
    shop = make_sample_shop(sample_folder(home).parent, size="medium", seed=seed)
    app = App.open(home)
    if app.run(["sales_series"]).failures:
        raise RuntimeError(f"The sample shop of seed {seed} could not be built.")
    planted = json.loads((shop.truth / "constants.json").read_text("utf-8"))["trend_breaks"]
    breaks = {each["category"]: each for each in planted}
    places = []
    for series in _top_categories(app):
        own = breaks.get(series.item)
        kind = "" if own is None else "growth" if own["growth_change"] else "level"
        at = (date.fromisoformat(own["day"]) - series.first).days if own else 0
        for metric in ("orders", "units", "net_sales"):
            found = find_changes(
                series.values[metric], first_weekday=series.first.weekday(), marks=series.marks
            ).changes
            away = [abs(each.at - at) for each in found if kind in ("", each.kind)]
            places.append(Place(metric, kind, min(away, default=_NONE)))
    return places


def _top_categories(app: App) -> Iterator[Series]:
    """The sums of the categories below each top one; its name is the item."""
    from omnix.core.clock import as_of_moment
    from omnix.systems.market_intelligence._daily import all_series

    with app.workspace() as work:
        con = work.connection()
        app.lake.view(con, "analytics/sales_series", as_name="leaves")
        app.lake.view(con, "curated/categories", as_name="categories")
        ((last,),) = con.execute("select max(sold_on) from leaves").fetchall()
        tops = con.sql("""
            select 'category' as level, t.category_name as item, t.category_name as item_name,
                null::varchar as parent, l.currency, l.sold_on, sum(l.net_cents)::bigint as net_cents,
                sum(l.orders)::bigint as orders, sum(l.units)::bigint as units,
                sum(l.customers)::bigint as customers, bool_or(l.promoted) as promoted
            from leaves l
            join categories c on l.level = 'category' and l.item = c.category_id
            join categories t on c.parent_category_id = t.category_id
            group by all
        """)
        yield from all_series(tops, as_of_moment(last + timedelta(days=1)))
