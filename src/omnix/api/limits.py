"""How often somebody may ask: a bucket that fills evenly, for each principal or address."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable

#: Buckets remembered; one that was forgotten is full again.
KEPT = 50_000


class Buckets:
    """Buckets of tokens, each refilled at so many a minute."""

    def __init__(self, clock: Callable[[], float], *, kept: int = KEPT) -> None:
        self._clock, self._most = clock, kept
        self._filled: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, key: str, per_minute: float, *, burst: float | None = None) -> float:
        """Take one token: 0 when there was one, else the seconds until there will be."""
        most = burst or per_minute
        now = self._clock()
        tokens, since = self._filled.pop(key, (most, now))
        tokens = min(most, tokens + (now - since) * per_minute / 60)
        wait = 0.0 if tokens >= 1 else (1 - tokens) * 60 / per_minute
        self._filled[key] = (tokens if wait else tokens - 1, now)
        if len(self._filled) > self._most:
            self._filled.popitem(last=False)
        return wait
