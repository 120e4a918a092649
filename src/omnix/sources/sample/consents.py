"""Consents: given at registration or later, withdrawn, sometimes given again."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from .columns import ids, text, times, words
from .customers import People, customer_ids
from .period import DAY, LAST, stream

PURPOSES = ("marketing", "profiling", "personalisation", "analytics")
_GIVEN = (0.55, 0.45, 0.6, 0.75)
_SOURCES = ("registration", "preference centre", "support")
WITHDRAWN_SHARE = 0.15
AGAIN_SHARE = 0.2


def consents_table(people: People, seed: int) -> pa.Table:
    """One row per decision; the newest one per customer and purpose counts."""
    random = stream(seed, "consents")
    purpose = np.tile(np.arange(len(PURPOSES)), people.count)
    customer = np.repeat(np.arange(people.count), len(PURPOSES))
    count = len(customer)
    first = people.arrived[customer] + 30
    given = random.random(count) < np.array(_GIVEN)[purpose]
    changed = given & (random.random(count) < WITHDRAWN_SHARE)
    left = np.maximum(LAST - first, 1)
    second = first + DAY + (random.random(count) * left).astype(np.int64)
    again = changed & (random.random(count) < AGAIN_SHARE)
    third = second + DAY + (random.random(count) * 90 * DAY).astype(np.int64)
    changed, again = changed & (second <= LAST), again & (third <= LAST)
    row = np.concatenate([np.arange(count), np.flatnonzero(changed), np.flatnonzero(again)])
    lengths = (count, int(changed.sum()), int(again.sum()))
    at = np.concatenate([first, second[changed], third[again]])
    granted = np.concatenate([given, np.zeros(lengths[1], bool), np.ones(lengths[2], bool)])
    source = np.repeat([0, 1, 1], lengths)
    source[count:] += random.random(len(source) - count) < 0.25
    order = np.argsort(at, kind="stable")
    row, at, granted, source = row[order], at[order], granted[order], source[order]
    return pa.table(
        {
            "consent_id": ids("N", np.arange(len(row)) + 1, width=7),
            "customer_id": customer_ids(customer[row]),
            "purpose": words(purpose[row], PURPOSES),
            "granted": pa.array(granted),
            "recorded_at": times(at),
            "source": text(words(source, _SOURCES)),
        }
    )
