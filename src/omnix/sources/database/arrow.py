"""Lines of CSV from a server into Arrow tables of one fixed schema, a bounded piece at a time."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa

    from omnix.sources.database.relation import Column

#: Stands around text; a mark that shops do not write, so that next to nothing must be doubled.
QUOTE = "\x01"
#: A piece ends at this much text even before it has its number of rows.
CHUNK_BYTES = 32 * 1024 * 1024


def schema_of(columns: Sequence[Column]) -> pa.Schema:
    """The schema that every piece of a table with these columns has."""
    import pyarrow as pa

    return pa.schema([(column.name, column.arrow) for column in columns])


def tables(
    lines: Iterable[bytes], columns: Sequence[Column], chunk_rows: int, notes: list[str]
) -> Iterator[pa.Table]:
    """Tables of at most `chunk_rows` rows; at least one, so that the schema is always told.

    Text that is no UTF-8 (a database declared without an encoding) is kept with U+FFFD for
    what cannot be read, and a note says so.
    """
    empty = True
    for piece in _pieces(lines, chunk_rows):
        empty = False
        yield _table(piece, columns, notes)
    if empty:
        yield schema_of(columns).empty_table()


def _pieces(lines: Iterable[bytes], chunk_rows: int) -> Iterator[bytes]:
    held: list[bytes] = []
    size = 0
    for line in lines:
        held.append(line)
        size += len(line)
        if len(held) >= chunk_rows or size >= CHUNK_BYTES:
            yield b"".join(held)
            held, size = [], 0
    if held:
        yield b"".join(held)


def _table(piece: bytes, columns: Sequence[Column], notes: list[str]) -> pa.Table:
    import pyarrow as pa

    try:
        read = _read_csv(piece, columns)
    except pa.ArrowInvalid as error:
        if "UTF8" not in str(error):
            raise
        note = "Some text is not UTF-8; what could not be read stands as U+FFFD."
        if note not in notes:
            notes.append(note)
        read = _read_csv(piece.decode("utf-8", errors="replace").encode(), columns)
    decoded = [_decoded(read[place], column.encoding) for place, column in enumerate(columns)]
    return pa.Table.from_arrays(decoded, schema=schema_of(columns))


def _decoded(values: pa.ChunkedArray, encoding: str) -> pa.ChunkedArray:
    if encoding == "base64":
        return _binary(values)
    return _unmarked(values) if encoding == "marked" else values


def _read_csv(piece: bytes, columns: Sequence[Column]) -> pa.Table:
    import pyarrow as pa
    from pyarrow import csv

    # Places instead of names: a name may stand twice but for its case, or hold anything.
    names = [str(place) for place in range(len(columns))]
    types = {
        name: pa.string() if column.encoding == "base64" else column.arrow
        for name, column in zip(names, columns, strict=True)
    }
    return csv.read_csv(
        pa.BufferReader(piece),
        # One block: a value longer than a block would be an error.
        csv.ReadOptions(column_names=names, block_size=len(piece) + 1),
        csv.ParseOptions(quote_char=QUOTE, newlines_in_values=True, ignore_empty_lines=False),
        csv.ConvertOptions(
            column_types=types,
            null_values=[""],
            strings_can_be_null=True,
            quoted_strings_can_be_null=False,
            true_values=["t", "1"],
            false_values=["f", "0"],
        ),
    )


def _unmarked(texts: pa.ChunkedArray) -> pa.ChunkedArray:
    """Text that holds the quote itself came as the quote and base64."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if not pc.any(pc.starts_with(texts, QUOTE)).as_py():
        return texts
    plain = [
        b64decode(text).decode("utf-8", errors="replace")
        if text is not None and text.startswith(QUOTE)
        else text
        for text in texts.to_pylist()
    ]
    return pa.chunked_array([pa.array(plain, pa.string())])


def _binary(texts: pa.ChunkedArray) -> pa.ChunkedArray:
    import pyarrow as pa

    values = [None if text is None else b64decode(text) for text in texts.to_pylist()]
    return pa.chunked_array([pa.array(values, pa.binary())])
