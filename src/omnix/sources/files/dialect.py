"""How a CSV file is written: delimiter, quotes, header. Found from its beginning, never guessed blindly."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import IO

from omnix.core.errors import SourceError
from omnix.sources.files.datafile import DataFile
from omnix.sources.files.text import Reading, utf8_chunks

DELIMITERS = (",", ";", "\t", "|", "^", "~", "\x01")
NAMES = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars (|)", "\x01": "\\x01"}
SAMPLE_ROWS = 200

# Of the whole process, so it is said once: a shop's cell may be longer than Python's 131,072 signs.
# Whoever wants shorter ones measures them.
csv.field_size_limit(2**31 - 1)

_SEP_LINE = re.compile(r'^"?sep=(.)"?\r?\n', re.I)
_KINDS = (
    ("number", re.compile(r"^[-+]?[\d.,']*\d[\d.,']*%?$")),
    ("date", re.compile(r"^\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}([ T].*)?$")),
    ("e-mail", re.compile(r"^[^@\s]+@[^@\s]+\.[^@\s]+$")),
)


@dataclass(frozen=True)
class Dialect:
    """`columns` are unique names; `sep_line` says that a line "sep=;" stands above the header."""

    delimiter: str
    quote: str
    escape: str | None
    columns: tuple[str, ...]
    sep_line: bool = False
    notes: tuple[str, ...] = ()

    def rows(self, lines: IO[str], *, strict: bool = False) -> Iterator[list[str]]:
        """The rows of `lines`, the header first, read by Python's own parser."""
        return csv.reader(
            lines,
            delimiter=self.delimiter,
            quotechar=self.quote,
            escapechar=self.escape,
            strict=strict,
        )

    def chunks(self, file: DataFile, reading: Reading | None = None) -> Iterator[bytes]:
        """The file as UTF-8 that begins with the header and ends with a whole line."""
        pieces = utf8_chunks(file, reading)
        last = b""
        if self.sep_line:
            last = next(pieces, b"").partition(b"\n")[2]
            yield last
        for piece in pieces:
            last = piece
            yield piece
        if not last.endswith((b"\n", b"\r")):
            yield b"\n"  # Arrow takes a header without an end for half a row


def detect(file: DataFile) -> Dialect:
    """The dialect of a CSV file.

    Raises:
        SourceError: it is empty, has no header, or its lines do not agree on a delimiter.

    """
    _must_be_text(file)
    sample = _sample(file)
    if not sample.strip("\ufeff \t\r\n\0"):
        raise SourceError(
            f"{file.name} is empty ({len(sample):,} characters): it has not even a header line.",
            "Export it again, or remove it from the folder.",
        )
    sep = _SEP_LINE.match(sample)
    text = sample[sep.end() :] if sep else sample
    quote = _quote(text)
    delimiter = sep.group(1) if sep else _delimiter(file, text, quote)
    escape = "\\" if _has_backslash_quotes(text, delimiter, quote) else None
    plain = Dialect(delimiter, quote, escape, (), sep is not None)
    rows = _rows(plain, text)
    _must_have_header(file, rows, delimiter)
    columns, notes = unique_names(file, rows[0])
    return Dialect(delimiter, quote, escape, columns, sep is not None, tuple(notes))


def unique_names(file: DataFile, header: list[str]) -> tuple[tuple[str, ...], list[str]]:
    """The header as names that differ from each other, whatever their case, and what was changed."""
    names: list[str] = []
    notes: list[str] = []
    taken = {"_row"}  # omnix numbers raw rows under this name
    for place, cell in enumerate(header, 1):
        wanted = cell.strip() or f"column_{place}"
        name, copy = wanted, 2
        while name.casefold() in taken:
            name, copy = f"{wanted}_{copy}", copy + 1
        if name != wanted:
            notes.append(
                f"{file.name} has two columns {wanted!r}; column {place} is called {name!r} here."
            )
        elif not cell.strip():
            notes.append(f"{file.name} has no name for column {place}; it is called {name!r} here.")
        taken.add(name.casefold())
        names.append(name)
    return tuple(names), notes


def _must_be_text(file: DataFile) -> None:
    head = next(file.chunks(), b"")[:512]
    if head.startswith((b"PK\x03\x04", b"PAR1", b"\x1f\x8b", b"\xd0\xcf\x11\xe0", b"%PDF")):
        raise SourceError(
            f"{file.name} is no text, though its name says CSV.",
            "Give it the ending of what it is (.parquet, .gz, .zip), or save it as CSV.",
        )


