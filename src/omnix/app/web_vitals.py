"""How fast the dashboard is in people's browsers: measured there, summed up here.

Nobody's name is kept, and no address that could hold one: of a page only its template. The
measures and the 75th percentile by which they are judged: https://web.dev/articles/vitals.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby
from typing import TYPE_CHECKING, Any

from omnix.core.clock import utc_now
from omnix.core.errors import OmnixError

if TYPE_CHECKING:
    from omnix.store import Store

NAMES = ("CLS", "FCP", "INP", "LCP", "TTFB")
RATINGS = ("good", "needs-improvement", "poor")
#: Days that a measurement is kept, and how many are.
KEPT_DAYS, KEPT = 30, 100_000
#: Above this no browser has measured anything: ten minutes in milliseconds.
MOST = 600_000.0
#: After so many writes the oldest are let go.
_EVERY = 200

_PAGE = re.compile(r"/[\w./:-]{0,199}", re.ASCII)
_NAMING = re.compile(r"(?<=/)(?=[^/]*\d)[^/:]+|(?<=/)[^/:]{33,}")


class VitalError(OmnixError):
    """A measurement that no browser of ours sends."""

    status = 422


@dataclass(frozen=True)
class Vital:
    """One measurement: milliseconds, or a share of the screen for CLS."""

    name: str
    value: float
    page: str
    rating: str


@dataclass(frozen=True)
class VitalSummary:
    """One measure on one page: how often, and the value that three visits in four stay below."""

    page: str
    name: str
    count: int
    p75: float
    good_share: float


def record_vitals(store: Store, vitals: Sequence[Vital]) -> int:
    """Keep measurements; says how many.

    Raises:
        VitalError: one is impossible; none is kept.
        StoreError: the store does not take them.

    """
    from omnix.store.models.vitals import WebVital

    checked = [_checked(each) for each in vitals]
    if not checked:
        return 0
    now = utc_now()
    rows = [
        WebVital(name=v.name, value=v.value, page=v.page, rating=v.rating, at=now) for v in checked
    ]
    with store.session() as session:
        session.add_all(rows)
        session.flush()
        if rows[-1].id % _EVERY < len(rows):
            _let_go(session)
    return len(rows)


def summarize_vitals(store: Store, *, days: int = 7) -> tuple[VitalSummary, ...]:
    """Each measure of each page over the last days, pages in alphabetical order."""
    from sqlalchemy import select

    from omnix.store.models.vitals import WebVital as Row

    since = utc_now() - timedelta(days=days)
    wanted = (
        select(Row.page, Row.name, Row.value, Row.rating)
        .where(Row.at >= since)
        .order_by(Row.page, Row.name, Row.value)
        .limit(KEPT)
    )
    with store.reading() as session:
        rows = session.execute(wanted).all()
    return tuple(
        _summary(page, name, [(row.value, row.rating) for row in group])
        for (page, name), group in groupby(rows, key=lambda row: (row.page, row.name))
    )


def page_template(path: str) -> str:
    """The page without what may name somebody: `/customers/c17` is `/customers/:id`."""
    return _NAMING.sub(":id", path)


def _summary(page: str, name: str, values: list[tuple[float, str]]) -> VitalSummary:
    """`values` ascending; the percentile is the nearest rank."""
    rank = math.ceil(0.75 * len(values)) - 1
    good = sum(rating == "good" for _, rating in values)
    return VitalSummary(page, name, len(values), values[rank][0], round(good / len(values), 4))


def _checked(vital: Vital) -> Vital:
    if vital.name not in NAMES:
        raise VitalError(f"The measure is {vital.name[:40]!r}.", f"Send {', '.join(NAMES)}.")
    if vital.rating not in RATINGS:
        raise VitalError(f"The rating is {vital.rating[:40]!r}.", f"Send {', '.join(RATINGS)}.")
    if not 0 <= vital.value <= MOST:
        raise VitalError(f"{vital.name} is {vital.value!r}.", f"Send 0 to {MOST:,.0f}.")
    if not _PAGE.fullmatch(vital.page):
        raise VitalError("The page is no path of the dashboard.", "Send its path, no query.")
    return Vital(vital.name, float(vital.value), page_template(vital.page), vital.rating)


def _let_go(session: Any) -> None:
    """Forget what is too old, and the oldest of what is too much."""
    from sqlalchemy import delete, func, select

    from omnix.store.models.vitals import WebVital as Row

    session.execute(delete(Row).where(Row.at < utc_now() - timedelta(days=KEPT_DAYS)))
    newest = session.scalar(select(func.max(Row.id)))
    session.execute(delete(Row).where(Row.id <= (newest or 0) - KEPT))
