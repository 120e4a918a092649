"""The service's side of the zygote: it is started when first needed, and gives birth to workers."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from typing import Any

from omnix.sandbox import _frames, _kernel, zygote
from omnix.sandbox.errors import SandboxError, StoppedError, UnsupportedError

_START = "import sys,json; sys.path[:]=json.loads(sys.argv[1]); from omnix.sandbox.zygote import main; main()"
#: Seconds that a start may take before it counts as failed, on a busy machine.
_PATIENCE = 60.0
_KEPT = ("LD_LIBRARY_PATH", "SYSTEMROOT")
#: No library may start threads of its own: the zygote forks.
_ENVIRONMENT = {
    "LANG": "C.UTF-8",
    "TZ": "UTC",
    "PYTHONDONTWRITEBYTECODE": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "JE_ARROW_MALLOC_CONF": "background_thread:false",
}


@dataclass
class Worker:
    """A process that can answer one query. `exit_code` is set when it has ended."""

    pid: int
    channel: socket.socket
    handle: int
    gone: threading.Event = field(default_factory=threading.Event)
    exit_code: int | None = None

    def kill(self) -> None:
        """End it now, whatever it does; nothing happens when it is gone."""
        with contextlib.suppress(ProcessLookupError, OSError):
            signal.pidfd_send_signal(self.handle, signal.SIGKILL)

    def close(self) -> None:
        """Kill it and forget it."""
        self.kill()
        self.channel.close()
        if self.handle >= 0:
            os.close(self.handle)
            self.handle = -1


class Nursery:
    """One zygote and what it bore."""

    def __init__(self) -> None:
        if lacking := _kernel.missing():
            raise unsupported(lacking)
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = _started(theirs)
        self._hello()
        self._asking = threading.Lock()
        self._births: queue.SimpleQueue[Worker | None] = queue.SimpleQueue()
        self._alive: dict[int, Worker] = {}
        self._listener = threading.Thread(target=self._listen, name="omnix-sql", daemon=True)
        self._listener.start()

    @property
    def pid(self) -> int:
        """The zygote's process."""
        return self._process.pid

    @property
    def is_alive(self) -> bool:
        """Whether it can bear workers."""
        return self._process.poll() is None

    def _hello(self) -> None:
        self._control.settimeout(_PATIENCE)
        try:
            word, lacking = json.loads(self._control.recv(1 << 16) or b'["", []]')
        except (TimeoutError, ValueError, OSError):
            word, lacking = "", []
        self._control.settimeout(None)
        if word == zygote.HELLO and not lacking:
            self._forget_errors()
            return
        said = self._stop()
        if lacking:
            raise unsupported(lacking)
        raise UnsupportedError(
            f"The process for queries did not start: {said or 'it ended at once'}.",
            "Run `omnix doctor`.",
        )

    def _forget_errors(self) -> None:
        if self._process.stderr:
            self._process.stderr.close()

    def _stop(self) -> str:
        """End it; what it said last."""
        self._control.close()
        self._process.kill()
        said = self._process.stderr.read().decode(errors="replace") if self._process.stderr else ""
        self._forget_errors()
        self._process.wait()
        return said.strip().splitlines()[-1][:200] if said.strip() else ""

    def bear(self, spec: bytes) -> Worker:
        """A worker that is ready for its query.

        Raises:
            SandboxError: it could not be set up; says why.

        """
        mine, theirs = socket.socketpair()
        with self._asking:
            with theirs:
                self._ask(theirs)
            worker = self._births.get()
        if worker is None:
            mine.close()
            raise StoppedError("start", "The process for queries has ended.", "Ask again.")
        worker.channel = mine
        try:
            self._make_ready(worker, spec)
        except BaseException:
            worker.close()
            raise
        return worker

    def _ask(self, theirs: socket.socket) -> None:
        try:
            socket.send_fds(self._control, [b"fork"], [theirs.fileno()])
        except OSError:
            self._births.put(None)

    def _make_ready(self, worker: Worker, spec: bytes) -> None:
        try:
            worker.channel.sendall(_frames.HEADER.pack(_frames.SPEC, len(spec)) + spec)
            if not readable(worker.channel, _PATIENCE):
                raise EOFError
            kind, content = _frames.receive(worker.channel.fileno())
        except (EOFError, OSError):
            raise StoppedError(
                "start", "A process for queries ended before it began.", "Run `omnix doctor`."
            ) from None
        if kind != _frames.READY:
            raise error_of(content)

    def _listen(self) -> None:
        """Hear of births and deaths until the zygote is gone."""
        while True:
            try:
                text, descriptors, _, _ = socket.recv_fds(self._control, 1 << 12, 1)
            except OSError:
                text, descriptors = b"", []
            if not text:
                break
            word, value = json.loads(text)
            if word == zygote.BORN:
                worker = Worker(value[1], self._control, descriptors[0])
                self._alive[worker.pid] = worker
                self._births.put(worker)
            elif word == zygote.DIED and (dead := self._alive.pop(value[0], None)):
                dead.exit_code = value[1]
                dead.gone.set()
        for worker in list(self._alive.values()):
            worker.gone.set()
        self._births.put(None)

    def close(self) -> None:
        """End the zygote; the kernel ends its workers."""
        with contextlib.suppress(OSError):
            self._control.shutdown(socket.SHUT_RDWR)
        self._process.kill()
        self._process.wait()
        self._listener.join()
        self._control.close()


def _started(theirs: socket.socket) -> subprocess.Popen[bytes]:
    environment = {**_ENVIRONMENT, **{n: os.environ[n] for n in _KEPT if n in os.environ}}
    command = [sys.executable, "-I", "-c", _START, json.dumps([p for p in sys.path if p])]

    os.set_inheritable(theirs.fileno(), True)
    return subprocess.Popen(  # noqa: S603 - our own interpreter and our own words
        command,
        pass_fds=(theirs.fileno(),),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env=environment | {"OMNIX_CONTROL": str(theirs.fileno())},
        cwd="/",
        start_new_session=True,
    )


def unsupported(lacking: list[str]) -> UnsupportedError:
    """What this machine lacks, in words."""
    return UnsupportedError(
        f"This machine cannot hold a query safely; it lacks {' and '.join(lacking)}.",
        "Run omnix on Linux 5.13 or later with Landlock and seccomp; queries are refused until then.",
    )


def error_of(content: bytes) -> SandboxError:
    """The error that a worker told of; it is trusted with no more than its words."""
    from omnix.sandbox import errors

    try:
        told: Any = json.loads(content)
        kind, what, step = (str(told[name])[:1000] for name in ("kind", "what", "step"))
        cause = str(told.get("cause", ""))[:20]
    except (ValueError, KeyError, TypeError, AttributeError):
        return StoppedError("crash", "The query was stopped.", "Write it in another way.")
    if kind == "StoppedError":
        return StoppedError(cause, what, step)
    found = getattr(errors, kind, None)
    if isinstance(found, type) and issubclass(found, SandboxError):
        return found(what, step)
    return SandboxError(what, step)


def readable(channel: socket.socket, seconds: float) -> bool:
    """Whether something can be read within so many seconds."""
    waiting = select.poll()
    waiting.register(channel, select.POLLIN)
    until = time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0:
        if waiting.poll(max(1, int(left * 1000))):
            return True
    return False
