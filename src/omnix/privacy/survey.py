"""Every number in a text column that an issuer could have issued, found over the raw bytes.

One pass of NumPy marks the runs of digits; runs that stand close together form windows of 13–19
digits, of which those in an issuer's range are put through Luhn. No row is ever turned into a Python
string here, so a column without cards costs a few nanoseconds a byte.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from omnix.privacy.cards import LAYOUTS, LONGEST, SHORTEST, issuer_table
from omnix.privacy.evidence import Shape
from omnix.privacy.ordered import distinct

BLOCK_BYTES = 1 << 18
_POOL_RUNS = 50_000
WIDEST_GAP = 8  # "&thinsp;" between two groups
# What a gap between two groups of one number may begin with: a blank, a stroke, a point, an entity
# or an escape, anything beyond ASCII; and what it may end with.
_GAP_FIRST = np.isin(np.arange(256), list(b" \t\n\r\0-./+_&%\\")) | (np.arange(256) >= 128)
_GAP_LAST = _GAP_FIRST | np.isin(np.arange(256), list(b";nrt"))
_LINE_ENDS = np.isin(np.arange(256), list(b"\n\r\\"))
_GLUE = np.array([chr(i).isalnum() for i in range(128)] + [False] * 128)
_DOUBLED = np.array([0, 2, 4, 6, 8, 1, 3, 5, 7, 9], dtype=np.uint8)
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
    """Runs of digits, and `at`: each run's place in `digits`, where one follows the other."""

    start: Index
    end: Index
    length: Index
    at: Index
    row: Index
    digits: NDArray[np.uint8]


class _Text(NamedTuple):
    """The bytes of all cells, where the cells begin and end, and the runs to look at now."""

    data: NDArray[np.uint8]
    bounds: NDArray[np.int64]
    runs: _Runs


def survey(data: NDArray[np.uint8], offsets: NDArray[np.int64]) -> Survey:
    """Look at `len(offsets) - 1` cells, cell i being the bytes `offsets[i]` to `offsets[i + 1]`."""
    windows, stripes = [], [np.empty(0, dtype=np.intp)]
    for start, end in _pooled(data, offsets):
        runs = _runs(data, offsets, start, end)
        windows.append(_windows(_Text(data, offsets, runs)))
        stripes.append(_stripes(data, runs))
    return Survey(_joined(windows), np.concatenate(stripes))


def _joined(found: list[Windows]) -> Windows:
    kinds = (np.intp, np.int8, np.uint64, bool, bool)
    nothing = Windows(*(np.empty(0, dtype=kind) for kind in kinds))
    return Windows(*(np.concatenate(column) for column in zip(nothing, *found, strict=True)))


def _pooled(data: NDArray[np.uint8], offsets: NDArray[np.int64]) -> Iterator[tuple[Index, Index]]:
    """Starts and ends of the runs worth a look, of as many blocks together as have enough."""
    pool: list[tuple[Index, Index]] = []
    count = 0
    for lo, hi in _blocks(offsets):
        start, end = _edges(data, offsets[lo : hi + 1])
        if len(start):
            pool.append((start, end))
            count += len(start)
        if count >= _POOL_RUNS:
            yield _together(pool)
            pool, count = [], 0
    if pool:
        yield _together(pool)


def _together(pool: list[tuple[Index, Index]]) -> tuple[Index, Index]:
    return np.concatenate([start for start, _ in pool]), np.concatenate([end for _, end in pool])


def _blocks(offsets: NDArray[np.int64]) -> Iterator[tuple[int, int]]:
    """Spans of rows of about `BLOCK_BYTES`: what one pass works on stays in the processor's cache."""
    lo, rows = 0, len(offsets) - 1
    while lo < rows:
        hi = int(np.searchsorted(offsets, offsets[lo] + BLOCK_BYTES, side="right")) - 1
        hi = min(max(hi, lo + 1), rows)
        if offsets[hi] - offsets[lo] >= SHORTEST:
            yield lo, hi
        lo = hi


def _edges(data: NDArray[np.uint8], offsets: NDArray[np.int64]) -> tuple[Index, Index]:
    """The runs that stand in company of at least 13 digits; none crosses a row's end."""
    base = int(offsets[0])
    text = data[base : int(offsets[-1])]
    is_digit = np.zeros(len(text) + 2, dtype=bool)
    np.less(text - np.uint8(48), 10, out=is_digit[1:-1])
    edges = np.flatnonzero(is_digit[1:] ^ is_digit[:-1])
    start, end = edges[::2], edges[1::2]
    inner = (offsets[1:-1] - base).astype(np.intp)
    crossed = inner[is_digit[inner] & is_digit[inner + 1]]
    if len(crossed):
        crossed = crossed[np.append(True, crossed[1:] != crossed[:-1])]
        start = np.sort(np.concatenate([start, crossed]), kind="stable")
        end = np.sort(np.concatenate([end, crossed]), kind="stable")
    keep = _in_company(text, start, end)
    return start[keep] + base, end[keep] + base


