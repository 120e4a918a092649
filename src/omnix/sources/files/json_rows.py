"""The rows of a JSON Lines file (or a JSON array of objects) as Arrow tables of text.

Numbers keep the digits they are written with; objects and lists stay JSON text.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import IO, TYPE_CHECKING, Any

from omnix.core.errors import SourceError
from omnix.sources.files.datafile import DataFile
from omnix.sources.files.text import Reading, stream, utf8_chunks

if TYPE_CHECKING:
    import pyarrow as pa

#: An array has to be read as a whole.
LARGEST_ARRAY = 512 << 20
ROWS = 20_000

_EXACT = json.JSONDecoder(parse_float=str, parse_int=str, parse_constant=str)


@dataclass
class JsonRows:
    """One read of one file of JSON objects. `rows` counts what was given."""

    file: DataFile
    columns: tuple[str, ...]
    rows: int = 0
    notes: list[str] = field(default_factory=list)

    def tables(self) -> Iterator[pa.Table]:
        """All rows, in pieces.

        Raises:
            SourceError: a line is no JSON object; it is named by its number.

        """
        reading = Reading()
        objects = _objects(self.file, reading)
        while piece := list(islice(objects, ROWS)):
            self.rows += len(piece)
            yield self._table(piece)
        self.notes += reading.notes(self.file.name)

    def _table(self, piece: list[tuple[str, dict[str, Any]]]) -> pa.Table:
        import pyarrow as pa

        arrays = [_array(piece, name) for name in self.columns]
        return pa.table(arrays, schema=pa.schema([(name, pa.string()) for name in self.columns]))


def columns_of(file: DataFile, limit: int | None = None) -> tuple[str, ...]:
    """Every key of the file's objects (of the first `limit` ones), in order of appearance.

    Raises:
        SourceError: it is empty, or a line is no JSON object.

    """
    keys: dict[str, None] = {}
    for _, row in islice(_objects(file, Reading()), limit):
        keys.update(dict.fromkeys(row))
    if not keys:
        raise SourceError(
            f"{file.name} is empty: it holds no JSON object.",
            "Export it again, or remove it from the folder.",
        )
    return tuple(keys)


def lines(file: DataFile) -> Iterator[bytes]:
    """The file as JSON Lines, whatever it was: what another parser can read."""
    if _is_array(file):
        for line, _ in _objects(file, Reading()):
            yield line.encode() + b"\n"
    else:
        yield from utf8_chunks(file)


def _is_array(file: DataFile) -> bool:
    return next(utf8_chunks(file), b"").lstrip()[:1] == b"["


def _objects(file: DataFile, reading: Reading) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each object with its text."""
    number = 0
    is_array = _is_array(file)
    with stream(utf8_chunks(file, reading)) as content:
        if is_array:
            yield from _elements(file, content)
            return
        for line in content:
            number += 1
            if not line.isspace():
                text = line.decode()
                yield text, _object(file, number, text)


def _object(file: DataFile, number: int, text: str) -> dict[str, Any]:
    try:
        value = _EXACT.decode(text)
    except (json.JSONDecodeError, RecursionError) as error:
        where = f" at character {error.pos + 1}" if isinstance(error, json.JSONDecodeError) else ""
        raise SourceError(
            f"{file.name}, line {number:,}: no valid JSON{where}; every line must be one object.",
            "Correct the line, or export the file again as JSON Lines.",
        ) from error
    if not isinstance(value, dict):
        raise SourceError(
            f"{file.name}, line {number:,}: found {_kind(value)}; every line must be one JSON object.",
            'Write each row as {"column": value, …} on its own line.',
        )
    return value


def _elements(file: DataFile, content: IO[bytes]) -> Iterator[tuple[str, dict[str, Any]]]:
    data = content.read(LARGEST_ARRAY + 1)
    if len(data) > LARGEST_ARRAY:
        raise SourceError(
            f"{file.name} is one JSON array of more than {LARGEST_ARRAY >> 20} MB.",
            "Export it as JSON Lines: one object per line.",
        )
    try:
        rows = json.loads(data)
    except (json.JSONDecodeError, RecursionError) as error:
        line = getattr(error, "lineno", 0)
        raise SourceError(
            f"{file.name}, line {line:,}: no valid JSON in this array.", "Export the file again."
        ) from error
    for number, row in enumerate(rows, 1):
        if not isinstance(row, dict):
            raise SourceError(
                f"{file.name}: element {number:,} is {_kind(row)}; each must be one JSON object.",
                'Write each row as {"column": value, …}.',
            )
    for row, exact in zip(rows, _EXACT.decode(data.decode()), strict=True):
        yield json.dumps(row), exact


def _kind(value: Any) -> str:
    return {list: "a list", str: "a text or a number", bool: "a truth value"}.get(
        type(value), "nothing (null)"
    )


def _array(piece: list[tuple[str, dict[str, Any]]], name: str) -> pa.Array:
    import pyarrow as pa

    try:
        return pa.array([row.get(name) for _, row in piece], pa.string())
    except (pa.ArrowException, UnicodeError, TypeError):  # not all of it is plain text
        return pa.array([_text(line, row, name) for line, row in piece], pa.string())


def _text(line: str, row: dict[str, Any], name: str) -> str | None:
    value = row.get(name)
    if value is None:
        return None
    if isinstance(value, str):
        return _storable(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return _storable(json.dumps(json.loads(line)[name], ensure_ascii=False))


def _storable(text: str) -> str:
    """`text` without half surrogates, which no UTF-8 can hold."""
    return text.encode("utf-8", "replace").decode()
