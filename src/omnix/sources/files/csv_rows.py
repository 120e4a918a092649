"""The rows of a CSV file as Arrow tables of text. Every row comes through, or the file is refused."""

from __future__ import annotations

import io
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING, Any

from omnix.core.errors import SourceError
from omnix.sources.files.datafile import DataFile
from omnix.sources.files.dialect import Dialect
from omnix.sources.files.text import Reading, stream, text_lines

if TYPE_CHECKING:
    import pyarrow as pa

#: A row must fit into one block. Most do into the first size; the file is begun again if not.
BLOCKS = (1 << 20, 16 << 20, 128 << 20, 512 << 20)


@dataclass
class _Odd:
    """The rows that have too few or too many cells, as text, in their order."""

    texts: list[str] = field(default_factory=list)
    given: int = 0

    def take(self, row: Any) -> str:
        self.texts.append(row.text)
        return "skip"


class _BlockTooSmallError(Exception):
    pass


@dataclass
class CsvRows:
    """One read of one CSV file. `rows` counts what was given; `notes` say what was odd."""

    file: DataFile
    dialect: Dialect
    rows: int = 0
    notes: list[str] = field(default_factory=list)
    _short: int = 0
    _trailing: int = 0
    _quotes: int = 0
    _good: int = 0
    _odd: int = 0

    def tables(self) -> Iterator[pa.Table]:
        """All rows, in pieces.

        Raises:
            SourceError: a row has more cells than the header, a quote is never closed, or the
                file cannot be unpacked or decoded.

        """
        reading = Reading()
        for block in BLOCKS:
            reading = Reading()
            try:
                yield from self._pass(block, reading)
                break
            except _BlockTooSmallError:
                continue
        else:
            raise SourceError(
                f"{self.file.name} has a row of more than {BLOCKS[-1] >> 20} MB; perhaps a quote "
                "is opened and never closed.",
                "Look for it after the last complete row, and export the file again.",
            )
        if self._quotes % 2:
            self._must_end_outside_quotes()
        self.notes += [*self.dialect.notes, *reading.notes(self.file.name), *self._oddities()]

    def _pass(self, block: int, reading: Reading) -> Iterator[pa.Table]:
        import pyarrow as pa

        odd = _Odd()
        skip = self._good
        try:
            for batch in self._open(block, reading, odd):
                fresh = batch.slice(min(skip, batch.num_rows))
                skip -= batch.num_rows - fresh.num_rows
                if fresh.num_rows:
                    self._good += fresh.num_rows
                    self.rows += fresh.num_rows
                    yield pa.Table.from_batches([fresh])
                yield from self._mended(odd)
        except pa.ArrowInvalid as error:
            if "straddl" in str(error):
                raise _BlockTooSmallError from error
            if "Empty CSV" not in str(error):
                raise SourceError(
                    f"{self.file.name} cannot be read as CSV: {_first_line(error)}.",
                    "Export it again as UTF-8 CSV with a header line.",
                ) from error
        yield from self._mended(odd)

    def _open(self, block: int, reading: Reading, odd: _Odd) -> Iterator[Any]:
        import pyarrow as pa
        import pyarrow.csv as pc

        names = self.dialect.columns
        yield from pc.open_csv(
            stream(self._counted(self.dialect.chunks(self.file, reading))),
            read_options=pc.ReadOptions(
                block_size=block, column_names=names, skip_rows_after_names=1, use_threads=False
            ),
            parse_options=pc.ParseOptions(
                delimiter=self.dialect.delimiter,
                quote_char=self.dialect.quote,
                escape_char=self.dialect.escape or False,
                newlines_in_values=True,
                invalid_row_handler=odd.take,
            ),
            convert_options=pc.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()),
                strings_can_be_null=True,
                quoted_strings_can_be_null=False,
                null_values=[""],
            ),
        )

    def _counted(self, chunks: Iterator[bytes]) -> Iterator[bytes]:
        self._quotes = 0
        mark = self.dialect.quote.encode()
        for piece in chunks:
            self._quotes += piece.count(mark)
            yield piece

    def _mended(self, odd: _Odd) -> Iterator[pa.Table]:
        """The rows with another number of cells: filled up, or freed of empty cells at their end."""
        import pyarrow as pa

        seen = len(odd.texts)  # the parser reads ahead and may add to it meanwhile
        texts = odd.texts[max(self._odd - odd.given, 0) : seen]
        del odd.texts[:seen]
        odd.given += seen
        if not texts:
            return
        self._odd += len(texts)
        rows = [self._mend(text) for text in texts]
        kept = [row for row in rows if row is not None]
        self.rows += len(kept)
        columns = [[row[at] or None for row in kept] for at in range(len(self.dialect.columns))]
        schema = pa.schema([(name, pa.string()) for name in self.dialect.columns])
        yield pa.table([pa.array(column, pa.string()) for column in columns], schema=schema)

    def _mend(self, text: str) -> list[str] | None:
        width = len(self.dialect.columns)
        if "\n" in text or "\r" in text:
            self._must_be_well_quoted(text)
        cells = next(self.dialect.rows(io.StringIO(text, newline="")), [])
        if len(cells) > width and not any(cell.strip() for cell in cells[width:]):
            self._trailing += 1
            return cells[:width]
        if len(cells) > width:
            self._refuse_wide_row()
        if len(cells) < width:
            self._short += 1
        return cells + [""] * (width - len(cells))

    def _must_be_well_quoted(self, text: str) -> None:
        if not well_quoted(self.dialect, text):
            raise open_quote(self.file, self.dialect, _line_of(self.file, self.dialect, text))

    def _refuse_wide_row(self) -> None:
        width = len(self.dialect.columns)
        for line, cells, _ in records(self.file, self.dialect):
            if len(cells) > width and any(cell.strip() for cell in cells[width:]):
                raise SourceError(
                    f"{self.file.name}, line {line:,}: {len(cells)} cells, but the header has "
                    f"{width} columns.",
                    "A cell that holds the delimiter must stand in quotes; correct the line "
                    "(or the export) and run again.",
                )
        raise SourceError(
            f"{self.file.name} has a row with more cells than the {width} columns of its header.",
            "Export it again with every cell that holds the delimiter in quotes.",
        )

    def _must_end_outside_quotes(self) -> None:
        for line, _, text in deque(records(self.file, self.dialect), maxlen=1):
            if _ends_in_quotes(self.dialect, text):
                raise open_quote(self.file, self.dialect, line)

    def _oddities(self) -> list[str]:
        notes = []
        width = len(self.dialect.columns)
        if not self.rows:
            notes.append(f"{self.file.name} has a header and no rows.")
        if self._short:
            notes.append(
                f"{self.file.name}: {self._short:,} rows have fewer than the {width} cells of the "
                "header; the missing ones at their end are empty."
            )
        if self._trailing:
            notes.append(
                f"{self.file.name}: {self._trailing:,} rows end in empty cells beyond the header's "
                f"{width} columns; those were dropped."
            )
        return notes


