"""The process that workers are forked from: started fresh, so that nothing of the service is in it.

It has an empty environment, no network and no rights, has imported what a query needs, and never
reads what a person wrote. It hears one word on descriptor 3: fork, with the new worker's channel.
"""

from __future__ import annotations

import contextlib
import json
import os
import resource
import select
import signal
import socket
from pathlib import Path
from typing import NoReturn

from omnix.sandbox import _kernel, worker

#: The first words of what the zygote says: it is ready; a worker was born; one has died.
HELLO, BORN, DIED = "hello", "born", "died"
_CONTROL = "OMNIX_CONTROL"
_MOST_FORKS_OPEN = 4096


def main() -> None:
    """Serve forks until the service closes the channel."""
    control = socket.socket(fileno=int(os.environ.pop(_CONTROL)))
    lacking = _kernel.missing()
    if not lacking:
        _prepare()
        if (threads := len(list(Path("/proc/self/task").iterdir()))) != 1:
            lacking = [f"a process of one thread to fork from (it has {threads})"]
    _say(control, HELLO, lacking)
    if not lacking:
        os.dup2(1, 2)
        _serve(control)


def _prepare() -> None:
    """Import and warm what every worker needs, and give up what none may have."""
    import duckdb  # noqa: F401
    import orjson  # noqa: F401
    import pyarrow.ipc  # noqa: F401
    import pytz  # noqa: F401 - DuckDB hands out times with a zone through it

    from omnix.sandbox import guard

    with contextlib.suppress(OSError), Path("/proc/self/oom_score_adj").open("w") as score:
        score.write("1000")
    os.nice(5)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    guard.examine("with a as (select 1 as b) select count(*), b::date from a group by all", ())
    _kernel.leave_network()
    _kernel.no_new_privileges()
    _kernel.drop_capabilities()


def _say(
    control: socket.socket, what: str, value: object, descriptors: tuple[int, ...] = ()
) -> None:
    socket.send_fds(control, [json.dumps([what, value]).encode()], list(descriptors))


def _serve(control: socket.socket) -> None:
    waiting = select.poll()
    waiting.register(control, select.POLLIN)
    born: dict[int, int] = {}
    while True:
        for descriptor, _ in waiting.poll():
            if descriptor == control.fileno():
                if not _fork_one(control, waiting, born):
                    return
            else:
                _bury(control, waiting, descriptor, born.pop(descriptor))


def _fork_one(control: socket.socket, waiting: select.poll, born: dict[int, int]) -> bool:
    """Fork what was asked for; false when the service is gone."""
    word, descriptors, _, _ = socket.recv_fds(control, 64, 1)
    if not word or not descriptors:
        return False
    pid = os.fork()
    if pid == 0:
        _become_worker(descriptors[0])
    os.close(descriptors[0])
    handle = os.pidfd_open(pid)
    born[handle] = pid
    waiting.register(handle, select.POLLIN)
    _say(control, BORN, [word.decode(), pid], (handle,))
    return True


def _bury(control: socket.socket, waiting: select.poll, handle: int, pid: int) -> None:
    waiting.unregister(handle)
    os.close(handle)
    _, status = os.waitpid(pid, 0)
    _say(control, DIED, [pid, os.waitstatus_to_exitcode(status)])


def _become_worker(channel: int) -> NoReturn:
    try:
        _kernel.die_with_parent(signal.SIGKILL)
        _kernel.not_inspectable()
        os.dup2(channel, worker.CHANNEL)
        os.closerange(worker.CHANNEL + 1, _MOST_FORKS_OPEN)
        worker.serve()
    except BaseException:  # noqa: S110 - nothing may go back into the zygote's loop
        pass
    os._exit(0)
