"""What goes between the service and a worker: a letter, a length, that many bytes.

The service takes a worker for hostile: it reads no more than it has room for, and unpacks nothing
but JSON of a known size.
"""

from __future__ import annotations

import os
import struct

#: To the worker: what it may see, a query. From it: ready, columns, rows, the end, an error.
SPEC, QUERY, READY, COLUMNS, DATA, END, ERROR = b"S", b"Q", b"R", b"C", b"D", b"E", b"X"
HEADER = struct.Struct("!cI")
#: The most bytes that one frame of rows has.
CHUNK = 1 << 18


def send(descriptor: int, kind: bytes, content: bytes = b"") -> None:
    """Write one frame, waiting for room."""
    _write(descriptor, HEADER.pack(kind, len(content)) + content)


class Outgoing:
    """Frames on their way out, some at once: each write wakes the other side."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._held = bytearray()

    def add(self, kind: bytes, content: bytes) -> None:
        """Send a frame, at the latest with `flush`."""
        self._held += HEADER.pack(kind, len(content)) + content
        if len(self._held) >= CHUNK:
            self.flush()

    def flush(self) -> None:
        """Write what is held, waiting for room."""
        held, self._held = self._held, bytearray()
        _write(self._descriptor, held)


def _write(descriptor: int, content: bytes | bytearray) -> None:
    left = memoryview(content)
    while left:
        left = left[os.write(descriptor, left) :]


def receive(descriptor: int) -> tuple[bytes, bytes]:
    """Read one frame of somebody who is trusted.

    Raises:
        EOFError: the other side is gone.

    """
    kind, length = HEADER.unpack(_exactly(descriptor, HEADER.size))
    return kind, _exactly(descriptor, length)


def _exactly(descriptor: int, length: int) -> bytes:
    parts = []
    while length:
        part = os.read(descriptor, min(length, CHUNK))
        if not part:
            raise EOFError
        parts.append(part)
        length -= len(part)
    return b"".join(parts)
