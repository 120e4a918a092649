"""How often somebody may ask: a bucket that fills evenly, for each principal or address."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable

#: Buckets remembered; one that was forgotten is full again.
KEPT = 50_000


class Buckets:
    """Buckets of tokens, each refilled at so many a minute; a dear request takes several."""

    def __init__(self, clock: Callable[[], float], *, per_minute: float, kept: int = KEPT) -> None:
        self._clock, self._per_minute, self._most = clock, per_minute, kept
        self._filled: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, key: str, tokens: float = 1) -> float:
        """Take tokens: 0 when there were enough, else the seconds until there will be.

        What costs more than a full bucket waits for a full one.
        """
        now = self._clock()
        held, since = self._filled.pop(key, (self._per_minute, now))
        held = min(self._per_minute, held + (now - since) * self._per_minute / 60)
        missing = min(tokens, self._per_minute) - held
        self._filled[key] = (held if missing > 0 else held - tokens, now)
        if len(self._filled) > self._most:
            self._filled.popitem(last=False)
        return max(0.0, missing * 60 / self._per_minute)
