"""Exchange rates: a random walk around a level, one rate per day and currency."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from .columns import RATE, dates, scaled, text, words
from .countries import BASE_CURRENCY, CURRENCIES
from .period import DAY, DAYS, FIRST, stream

#: Euros per unit, and the daily spread of the walk's steps (log).
LEVELS = (1.0, 1.16, 0.91, 0.232, 1.05)
STEPS = (0.0, 0.0042, 0.0048, 0.0038, 0.0031)
PULL = 0.004


def exchange_rates_table(seed: int) -> pa.Table:
    """One row per day and currency: units of the base currency per unit of the currency."""
    random = stream(seed, "exchange rates")
    steps = random.normal(0, 1, (DAYS, len(CURRENCIES))) * np.array(STEPS)
    walk = np.zeros((DAYS, len(CURRENCIES)))
    for day in range(1, DAYS):
        walk[day] = walk[day - 1] * (1 - PULL) + steps[day]
    rate = np.rint(np.array(LEVELS) * np.exp(walk) * 1_000_000).astype(np.int64)
    number, currency = np.divmod(np.arange(DAYS * len(CURRENCIES)), len(CURRENCIES))
    return pa.table(
        {
            "rate_date": dates(FIRST // DAY + number),
            "currency": words(currency, CURRENCIES),
            "base_currency": text(pa.repeat(BASE_CURRENCY, len(number))),
            "rate": scaled(rate.ravel(), RATE),
        }
    )
