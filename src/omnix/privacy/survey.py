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

BLOCK_BYTES = 1 << 18
WIDEST_GAP = 8  # "&thinsp;" between two groups
# What a gap between two groups of one number may begin with: a blank, a stroke, a point, an entity
# or an escape, anything beyond ASCII; and what it may end with.
_GAP_FIRST = np.isin(np.arange(256), list(b" \t\n\r\0-./+_&%\\")) | (np.arange(256) >= 128)
_GAP_LAST = _GAP_FIRST | np.isin(np.arange(256), list(b";nrt"))
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
    stripes = [block.stripes for block in found] or [np.empty(0, dtype=np.intp)]
    return Survey(_joined([block.windows for block in found]), np.concatenate(stripes))


def _joined(found: list[Windows]) -> Windows:
    kinds = (np.intp, np.int8, np.uint64, bool, bool)
    nothing = Windows(*(np.empty(0, dtype=kind) for kind in kinds))
    return Windows(*(np.concatenate(column) for column in zip(nothing, *found, strict=True)))


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
    odd: NDArray[np.uint32]
    even: NDArray[np.uint32]


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
        return Survey(_joined([]), np.empty(0, dtype=np.intp))
    every = int(runs.length.sum()) == np.count_nonzero(is_digit)
    digits = _running((text[is_digit] if every else _spread(text, runs)) - np.uint8(48))
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
    keep = _in_company(text, start, end)
    start, end = start[keep], end[keep]
    length = end - start
    row = np.searchsorted(bounds, start, side="right") - 1
    return _Runs(start, end, length, np.cumsum(length) - length, row)


def _in_company(text: NDArray[np.uint8], start: Index, end: Index) -> Flags:
    """Runs that together with their neighbours have 13 digits or more."""
    if len(start) == 0:
        return np.empty(0, dtype=bool)
    first = np.flatnonzero(np.append(True, ~_near(text, start[1:], end[:-1])))
    digits = np.add.reduceat(end - start, first)
    return np.repeat(digits >= SHORTEST, np.diff(np.append(first, len(start))))


def _near(text: NDArray[np.uint8], start: Index, end: Index) -> Flags:
    """Whether the gap from a run's `end` to the next one's `start` may lie inside one number."""
    narrow = start - end <= WIDEST_GAP
    narrow[narrow] = _GAP_FIRST[text[end[narrow]]] & _GAP_LAST[text[start[narrow] - 1]]
    return narrow


def _spread(text: NDArray[np.uint8], runs: _Runs) -> NDArray[np.uint8]:
    """The runs' bytes, one run behind the other."""
    places = np.repeat(runs.start - runs.at, runs.length) + np.arange(runs.length.sum())
    spread: NDArray[np.uint8] = text[places]
    return spread


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
        if np.count_nonzero(issued):
            found.append(_judge(block, first[issued], size[issued], count))
        following = active + count
        inside = (total < LONGEST) & (following < len(runs.start))
        active, total, following = active[inside], total[inside], following[inside]
        near = np.flatnonzero(
            (runs.row[following] == runs.row[active])
            & _near(block.text, runs.start[following], runs.end[following - 1])
        )
        active, total = active[near], total[near] + runs.length[following[near]]
        if len(active) == 0:
            break
    return _joined(found)


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
    return _Digits(digits, _sums(odd), _sums(even))


def _sums(values: NDArray[np.uint8]) -> NDArray[np.uint32]:
    """Nought and the running sums. A sum past 2³² wraps, and so do differences: they stay right."""
    sums = np.zeros(len(values) + 1, dtype=np.uint32)
    np.cumsum(values, dtype=np.uint32, out=sums[1:])
    return sums


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
    counted = np.flatnonzero(shape != Shape.ODD)
    number = np.zeros(len(row), dtype=np.uint64)
    number[counted] = _number(digits.value, begin[counted], size[counted])
    return Windows(row, shape, number, hit, alone)


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
    for i in range(SHORTEST):
        number = number * np.uint64(10) + digits[begin + i]
    for i in range(SHORTEST, int(size.max(initial=0))):
        more = np.flatnonzero(size > i)
        number[more] = number[more] * np.uint64(10) + digits[begin[more] + i]
    return number
