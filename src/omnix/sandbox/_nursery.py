"""The service's side of the processes that fork: a zygote, from it templates, from these workers."""

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

_START = (
    "import sys,json; sys.path[:]=json.loads(sys.argv[1]); "
    "from omnix.sandbox.zygote import main; main()"
)
#: Seconds that a start may take before it counts as failed, on a busy machine.
_PATIENCE = 60.0
#: The priority of a query that is not done at once; 19 is the last.
_NICE = 10
_KEPT = ("LD_LIBRARY_PATH",)
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
class Child:
    """A forked process that we talk to. `exit_code` is set when it has ended."""

    pid: int
    handle: int
    gone: threading.Event = field(default_factory=threading.Event)
    exit_code: int | None = None

    def kill(self) -> None:
        """End it now, whatever it does; nothing happens when it is gone."""
        if self.handle >= 0:
            with contextlib.suppress(OSError):
                signal.pidfd_send_signal(self.handle, signal.SIGKILL)

    def give_way(self) -> None:
        """Let everybody else's work on this machine go first, its threads' too."""
        with contextlib.suppress(OSError):
            if not self.gone.is_set():
                os.setpriority(os.PRIO_PGRP, self.pid, _NICE)

    def forget(self) -> None:
        """Kill it and give its handle back."""
        self.kill()
        handle, self.handle = self.handle, -1
        if handle >= 0:
            os.close(handle)


@dataclass
class Worker:
    """A process that can answer one query, and the way to it."""

    child: Child
    channel: socket.socket

    @property
    def is_gone(self) -> bool:
        """Whether it has ended."""
        return self.child.gone.is_set()

    def close(self) -> None:
        """Kill it and forget it."""
        self.child.forget()
        self.channel.close()


class Forker:
    """A process that forks on demand, seen through its control channel."""

    def __init__(self, control: socket.socket) -> None:
        self._control = control
        self._asking = threading.Lock()
        self._births: queue.SimpleQueue[Child | None] = queue.SimpleQueue()
        self._alive: dict[int, Child] = {}
        self._listener = threading.Thread(target=self._listen, name="omnix-sql", daemon=True)
        self._listener.start()

    def fork(self, *channels: socket.socket) -> Child:
        """A child that holds these channels; they are closed here.

        Raises:
            StoppedError: the process that forks has ended.

        """
        with self._asking:
            try:
                socket.send_fds(self._control, [b"fork"], [each.fileno() for each in channels])
                child = self._births.get()
            except OSError:
                child = None
            finally:
                for each in channels:
                    each.close()
        if child is None:
            raise StoppedError("start", "The process for queries has ended.", "Ask again.")
        return child

    def _listen(self) -> None:
        """Hear of births and deaths until the process is gone."""
        while message := _heard(self._control):
            (word, value), descriptors = message
            if word == zygote.BORN:
                child = self._alive[value] = Child(value, descriptors[0])
                self._births.put(child)
            elif word == zygote.DIED and (dead := self._alive.pop(value[0], None)):
                dead.exit_code = value[1]
                dead.gone.set()
        for child in list(self._alive.values()):
            child.gone.set()
        self._births.put(None)

    def close(self) -> None:
        """Let the process end; the kernel ends what it forked."""
        with contextlib.suppress(OSError):
            self._control.shutdown(socket.SHUT_RDWR)
        self._listener.join()
        self._control.close()


class Template(Forker):
    """A process that has opened one set of tables; its forks answer queries over them."""

    def __init__(self, control: socket.socket, child: Child) -> None:
        super().__init__(control)
        self._child = child

    def bear(self) -> Worker:
        """A worker that is ready for its query.

        Raises:
            SandboxError: it could not be set up; says why.

        """
        mine, theirs = socket.socketpair()
        try:
            worker = Worker(self.fork(theirs), mine)
        except BaseException:
            mine.close()
            raise
        try:
            _await_ready(worker)
        except BaseException:
            worker.close()
            raise
        return worker

    @property
    def is_alive(self) -> bool:
        """Whether it can bear workers."""
        return not self._child.gone.is_set()

    def close(self) -> None:
        """End it with all its workers."""
        self._child.forget()
        super().close()


