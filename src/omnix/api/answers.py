"""Answers kept as bytes until the data changes: by address, permissions and encoding."""

from __future__ import annotations

import gzip
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256

import brotli

#: Answers kept, the largest that is worth keeping, and bytes of all together: whoever writes the
#: same address in thousands of ways fills no more than that.
KEPT, LARGEST, BYTES = 2_000, 2 << 20, 64 << 20
#: Below this a header is longer than what compression saves.
SMALLEST = 600
#: Seconds after which an answer is made anew although no data changed: it may speak of its age.
FRESH = 60.0

Headers = list[tuple[bytes, bytes]]
Key = tuple[str, ...]


@dataclass
class Kept:
    """One answer under one stamp, in the encodings that were asked for so far."""

    stamp: str
    made_at: float
    etag: bytes
    headers: Headers
    plain: bytes
    encoded: dict[str, bytes] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """Bytes that it takes, about, once it was asked for in each encoding."""
        return 2 * len(self.plain) + 1_000

    def body(self, encoding: str) -> bytes:
        """The bytes in an encoding ("" = as they are), made once."""
        if not encoding:
            return self.plain
        if encoding not in self.encoded:
            self.encoded[encoding] = compressed(self.plain, encoding)
        return self.encoded[encoding]


class Answers:
    """The newest answers, those least asked for forgotten first."""

    def __init__(
        self, clock: Callable[[], float], *, kept: int = KEPT, bytes_: int = BYTES
    ) -> None:
        self._clock, self._most, self._most_bytes = clock, kept, bytes_
        self._kept: OrderedDict[Key, Kept] = OrderedDict()
        self._size = 0

    def get(self, key: Key, stamp: str) -> Kept | None:
        """The answer, if it is of this stamp and fresh."""
        found = self._kept.get(key)
        if found is None or not stamp:
            return None
        if found.stamp != stamp or self._clock() - found.made_at > FRESH:
            self._drop(key)
            return None
        self._kept.move_to_end(key)
        return found

    def keep(self, key: Key, stamp: str, headers: Headers, body: bytes) -> Kept:
        """Remember an answer; give it with its ETag."""
        etag = etag_of(stamp, key)
        kept = Kept(stamp, self._clock(), etag, [*headers, (b"etag", etag)], body)
        if stamp and len(body) <= LARGEST:
            self._drop(key)
            self._kept[key] = kept
            self._size += kept.size + _length(key)
            while len(self._kept) > self._most or self._size > self._most_bytes:
                self._drop(next(iter(self._kept)))
        return kept

    def _drop(self, key: Key) -> None:
        if found := self._kept.pop(key, None):
            self._size -= found.size + _length(key)


def _length(key: Key) -> int:
    return sum(map(len, key))


def etag_of(stamp: str, key: Key) -> bytes:
    """The ETag of an address under a stamp, for a set of permissions.

    Weak: the same data may be told at another time of day.
    """
    told = "\0".join((stamp, *key)).encode("utf-8", "surrogateescape")
    return b'W/"' + sha256(told).hexdigest()[:24].encode() + b'"'


def encoding_for(accepted: bytes) -> str:
    """The best encoding that a client takes: "br", "gzip" or none."""
    weights: dict[str, float] = {}
    for part in accepted.decode("latin-1").lower().split(","):
        name, _, parameters = part.strip().partition(";")
        quality = parameters.strip().removeprefix("q=")
        try:
            weights[name.strip()] = float(quality) if quality else 1.0
        except ValueError:
            weights[name.strip()] = 0.0
    offered = [name for name in ("br", "gzip") if weights.get(name, 0) > 0]
    return max(offered, key=lambda name: weights[name], default="")


def compressed(body: bytes, encoding: str) -> bytes:
    """`body` as gzip or br, quick rather than smallest."""
    if encoding == "br":
        return bytes(brotli.compress(body, quality=4))
    return gzip.compress(body, compresslevel=5, mtime=0)
