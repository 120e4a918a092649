"""When the data last changed: a stamp that every cached answer is kept under."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from hashlib import sha256
from typing import TYPE_CHECKING

from omnix.core.errors import OmnixError

if TYPE_CHECKING:
    from omnix.app.app import App

#: Seconds between two looks: a new version is seen within one second of its publication.
NEAR, FAR = 0.5, 5.0


def data_stamp(app: App) -> str:
    """Changes with every commit to the lake and with every registered system."""
    told = [f"{name}:{mark}" for name, mark in sorted(app.lake.marks().items())]
    systems = app.settings.home / "systems"
    if systems.is_dir():
        told += [f"{f.name}:{f.stat().st_mtime_ns}" for f in sorted(systems.glob("*.toml"))]
    return sha256("\n".join(told).encode()).hexdigest()[:16]


class DataClock:
    """The newest stamp, looked up in the background so that no request waits for it."""

    def __init__(
        self,
        look: Callable[[], str],
        *,
        every: float = NEAR,
        changed: Callable[[], None] = lambda: None,
    ) -> None:
        self._look, self._every, self._changed = look, every, changed
        self._changing: asyncio.Task[None] | None = None
        self._task: asyncio.Task[None] | None = None
        self.stamp = ""

    async def start(self) -> None:
        """Look now, and from now on."""
        await self._refresh()
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Look no more."""
        if self._task:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
        if self._changing:
            await self._changing

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(self._every)
            await self._refresh()

    async def _refresh(self) -> None:
        before = self.stamp
        try:
            self.stamp = await asyncio.to_thread(self._look)
        except (OmnixError, OSError):  # unknown: nothing may be served from memory
            self.stamp = ""
        if self.stamp != before and (self._changing is None or self._changing.done()):
            self._changing = asyncio.create_task(asyncio.to_thread(self._changed))
