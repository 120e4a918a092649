"""Money is a whole number of hundredths of one currency unit ("cents"), beside its currency.

Hundredths also for currencies that have no cents (100 JPY is 10,000 cents): one rule for all, so
that no reader needs a table of exponents. Sums never leave the integers.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal


def to_cents(amount: Decimal | int | str) -> int:
    """Hundredths in `amount`, halves rounded away from zero, as DuckDB's `round` does."""
    return int((Decimal(amount) * 100).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def show_cents(cents: int, currency: str = "") -> str:
    """`cents` for people: 123456, "EUR" → "1,234.56 EUR"."""
    sign = "-" if cents < 0 else ""
    whole, part = divmod(abs(cents), 100)
    return f"{sign}{whole:,}.{part:02d} {currency}".rstrip()