def _runs(data: NDArray[np.uint8], offsets: NDArray[np.int64], start: Index, end: Index) -> _Runs:
    length = end - start
    at = np.cumsum(length) - length
    row = np.searchsorted(offsets, start, side="right") - 1
    places = np.repeat(start - at, length) + np.arange(int(length.sum()))
    return _Runs(start, end, length, at, row, data[places] - np.uint8(48))


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


def _stripes(text: NDArray[np.uint8], runs: _Runs) -> Index:
    """Rows with a number of a card's length right before `^`, `=` or `D`."""
    fits = (runs.length >= SHORTEST) & (runs.length <= LONGEST) & (runs.end < len(text))
    return distinct(runs.row[fits][_STRIPES[text[runs.end[fits]]]])


def _windows(text: _Text) -> Windows:
    """Every window of whole runs with 13–19 digits whose prefix and length an issuer uses."""
    runs, table = text.runs, issuer_table()
    prefix = _prefix(runs)
    active = np.flatnonzero(np.logical_or.reduce(table, axis=1)[prefix])
    total = runs.length[active]
    found = []
    for count in range(1, LONGEST + 1):
        fits = (total >= SHORTEST) & (total <= LONGEST)
        first, size = active[fits], total[fits]
        issued = table[prefix[first], size]
        if np.count_nonzero(issued):
            found.append(_judge(text, first[issued], size[issued], count))
        following = active + count
        inside = (total < LONGEST) & (following < len(runs.start))
        active, total, following = active[inside], total[inside], following[inside]
        near = np.flatnonzero(
            (runs.row[following] == runs.row[active])
            & _near(text.data, runs.start[following], runs.end[following - 1])
        )
        active, total = active[near], total[near] + runs.length[following[near]]
        if len(active) == 0:
            break
    return _joined(found)


def _prefix(runs: _Runs) -> NDArray[np.int32]:
    """The four digits from each run's first on, whether they are all its own or not."""
    padded = np.append(runs.digits, np.zeros(4, dtype=np.uint8)).astype(np.int32)
    prefix = np.zeros(len(runs.at), dtype=np.int32)
    for i in range(4):
        prefix = prefix * 10 + padded[runs.at + i]
    return prefix


def _judge(text: _Text, first: Index, size: Index, count: int) -> Windows:
    """Windows of `count` runs from run `first`, `size` digits each: number, Luhn, shape."""
    data, bounds, runs = text
    start, end, row = runs.start[first], runs.end[first + count - 1], runs.row[first]
    alone = (start - bounds[row] <= 2) & (bounds[row + 1] - end <= 2)
    glued = (start > bounds[row]) & _GLUE[data[start - 1]]
    glued |= (end < bounds[row + 1]) & _GLUE[data[np.minimum(end, len(data) - 1)]]
    shape = _shape(text, first, count)
    shape[(shape == Shape.PLAIN) & alone] = Shape.WHOLE
    shape[glued | (size == SHORTEST)] = Shape.ODD
    number, hit = _number(runs.digits, runs.at[first], size)
    return Windows(row, shape, number, hit, alone)


def _number(
    digits: NDArray[np.uint8], begin: Index, size: Index
) -> tuple[NDArray[np.uint64], Flags]:
    """The windows' digits as one number each (19 digits fit into 64 bits), and whether Luhn holds."""
    number, hit = np.zeros(len(begin), dtype=np.uint64), np.zeros(len(begin), dtype=bool)
    for length in range(SHORTEST, LONGEST + 1):
        these = np.flatnonzero(size == length)
        if len(these) == 0:
            continue
        place, value = begin[these], np.zeros(len(these), dtype=np.uint64)
        total = np.zeros(len(these), dtype=np.uint8)
        for i in range(length):
            digit = digits[place + i]
            value = value * np.uint64(10) + digit
            total += digit if (length - i) % 2 else _DOUBLED[digit]
        number[these], hit[these] = value, total % 10 == 0
    return number, hit


def _shape(text: _Text, first: Index, count: int) -> NDArray[np.int8]:
    """How the groups of each window are cut."""
    runs = text.runs
    shape = np.full(len(first), Shape.ODD, dtype=np.int8)
    groups = [runs.length[first + i] for i in range(count)]
    if count == 1:
        shape[:] = Shape.PLAIN
        return shape
    if count <= 3:
        breaks = [_LINE_ENDS[text.data[runs.end[first + i]]] for i in range(count - 1)]
        shape[np.logical_or.reduce(breaks)] = Shape.SPLIT
    for layout in LAYOUTS:
        if len(layout) == count:
            shape[np.logical_and.reduce([a == b for a, b in zip(groups, layout, strict=True)])] = (
                Shape.LAYOUT
            )
    return shape
