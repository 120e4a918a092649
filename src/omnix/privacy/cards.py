"""What makes digits a card number: an issuer's range, a length that the issuer uses, and Luhn.

Sources: ISO/IEC 7812-1 (numbering, annex B for the check digit) and the networks' published
ranges. By chance a random number passes all three about one time in forty, so none of this alone
says that a column holds cards; `evidence` decides that.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SHORTEST, LONGEST = 13, 19
# The groups that people and forms cut a number into.
LAYOUTS = frozenset(
    {(4, 4, 4, 4), (4, 6, 5), (4, 6, 4), (4, 4, 4, 4, 3), (4, 4, 4, 4, 2), (4, 4, 4, 4, 1), (8, 8)}
    | {(4, 4, 4, 2), (4, 4, 4, 3), (6, 13)}
)


_DOUBLED = bytes.maketrans(b"0123456789", b"0246813579")


class Range(NamedTuple):
    """One issuer range: four-digit prefixes `first`..`last` and the lengths in use."""

    brand: str
    first: int
    last: int
    lengths: frozenset[int]


def _ranges(brand: str, lengths: range | tuple[int, ...], *spans: str) -> list[Range]:
    return [
        Range(brand, int(low.ljust(4, "0")), int(high.ljust(4, "9")), frozenset(lengths))
        for low, high in (span.split("-") if "-" in span else (span, span) for span in spans)
    ]


_LONG = range(16, 20)
# The first range that fits names the brand, so narrow ones stand before wide ones.
RANGES = [
    *_ranges("Visa", (13, 16, 19), "4"),
    *_ranges("Mastercard", (16,), "51-55", "2221-2720"),
    *_ranges("American Express", (15,), "34", "37"),
    *_ranges("Discover", _LONG, "6011", "644-649", "65"),
    *_ranges("Diners Club", (14, *_LONG), "300-305", "3095", "36", "38-39"),
    *_ranges("JCB", _LONG, "3528-3589"),
    *_ranges("UnionPay", _LONG, "62", "81"),
    *_ranges("Maestro", range(13, 20), "50", "56-58", "63", "67"),
    *_ranges("Mir", _LONG, "2200-2204"),
    *_ranges("RuPay", (16,), "60", "82"),
    *_ranges("Troy", (16,), "9792"),
]


def luhn(digits: str) -> bool:
    """Whether the last digit is the right check digit for those before it."""
    signs = digits.encode("ascii")
    total = sum(signs[-1::-2]) + sum(signs[-2::-2].translate(_DOUBLED)) - len(signs) * ord("0")
    return total % 10 == 0


def brand(digits: str) -> str | None:
    """The network whose range and length fit, or None."""
    prefix = int(digits[:4])
    for known in RANGES:
        if known.first <= prefix <= known.last and len(digits) in known.lengths:
            return known.brand
    return None


def is_card_number(digits: str) -> bool:
    """Whether ASCII `digits` are in an issuer's range, of its length, and pass Luhn."""
    return SHORTEST <= len(digits) <= LONGEST and brand(digits) is not None and luhn(digits)


def masked(digits: str) -> str:
    """The first six and the last four digits, stars between: what PCI DSS lets anyone keep.

    Shorter than 13 digits keeps the last four only, for six more would give nearly all away.
    """
    kept = 6 if len(digits) >= SHORTEST else 0
    return digits[:kept] + "*" * (len(digits) - kept - 4) + digits[-4:]


@cache
def issuer_table() -> NDArray[np.bool_]:
    """`table[prefix, length]`: whether numbers of that length with that four-digit prefix exist."""
    import numpy as np

    table = np.zeros((10_000, LONGEST + 1), dtype=bool)
    for known in RANGES:
        table[known.first : known.last + 1, sorted(known.lengths)] = True
    return table


@cache
def _luhn_of_four() -> NDArray[np.uint8]:
    """The Luhn sum of every number below 10 000, its last digit counted once."""
    import numpy as np

    n = np.arange(10_000)
    doubled = np.array([0, 2, 4, 6, 8, 1, 3, 5, 7, 9])
    once = n % 10 + n // 100 % 10
    total: NDArray[np.uint8] = (once + doubled[n // 10 % 10] + doubled[n // 1000]).astype(np.uint8)
    return total


def issued(numbers: NDArray[np.uint64]) -> NDArray[np.bool_]:
    """Which numbers are of an issuer's range and length."""
    import numpy as np

    tens = np.array([10**i for i in range(LONGEST + 1)], dtype=np.uint64)
    length = np.searchsorted(tens, numbers, side="right")
    fits = (length >= SHORTEST) & (length <= LONGEST)
    shift = tens[np.where(fits, length - 4, 0)]
    prefix = np.where(fits, numbers // shift, 0)
    known: NDArray[np.bool_] = issuer_table()[prefix.astype(np.intp), np.where(fits, length, 0)]
    return fits & known


def luhn_of(numbers: NDArray[np.uint64]) -> NDArray[np.bool_]:
    """Which numbers pass Luhn."""
    import numpy as np

    table, rest = _luhn_of_four(), numbers
    total = np.zeros(len(numbers), dtype=np.uint16)
    for _ in range(5):
        total += table[(rest % np.uint64(10_000)).astype(np.intp)]
        rest = rest // np.uint64(10_000)
    passes: NDArray[np.bool_] = total % 10 == 0
    return passes
