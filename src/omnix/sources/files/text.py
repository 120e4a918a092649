"""A text file as UTF-8, whatever it was written in; bytes that fit nothing are named by line."""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice
from typing import IO

from omnix.core.errors import SourceError
from omnix.sources.files.datafile import CHUNK, DataFile

#: A line longer than this is a sign of a file that is no text.
LONGEST_LINE = 256 << 20

_MARKS = (  # the longer ones first: UTF-32's begins like UTF-16's
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (codecs.BOM_UTF8, "utf-8"),
)


_MULTI_BYTE = re.compile(rb"[\xc2-\xf4][\x80-\xbf]")
_UNDEFINED = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")
_FOREIGN_LINE = re.compile(rb"[\x80-\xff][^\n]*")


@dataclass
class Reading:
    """What was noticed while a text was read."""

    lines: int = 0
    foreign: int = 0  # how many lines were read as Windows-1252
    first_foreign: int = 0
    native: bool = False  # some line beyond ASCII was UTF-8
    zero: int = 0  # the first line with a NUL byte

    def notes(self, name: str) -> list[str]:
        """The same in words."""
        notes = []
        if self.foreign:
            more = f" and {self.foreign - 1:,} more" if self.foreign > 1 else ""
            where = f"line {self.first_foreign:,}{more}"
            how = "mixes encodings: most of it is UTF-8, but" if self.native else "is not UTF-8:"
            notes.append(f"{name} {how} {where} was read as Windows-1252 (Western European).")
        if self.zero:
            notes.append(f"{name} holds a NUL byte in line {self.zero:,}; it was kept.")
        return notes


def utf8_chunks(file: DataFile, reading: Reading | None = None) -> Iterator[bytes]:
    """`file` as UTF-8 without a byte order mark, in pieces that end with whole lines.

    Raises:
        SourceError: a line is neither UTF-8 nor Windows-1252, or the packing is broken.

    """
    reading = reading if reading is not None else Reading()
    pieces = file.chunks()
    first = next(pieces, b"")
    encoding, skip = _encoding(first)
    pieces = chain([first[skip:]], pieces)
    if encoding != "utf-8":
        pieces = _transcoded(pieces, encoding, file.name)
    for block in _whole_lines(pieces, file.name):
        yield _as_utf8(block, reading, file.name)


def stream(chunks: Iterator[bytes]) -> IO[bytes]:
    """Pieces of bytes as a file that can be read."""
    return io.BufferedReader(_Pieces(chunks), CHUNK)  # type: ignore[type-var]


def text_lines(chunks: Iterator[bytes]) -> IO[str]:
    """UTF-8 pieces as lines of text, their ends untouched."""
    return io.TextIOWrapper(stream(chunks), encoding="utf-8", newline="")


def _encoding(head: bytes) -> tuple[str, int]:
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return encoding, len(mark)
    sample = head[:4096]
    half = max(len(sample) // 2, 1)
    if sample[1::2].count(0) > 0.4 * half:
        return "utf-16-le", 0
    if sample[0::2].count(0) > 0.4 * half:
        return "utf-16-be", 0
    return "utf-8", 0


def _transcoded(pieces: Iterator[bytes], encoding: str, name: str) -> Iterator[bytes]:
    decoder = codecs.getincrementaldecoder(encoding)()
    lines = 1
    try:
        for piece in pieces:
            block = decoder.decode(piece).encode()
            lines += block.count(b"\n")
            yield block
        yield decoder.decode(b"", final=True).encode()
    except UnicodeError as error:
        raise SourceError(
            f"{name} is written in {encoding.upper()}, but near line {lines:,} it holds bytes "
            f"that are not ({error.__class__.__name__}).",
            "Save it as UTF-8 and run again.",
        ) from error


def _whole_lines(pieces: Iterator[bytes], name: str) -> Iterator[bytes]:
    rest: list[bytes] = []
    held = 0
    for piece in pieces:
        end = max(piece.rfind(b"\n"), piece.rfind(b"\r")) + 1
        if end:
            yield b"".join([*rest, piece[:end]])
            rest, held = [], 0
        rest.append(piece[end:])
        held += len(piece) - end
        if held > LONGEST_LINE:
            raise SourceError(
                f"{name} has a line of more than {LONGEST_LINE >> 20} MB; that is no table.",
                "Check what the file holds, and export it again with one row per line.",
            )
    if last := b"".join(rest):
        yield last


def _as_utf8(block: bytes, reading: Reading, name: str) -> bytes:
    if not reading.zero and b"\0" in block:
        reading.zero = reading.lines + block[: block.index(b"\0")].count(b"\n") + 1
    if not block.isascii():
        try:
            block.decode()
            reading.native = True
        except UnicodeDecodeError:
            block = _repaired(block, reading, name)
    reading.lines += block.count(b"\n")
    return block


def _repaired(block: bytes, reading: Reading, name: str) -> bytes:
    if not _MULTI_BYTE.search(block) and not _UNDEFINED.search(block):
        foreign = [match.start() for match in islice(_FOREIGN_LINE.finditer(block), 1)]
        if not reading.foreign:
            reading.first_foreign = reading.lines + block[: foreign[0]].count(b"\n") + 1
        reading.foreign += len(_FOREIGN_LINE.findall(block))
        return block.decode("cp1252").encode()
    return _repaired_by_line(block, reading, name)


def _repaired_by_line(block: bytes, reading: Reading, name: str) -> bytes:
    lines = block.split(b"\n")
    for number, line in enumerate(lines):
        if line.isascii():
            continue
        try:
            line.decode()
            reading.native = True
        except UnicodeDecodeError:
            at = reading.lines + number + 1
            lines[number] = _windows_1252(line, at, name)
            reading.foreign += 1
            reading.first_foreign = reading.first_foreign or at
    return b"\n".join(lines)


def _windows_1252(line: bytes, number: int, name: str) -> bytes:
    try:
        return line.decode("cp1252").encode()
    except UnicodeDecodeError as error:
        byte = line[error.start]
        raise SourceError(
            f"{name}, line {number:,}: the byte 0x{byte:02X} is neither UTF-8 nor Windows-1252.",
            "Save the file as UTF-8 and run again.",
        ) from error


class _Pieces(io.RawIOBase):
    """An iterator of bytes, read like a file."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        while not self._rest:
            piece = next(self._chunks, None)
            if piece is None:
                return 0
            self._rest = memoryview(piece)
        size = min(len(buffer), len(self._rest))
        buffer[:size] = self._rest[:size]
        self._rest = self._rest[size:]
        return size
