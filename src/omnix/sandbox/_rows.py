"""Rows of a result as JSON, CSV or Arrow, counted while they come, within the query's limits."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import islice
from typing import TYPE_CHECKING, Any

from omnix.core.spreadsheets import safe
from omnix.core.table import DUCKDB_TYPES

if TYPE_CHECKING:
    import duckdb

    from omnix.sandbox._durations import Rows

#: Rows that are fetched at once: few at first, so that wide ones are noticed early.
_FIRST, _MOST = 128, 2048
_NAMES = {duck: dtype for dtype, duck in DUCKDB_TYPES.items()}


@dataclass
class Room:
    """How many rows and bytes are left, and whether some did not fit."""

    rows: int
    bytes: int
    given: int = 0
    truncated: bool = False

    def take(self, size: int) -> bool:
        """Whether a row of so many bytes still fits."""
        if size > self.bytes:
            self.truncated = True
            return False
        self.bytes -= size
        self.given += 1
        return True


def columns(result: Rows) -> list[tuple[str, str]]:
    """Name and type of each column; a type has the contracts' word where they have one."""
    described = result.description or []
    return [(str(each[0]), type_name(str(each[1]))) for each in described]


def type_name(kind: str) -> str:
    """What a DuckDB type is called: `int64` for BIGINT, as in a contract; else in lower case."""
    return _NAMES.get(kind, kind.strip('"').lower())


def _batches(result: Rows, room: Room) -> Iterator[list[tuple[Any, ...]]]:
    size = _FIRST
    while not room.truncated:
        wanted = min(size, room.rows - room.given + 1)
        rows = result.fetchmany(wanted)
        if not rows:
            return
        if len(rows) > room.rows - room.given:
            rows = rows[: room.rows - room.given]
            yield rows
            room.truncated = True
            return
        yield rows
        size = min(size * 2, _MOST)


def as_json(result: Rows, room: Room) -> Iterator[bytes]:
    """A JSON array with an array for each row, in pieces."""
    before = b"["
    for rows in _batches(result, room):
        for line in _fitting(rows, room, _json_rows):
            yield before + line
            before = b","
    yield b"]" if before == b"," else b"[]"


def as_csv(result: Rows, room: Room) -> Iterator[bytes]:
    """Lines of CSV (RFC 4180, UTF-8) under a line with the columns' names, in pieces."""
    yield _csv_rows([[name for name, _ in columns(result)]])
    for rows in _batches(result, room):
        yield from _fitting(rows, room, _csv_rows)


def _fitting(
    rows: list[tuple[Any, ...]], room: Room, write: Callable[[Iterable[Any]], bytes]
) -> Iterator[bytes]:
    """The rows written: at once where all fit, else one by one until the room is used up."""
    if not rows:
        return
    whole = write(rows)
    if len(whole) <= room.bytes:
        room.bytes -= len(whole)
        room.given += len(rows)
        yield whole
        return
    for row in rows:
        line = write([row])
        if not room.take(len(line) + 1):
            return
        yield line


def _json_rows(rows: Iterable[Any]) -> bytes:
    """The rows without the brackets around them all."""
    import orjson

    options = orjson.OPT_NAIVE_UTC | orjson.OPT_UTC_Z | orjson.OPT_NON_STR_KEYS
    given = list(rows)
    try:
        return orjson.dumps(given, default=_plain, option=options)[1:-1]
    except TypeError:  # an integer beyond 64 bits, text that is no Unicode, a key of another kind
        return orjson.dumps([_safe(row) for row in given], default=_plain, option=options)[1:-1]


def _plain(value: Any) -> Any:
    """What JSON has no form of its own for."""
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value).hex()
    if isinstance(value, timedelta):
        return _interval(value)
    if isinstance(value, time):
        return value.isoformat()
    if isinstance(value, tuple | set | frozenset):
        return list(value)
    return str(value)


def _safe(value: Any) -> Any:
    if isinstance(value, dict):
        return {_key(name): _safe(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_safe(each) for each in value]
    if isinstance(value, int) and not isinstance(value, bool) and not -(2**63) <= value < 2**64:
        return str(value)
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    return value


def _key(name: Any) -> str:
    return name if isinstance(name, str) else str(_plain(name))


def _interval(value: timedelta) -> str:
    """As ISO 8601 writes a duration of days and seconds."""
    sign = "-" if value < timedelta(0) else ""
    value = abs(value)
    seconds = f"{value.seconds + value.microseconds / 1e6:.6f}".rstrip("0").rstrip(".")
    return f"{sign}P{value.days}DT{seconds}S"


def _csv_rows(rows: Iterable[Any]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows([_cell(v) for v in row] for row in rows)
    return text.getvalue().encode("utf-8", "replace")


def _cell(value: Any) -> Any:
    if isinstance(value, str):
        return safe(value)
    if value is None or isinstance(value, int | float | Decimal):
        return value
    if isinstance(value, datetime):
        return value.isoformat() + ("Z" if value.tzinfo is None else "")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict | list):
        return _json_rows([value]).decode()
    return _plain(value)


def as_arrow(relation: duckdb.DuckDBPyRelation, room: Room) -> Iterator[bytes]:
    """An Arrow IPC stream, in pieces."""
    import pyarrow as pa

    reader = relation.to_arrow_reader(_MOST)
    sink = _Pieces()
    with pa.ipc.new_stream(sink, reader.schema) as writer:
        for batch in _arrow_batches(reader, room):
            writer.write_batch(batch)
            yield from sink.taken()
    yield from sink.taken()


def _arrow_batches(reader: Any, room: Room) -> Iterator[Any]:
    for batch in reader:
        left = room.rows - room.given
        part = batch.slice(0, left) if batch.num_rows > left else batch
        while part.num_rows and part.nbytes > room.bytes:
            part = part.slice(0, part.num_rows // 2)
        room.bytes -= part.nbytes
        room.given += part.num_rows
        if part.num_rows:
            yield part
        if part.num_rows < batch.num_rows:
            room.truncated = True
            return


class _Pieces(io.RawIOBase):
    """A file that hands on what was written to it."""

    def __init__(self) -> None:
        super().__init__()
        self._parts: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, part: Any, /) -> int:
        self._parts.append(bytes(part))
        return len(part)

    def taken(self) -> Iterator[bytes]:
        """What was written since the last call."""
        parts, self._parts = self._parts, []
        yield from islice(parts, None)
