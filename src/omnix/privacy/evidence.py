"""Whether the numbers of one column are card numbers, judged on all of them together.

A number that happens to be in an issuer's range passes Luhn one time in ten. So the test is: of
the distinct numbers in an issuer's range, do far more pass Luhn than chance allows? Distinct, for
one repeated order number proves nothing.
"""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, NamedTuple

from omnix.privacy.cards import luhn_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# One in ten by Luhn alone. 12 % leaves room for numbers whose own check digit leans towards Luhn's.
CHANCE = 0.12
SURE = 1e-9
FEWEST = 6
CAP = 50_000


class Shape(IntEnum):
    """How a number stands in its cell."""

    WHOLE = 0  # its digits are all there is
    PLAIN = 1  # unbroken digits with something around them
    LAYOUT = 2  # grouped as on a card: 4-4-4-4, 4-6-5
    SPLIT = 3  # broken once or twice by a line end
    ODD = 4  # grouped in any other way, or glued to letters


TRUSTABLE = frozenset({Shape.WHOLE, Shape.PLAIN, Shape.LAYOUT, Shape.SPLIT})


class Trust(NamedTuple):
    """What speaks for the numbers of a column besides Luhn and an issuer's range."""

    shapes: frozenset[Shape] = frozenset()  # these need no card word beside them
    proven: bool = False  # the numbers themselves say so, far above chance
    named: bool = False  # the column's name is a card word
    why: str = ""


def tail(hits: int, tries: int, chance: float = CHANCE) -> float:
    """P(at least `hits` of `tries`) by chance: the exact upper tail of the binomial."""
    from math import exp, lgamma, log

    if hits <= tries * chance:
        return 1.0
    total, k = 0.0, hits
    while k <= tries:
        term = exp(
            lgamma(tries + 1)
            - lgamma(k + 1)
            - lgamma(tries - k + 1)
            + k * log(chance)
            + (tries - k) * log(1 - chance)
        )
        total += term
        if term <= total * 1e-12:
            break
        k += 1
    return min(total, 1.0)


class Tally:
    """The distinct numbers in issuers' ranges that one column has shown so far, by shape.

    It keeps at most `CAP` of each shape; later chunks are then judged by themselves.
    """

    def __init__(self) -> None:
        self._seen: dict[Shape, NDArray[np.uint64]] = {}

    def trust(self, fresh: dict[Shape, NDArray[np.uint64]], hinted: bool = False) -> Trust:
        """What this chunk and the earlier ones say; `hinted`: the column's name speaks of cards."""
        merged = self._merged(fresh)
        for numbers in (fresh, merged) if self._seen else (fresh,):
            tries = sum(len(numbers[shape]) for shape in numbers)
            hits = sum(_hits(numbers[shape]) for shape in numbers)
            if tail(hits, tries) < SURE:
                return Trust(TRUSTABLE, proven=True, why=_in_words(hits, tries))
        believed = frozenset(shape for shape in merged if _believable(shape, merged[shape], hinted))
        whole = merged.get(Shape.WHOLE)
        if Shape.WHOLE not in believed or whole is None:
            return Trust(believed)
        return Trust(believed, proven=True, why=_in_words(len(whole), len(whole)))

    def add(self, fresh: dict[Shape, NDArray[np.uint64]]) -> None:
        """Remember a chunk's numbers."""
        self._seen = {shape: numbers[:CAP] for shape, numbers in self._merged(fresh).items()}

    def _merged(self, fresh: dict[Shape, NDArray[np.uint64]]) -> dict[Shape, NDArray[np.uint64]]:
        if not self._seen:
            return fresh
        import numpy as np

        from omnix.privacy.ordered import union

        empty = np.empty(0, dtype=np.uint64)
        return {
            shape: union(self._seen.get(shape, empty), fresh.get(shape, empty))
            for shape in {**self._seen, **fresh}
        }


def _in_words(hits: int, tries: int) -> str:
    return (
        f"{hits:,} of {tries:,} distinct numbers in an issuer's range pass Luhn; "
        "by chance one in ten would"
    )


def _hits(numbers: NDArray[np.uint64]) -> int:
    return int(luhn_of(numbers).sum())


def _believable(shape: Shape, numbers: NDArray[np.uint64], hinted: bool) -> bool:
    """Too few for the test: a card's layout or prose is believed unless chance explains it better.

    A bare number in a cell of its own looks like any identifier, so all of at least six must pass.
    """
    hits, tries = _hits(numbers), len(numbers)
    if shape is Shape.WHOLE and not hinted:
        return tries >= FEWEST and hits == tries
    return shape is not Shape.ODD and hits > 0 and 2 * hits >= tries
