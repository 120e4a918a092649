"""Every number in a text column that an issuer could have issued, found over the raw bytes.

One pass of NumPy marks the runs of digits; runs that stand close together form windows of 13–19
digits; the windows' Luhn sums come from two running sums. No row is ever turned into a Python
string here, so a column without cards costs a few nanoseconds a byte.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from omnix.privacy.cards import LAYOUTS, LONGEST, SHORTEST, issuer_table
from omnix.privacy.evidence import Shape

BLOCK_BYTES = 1 << 20
WIDEST_GAP = 8  # "&thinsp;" between two groups
_LINE_ENDS = np.isin(np.arange(256), list(b"\n\r\\"))
_GLUE = np.array([chr(i).isalnum() for i in range(128)] + [False] * 128)
_STRIPES = np.isin(np.arange(256), list(b"^=D"))

Index = NDArray[np.intp]
Flags = NDArray[np.bool_]


class Windows(NamedTuple):
    """One entry per window that is in an issuer's range; `row` counts from the column's start."""

    row: Index
    shape: NDArray[np.int8]
    number: NDArray[np.uint64]
    hit: Flags
    alone: Flags  # nothing else stands in its cell


class Survey(NamedTuple):
    """The windows of a column, and the rows where digits lead into a magnetic stripe's marks."""

    windows: Windows
    stripes: Index


class _Runs(NamedTuple):
    """Runs of digits within one block; `at` is each run's place among the block's digits."""

    start: Index
    end: Index
    length: Index
    at: Index
    row: Index


def survey(data: NDArray[np.uint8], offsets: NDArray[np.int64]) -> Survey:
    """Look at `len(offsets) - 1` cells, cell i being the bytes `offsets[i]` to `offsets[i + 1]`."""
    found = [_block(data, offsets[lo : hi + 1], lo) for lo, hi in _blocks(offsets)]
    windows = [block.windows for block in found] or [_nothing()]
    stripes = [block.stripes for block in found] or [np.empty(0, dtype=np.intp)]
    return Survey(
        Windows(*(np.concatenate(column) for column in zip(*windows, strict=True))),
        np.concatenate(stripes),
    )


def _nothing() -> Windows:
    kinds = (np.intp, np.int8, np.uint64, bool, bool)
    return Windows(*(np.empty(0, dtype=kind) for kind in kinds))


def _blocks(offsets: NDArray[np.int64]) -> Iterator[tuple[int, int]]:
    """Spans of rows of about `BLOCK_BYTES`: what one pass works on stays in the processor's cache."""
    lo, rows = 0, len(offsets) - 1
    while lo < rows:
        hi = int(np.searchsorted(offsets, offsets[lo] + BLOCK_BYTES, side="right")) - 1
        hi = min(max(hi, lo + 1), rows)
        if offsets[hi] - offsets[lo] >= SHORTEST:
            yield lo, hi
        lo = hi


class _Digits(NamedTuple):
    """A block's digits, one behind the other, and Luhn's sum up to each.

    A window's sum is a difference of two of these: of `odd` (odd places doubled) where its last
    digit is at an even place, else of `even`.
    """

    value: NDArray[np.uint8]
    odd: NDArray[np.int64]
    even: NDArray[np.int64]


class _Block(NamedTuple):
    """A few rows' bytes, where the rows begin and end, and the digits in them."""

    text: NDArray[np.uint8]
    bounds: Index
    runs: _Runs
    digits: _Digits


def _block(data: NDArray[np.uint8], offsets: NDArray[np.int64], first_row: int) -> Survey:
    base = int(offsets[0])
    text = data[base : int(offsets[-1])]
    bounds = (offsets - base).astype(np.intp)
    is_digit = (text - np.uint8(48)) < 10
    runs = _runs(text, is_digit, bounds)
    if len(runs.start) == 0:
        return Survey(_nothing(), np.empty(0, dtype=np.intp))
    digits = _running(text[is_digit] - np.uint8(48))
    windows = _windows(_Block(text, bounds, runs, digits))
    shifted = windows._replace(row=windows.row + first_row)
    return Survey(shifted, _stripes(text, runs) + first_row)


def _runs(text: NDArray[np.uint8], is_digit: Flags, bounds: Index) -> _Runs:
    """The runs of digits that stand in company of at least 13 digits; none crosses a row's end."""
    starts = np.empty_like(is_digit)
    starts[0] = is_digit[0]
    np.greater(is_digit[1:], is_digit[:-1], out=starts[1:])
    ends = np.empty_like(is_digit)
    ends[-1] = is_digit[-1]
    np.greater(is_digit[:-1], is_digit[1:], out=ends[:-1])
    inner = bounds[(bounds > 0) & (bounds < len(text))]
    starts[inner] = is_digit[inner]
    ends[inner - 1] = is_digit[inner - 1]
    start, end = np.flatnonzero(starts), np.flatnonzero(ends) + 1
    length = end - start
    at = np.cumsum(length) - length
    keep = _in_company(start, end, length)
    start, end, length, at = start[keep], end[keep], length[keep], at[keep]
    row = np.searchsorted(bounds, start, side="right") - 1
    return _Runs(start, end, length, at, row)


