"""Cells that are nothing but one number: the usual case of a card column, done by the column."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from omnix.privacy.cards import LONGEST, SHORTEST, masked
from omnix.privacy.evidence import Shape
from omnix.privacy.folding import fold
from omnix.privacy.ordered import distinct
from omnix.privacy.survey import Windows

# In a column named for card numbers a number that lost a digit goes as well.
AT_LEAST = SHORTEST - 1
_BARE = rf"^[0-9]{{{AT_LEAST},{LONGEST}}}$"
_ONE_NUMBER = re.compile(
    r"[^0-9A-Za-z]{0,3}([0-9](?:[^A-Za-z,:;|=^*]*[0-9])?)(?:\.0+)?[^0-9A-Za-z]{0,3}"
)
_POINT_NOUGHT = re.compile(r"\.0+(?=\D{0,3}$)")
_SCIENTIFIC = re.compile(r"\s*[0-9]\.[0-9]+[eE]\+?1[0-9]\s*")


class Bare(NamedTuple):
    """Rows that hold ASCII digits only, and the digits, each different number once."""

    rows: NDArray[np.intp]
    digits: pa.DictionaryArray

    def values(self, of: Callable[[str], str]) -> pa.Array:
        """`of` applied to each different number, spread over the rows."""
        made = pa.array([of(each) for each in self.digits.dictionary.to_pylist()], pa.string())
        return made.take(self.digits.indices)


def bare(cells: pa.Array, windows: Windows, named: bool) -> Bare:
    """The bare numbers of a card column: those that pass, or all if the column is so `named`."""
    rows = np.arange(len(cells))
    if not named:
        rows = distinct(windows.row[windows.hit & (windows.shape == Shape.WHOLE)])
    some = cells.take(pa.array(rows))
    flags = pc.match_substring_regex(some, _BARE).fill_null(False)
    digits = some.filter(flags).cast(pa.string())
    return Bare(rows[flags.to_numpy(zero_copy_only=False)], digits.dictionary_encode())


def only_number(text: str) -> str:
    """The digits of a cell that is nothing but one number in whatever form; else empty."""
    folded = fold(text).text
    if _SCIENTIFIC.fullmatch(folded):
        return str(int(Decimal(folded.strip())))
    found = _ONE_NUMBER.fullmatch(_POINT_NOUGHT.sub("", folded))
    return re.sub(r"[^0-9]", "", found[1]) if found else ""


def put(values: pa.Array, rows: NDArray[np.intp], new: pa.Array) -> pa.Array:
    """`values` with `new` in `rows`, which are in order."""
    if len(rows) == 0:
        return values
    mask = np.zeros(len(values), dtype=bool)
    mask[rows] = True
    return pc.replace_with_mask(values, pa.array(mask), new.cast(values.type))


def masks(found: Bare) -> pa.Array:
    """First six, stars, last four of every row."""
    return found.values(masked)
