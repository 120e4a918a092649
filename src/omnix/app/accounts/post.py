"""Work that nobody waits for: mail, and whatever would tell by its time that an account exists.

One thread works through a short queue; the interpreter finishes it before it ends. What a kill
loses is only ever a mail that can be asked for again.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import wait as wait_for
from threading import BoundedSemaphore, Lock
from typing import TYPE_CHECKING, Any

from omnix.auth.errors import BusyError, MailError
from omnix.core.errors import StoreUnavailable

if TYPE_CHECKING:
    from datetime import timedelta

    from omnix.auth.letters import Occasion
    from omnix.auth.mail import Letter, Mailer

_log = logging.getLogger("omnix.accounts")

WAITING = 1000
PAUSES = (1.0, 4.0)  # seconds before a mail is tried again
STORE_PAUSES = (0.5, 2.0)


class Post:
    """Sends letters and runs other errands, one after the other, in the background.

    `public_url`: what links in letters begin with. `pause`: waits so many seconds.
    """

    def __init__(
        self, mailer: Mailer, public_url: str, *, pause: Callable[[float], None] = time.sleep
    ) -> None:
        self._mailer = mailer
        self.public_url = public_url
        self._pause = pause
        self._room = BoundedSemaphore(WAITING)
        self._lock = Lock()
        self._worker: ThreadPoolExecutor | None = None
        self._pending: set[Future[None]] = set()

    def later(self, errand: Callable[..., object], *given: Any) -> None:
        """Run `errand(*given)` soon; a store that is locked then gets two more tries.

        Raises:
            BusyError: too much waits already.

        """
        if not self._room.acquire(blocking=False):
            raise BusyError(retry_after=5)
        with self._lock:
            if self._worker is None:
                self._worker = ThreadPoolExecutor(1, thread_name_prefix="omnix-post")
            future = self._worker.submit(self._run, errand, given)
            self._pending.add(future)
        future.add_done_callback(self._done)

    def send(
        self,
        occasion: Occasion,
        to: str,
        *,
        language: str,
        secret: str = "",
        lifetime: timedelta | None = None,
    ) -> None:
        """Write to a person soon; `secret` is what the link proves, for `lifetime`."""
        from omnix.auth.letters import letter

        minutes = int(lifetime.total_seconds() // 60) if lifetime else 0
        self.later(
            self._deliver,
            letter(
                occasion,
                to,
                public_url=self.public_url,
                secret=secret,
                minutes=minutes,
                language=language,
            ),
        )

    def settle(self, seconds: float = 30) -> None:
        """Wait until nothing is left to do, at most so long."""
        while True:
            with self._lock:
                waiting = set(self._pending)
            if not waiting or wait_for(waiting, seconds).not_done:
                return

    def close(self) -> None:
        """Finish what waits, and end the thread."""
        self.settle()
        with self._lock:
            worker, self._worker = self._worker, None
        if worker:
            worker.shutdown(wait=False, cancel_futures=True)

    def _deliver(self, written: Letter) -> None:
        for pause in PAUSES:
            try:
                return self._mailer.send(written)
            except MailError:
                self._pause(pause)
        return self._mailer.send(written)

    def _run(self, errand: Callable[..., object], given: tuple[Any, ...]) -> None:
        try:
            self._patiently(errand, given)
        except Exception as error:  # whoever asked has long gone; the message may hold an address
            _log.error("An errand failed: %s", type(error).__name__)

    def _patiently(self, errand: Callable[..., object], given: tuple[Any, ...]) -> None:
        for pause in STORE_PAUSES:
            try:
                errand(*given)
                return
            except StoreUnavailable:
                self._pause(pause)
        errand(*given)

    def _done(self, future: Future[None]) -> None:
        with self._lock:
            self._pending.discard(future)
        self._room.release()