def _in_company(start: Index, end: Index, length: Index) -> Flags:
    """Runs whose neighbourhood (no gap wider than `WIDEST_GAP`) has 13 digits or more."""
    if len(start) == 0:
        return np.empty(0, dtype=bool)
    first = np.flatnonzero(np.append(True, start[1:] - end[:-1] > WIDEST_GAP))
    digits = np.add.reduceat(length, first)
    return np.repeat(digits >= SHORTEST, np.diff(np.append(first, len(start))))


def _stripes(text: NDArray[np.uint8], runs: _Runs) -> Index:
    """Rows with a number of a card's length right before `^`, `=` or `D`."""
    fits = (runs.length >= SHORTEST) & (runs.length <= LONGEST) & (runs.end < len(text))
    return np.unique(runs.row[fits][_STRIPES[text[runs.end[fits]]]])


def _windows(block: _Block) -> Windows:
    """Every window of whole runs with 13–19 digits whose prefix and length an issuer uses."""
    runs, table = block.runs, issuer_table()
    prefix = _prefix(block)
    active = np.flatnonzero(np.logical_or.reduce(table, axis=1)[prefix])
    total = runs.length[active]
    found = []
    for count in range(1, LONGEST + 1):
        fits = (total >= SHORTEST) & (total <= LONGEST)
        first, size = active[fits], total[fits]
        issued = table[prefix[first], size]
        found.append(_judge(block, first[issued], size[issued], count))
        following = active + count
        inside = (total < LONGEST) & (following < len(runs.start))
        active, total, following = active[inside], total[inside], following[inside]
        gap = runs.start[following] - runs.end[following - 1]
        near = np.flatnonzero((runs.row[following] == runs.row[active]) & (gap <= WIDEST_GAP))
        active, total = active[near], total[near] + runs.length[following[near]]
        if len(active) == 0:
            break
    return Windows(*(np.concatenate(column) for column in zip(*found, strict=True)))


def _prefix(block: _Block) -> NDArray[np.int32]:
    """The four digits from each run's first on, whether they are all its own or not."""
    padded = np.append(block.digits.value, np.zeros(4, dtype=np.uint8)).astype(np.int32)
    prefix = np.zeros(len(block.runs.at), dtype=np.int32)
    for i in range(4):
        prefix = prefix * 10 + padded[block.runs.at + i]
    return prefix


def _running(digits: NDArray[np.uint8]) -> _Digits:
    doubled = np.array([0, 2, 4, 6, 8, 1, 3, 5, 7, 9], dtype=np.uint8)[digits]
    odd, even = digits.copy(), doubled.copy()
    odd[1::2], even[1::2] = doubled[1::2], digits[1::2]
    return _Digits(
        digits,
        np.append(0, np.cumsum(odd, dtype=np.int64)),
        np.append(0, np.cumsum(even, dtype=np.int64)),
    )


def _judge(block: _Block, first: Index, size: Index, count: int) -> Windows:
    """Windows of `count` runs from run `first`, `size` digits each: number, Luhn, shape."""
    text, bounds, runs, digits = block
    last = first + count - 1
    start, end, row = runs.start[first], runs.end[last], runs.row[first]
    begin = runs.at[first]
    stop = begin + size
    odd, even = digits.odd[stop] - digits.odd[begin], digits.even[stop] - digits.even[begin]
    hit = np.where((stop - 1) % 2 == 0, odd, even) % 10 == 0
    alone = (start - bounds[row] <= 2) & (bounds[row + 1] - end <= 2)
    glued = (start > bounds[row]) & _GLUE[text[start - 1]]
    glued |= (end < bounds[row + 1]) & _GLUE[text[np.minimum(end, len(text) - 1)]]
    shape = _shape(text, runs, first, count)
    shape[(shape == Shape.PLAIN) & alone] = Shape.WHOLE
    shape[glued | (size == SHORTEST)] = Shape.ODD
    return Windows(row, shape, _number(digits.value, begin, size), hit, alone)


def _shape(text: NDArray[np.uint8], runs: _Runs, first: Index, count: int) -> NDArray[np.int8]:
    """How the groups of each window are cut."""
    shape = np.full(len(first), Shape.ODD, dtype=np.int8)
    groups = [runs.length[first + i] for i in range(count)]
    if count == 1:
        shape[:] = Shape.PLAIN
        return shape
    if count <= 3:
        breaks = [_LINE_ENDS[text[runs.end[first + i]]] for i in range(count - 1)]
        shape[np.logical_or.reduce(breaks)] = Shape.SPLIT
    for layout in LAYOUTS:
        if len(layout) == count:
            shape[np.logical_and.reduce([a == b for a, b in zip(groups, layout, strict=True)])] = (
                Shape.LAYOUT
            )
    return shape


def _number(digits: NDArray[np.uint8], begin: Index, size: Index) -> NDArray[np.uint64]:
    """The windows' digits as one number each; 19 digits fit into 64 bits."""
    number = np.zeros(len(begin), dtype=np.uint64)
    for i in range(LONGEST):
        more = np.flatnonzero(size > i)
        number[more] = number[more] * np.uint64(10) + digits[begin[more] + i]
    return number
