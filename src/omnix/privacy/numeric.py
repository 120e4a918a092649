"""Card numbers in numeric columns: whole numbers, floats, decimals."""

from __future__ import annotations

from contextlib import suppress
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from omnix.privacy.cards import SHORTEST, issued, luhn_of
from omnix.privacy.evidence import Shape
from omnix.privacy.survey import Windows

_LEAST = 10 ** (SHORTEST - 2)  # twelve digits


class Large(NamedTuple):
    """The whole numbers of a column with twelve digits or more, and their rows."""

    row: NDArray[np.intp]
    number: NDArray[np.uint64]


def is_number(kind: pa.DataType) -> bool:
    """Whether this is a type of numbers."""
    return bool(
        pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind)
    )


def has_room(kind: pa.DataType) -> bool:
    """Whether the type can hold a card number digit for digit."""
    return kind.bit_width >= 64 and is_number(kind)


def whole_numbers(array: pa.Array) -> Large:
    """What is large enough, and whole, in an array of 64-bit integers, floats or decimals."""
    if pa.types.is_decimal(array.type):
        return _of_decimals(array)
    if not has_room(array.type):
        array = array.cast(pa.float64() if pa.types.is_floating(array.type) else pa.int64())
    values = array.fill_null(0).to_numpy(zero_copy_only=False)
    keep = values >= values.dtype.type(_LEAST)
    if pa.types.is_floating(array.type):
        keep &= values < 2.0**63
        keep[keep] = values[keep] == np.floor(values[keep])
    row = np.flatnonzero(keep)
    return Large(row, values[row].astype(np.uint64))


def _of_decimals(array: pa.Array) -> Large:
    """Decimals go through Python one by one, once the largest shows that it is needed."""
    largest = pc.max(array).as_py() if len(array) else None
    if largest is None or largest < _LEAST:
        return Large(np.empty(0, dtype=np.intp), np.empty(0, dtype=np.uint64))
    large = [
        (row, int(value))
        for row, value in enumerate(array.to_pylist())
        if value is not None and _LEAST <= value < 2**63 and value == int(value)
    ]
    rows = np.array([row for row, _ in large], dtype=np.intp)
    return Large(rows, np.array([number for _, number in large], dtype=np.uint64))


def windows(large: Large) -> Windows:
    """The numbers in an issuer's range. Thirteen digits are barcodes and times too often to count."""
    fits = issued(large.number)
    fits &= large.number >= np.uint64(10**SHORTEST)
    number = large.number[fits]
    return Windows(
        large.row[fits],
        np.full(len(number), Shape.WHOLE, dtype=np.int8),
        number,
        luhn_of(number),
        np.ones(len(number), dtype=bool),
    )


def cards(large: Large, named: bool) -> dict[int, str]:
    """Row → digits of every card number in a card column; all of twelve digits if so named."""
    keep = np.ones(len(large.row), dtype=bool)
    if not named:
        keep = issued(large.number) & luhn_of(large.number)
    rows, numbers = large.row[keep].tolist(), large.number[keep].tolist()
    return {row: str(number) for row, number in zip(rows, numbers, strict=True)}


def as_text(array: pa.Array) -> pa.Array:
    """The numbers as people write them: whole ones without a point or an exponent."""
    if pa.types.is_floating(array.type):
        with suppress(pa.ArrowInvalid):
            array = array.cast(pa.int64())
    return array.cast(pa.string())