def records(file: DataFile, dialect: Dialect) -> Iterator[tuple[int, list[str], str]]:
    """Line number, cells and text of every row below the header, by Python's own parser.

    Slower than `CsvRows`, and independent of it: it finds lines for messages and settles doubts.
    """
    held: list[str] = []

    def remembered(lines: Iterator[str]) -> Iterator[str]:
        for line in lines:
            held.append(line)
            yield line

    first = 2 if dialect.sep_line else 1
    with text_lines(dialect.chunks(file)) as lines:
        rows = dialect.rows(remembered(lines))  # type: ignore[arg-type]
        for number in count():
            cells = next(rows, None)
            if cells is None:
                return
            if cells and number:
                yield first, cells, "".join(held)
            first += len(held)
            held.clear()


def _line_of(file: DataFile, dialect: Dialect, text: str) -> int:
    wanted = text.rstrip("\r\n")
    return next(
        (line for line, _, found in records(file, dialect) if found.rstrip("\r\n") == wanted), 0
    )


def _ends_in_quotes(dialect: Dialect, text: str) -> bool:
    import csv

    try:
        list(dialect.rows(io.StringIO(text, newline=""), strict=True))
    except csv.Error as error:
        return "unexpected end" in str(error)
    return False


def open_quote(file: DataFile, dialect: Dialect, line: int) -> SourceError:
    """What to say of a quote that swallows lines."""
    return SourceError(
        f"{file.name}, line {line:,}: a quote ({dialect.quote}) is opened and not closed before "
        "the end of its cell, so that the lines below would be swallowed.",
        f"Close it, or write a quote inside a cell twice ({dialect.quote * 2}).",
    )


def well_quoted(dialect: Dialect, text: str) -> bool:
    """Whether the text of one row follows the rules of quoting."""
    import csv

    try:
        list(dialect.rows(io.StringIO(text, newline=""), strict=True))
    except csv.Error:
        return False
    return True


def _first_line(error: Exception) -> str:
    return re.sub(r"\s+", " ", str(error).splitlines()[0])[:120].rstrip(".")
