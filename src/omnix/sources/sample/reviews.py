"""Reviews of what was bought: ratings follow the product's quality and the delay."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from .catalogue import Catalogue, product_ids
from .columns import counts, ids, join, times, words
from .customers import customer_ids
from .orders import Items, Orders
from .period import DAY, LAST, NEVER, Ints, stream
from .timeline import Timeline

SHARE = 0.055
LATE_PENALTY = 0.9
_TITLES = (
    ("Never again", "Broken", "Waste of money"), ("Disappointed", "Not good", "Meh"),
    ("It is okay", "Average", "Does its job"), ("Good", "Happy with it", "Recommended"),
    ("Excellent", "Love it", "Perfect"),
)  # fmt: skip
_FIRST = (
    ("It broke after two days.", "Arrived damaged and smelled odd.", "Nothing like the picture.",
     "Leider völlig unbrauchbar."),
    ("Quality is poor for the price.", "Smaller than I thought.", "The box was torn open.",
     "Pas terrible du tout."),
    ("Fine for what it is.", "Neither good nor bad.", "Works, but nothing special.",
     "Przeciętna jakość."),
    ("Solid quality and a fair price.", "Does what it promises.", "My family likes it.",
     "Gute Qualität, gerne wieder."),
    ("Best one I ever had!", "Exactly what I was looking for.", "Absolutely wonderful.",
     "Parfait, je recommande !"),
)  # fmt: skip
_SECOND = (
    ("I want my money back.", "Support did not answer.", "One star is too many."),
    ("Would not buy again.", "Sent it back.", "Delivery took for ever."),
    ("Maybe next time another brand.", "Three stars from me.", "Delivery was all right."),
    ("Would buy again.", "Delivery was quick.", "Four stars, the lid could be better."),
    ("Ordered a second one at once.", "Fast delivery, too.", "Five stars!"),
)  # fmt: skip


def reviews_table(
    orders: Orders, items: Items, timeline: Timeline, catalogue: Catalogue, seed: int
) -> pa.Table:
    """One row per review; a customer reviews a product once, after it was delivered."""
    random = stream(seed, "reviews")
    rows = _reviewed(orders, items, timeline, random)
    order, product = items.order[rows], items.product[rows]
    written = timeline.delivered[order] + random.integers(DAY, 30 * DAY, len(rows))
    rows, order, product, written = (
        each[written <= LAST] for each in (rows, order, product, written)
    )
    sequence = np.argsort(written, kind="stable")
    order, product, written = order[sequence], product[sequence], written[sequence]
    count = len(order)
    late = timeline.delivered[order] > timeline.promised[order]
    opinion = catalogue.quality[product] + random.normal(0, 0.85, count) - LATE_PENALTY * late
    rating = np.clip(np.rint(opinion), 1, 5).astype(np.int64)
    return pa.table(
        {
            "review_id": ids("V", np.arange(count) + 1, width=7),
            "product_id": product_ids(product),
            "customer_id": customer_ids(orders.customer[order]),
            "rating": counts(rating),
            "review_title": _phrase(rating, _TITLES, random),
            "review_text": join(
                _phrase(rating, _FIRST, random), " ", _phrase(rating, _SECOND, random)
            ),
            "is_verified_purchase": pa.array(np.ones(count, bool)),
            "helpful_count": counts(random.geometric(0.4, count) - 1),
            "created_at": times(written),
            "updated_at": times(written),
        }
    )  # fmt: skip


def _reviewed(
    orders: Orders, items: Items, timeline: Timeline, random: np.random.Generator
) -> Ints:
    known = (orders.customer >= 0) & (timeline.delivered < NEVER) & (timeline.scenario == 0)
    rows = np.flatnonzero(known[items.order] & (random.random(items.count) < SHARE))
    pair = orders.customer[items.order[rows]] * 1_000_000 + items.product[rows]
    chosen: Ints = rows[np.sort(np.unique(pair, return_index=True)[1])]
    return chosen


def _phrase(
    rating: Ints, phrases: tuple[tuple[str, ...], ...], random: np.random.Generator
) -> pa.Array:
    width = len(phrases[0])
    chosen = (rating - 1) * width + random.integers(0, width, len(rating))
    return words(chosen, [phrase for each in phrases for phrase in each])
