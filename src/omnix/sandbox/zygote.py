"""The processes that fork: a zygote, started fresh so that nothing of the service is in it, and
from it a template for each set of tables, which has opened them and made itself warm.

Both have an empty environment, no network and no rights, and neither ever reads what a person
wrote. They hear one word on their control channel: fork, with the new process's channels.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import resource
import select
import signal
import socket
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

from omnix.sandbox import _frames, _kernel, worker

#: The first words of messages: ready (or what is lacking); a process was born; one has died.
HELLO, BORN, DIED = "hello", "born", "died"
#: Where the environment names the control channel.
CONTROL = "OMNIX_CONTROL"
_MOST_DESCRIPTORS = 4096

Become = Callable[[list[int]], None]


def main() -> None:
    """Fork templates until the service closes the channel."""
    control = socket.socket(fileno=int(os.environ.pop(CONTROL)))
    lacking = _kernel.missing()
    if not lacking:
        _prepare()
        if (threads := len(list(Path("/proc/self/task").iterdir()))) != 1:
            lacking = [f"a process of one thread to fork from (it has {threads})"]
    _say(control, HELLO, lacking)
    if not lacking:
        os.dup2(1, 2)
        _serve(control, _become_template)


def _prepare() -> None:
    """Import and warm what every worker needs, and give up what none may have."""
    import duckdb  # noqa: F401
    import orjson  # noqa: F401
    import pyarrow.ipc  # noqa: F401
    import pytz  # noqa: F401 - DuckDB hands out times with a zone through it

    from omnix.sandbox import guard

    with contextlib.suppress(OSError), Path("/proc/self/oom_score_adj").open("w") as score:
        score.write("1000")
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    guard.examine("with a as (select 1 as b) select count(*), b::date from a group by all", ())
    _kernel.leave_network()
    _kernel.no_new_privileges()
    _kernel.drop_capabilities()


def _say(
    control: socket.socket, what: str, value: object, descriptors: tuple[int, ...] = ()
) -> None:
    socket.send_fds(control, [json.dumps([what, value]).encode()], list(descriptors))


def _serve(control: socket.socket, become: Become) -> None:
    gc.collect()
    gc.freeze()  # what is there now is shared with all forks; the collector must not touch it
    waiting = select.poll()
    waiting.register(control, select.POLLIN)
    born: dict[int, int] = {}
    while True:
        for descriptor, _ in waiting.poll():
            if descriptor == control.fileno():
                if not _fork_one(control, waiting, born, become):
                    return
            else:
                _bury(control, waiting, descriptor, born.pop(descriptor))


def _fork_one(
    control: socket.socket, waiting: select.poll, born: dict[int, int], become: Become
) -> bool:
    """Fork what was asked for; false when the other side is gone."""
    word, descriptors, _, _ = socket.recv_fds(control, 64, 2)
    if not word or not descriptors:
        return False
    pid = os.fork()
    if pid == 0:
        _begin(become, descriptors)
    for each in descriptors:
        os.close(each)
    handle = os.pidfd_open(pid)
    born[handle] = pid
    waiting.register(handle, select.POLLIN)
    _say(control, BORN, pid, (handle,))
    return True


def _bury(control: socket.socket, waiting: select.poll, handle: int, pid: int) -> None:
    waiting.unregister(handle)
    os.close(handle)
    _, status = os.waitpid(pid, 0)
    _say(control, DIED, [pid, os.waitstatus_to_exitcode(status)])


def _begin(become: Become, descriptors: list[int]) -> NoReturn:
    """Be the child: its channels from descriptor 3 on, and nothing else of its parent's."""
    try:
        _kernel.die_with_parent(signal.SIGKILL)
        _kernel.not_inspectable()
        os.setpgid(0, 0)
        high = [os.dup2(each, _MOST_DESCRIPTORS // 2 + n) for n, each in enumerate(descriptors)]
        own = [os.dup2(each, worker.CHANNEL + n) for n, each in enumerate(high)]
        os.closerange(worker.CHANNEL + len(own), _MOST_DESCRIPTORS)
        become(own)
    except BaseException:  # noqa: S110 - nothing may go back into the parent's loop
        pass
    os._exit(0)


def _become_template(channels: list[int]) -> None:
    text, control = channels[0], socket.socket(fileno=channels[1])
    _, content = _frames.receive(text)
    os.close(text)
    spec = worker.Spec.from_json(content)
    try:
        con, queries = worker.opened(spec), worker.rehearsal(spec.tables)
    except Exception as error:  # whatever failed, there will be no worker
        _say(control, HELLO, worker.told(worker.failed_start(error)))
        return
    _say(control, HELLO, "")

    def become(_channels: list[int]) -> None:
        worker.serve(con, spec, queries)

    _serve(control, become)
