"""NumPy arrays made into Arrow columns, without a loop over rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from .period import Bools, Ints

MONEY = pa.decimal128(12, 2)
RATE = pa.decimal128(12, 6)
WEIGHT = pa.decimal128(8, 3)
_LETTERS = np.frombuffer(b"abcdefghjkmnpqrstuvwxyz", dtype=np.uint8)


def text(values: Any) -> pa.Array:
    """A column of strings, in one piece."""
    array = pa.array(values, pa.string()) if isinstance(values, list) else values
    return array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array


def ids(prefix: str, numbers: Ints, *, width: int = 6, missing: Bools | None = None) -> pa.Array:
    """Keys such as `C000017`."""
    digits = pc.utf8_lpad(pc.cast(pa.array(numbers, mask=missing), pa.string()), width, "0")
    return join(prefix, digits)


def digits(numbers: Ints, width: int) -> pa.Array:
    """Numbers with leading zeros."""
    return pc.utf8_lpad(pc.cast(pa.array(numbers), pa.string()), width, "0")


def join(*parts: str | pa.Array) -> pa.Array:
    """Strings put together row by row; null where a part is null."""
    return text(pc.binary_join_element_wise(*parts, ""))


def scaled(numbers: Ints, kind: pa.DataType, missing: Bools | None = None) -> pa.Array:
    """Integers read as decimals of `kind`: 1234 with scale 2 is 12.34."""
    low = np.asarray(numbers, np.int64)
    words = np.ascontiguousarray(np.stack([low, low >> 63], axis=1))
    valid = None if missing is None else pa.array(~missing).buffers()[1]
    return pa.Array.from_buffers(kind, len(low), [valid, pa.py_buffer(words)])


def money(cents: Ints, missing: Bools | None = None) -> pa.Array:
    """Whole cents as DECIMAL(12,2)."""
    return scaled(cents, MONEY, missing)


def times(seconds: Ints, missing: Bools | None = None) -> pa.Array:
    """Seconds since 1970 as TIMESTAMP without zone (UTC)."""
    whole = np.where(missing, 0, seconds) if missing is not None else seconds
    return pa.array(whole.astype("datetime64[s]").astype("datetime64[us]"), mask=missing)


def dates(days_since_1970: Ints) -> pa.Array:
    """Days since 1970 as DATE."""
    return pa.array(days_since_1970.astype("datetime64[D]"))


def counts(numbers: Ints, missing: Bools | None = None) -> pa.Array:
    """Whole numbers as INTEGER."""
    return pa.array(np.asarray(numbers).astype(np.int32), mask=missing)


def words(chosen: Ints, vocabulary: Sequence[str | None], missing: Bools | None = None) -> pa.Array:
    """The word that each number stands for."""
    return text(pa.array(list(vocabulary), pa.string()).take(pa.array(chosen, mask=missing)))


def codes(random: np.random.Generator, prefix: str, count: int, length: int) -> pa.Array:
    """Random codes of letters; no digits, so that none of them can look like a card number."""
    head = np.frombuffer(prefix.encode(), dtype=np.uint8)
    body = _LETTERS[random.integers(0, len(_LETTERS), (count, length), dtype=np.uint8)]
    whole = np.hstack([np.broadcast_to(head, (count, len(head))), body])
    offsets = (np.arange(count + 1) * whole.shape[1]).astype(np.int32)
    buffers = [None, pa.py_buffer(offsets), pa.py_buffer(np.ascontiguousarray(whole))]
    return pa.Array.from_buffers(pa.string(), count, buffers)


def take(column: pa.Array, rows: Ints, missing: Bools | None = None) -> pa.Array:
    """The values of `rows`; null where missing."""
    return text(column.take(pa.array(rows, mask=missing)))


def nothing(count: int, kind: pa.DataType | None = None) -> pa.Array:
    """A column without a value."""
    return pa.nulls(count, kind or pa.string())