class Nursery:
    """The zygote: a fresh interpreter from which templates are forked."""

    def __init__(self) -> None:
        if lacking := _kernel.missing():
            raise unsupported(lacking)
        control, theirs = _channels()
        with theirs:
            self._process = _started(theirs)
        self._refuse_unfit(control)
        self._forker = Forker(control)

    @property
    def pid(self) -> int:
        """The zygote's process."""
        return self._process.pid

    @property
    def is_alive(self) -> bool:
        """Whether templates can be made."""
        return self._process.poll() is None

    def template(self, spec: bytes) -> Template:
        """A process that has opened the tables of `spec`.

        Raises:
            SandboxError: it could not; says why.

        """
        text, their_text = socket.socketpair()
        control, theirs = _channels()
        with text:
            try:
                child = self._forker.fork(their_text, theirs)
                text.sendall(_frames.HEADER.pack(_frames.SPEC, len(spec)) + spec)
                word, told = _first_word(control)
            except BaseException:
                control.close()
                raise
        if word != zygote.HELLO or told:
            child.forget()
            control.close()
            raise error_of(told) if told else _broken()
        return Template(control, child)

    def _refuse_unfit(self, control: socket.socket) -> None:
        word, lacking = _first_word(control)
        if word == zygote.HELLO and not lacking:
            self._forget_errors()
            return
        control.close()
        said = self._last_words()
        if lacking:
            raise unsupported(lacking)
        raise UnsupportedError(
            f"The process for queries did not start: {said or 'it ended at once'}.",
            "Run `omnix doctor`.",
        )

    def _last_words(self) -> str:
        self._process.kill()
        said = self._process.stderr.read().decode(errors="replace") if self._process.stderr else ""
        self._forget_errors()
        self._process.wait()
        return said.strip().splitlines()[-1][:200] if said.strip() else ""

    def _forget_errors(self) -> None:
        if self._process.stderr:
            self._process.stderr.close()

    def close(self) -> None:
        """End the zygote; the kernel ends what it forked."""
        self._process.kill()
        self._process.wait()
        self._forker.close()


def _channels() -> tuple[socket.socket, socket.socket]:
    """Two ends of a channel that keeps messages apart."""
    return socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)


def _started(theirs: socket.socket) -> subprocess.Popen[bytes]:
    environment = {**_ENVIRONMENT, **{n: os.environ[n] for n in _KEPT if n in os.environ}}
    command = [sys.executable, "-I", "-c", _START, json.dumps([p for p in sys.path if p])]
    return subprocess.Popen(  # noqa: S603 - our own interpreter and our own words
        command,
        pass_fds=(theirs.fileno(),),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env=environment | {zygote.CONTROL: str(theirs.fileno())},
        cwd="/",
        process_group=0,  # a Ctrl-C in our terminal is not meant for it
    )


def _heard(control: socket.socket) -> tuple[tuple[str, Any], list[int]] | None:
    """The next message with its descriptors; None: there will be no more."""
    try:
        text, descriptors, _, _ = socket.recv_fds(control, 1 << 16, 1)
        return (tuple(json.loads(text)), descriptors) if text else None
    except (OSError, ValueError):
        return None


def _first_word(control: socket.socket) -> tuple[str, Any]:
    if not readable(control, _PATIENCE):
        return "", None
    message = _heard(control)
    return message[0] if message else ("", None)


def _await_ready(worker: Worker) -> None:
    try:
        if not readable(worker.channel, _PATIENCE):
            raise _broken()
        kind, content = _frames.receive(worker.channel.fileno())
    except (EOFError, OSError):
        raise _broken() from None
    if kind != _frames.READY:
        raise error_of(content)


def _broken() -> StoppedError:
    return StoppedError(
        "start", "A process for queries ended before it began.", "Run `omnix doctor`."
    )


def unsupported(lacking: list[str]) -> UnsupportedError:
    """What this machine lacks, in words."""
    return UnsupportedError(
        f"This machine cannot hold a query safely; it lacks {' and '.join(lacking)}.",
        "Run omnix on Linux 5.13 or later with Landlock and seccomp; queries are refused until then.",
    )


def error_of(content: bytes | str) -> SandboxError:
    """The error that a worker told of; it is trusted with no more than its words."""
    import orjson

    from omnix.sandbox import errors

    try:
        told: Any = orjson.loads(content)
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