def _sample(file: DataFile) -> str:
    text = ""
    for piece in utf8_chunks(file):
        text += piece.decode()
        if text.count("\n") + text.count("\r") > 20:
            break
    return text


def _quote(text: str) -> str:
    if '"' in text:
        return '"'
    wrapped = len(re.findall(r"(?:^|[,;\t|])'[^'\n]*'(?=[,;\t|\r\n]|$)", text, re.M))
    return "'" if wrapped > text.count("\n") / 2 and wrapped > 1 else '"'


def _has_backslash_quotes(text: str, delimiter: str, quote: str) -> bool:
    inside = rf"\\{quote}(?!\s*(?:{re.escape(delimiter)}|[\r\n]|$))"
    return quote * 2 not in text.replace(f"{delimiter}{quote * 2}", "") and bool(
        re.search(inside, text)
    )


def _rows(dialect: Dialect, text: str) -> list[list[str]]:
    rows = dialect.rows(io.StringIO(text, newline=""))
    full = [row for row in islice(rows, SAMPLE_ROWS + 1) if row]
    return full[:SAMPLE_ROWS]


def _delimiter(file: DataFile, text: str, quote: str) -> str:
    best, best_score = "", (0.0, 0)
    shapes: dict[str, tuple[int, int, float]] = {}
    for delimiter in DELIMITERS:
        rows = _rows(Dialect(delimiter, quote, None, ()), text)
        width = len(rows[0]) if rows else 0
        body = [len(row) for row in rows[1:]]
        usual, times = Counter(body).most_common(1)[0] if body else (width, 1)
        shapes[delimiter] = (width, usual, times / max(len(body), 1))
        agree = body.count(width) / len(body) if body else 1.0
        near = body.count(width + 1) / len(body) if body else 0.0  # each row ends in a delimiter
        score = (max(agree, 0.9 * near), width)
        if width > 1 and score > best_score:
            best, best_score = delimiter, score
    _must_agree(file, best, shapes)
    return best or ","


def _must_agree(file: DataFile, best: str, shapes: dict[str, tuple[int, int, float]]) -> None:
    header_by = best or ""
    if header_by and (shapes[header_by][1] > 1):
        return
    for delimiter, (_, usual, share) in shapes.items():
        if usual > 1 and share >= 0.9 and delimiter != header_by:
            found = (
                f"its first line is split by {_named(header_by)} into {shapes[header_by][0]} columns"
                if header_by
                else "its first line is one column"
            )
            raise SourceError(
                f"{file.name}: wrong delimiter: {found}, but the lines below are split by "
                f"{_named(delimiter)} into {usual}.",
                "Put the column names into the first line, with the same delimiter as the rows.",
            )
    if header_by and shapes[header_by][1] == 1:
        raise SourceError(
            f"{file.name}: wrong delimiter: its header is split by {_named(header_by)} into "
            f"{shapes[header_by][0]} columns, but the lines below are not split at all.",
            "Use the same delimiter in the header and in the rows.",
        )


def _named(delimiter: str) -> str:
    return NAMES.get(delimiter, repr(delimiter))


def _must_have_header(file: DataFile, rows: list[list[str]], delimiter: str) -> None:
    header, body = rows[0], rows[1:]
    kinds = [_kind(cell) for cell in header]
    if not body:
        looks_like_data = "number" in kinds or "e-mail" in kinds
    else:
        usual = [_usual_kind(body, place) for place in range(len(header))]
        typed = [place for place, kind in enumerate(usual) if kind]
        looks_like_data = bool(typed) and all(kinds[place] == usual[place] for place in typed)
    if looks_like_data:
        count = sum(kind is not None for kind in kinds)
        raise SourceError(
            f"{file.name} has no header: {count} of the {len(header)} cells in its first line are "
            "numbers, dates or e-mail addresses, like the lines below.",
            f"Put a first line with the names of the {len(header)} columns, "
            f"split by {_named(delimiter)}.",
        )


def _usual_kind(body: list[list[str]], place: int) -> str | None:
    kinds = Counter(_kind(row[place]) for row in body if place < len(row) and row[place].strip())
    if not kinds:
        return None
    kind, times = kinds.most_common(1)[0]
    return kind if times >= 0.9 * kinds.total() else None


def _kind(cell: str) -> str | None:
    text = cell.strip()
    return next((kind for kind, pattern in _KINDS if pattern.match(text)), None)
