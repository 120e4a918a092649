"""A process of its own for what needs heavy libraries: the service itself never imports them.

The question goes in as JSON, what happens comes out line by line. A burst of memory, a crash or an
endless fit takes down the child and not the service.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from omnix.core.errors import OmnixError

_WORKER = "omnix.app.forecasting.worker"


class ChildError(OmnixError):
    """What a child process has told us went wrong; `status` is how a face says it."""

    def __init__(self, what: str, step: str = "", status: int = 500) -> None:
        super().__init__(what, step)
        self.status = status


class TookTooLongError(OmnixError):
    """The time for an answer is over, and its process was ended."""

    status = 503


class StoppedError(OmnixError):
    """Whoever asked has gone, or the service ends; nobody reads this."""

    status = 503


class Child:
    """One question to one process. Read `lines` once; `kill` it from any thread."""

    def __init__(self, home: Path, task: str, asked: Mapping[str, Any], seconds: float) -> None:
        self._question = json.dumps(
            {"home": str(home), "task": task, "asked": asked, "seconds": seconds}, default=str
        )
        self._seconds = seconds
        self._process: subprocess.Popen[bytes] | None = None
        self._why: OmnixError | None = None
        self._lock = threading.Lock()

    def lines(self) -> Iterator[dict[str, Any]]:
        """What the child tells, until it ends.

        Raises:
            TookTooLongError: it took too long and was ended.
            StoppedError: it was killed by `kill`.
            ChildError: it told what went wrong, or died without a word.

        """
        process = self._start()
        timer = threading.Timer(self._seconds, self._stop, [_too_long(self._seconds)])
        timer.start()
        try:
            ended = False
            for told in _spoken(process, self._question):
                ended = ended or "answer" in told or "error" in told
                yield told
            process.wait()
            if self._why is not None:
                raise self._why
            if not ended:
                raise ChildError(
                    f"The computation ended without an answer (exit status {process.returncode}).",
                    "Ask for less: fewer models or a shorter horizon. The log of the service says more.",
                )
        finally:
            timer.cancel()
            self._stop(StoppedError("The computation was stopped."))
            process.wait()
            for pipe in (process.stdin, process.stdout):
                if pipe:
                    with suppress(OSError):
                        pipe.close()

    def kill(self) -> None:
        """End it at once; also before it has begun."""
        self._stop(StoppedError("The computation was stopped."))

    def _start(self) -> subprocess.Popen[bytes]:
        with self._lock:
            if self._why is not None:
                raise self._why
            self._process = subprocess.Popen(  # noqa: S603 - our own module
                [sys.executable, "-m", _WORKER],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True,
                env=_environment(),
            )  # fmt: skip
            return self._process

    def _stop(self, why: OmnixError) -> None:
        with self._lock:
            process = self._process
            if process is not None and process.poll() is not None:
                return
            self._why = self._why or why
            if process is not None:
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)


def _spoken(process: subprocess.Popen[bytes], question: str) -> Iterator[dict[str, Any]]:
    if process.stdin is not None:
        with suppress(BrokenPipeError):  # it died before it could listen
            process.stdin.write(question.encode())
            process.stdin.close()
    for line in process.stdout or ():
        if not line.endswith(b"\n"):  # it was ended in the middle of a word
            return
        yield json.loads(line)


def _environment() -> dict[str, str]:
    """Our own, with numeric libraries held to two threads: others work on this machine as well."""
    held = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")
    return {**dict.fromkeys(held, "2"), **os.environ}


def _too_long(seconds: float) -> TookTooLongError:
    return TookTooLongError(
        f"The answer took more than {seconds:,.0f} seconds and was given up.",
        "Ask for fewer models, a shorter horizon, or a coarser grain.",
    )


def answer_of(child: Child) -> Any:
    """The answer, leaving out what is told on the way.

    Raises:
        OmnixError: as `Child.lines`; and what the child has told.

    """
    for told in child.lines():
        if "answer" in told:
            return told["answer"]
        if "error" in told:
            raise error_of(told["error"])
    raise ChildError("The computation ended without an answer.")  # pragma: no cover


def error_of(told: Mapping[str, Any]) -> ChildError:
    """What a child told as an error, to be raised here."""
    found = ChildError(str(told["what"]), str(told["step"]), int(told["status"]))
    if told.get("errors"):
        found.errors = told["errors"]  # type: ignore[attr-defined]
    return found
